package rules_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	reports "github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestAsNextSays: what a rule calls late or missing, `next` calls owed on the same day;
// and of meetings both count the same.
func TestAsNextSays(t *testing.T) {
	owes := map[string][]string{
		"review-overdue": {"review"}, "document-stale": {"look-again"}, "document-unread": {"reading"}, "review-not-followed": {"plan", "step"},
		"no-plan": {"plan"}, "parent-meetings": {"meetings"}, "parents-not-told": {"telling"}, "concern-open-long": {"plan"},
	}
	for name, blocks := range map[string][]rules.Block{
		"much undone": append(minaNotTold(), take("readings", "readings[9]"), put(minaDir+"contacts.yaml", "contacts[4].how", "call")),
		"no cycles":   {take("cycle", ""), take("kai-cycle", ""), take(minaDir+"cycles/2026-09-21-profile-jffm.yaml", "")},
		"no plan":     {take("cycle", ""), take("reviewed", "")},
	} {
		f, err := folder.Open(laidOver(t, blocks...))
		if err != nil {
			t.Fatal(err)
		}
		all, err := f.Learners()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, id := range all {
			r, err := f.Load(id)
			if err != nil {
				t.Fatal(err)
			}
			for day := date.MustParse("2026-06-10"); day.Before(date.MustParse("2027-08-01")); day = day.AddDays(9) {
				var owed, found []string
				for _, o := range reports.OwedOf(f, r, day) {
					if o.On.IsZero() || !o.On.After(day) {
						owed = append(owed, o.What)
					}
				}
				for _, x := range rules.Judge(f, r, day).Findings {
					found = append(found, x.Rule)
					if want := owes[x.Rule]; want != nil && !slices.ContainsFunc(want, func(w string) bool { return slices.Contains(owed, w) }) {
						t.Errorf("%s, %s on %s: %s is found, and next owes only %q", name, id, day, x.Rule, owed)
					}
					seen[x.Rule] = true
				}
				if slices.Contains(owed, "meetings") && !slices.Contains(found, "parent-meetings") {
					t.Errorf("%s, %s on %s: next owes a meeting, and no rule finds it", name, id, day)
				}
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s: only %v is found", name, seen)
		}
	}
}

// TestMadeOfAList: of a record that was made of a list yesterday nobody is asked for what
// older papers hold; some weeks later they are, on the very day that the verdict names.
func TestMadeOfAList(t *testing.T) {
	const is = "stage: ehc-plan\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: \"N\"}, {from: 2024-09-10, code: E}]\nneeds: [{rank: 1, type: SPLD, from: 2024-09-10}]\n"
	owed := []string{"document-missing", "no-plan", "parental-responsibility", "annual-review-overdue"}
	for _, c := range []struct {
		name, more, day string
		owed            bool
	}{
		{"yesterday", "kept_since: 2026-11-21\n", "2026-11-22", false},
		{"four weeks ago", "kept_since: 2026-10-26\n", "2026-11-22", false},
		{"the day after", "kept_since: 2026-10-25\n", "2026-11-22", true},
		{"nobody knows when", "", "2026-11-22", true},
	} {
		disk := alone(t, "phase: primary\n", [2]string{sheetOf, is + c.more})
		f, r := opened(t, disk)
		v := rules.Judge(f, r, date.MustParse(c.day))
		for _, rule := range owed {
			found := slices.ContainsFunc(v.Findings, func(x diag.Finding) bool { return x.Rule == rule })
			if found != c.owed {
				t.Errorf("%s: %s: found %v", c.name, rule, found)
			}
		}
		if !c.owed && c.more != "" {
			if last := r.Learner.Value.KeptSince.AddDays(28); v.Until.IsZero() || v.Until.After(last) {
				t.Errorf("%s: the verdict holds until %s, want %s at the latest", c.name, v.Until, last)
			}
		}
	}
}

// TestBegunWithAConcern: a record that was opened with a first concern is asked for a
// passport when it is old enough, however long the learner has had support.
func TestBegunWithAConcern(t *testing.T) {
	const is = "stage: profile\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: \"N\"}, {from: 2024-09-10, code: K}]\nneeds: [{rank: 1, type: SPLD, from: 2024-09-10}]\nfamily: [{id: mum, relation: mother, parental_responsibility: true}]\n"
	disk := alone(t, "phase: primary\n", [2]string{sheetOf + "family: [{id: mum, name: Ash Example}]\n", is})
	disk["learners/"+learnerNo(0)+"/cycles/2026-11-20-initial-concerns-k4f7.yaml"] = &fstest.MapFile{Data: []byte("format: cycle/v1\nlearner: " + learnerNo(0) +
		"\nid: k4f7\nopened: 2026-11-20\nstage: initial-concerns\npathway: northumberland/1\nresponsible_teacher: sato\nassess:\n  date: 2026-11-20\n  concerns:\n    - {by: sato, area: cognition-and-learning, words: reads slowly}\n")}
	for day, want := range map[string]int{"2026-11-22": 0, "2027-02-20": 1} {
		if got := by(t, disk, day, "document-missing"); len(got) != want {
			t.Errorf("%s: %q", day, got)
		}
	}
}
