package casework_test

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestKilledPurge kills a removal at its n-th change to the disk: it is whole then, or
// nothing happened, and the next command says which.
func TestKilledPurge(t *testing.T) {
	skipUntraced(t)
	by := 47
	if os.Getenv("CASEWORK_EVERY_STEP") != "" {
		by = 1
	}
	kept, lost := 0, 0
	for n := 1; ; n += by {
		b, other, words, before := purgeBox(t)
		pid := 0
		cmd := b.command(purgeArgs(b)...)
		f, err := os.Create(filepath.Join(t.TempDir(), "talk"))
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdout, cmd.Stderr = f, f
		_, ws := trace(t, cmd, func(k int, _ string) fault {
			pid = cmd.Process.Pid
			return fault{kill: k == n}
		})
		f.Close()
		if ws.Exited() {
			if text, _ := os.ReadFile(f.Name()); ws.ExitStatus() != 0 {
				t.Fatalf("the removal itself fails:\n%s", text)
			}
			break
		}
		quiet(pid)
		if b.afterKill(other, words, before) {
			kept++
		} else {
			lost++
		}
		if t.Failed() {
			t.Fatalf("killed at change %d", n)
		}
	}
	t.Logf("killed %d times: %d before it was decided, %d after", kept+lost, lost, kept)
	if kept == 0 || lost == 0 {
		t.Error("it was not killed on both sides of the decision")
	}
}

// TestKilledPurgeWithItsGit kills a removal and the git that works for it, at any
// moment: the more often, the longer it takes.
func TestKilledPurgeWithItsGit(t *testing.T) {
	skipUntraced(t)
	rnd := rand.New(rand.NewPCG(7, 11))
	rounds := 3 // testdata/e2e/81-killed.sh does the same many times
	if os.Getenv("CASEWORK_EVERY_STEP") != "" {
		rounds = 40
	}
	for i := range rounds {
		b, other, words, before := purgeBox(t)
		cmd := b.command(purgeArgs(b)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rnd.IntN(350)) * time.Millisecond)
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		quiet(cmd.Process.Pid)
		// A killed git leaves its locks, and says so to the next; a person removes them.
		b.unlock()
		b.afterKill(other, words, before)
		if t.Failed() {
			t.Fatalf("round %d", i)
		}
	}
}

func purgeArgs(b *box) []string {
	return []string{"purge", b.id, "--because", "It must go.", "--with", "eyre", "--yes"}
}

func purgeBox(t *testing.T) (b *box, other string, words []string, before state) {
	b = fresh(t, "reviewed")
	other = b.second()
	b.git("tag", "-a", "-m", "as reviewed", "heavy", "HEAD~1")
	b.git("branch", "old", "HEAD~2")
	return b, other, b.told(func(p string) bool { return strings.Contains(p, b.id) }), b.state()
}

// quiet waits until no process of a group is left: git may outlive who called it.
func quiet(group int) {
	for syscall.Kill(-group, 0) == nil {
		time.Sleep(time.Millisecond)
	}
}

func (b *box) unlock() {
	_ = filepath.WalkDir(filepath.Join(b.dir, ".git"), func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && (strings.HasSuffix(p, ".lock") || e.Name() == "gc.pid") {
			os.Remove(p)
		}
		return nil
	})
}

// afterKill opens the folder again, and reports whether the removal happened.
func (b *box) afterKill(other string, words []string, before state) bool {
	b.Helper()
	var said []string
	d := b.desk(&said)
	if err := d.Recover(context.Background()); err != nil {
		b.Fatalf("recover: %v", err)
	}
	if b.head() == before.Head {
		if diff := cmp.Diff(before, b.state()); diff != "" {
			b.Errorf("nothing was removed, and something changed (-before +after):\n%s", diff)
		}
		if _, err := os.Stat(filepath.Join(b.dir, ".git", "sendctl", "purge.json")); err == nil {
			b.Errorf("a journal is left; said %q", said)
		}
		b.run(purgeArgs(b)...)
		b.gone("", words, other)
		return false
	}
	if _, err := os.Stat(filepath.Join(b.dir, ".git", "sendctl", "purge.json")); err == nil {
		b.Errorf("it is not finished; said %q", said)
	}
	b.gone("", words, other)
	return true
}
