package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// TestSyncAtATerminal: one question at a time, with both values shown, and the
// answer stands in the result.
func TestSyncAtATerminal(t *testing.T) {
	s := buildSchool(t)
	work := t.TempDir()
	env, err := scriptSetup(work)
	if err != nil {
		t.Fatal(err)
	}
	run := func(dir, name string, args ...string) {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir, c.Env = dir, append(os.Environ(), env...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
	}
	shared, other := filepath.Join(work, "shared.git"), filepath.Join(work, "other")
	run(work, "git", "init", "-q", "--bare", shared)
	run(s.dir, "git", "remote", "add", "origin", shared)

	talk := func(args []string, keys ...string) string {
		t.Helper()
		tt := termtest.Open(t)
		c := exec.Command("sendctl", append([]string{"-C", s.dir}, args...)...)
		c.Env = append(os.Environ(), env...)
		tt.Command(c)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			tt.Prompted()
			tt.Keys(k)
		}
		err := c.Wait()
		tt.Drained()
		if err != nil {
			t.Fatalf("%v\n%s", err, tt.Text())
		}
		return strings.Join(strings.Fields(tt.Text()), " ")
	}
	if said := talk([]string{"sync", "allow"}, "yes\n", "The school's own.\n"); !strings.Contains(said, "May records of children be kept there?") {
		t.Errorf("not asked: %s", said)
	}
	run(s.dir, "sendctl", "sync")
	run(work, "git", "clone", "-q", shared, other)
	edit := []string{"--no-input", "edit", s.ids["OTT"], "learner.yaml", "--set"}
	run(other, "sendctl", append(edit, "team.responsible_teacher=bell")...)
	run(other, "sendctl", "sync")
	run(s.dir, "sendctl", append(edit, "team.responsible_teacher=sato")...)
	said := talk([]string{"sync"}, "theirs\n")
	for _, want := range []string{"1 of 1. ", ": learners/", "Here: ", "(sato)", "In the other copy: ", "(bell)", " 20", "are the same now"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	b, err := os.ReadFile(filepath.Join(s.dir, "learners", s.ids["OTT"], "learner.yaml"))
	if err != nil || !strings.Contains(string(b), "responsible_teacher: bell") {
		t.Errorf("the answer does not stand: %v\n%s", err, b)
	}
}
