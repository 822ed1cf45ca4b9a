package casework_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// packed hands the box's learner over and gives the parcel of it.
func (b *box) packed() parcel.Parcel {
	b.Helper()
	d := b.desk(nil)
	h, err := d.HandOver(context.Background(), b.id, casework.Passing{To: learner.Place{Name: "Otherhay"}, Date: date.Of(time.Now())}, "", false)
	if err != nil {
		b.Fatal(err)
	}
	p, err := d.HandoverParcel(context.Background(), b.id, h.Handover)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// laden gives a parcel with one file changed; nil takes it out.
func laden(p parcel.Parcel, name string, b []byte) parcel.Parcel {
	p.Files = slices.DeleteFunc(slices.Clone(p.Files), func(f parcel.File) bool { return f.Path == name })
	if b != nil {
		p.Files = append(p.Files, parcel.File{Path: name, Bytes: b})
	}
	return p
}

func pathIn(t *testing.T, p parcel.Parcel, part string) string {
	t.Helper()
	for _, f := range p.Files {
		if strings.Contains(f.Path, part) {
			return f.Path
		}
	}
	t.Fatalf("the parcel holds no %s", part)
	return ""
}

// A parcel that is whole as a file is judged by what it holds: whatever was changed in
// it before it was packed is refused, or told as not as it was sealed.
func TestJudge(t *testing.T) {
	b := fresh(t, "asked")
	p := b.packed()
	dir := "learners/" + b.id + "/"
	whole, err := casework.Judge(p)
	if err != nil || len(whole.Faults) > 0 || len(whole.Proven) < 2 || len(whole.Open) == 0 {
		t.Fatalf("the parcel as it was made: %v, %+v", err, whole)
	}
	text := func(name string) []byte {
		f, ok := p.File(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		return f
	}
	edit := func(name, old, new string) parcel.Parcel {
		was := string(text(name))
		if !strings.Contains(was, old) {
			t.Fatalf("%s holds no %q", name, old)
		}
		return laden(p, name, []byte(strings.Replace(was, old, new, 1)))
	}
	cycle, review := pathIn(t, p, "/cycles/"), pathIn(t, p, "-review.seal")
	handover := pathIn(t, p, "/handovers/")
	later, demo, other, by, kind := p, p, p, p, p
	later.Made = p.Made.Add(time.Hour)
	demo.Demonstration = date.New(2026, 6, 1)
	other.Learner = "bk7m2xqt"
	by.By = "bell"
	kind.Kind = "proof"
	for name, tt := range map[string]struct {
		p       parcel.Parcel
		refused bool // else it is told as a fault
	}{
		"a sealed file altered":           {edit(cycle, "progress: ", "progress:  "), false},
		"a sealed file gone":              {laden(p, cycle, nil), false},
		"a seal gone from the chain":      {laden(p, review, nil), false},
		"a seal altered":                  {edit(review, "act: review", "act: reviev"), false},
		"a seal of another learner":       {edit(review, "learner: "+b.id, "learner: bk7m2xqt"), true},
		"the handover altered":            {edit(handover, "Otherhay", "Elsewhere"), true},
		"the handover gone":               {laden(p, handover, nil), true},
		"a review without a seal":         {laden(p, dir+"cycles/2025-01-06-initial-concerns-zzzz.yaml", bytes.ReplaceAll(text(cycle), []byte("opened"), []byte("opened"))), false},
		"a file read in two ways":         {edit(dir+"learner.yaml", "joined:", "stage: left\njoined:"), false},
		"another time than the handover":  {later, true},
		"somebody else than who did it":   {by, true},
		"passed off as a demonstration":   {demo, true},
		"passed off as another learner's": {other, true},
		"another kind":                    {kind, true},
		"another learner's file":          {laden(p, "learners/bk7m2xqt/learner.yaml", text(dir+"learner.yaml")), true},
		"a file outside":                  {laden(p, "hooks/pre-commit", []byte("#!/bin/sh\n")), true},
		"a file of no kind":               {laden(p, dir+"run.sh", []byte("#!/bin/sh\n")), true},
		"another demonstration":           {edit("sendctl.yaml", "require_signatures: false", "require_signatures: false\ndemonstration: {today: 2026-06-01}"), true},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := casework.Judge(tt.p)
			var refused *casework.RefusedParcelError
			switch {
			case tt.refused && err == nil:
				t.Errorf("taken: %+v", c.Faults)
			case tt.refused && name != "passed off as another learner's" && !errors.As(err, &refused):
				t.Errorf("refused for another reason: %v", err)
			case !tt.refused && (err != nil || len(c.Faults) == 0):
				t.Errorf("not told: %v", err)
			}
		})
	}
}

