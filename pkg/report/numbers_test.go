package report_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/report"
)

func thornelaw(t *testing.T) *folder.Folder {
	t.Helper()
	f, err := folder.Open(os.DirFS("../../examples/thornelaw"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func threeDays() []report.Day {
	return []report.Day{{On: day("2026-01-15"), Words: "spring census"}, {On: day("2026-05-21"), Words: "summer census"}, {On: day("2026-10-01"), Words: "autumn census"}}
}

func drawHead(t *rapid.T, f *folder.Folder) report.Head {
	code := rapid.SampledFrom([]string{"N", "N", "N", "K", "K", "E", ""}).Draw(t, "code")
	h := report.Head{Provision: code, Year: rapid.SampledFrom([]string{"3", "4", "5", "R", ""}).Draw(t, "year"), Sex: rapid.SampledFrom([]string{"F", "M"}).Draw(t, "sex"),
		Stage: rapid.SampledFrom(append(f.Pathway.Value.StageIDs(), "")).Draw(t, "stage")}
	if code != "N" {
		h.Needs = rapid.SliceOfN(rapid.SampledFrom([]string{"SLCN", "ASD", "SEMH", "HI", "XYZ"}), 0, 3).Draw(t, "needs")
	}
	return h
}

func tally(t interface{ Fatal(...any) }, f *folder.Folder, days []report.Day, heads [][]report.Head, by ...string) report.Numbers {
	x, err := report.NewTally(f, by, days)
	if err != nil {
		t.Fatal(err)
	}
	for d, of := range heads {
		for _, h := range of {
			x.Add(d, h)
		}
	}
	return x.Numbers(false)
}

// shown is one row, but for columns that are 0, which another run may have left out.
func shown(v report.Numbers, key string) map[string]string {
	out := map[string]string{}
	for _, r := range v.Rows {
		if r.Key.Key != key {
			continue
		}
		for _, c := range append(slices.Clone(r.Cells), r.All) {
			if c.Text() != "0" {
				out[c.Key] = c.Text()
			}
		}
	}
	return out
}

// What is hidden of a day does not rest on the other days of a run, nor on whether it is
// asked for alone or across something else: two runs tell no more than one.
func TestADayIsHiddenAlikeInEveryRun(t *testing.T) {
	f := thornelaw(t)
	hides, differs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var heads [][]report.Head
		n := rapid.IntRange(0, 80).Draw(t, "n")
		for range threeDays() {
			var of []report.Head
			for range n {
				of = append(of, drawHead(t, f))
			}
			heads = append(heads, of)
		}
		things := []string{report.ByStage, report.ByNeed, report.ByYear, report.ByProvision, report.BySex}
		for _, by := range append(things, report.ByAnyNeed) {
			all := tally(t, f, threeDays(), heads, by)
			for i, d := range threeDays() {
				alone := tally(t, f, []report.Day{d}, heads[i:i+1], by)
				if diff := cmp.Diff(shown(alone, d.On.String()), shown(all, d.On.String())); diff != "" {
					t.Fatalf("%s on %s: %s", by, d.On, diff)
				}
			}
			if strings.Contains(strings.Join(slices.Collect(maps.Values(shown(all, "2026-10-01"))), " "), "c") {
				hides++
			} else {
				differs++
			}
		}
		down, across := rapid.SampledFrom(things).Draw(t, "down"), rapid.SampledFrom(things).Draw(t, "across")
		if down == across {
			return
		}
		last := threeDays()[2:]
		crossed := tally(t, f, last, heads[2:], down, across)
		if diff := cmp.Diff(shown(tally(t, f, last, heads[2:], across), "2026-10-01"), shown(crossed, "all")); diff != "" {
			t.Fatalf("%s below %s by %s: %s", across, across, down, diff)
		}
		line := shown(tally(t, f, last, heads[2:], down), "2026-10-01")
		for _, r := range crossed.Rows {
			if r.Key.Key != "all" && r.All.Text() != "0" && r.All.Text() != line[r.Key.Key] {
				t.Fatalf("%s %s is %s beside a table and %s alone", down, r.Key.Key, r.All.Text(), line[r.Key.Key])
			}
		}
	})
	if hides == 0 || differs == 0 {
		t.Errorf("%d lines hide something, %d nothing", hides, differs)
	}
}

// No small number is shown, and what is hidden by main need is hidden by any.
func TestNoSmallNumberIsShown(t *testing.T) {
	f := thornelaw(t)
	rapid.Check(t, func(t *rapid.T) {
		var of []report.Head
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			of = append(of, drawHead(t, f))
		}
		heads, last := [][]report.Head{of}, threeDays()[2:]
		for _, by := range [][]string{{report.ByStage}, {report.ByNeed}, {report.ByAnyNeed}, {report.ByYear}, {report.ByProvision}, {report.BySex}, {report.ByYear, report.ByProvision}, {report.ByNeed, report.BySex}} {
			v := tally(t, f, last, heads, by...)
			for _, r := range v.Rows {
				for _, c := range append(slices.Clone(r.Cells), r.All) {
					if c.Count != nil && *c.Count > 0 && *c.Count < 5 {
						t.Fatalf("by %v: %d is shown", by, *c.Count)
					}
					if (c.Count == nil) != strings.HasPrefix(c.Hidden, "fewer than 5") {
						t.Fatalf("by %v: %+v", by, c)
					}
				}
			}
		}
		any := shown(tally(t, f, last, heads, report.ByAnyNeed), "2026-10-01")
		for key, text := range shown(tally(t, f, last, heads, report.ByNeed), "2026-10-01") {
			if text == "c" && any[key] != "c" {
				t.Fatalf("%s is hidden by main need and %s by any", key, any[key])
			}
		}
	})
}

