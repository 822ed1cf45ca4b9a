package casework_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// atOnce has several commands begin, answer their questions and wait for one another's
// turn, and then go on all at once. It gives what each ended with and said.
func (b *box) atOnce(commands ...[]string) (codes []int, said []string) {
	b.Helper()
	release, err := b.desk(nil).Store.Lock(context.Background(), "review", 0, nil)
	if err != nil {
		b.Fatal(err)
	}
	codes, said = make([]int, len(commands)), make([]string, len(commands))
	var ready, wg sync.WaitGroup
	for i, args := range commands {
		cmd := b.command(args...)
		talk, err := cmd.StderrPipe()
		if err != nil {
			b.Fatal(err)
		}
		out := &strings.Builder{}
		cmd.Stdout = out
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		ready.Add(1)
		wg.Go(func() {
			lines := bufio.NewReader(talk)
			first, _ := lines.ReadString('\n') // that it waits, or why it does not come so far
			ready.Done()
			rest, _ := io.ReadAll(lines)
			_ = cmd.Wait()
			codes[i], said[i] = cmd.ProcessState.ExitCode(), first+string(rest)+out.String()
			if !strings.HasPrefix(first, "Waiting for someone else") {
				codes[i] = -1
			}
		})
	}
	ready.Wait()
	release()
	wg.Wait()
	return codes, said
}

// commitsHold checks of every commit since base that it is one act, whole: it has a
// Sendctl-Action, and every file it seals is in it, with those bytes and with its seal.
func (b *box) commitsHold(base string) (acts int) {
	b.Helper()
	for _, c := range strings.Fields(b.git("rev-list", base+"..HEAD")) {
		message, names := b.git("log", "-1", "--format=%B", c), strings.Fields(b.git("show", "--format=", "--name-only", c))
		if strings.Count(message, "Sendctl-Action: ") != 1 {
			b.Errorf("a commit is not one act: %s", message)
		}
		acts++
		seals := 0
		for _, n := range names {
			if strings.HasSuffix(n, ".seal") {
				seals++
			}
		}
		if want := strings.Count(message, "Sendctl-Seals: "); seals != want {
			b.Errorf("%d seals in a commit that tells of %d: %s", seals, want, message)
		}
		for line := range strings.Lines(message) {
			rest, ok := strings.CutPrefix(line, "Sendctl-Seals: ")
			if !ok {
				continue
			}
			p, hash, _ := strings.Cut(strings.TrimSpace(rest), " sha256:")
			held, err := exec.Command("git", "-C", b.dir, "show", c+":"+p).Output()
			if sum := sha256.Sum256(held); err != nil || hex.EncodeToString(sum[:]) != hash {
				b.Errorf("%s is not, in its own commit, what was sealed (%v)", p, err)
			}
			if !slices.Contains(names, p) {
				b.Errorf("%s was sealed by a commit that does not hold it", p)
			}
		}
	}
	if got := b.git("status", "--porcelain") + b.git("fsck", "--strict", "--no-dangling"); got != "" {
		b.Error(got)
	}
	b.tidy()
	b.sound()
	return acts
}

