package audit_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/audit"
)

// BenchmarkVerify is verify beside what git itself does to look through a history:
// git fsck, and for a signed one git log --show-signature.
func BenchmarkVerify(b *testing.B) {
	for _, size := range []struct {
		learners, commits int
		signed            bool
	}{{300, 3000, false}, {3000, 1000, false}, {300, 300, true}} {
		git := []string{"fsck"}
		args := []string{"-learners", fmt.Sprint(size.learners), "-commits", fmt.Sprint(size.commits), "-sealed", "4", "-pack"}
		name := fmt.Sprintf("%d/%d", size.learners, size.commits)
		if size.signed {
			git, args, name = []string{"log", "--show-signature"}, append(args, "-signed"), name+"/signed"
		}
		dir := filepath.Join(b.TempDir(), "school")
		run(b, "", "go", append(append([]string{"run", "../../cmd/genrecords"}, args...), dir)...)
		b.Run(name+"/ours", func(b *testing.B) {
			for b.Loop() {
				r, err := audit.Verify(b.Context(), audit.Options{Dir: dir, Now: time.Now()})
				if err != nil || r.Verdict != audit.Proven || r.Checked.Commits != size.commits {
					b.Fatal(r.Verdict, r.Checked, err)
				}
			}
		})
		b.Run(name+"/since", func(b *testing.B) {
			out, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD~20").Output()
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := audit.Verify(b.Context(), audit.Options{Dir: dir, Now: time.Now(), Since: string(out[:40])}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/git", func(b *testing.B) {
			for b.Loop() {
				run(b, dir, "git", git...)
			}
		})
	}
}

func run(b *testing.B, dir, name string, args ...string) {
	b.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, out)
	}
}
