package trail

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// steps are all places at which Record can be stopped, in order.
var steps = []string{"index locked", "objects half written", "objects written", "prepared", "branch locked", "reflogs written", "index written", "branch moved"}

// TestCrash kills a process in the middle of Record, at every step, and
// demands that after Recover there is the old state with the edit still on
// disk or the new state, nothing between.
func TestCrash(t *testing.T) {
	if dir := os.Getenv("TRAIL_TEST_CRASH_DIR"); dir != "" {
		crash(t, dir, os.Getenv("TRAIL_TEST_CRASH_STEP"))
		return
	}
	for _, where := range []string{"main", "detached", "unborn"} {
		for _, step := range steps {
			if where == "detached" && !strings.HasPrefix(step, "branch") && step != "index written" {
				continue // the same as on a branch until it is locked
			}
			t.Run(where+"/"+step, func(t *testing.T) {
				b := newBox(t)
				if where != "unborn" {
					b.record(b.open(), "start", map[string]string{"l/a": "1", "l/b": "1"})
				}
				if where == "detached" {
					b.git("checkout", "-q", "--detach")
				}
				b.write("staged", "theirs")
				b.git("add", "staged")
				b.write("l/a", "2")
				b.write("l/new", "2")
				_, _ = b.tryGit(b.dir, "rev-parse", "HEAD")
				old, _ := b.tryGit(b.dir, "rev-parse", "-q", "--verify", "HEAD")
				cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
				cmd.Env = append(os.Environ(), "TRAIL_TEST_CRASH_DIR="+b.dir, "TRAIL_TEST_CRASH_STEP="+step)
				out, err := cmd.CombinedOutput()
				var exit *exec.ExitError
				if !errors.As(err, &exit) || exit.ExitCode() != 77 {
					t.Fatalf("not stopped at the step: %v\n%s", err, out)
				}
				r := b.open()
				if err := r.Recover(context.Background(), []string{"l/a", "l/new"}); err != nil {
					t.Fatal(err)
				}
				now, _ := b.tryGit(b.dir, "rev-parse", "-q", "--verify", "HEAD")
				done := step == "branch moved"
				if (now != old) != done {
					t.Errorf("HEAD was %q and is %q", old, now)
				}
				switch {
				case done:
					b.clean("A  staged")
				case where == "unborn":
					b.clean("A  staged\n?? l/a\n?? l/new")
				default:
					b.clean(" M l/a\nA  staged\n?? l/new")
				}
				if !done {
					b.record(r, "again", map[string]string{"l/a": "2", "l/new": "2"})
					b.clean("A  staged")
				}
			})
		}
	}
}

func crash(t *testing.T, dir, step string) {
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r.hook.at = func(s string) error {
		if s == step {
			os.Exit(77)
		}
		return nil
	}
	b := &box{t, dir}
	_, err = r.Record(context.Background(), b.act(r, "act", map[string]string{"l/a": "2", "l/new": "2"}), nil)
	t.Fatal("went through: ", err)
}

// TestFailureAtEachStep has each step fail instead: Record then reports it and
// has left nothing.
func TestFailureAtEachStep(t *testing.T) {
	for _, step := range steps[:7] {
		b := newBox(t)
		r := b.open()
		b.record(r, "start", map[string]string{"a": "1"})
		head := b.git("rev-parse", "HEAD")
		stop := errors.New("stop")
		r.hook.at = func(s string) error {
			if s == step {
				return stop
			}
			return nil
		}
		b.write("a", "2")
		if _, err := r.Record(context.Background(), b.act(r, "act", map[string]string{"a": "2"}), nil); !errors.Is(err, stop) {
			t.Errorf("%s: %v", step, err)
		}
		if b.git("rev-parse", "HEAD") != head {
			t.Errorf("%s: HEAD moved", step)
		}
		b.clean(" M a")
		if left, _ := filepath.Glob(filepath.Join(b.dir, ".git/objects/tmp_*")); len(left) > 0 {
			t.Errorf("%s: left %v", step, left)
		}
	}
}

func TestReadyStopsEverything(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "start", map[string]string{"a": "1"})
	head := b.git("rev-parse", "HEAD")
	stop := errors.New("stop")
	b.write("a", "2")
	_, err := r.Record(context.Background(), b.act(r, "act", map[string]string{"a": "2"}), func(id string) error {
		if got := b.git("cat-file", "-t", id); got != "commit" {
			t.Errorf("%s is a %s", id, got)
		}
		return stop
	})
	if !errors.Is(err, stop) || b.git("rev-parse", "HEAD") != head {
		t.Errorf("got %v", err)
	}
	b.clean(" M a")
}

// TestBranchMovesMeanwhile: git commits between our look at the branch and our
// lock on it. Both commits must stand; only a clash on one path may stop us.
func TestBranchMovesMeanwhile(t *testing.T) {
	for _, clash := range []bool{false, true} {
		b := newBox(t)
		r := b.open()
		b.record(r, "start", map[string]string{"a": "1", "b": "1"})
		b.write("a", "2")
		var ids []string
		path := "b"
		if clash {
			path = "a"
		}
		r.hook.at = func(step string) error {
			if step == "prepared" && len(ids) == 0 {
				// As another process whose index was written before ours was locked.
				blob := b.gitWith("other", "hash-object", "-w", "--stdin")
				env := "GIT_INDEX_FILE=" + filepath.Join(t.TempDir(), "index")
				b.gitEnv(env, "read-tree", "HEAD")
				b.gitEnv(env, "update-index", "--cacheinfo", "100644,"+blob+","+path)
				tree := b.gitEnv(env, "write-tree")
				b.git("update-ref", "refs/heads/main", b.git("commit-tree", "-p", "HEAD", "-m", "theirs", tree))
			}
			return nil
		}
		res, err := r.Record(context.Background(), b.act(r, "ours", map[string]string{"a": "2"}), func(id string) error {
			ids = append(ids, id)
			return nil
		})
		if clash {
			var refused *RefusedError
			if !errors.As(err, &refused) || b.git("log", "-1", "--format=%s") != "theirs" {
				t.Errorf("got %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) != 2 || ids[1] != res.ID || ids[0] == ids[1] {
			t.Errorf("ready got %v", ids)
		}
		if got := b.git("log", "--format=%s"); got != "ours\ntheirs\nstart" {
			t.Errorf("log: %s", got)
		}
		if got := b.git("show", "HEAD:b"); got != "other" {
			t.Errorf("b is %q", got)
		}
	}
}

func (b *box) gitEnv(env string, args ...string) string {
	b.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("git %v: %v %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (b *box) gitWith(stdin string, args ...string) string {
	b.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = b.dir
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("git %v: %v %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}
