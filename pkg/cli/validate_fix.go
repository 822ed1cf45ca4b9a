package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/term"
)

// putRight shows how the files would change, and, where that is agreed to, changes and
// records them: those of each learner, and of the folder itself, in one commit each.
// fixed says that anything was recorded, so that the folder is to be judged again; code
// is the exit code of what could not be.
func (e *Env) putRight(ctx context.Context, fixes []linter.Fix, o validateOptions, source func(string) []byte) (fixed bool, code int, err error) {
	opt := e.findingOptions(source)
	opt.ShowValues = o.showValues
	var w io.Writer = e.Out
	if !slices.Contains(o.output.all(e), output{"text", ""}) {
		w = e.Err // stdout is for a program
	}
	yes := o.yes
	if len(fixes) == 0 {
		e.say("Nothing here can be put right without asking what was meant.")
		return false, exitFine, nil
	}
	var b bytes.Buffer
	for _, x := range fixes {
		if err := diagfmt.Diff(&b, x.File, x.Was, x.Now, opt); err != nil {
			return false, exitFine, err
		}
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return false, exitFine, err
	}
	faults := 0
	for _, x := range fixes {
		for _, m := range x.Mends {
			faults++
			at := x.File
			if m.Path != "" {
				at += " (" + m.Path + ")"
			}
			e.tell([]string{"  " + at + ": " + m.What})
		}
	}
	what := plural(faults, "fault", "faults") + " in " + plural(len(fixes), "file", "files")
	switch {
	case yes:
	case !e.asks():
		e.say("%s can be put right like this; to do it and record it: --fix --yes", what)
		return false, exitFine, nil
	default:
		if yes, err = e.prompter(date.Of(e.Now())).Confirm(ctx, "Put "+either(faults, "this", "these")+" right and record it?", true); err != nil {
			return false, exitFine, err
		}
		if !yes {
			e.say("Nothing was changed.")
			return false, exitFine, nil
		}
	}
	desk, _, err := e.work(ctx)
	if err != nil {
		return false, exitFine, err
	}
	for len(fixes) > 0 {
		id := learnerOf(fixes[0].File)
		var rewrites []casework.Rewrite
		for len(fixes) > 0 && learnerOf(fixes[0].File) == id {
			rewrites = append(rewrites, casework.Rewrite{Path: fixes[0].File, Was: fixes[0].Was, Next: fixes[0].Now})
			fixes = fixes[1:]
		}
		done, err := desk.Fix(ctx, id, rewrites)
		var none *casework.NothingError
		switch {
		case errors.As(err, &none):
			fixed = true
		case errors.Is(err, term.ErrInterrupted), errors.Is(err, context.Canceled):
			return fixed, code, err
		case err != nil: // what could be put right of the others still is
			code = max(code, e.report(err))
		default:
			fixed = true
			for _, w := range done.Warnings {
				e.say("%s", w)
			}
			e.say("Put right and recorded: %s.", strings.Join(done.Paths, ", "))
		}
	}
	return fixed, code, nil
}

// graver gives, of an error and the exit code of what went wrong before it, what the
// command ends with.
func graver(err error, code int) error {
	if code > exitCode(err) && (err == nil || is[codeError](err)) {
		return codeError(code)
	}
	return err
}

// learnerOf is the learner whose file lies at a path, "" for one of the folder itself.
func learnerOf(p string) string {
	parts := strings.SplitN(p, "/", 3)
	if len(parts) == 3 && parts[0] == "learners" {
		return parts[1]
	}
	return ""
}

// fixFlags reports what does not go with --fix.
func fixFlags(fix, yes, staged bool) error {
	switch {
	case yes && !fix:
		return usage("--yes goes with --fix")
	case fix && staged:
		return usage("--fix changes the files as they lie in the folder, and --staged checks what is staged; give one of the two")
	}
	return nil
}
