package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestHardlyMeant: days a year off, and figures that what was planned, asked for or counted
// does not bear out, are told once; and what is near them and may be meant is not.
func TestHardlyMeant(t *testing.T) {
	is := func(file, path, text string) []rules.Block { return []rules.Block{put(file, path, text)} }
	note := func(delivered string) []rules.Block {
		return is("cycle", "do[0]", "{date: 2026-11-13, by: bell, provision: p1, delivered: "+delivered+", attended: 4, words: \"He read on.\"}")
	}
	adjusted := func(since string) []rules.Block {
		return append(is("learner", "adjustments[0].since", since), put("learner", "adjustments[0].review_on", "2028-07-07"))
	}
	percent := func(what, target string) []rules.Block {
		return is("cycle", "plan.targets[1].measure", "{what: "+what+", unit: percent, baseline: 63, target: "+target+", better: higher}")
	}
	const due, figure = "date-unlikely ", "figure-unlikely "
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"assessed a year early", is("cycle", "assess.date", "2025-11-02"), []string{due + "assess.date"}},
		{"assessed weeks before", is("cycle", "assess.date", "2026-09-20"), nil},
		{"heard a year early", is("cycle", "assess.learner_says[0].date", "2025-11-02"), []string{due + "assess.learner_says[0].date"}},
		{"starts a year early", is("cycle", "plan.starts", "2025-11-09"), []string{due + "plan.starts"}},
		{"starts months early", is("cycle", "plan.starts", "2026-09-02"), []string{due + "plan.starts"}},
		{"starts days early", is("cycle", "plan.starts", "2026-10-26"), nil},
		{"an adjustment of another year", adjusted("2027-07-07"), []string{due + "adjustments[0].since"}},
		{"an adjustment from the next term", adjusted("2027-01-05"), nil},
		{"no code for the first years", is("learner", "sen_provision", "[{from: 2026-02-12, code: K}]"), []string{due + "sen_provision[0].from"}},
		{"a paper of another year", is("setting", "published", "[{what: sen-information-report, date: 2027-09-01, where: the website}]"), []string{due + "published[0].date"}},
		{"a paper from the next term", is("setting", "published", "[{what: sen-information-report, date: 2027-01-05, where: the website}]"), nil},
		{"an award to come", is("people", "people[0].award", "2029-07-01"), []string{due + "people[0].award"}},
		{"a role of another year", is("people", "people[0].since", "2030-09-01"), []string{due + "people[0].since"}},
		{"no weeks", is("cycle", "plan.provision[0].sessions.weeks", "0"), []string{figure + "plan.provision[0].sessions.weeks"}},
		{"ten times a day", is("cycle", "plan.provision[0].sessions.per_week", "50"), []string{figure + "plan.provision[0].sessions.per_week", "withdrawn-long plan.provision[0].where"}},
		{"two terms", is("cycle", "plan.provision[0].sessions.weeks", "26"), nil},
		{"ninety in eleven days", note("90"), []string{figure + "do[0].delivered"}},
		{"more than planned", note("26"), nil},
		{"ten times what was planned", is("reviewed", "review.provision[0].delivered", "240"), []string{figure + "review.provision[0].delivered"}},
		{"more than all", percent("words read correctly", "130"), []string{figure + "plan.targets[1].measure.target"}},
		{"more than before", percent("growth in words read on the term before", "130"), nil},
		{"ten times what was asked for", is("star-decision", "grants.money", "22100.00"), []string{figure + "grants.money"}},
		{"somewhat more", is("star-decision", "grants.money", "2600.00"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse(pageDay)) {
				if x.Rule != "sealed" {
					got = append(got, x.Rule+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestNearRules: of a waiver for a rule that there is not, those that begin alike are named.
func TestNearRules(t *testing.T) {
	for written, want := range map[string]string{
		"review-late":   `did you mean "review-gap", "review-not-followed", "review-overdue" or "review-unheard"? sendctl explain lists the rules`,
		"review-overdu": `did you mean "review-overdue"? sendctl explain lists the rules`,
		"slowstart":     `did you mean "slow-start"? sendctl explain lists the rules`,
	} {
		waiver := put("learner", "waivers", "- {rule: "+written+", by: eyre, from: 2026-11-01, until: 2027-01-31, because: \"We talked about it.\"}")
		for _, x := range foundOf(t, laidOver(t, waiver), "waiver-unknown", pageDay) {
			if diff := cmp.Diff(want, x.Hint); diff != "" {
				t.Errorf("%s\n%s", written, diff)
			}
		}
	}
}
