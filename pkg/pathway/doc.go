// Package pathway owns what a pathway is: the stages of a graduated approach,
// the requests beside them, their numbers and the words people read for codes;
// and the dated code lists of the census.
//
// It holds mechanisms only: every name, threshold and word is data, in the
// pathway.yaml of a record folder and in schemas/. recordfile reads the bytes
// into these types, by their struct tags, as it does those of learner. Nothing
// here decides for anyone: gates inform.
package pathway
