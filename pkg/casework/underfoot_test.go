package casework_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

func note(words string) learner.Note {
	return learner.Note{Date: date.New(2025, time.October, 11), By: "grimes", Words: learner.Words(words)}
}

// refused checks that an act came back with an error of type T and left everything as it was.
func refused[T error](b *box, before state, err error) {
	b.Helper()
	var want T
	if !errors.As(err, &want) {
		b.Errorf("got %T: %v, want %T", err, err, want)
	}
	if b.whole(before) {
		b.Error("something was recorded")
	}
}

// While an act is worked out or asked about, somebody saves the file.
func TestFileChangedBetweenReadingAndWriting(t *testing.T) {
	b := fresh(t, "planned")
	p := b.only("learners/*/cycles/*.yaml")
	d := b.desk(nil)
	var saved state
	d.Author = func(now time.Time) (trail.Ident, error) { // asked for after the record is read
		b.write(p, strings.Replace(b.read(p), "Quicker.", "Quicker!", 1))
		saved = b.state()
		return trail.Ident{Name: "P. Grimes", Email: "grimes@thornelaw.example", When: now}, nil
	}
	// What is saved is a hand edit, too; it must be met as one or as a move, and stay.
	d.HandEdits = func([]string) (bool, error) { return true, nil }
	_, err := d.Note(context.Background(), b.id, note("x"))
	refused[*store.MovedError](b, saved, err)
	if !strings.Contains(b.read(p), "Quicker!") {
		t.Error("what was saved is lost")
	}
}

func TestEditOfWhatChangedMeanwhile(t *testing.T) {
	b := fresh(t, "concern")
	p := "learners/" + b.id + "/learner.yaml"
	was := b.read(p)
	b.write(p, was+"# saved meanwhile\n")
	before := b.state()
	_, err := b.desk(nil).Edit(context.Background(), b.id, p, []byte(was), []byte(was+"# mine\n"))
	refused[*store.MovedError](b, before, err)
}

func TestHandEdits(t *testing.T) {
	b := fresh(t, "planned")
	p := b.only("learners/*/cycles/*.yaml")
	b.write(p, strings.Replace(b.read(p), "Quicker.", "Quicker, and glad.", 1))
	before := b.state()

	d := b.desk(nil)
	_, err := d.Note(context.Background(), b.id, note("x"))
	refused[*casework.HandEditsError](b, before, err)
	d.HandEdits = func([]string) (bool, error) { return false, nil }
	_, err = d.Note(context.Background(), b.id, note("x"))
	refused[*casework.HandEditsError](b, before, err)
	stop := errors.New("stop")
	d.HandEdits = func([]string) (bool, error) { return true, stop }
	if _, err = d.Note(context.Background(), b.id, note("x")); !errors.Is(err, stop) || b.whole(before) {
		t.Errorf("got %v", err)
	}

	var asked []string
	d.HandEdits = func(paths []string) (bool, error) { asked = paths; return true, nil }
	if _, err := d.Note(context.Background(), b.id, note("And then this.")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{p}, asked); diff != "" {
		t.Error(diff)
	}
	log := b.git("log", "-2", "--format=%s")
	if !strings.HasPrefix(log, "note: ") || !strings.Contains(log, "\nedit: ") {
		t.Errorf("the hand edit is not a commit of its own, ahead of the note: %s", log)
	}
	for line := range strings.Lines(b.git("show", "--format=", "HEAD")) {
		if strings.HasPrefix(line, "+") && strings.Contains(line, "glad") {
			t.Errorf("the note's commit holds the hand edit too: %s", line)
		}
	}
	b.tidy()
}

// A hand edit of another file of the same learner is left alone.
func TestHandEditElsewhere(t *testing.T) {
	b := fresh(t, "planned")
	p := "learners/" + b.id + "/learner.yaml"
	b.write(p, b.read(p)+"# by hand\n")
	if _, err := b.desk(nil).Note(context.Background(), b.id, note("x")); err != nil {
		t.Fatal(err)
	}
	if got := b.git("status", "--porcelain"); got != "M "+p {
		t.Errorf("git status: %s", got)
	}
}

