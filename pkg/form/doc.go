// Package form owns questions and answers: what is asked, in which order, and
// what has been answered so far. One form serves the terminal, the answers file
// and the flags, so that nobody gets a smaller set of questions.
//
// It is pure: asking is term's work, and what the answers become is casework's.
package form
