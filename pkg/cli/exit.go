package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/sshkey"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/term"
	"github.com/sendctl/sendctl/pkg/trail"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// The exit codes. They are stable: scripts rest on them, and
// `sendctl help exit-codes` prints exitCodes.
const (
	exitFine        = 0
	exitFindings    = 1
	exitUsage       = 2
	exitFailed      = 3
	exitNoFolder    = 4
	exitGit         = 5
	exitBusy        = 6
	exitVersion     = 7
	exitInterrupted = 130
)

const exitCodes = `Every command ends with one of these codes. They do not change.

  0    fine
  1    findings: a record has an error, or is not ready for what you asked for;
       or something that is looked for before a step is missing
  2    usage: a flag or word is unknown, or an answer was needed and nobody was
       there to give it
  3    it could not be done or could not be checked: a file that cannot be read
       or written, a named path that matches nothing, a verdict of "cannot tell"
  4    no record folder here, or no such learner
  5    git refused, or a setting of the repository is in the way
  6    someone else is writing in the folder, or changed a file at that moment
  7    the format of a file is too old or too new for this sendctl
  130  interrupted, or stopped by you; what you typed is kept

If several apply, you get the highest.
`

// usageError says that the command was typed wrongly.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// errSaid ends a command that has printed what was asked for, and is fine.
const errSaid = codeError(exitFine)

// codeError ends the command with a code after everything has been said already.
type codeError int

func (e codeError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// is reports whether err holds an error of type T.
func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// exitCode is the code for an error.
func exitCode(err error) int {
	var code codeError
	switch {
	case err == nil, is[*casework.NothingError](err):
		return exitFine
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, term.ErrInterrupted), errors.Is(err, term.ErrKept), errors.Is(err, context.Canceled):
		return exitInterrupted
	case is[*recordfile.VersionError](err):
		return exitVersion
	case is[*store.HeldError](err), is[*trail.BusyError](err), is[*store.MovedError](err), is[*trail.MovedError](err):
		return exitBusy
	case is[*trail.RefusedError](err), is[*trail.ReachError](err), is[*casework.NoRemoteError](err), is[*sshkey.Error](err), is[*casework.NoSignatureError](err):
		return exitGit
	case errors.Is(err, folder.ErrNotFolder), errors.Is(err, trail.ErrNotRepository), is[*folder.NoLearnerError](err), is[*unshownError](err):
		return exitNoFolder
	case is[*usageError](err), is[*casework.UnknownWordError](err), is[*casework.SupplyError](err), is[*casework.MissingError](err),
		is[*trail.NoIdentityError](err), is[*casework.UnknownPersonError](err), is[*casework.HandEditsError](err), is[*casework.QuestionsError](err):
		return exitUsage
	case is[*casework.UnfinishedError](err): // a removal
		return exitGit
	case is[*casework.ApprovalError](err):
		return exitUsage
	case is[*recordfile.FaultsError](err), is[*yamldoc.RefusedError](err), is[*casework.StateError](err), is[*casework.SealedError](err),
		is[*casework.RemovedError](err), is[*casework.StrangeError](err):
		return exitFindings
	}
	return exitFailed
}

// report tells an error on stderr, in words, and gives its exit code.
func (e *Env) report(err error) int {
	code := exitCode(err)
	if is[codeError](err) || err == nil {
		return code
	}
	if e.flags.json {
		if is[*casework.NothingError](err) {
			_ = e.printJSON(struct {
				Format  string `json:"format"`
				Message string `json:"message"`
			}{"sendctl-nothing/1", explain(err)})
			return code
		}
		return e.reportJSON(err, code)
	}
	var faults *recordfile.FaultsError
	var refused *yamldoc.RefusedError
	switch {
	case errors.As(err, &faults):
		_ = diagfmt.Text(e.Err, faults.Findings, e.findingOptions(nil))
		e.say("Nothing was recorded.")
	case errors.As(err, &refused):
		_ = diagfmt.Text(e.Err, []diag.Finding{refused.Finding}, e.findingOptions(nil))
		e.say("Nothing was recorded.")
	case errors.Is(err, term.ErrKept), errors.Is(err, term.ErrInterrupted):
		fmt.Fprintln(e.Err)
		if e.draft == "" {
			e.say("Stopped. Nothing was recorded.")
		} else {
			e.say("Stopped. What you typed is kept; type the same command again to go on.")
		}
	default:
		fmt.Fprintln(e.Err, "sendctl: "+term.SafeLines(explain(err)))
	}
	return code
}

// explain gives an error in words, with what to do where a system error says little.
func explain(err error) string {
	switch {
	case errors.Is(err, folder.ErrNotFolder):
		return err.Error() + "; go to one, name it with -C DIR, or make one with: sendctl init"
	case errors.Is(err, trail.ErrNotRepository):
		return "this record folder has no history: it lies in no git repository; in the folder, run: git init"
	case errors.Is(err, os.ErrPermission):
		return err.Error() + "; you may not write or read there"
	case is[*objects.MissingError](err):
		return err.Error() + "; where this clone was made with a --filter, fetch the rest: git fetch --refetch --no-filter"
	case errors.Is(err, trail.ErrNoChange):
		return "nothing was changed, so nothing was recorded"
	}
	return err.Error()
}

func (e *Env) reportJSON(err error, code int) int {
	out := struct {
		Format   string         `json:"format"`
		Code     int            `json:"exit_code"`
		Message  string         `json:"message"`
		Findings []diag.Finding `json:"findings,omitempty"`
	}{Format: "sendctl-error/1", Code: code, Message: explain(err)}
	var faults *recordfile.FaultsError
	if errors.As(err, &faults) {
		out.Findings = faults.Findings
	}
	b, _ := json.Marshal(out)
	fmt.Fprintln(e.Err, string(b))
	return code
}

// findingOptions are how findings are printed here. known are the keys that may
// be shown of a masked line.
func (e *Env) findingOptions(source func(string) []byte) diagfmt.Options {
	return diagfmt.Options{
		Sources: source,
		Known:   recordfile.Known,
		Color: func(s diag.Severity, text string) string {
			switch s {
			case diag.Error:
				return e.Warn(text)
			case diag.Info:
				return e.Dim(text)
			}
			return text
		},
	}
}

func list(words []string) string { return strings.Join(words, ", ") }

// printJSON writes v to stdout, one document, with a final newline.
func (e *Env) printJSON(v any) error {
	enc := json.NewEncoder(e.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
