// Package merge owns the merging of two sides of a record by meaning: entries that
// were added on both sides both stay, sealed bytes always win, and what cannot be
// told becomes a question in words, never a conflict marker in a record.
//
// It is pure: bytes and file systems in, bytes and questions out. casework carries
// a merge out, and git calls it for single files through `sendctl merge-file`.
package merge
