package cli

import (
	"bytes"
	"context"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/examples"
	"github.com/sendctl/sendctl/pkg/term"
)

var update = flag.Bool("update", false, "write golden files anew")

// built is where the demonstration lies that tests share; it is removed with the
// folder of the commands. Building it takes seconds, so it is done once.
var built = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(scratch, "demo")
	return dir, replayAll(dir)
})

// theDemo is the shared demonstration, to be read and copied and never changed.
func theDemo(t *testing.T) string {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// replayAll replays the acts into dir, which is not there yet.
func replayAll(dir string) error {
	acts, err := examples.Acts()
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	e := &Env{Streams: &term.Streams{Out: io.Discard, Err: io.Discard}}
	return e.demoInto(context.Background(), dir, acts)
}

// files reads every file of a folder but git's own.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExamplesAreTheDemo: what people read in examples/thornelaw is, to the byte,
// what the acts make.
func TestExamplesAreTheDemo(t *testing.T) {
	dir := theDemo(t)
	golden := filepath.Join("..", "..", "examples", "thornelaw")
	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		for name, text := range files(t, dir) {
			p := filepath.Join(golden, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(files(t, golden), files(t, dir)); diff != "" {
		t.Errorf("examples/thornelaw is not what the acts make (-have +made); if the change is meant: go test ./pkg/cli -run ExamplesAreTheDemo -update\n%s", diff)
	}
}

// TestDemoIsTheSameEveryTime: the same commit ids, whatever the machine.
func TestDemoIsTheSameEveryTime(t *testing.T) {
	head := func(dir string) string {
		out, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD").Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	first := head(theDemo(t))
	config := filepath.Join(t.TempDir(), "config")
	hostile := "[user]\n\tname = Somebody\n\temail = else@example.org\n\tsigningkey = /nowhere\n[commit]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n[core]\n\tautocrlf = true\n\thooksPath = /nowhere\n[init]\n\tdefaultBranch = trunk\n"
	if err := os.WriteFile(config, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	t.Setenv("TZ", "Asia/Tokyo")
	again := filepath.Join(t.TempDir(), "demo")
	if err := replayAll(again); err != nil {
		t.Fatal(err)
	}
	if second := head(again); first != second {
		t.Errorf("two demonstrations end in different commits: %s and %s", first, second)
	}
}

// TestDemoIsSound: git itself finds nothing to say about the demonstration.
func TestDemoIsSound(t *testing.T) {
	dir := theDemo(t)
	for _, args := range [][]string{{"fsck", "--strict", "--no-dangling"}, {"status", "--porcelain"}} {
		out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput()
		if err != nil || len(bytes.TrimSpace(out)) > 0 {
			t.Errorf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
