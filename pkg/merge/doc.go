// Package merge owns the merging of two sides of a record by meaning: entries that
// were added on both sides both stay, sealed bytes always win, and what cannot be
// told becomes a question in words, never a conflict marker in a record.
//
// It is pure: bytes and file systems in, bytes and questions out. casework carries
// a merge out, and git calls it for single files through `sendctl merge-file`.
//
// Where what is: trees.go leads through two folders, file.go through a single file.
// sealed.go, living.go and record.go merge what is sealed, what is agreed version by
// version, and all else; removed.go keeps out what was removed for good. values.go walks
// two documents entry by entry, keys.go says what makes two entries the same, meaning.go
// when two values are, newids.go parts two that drew one id, and splice.go writes the
// outcome into our bytes. look.go looks at the whole once more, ask.go makes the
// questions. lost.go is for tests: what a merge should have kept and did not.
package merge
