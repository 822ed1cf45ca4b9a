package term

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	xterm "golang.org/x/term"
)

// Editor lets a person write a longer text.
type Editor interface {
	// Edit gives initial to the person and returns what it has become. The lines
	// of hint are shown below it and are no part of the result. With an error, the
	// text is what there was by then, so that nothing written is lost.
	Edit(ctx context.Context, initial, hint string) (string, error)
}

// NoEditorError means that no editor is set and none was found.
type NoEditorError struct{}

func (NoEditorError) Error() string {
	return "no editor was found; set VISUAL or EDITOR to the one you like, or type the answer here"
}

// CommandEditor is an editor that is a program, given a file.
type CommandEditor struct {
	Command string   // as in VISUAL or git's core.editor: may have arguments and quotes
	Streams *Streams // the terminal it runs on
	Dir     string   // where the private folder for the text is made; the system's place if "" or not to be written
}

// SystemEditor gives the editor the environment names: VISUAL, then EDITOR, else
// one that is installed. The caller may answer GIT_EDITOR, which comes first as it
// does in git, with git's core.editor.
func SystemEditor(getenv func(string) string, s *Streams) Editor {
	e := CommandEditor{Streams: s, Dir: getenv("XDG_RUNTIME_DIR")}
	if info, err := os.Stat(e.Dir); e.Dir != "" && (err != nil || !info.IsDir()) {
		e.Dir = ""
	}
	for _, name := range []string{"GIT_EDITOR", "VISUAL", "EDITOR"} {
		if c := getenv(name); c != "" && !(name == "VISUAL" && getenv("TERM") == "dumb") {
			e.Command = c
			return e
		}
	}
	usual := []string{"nano", "editor", "vi"} // the first of these tells its keys on the screen
	if runtime.GOOS == "windows" {
		usual = []string{"notepad"}
	}
	for _, c := range usual {
		if _, err := exec.LookPath(c); err == nil {
			e.Command = c
			break
		}
	}
	return e
}

// Edit runs the command on a file in a folder only this user can enter (the words
// may be a child's), and removes both afterwards, also when a signal or ctx ends
// the editing.
func (e CommandEditor) Edit(ctx context.Context, initial, hint string) (text string, err error) {
	if strings.TrimSpace(e.Command) == "" {
		return initial, NoEditorError{}
	}
	ctx, stop := catch(ctx)
	defer stop()
	dir, err := os.MkdirTemp(e.Dir, "sendctl-") // makes it 0700
	if err != nil && e.Dir != "" {
		dir, err = os.MkdirTemp("", "sendctl-")
	}
	if err != nil {
		return initial, fmt.Errorf("cannot make a private folder for the editor: %w", err)
	}
	defer func() {
		if gone := os.RemoveAll(dir); gone != nil {
			err = errors.Join(err, fmt.Errorf("the text could not be removed from %s: %w", dir, gone))
		}
	}()
	file := filepath.Join(dir, "answer.txt")
	tail := hintLines(hint)
	if err := os.WriteFile(file, []byte(withHint(initial, tail)), 0o600); err != nil {
		return initial, fmt.Errorf("cannot write the text for the editor: %w", err)
	}
	ran := e.run(ctx, file)
	b, err := os.ReadFile(file)
	if err != nil {
		return initial, errors.Join(ran, fmt.Errorf("cannot read back what the editor wrote: %w", err))
	}
	text = withoutHint(string(b), tail)
	if ctx.Err() != nil {
		return text, ctx.Err()
	}
	return text, ran
}

// run waits for the editor. The terminal gets back the modes it had: an editor
// that was killed can't do so itself.
func (e CommandEditor) run(ctx context.Context, file string) error {
	cmd := editorCommand(ctx, e.Command, file)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if e.Streams != nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = e.Streams.In, e.Streams.Out, e.Streams.Err
		if _, ok := e.Streams.In.(*os.File); !ok {
			cmd.Stdin = nil // exec would read ahead on the editor's behalf
		}
		if !e.Streams.OutTTY {
			cmd.Stdout = e.Streams.Err // Out holds data
		}
	}
	cmd.WaitDelay = 2 * time.Second
	if f, ok := cmd.Stdin.(*os.File); ok {
		if modes, err := xterm.GetState(int(f.Fd())); err == nil {
			defer func() { _ = xterm.Restore(int(f.Fd()), modes) }()
		}
	}
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		return fmt.Errorf("the editor ended with %s; your text is kept in the draft", exit.ProcessState)
	}
	return fmt.Errorf("the editor %s could not be started: %w", e.Command, err)
}

// marker stands between the text and the hint.
const marker = "# ---- Write above this line. It and the lines below are taken away. ----"

// hintLines makes hint comment lines, short enough that no editor breaks them.
func hintLines(hint string) []string {
	lines := []string{marker}
	if hint = strings.TrimSpace(SafeLines(hint)); hint != "" {
		for line := range strings.SplitSeq(wrapAt(hint, "", 70), "\n") {
			lines = append(lines, strings.TrimRight("# "+line, " "))
		}
	}
	return lines
}

func withHint(text string, tail []string) string {
	if text != "" {
		text = strings.TrimRight(text, "\n") + "\n"
	}
	return text + "\n" + strings.Join(tail, "\n") + "\n"
}

// withoutHint takes away the lines that withHint put there, and no others: what a
// person wrote below the marker, or after a "#" of their own, is theirs.
func withoutHint(text string, tail []string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	from := slices.Index(lines, marker)
	if from < 0 { // the marker was taken out: the hint, if still there, is at the end
		from = max(0, len(lines)-len(tail)-1)
	}
	kept := slices.Clone(lines[:from])
	left := slices.Clone(tail)
	for _, line := range lines[from:] {
		if i := slices.Index(left, strings.TrimRight(line, " ")); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		kept = append(kept, line)
	}
	return strings.Trim(strings.Join(kept, "\n"), "\n")
}
