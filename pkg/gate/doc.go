// Package gate owns the looking before a step: whether what a pathway asks for
// before a move, or a panel in a request, is in a learner's record; and the
// time limits of a request.
//
// Which checks are asked, in what words, and who can supply what is missing, is
// the pathway's data. Here are only the ways of looking (the tests), each named.
// A gate informs: nothing here refuses anybody anything.
package gate