// A sealed file changed by hand is never committed, by no act.
func TestSealedFileChangedByHand(t *testing.T) {
	b := fresh(t, "reviewed")
	p := b.only("learners/*/cycles/*.yaml")
	id := strings.TrimSuffix(p[strings.LastIndex(p, "-")+1:], ".yaml")
	sealed := b.read(p)
	b.write(p, strings.Replace(sealed, "result: 19", "result: 29", 1))
	if b.read(p) == sealed {
		t.Fatal("the file holds no such result")
	}
	before := b.state()
	d := b.desk(nil)
	d.HandEdits = func([]string) (bool, error) { return true, nil }
	ctx := context.Background()

	_, err := d.Edit(ctx, b.id, p, []byte(b.read(p)), []byte(b.read(p)))
	refused[*casework.SealedError](b, before, err)
	_, err = d.Edit(ctx, b.id, p, []byte(b.read(p)), []byte(sealed+"# more\n"))
	refused[*casework.SealedError](b, before, err)
	_, err = d.Correct(ctx, b.id, learner.Correction{Corrects: id, Path: "review.targets[t2].result", Is: "9", Because: "miscounted", Date: date.New(2025, time.November, 24)})
	refused[*casework.StateError](b, before, err)
	_, err = d.Note(ctx, b.id, note("x")) // there is no open cycle
	refused[*casework.StateError](b, before, err)

	out, err := b.command("contact", b.id, "--with", "mum", "--how", "meeting", "--about", "review", "--said", "x", "--date", "2025-12-01", "--with-edits").CombinedOutput()
	if err != nil {
		t.Fatalf("an act on another file: %s", out)
	}
	if got := b.git("status", "--porcelain"); got != "M "+p || b.git("show", "HEAD:"+p) != strings.TrimSpace(sealed) {
		t.Errorf("git status: %s", got)
	}
}

// A seal that was damaged protects its file all the same.
func TestDamagedSeal(t *testing.T) {
	b := fresh(t, "reviewed")
	p := b.only("learners/*/cycles/*.yaml")
	s := b.only("learners/*/seals/*.seal")
	b.write(s, "no seal at all\n")
	before := b.state()
	text := b.read(p)
	_, err := b.desk(nil).Edit(context.Background(), b.id, p, []byte(text), []byte(text+"# more\n"))
	refused[*casework.SealedError](b, before, err)
}

// An act never begins a second cycle beside one that cannot be read, and never
// writes a new contact log over one that cannot be.
func TestUnreadableFiles(t *testing.T) {
	b := fresh(t, "planned")
	p := b.only("learners/*/cycles/*.yaml")
	b.write(p, b.read(p)+"plan: [\n")
	before := b.state()
	_, err := b.desk(nil).Note(context.Background(), b.id, note("x"))
	refused[*recordfile.FaultsError](b, before, err)
	out, _ := b.command("plan", b.id, "--answers", filepath.Join(mustAbs(t, answers), "jude/plan-2.yaml")).CombinedOutput()
	if b.whole(before) {
		t.Errorf("a plan was recorded: %s", out)
	}

	b = fresh(t, "planned")
	p = "learners/" + b.id + "/contacts.yaml"
	b.write(p, b.read(p)+"contacts: [\n")
	before = b.state()
	d := b.desk(nil)
	d.HandEdits = func([]string) (bool, error) { return true, nil }
	_, err = d.Contact(context.Background(), b.id, learner.ContactEntry{Date: date.New(2025, time.October, 11), With: []string{"mum"}, By: "grimes", How: "meeting", About: "review"})
	refused[*recordfile.FaultsError](b, before, err)
}

