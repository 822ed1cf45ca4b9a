package trail

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotRepository is returned by Open when no git repository with a work tree
// holds the folder.
var ErrNotRepository = errors.New("not in a git repository with a work tree")

// ErrNoChange is returned by Record when every file of the act already is in
// the last commit as given: there is nothing to record.
var ErrNoChange = errors.New("nothing to commit: the last commit already holds these files as they are")

// BusyError says that a lock of git's stayed taken for longer than we wait.
type BusyError struct {
	Lock   string // path of the lock file
	Holder string // who holds it, in words
}

// Error names the lock, its holder and what to do.
func (e *BusyError) Error() string {
	return fmt.Sprintf("%s is held by %s; wait until it is done and try again, and if nothing is running remove that file", e.Lock, e.Holder)
}

// MovedError says that the branch no longer is where an act was worked out, so
// that it is to be worked out anew; nothing was done.
type MovedError struct{ Base string }

// Error names the commit that was the head.
func (e *MovedError) Error() string {
	return "the branch moved on from " + e.Base[:min(len(e.Base), 12)] + " meanwhile; nothing was recorded, run the command again"
}

// RefusedError says what stands in the way of a commit that git would find
// faithful, so that nothing was done.
type RefusedError struct {
	What string // what is in the way: a setting, a path, a kind of repository
	Why  string // why that stops us, and what to do
}

// Error gives both halves.
func (e *RefusedError) Error() string { return e.What + ": " + e.Why }

func refuse(what, why string, args ...any) error {
	return &RefusedError{What: what, Why: fmt.Sprintf(why, args...)}
}

// NoIdentityError says that git does not know who acts.
type NoIdentityError struct {
	Missing []string // the settings that are missing: "user.name", "user.email"
}

// Error ends with the git config lines to type, one a line.
func (e *NoIdentityError) Error() string {
	example := map[string]string{"user.name": `"Your Name"`, "user.email": "you@school.example"}
	var b strings.Builder
	b.WriteString("git does not know who you are; type")
	for _, key := range []string{"user.name", "user.email"} {
		fmt.Fprintf(&b, "\n  git config --global %s %s", key, example[key])
	}
	return b.String()
}
