package render_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

var update = flag.Bool("update", false, "write golden files anew")

// text shows lines with their tone and indent, so that a golden file pins those too.
func text(lines []render.Line) string {
	tones := map[render.Tone]string{render.Plain: " ", render.Heading: "#", render.Quiet: ".", render.Alarm: "!"}
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintln(&b, strings.TrimRight(tones[l.Tone]+strings.Repeat(" ", l.Indent)+l.Text, " "))
	}
	return b.String()
}

// unpacked is the school that the tests of report keep.
func unpacked(t *testing.T, names ...string) (fstest.MapFS, *folder.Folder, *folder.Record) {
	t.Helper()
	disk := fstest.MapFS{}
	for _, name := range names {
		a, err := txtar.ParseFile("../report/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			disk[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Findings {
		t.Errorf("%s:%d: %s", x.File, x.Span.Start.Line, x.Message)
	}
	return disk, f, r
}

// golden holds lines equal to a file, to the letter.
func golden(t *testing.T, name string, lines []render.Line) {
	t.Helper()
	p := filepath.Join("testdata", name+".golden")
	got := text(lines)
	if *update {
		if err := os.WriteFile(p, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-have +made); if the change is meant: go test ./pkg/render -update\n%s", name, diff)
	}
	for _, l := range lines {
		for _, bad := range []string{"%!", "()", "..", " ,", "  ", "0001"} {
			if strings.Contains(l.Text, bad) {
				t.Errorf("%s: a poor line: %q", name, l.Text)
			}
		}
	}
}

// TestGolden: what people read of the made-up school, to the letter.
func TestGolden(t *testing.T) {
	disk, f, r := unpacked(t, "school.txtar")
	today := date.New(2026, time.November, 22)
	var events []report.Event
	for _, c := range []report.Commit{
		{ID: "1111111", Action: "plan", Date: date.New(2025, time.October, 2), Recorded: time.Date(2025, 10, 20, 16, 41, 0, 0, time.UTC), Author: "P. Grimes", Paths: []string{r.Cycles[0].Path}},
		{ID: "2222222", Action: "review", Date: date.New(2025, time.November, 21), Recorded: time.Date(2025, 11, 21, 16, 5, 0, 0, time.UTC), Author: "P. Grimes", Paths: []string{r.Cycles[0].Path}},
		{ID: "3333333", Recorded: time.Date(2025, 12, 1, 9, 0, 0, 0, time.UTC), Author: "M. Eyre", Paths: []string{"learners/jv6fpqgg/learner.yaml"}},
	} {
		c.Read = func(p string) ([]byte, error) { return fs.ReadFile(disk, p) }
		events = append(events, report.EventOf(f, r, c))
	}
	cycle := report.CycleOf(f, r, r.Cycles[0])
	for name, lines := range map[string][]render.Line{
		"show":   render.Show(report.ShowOf(f, r, today)),
		"cycle":  render.Cycle("Jude", cycle),
		"review": render.Review("Jude", cycle),
		"log":    render.Log(events),
		"diff":   render.Diff(report.DiffOf(f, r, r.Cycles[0], r.Cycles[1])),
	} {
		golden(t, name, lines)
	}
}

// TestGoldenJourney: what people read of the way to a plan and two requests.
func TestGoldenJourney(t *testing.T) {
	disk, f, r := unpacked(t, "school.txtar", "journey.txtar")
	today := date.New(2026, time.November, 22)
	show := render.Show(report.ShowOf(f, r, today))
	if n := strings.Count(text(show), "\n"); n > 24 {
		t.Errorf("%d lines", n)
	}
	var events []report.Event
	for i, c := range []report.Commit{
		{Action: "advance", Date: date.New(2026, time.May, 20), Paths: []string{"moves/2026-05-20-sen-support-plan-w6xp.yaml", "seals/w6xp-advance.seal"}},
		{Action: "decide", Date: date.New(2026, time.January, 28), Paths: []string{"requests/2026-01-28-star-m3xt-decision-w3xk.yaml", "seals/w3xk-decide.seal"}},
		{Action: "send", Date: date.New(2026, time.January, 15), Paths: []string{"requests/2026-01-12-star-m3xt.yaml", "seals/m3xt-send.seal"}},
		{Action: "advice", Date: date.New(2026, time.June, 25), Paths: []string{"advice/2026-06-25-t9wc.yaml"}},
		{Action: "agree", Date: date.New(2026, time.February, 26), Paths: []string{"passport.yaml", "seals/x7dq-agree.seal"}},
		{Action: "read", Date: date.New(2026, time.March, 2), Paths: []string{"readings.yaml"}},
	} {
		for n := range c.Paths {
			c.Paths[n] = "learners/jv6fpqgg/" + c.Paths[n]
		}
		c.ID, c.Author, c.Recorded = fmt.Sprintf("%07d", i), "M. Eyre", c.Date.At(16, 30)
		c.Read = func(p string) ([]byte, error) { return fs.ReadFile(disk, p) }
		c.Before = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
		events = append(events, report.EventOf(f, r, c))
	}
	for name, lines := range map[string][]render.Line{
		"journey-show":       show,
		"journey-log":        render.Log(events),
		"journey-diff":       render.Diff(report.JourneyDiff(f, r, date.New(2025, time.December, 1), today)),
		"journey-in-march":   render.Show(report.ShowOf(f, r, date.New(2026, time.March, 3))),
		"journey-move":       render.MoveFile("Jude", report.MoveFileOf(f, r, r.Moves[0])),
		"journey-move-unmet": render.MoveFile("Jude", report.MoveFileOf(f, r, r.Moves[1])),
		"journey-contacts":   render.ContactLog("Jude", report.ContactLogOf(f, r)),
		"journey-contact":    render.Contact("Jude", report.ContactEntryOf(f, r, r.Contacts.Value.Contacts[2])),
		"journey-correction": render.CorrectionFile("Jude", report.CorrectionFileOf(f, r, r.Corrections[1])),
	} {
		golden(t, name, lines)
	}
}

// A request and each part of its life can be shown by itself, with what it is about
// and what was put right of it.
// Where the overview has no room for all support it shows what costs most, and in
// its own order where it has.
func TestDearestSupportFirst(t *testing.T) {
	v := report.Show{ID: "bk7m2xqt", Name: "Ada", Dearest: []string{"p3", "p1"}, Open: &report.Cycle{ID: "gxqf", Planned: date.MustParse("2026-05-04"), ReviewOn: date.MustParse("2026-06-20"),
		Support: []report.Support{{ID: "p1", What: "reading"}, {ID: "p2", What: "a card"}, {ID: "p3", What: "a key worker"}}}}
	got := text(render.Show(v))
	if a, b := strings.Index(got, "a key worker"), strings.Index(got, "reading"); a < 0 || b < a || strings.Contains(got, "a card") || !strings.Contains(got, "and 1 kind of support more") {
		t.Error(got)
	}
	v.Open.Support = v.Open.Support[1:]
	got = text(render.Show(v))
	if a, b := strings.Index(got, "a key worker"), strings.Index(got, "a card"); b < 0 || a < b {
		t.Error(got)
	}
}

func TestRequestPapers(t *testing.T) {
	_, f, r := unpacked(t, "school.txtar", "journey.txtar")
	today := date.New(2026, time.November, 22)
	fixed := []report.Correction{{ID: "h6vd", Date: today, Path: "words", Where: "the words", Was: "x", Is: "y", Because: "Mistyped.", ByName: "M. Eyre"}}
	letter, decision, impact := report.LetterFileOf(f, r, r.Letters[0], today), report.DecisionFileOf(f, r, r.Decisions[0], today), report.ImpactFileOf(f, r, r.Impacts[0], today)
	request, ok := report.RequestFileOf(f, r, "m3xt", today)
	if !ok {
		t.Fatal("no request")
	}
	letter.Corrected, decision.Corrected, impact.Corrected, request.Corrected = fixed, fixed, fixed, fixed
	for name, tt := range map[string]struct {
		lines []render.Line
		want  []string
	}{
		"letter":   {render.LetterFile("Jude", letter), []string{"Jude: letter h2vc about the STAR request", "the panel has the request", "The request is m3xt, sent on 15 January 2026."}},
		"decision": {render.DecisionFile("Jude", decision), []string{"Jude: decision w3xk on the STAR request", "2,210.00 pounds, 2 February to 17 July 2026", "The request is m3xt"}},
		"impact":   {render.ImpactFile("Jude", impact), []string{"Jude: impact z7tn of the STAR request", "1. Attendance: 71.2 percent before, 74.8 after; 82 was hoped for; better on Mondays.", "The request is m3xt"}},
		"request":  {render.RequestFile("Jude", request), []string{"Jude: STAR request m3xt", "a key worker at the start of each day", "some impact, not sustained"}},
	} {
		all := text(tt.lines)
		for _, w := range append(tt.want, "Words: it said x, and should say y: Mistyped. (M. Eyre, 22 November 2026)") {
			if !strings.Contains(all, w) {
				t.Errorf("%s: no %q in\n%s", name, w, all)
			}
		}
	}
}

// Views of a record in which next to nothing is given are short, and hold no empty brackets or labels.
func TestBareRecord(t *testing.T) {
	for name, lines := range map[string][]render.Line{
		"show":  render.Show(report.Show{ID: "jv6fpqgg", Name: "Jude", Next: "sendctl plan jv6fpqgg", NextWhy: "nothing is planned yet"}),
		"cycle": render.Cycle("Jude", report.Cycle{ID: "gxqf"}),
		"log":   render.Log(nil),
	} {
		for _, l := range lines {
			if strings.Contains(l.Text, "()") || strings.Contains(l.Text, "%!") || strings.Contains(l.Text, "0001") {
				t.Errorf("%s: %q", name, l.Text)
			}
		}
	}
}
