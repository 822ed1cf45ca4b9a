package casework_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPurgeAndTheOtherCopies: what was removed in one clone does not come back by
// another. Nothing is said to be in step until the shared place is replaced, as the
// removal prints it; the old clone is refused then, and told what only it has; a new
// one works.
func TestPurgeAndTheOtherCopies(t *testing.T) {
	for _, what := range []string{"learner", "file"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := fresh(t, "reviewed")
			kept := b.second()
			shared := filepath.Join(filepath.Dir(b.dir), "shared.git")
			b.git("init", "-q", "--bare", shared)
			b.git("remote", "add", "origin", shared)
			b.run("sync", "allow", "origin", "--because", "The school's own.")
			b.run("sync")
			clone := func(name string) *box {
				c := &box{t, filepath.Join(filepath.Dir(b.dir), name), b.id}
				b.git("clone", "-q", shared, c.dir)
				c.run("init", ".")
				return c
			}
			old := clone("old")
			old.run("contact", kept, "--with", "learner", "--how", "call", "--about", "plan", "--said", "Only in the old copy.", "--date", "2025-10-12")
			args := []string{"purge", b.id, "--because", "It must go.", "--with", "eyre", "--yes"}
			if what == "file" {
				review := filepath.Base(b.only("learners/" + b.id + "/seals/*-review.seal"))
				args = slices.Insert(args, 2, strings.TrimSuffix(review, "-review.seal"))
			}
			printed := ""
			for line := range strings.Lines(b.run(args...)) {
				if do := strings.TrimSpace(line); strings.HasPrefix(do, "git push ") {
					printed = do
				}
			}
			if printed == "" {
				t.Fatal("no command that replaces what the shared place holds is printed")
			}
			refused := func(c *box, words ...string) {
				t.Helper()
				head, st := c.head(), c.git("status", "--porcelain")
				there := c.git("ls-remote", shared)
				out, err := c.command("sync").CombinedOutput()
				if err == nil {
					t.Fatalf("sync was not refused:\n%s", out)
				}
				said := strings.Join(strings.Fields(string(out)), " ")
				for _, w := range words {
					if !strings.Contains(said, w) {
						t.Errorf("it does not say %q:\n%s", w, out)
					}
				}
				if c.head() != head || c.git("status", "--porcelain") != st || c.git("ls-remote", shared) != there {
					t.Error("something was changed all the same")
				}
			}
			refused(b, "the other copy still holds what was removed for good here", "git push --force")
			b.git(strings.Fields(printed)[1:]...)
			b.run("sync")
			refused(old, "Clone the folder anew, with git clone", "1 act:", "contact: "+kept)

			anew := clone("anew")
			anew.run("contact", kept, "--with", "learner", "--how", "call", "--about", "plan", "--said", "Recorded there again.", "--date", "2025-10-12")
			anew.run("sync")
			b.run("sync")
			for _, c := range []*box{b, anew} {
				c.sound()
				c.run("audit", "verify")
				if c.head() != anew.head() {
					t.Error("the two are not in step")
				}
			}
			refused(old, "Clone the folder anew")
		})
	}
}
