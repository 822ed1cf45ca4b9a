package casework_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// lastCut is where the right place of a deed was last time, so that it is found
// sooner. One test looks for it, and those of the same deed wait for what it finds.
var lastCut sync.Map // of a deed and recorded or not, a *place

type place struct {
	sync.Mutex
	at          int // 0 while nobody has found it
	made, files int // changes to the disk of the whole act, and the files it records
}

// cut gives a box in which the deed was killed where the test wants it: after it was
// recorded and before its journal was gone, or with its files in place and nothing recorded.
func cut(t *testing.T, d deed, recorded bool) (b *box, before state) {
	t.Helper()
	skipUntraced(t)
	any, _ := lastCut.LoadOrStore(fmt.Sprint(d.name, recorded), new(place))
	last := any.(*place)
	last.Lock()
	defer last.Unlock()
	if last.made == 0 {
		b, before, _ = d.begin(t)
		made, _, _ := b.traced(d.args(b), func(int, string) fault { return fault{} })
		last.made, last.files = len(made), strings.Count(b.git("diff", "--name-only", before.Head, "HEAD"), "\n")+1
	}
	journal := func(b *box) bool {
		_, err := os.Stat(filepath.Join(b.dir, ".git/sendctl/journal.json"))
		return err == nil
	}
	good := func(b *box, before state) bool {
		if recorded {
			return journal(b) && b.head() != before.Head
		}
		all := b.git("status", "--porcelain", "--untracked-files=all")
		return journal(b) && b.head() == before.Head && strings.Count(all, "\n")+1 == last.files && all != "" && !strings.Contains(all, ".tmp") && !strings.Contains(all, "D ")
	}
	// Too early leaves less than all the files, too late has it recorded: the place is
	// between. After it was recorded, the last changes are tried one by one.
	low, high, first := 0, last.made+1, last.made/2
	switch {
	case recorded && last.at != 0:
		first = min(last.at+2, last.made) // the order of writing differs a little from time to time
	case recorded:
		first = last.made
	case last.at != 0:
		first = last.at
	}
	for n := first; n > low && n < high; {
		b, before, _ = d.begin(t)
		b.traced(d.args(b), func(k int, _ string) fault { return fault{kill: k == n} })
		switch {
		case good(b, before):
			last.at = n
			return b, before
		case recorded:
			high = n
		case b.head() != before.Head:
			high = n
		default:
			low = n
		}
		if n = (low + high) / 2; recorded {
			n = high - 1
		}
	}
	t.Fatal("the act was never cut off there")
	return nil, before
}

func deedNamed(name string) deed {
	for _, d := range deeds {
		if d.name == name {
			return d
		}
	}
	panic(name)
}

