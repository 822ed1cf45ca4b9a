package casework_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
)

// day is what the tests of documents take for today; the box's clock is later.
const day = "2025-12-01"

func some(items ...string) form.Answer { return form.Answer{Items: items} }

// firstPassport answers every question that a first passport must have answered.
func firstPassport() form.Answers {
	return form.Answers{
		"with": some("learner", "mum", "grimes"), "know": some("I build things."), "hard_when": some("copying from the board", "long instructions"),
		"help_me_by": some("read questions to me", "key words first", "jobs in threes"), "help_myself_by": {Skipped: true},
		"made": {Text: "2025-10-20"}, "review_on": {Text: "2026-01-12"}, "shared_with": some("grimes", "bell"),
	}
}

func firstProfile() form.Answers {
	return form.Answers{
		"with": some("learner", "dad"), "admire": some("gentle"), "important": some("water"), "support": some("few words"),
		"made": {Text: "2025-10-20"}, "review_on": {Text: "2026-01-12"}, "shared_with": some("grimes"),
	}
}

// settled answers the rest of a form as where there is nobody to ask.
func settled(s form.Script, a form.Answers) error {
	return casework.Settle(s, a, &casework.Supply{})
}

// writes has a document written as a script does: what is answered, the rest as it follows.
func (b *box) writes(kind string, a form.Answers) (casework.Done, error) {
	b.Helper()
	w, err := casework.StartWriting(b.caseOf(day), kind, func(p string) bool { _, ok := a[p]; return ok })
	if err != nil {
		return casework.Done{}, err
	}
	if err := settled(w.Form(), a); err != nil {
		return casework.Done{}, err
	}
	v, err := w.Text(a, nil)
	if err != nil {
		return casework.Done{}, err
	}
	return b.desk(nil).WriteDocument(context.Background(), w, v)
}

func (b *box) agrees(kind string, c casework.Consent) (casework.Done, error) {
	b.Helper()
	g, err := casework.StartAgreeing(b.caseOf(day), kind)
	if err != nil {
		return casework.Done{}, err
	}
	return b.desk(nil).AgreeDocument(context.Background(), g, c)
}

func (b *box) reads(kind, version, on string, by ...string) (casework.Done, error) {
	return b.desk(nil).ReadDocument(context.Background(), b.id, kind, casework.Reader{By: by, Version: learner.Number(version), Date: date.MustParse(on)})
}

