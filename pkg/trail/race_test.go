package trail

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestBesideGit has processes of ours and of git commit at the same time in one
// folder: each commit must be kept, none may take another's file, and git must
// find nothing wrong.
func TestBesideGit(t *testing.T) {
	if dir := os.Getenv("TRAIL_TEST_RACE_DIR"); dir != "" {
		b := &box{t, dir}
		name := os.Getenv("TRAIL_TEST_RACE_NAME")
		r := b.open()
		r.patience = time.Minute
		b.record(r, name, map[string]string{"l/" + name + "/f": name, "same/" + name: name})
		return
	}
	race(t, 8, 8)
}

// race runs that many processes of ours and of git.
func race(t *testing.T, ours, theirs int) {
	b := newBox(t)
	b.record(b.open(), "start", map[string]string{"start": ""})
	b.git("config", "gc.auto", "0")
	var wg sync.WaitGroup
	for i := range ours {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestBesideGit$")
			cmd.Env = append(os.Environ(), "TRAIL_TEST_RACE_DIR="+b.dir, fmt.Sprintf("TRAIL_TEST_RACE_NAME=ours%d", i))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("ours %d: %v\n%s", i, err, out)
			}
		})
	}
	for i := range theirs {
		wg.Go(func() {
			name := fmt.Sprintf("theirs%d", i)
			b.write("l/"+name+"/f", name)
			// Git gives up at once on a lock, and when the branch moved
			// between its look and its lock. It also reads the index before
			// it locks it, so that one git commit can put back an index that
			// another git add has written since (plain gits beside each other
			// lose what was added in most rounds of this test). As people
			// do: look, and do it again.
			deadline := time.Now().Add(time.Minute)
			for !strings.Contains("\n"+b.git("ls-tree", "-r", "--name-only", "HEAD")+"\n", "\nl/"+name+"/f\n") {
				if time.Now().After(deadline) {
					t.Errorf("%s could not commit", name)
					return
				}
				for _, args := range [][]string{{"add", "l/" + name}, {"commit", "-q", "-m", name}} {
					if _, err := b.tryGit(b.dir, args...); err != nil {
						time.Sleep(time.Duration(3+i) * time.Millisecond)
						break
					}
				}
			}
		})
	}
	wg.Wait()
	files := "\n" + b.git("ls-tree", "-r", "--name-only", "HEAD") + "\n"
	subjects := "\n" + b.git("log", "--format=%s") + "\n"
	var undone []string
	expect := func(name string, paths ...string) {
		for _, p := range paths {
			if strings.Contains(files, "\n"+p+"\n") {
				continue
			}
			// A git commit that had read an older index has undone it: that
			// is git's, and happens to plain gits beside each other too. It
			// must have been committed, and not undone by one of ours.
			if by := b.git("log", "-1", "--diff-filter=D", "--format=%s", "--", p); !strings.HasPrefix(by, "theirs") {
				t.Errorf("%s: %s is lost, by %q", name, p, by)
			}
			undone = append(undone, "?? "+p)
		}
	}
	for i := range ours {
		name := fmt.Sprintf("ours%d", i)
		if strings.Count(subjects, "\n"+name+"\n") != 1 {
			t.Errorf("%s: its commit is not there once", name)
		}
		if got := b.git("log", "--format=", "--name-only", "--grep=^"+name+"$"); got != "l/"+name+"/f\nsame/"+name {
			t.Errorf("%s committed %q", name, got)
		}
		expect(name, "l/"+name+"/f", "same/"+name)
	}
	for i := range theirs {
		name := fmt.Sprintf("theirs%d", i)
		expect(name, "l/"+name+"/f")
	}
	slices.Sort(undone)
	b.clean(strings.Join(undone, "\n"))
	if len(undone) > 0 {
		t.Logf("undone by git: %q", undone)
	}
}