// What a person or git does between the crash and the next command is never taken
// back, and never in the way.
func TestRecoverAfterMoreHappened(t *testing.T) {
	cycle := func(b *box) string { return b.only("learners/*/cycles/*.yaml") }
	log := func(b *box) string { return b.only("learners/*/contacts.yaml") }
	pass := func(b *box) string { return b.only("learners/*/passport.yaml") }
	report := func(b *box) string { return b.only("learners/*/attachments/*") }
	tests := []struct {
		name     string
		recorded bool
		then     func(b *box)
		check    func(b *box, before state, said string)
		deed     string
	}{
		{"recorded; then git commits something else", true, func(b *box) {
			b.write("people.yaml", b.read("people.yaml")+"# later\n")
			b.git("commit", "-q", "--no-verify", "-m", "by git", "people.yaml")
		}, func(b *box, before state, said string) {
			b.is(said, "it is whole now")
			b.clean("")
			b.only("learners/*/seals/*.seal")
		}, "review"},
		{"recorded; then git commits the same file anew", true, func(b *box) {
			b.write(cycle(b), b.read(cycle(b))+"# more\n")
			b.git("commit", "-q", "--no-verify", "-m", "by git", cycle(b))
		}, func(b *box, before state, said string) {
			b.is(said, "it is whole now")
			b.clean("")
			b.only("learners/*/seals/*.seal")
		}, "review"},
		{"recorded; then edited by hand", true, func(b *box) { b.write(cycle(b), b.read(cycle(b))+"# more\n") },
			func(b *box, before state, said string) {
				b.is(said, "it is whole now")
				b.clean("M " + cycle(b))
				b.is(b.read(cycle(b)), "# more")
				b.only("learners/*/seals/*.seal")
			}, "review"},
		{"recorded; then reverted by git", true, func(b *box) { b.git("revert", "--no-edit", "HEAD") }, func(b *box, before state, said string) {
			b.is(said, "it is whole now")
			b.clean("")
			if strings.Contains(b.read(cycle(b)), "review:") {
				b.Error("the revert was taken back")
			}
		}, "review"},
		{"recorded; then taken back by git", true, func(b *box) { b.git("reset", "-q", "--hard", "HEAD~1") }, func(b *box, before state, said string) {
			b.is(said, "nothing of it was recorded")
			b.whole(before)
		}, "review"},
		{"recorded; then another branch", true, func(b *box) { b.git("checkout", "-q", "-b", "older", "HEAD~1") }, func(b *box, before state, said string) {
			b.clean("")
			b.git("checkout", "-q", "main")
			b.only("learners/*/seals/*.seal")
			b.clean("")
		}, "review"},
		{"not recorded; then another branch", false, func(b *box) { b.git("checkout", "-q", "-b", "other") }, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.whole(before)
		}, "review"},
		{"not recorded; then edited by hand", false, func(b *box) { b.write(cycle(b), b.read(cycle(b))+"# more\n") }, func(b *box, before state, said string) {
			b.is(said, "changed since and is left as it is")
			b.is(b.read(cycle(b)), "# more")
			aside := b.only(".git/sendctl/cut-off-*.json")
			b.is(b.read(aside), store.JournalFormat)
			if err := os.Remove(filepath.Join(b.dir, aside)); err != nil {
				b.Fatal(err)
			}
			b.clean("M " + cycle(b))
		}, "review"},
		{"not recorded; then committed by git as it lies there", false, func(b *box) { b.git("add", "-A", "learners"); b.git("commit", "-q", "--no-verify", "-m", "wip") },
			func(b *box, before state, said string) {
				b.is(said, "it is whole now")
				b.clean("")
				b.only("learners/*/seals/*.seal")
			}, "review"},
		{"not recorded; then the one file committed by git", false, func(b *box) { b.git("commit", "-q", "--no-verify", "-m", "wip", cycle(b)) },
			func(b *box, before state, said string) {
				b.is(said, "nothing of it was recorded")
				b.clean("")
				b.is(b.read(cycle(b)), "review:")
			}, "review"},
		{"not recorded; then staged", false, func(b *box) { b.git("add", "-A", "learners") }, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.whole(before)
		}, "review"},
		{"not recorded; then thrown away by git", false, func(b *box) { b.git("checkout", "-q", "."); b.git("clean", "-qfd") }, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.whole(before)
		}, "review"},
		{"not recorded; then stashed", false, func(b *box) { b.git("stash", "-q", "-u") }, func(b *box, before state, said string) {
			b.whole(before)
			b.git("stash", "pop", "-q")
			b.is(b.read(cycle(b)), "review:")
			b.git("checkout", "-q", ".")
		}, "review"},
		{"not recorded; the folder moved", false, func(b *box) {
			to := b.dir + "-moved"
			if err := os.Rename(b.dir, to); err != nil {
				b.Fatal(err)
			}
			b.dir = to
		}, func(b *box, before state, said string) { b.whole(before) }, "review"},
		// An act of four files: a move, the stage, who was told, the seal.
		{"a move, recorded; then learner.yaml edited by hand", true, func(b *box) {
			b.write("learners/"+b.id+"/learner.yaml", b.read("learners/"+b.id+"/learner.yaml")+"# more\n")
		}, func(b *box, before state, said string) {
			b.is(said, "it is whole now")
			b.clean("M learners/" + b.id + "/learner.yaml")
			b.only("learners/*/moves/*.yaml")
			b.only("learners/*/seals/*-advance.seal")
			b.is(b.git("log", "-1", "--format=%s"), "advance: ")
		}, "advance"},
		{"a move, recorded; then git commits it anew with more", true, func(b *box) {
			b.write(log(b), b.read(log(b))+"# more\n")
			b.git("commit", "-q", "--no-verify", "-am", "wip")
		}, func(b *box, before state, said string) {
			b.clean("")
			b.is(b.read(log(b)), "# more")
			b.only("learners/*/seals/*-advance.seal")
		}, "advance"},
		{"a move, not recorded; then the contact log edited by hand", false, func(b *box) { b.write(log(b), b.read(log(b))+"# more\n") },
			func(b *box, before state, said string) {
				b.is(said, "changed since and is left as it is")
				b.is(b.read(log(b)), "# more")
				b.clean("M " + log(b))
				if text := b.read("learners/" + b.id + "/learner.yaml"); strings.Contains(text, "stage: passport") {
					b.Error("the stage of a move that is not there")
				}
				if err := os.Remove(filepath.Join(b.dir, b.only(".git/sendctl/cut-off-*.json"))); err != nil {
					b.Fatal(err)
				}
			}, "advance"},
		{"a move, not recorded; then committed by git as it lies there", false, func(b *box) { b.git("add", "-A", "learners"); b.git("commit", "-q", "--no-verify", "-m", "wip") },
			func(b *box, before state, said string) {
				b.is(said, "it is whole now")
				b.clean("")
				b.only("learners/*/moves/*.yaml")
				b.only("learners/*/seals/*-advance.seal")
			}, "advance"},
		{"a move, not recorded; then thrown away by git", false, func(b *box) { b.git("checkout", "-q", "."); b.git("clean", "-qfd") }, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.whole(before)
		}, "advance"},
		// A living file that is sealed: it may change afterwards, and its seal stays.
		{"agreed, recorded; then written on by hand", true, func(b *box) { b.write(pass(b), strings.Replace(b.read(pass(b)), "I draw.", "I draw maps.", 1)) },
			func(b *box, before state, said string) {
				b.is(said, "it is whole now")
				b.clean("M " + pass(b))
				b.is(b.read(pass(b)), "I draw maps.")
			}, "passport agree"},
		{"agreed, not recorded; then written on by hand", false, func(b *box) { b.write(pass(b), strings.Replace(b.read(pass(b)), "I draw.", "I draw maps.", 1)) },
			func(b *box, before state, said string) {
				b.is(said, "changed since and is left as it is")
				b.is(b.read(pass(b)), "I draw maps.")
				b.clean("M " + pass(b))
				if err := os.Remove(filepath.Join(b.dir, b.only(".git/sendctl/cut-off-*.json"))); err != nil {
					b.Fatal(err)
				}
			}, "passport agree"},
		// A file that was copied in, and the draft that cites it.
		{"cited, recorded; then the copy thrown away", true, func(b *box) {
			if err := os.Remove(filepath.Join(b.dir, report(b))); err != nil {
				b.Fatal(err)
			}
		}, func(b *box, before state, said string) {
			b.is(said, "it is whole now") // the act's own file, gone in that moment: it is put back
			b.is(b.read(report(b)), "as seen")
			b.clean("")
		}, "request cite"},
		{"cited, not recorded; then the copy written over", false, func(b *box) { b.write(report(b), "with a word more") }, func(b *box, before state, said string) {
			b.is(said, "changed since and is left as it is")
			b.is(b.read(report(b)), "with a word more")
			b.clean("?? " + report(b))
			if err := os.Remove(filepath.Join(b.dir, b.only(".git/sendctl/cut-off-*.json"))); err != nil {
				b.Fatal(err)
			}
		}, "request cite"},
		{"cited, not recorded; then the copy thrown away", false, func(b *box) {
			if err := os.Remove(filepath.Join(b.dir, report(b))); err != nil {
				b.Fatal(err)
			}
		}, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.clean("")
		}, "request cite"},
		{"granted, not recorded; then staged", false, func(b *box) { b.git("add", "-A", "learners") }, func(b *box, before state, said string) {
			b.is(said, "the files are as they were")
			b.whole(before)
		}, "request decided"},
		{"granted, recorded; then reverted by git", true, func(b *box) { b.git("revert", "--no-edit", "HEAD") }, func(b *box, before state, said string) {
			b.is(said, "it is whole now")
			b.clean("")
			if strings.Contains(b.read("learners/"+b.id+"/learner.yaml"), "top_up") {
				b.Error("the revert was taken back")
			}
		}, "request decided"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, before := cut(t, deedNamed(tt.deed), tt.recorded)
			// Git may not be kept by a lock that a killed sendctl left; that is as with a killed git.
			locks, _ := filepath.Glob(filepath.Join(b.dir, ".git", "*.lock"))
			for _, l := range locks {
				os.Remove(l)
			}
			tt.then(b)
			var said []string
			if err := b.desk(&said).Recover(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := b.desk(&said).Recover(context.Background()); err != nil {
				t.Fatalf("a second time: %v", err)
			}
			tt.check(b, before, strings.Join(said, "\n"))
			b.tidy()
			if out := b.git("fsck", "--strict", "--no-dangling"); out != "" {
				t.Error(out)
			}
		})
	}
}

