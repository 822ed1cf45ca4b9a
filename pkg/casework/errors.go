package casework

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// UnknownWordError says that a word typed for a closed list is not in it.
type UnknownWordError struct {
	What  string // "stage"
	Typed string
	Known []string
	Flag  string // where it was given, "--stage"
}

func (e *UnknownWordError) Error() string {
	return fmt.Sprintf("%s: %q is no %s%s; there are: %s", e.Flag, e.Typed, e.What, diag.DidYouMean(e.Typed, e.Known), strings.Join(e.Known, ", "))
}

// StateError says that the record is not in a state for the act, and what to do instead.
type StateError struct{ Message string }

func (e *StateError) Error() string { return e.Message }

func state(format string, args ...any) error {
	return &StateError{Message: fmt.Sprintf(format, args...)}
}