func TestNumbersInside(t *testing.T) {
	f := thornelaw(t)
	x, err := report.NewTally(f, []string{report.ByProvision}, threeDays())
	if err != nil {
		t.Fatal(err)
	}
	x.Add(2, report.Head{Provision: "K"})
	x.Add(2, report.Head{Provision: "N"})
	heading, rows := x.Numbers(true).Grid()
	if diff := cmp.Diff([]string{"day", "what", "N (no special educational need)", "K (SEN support)", "E (education, health and care plan)", "all", "note"}, heading); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(rows[2][:6], " "); got != "2026-10-01 autumn census 1 1 0 2" {
		t.Error(got)
	}
	for _, r := range rows {
		if !strings.HasPrefix(r[6], report.InsideOnly) {
			t.Errorf("a row without the mark: %v", r)
		}
	}
	_, rows = x.Numbers(false).Grid()
	if got := strings.Join(rows[2][:7], " "); got != "2026-10-01 autumn census c c c c c" { // not recorded, too
		t.Error(got)
	}
	if !strings.HasPrefix(rows[2][7], "c = fewer than 5, or hidden") || strings.Contains(rows[1][7], "c =") {
		t.Errorf("%q", rows)
	}
}

// The stage of a day follows the moves; on the day of leaving it is still the old one.
func TestStageOn(t *testing.T) {
	f := thornelaw(t)
	r, err := f.LoadFront("jv6fpqgg")
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2025-10-02": "initial-concerns", "2026-02-11": "initial-concerns", "2026-02-12": "passport", "2026-07-07": "sen-support-plan", "2027-01-01": "sen-support-plan"} {
		if got := report.StageOn(f, r, day(on)); got != want {
			t.Errorf("on %s %s, want %s", on, got, want)
		}
	}
	away := ""
	for _, s := range f.Pathway.Value.Stages {
		if s.Away() {
			away = s.ID
		}
	}
	left := r.Moves[len(r.Moves)-1]
	left.Value.From, left.Value.To, left.Value.Date = "sen-support-plan", away, date.New(2026, 10, 1)
	r.Moves = append(r.Moves, left)
	if got := report.StageOn(f, r, day("2026-10-01")); got != "sen-support-plan" {
		t.Errorf("on the day of leaving at %s", got)
	}
}