// Whatever bit of what is sealed, or of a seal, is another than it was, the parcel is
// not taken for whole. But for the last seal of all: no other names it, and where it is
// not signed anybody can make it anew. The receipt names it, and shows that.
func TestJudgeEveryBit(t *testing.T) {
	b := fresh(t, "asked")
	p := b.packed()
	var names []string
	for _, f := range p.Files {
		for _, part := range []string{"/seals/", "/cycles/", "/handovers/"} {
			if strings.Contains(f.Path, part) && !strings.HasSuffix(f.Path, "-handover.seal") {
				names = append(names, f.Path)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "file")
		was, _ := p.File(name)
		at := rapid.IntRange(0, len(was)*8-1).Draw(t, "bit")
		bent := slices.Clone(was)
		bent[at/8] ^= 1 << (at % 8)
		if c, err := casework.Judge(laden(p, name, bent)); err == nil && len(c.Faults) == 0 {
			t.Errorf("bit %d of %s is another, and nobody sees it", at, name)
		}
	})
}

// Taking in is refused, and changes nothing, where the record is here already; and the
// files that are taken in are those of the parcel.
func TestReceive(t *testing.T) {
	b := fresh(t, "asked")
	twin := &box{t, filepath.Join(t.TempDir(), "twin"), b.id}
	if err := os.CopyFS(twin.dir, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	twin.git("update-index", "-q", "--refresh")
	p := b.packed()
	c, err := casework.Judge(p)
	if err != nil {
		t.Fatal(err)
	}
	today := casework.Taking{Date: date.Of(time.Now())}

	before := twin.state()
	var refused *casework.RefusedParcelError
	if _, err := twin.desk(nil).Receive(context.Background(), c, today); !errors.As(err, &refused) || !strings.Contains(err.Error(), "never handed over from here") {
		t.Errorf("taken in beside a record that is the same child's: %v", err)
	}
	if twin.whole(before) {
		t.Error("something was recorded")
	}

	there := fresh(t, "new")
	before = there.state()
	done, err := there.desk(nil).Receive(context.Background(), c, today)
	if err != nil {
		t.Fatal(err)
	}
	if !there.whole(before) {
		t.Error("nothing was recorded")
	}
	for _, f := range p.Files {
		if strings.HasPrefix(f.Path, "learners/") && there.read(f.Path) != string(f.Bytes) {
			t.Errorf("%s is not as it came", f.Path)
		}
	}
	// Those whom this folder knows as the very same are not twice; the others came along.
	people := there.read("learners/" + b.id + "/people.yaml")
	if strings.Contains(people, "id: grimes") || !strings.Contains(people, "id: ep-osei") {
		t.Errorf("the adults who came along:\n%s", people)
	}
	var here *casework.HereError
	if _, err := there.desk(nil).Receive(context.Background(), c, today); !errors.As(err, &here) || here.File != done.File {
		t.Errorf("taken in twice: %v", err)
	}

	// The clock of the other school may be behind.
	slow := fresh(t, "new")
	d, late := slow.desk(nil), time.Now().Add(-20*time.Minute)
	if date.Of(late) == today.Date { // not just after midnight
		d.Now = func() time.Time { return late }
	}
	d.Author = func(now time.Time) (trail.Ident, error) {
		return trail.Ident{Name: "M. Eyre", Email: "eyre@thornelaw.example", When: now}, nil
	}
	if _, err := d.Receive(context.Background(), c, today); err != nil {
		t.Errorf("refused for a clock that is behind: %v", err)
	}

	// An arrival says who came with the record: if that file is changed, the next school sees it.
	there.id = b.id
	there.run("handover", b.id, "--to-name", "Thornelaw", "--output", filepath.Join(there.TempDir(), "x.parcel"))
	next := there.again()
	changed, err := casework.Judge(laden(next, "learners/"+b.id+"/people.yaml", []byte(strings.Replace(people, "T. Osei", "T. Osey", 1))))
	if err != nil || len(changed.Faults) == 0 {
		t.Errorf("the adults were changed, and nobody sees it: %v", err)
	}
	if same, err := casework.Judge(next); err != nil || len(same.Faults) > 0 {
		t.Errorf("%v, %v", err, same.Faults)
	}
}

// again is the parcel of the box's one handover that was made here.
func (b *box) again() parcel.Parcel {
	b.Helper()
	d := b.desk(nil)
	h, err := d.HandOver(context.Background(), b.id, casework.Passing{To: learner.Place{Name: "Thornelaw"}, Date: date.Of(time.Now())}, "", false)
	if err != nil || !h.Again {
		b.Fatal(err, h)
	}
	p, err := d.HandoverParcel(context.Background(), b.id, h.Handover)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// A record that is not as it was sealed goes only with a reason, and is taken in only
// with one; both are kept.
func TestUnsound(t *testing.T) {
	b := fresh(t, "reviewed")
	cycle := b.only("learners/*/cycles/*.yaml")
	b.write(cycle, b.read(cycle)+"# by hand\n")
	b.git("commit", "-qam", "a slip", "--no-verify")
	passing := casework.Passing{To: learner.Place{Name: "Otherhay"}, Date: date.Of(time.Now())}
	var unsound *casework.UnsoundError
	if _, err := b.desk(nil).HandOver(context.Background(), b.id, passing, "", false); !errors.As(err, &unsound) {
		t.Fatalf("handed over all the same: %v", err)
	}
	d := b.desk(nil)
	h, err := d.HandOver(context.Background(), b.id, passing, "The child has gone already.", false)
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.HandoverParcel(context.Background(), b.id, h.Handover)
	if err != nil {
		t.Fatal(err)
	}
	c, err := casework.Judge(p)
	if err != nil || len(c.Faults) == 0 || !slices.ContainsFunc(c.Told, func(s string) bool { return strings.Contains(s, "The child has gone already.") }) {
		t.Fatalf("%v, %+v", err, c)
	}
	there := fresh(t, "new")
	before := there.state()
	var faults *recordfile.FaultsError
	if _, err := there.desk(nil).Receive(context.Background(), c, casework.Taking{Date: passing.Date}); !errors.As(err, &faults) {
		t.Errorf("taken in all the same: %v", err)
	}
	if there.whole(before) {
		t.Error("something was recorded")
	}
	if _, err := there.desk(nil).Receive(context.Background(), c, casework.Taking{Date: passing.Date, Anyway: "We need what there is."}); err != nil {
		t.Fatal(err)
	}
	if text := there.read(there.only("learners/*/arrivals/*.yaml")); !strings.Contains(text, "We need what there is.") {
		t.Errorf("the reason is not kept:\n%s", text)
	}
}

// A receipt counts for the very parcel that was handed over, and for no other.
func TestReceipt(t *testing.T) {
	b := fresh(t, "reviewed")
	p := b.packed()
	c, err := casework.Judge(p)
	if err != nil {
		t.Fatal(err)
	}
	there := fresh(t, "new")
	done, err := there.desk(nil).Receive(context.Background(), c, casework.Taking{Date: date.Of(time.Now())})
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := there.desk(nil).ReceiptParcel(context.Background(), b.id, done.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range receipt.Files {
		if strings.Contains(string(f.Bytes), "Jude") || strings.Contains(string(f.Bytes), "Ashworth") {
			t.Errorf("the receipt names the child in %s", f.Path)
		}
	}
	arrival := pathIn(t, receipt, "/arrivals/")
	text, _ := receipt.File(arrival)
	bent := laden(receipt, arrival, bytes.Replace(text, []byte("seals: "), []byte("seals: 1"), 1))
	if _, err := casework.Judge(bent); err == nil {
		t.Error("an arrival that is not as it was sealed is taken for a receipt")
	}
	came, err := casework.Judge(receipt)
	if err != nil {
		t.Fatal(err)
	}

	// Another folder's receipt: here the learner is unknown, there nothing was handed over.
	var none *folder.NoLearnerError
	if _, err := fresh(t, "new").desk(nil).TakeReceipt(context.Background(), came); !errors.As(err, &none) {
		t.Errorf("recorded where the learner is unknown: %v", err)
	}
	before := b.state()
	if _, err := b.desk(nil).TakeReceipt(context.Background(), came); err != nil {
		t.Fatal(err)
	}
	if !b.whole(before) {
		t.Error("nothing was recorded")
	}
	var here *casework.HereError
	if _, err := b.desk(nil).TakeReceipt(context.Background(), came); !errors.As(err, &here) {
		t.Errorf("recorded twice: %v", err)
	}
	// A second handover is not answered by the receipt of the first.
	b.run("handover", b.id, "--to-name", "Otherhay", "--anew", "--output", filepath.Join(t.TempDir(), "x.parcel"))
	if text := b.run("show", b.id); !strings.Contains(text, "no receipt yet") {
		t.Errorf("the receipt of the first handover counts for the second:\n%s", text)
	}
}

// TestHandoverKilled kills handover at many moments: run again, it makes the parcel of
// one and the same handover, whole.
func TestHandoverKilled(t *testing.T) {
	skipUntraced(t)
	t.Parallel()
	moments := strides{first: 3, by: 23}
	for n := moments.first; ; n += moments.next() {
		b := fresh(t, "reviewed")
		before := b.state()
		out := filepath.Join(filepath.Dir(b.dir), "out.parcel")
		args := []string{"handover", b.id, "--to-name", "Otherhay", "--output", out}
		_, ws, said := b.traced(args, func(k int, _ string) fault { return fault{kill: k == n} })
		if ws.Exited() {
			if ws.ExitStatus() != 0 {
				t.Fatalf("the act itself fails: %s", said)
			}
			readParcel(t, out)
			break
		}
		if _, err := os.Stat(out); err == nil {
			readParcel(t, out) // it is there whole, or not at all
		}
		if err := b.desk(nil).Recover(context.Background()); err != nil {
			t.Fatalf("killed at %d: %v", n, err)
		}
		b.next()
		b.whole(before)
		b.run(args...)
		b.whole(before)
		b.only("learners/*/handovers/*.yaml")
		c, err := casework.Judge(readParcel(t, out))
		if err != nil || len(c.Faults) > 0 {
			t.Errorf("killed at %d: %v, %v", n, err, c.Faults)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), ".*.part")); len(left) > 0 {
			t.Errorf("killed at %d: left lying: %v", n, left)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// strides are the distances between the moments of a kill: not all the same, so that
// moments that lie a whole number of steps apart are not always the same ones.
type strides struct{ first, by, taken int }

func (s *strides) next() int {
	s.taken++
	if os.Getenv("CASEWORK_EVERY_STEP") != "" {
		return 1
	}
	return s.by + s.taken%5
}

func readParcel(t *testing.T, name string) parcel.Parcel {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := parcel.Read(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestReceiveKilled kills receive at many moments: the record is there whole or not at
// all, and run again it is taken in once, with its receipt.
func TestReceiveKilled(t *testing.T) {
	skipUntraced(t)
	t.Parallel()
	from := fresh(t, "asked")
	file := filepath.Join(t.TempDir(), "in.parcel")
	from.run("handover", from.id, "--to-name", "Otherhay", "--output", file)
	files := map[string]string{}
	for _, f := range readParcel(t, file).Files {
		if strings.HasPrefix(f.Path, "learners/") {
			files[f.Path] = string(f.Bytes)
		}
	}
	moments := strides{first: 5, by: 61}
	for n := moments.first; ; n += moments.next() {
		b := fresh(t, "new")
		before := b.state()
		out := filepath.Join(filepath.Dir(b.dir), "out.receipt")
		args := []string{"receive", file, "--receipt", out}
		_, ws, said := b.traced(args, func(k int, _ string) fault { return fault{kill: k == n} })
		done := ws.Exited()
		if done && ws.ExitStatus() != 0 {
			t.Fatalf("the act itself fails: %s", said)
		}
		if !done {
			if err := b.desk(nil).Recover(context.Background()); err != nil {
				t.Fatalf("killed at %d: %v", n, err)
			}
			b.next()
			b.whole(before)
			b.run(args...)
		}
		b.id = from.id
		b.whole(before)
		b.only("learners/*/arrivals/*.yaml")
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if b.read(name) != files[name] {
				t.Errorf("killed at %d: %s is not as it came", n, name)
			}
		}
		if c, err := casework.Judge(readParcel(t, out)); err != nil || c.Kind != casework.ParcelReceipt {
			t.Errorf("killed at %d: the receipt: %v", n, err)
		}
		if done || t.Failed() {
			break
		}
	}
}

// A signature that does not hold, or is by a key of nobody who could have packed the
// parcel, refuses it; whose key it is, only somebody outside can say.
func TestJudgeSignature(t *testing.T) {
	b := fresh(t, "reviewed")
	p := b.packed()
	key := func() seal.Signer {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ssh.NewSignerFromKey(private)
		if err != nil {
			t.Fatal(err)
		}
		return seal.NewSigner(s)
	}
	mine, other := key(), key()
	roster := func(k seal.Signer) parcel.Parcel {
		people, err := recordfile.Bytes("people.yaml", recordfile.People, learner.People{Format: "people/v1",
			People: []learner.Person{{ID: "grimes", Name: "P. Grimes", Role: "teacher", Keys: []learner.Key{{Public: k.Public(), From: date.New(2020, 1, 1)}}}}})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := p.File("people.yaml")
		// The others are those of the parcel as it was.
		rest := strings.SplitAfter(string(text), "people:\n")[1]
		i := strings.Index(rest, "  - id: grimes\n")
		j := i + 1 + strings.Index(rest[i+1:]+"  - id: ", "  - id: ")
		return laden(p, "people.yaml", []byte(string(people)+rest[:i]+rest[min(j, len(rest)):]))
	}
	signed := func(p parcel.Parcel, k seal.Signer) parcel.Parcel {
		var out bytes.Buffer
		if _, err := parcel.Write(&out, p, k, nil); err != nil {
			t.Fatal(err)
		}
		back, err := parcel.Read(&out, nil)
		if err != nil {
			t.Fatal(err)
		}
		return back
	}
	print := seal.Fingerprint(mine.Public())
	altered := signed(roster(mine), mine)
	altered.From = "Elsewhere"
	for name, tt := range map[string]struct {
		p      parcel.Parcel
		told   []string
		proven bool // that the key is theirs
		fails  string
	}{
		"by them":                          {p: signed(roster(mine), mine)},
		"by them, and told":                {p: signed(roster(mine), mine), told: []string{print}, proven: true},
		"by a key that nobody names, told": {p: signed(p, mine), told: []string{print}, proven: true},
		"by a key that nobody names":       {p: signed(p, mine)},
		"by another's key":                 {p: signed(roster(mine), other), fails: "is not grimes's"},
		"by another key than was told":     {p: signed(roster(other), other), told: []string{print}, fails: "none of those you were told of"},
		"not signed, and told":             {p: p, told: []string{print}, fails: "is not signed"},
		"altered since":                    {p: altered, fails: "does not hold"},
	} {
		c, err := casework.Judge(tt.p, tt.told...)
		if tt.fails == "" && err != nil || tt.fails != "" && (err == nil || !strings.Contains(err.Error(), tt.fails)) {
			t.Errorf("%s: %v", name, err)
		}
		if got := slices.ContainsFunc(c.Proven, func(s string) bool { return strings.Contains(s, "you were told of") }); got != tt.proven {
			t.Errorf("%s: proven %t: %q", name, got, c.Proven)
		}
	}
}