func (b *box) document(kind string) report.Document {
	b.Helper()
	c := b.caseOf(day)
	d, ok := report.DocumentOf(c.Folder, c.Record, kind, c.Today)
	if !ok {
		b.Fatalf("there is no %s", kind)
	}
	return d
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestDocumentForms(t *testing.T) {
	b := fresh(t, "planned")
	for _, kind := range []string{"passport", "profile"} {
		w := must(casework.StartWriting(b.caseOf(day), kind, func(string) bool { return false }))(t)
		s := w.Form()
		proper(t, kind, s, form.Answers{})
		if q := question(t, s, nil, "shared_with"); q.Follows || q.Default != "grimes,eyre,bell" { // the teacher, the SENCo, and who gives the support
			t.Errorf("%s: to be read by %q, follows %t", kind, q.Default, q.Follows)
		}
		if q := question(t, s, nil, "review_on"); q.Follows || q.Optional {
			t.Errorf("%s: a day nobody said would be recorded", kind)
		}
		var missing *casework.MissingError
		if err := settled(s, form.Answers{}); !errors.As(err, &missing) {
			t.Errorf("%s: nothing is asked of a script: %v", kind, err)
		}
	}
	must(b.writes("passport", firstPassport()))(t)
	w := must(casework.StartWriting(b.caseOf(day), "passport", func(p string) bool { return p == "know" }))(t)
	s := w.Form()
	proper(t, "passport again", s, form.Answers{})
	for _, tt := range []struct {
		give  form.Answers
		path  string
		asked bool
	}{
		{nil, "know", true}, // given
		{nil, "know.change", false},
		{nil, "help_me_by", false},
		{nil, "help_me_by.change", true},
		{form.Answers{"help_me_by.change": {Text: "keep"}}, "help_me_by", false},
		{form.Answers{"help_me_by.change": {Text: "add"}}, "help_me_by", true},
		{form.Answers{"help_me_by.change": {Text: "anew"}}, "help_me_by", true},
		{form.Answers{"hard_when.change": {Text: "empty"}}, "hard_when", false},
		{nil, "help_myself_by", true}, // nothing stands there
	} {
		if got := asked(s, tt.give, tt.path); got != tt.asked {
			t.Errorf("%v: %s asked %t", tt.give, tt.path, got)
		}
	}
	q := question(t, s, nil, "help_me_by.change")
	if last := strings.Join(q.Last, "|"); !q.Follows || q.Default != "keep" || !strings.Contains(last, "key words first") {
		t.Errorf("%q, default %s", last, q.Default)
	}
	if slices.ContainsFunc(q.Options, func(o form.Option) bool { return o.Value == "empty" }) {
		t.Error("a passport may be left without what helps")
	}
	g := must(casework.StartAgreeing(b.caseOf(day), "passport"))(t)
	proper(t, "agree", g.Form(), form.Answers{})
	if q := question(t, g.Form(), nil, "with"); q.Follows || q.Default != "learner,mum,grimes" {
		t.Errorf("agreed by %q, follows %t", q.Default, q.Follows)
	}
	for given, want := range map[string]bool{"2025-10-20": false, "2026-01-11": false, "2026-01-12": true} { // the day of the next look has come
		if got := asked(g.Form(), form.Answers{"date": {Text: given}}, "review_on"); got != want {
			t.Errorf("agreed on %s: asked when it is looked at again: %t", given, got)
		}
	}
	before := b.state()
	_, err := casework.ReadForm(b.caseOf(day), "passport")
	refused[*casework.StateError](b, before, err) // a draft
	must(b.agrees("passport", casework.Consent{With: []string{"learner"}, Date: date.MustParse("2025-10-21")}))(t)
	read := must(casework.ReadForm(b.caseOf(day), "passport"))(t)
	proper(t, "read", read, form.Answers{})
	if q := question(t, read, nil, "by"); q.Default != "grimes" || !q.Follows {
		t.Errorf("read by %q", q.Default)
	}
	for on, ok := range map[string]bool{"2025-10-20": false, "2025-10-21": true, "2025-12-02": false} {
		if err := question(t, read, nil, "date").Check(form.Answer{Text: on}); (err == nil) != ok {
			t.Errorf("read on %s: %v", on, err)
		}
	}
	must(b.writes("passport", form.Answers{"know": some("I draw.")}))(t)
	read = must(casework.ReadForm(b.caseOf(day), "passport"))(t)
	if q := question(t, read, nil, "version"); q.Default != "1" || q.Follows { // the draft on the disk is another one
		t.Errorf("version %q, follows %t", q.Default, q.Follows)
	}
}

// One path after another: a draft goes on, an agreed version makes the next, and
// nothing but what changed changes.
func TestDocumentVersions(t *testing.T) {
	for kind, first := range map[string]form.Answers{"passport": firstPassport(), "profile": firstProfile()} {
		b := fresh(t, "planned")
		p := "learners/" + b.id + "/" + kind + ".yaml"
		list := map[string]string{"passport": "know", "profile": "admire"}[kind]
		must(b.writes(kind, first))(t)
		d := b.document(kind)
		if d.Version != "1" || d.State != report.Draft || d.AgreedLast != "" || len(d.Unread) != 0 {
			t.Errorf("%+v", d)
		}
		// A hand with comments in it.
		text := b.read(p)
		b.write(p, strings.Replace(text, "review_on: 2026-01-12\n", "review_on: 2026-01-12   # after the holidays\n# kept by the office\n", 1))
		b.git("commit", "-qam", "by hand")
		must(b.writes(kind, form.Answers{list: some(append(slices.Clone(first[list].Items), "One more.")...)}))(t)
		if stat := b.git("show", "--numstat", "--format=", "HEAD"); stat != "1\t0\t"+p {
			t.Errorf("a line more changed %s", stat)
		}
		if d := b.document(kind); d.Version != "1" {
			t.Errorf("a draft went on as version %s", d.Version)
		}
		done := must(b.agrees(kind, casework.Consent{With: []string{"learner", "mum"}, Date: date.MustParse("2025-10-22")}))(t)
		if len(done.Warnings) != 0 || len(done.Seals) != 1 {
			t.Errorf("%+v", done)
		}
		b.sealsHold()
		one := b.read(p)
		if got := b.git("log", "-1", "--format=%s"); got != "agree: "+b.id+" 2025-10-22 initial-concerns "+kind+" 1" {
			t.Errorf("subject %q", got)
		}
		d = b.document(kind)
		if d.State != report.Agreed || d.Changed || !d.Together || d.Seals != 1 || d.Stale {
			t.Errorf("%+v", d)
		}
		if diff := cmp.Diff(first["shared_with"].Items, d.Unread); diff != "" {
			t.Error(diff)
		}
		// Nothing new: no version, and no commit.
		before := b.state()
		_, err := b.writes(kind, form.Answers{"made": {Text: "2025-11-01"}})
		refused[*casework.NothingError](b, before, err)
		// Something new: the next version, a draft; the first is still the one to read.
		must(b.reads(kind, "1", "2025-10-23", "grimes"))(t)
		must(b.writes(kind, form.Answers{list: some("Quite another."), "made": {Text: "2025-11-15"}}))(t)
		d = b.document(kind)
		if d.Version != "2" || d.State != report.Draft || d.AgreedLast != "1" || !slices.Equal(d.Read, []string{"grimes"}) || d.Made.String() != "2025-11-15" {
			t.Errorf("%+v", d)
		}
		if !strings.Contains(b.read(p), "# after the holidays\n# kept by the office\n") {
			t.Errorf("the comments are gone:\n%s", b.read(p))
		}
		// Agreed by nobody it is about: recorded, and said.
		done = must(b.agrees(kind, casework.Consent{With: []string{"eyre"}, Date: date.MustParse("2025-12-01")}))(t)
		if d = b.document(kind); len(done.Warnings) != 1 || d.Together || len(d.Read) != 0 || d.Version != "2" {
			t.Errorf("%q %+v", done.Warnings, d)
		}
		// Looked at again, with no change: a version more.
		must(b.agrees(kind, casework.Consent{With: []string{"dad"}, Date: date.MustParse("2025-12-01"), ReviewOn: date.MustParse("2026-03-02")}))(t)
		d = b.document(kind)
		if d.Version != "3" || d.Made.String() != "2025-12-01" || d.ReviewOn.String() != "2026-03-02" || d.Changed || d.Seals != 3 {
			t.Errorf("%+v", d)
		}
		// A hand edit of what was agreed is told, and so is going back to an older one.
		whole := b.read(p)
		b.write(p, whole+"# more\n")
		if !b.document(kind).Changed {
			t.Error("a changed text passes for the agreed one")
		}
		b.write(p, one)
		if d := b.document(kind); !d.Changed || d.Version != "1" {
			t.Errorf("an older version passes for the one agreed last: %+v", d)
		}
		// A number set back by hand is not used twice.
		b.write(p, strings.Replace(one, "agreed:\n  - {who: learner, date: 2025-10-22}\n  - {who: mum, date: 2025-10-22}\n", "", 1))
		if d := b.document(kind); d.State != report.Draft || d.AgreedLast != "3" {
			t.Errorf("%+v", d)
		}
		b.git("commit", "-qam", "by hand")
		must(b.agrees(kind, casework.Consent{With: []string{"dad"}, Date: date.MustParse("2025-12-01")}))(t)
		if d := b.document(kind); d.Version != "4" || d.AgreedLast != "4" || d.Seals != 4 || d.Changed {
			t.Errorf("%+v", d)
		}
		b.sound()
	}
}

// A list changes item by item, and what is written beside an item stays there.
func TestListOfADocumentChanges(t *testing.T) {
	for _, tt := range []struct {
		name string
		give form.Answers
		want string // of the list help_me_by
	}{
		{"kept", form.Answers{"know": some("I draw.")}, "\n  - read questions to me   # by phone\n  # mornings\n  - key words first\n  - jobs in threes\n"},
		{"added to", form.Answers{"help_me_by.change": {Text: "add"}, "help_me_by": some("wait")}, "\n  - read questions to me   # by phone\n  # mornings\n  - key words first\n  - jobs in threes\n  - wait\n"},
		{"one changed", form.Answers{"help_me_by": some("read questions to me", "key words", "jobs in threes")}, "\n  - read questions to me   # by phone\n  # mornings\n  - key words\n  - jobs in threes\n"},
		{"one taken out", form.Answers{"help_me_by": some("read questions to me", "jobs in threes")}, "\n  - read questions to me   # by phone\n  # mornings\n  - jobs in threes\n"},
		{"turned round", form.Answers{"help_me_by": some("jobs in threes", "key words first")}, "\n  - jobs in threes\n  - key words first\n"},
		{"another taken out whole", form.Answers{"hard_when.change": {Text: "empty"}}, "\n  - read questions to me   # by phone\n  # mornings\n  - key words first\n  - jobs in threes\n"},
	} {
		b := fresh(t, "concern")
		p := "learners/" + b.id + "/passport.yaml"
		must(b.writes("passport", firstPassport()))(t)
		b.write(p, strings.Replace(b.read(p), "read questions to me\n", "read questions to me   # by phone\n  # mornings\n", 1))
		b.git("commit", "-qam", "by hand")
		must(b.writes("passport", tt.give))(t)
		_, rest, _ := strings.Cut(b.read(p), "help_me_by:")
		if got, _, _ := strings.Cut(rest, "shared_with:"); got != tt.want {
			t.Errorf("%s:%s", tt.name, got)
		}
		if tt.name == "another taken out whole" && strings.Contains(b.read(p), "hard_when") {
			t.Error("it is still there")
		}
		b.sound()
	}
}

func TestDocumentRefusals(t *testing.T) {
	b := fresh(t, "planned")
	before := b.state()
	_, err := b.agrees("passport", casework.Consent{With: []string{"mum"}, Date: date.MustParse(day)})
	refused[*casework.StateError](b, before, err)
	_, err = b.reads("passport", "1", day, "grimes")
	refused[*casework.StateError](b, before, err)
	_, err = b.writes("passport", form.Answers{"know": some("x")})
	refused[*casework.MissingError](b, before, err)

	must(b.writes("passport", firstPassport()))(t)
	before = b.state()
	_, err = b.reads("passport", "1", day, "grimes") // a draft
	refused[*casework.StateError](b, before, err)
	_, err = b.agrees("passport", casework.Consent{Date: date.MustParse(day)}) // by nobody
	refused[*casework.StateError](b, before, err)
	_, err = b.agrees("passport", casework.Consent{With: []string{"learner"}, Date: date.MustParse("2099-01-01")})
	refused[*casework.StateError](b, before, err)

	must(b.agrees("passport", casework.Consent{With: []string{"learner"}, Date: date.MustParse("2025-10-21")}))(t)
	must(b.reads("passport", "1", day, "grimes", "bell"))(t)
	before = b.state()
	for _, tt := range []struct {
		version, on string
		by          []string
	}{
		{"1", day, []string{"grimes"}},         // once more
		{"1", day, []string{"eyre", "bell"}},   // one of them once more
		{"1", day, []string{"eyre", "eyre"}},   // twice in one
		{"1", day, []string{"mum"}},            // of the family, who wrote it
		{"1", day, []string{"nobody"}},         //
		{"2", day, []string{"eyre"}},           // not there
		{"0", day, []string{"eyre"}},           //
		{"x", day, []string{"eyre"}},           //
		{"1", "2099-01-01", []string{"eyre"}},  // to come
		{"", day, []string{"eyre"}},            //
		{"-1", day, []string{"eyre"}},          //
		{"1.0", day, []string{"eyre", "bell"}}, //
	} {
		_, err = b.reads("passport", tt.version, tt.on, tt.by...)
		refused[*casework.StateError](b, before, err)
	}
	_, err = b.reads("profile", "1", day, "eyre") // another document
	refused[*casework.StateError](b, before, err)

	// A file with a fault is neither built on nor sealed.
	p := "learners/" + b.id + "/passport.yaml"
	sound := b.read(p)
	for _, bad := range []string{strings.Replace(sound, "made: 2025-10-20\n", "", 1), "format: passport/v1\nknow: \"never closed\n", sound + "know: twice\n"} {
		b.write(p, bad)
		before = b.state()
		_, err = b.writes("passport", firstPassport())
		refused[*recordfile.FaultsError](b, before, err)
		_, err = b.agrees("passport", casework.Consent{With: []string{"mum"}, Date: date.MustParse(day)})
		refused[*recordfile.FaultsError](b, before, err)
		_, err = casework.ReadForm(b.caseOf(day), "passport")
		refused[*recordfile.FaultsError](b, before, err)
	}
	// What a script sets beyond the questions makes nobody agree.
	b.write(p, sound)
	before = b.state()
	w := must(casework.StartWriting(b.caseOf(day), "passport", func(string) bool { return false }))(t)
	for _, path := range []string{"version", "agreed[0].who"} {
		_, err = w.Text(form.Answers{}, func(out any) error { return recordfile.Assign(out, path, "7", nil) })
		refused[*casework.StateError](b, before, err)
	}
}

// A text from an editor is a draft of the version being written, or is refused.
func TestDocumentInAnEditor(t *testing.T) {
	b := fresh(t, "planned")
	ctx := context.Background()
	write := func(change func(string) string) error {
		w, err := casework.StartWriting(b.caseOf(day), "profile", func(string) bool { return false })
		if err != nil {
			return err
		}
		_, err = b.desk(nil).WriteText(ctx, w, []byte(change(string(must(w.Editable())(t)))))
		return err
	}
	same := func(s string) string { return s }
	before := b.state()
	refused[*casework.NothingError](b, before, write(same)) // nothing was written in it
	fill := func(s string) string { return strings.ReplaceAll(s, ":\n  -\n", ":\n  - something\n") }
	if err := write(fill); err != nil {
		t.Fatal(err)
	}
	if d := b.document("profile"); d.Version != "1" || d.Empty() || !slices.Equal(d.SharedWith, []string{"grimes", "eyre", "bell"}) {
		t.Errorf("%+v", d)
	}
	must(b.agrees("profile", casework.Consent{With: []string{"learner"}, Date: date.MustParse(day)}))(t)
	before = b.state()
	refused[*casework.NothingError](b, before, write(same))
	agreed := func(s string) string { return s + "agreed:\n  - {who: mum, date: 2025-11-30}\n" }
	refused[*casework.StateError](b, before, write(agreed))
	refused[*casework.StateError](b, before, write(func(s string) string { return strings.Replace(s, "version: 2", "version: 1", 1) }))
	refused[*recordfile.FaultsError](b, before, write(func(s string) string { return strings.Replace(s, "admire:", "admires:", 1) }))
	if err := write(func(s string) string { return strings.Replace(s, "something", "something else", 1) }); err != nil {
		t.Fatal(err)
	}
	before = b.state()
	refused[*casework.NothingError](b, before, write(same)) // the draft goes on as it is
	if err := write(func(s string) string { return "# by hand\n" + s }); err != nil {
		t.Fatal(err)
	}
	if d := b.document("profile"); d.Version != "2" || d.State != report.Draft || !strings.HasPrefix(b.read("learners/"+b.id+"/profile.yaml"), "# by hand\nformat:") {
		t.Errorf("%+v", d)
	}
	b.sound()
}

// Two people at once: readings are both recorded; of two who agree or write, the one
// who is late hears of it, and nothing of the other is lost.
func TestTwoAtOnce(t *testing.T) {
	b := fresh(t, "planned")
	must(b.writes("passport", firstPassport()))(t)
	both := func(do func(i int) error) (failed []error) {
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i := range errs {
			wg.Go(func() { errs[i] = do(i) })
		}
		wg.Wait()
		return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	}
	agreeing := make([]*casework.Agreeing, 2)
	desks := []*casework.Desk{b.desk(nil), b.desk(nil)}
	for i := range agreeing {
		agreeing[i] = must(casework.StartAgreeing(b.caseOf(day), "passport"))(t)
		desks[i].LockWait = 20e9
	}
	ctx := context.Background()
	var moved *store.MovedError
	failed := both(func(i int) error {
		_, err := desks[i].AgreeDocument(ctx, agreeing[i], casework.Consent{With: []string{"learner"}, Date: date.MustParse("2025-10-21")})
		return err
	})
	if len(failed) != 1 || !errors.As(failed[0], &moved) || b.document("passport").Seals != 1 {
		t.Errorf("both agreed the same version: %v", failed)
	}
	who := []string{"bell", "eyre"}
	if failed := both(func(i int) error {
		_, err := desks[i].ReadDocument(ctx, b.id, "passport", casework.Reader{By: who[i : i+1], Version: "1", Date: date.MustParse(day)})
		return err
	}); len(failed) != 0 {
		t.Errorf("a reading is lost: %v", failed)
	}
	if d := b.document("passport"); len(d.Read) != 2 {
		t.Errorf("%+v", d)
	}
	writing := make([]*casework.Writing, 2)
	texts := make([]any, 2)
	for i := range writing {
		writing[i] = must(casework.StartWriting(b.caseOf(day), "passport", func(p string) bool { return p == "know" }))(t)
		a := form.Answers{"know": some(fmt.Sprintf("Said to %d.", i))}
		if err := settled(writing[i].Form(), a); err != nil {
			t.Fatal(err)
		}
		texts[i] = must(writing[i].Text(a, nil))(t)
	}
	failed = both(func(i int) error { _, err := desks[i].WriteDocument(ctx, writing[i], texts[i]); return err })
	if len(failed) != 1 || !errors.As(failed[0], &moved) || b.document("passport").Version != "2" {
		t.Errorf("one wrote over the other: %v", failed)
	}
	b.sound()
	b.tidy()
}

// Killed at any change to the disk, a version is agreed with its seal, or is not.
func TestKilledWhileAgreeing(t *testing.T) {
	skipUntraced(t)
	for _, line := range []string{"passport ID agree --with learner,mum --date 2025-10-22", "passport ID --know Other.", "passport ID read --by bell --version 1"} {
		t.Run(strings.Fields(line)[2], func(t *testing.T) {
			t.Parallel()
			for n := 5; ; n += 40 {
				b := fresh(t, "planned")
				must(b.writes("passport", firstPassport()))(t)
				if !strings.Contains(line, "agree") {
					must(b.agrees("passport", casework.Consent{With: []string{"mum"}, Date: date.MustParse("2025-10-21")}))(t)
				}
				before := b.state()
				// The clock is later than the next look of the passport: the day is given.
				args := append([]string{"--today", day}, words(line)(b)...)
				_, ws, out := b.traced(args, func(k int, _ string) fault { return fault{kill: k == n} })
				if ws.Exited() {
					if ws.ExitStatus() != 0 || !b.whole(before) {
						t.Fatalf("the act itself fails: %s", out)
					}
					break
				}
				b.next()
				b.whole(before)
				b.sound()
				if t.Failed() {
					t.Fatalf("killed at change %d", n)
				}
			}
		})
	}
}

// Whatever is written, agreed, read and, while it is a draft, changed by hand, in
// whatever order: every version that was ever agreed is in the history to the byte and has its seal, the
// versions count up, and a comment stays where it was written.
func TestEveryAgreedVersionIsKept(t *testing.T) {
	steps := rapid.SliceOfN(rapid.SampledFrom([]string{"write", "write", "agree", "agree", "again", "read", "hand", "nothing"}), 12, 12)
	for seed := range 5 {
		b := fresh(t, "concern")
		p := "learners/" + b.id + "/passport.yaml"
		must(b.writes("passport", firstPassport()))(t)
		b.write(p, "# from the office\n"+b.read(p))
		b.git("commit", "-qam", "by hand")
		version, agreed, readers := 1, false, []string{}
		kept := map[int]string{}
		for i, step := range steps.Example(seed) {
			switch step {
			case "write":
				if agreed {
					version, agreed = version+1, false
				}
				must(b.writes("passport", form.Answers{"know": some(fmt.Sprintf("Said at step %d.", i))}))(t)
			case "agree", "again":
				if agreed != (step == "again") {
					continue
				}
				c := casework.Consent{With: []string{"learner", "mum"}, Date: date.MustParse(day)}
				if agreed {
					version++
					c.ReviewOn = date.MustParse("2026-03-01").AddDays(i)
				}
				must(b.agrees("passport", c))(t)
				agreed, readers = true, nil
				kept[version] = b.read(p)
			case "read":
				who := []string{"grimes", "bell", "eyre"}[i%3]
				last := version
				if !agreed {
					last--
				}
				if last == 0 || slices.Contains(readers, who) {
					continue
				}
				must(b.reads("passport", fmt.Sprint(last), day, who))(t)
				readers = append(readers, who)
			case "hand":
				was := b.read(p)
				before := b.state()
				done, err := b.desk(nil).Edit(context.Background(), b.id, p, []byte(was), fmt.Appendf([]byte(was), "# by hand at step %d\n", i))
				if agreed { // what was agreed is not changed by an edit, but by a new version
					refused[*recordfile.FaultsError](b, before, err)
					continue
				}
				must(done, err)(t)
			case "nothing":
				before := b.state()
				_, err := b.writes("passport", form.Answers{})
				refused[*casework.NothingError](b, before, err)
			}
			d := b.document("passport")
			if d.Version != fmt.Sprint(version) || (d.State == report.Agreed) != agreed || d.Seals != len(kept) || len(d.Read) != len(readers) {
				t.Fatalf("seed %d, step %d, %s: version %d, agreed %t, read by %v: %+v", seed, i, step, version, agreed, readers, d)
			}
			if want := agreed && kept[version] != b.read(p); d.Changed != want {
				t.Fatalf("seed %d, step %d, %s: changed %t", seed, i, step, d.Changed)
			}
			if !strings.HasPrefix(b.read(p), "# from the office\n") {
				t.Fatal("the comment is gone")
			}
		}
		history := map[string]bool{}
		for commit := range strings.FieldsSeq(b.git("rev-list", "HEAD", "--", p)) {
			text, err := exec.Command("git", "-C", b.dir, "cat-file", "blob", commit+":"+p).Output()
			if err != nil {
				t.Fatal(err)
			}
			history[string(text)] = true
		}
		c := b.caseOf(day)
		for n, text := range kept {
			covered := 0
			for _, x := range c.Record.Seals {
				if s, err := seal.Parse(x); err == nil && s.Covers([]byte(text)) {
					covered++
				}
			}
			if !history[text] || covered != 1 {
				t.Errorf("seed %d: version %d is in the history: %t; seals %d", seed, n, history[text], covered)
			}
		}
		b.sound()
		b.tidy()
	}
}

// A document that was written by hand as agreed has no seal; it counts all the same.
func TestDocumentByHand(t *testing.T) {
	b := fresh(t, "concern")
	p := "learners/" + b.id + "/passport.yaml"
	b.write(p, "format: passport/v1\nlearner: "+b.id+"\nversion: 4\nmade: 2025-10-20\nknow: [\"I draw.\"]\nagreed: [{who: mum, date: 2025-10-21}]\n")
	b.git("add", ".")
	b.git("commit", "-qm", "by hand")
	if d := b.document("passport"); !d.Changed || d.AgreedLast != "4" {
		t.Errorf("%+v", d)
	}
	must(b.reads("passport", "4", day, "eyre"))(t)
	must(b.writes("passport", form.Answers{"know": some("I draw maps."), "review_on": {Text: "2026-02-01"}, "with": some("learner"), "shared_with": some("grimes")}))(t)
	if d := b.document("passport"); d.Version != "5" || d.State != report.Draft || d.Made.String() != day || strings.Contains(b.read(p), "agreed") {
		t.Errorf("%+v\n%s", d, b.read(p))
	}
	b.sound()
}
