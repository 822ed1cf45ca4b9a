package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestBuild holds the made folder to the same rules as a real one, and the same
// seed to the same bytes: a measurement on another machine measures the same.
func TestBuild(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	heads := map[string]bool{}
	for _, name := range []string{"one", "two"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := build(dir, options{learners: 6, commits: 160, seed: 7, sealed: 4, pack: name == "two", graph: name == "two"}); err != nil {
			t.Fatal(err)
		}
		heads[output(t, dir, "rev-parse", "HEAD")] = true
		if got, want := output(t, dir, "rev-list", "--count", "HEAD"), "160"; got != want {
			t.Errorf("%s commits, want %s", got, want)
		}
		if got := output(t, dir, "status", "--short"); got != "" {
			t.Errorf("the folder is not what its head holds:\n%s", got)
		}
		f, err := folder.Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		ids, err := f.Learners()
		if err != nil || len(ids) != 6 {
			t.Fatalf("learners %v, %v; want 6", ids, err)
		}
		findings := append(f.Findings, f.Strays()...)
		for _, id := range ids {
			r, err := f.Load(id)
			if err != nil {
				t.Fatal(err)
			}
			if c := r.OpenCycle(); c == nil || c.Value.Plan == nil || len(c.Value.Do) != notesKept {
				t.Errorf("%s has no open cycle with %d notes", id, notesKept)
			}
			findings = append(findings, rules.Learner(f, r)...)
		}
		if d := cmp.Diff([]diag.Finding(nil), findings); d != "" {
			t.Error(d)
		}
	}
	if len(heads) != 1 {
		t.Errorf("one seed made two histories: %v", heads)
	}
}

func output(t *testing.T, dir string, args ...string) string {
	t.Helper()
	b, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, b)
	}
	return strings.TrimSpace(string(b))
}

// TestBuildSigned holds the signatures of a signed folder to what git says of them.
func TestBuildSigned(t *testing.T) {
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Skip("git checks signatures with ssh-keygen, which is not here")
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir := filepath.Join(t.TempDir(), "signed")
	if err := build(dir, options{learners: 2, commits: 9, sealed: 2, signed: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := output(t, dir, "log", "--format=%G?"), strings.TrimSpace(strings.Repeat("G\n", 9)); got != want {
		t.Errorf("git says of the signatures %q, want all good", got)
	}
	if got := output(t, dir, "fsck", "--strict"); got != "" {
		t.Errorf("git fsck says %q", got)
	}
}
