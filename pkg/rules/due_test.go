package rules_test

import (
	"slices"
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
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
