package trail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBusy(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "start", map[string]string{"a": "1"})
	r.patience = 50 * time.Millisecond
	dead := exec.Command("git", "version")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	gone := fmt.Sprintf("sendctl %d %s %s 1\n", dead.Process.Pid, host, bootID())
	for _, c := range []struct {
		name, content, holder string
		recovers              bool
	}{
		{"git", "", "git or another program", false},
		{"a living sendctl", lockLine(), "another sendctl", false},
		{"a dead sendctl", gone, "stopped half-way", true},
		{"before the machine was started again", strings.Replace(lockLine(), bootID(), "00000000-0000", 1), "stopped half-way", true},
		{"another machine", strings.Replace(gone, host, host+"2", 1), "another sendctl", false},
	} {
		for _, name := range []string{"index", "HEAD", "refs/heads/main"} {
			path := filepath.Join(b.dir, ".git", name+".lock")
			b.write(".git/"+name+".lock", c.content)
			b.write("a", c.name+name)
			head := b.git("rev-parse", "HEAD")
			_, err := r.Record(context.Background(), b.act(r, "act", map[string]string{"a": c.name + name}), nil)
			var busy *BusyError
			if !errors.As(err, &busy) || busy.Lock != path && filepath.Base(busy.Lock) != filepath.Base(path) || !strings.Contains(busy.Holder, c.holder) {
				t.Errorf("%s, %s: %v", c.name, name, err)
			}
			if b.git("rev-parse", "HEAD") != head {
				t.Errorf("%s, %s: HEAD moved", c.name, name)
			}
			if err := r.Recover(context.Background(), nil); err != nil {
				t.Errorf("%s, %s: %v", c.name, name, err)
			}
			if _, err := os.Lstat(path); (err != nil) != c.recovers {
				t.Errorf("%s, %s: after Recover: %v", c.name, name, err)
			}
			_ = os.Remove(path)
		}
		b.clean(" M a")
	}
}

// TestLockIsWaitedFor: a git that holds the lock for a moment is no error.
func TestLockIsWaitedFor(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "start", map[string]string{"a": "1"})
	path := filepath.Join(b.dir, ".git/index.lock")
	b.write(".git/index.lock", "")
	released := make(chan error)
	go func() {
		time.Sleep(30 * time.Millisecond)
		released <- os.Remove(path)
	}()
	b.record(r, "act", map[string]string{"a": "2"})
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	b.clean("")
	b.write(".git/index.lock", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Record(ctx, b.act(r, "act", map[string]string{"a": "3"}), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
