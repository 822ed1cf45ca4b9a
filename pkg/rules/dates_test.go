package rules_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestDatesInOrder: a day that cannot be right is told once and by its own rule, with the
// place of the other; and one beside it that can be is not told.
func TestDatesInOrder(t *testing.T) {
	at := func(places ...string) []string {
		var out []string
		for _, x := range places {
			out = append(out, "dates-in-order "+x)
		}
		return out
	}
	learner := func(path, text string) []rules.Block { return []rules.Block{put("learner", path, text)} }
	cycle := func(path, text string) []rules.Block { return []rules.Block{put("cycle", path, text)} }
	const yes, no = ", applies: true}", ", applies: false}"
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"assessed after it was planned", cycle("assess.date", "2026-11-20"), at("plan.date")},
		{"assessed as it was planned", cycle("assess.date", "2026-11-02"), nil},
		{"due before it starts", append(cycle("plan.starts", "2026-12-14"), put("cycle", "plan.targets[0].due", "2026-12-09")), at("plan.targets[0].due")},
		{"heard of before the panel", []rules.Block{put("star-decision", "impact_by", "2025-07-10")}, at("impact_by")},
		{"an adjustment that ended before it began", learner("adjustments[0].ended", "2025-07-07"), at("adjustments[0].ended")},
		{"an adjustment that has ended", learner("adjustments[0].ended", "2026-11-10"), nil},
		{"an adjustment from before birth", learner("adjustments[0].since", "2006-07-07"), at("adjustments[0].since")},
		{"a need from before birth", learner("needs[0].from", "2012-02-12"), at("needs[0].from")},
		{"a hope from before birth", learner("aspirations[0].date", "2006-07-07"), at("aspirations[0].date")},
		{"a talk from before birth", []rules.Block{put("contacts", "contacts[0].date", "2005-10-02")}, at("contacts[0].date")},
		{"a consent from before birth", learner("consents[0].date", "2006-05-12"), at("consents[0].date")},
		{"noticed before birth", cycle("assess.noticed", "2006-10-12"), at("assess.noticed")},
		{"advice asked for before birth", []rules.Block{put("advice", "asked", "2016-05-13")}, at("asked")},
		{"money from before birth", learner("top_up", "[{from: 2016-09-03"+yes+"]"), at("top_up[0].from")},
		{"a place, its end first", learner("resourced_provision", "[{from: 2026-09-03"+no+", {from: 2025-09-03"+yes+"]"), at("resourced_provision[1]")},
		{"a place that is over", learner("resourced_provision", "[{from: 2025-09-03"+yes+", {from: 2026-09-03"+no+"]"), nil},
		{"year groups out of order", learner("year_exceptions", "[{from: 2026-09-03, year: \"5\"}, {from: 2024-09-03, year: \"1\"}]"), at("year_exceptions[1]")},
		{"two on one day", learner("enrolment", "[{from: 2021-09-06, status: C}, {from: 2021-09-06, status: M}]"), at("enrolment[1].from")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse(pageDay)) {
				if x.Rule == "sealed" {
					continue
				}
				got = append(got, x.Rule+" "+x.Path)
				if x.Rule == "dates-in-order" && !slices.ContainsFunc(x.Related, func(r diag.Related) bool { return r.Span.Start.Line > 0 }) {
					t.Errorf("no other date to go to: %s", x.Message)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
