// Package linter judges a record folder by every rule: the disk, what is staged, a
// commit, or one file from an editor. It picks the learners that are asked for, reads
// them on all cores without holding more than a few at a time, and takes over what an
// earlier run found of a record that has not changed since.
//
// It prints nothing and decides on no exit code. Where something could not be read it
// gives an error and no result: nothing that was not checked may look as if it were.
// Called by pkg/cli for validate.
package linter
