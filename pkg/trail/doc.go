// Package trail owns the history of a record folder: it commits exactly the
// files of one act beside a live git, and reads what was committed. It alone
// imports go-git, and only its plumbing.
//
// Writing follows git's own protocol step by step (index.lock, HEAD.lock, the
// branch's lock, compare-and-swap, both reflogs, a patched index), because
// go-git's worktree takes everything staged, ignores every lock and loses
// commits. What that protocol cannot do faithfully is handed to git
// (hooks, signing) or refused by name (sha256, split index, filters); nothing
// is ever half done.
//
// It must not know what a record is: it sees paths, bytes and messages. It
// never opens an editor, never asks, and reads no clock for what it records:
// the time is given to it. casework and audit call it.
package trail
