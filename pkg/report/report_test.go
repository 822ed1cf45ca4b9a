package report_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/report"
)

const (
	jude = "learners/jv6fpqgg/"
	one  = jude + "cycles/2025-09-29-initial-concerns-gxqf.yaml"
	two  = jude + "cycles/2025-11-28-initial-concerns-nrdv.yaml"
)

// school is the made-up school after Jude's first two cycles, as it is kept for
// these tests: the examples go on without them.
func school(t *testing.T) fstest.MapFS { return unpack(t, fstest.MapFS{}, "testdata/school.txtar") }

// journey is the school a year on: moves, a passport, requests, advice.
func journey(t *testing.T) fstest.MapFS { return unpack(t, school(t), "testdata/journey.txtar") }

func unpack(t *testing.T, disk fstest.MapFS, name string) fstest.MapFS {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		disk[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return disk
}

func load(t *testing.T, disk fstest.MapFS) (*folder.Folder, *folder.Record) {
	t.Helper()
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

// cut ends a file before the line that begins so.
func cut(t *testing.T, disk fstest.MapFS, p, line string) {
	t.Helper()
	text := string(disk[p].Data)
	i := strings.Index(text, "\n"+line)
	if i < 0 {
		t.Fatalf("%s holds no %s", p, line)
	}
	disk[p] = &fstest.MapFile{Data: []byte(text[:i+1])}
}

func set(t *testing.T, disk fstest.MapFS, p, old, new string) {
	t.Helper()
	text := string(disk[p].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s holds no %s", p, old)
	}
	disk[p] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, new, 1))}
}

