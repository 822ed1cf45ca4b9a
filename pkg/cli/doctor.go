package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/trail"
)

func newDoctorCmd(e *Env) *cobra.Command {
	fix := false
	c := &cobra.Command{
		Use: "doctor", Short: "are this machine and this folder set up well?",
		Long: `Checks what sendctl needs: git and who it says you are, the folder's own files,
the check before commits, settings of the repository that matter, unfinished
drafts. Each line says "fine", "note" or "to do". With --fix, it does what it
can for you.`,
		Example: `  sendctl doctor
  sendctl doctor --fix`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.doctor(c.Context(), fix) },
	}
	c.Flags().BoolVar(&fix, "fix", false, "put right what can be put right")
	return c
}

// advice is one line of the doctor's.
type advice struct {
	State string `json:"state"` // fine, note, to do
	Text  string `json:"text"`
}

type visit struct{ lines []advice }

func (v *visit) fine(format string, args ...any) { v.add("fine", format, args...) }
func (v *visit) note(format string, args ...any) { v.add("note", format, args...) }
func (v *visit) todo(format string, args ...any) { v.add("to do", format, args...) }
func (v *visit) add(state, format string, args ...any) {
	v.lines = append(v.lines, advice{state, fmt.Sprintf(format, args...)})
}

func (e *Env) doctor(ctx context.Context, fix bool) error {
	var v visit
	if out, err := exec.CommandContext(ctx, "git", "--version").Output(); err == nil {
		v.fine("%s is installed.", strings.TrimSpace(string(out)))
	} else {
		v.todo("Git is not installed, or not on the PATH. sendctl records without it, but hooks and signed commits need it.")
	}
	desk, f, err := e.work(ctx)
	switch {
	case errors.Is(err, folder.ErrNotFolder):
		v.note("This is not a record folder, so only the machine was looked at. To make one: sendctl init")
	case errors.Is(err, trail.ErrNotRepository):
		v.todo("This record folder lies in no git repository, so nothing can be recorded. In the folder, run: git init")
	case err != nil:
		return err
	default:
		e.doctorFolder(ctx, &v, desk, f, fix)
	}
	if e.flags.json {
		err = e.printJSON(struct {
			Format string   `json:"format"`
			Lines  []advice `json:"lines"`
		}{"sendctl-doctor/1", v.lines})
		if err != nil {
			return err
		}
	}
	worst := error(nil)
	for _, l := range v.lines {
		if l.State == "to do" {
			worst = codeError(exitFindings)
		}
		if !e.flags.json {
			label := l.State + ": "
			indent := strings.Repeat(" ", len(label))
			fmt.Fprintln(e.Out, label+strings.TrimPrefix(e.Wrap(l.Text, indent), indent))
		}
	}
	return worst
}

func (e *Env) doctorFolder(ctx context.Context, v *visit, desk *casework.Desk, f *folder.Folder, fix bool) {
	who, err := desk.Repo.Author(e.Now())
	if err != nil {
		v.todo("%v", err)
	} else if me, err := desk.Me(f); err != nil {
		v.todo("%v", err)
	} else {
		v.fine("You are %s <%s>, in people.yaml as %s.", who.Name, who.Email, me.ID)
	}
	e.doctorSigning(v, desk, f)
	for _, x := range f.Findings {
		if x.Severity == diag.Error {
			v.todo("%s: %s. See: sendctl validate", x.File, x.Message)
		}
	}
	e.doctorHook(v, desk, fix)
	e.driverLine(ctx, v, desk, fix)
	editorLine(ctx, v, desk, fix)
	e.remoteLines(ctx, v, desk)
	if _, err := os.Stat(filepath.Join(desk.Repo.Root(), ".gitattributes")); err != nil {
		v.todo("There is no .gitattributes, so git may change line ends. Put back the line: * -text")
	}
	for _, line := range desk.Repo.Check() {
		v.note("%s.", strings.TrimSuffix(line, "."))
	}
	if aside, _ := filepath.Glob(filepath.Join(desk.Store.Private(), "cut-off-*.json")); len(aside) > 0 {
		v.todo("What a cut-off command wrote is kept in %s. It holds parts of a record: look whether anything in it is missing, then delete it.", list(aside))
	}
	if d := desk.Store.Drafts(); len(d) > 0 {
		v.note("%s waiting to be finished: %s.", plural(len(d), "draft is", "drafts are"), list(d))
	}
	if f.Setting.Value.Demonstration != nil {
		v.note("This is a demonstration folder; its day is %s.", f.Setting.Value.Demonstration.Today.Long())
	}
}

func (e *Env) doctorHook(v *visit, desk *casework.Desk, fix bool) {
	if fix {
		p, ours, err := desk.InstallHook()
		switch {
		case err != nil:
			v.todo("The check before commits made past sendctl could not be installed: %v", err)
		case ours:
			v.fine("Commits made past sendctl are checked by a hook.")
		default:
			v.note("There is a pre-commit hook of your own at %s; records are checked only if it runs: sendctl --no-input validate --staged", p)
		}
		return
	}
	b, err := os.ReadFile(filepath.Join(desk.Repo.HooksDir(), "pre-commit"))
	switch {
	case err != nil:
		v.todo("Commits made past sendctl are not checked. To install the check: sendctl doctor --fix")
	case strings.Contains(string(b), "sendctl"):
		v.fine("Commits made past sendctl are checked by a hook.")
	default:
		v.note("There is a pre-commit hook of your own; records are checked only if it runs: sendctl --no-input validate --staged")
	}
}