// Two people do the same thing in the same moment, or two things that touch one
// another. What can stand beside the other is recorded, each in its own commit; what
// cannot is refused in a sentence that says what to do next, and changes nothing.
func TestTwoPeopleAtOnce(t *testing.T) {
	say := func(s string) []string {
		var out []string
		for _, w := range strings.Fields(s) {
			out = append(out, strings.ReplaceAll(w, "~", " "))
		}
		return out
	}
	const (
		moved   = "was changed by someone else in this moment: nothing was recorded, run the command again"
		told    = " --date 2025-12-01 --sen K --main-need SPLD --not-told Nobody~answered. --because Now."
		decided = "request ID decided --date 2025-12-04 --result agreed --reasons need-clear --chair marr --money 570 --from 2025-12-08 --to 2026-07-17"
	)
	for _, tt := range []struct {
		name, from string
		acts       []string
		stand      int    // how many of them are recorded
		why        string // what the others are told
	}{
		{"two advance to different stages", "reviewed", []string{"advance ID --to passport" + told, "advance ID --to ssp" + told}, 1, "moved by someone else in the meantime: sendctl show ID"},
		{"two advance to the same stage", "reviewed", []string{"advance ID --to passport" + told, "advance ID --to passport" + told}, 1, "moved by someone else in the meantime: sendctl show ID"},
		{"one advances, one writes the passport", "reviewed", []string{"advance ID --to passport" + told, "passport ID --date 2025-12-01 --with mum --know Maps. --help-me-by Cards. --shared-with bell --review-on 2026-12-11"}, 2, ""},
		{"two write the passport", "asked", []string{"passport ID --know Maps.", "passport ID --know Trains."}, 1, moved},
		{"two begin the profile", "reviewed", []string{"profile ID --with mum --admire A. --important B. --support C. --shared-with bell --review-on 2026-12-11", "profile ID --with dad --admire D. --important B. --support C. --shared-with bell --review-on 2026-12-11"}, 1, moved},
		{"two agree", "asked", []string{"passport ID agree --with learner,mum --date 2025-12-01", "passport ID agree --with learner --date 2025-12-01"}, 1, moved},
		{"two read", "asked", []string{"passport ID read --version 1 --by bell", "passport ID read --version 1 --by grimes"}, 2, ""},
		{"the same one reads twice", "asked", []string{"passport ID read --version 1 --by bell", "passport ID read --version 1 --by bell"}, 1, "nothing more is needed"},
		{"two kinds of request", "reviewed", []string{"request ID open cosa --asked-by mum --reasons More. --because Rightful.", "request ID open star --reasons More. --because Now. --from 2026-01-12 --to 2026-07-17 --outcome Reads. --set basis[0].what=hours --set basis[0].cost=500"}, 2, ""},
		{"the same request begun twice", "reviewed", []string{"request ID open cosa --asked-by mum --reasons More. --because Rightful.", "request ID open cosa --asked-by mum --reasons Much. --because Needed."}, 1, "sendctl request ID"},
		{"two who ask for the same", "reviewed", []string{"request ID open cosa --asked-by mum --reasons More. --because Rightful.", "request ID open cosa --reasons Much. --because Needed."}, 2, ""},
		{"two send", "asked", []string{"request ID send --declared eyre --date 2025-12-02", "request ID send --date 2025-12-03"}, 1, "sealed"},
		{"two letters", "sent", []string{"request ID letter received --date 2025-12-03 --reference 77", "request ID letter advice-asked --date 2025-12-04"}, 2, ""},
		{"the same letter twice", "sent", []string{"request ID letter received --date 2025-12-03", "request ID letter received --date 2025-12-03"}, 1, "recorded already"},
		{"the same decision twice", "sent", []string{decided, decided}, 1, "recorded already"},
		{"two decisions", "sent", []string{decided, "request ID decided --date 2025-12-05 --result declined --words Not~yet."}, 2, ""},
		{"the same impact twice", "granted", []string{"request ID impact --date 2026-07-20 --verdict Some.", "request ID impact --date 2026-07-20 --verdict Some."}, 1, "recorded already"},
		{"two pieces of advice, with the same consent", "asked", []string{
			"advice ID --by ep-osei --date 2025-12-05 --seen 2025-12-04 --consent mum --consent-to being~seen --consent-date 2025-12-01",
			"advice ID --by marr --date 2025-12-05 --seen 2025-12-04 --consent mum --consent-to being~seen --consent-date 2025-12-01"}, 2, ""},
		{"two recommendations", "asked", []string{"advice ID act r1 --action A~pen. --done 2025-12-01", "advice ID act r2 --not-followed No~room."}, 2, ""},
		{"the same recommendation twice", "asked", []string{"advice ID act r2 --action A~corner. --done 2025-12-01", "advice ID act r2 --not-followed No~room."}, 1, "already"},
		{"five at a time", "asked", []string{"passport ID read --version 1 --by bell", "advice ID act r1 --action A~pen. --done 2025-12-01", "advance ID --to passport" + told,
			"profile ID --with mum --admire A. --important B. --support C. --shared-with bell --review-on 2026-12-11", "people add sato --name Sato --role teacher"}, 5, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := fresh(t, tt.from)
			base := b.head()
			var commands [][]string
			for _, a := range tt.acts {
				commands = append(commands, say(strings.ReplaceAll(a, "ID", b.id)))
			}
			codes, said := b.atOnce(commands...)
			stood := 0
			for i, code := range codes {
				switch {
				case code == 0:
					stood++
				case code != 1 && (code != 6 || tt.why != moved):
					t.Errorf("exit code %d: %s", code, said[i])
				case !strings.Contains(strings.Join(strings.Fields(said[i]), " "), strings.ReplaceAll(tt.why, "ID", b.id)) || tt.why == "":
					t.Errorf("it does not say %q: %s", tt.why, said[i])
				}
				for _, name := range []string{"Jude", "Ashworth"} {
					if strings.Contains(said[i], name) {
						t.Errorf("it names the learner: %s", said[i])
					}
				}
			}
			if made := b.commitsHold(base); stood != tt.stand || made != tt.stand {
				t.Errorf("%d are said to stand and %d do, of %d: %q", stood, made, tt.stand, said)
			}
		})
	}
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