func day(s string) date.Date {
	d, err := date.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Show says for every state a record can be in what to type next, and it is a
// command that this state accepts.
func TestNext(t *testing.T) {
	tests := []struct {
		name   string
		change func(disk fstest.MapFS)
		today  string
		next   string
		over   int
	}{
		{"nothing planned", func(disk fstest.MapFS) { delete(disk, one); delete(disk, two) }, "2025-10-01", "sendctl plan jv6fpqgg", 0},
		{"a concern", func(disk fstest.MapFS) { delete(disk, two); cut(t, disk, one, "plan:") }, "2025-10-01", "sendctl plan jv6fpqgg", 0},
		{"under way", func(disk fstest.MapFS) { delete(disk, two); cut(t, disk, one, "review:") }, "2025-11-20", "sendctl note jv6fpqgg", 0},
		{"due on the day", func(disk fstest.MapFS) { delete(disk, two); cut(t, disk, one, "review:") }, "2025-11-21", "sendctl review jv6fpqgg", 0},
		{"overdue", func(disk fstest.MapFS) { delete(disk, two); cut(t, disk, one, "review:") }, "2025-12-01", "sendctl review jv6fpqgg", 10},
		{"another cycle decided", func(disk fstest.MapFS) { delete(disk, two) }, "2025-12-01", "sendctl plan jv6fpqgg", 0},
		{"more support decided", func(disk fstest.MapFS) {
			delete(disk, two)
			set(t, disk, one, "decision: another-cycle", "decision: step-up")
		}, "2025-12-01", "sendctl advance jv6fpqgg", 0},
		{"ended", func(disk fstest.MapFS) {
			delete(disk, two)
			set(t, disk, one, "decision: another-cycle", "decision: end")
		}, "2025-12-01", "sendctl advance jv6fpqgg", 0},
		{"a second cycle under way", func(disk fstest.MapFS) { cut(t, disk, two, "review:") }, "2025-12-01", "sendctl note jv6fpqgg", 0},
		{"a file with an error", func(disk fstest.MapFS) { set(t, disk, two, "id: nrdv", "id: NR DV") }, "2025-12-01", "sendctl validate jv6fpqgg", 0},
	}
	for _, tt := range tests {
		disk := school(t)
		tt.change(disk)
		f, r := load(t, disk)
		v := report.ShowOf(f, r, day(tt.today))
		if v.Next != tt.next || v.Overdue != tt.over || v.NextWhy == "" {
			t.Errorf("%s: %q (%s), overdue %d", tt.name, v.Next, v.NextWhy, v.Overdue)
		}
		row := report.RowOf(f, r, day(tt.today))
		if row.ID != v.ID || row.Name != "Jude" || row.Unreadable != (len(v.Faults) > 0) || (row.Cycle != "") != (v.Open != nil) {
			t.Errorf("%s: %+v", tt.name, row)
		}
	}
}

func TestYearAndProvision(t *testing.T) {
	for today, want := range map[string]string{"2021-09-06": "Reception", "2021-08-31": "Nursery (N2)", "2025-08-31": "Year 3", "2025-09-01": "Year 4", "2026-11-22": "Year 5"} {
		f, r := load(t, school(t))
		if v := report.ShowOf(f, r, day(today)); v.YearWords != want {
			t.Errorf("%s: %s, want %s", today, v.Year, want)
		}
	}
	disk := school(t)
	set(t, disk, jude+"learner.yaml", `{from: 2021-09-06, code: "N"}`, "{from: 2021-09-06, code: \"N\"}\n  - {from: 2026-02-12, code: K}")
	f, r := load(t, disk)
	for today, want := range map[string]string{"2026-02-11": "N", "2026-02-12": "K"} {
		if v := report.ShowOf(f, r, day(today)); v.SEN != want {
			t.Errorf("%s: %s, want %s", today, v.SEN, want)
		}
	}
}

func TestDues(t *testing.T) {
	today := day("2025-11-21")
	rows := []report.Row{
		{ID: "none"}, {ID: "b", ReviewOn: day("2025-11-21")}, {ID: "a", ReviewOn: day("2025-11-21")}, {ID: "tomorrow", ReviewOn: day("2025-11-22")},
		{ID: "yesterday", ReviewOn: day("2025-11-20")}, {ID: "old", ReviewOn: day("2025-11-01")}, {ID: "far", ReviewOn: day("2025-12-21")}, {ID: "farther", ReviewOn: day("2025-12-22")},
	}
	tests := []struct {
		within int
		want   []string
	}{
		{0, []string{"old overdue by 20 days", "yesterday overdue by 1 day", "a due today", "b due today"}},
		{1, []string{"old overdue by 20 days", "yesterday overdue by 1 day", "a due today", "b due today", "tomorrow due tomorrow"}},
		{30, []string{"old overdue by 20 days", "yesterday overdue by 1 day", "a due today", "b due today", "tomorrow due tomorrow", "far due in 30 days"}},
	}
	for _, tt := range tests {
		var got []string
		for _, d := range report.Dues(rows, today, tt.within) {
			got = append(got, d.ID+" "+d.When)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("within %d: %s", tt.within, diff)
		}
	}
	if got := report.Dues(nil, today, 30); got != nil {
		t.Errorf("got %v", got)
	}
}

// What was put right is shown as put right, and what the sealed file says beside it.
func TestCorrectedTarget(t *testing.T) {
	f, r := load(t, school(t))
	v := report.CycleOf(f, r, r.Cycles[0])
	if got := v.Targets[1]; got.Now != "9" || got.Was != "7" || v.Targets[0].Was != "" {
		t.Errorf("%+v", got)
	}
	if len(v.Corrected) != 1 || v.Corrected[0].Was != "7" || v.Corrected[0].Is != "9" || v.Corrected[0].Where == "" {
		t.Errorf("%+v", v.Corrected)
	}
	if got := report.TargetSentence("Jude", v.Targets[1]); !strings.Contains(got, "from 5 to 9 of 20") || !strings.Contains(got, "put right; it said 7") {
		t.Error(got)
	}
}

func TestDiff(t *testing.T) {
	f, r := load(t, school(t))
	d := report.DiffOf(f, r, r.Cycles[0], r.Cycles[1])
	var titles []string
	all := ""
	for _, p := range d.Parts {
		titles = append(titles, p.Title)
		all += strings.Join(p.Sentences, "\n") + "\n"
		for _, s := range p.Sentences {
			if s == "" || strings.Contains(s, "%!") || strings.Contains(s, "  ") {
				t.Errorf("a poor sentence: %q", s)
			}
		}
	}
	if len(titles) < 4 || titles[0] != "Progress and decision" || d.From != "gxqf" || d.To != "nrdv" {
		t.Errorf("%v", titles)
	}
	for _, want := range []string{"Jude will read 25 of 30 tracked words at sight by 6 February: 19 of 30 last time", "34 of 38 now; from 6 to 8 weeks;", "Jude, now (talking): ", "New: will read 22 of 30 nonwords", "it said 7, and should say 9"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in:\n%s", want, all)
		}
	}
	// A cycle beside itself: nothing is new and nothing has gone.
	for _, p := range report.DiffOf(f, r, r.Cycles[1], r.Cycles[1]).Parts {
		for _, s := range p.Sentences {
			if strings.HasPrefix(s, "New") || strings.HasPrefix(s, "No longer") || strings.HasPrefix(s, "Ended") {
				t.Errorf("%s: %s", p.Title, s)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	disk := school(t)
	f, r := load(t, disk)
	read := func(p string) ([]byte, error) { return fs.ReadFile(disk, p) }
	at := func(s string) time.Time { return day(s).At(15, 0) }
	tests := []struct {
		c    report.Commit
		want string
		late int
	}{
		{report.Commit{Action: "create", Stage: "initial-concerns", Date: day("2025-09-29"), Recorded: at("2025-09-29"), Paths: []string{one, jude + "identity.yaml", jude + "learner.yaml"}}, "A record was opened for Jude, at the stage", 0},
		{report.Commit{Action: "plan", Date: day("2025-10-02"), Recorded: at("2025-10-09"), Paths: []string{one}}, "A plan was agreed with Jude, Helen Ashworth (mum) and P. Grimes: 2 targets, review by 21 November 2025.", 0},
		{report.Commit{Action: "plan", Date: day("2025-10-02"), Recorded: at("2025-10-10"), Paths: []string{one}}, "A plan was agreed", 8},
		{report.Commit{Action: "note", Paths: []string{one}}, "A note by K. Bell: \u201cAsks to start with the words he knows.\u201d", 0},
		{report.Commit{Action: "contact", Paths: []string{jude + "contacts.yaml"}}, "with Helen Ashworth (mum) and Paul Ashworth (dad)", 0},
		{report.Commit{Action: "review", Paths: []string{one, jude + "seals/gxqf-review.seal"}}, "The plan of 2 October 2025 was reviewed: progress", 0},
		{report.Commit{Action: "correct", Paths: []string{jude + "corrections/2025-11-24-xmrz.yaml", jude + "seals/xmrz-correct.seal"}}, "it says 7, and should say 9: \u201cTwo words were missed", 0},
		{report.Commit{Action: "edit", Paths: []string{jude + "learner.yaml"}}, "Edited by hand: learner.yaml.", 0},
		{report.Commit{Paths: []string{one, two}}, "Changed with git, past sendctl: 2025-09-29-initial-concerns-gxqf.yaml and 2025-11-28-initial-concerns-nrdv.yaml.", 0},
		{report.Commit{Action: "sync", Joins: true, Paths: []string{one}}, "Two copies of the folder were brought together: 2025-09-29-initial-concerns-gxqf.yaml.", 0},
		{report.Commit{Action: "sync", Paths: []string{one}}, "Put right what was lost or doubled where two copies", 0},
		{report.Commit{Joins: true, Paths: []string{one}}, "brought together with git, past sendctl", 0},
		{report.Commit{Action: "repair", Paths: []string{one}}, "Recorded once more", 0},
		{report.Commit{Action: "removed", Paths: []string{one}}, "was removed for good later on", 0},
		{report.Commit{Action: "purge", Paths: []string{"removals/2026-01-01-zzzz.yaml"}}, "Something of this record was removed for good.", 0},
		{report.Commit{Action: "purge", Paths: []string{one}}, "under a message that claims the act purge", 0},
		{report.Commit{Action: "future-act", Paths: nil}, "Recorded: future-act (nothing of this learner).", 0},
		{report.Commit{Action: "plan", Paths: []string{"gone.yaml"}}, "under a message that claims the act plan", 0},
		{report.Commit{Action: "review", Paths: nil}, "under a message that claims the act review", 0},
		{report.Commit{Action: "correct", Paths: nil}, "under a message that claims the act correct", 0},
		{report.Commit{Action: "note", Paths: nil}, "under a message that claims the act note", 0},
		{report.Commit{Action: "contact", Paths: nil}, "under a message that claims the act contact", 0},
	}
	for _, tt := range tests {
		tt.c.Read = read
		e := report.EventOf(f, r, tt.c)
		if !strings.Contains(e.Sentence, tt.want) || e.Late != tt.late {
			t.Errorf("%s: %q, late %d", tt.c.Action, e.Sentence, e.Late)
		}
		for _, s := range append(e.More, e.Sentence) {
			if strings.Contains(s, "%!") || strings.HasSuffix(s, "..") {
				t.Errorf("%s: a poor sentence: %q", tt.c.Action, s)
			}
		}
	}
	lost := report.Commit{Action: "note", Paths: []string{one}, Read: func(string) ([]byte, error) { return nil, fs.ErrNotExist }}
	if e := report.EventOf(f, r, lost); e.Sentence != "A note was added." {
		t.Error(e.Sentence)
	}
}

func TestWhen(t *testing.T) {
	today := day("2025-11-21")
	for d, want := range map[string]string{"2025-11-21": "today", "2025-11-22": "tomorrow", "2025-11-20": "yesterday", "2025-12-01": "in 10 days", "2025-11-11": "10 days ago"} {
		if got := report.When(day(d), today); got != want {
			t.Errorf("%s: %s", d, got)
		}
	}
}
