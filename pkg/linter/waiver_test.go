package linter

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/rules"
)

func waiverAt(rule, file, at, from, until string) learner.Waiver {
	return learner.Waiver{Rule: rule, File: file, At: at, By: "eyre", From: date.MustParse(from), Until: date.MustParse(until), Because: "Jude was away"}
}

// someRule is a published rule of which something holds.
func someRule(t *testing.T, holds func(rules.Rule) bool) string {
	t.Helper()
	for _, r := range rules.All() {
		if holds(r) {
			return r.Name
		}
	}
	t.Fatal("there is no such rule")
	return ""
}

func TestWaivers(t *testing.T) {
	late := someRule(t, func(r rules.Rule) bool {
		return !never(r) && !r.Whole && r.Group().Name != "protection"
	})
	const cycle, other, is = "learners/bk7m2xqt/cycles/2026-09-10-x-k4f7.yaml", "learners/cd8n3yrv/learner.yaml", "learners/bk7m2xqt/learner.yaml"
	found := []diag.Finding{
		{Rule: late, Severity: diag.Error, File: cycle, Path: "plan.targets[1].due"},
		{Rule: late, Severity: diag.Warning, File: cycle, Path: "plan.targets[10]"},
		{Rule: "dates-in-order", Severity: diag.Error, File: cycle, Path: "plan.date"},
		{Rule: late, Severity: diag.Error, File: other},
		{Rule: late, Severity: diag.Error, File: is, Path: "team"},
	}
	for _, tt := range []struct {
		name   string
		list   []learner.Waiver
		day    string
		waived []int    // of found
		told   []string // about waivers
		until  string
	}{
		{"no waiver", nil, "2026-11-22", nil, nil, ""},
		{"everything of the learner", []learner.Waiver{waiverAt(late, "", "", "2026-11-01", "2026-12-18")}, "2026-11-22", []int{0, 1, 4}, nil, "2026-12-19"},
		{"one file by its id", []learner.Waiver{waiverAt(late, "k4f7", "", "2026-11-01", "2026-12-18")}, "2026-11-22", []int{0, 1}, nil, "2026-12-19"},
		{"one file by its name", []learner.Waiver{waiverAt(late, "learner", "", "2026-11-01", "2026-12-18")}, "2026-11-22", []int{4}, nil, "2026-12-19"},
		{"a place and what lies below it", []learner.Waiver{waiverAt(late, "k4f7", "plan.targets[1]", "2026-11-01", "2026-12-18")}, "2026-11-22", []int{0}, nil, "2026-12-19"},
		{"the day before it begins", []learner.Waiver{waiverAt(late, "", "", "2026-11-22", "2026-12-18")}, "2026-11-21", nil, nil, "2026-11-22"},
		{"its first day", []learner.Waiver{waiverAt(late, "", "", "2026-11-22", "2026-12-18")}, "2026-11-22", []int{0, 1, 4}, nil, "2026-12-19"},
		{"its last day", []learner.Waiver{waiverAt(late, "", "", "2026-11-01", "2026-11-22")}, "2026-11-22", []int{0, 1, 4}, nil, "2026-11-23"},
		{"the day after", []learner.Waiver{waiverAt(late, "", "", "2026-11-01", "2026-11-21")}, "2026-11-22", nil, nil, ""},
		{"nothing to waive", []learner.Waiver{waiverAt(late, "x9f2", "", "2026-11-01", "2026-12-18")}, "2026-11-22", nil, []string{WaiverUnused + " waivers[0]"}, "2026-12-19"},
		{"over, and nothing to waive", []learner.Waiver{waiverAt(late, "x9f2", "", "2026-11-01", "2026-11-21")}, "2026-11-22", nil, nil, ""},
		{"what guards", []learner.Waiver{waiverAt("dates-in-order", "", "", "2026-11-01", "2026-12-18")}, "2026-11-22", nil, []string{WaiverRefused + " waivers[0]"}, "2026-12-19"},
		{"what cannot be read", []learner.Waiver{waiverAt("yaml-syntax", "", "", "2026-11-01", "2026-12-18")}, "2026-11-22", nil, []string{WaiverRefused + " waivers[0]"}, "2026-12-19"},
		{"a rule nobody knows", []learner.Waiver{waiverAt("no-such-rule", "", "", "2026-11-01", "2026-12-18")}, "2026-11-22", nil, nil, "2026-12-19"},
		{"two of the same", []learner.Waiver{waiverAt(late, "", "", "2026-11-01", "2026-11-30"), waiverAt(late, "k4f7", "", "2026-11-01", "2026-12-18")}, "2026-11-22", []int{0, 1, 4}, nil, "2026-12-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := Waivers{Path: is, List: tt.list}
			got := w.Apply(found, date.MustParse(tt.day), false)
			var waived []diag.Finding
			for _, x := range got.Suppressed {
				if x.How != diag.Waived || x.By != "eyre" || x.At.File != is || x.Because == "" {
					t.Errorf("suppressed as %+v", x)
				}
				waived = append(waived, x.Finding)
			}
			var want, left []diag.Finding
			var told []string
			isWaived := map[int]bool{}
			for _, i := range tt.waived {
				isWaived[i] = true
				want = append(want, found[i])
			}
			for i, x := range found {
				if !isWaived[i] {
					left = append(left, x)
				}
			}
			if diff := cmp.Diff(want, waived); diff != "" {
				t.Error(diff)
			}
			for _, x := range got.Left[len(left):] {
				told = append(told, x.Rule+" "+x.Path)
			}
			if diff := cmp.Diff(left, got.Left[:len(left)]); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.told, told); diff != "" {
				t.Error(diff)
			}
			if got.Until.String() != tt.until {
				t.Errorf("holds until %q, want %q", got.Until, tt.until)
			}
		})
	}
}

