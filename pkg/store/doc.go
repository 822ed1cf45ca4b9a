// Package store writes a record folder on disk: one writer at a time, files
// replaced whole or not at all, and a journal from which an act that was cut off
// half-way is put back or carried through.
//
// It knows bytes and paths; what they mean is recordfile's, and history is
// trail's. Every path is opened below the folder's root (os.Root), so that
// neither "../" nor a symbolic link leads out of it.
package store
