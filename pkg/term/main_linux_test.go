package term

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// childEnv makes this test binary a program that fills a form and writes each
// draft to the file it names. Only a program with a terminal of its own can be
// sent Ctrl-C by it.
const childEnv = "TERM_TEST_DRAFT"

func TestMain(m *testing.M) {
	if draft := os.Getenv(childEnv); draft != "" {
		os.Exit(child(draft))
	}
	os.Exit(m.Run())
}

func child(draft string) int {
	s := OS(os.Getenv)
	fmt.Fprintln(s.Err, "width", s.Width, "columns", s.Columns, "colour", s.Color, "accessible", s.Accessible)
	answers := form.Answers{}
	err := NewPrompter(s, SystemEditor(os.Getenv, s)).Fill(context.Background(), questions(words, after), answers,
		func(a form.Answers) error {
			b, err := json.Marshal(a)
			if err != nil {
				return err
			}
			return os.WriteFile(draft, b, 0o600)
		})
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrInterrupted):
		return 130
	}
	fmt.Fprintln(s.Err, err)
	return 3
}

// program is the child on a terminal of its own.
type program struct {
	*termtest.Terminal
	t     *testing.T
	cmd   *exec.Cmd
	draft string
	dir   string
}

func start(t *testing.T, env ...string) *program {
	t.Helper()
	p := &program{t: t, Terminal: termtest.Open(t), dir: t.TempDir()}
	p.draft = filepath.Join(p.dir, "draft.json")
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append([]string{childEnv + "=" + p.draft, "PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TMPDIR=" + p.dir, "TERM=xterm"}, env...)
	p.Command(p.cmd)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// exits waits for the program to end.
func (p *program) exits(want int) {
	p.t.Helper()
	_ = p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		p.t.Fatalf("exit code %d, want %d; on the screen:\n%s", got, want, p.Text())
	}
	if !p.Canonical() {
		p.t.Error("the terminal was left in another mode")
	}
	left, err := filepath.Glob(filepath.Join(p.dir, "sendctl-*"))
	if err != nil || len(left) > 0 {
		p.t.Errorf("the editor's folder is still there: %v, %v", left, err)
	}
}

func (p *program) kept(want form.Answers) {
	p.t.Helper()
	b, err := os.ReadFile(p.draft)
	if err != nil {
		p.t.Fatal(err)
	}
	var got form.Answers
	if err := json.Unmarshal(b, &got); err != nil {
		p.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("draft (-want +got):\n%s", diff)
	}
}

func TestCtrlC(t *testing.T) {
	p := start(t)
	p.Shows("width 80 columns 80 colour true accessible false")
	p.Answer("hello")
	p.Prompted()
	p.Keys("half an ans\x03")
	p.exits(130)
	p.kept(form.Answers{"words": {Text: "hello"}})
}

// TestHangUp closes the terminal's window.
func TestHangUp(t *testing.T) {
	p := start(t, "NO_COLOR=1", "ACCESSIBLE=1")
	p.Shows("colour false accessible true")
	p.Answer("hello")
	p.Prompted()
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.exits(130)
	p.kept(form.Answers{"words": {Text: "hello"}})
}

// editorScript writes a program that stands in for an editor.
func editorScript(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "my editor")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return "'" + path + "' -w"
}

func TestEditorProgram(t *testing.T) {
	p := start(t, "VISUAL="+editorScript(t, `
test "$1" = -w || exit 9
ls -ld "$(dirname "$2")" | cut -c1-10
ls -l "$2" | cut -c1-10
cat "$2"
printf '# mine\nfrom the editor\n' > "$2.new"
cat "$2" >> "$2.new"
printf 'below\n' >> "$2.new"
mv "$2.new" "$2"
stty raw -echo
`))
	p.Answer("e")
	p.Shows("drwx------")
	p.Shows("-rw-------")
	p.Shows("# What do they say?")
	p.Answer("then")
	p.exits(0)
	p.kept(form.Answers{"words": {Text: "# mine\nfrom the editor\n\nbelow"}, "after": {Text: "then"}})
}

func TestEditorProgramFails(t *testing.T) {
	p := start(t, "EDITOR="+editorScript(t, `printf 'half\n' > "$2"; exit 3`))
	p.Answer("e")
	p.Shows("The editor ended with exit status 3")
	p.Prompted()
	p.Keys("\x04")
	p.exits(130)
	p.kept(form.Answers{"words": {Text: "half"}})
}

// TestEditorKilled ends the program while the editor is open: what was saved in
// the editor is in the draft, and its file is gone.
func TestEditorKilled(t *testing.T) {
	p := start(t, "EDITOR="+editorScript(t, `printf 'half\n' > "$2"; echo ready; exec sleep 60`))
	p.Answer("e")
	p.Shows("ready")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.exits(130)
	p.kept(form.Answers{"words": {Text: "half"}})
}

func TestNoEditor(t *testing.T) {
	_, err := SystemEditor(func(string) string { return "" }, &Streams{}).(CommandEditor).withoutCommand().Edit(context.Background(), "as it was", "")
	if !errors.As(err, new(NoEditorError)) {
		t.Fatalf("got %v", err)
	}
}

func (e CommandEditor) withoutCommand() CommandEditor { e.Command = " "; return e }

// TestEditorChoice has the order in which the environment is asked.
func TestEditorChoice(t *testing.T) {
	for _, c := range []struct {
		env  string
		want string
	}{
		{"GIT_EDITOR=g VISUAL=v EDITOR=e", "g"},
		{"VISUAL=v EDITOR=e", "v"},
		{"EDITOR=e", "e"},
		{"TERM=dumb VISUAL=v EDITOR=e", "e"},
	} {
		getenv := func(name string) string {
			for _, kv := range strings.Fields(c.env) {
				if v, ok := strings.CutPrefix(kv, name+"="); ok {
					return v
				}
			}
			return ""
		}
		if got := SystemEditor(getenv, nil).(CommandEditor).Command; got != c.want {
			t.Errorf("%s: got %q, want %q", c.env, got, c.want)
		}
	}
}

// TestLateRead makes sure a read under way when a question was cancelled keeps its line.
func TestLateRead(t *testing.T) {
	tt := termtest.Open(t)
	s := streams(tt)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := s.reader().line(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	tt.Keys("kept\n")
	if got, err := s.reader().line(context.Background()); got != "kept" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}