// A waiver of sendctl.yaml is for what shows in all records together, and is not called
// unused where not all were judged.
func TestWaiversOfTheFolder(t *testing.T) {
	all := someRule(t, func(r rules.Rule) bool { return r.Whole && !never(r) })
	w := Waivers{Path: "sendctl.yaml", List: []learner.Waiver{waiverAt(all, "", "", "2026-11-01", "2026-12-18")}}
	day := date.MustParse("2026-11-22")
	if got := w.Apply(nil, day, false); len(got.Left) != 0 {
		t.Errorf("with some records judged: %v", got.Left)
	}
	if got := w.Apply(nil, day, true); len(got.Left) != 1 || got.Left[0].Rule != WaiverUnused {
		t.Errorf("with all judged: %v", got.Left)
	}
	x := diag.Finding{Rule: all, Severity: diag.Warning, File: "learners/bk7m2xqt/identity.yaml", Path: "upn"}
	if got := w.Apply([]diag.Finding{x}, day, true); len(got.Left) != 0 || len(got.Suppressed) != 1 {
		t.Errorf("got %+v", got)
	}
	w.Path = "learners/bk7m2xqt/learner.yaml"
	if got := w.Apply(nil, day, false); len(got.Left) != 1 || got.Left[0].Hint != "write it in sendctl.yaml" {
		t.Errorf("in a learner's file: %+v", got)
	}
}

// An error about data protection is never lived with; a warning may be.
func TestProtectionIsNotWaived(t *testing.T) {
	name := someRule(t, func(r rules.Rule) bool {
		return r.Group().Name == "protection" && !r.Guards && r.Severity != diag.Error
	})
	w := Waivers{Path: "learners/bk7m2xqt/learner.yaml", List: []learner.Waiver{waiverAt(name, "", "", "2026-11-01", "2026-12-18")}}
	for severity, waived := range map[diag.Severity]int{diag.Error: 0, diag.Warning: 1} {
		got := w.Apply([]diag.Finding{{Rule: name, Severity: severity, File: w.Path}}, date.MustParse("2026-11-22"), false)
		if len(got.Suppressed) != waived {
			t.Errorf("%s: %d waived, want %d", severity, len(got.Suppressed), waived)
		}
	}
}

// TestPagesOfWaivers: the examples on the pages of the rules that are told here.
func TestPagesOfWaivers(t *testing.T) {
	for _, name := range []string{WaiverUnused, WaiverRefused} {
		rule, _ := ruleNamed(name)
		page, err := rule.Page()
		if err != nil {
			t.Fatal(err)
		}
		for want, sample := range map[int]rules.Sample{1: page.Bad, 0: page.Good} {
			disk := madeUpSchool(t)
			const p = "learners/jv6fpqgg/learner.yaml"
			for _, b := range sample.Blocks {
				if !b.Gone {
					disk[p] = &fstest.MapFile{Data: append(disk[p].Data, "waivers:\n"+b.Text...)}
				}
			}
			f, err := folder.Open(disk)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Run(t.Context(), f, Options{Day: date.MustParse("2026-11-22")})
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for _, x := range r.Findings {
				if x.Rule == name {
					got++
				} else if x.File == p && x.Rule != WaiverUnused {
					t.Errorf("%s: %+v", name, x)
				}
			}
			if got != want {
				t.Errorf("%s: found %d times, want %d", name, got, want)
			}
		}
	}
}
