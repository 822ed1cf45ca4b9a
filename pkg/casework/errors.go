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
	text := fmt.Sprintf("%s: %q is no %s", e.Flag, e.Typed, e.What)
	if near := diag.Suggest(e.Typed, e.Known); near != "" {
		return text + fmt.Sprintf("; did you mean %q?", near)
	}
	if len(e.Known) > listAtMost {
		return text
	}
	return text + "; there are: " + strings.Join(e.Known, ", ")
}

// listAtMost is how many words are listed where none is near the one typed.
const listAtMost = 20

// StateError says that the record is not in a state for the act, and what to do instead.
type StateError struct{ Message string }

func (e *StateError) Error() string { return e.Message }

func state(format string, args ...any) error {
	return &StateError{Message: fmt.Sprintf(format, args...)}
}
