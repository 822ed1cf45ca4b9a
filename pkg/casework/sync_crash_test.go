package casework_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// together is a story of two copies of a folder, b and another, beside a place both
// send to. It gives what sync shall do in b.
type together struct {
	name  string
	story func(b, other *box)
}

var stories = []together{
	{"forward", func(b, other *box) {
		other.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Theirs.", "--date", "2025-10-12")
		other.run("sync")
	}},
	{"merge", func(b, other *box) {
		other.run("review", b.id, "--answers", mustAbs(b.T, answers+"jude/review-1.yaml"))
		other.run("sync")
		b.run("note", b.id, "--date", "2025-10-12", "Ours, into what was sealed there.")
		b.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Ours.", "--date", "2025-10-12")
	}},
	{"git stopped", func(b, other *box) {
		other.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Theirs.", "--date", "2025-10-12")
		other.run("sync")
		b.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Ours.", "--date", "2025-10-12")
		b.git("config", "merge.sendctl.driver", "false")
		b.git("fetch", "-q", "origin")
		if out, err := b.tryGit("merge", "-q", "origin/main"); err == nil {
			b.Fatalf("git merge did not stop: %s", out)
		}
	}},
	{"lost in a merge", func(b, other *box) {
		other.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Theirs.", "--date", "2025-10-12")
		other.run("sync")
		b.run("contact", b.id, "--with", "mum", "--how", "call", "--about", "plan", "--said", "Ours.", "--date", "2025-10-12")
		b.git("fetch", "-q", "origin")
		b.git("merge", "-q", "-s", "ours", "-m", "Merge branch 'main'", "origin/main")
	}},
}

func (b *box) tryGit(args ...string) (string, error) {
	cmd := b.command()
	cmd.Path, cmd.Args = "git", append([]string{"git", "-C", b.dir}, args...)
	if p, err := exec.LookPath("git"); err == nil {
		cmd.Path = p
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// pair makes the two copies of a state, and the place between them.
func pair(t *testing.T, s together) *box {
	t.Helper()
	b := fresh(t, "planned")
	shared := filepath.Join(filepath.Dir(b.dir), "shared.git")
	b.git("init", "-q", "--bare", shared)
	b.git("remote", "add", "origin", shared)
	b.run("sync", "allow", "origin", "--because", "The school's own.")
	b.run("sync")
	other := &box{t, filepath.Join(filepath.Dir(b.dir), "other"), b.id}
	b.git("clone", "-q", shared, other.dir)
	s.story(b, other)
	return b
}

// TestSyncKilledAtEveryStep kills sync at its n-th change to the disk: the next
// command puts back or finishes, and sync run again comes to the same.
func TestSyncKilledAtEveryStep(t *testing.T) {
	skipUntraced(t)
	for i, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := pair(t, s)
			b.run("sync")
			n, by := 1, 1
			if os.Getenv("CASEWORK_EVERY_STEP") == "" {
				n, by = 3+7*i, 61
			}
			killed, after := 0, 0
			for ; ; n += by {
				b := pair(t, s)
				before := b.head()
				files := b.state().Files
				_, ws, out := b.traced([]string{"sync"}, func(k int, _ string) fault { return fault{kill: k == n} })
				if ws.Exited() {
					if ws.ExitStatus() != 0 {
						t.Fatalf("sync itself fails: %s", out)
					}
					break
				}
				killed++
				b.gitRests()
				var said []string
				if err := b.desk(&said).Recover(context.Background()); err != nil {
					t.Fatalf("killed at %d: %v", n, err)
				}
				now := b.head()
				if now != before {
					after++
				} else if s.name == "forward" || s.name == "merge" {
					for name, text := range b.state().Files {
						if files[name] != text && !strings.HasPrefix(filepath.Base(name), ".sendctl-") {
							t.Errorf("killed at %d: %s is half done", n, name)
						}
					}
				}
				if out, err := b.command("sync").CombinedOutput(); err != nil {
					t.Fatalf("killed at %d (said %q): sync again: %v\n%s", n, said, err, out)
				}
				b.synced(n)
				if t.Failed() {
					t.Fatalf("killed at change %d; said %q", n, said)
				}
			}
			t.Logf("killed %d times, %d after it was recorded", killed, after)
		})
	}
}

// synced checks that b is whole, that both sides' words are in it, and that the
// place it sends to holds the same.
func (b *box) synced(n int) {
	b.Helper()
	if st := b.git("status", "--porcelain", "--untracked-files=all"); st != "" {
		b.Errorf("killed at %d: git status: %s", n, st)
	}
	if out := b.git("fsck", "--strict", "--no-dangling"); out != "" {
		b.Errorf("killed at %d: git fsck: %s", n, out)
	}
	contacts := b.read("learners/" + b.id + "/contacts.yaml")
	for _, words := range []string{"Ours", "Theirs"} {
		if want := strings.Contains(b.git("log", "--all", "-p", "--format="), "said: "+words+"."); want != strings.Contains(contacts, "said: "+words+".") {
			b.Errorf("killed at %d: %s is lost", n, words)
		}
	}
	if out := b.git("rev-parse", "refs/remotes/origin/main"); out != b.head() {
		b.Errorf("killed at %d: not sent", n)
	}
	b.sound()
	b.tidy()
}

// gitRests waits for a git that outlived the killed program.
func (b *box) gitRests() {
	for range 200 {
		if _, err := os.Stat(filepath.Join(b.dir, ".git", "index.lock")); err != nil {
			break
		}
		text, _ := os.ReadFile(filepath.Join(b.dir, ".git", "index.lock"))
		if strings.HasPrefix(string(text), "sendctl ") {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
}
