// Package census owns what leaves a record folder for the school census: the special
// educational needs block of the return for one census day, what the Department for
// Education would refuse or query of it, the history of it for a Common Transfer File,
// and the lists an inspection or the authority's own return asks for.
//
// It takes records and gives values and bytes; it knows no disk, no clock and no
// history. Names and unique pupil numbers leave the folder here, and nowhere else but
// where a person asks for one learner's papers. Codes, rule numbers, thresholds and the
// words for both are dated data of schemas/: see recordfile.CodeList and Rules.
//
// A census of a whole school cannot be made from these records: attendance, addresses
// and classes are in the school's own system. What is made here is marked as a fragment.
package census