func (b *box) is(text, part string) {
	b.Helper()
	if !strings.Contains(text, part) {
		b.Errorf("%q does not hold %q", text, part)
	}
}

func (b *box) clean(want string) {
	b.Helper()
	if got := b.git("status", "--porcelain", "--untracked-files=all"); got != want {
		b.Errorf("git status: %q, want %q", got, want)
	}
}

// A git that a killed sendctl had asked to commit works on; nothing is put back under its hands.
func TestGitWorksOnAfterTheCrash(t *testing.T) {
	b, before := cut(t, deedNamed("review"), false)
	lock := filepath.Join(b.dir, ".git", "index.lock")
	if err := os.WriteFile(lock, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	dirty := b.state()
	d := b.desk(nil)
	if err := d.Recover(context.Background()); err != nil {
		t.Errorf("a command that reads: %v", err)
	}
	_, err := d.Note(context.Background(), b.id, note("x"))
	var busy *trail.BusyError
	if !errors.As(err, &busy) || !d.Store.Pending() {
		t.Errorf("got %v", err)
	}
	if after := b.state(); after.Head != dirty.Head || after.Status != dirty.Status {
		t.Errorf("something was put back: %s", after.Status)
	}
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	if err := d.Recover(context.Background()); err != nil || b.whole(before) {
		t.Errorf("once git is done: %v", err)
	}
}

// Hooks have git make the commit. Whatever becomes of it, it is all or nothing.
func TestHandedOver(t *testing.T) {
	hook := func(b *box, name, script string) {
		p := filepath.Join(b.dir, ".git", "hooks", name)
		if err := os.WriteFile(p, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	t.Run("a hook refuses", func(t *testing.T) {
		b := fresh(t, "planned")
		hook(b, "commit-msg", "exit 1\n")
		before := b.state()
		out, err := b.command(deedNamed("review").args(b)...).CombinedOutput()
		if err == nil || b.whole(before) {
			t.Errorf("it went through: %s", out)
		}
	})
	t.Run("git fails after it has committed", func(t *testing.T) {
		b := fresh(t, "planned")
		before := b.state()
		// A git whose last breath comes after the branch has moved, as with a full disk.
		real, err := exec.LookPath("git")
		if err != nil {
			t.Fatal(err)
		}
		bin := t.TempDir()
		script := "#!/bin/sh\n'" + real + "' \"$@\" || exit $?\nfor a in \"$@\"; do [ \"$a\" = commit ] && exit 128; done\nexit 0\n"
		if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		hook(b, "commit-msg", "exit 0\n")
		cmd := b.command(deedNamed("review").args(b)...)
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil || !b.whole(before) {
			t.Errorf("it is recorded, and yet: %v %s", err, out)
		}
		b.is(string(out), "git ended with an error")
	})
	t.Run("killed while the hook runs", func(t *testing.T) {
		b := fresh(t, "planned")
		hook(b, "commit-msg", "touch .git/in-hook\nwhile [ ! -e .git/go-on ]; do sleep 0.02; done\n")
		before := b.state()
		cmd := b.command(deedNamed("review").args(b)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, filepath.Join(b.dir, ".git", "in-hook"), true)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		d := b.desk(nil)
		if err := d.Recover(context.Background()); err != nil || !d.Store.Pending() {
			t.Errorf("with git at work: %v", err)
		}
		b.write(".git/go-on", "")
		await(t, filepath.Join(b.dir, ".git", "index.lock"), false)
		var said []string
		if err := b.desk(&said).Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !b.whole(before) {
			t.Errorf("git recorded it, and it is gone: %q", said)
		}
	})
}

// await waits for a file to come or to go.
func await(t *testing.T, p string, there bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(p); (err == nil) == there {
			return
		}
	}
	t.Fatalf("%s: waited in vain", p)
}

// A journal that is not for us to follow is left, said, and stops acts alone.
func TestJournalOfOthers(t *testing.T) {
	for name, text := range map[string]string{
		"another version": `{"format":"sendctl-journal/2","changes":[{"path":"people.yaml"}]}`,
		"no version":      `{"act":"note","changes":[]}`,
		"another folder":  `{"format":"sendctl-journal/1","folder":"../../other","changes":[]}`,
	} {
		b := fresh(t, "planned")
		b.write(".git/sendctl/journal.json", text)
		before := b.state()
		var said []string
		d := b.desk(&said)
		if err := d.Recover(context.Background()); err != nil || len(said) != 1 {
			t.Errorf("%s: %v, said %q", name, err, said)
		}
		_, err := d.Note(context.Background(), b.id, note("x"))
		var other *store.JournalError
		if !errors.As(err, &other) {
			t.Errorf("%s: %v", name, err)
		}
		if after := b.state(); after.Head != before.Head || b.read(".git/sendctl/journal.json") != text {
			t.Errorf("%s: something was done", name)
		}
	}
	b := fresh(t, "planned")
	b.write(".git/sendctl/journal.json", `{"format":"sendctl-jour`)
	var said []string
	if err := b.desk(&said).Recover(context.Background()); err != nil || len(said) != 1 || !strings.Contains(said[0], "set aside in") {
		t.Errorf("cut off: %v, said %q", err, said)
	}
	if _, err := b.desk(nil).Note(context.Background(), b.id, note("x")); err != nil {
		t.Error(err)
	}
}

// A folder that may not be written is read all the same, and an act in it fails whole.
func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	b := fresh(t, "planned")
	before := b.state()
	dir := filepath.Dir(filepath.Join(b.dir, b.only("learners/*/cycles/*.yaml")))
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	_, err := b.desk(nil).Note(context.Background(), b.id, note("x"))
	os.Chmod(dir, 0o755)
	if !errors.Is(err, os.ErrPermission) || b.whole(before) {
		t.Errorf("got %v", err)
	}
}

// A record folder may be a folder of a larger repository, and .git then lies above it.
func TestKilledInSubfolder(t *testing.T) {
	skipUntraced(t)
	begin := func() *box {
		b := fresh(t, "planned")
		sub := filepath.Join(b.dir, "school")
		if err := os.Mkdir(sub, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"learners", "people.yaml", "sendctl.yaml", "pathway.yaml", ".gitattributes", ".sendctl", ".vscode"} {
			b.git("mv", name, "school/"+name)
		}
		b.git("commit", "-q", "--no-verify", "-m", "into a folder of its own")
		b.dir = sub
		return b
	}
	for n := 3; ; n += 25 {
		b := begin()
		before := b.state()
		_, ws, out := b.traced(words("note ID --date 2025-10-11 Steady.")(b), func(k int, _ string) fault { return fault{kill: k == n} })
		if ws.Exited() {
			if ws.ExitStatus() != 0 || !b.whole(before) {
				t.Errorf("the act itself fails: %s", out)
			}
			return
		}
		if err := b.desk(nil).Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		if b.whole(before); t.Failed() {
			t.Fatalf("killed at change %d", n)
		}
	}
}

// Hand edits are recorded ahead of the act. Whatever is killed: both are recorded, the
// hand edit alone, or neither, and the hand edit is on disk in any case.
func TestKilledOverHandEdits(t *testing.T) {
	skipUntraced(t)
	seen := map[string]int{}
	by := 14
	if os.Getenv("CASEWORK_EVERY_STEP") != "" {
		by = 1
	}
	for n := 2; ; n += by {
		b := fresh(t, "planned")
		p := b.only("learners/*/cycles/*.yaml")
		b.write(p, strings.Replace(b.read(p), "Quicker.", "Quicker, and glad.", 1))
		before := b.head()
		_, ws, out := b.traced(append(words("note ID --date 2025-10-11 Steady.")(b), "--with-edits"), func(k int, _ string) fault { return fault{kill: k == n} })
		if ws.Exited() && ws.ExitStatus() != 0 {
			t.Fatalf("the act itself fails: %s", out)
		}
		if err := b.desk(nil).Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		b.next()
		made := b.git("rev-list", "--count", before+"..HEAD")
		status := map[string]string{"0": "M " + p, "1": "", "2": ""}[made]
		b.clean(status)
		b.tidy()
		b.is(b.read(p), "glad")
		if strings.Contains(b.read(p), "Steady") != (made == "2") {
			t.Errorf("%s commits, and the note is there or not", made)
		}
		seen[made]++
		if t.Failed() {
			t.Fatalf("killed at change %d", n)
		}
		if ws.Exited() {
			break
		}
	}
	if len(seen) < 3 {
		t.Errorf("not all was met: %v", seen)
	}
}
