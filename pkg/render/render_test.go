package render_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestGolden: what people read of the made-up school, to the letter.
func TestGolden(t *testing.T) {
	disk := os.DirFS("../../examples/thornelaw")
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
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
			if strings.Contains(l.Text, "\n") && name != "show" || strings.Contains(l.Text, "%!") {
				t.Errorf("%s: a poor line: %q", name, l.Text)
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
