// Package cores owns the loop that shares work out to all cores: so many like things, of
// which none waits for another, such as the records of a folder.
//
// It must not know what the work is. Whatever two of the calls would both write to is the
// caller's to guard; mostly each writes to its own place of a slice. Called by casework,
// audit and cli.
package cores
