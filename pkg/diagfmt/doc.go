// Package diagfmt owns how findings are printed, one writer per file: text for
// people and editors, JSON for programs, and what GitHub, GitLab, editors and test
// reports read. Write is the one door to all of them.
//
// It prints no value of a record unless Options.ShowValues says so: a finding
// shows the line it speaks of with every value masked. Whoever prints on a
// terminal or into a log goes through here. It reads no file; Options.Sources
// gives the bytes.
package diagfmt
