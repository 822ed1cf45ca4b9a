// Package audit owns the verdict on a trail: what an outsider who has only the
// record folder can say of it, proven, broken or cannot tell; the checkpoints that
// are kept elsewhere; and the proof of a single file.
//
// It reads git's raw objects itself, offline, and believes neither replace refs nor
// caches. It changes nothing in the record; what a clone remembers of its last good
// state it keeps in sendctl's private folder. cli calls it.
package audit
