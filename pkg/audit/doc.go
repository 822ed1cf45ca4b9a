// Package audit owns the verdict on a trail: what an outsider who has only the
// record folder can say of it, proven, broken or cannot tell; the checkpoints that
// are kept elsewhere; and the proof of a single file.
//
// It reads git's raw objects itself, offline, and believes neither replace refs nor
// caches. It changes nothing in the record; what a clone remembers of its last good
// state it keeps in sendctl's private folder. cli calls it.
//
// Where what is: verify.go leads. walk.go reads the commits, history.go sees what each
// changed, seals.go judges that. head.go, intake.go and disk.go judge what is there now;
// roster.go the keys. memory.go is what a clone remembers. checkpoint.go is the text of a
// checkpoint; state.go and witness.go say what a folder holds, compare.go and finder.go
// hold it to a checkpoint. prove.go makes the proof of one file, proof.go checks it.
// verdict.go is the answer.
package audit