func mustAbs(t *testing.T, p string) string {
	t.Helper()
	abs, err := filepath.Abs(p)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// Something else is staged on the path that the act would commit.
func TestOtherContentStaged(t *testing.T) {
	b := fresh(t, "planned")
	p := b.only("learners/*/cycles/*.yaml")
	was := b.read(p)
	b.write(p, was+"# staged\n")
	b.git("add", p)
	b.write(p, was)
	before := b.state()
	d := b.desk(nil)
	d.HandEdits = func([]string) (bool, error) { return true, nil }
	_, err := d.Note(context.Background(), b.id, note("x"))
	refused[*trail.RefusedError](b, before, err)

	b.git("restore", "--staged", p)
	b.write("other.txt", "mine")
	b.git("add", "other.txt")
	if _, err := d.Note(context.Background(), b.id, note("x")); err != nil {
		t.Fatal(err)
	}
	if got := b.git("status", "--porcelain"); got != "A  other.txt" {
		t.Errorf("git status: %s", got)
	}
}

// An editor text that goes back to what was last recorded is kept, and is nothing to record.
func TestEditBackToWhatIsRecorded(t *testing.T) {
	b := fresh(t, "concern")
	p := "learners/" + b.id + "/learner.yaml"
	recorded := b.read(p)
	b.write(p, recorded+"# by hand\n")
	head := b.head()
	_, err := b.desk(nil).Edit(context.Background(), b.id, p, []byte(recorded+"# by hand\n"), []byte(recorded))
	var nothing *casework.NothingError
	if !errors.As(err, &nothing) || !nothing.Undone || b.read(p) != recorded || b.head() != head {
		t.Errorf("got %v", err)
	}
	if got := b.git("status", "--porcelain"); got != "" {
		t.Errorf("git status: %s", got)
	}
	_, err = b.desk(nil).Edit(context.Background(), b.id, p, []byte(recorded), []byte(recorded))
	if !errors.As(err, &nothing) || nothing.Undone {
		t.Errorf("got %v", err)
	}
	b.tidy()
}

// Permission bits stay as a person set them, whatever the umask.
func TestPermissionsStay(t *testing.T) {
	b := fresh(t, "planned")
	p := b.only("learners/*/cycles/*.yaml")
	full := filepath.Join(b.dir, filepath.FromSlash(p))
	if err := os.Chmod(full, 0o660); err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk(nil).Note(context.Background(), b.id, note("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(full)
	if err != nil || info.Mode().Perm()&0o777 != 0o660 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Two at once, in one process and in several: every act is there, in one line of history.
func TestManyAtOnce(t *testing.T) {
	b := fresh(t, "planned")
	count := b.git("rev-list", "--count", "HEAD")
	var wg sync.WaitGroup
	for i := range 4 {
		d := b.desk(nil)
		d.LockWait = time.Minute
		wg.Go(func() {
			if _, err := d.Note(context.Background(), b.id, note(fmt.Sprintf("within %d", i))); err != nil {
				t.Errorf("within %d: %v", i, err)
			}
		})
		cmd := b.command("note", b.id, "--date", "2025-10-11", fmt.Sprintf("beside %d", i))
		wg.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("beside %d: %v %s", i, err, out)
			}
		})
	}
	wg.Wait()
	var before int
	if _, err := fmt.Sscan(count, &before); err != nil {
		t.Fatal(err)
	}
	if got := b.git("rev-list", "--count", "HEAD"); got != fmt.Sprint(before+8) {
		t.Errorf("%s commits, want %d", got, before+8)
	}
	text := b.read(b.only("learners/*/cycles/*.yaml"))
	for i := range 4 {
		for _, w := range []string{"within", "beside"} {
			if !strings.Contains(text, fmt.Sprintf("%s %d", w, i)) {
				t.Errorf("the note %s %d is lost", w, i)
			}
		}
	}
	if got := b.git("status", "--porcelain") + b.git("fsck", "--strict", "--no-dangling"); got != "" {
		t.Error(got)
	}
	b.tidy()
}

// Somebody else is writing: nothing happens, and the error says who it is.
func TestHeld(t *testing.T) {
	b := fresh(t, "planned")
	release, err := b.desk(nil).Store.Lock(context.Background(), "review", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := b.state()
	_, err = b.desk(nil).Note(context.Background(), b.id, note("x"))
	var held *store.HeldError
	if !errors.As(err, &held) || !strings.Contains(held.Holder, fmt.Sprintf("process %d ", os.Getpid())) || !strings.Contains(held.Holder, "sendctl review") {
		t.Errorf("got %v", err)
	}
	// What only reads goes on meanwhile, also in the middle of an act.
	if err := b.desk(nil).Recover(context.Background()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	d := b.desk(nil)
	d.LockWait = time.Hour
	if _, err := d.Note(ctx, b.id, note("x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that is cut short: %v", err)
	}
	release()
	if b.whole(before) {
		t.Error("something was recorded")
	}
}

// A context that ends in the middle of an act ends it, and everything is as before.
func TestCancelled(t *testing.T) {
	b := fresh(t, "planned")
	before := b.state()
	ctx, cancel := context.WithCancel(context.Background())
	d := b.desk(nil)
	d.Author = func(now time.Time) (trail.Ident, error) {
		cancel()
		return trail.Ident{Name: "P. Grimes", Email: "grimes@thornelaw.example", When: now}, nil
	}
	_, err := d.Note(ctx, b.id, note("x"))
	if !errors.Is(err, context.Canceled) || b.whole(before) {
		t.Errorf("got %v", err)
	}
}
