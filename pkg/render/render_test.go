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
	_, f, r := unpacked(t, "school.txtar", "journey.txtar")
	today := date.New(2026, time.November, 22)
	show := render.Show(report.ShowOf(f, r, today))
	if n := strings.Count(text(show), "\n"); n > 24 {
		t.Errorf("%d lines", n)
	}
	for name, lines := range map[string][]render.Line{
		"journey-show":       show,
		"journey-in-march":   render.Show(report.ShowOf(f, r, date.New(2026, time.March, 3))),
		"journey-move":       render.MoveFile("Jude", report.MoveFileOf(f, r, r.Moves[0])),
		"journey-move-unmet": render.MoveFile("Jude", report.MoveFileOf(f, r, r.Moves[1])),
		"journey-letter":     render.LetterFile("Jude", report.LetterFileOf(f, r, r.Letters[0], today)),
		"journey-decision":   render.DecisionFile("Jude", report.DecisionFileOf(f, r, r.Decisions[0], today)),
		"journey-impact":     render.ImpactFile("Jude", report.ImpactFileOf(f, r, r.Impacts[0], today)),
		"journey-contacts":   render.ContactLog("Jude", report.ContactLogOf(f, r)),
		"journey-contact":    render.Contact("Jude", report.ContactEntryOf(f, r, r.Contacts.Value.Contacts[2])),
		"journey-correction": render.CorrectionFile("Jude", report.CorrectionFileOf(f, r, r.Corrections[1])),
	} {
		golden(t, name, lines)
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
