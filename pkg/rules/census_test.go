package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestCensusDays: each rule on the days on which it turns, and beside what it looks at.
func TestCensusDays(t *testing.T) {
	const supported = "stage: universal\njoined: 2026-09-03\nsen_provision: [{from: 2026-09-03, code: \"N\"}, {from: 2026-11-02, code: K}]\n"
	k := func(needs string) string { return supported + "needs: [" + needs + "]\n" }
	code := func(codes, more string) string {
		return "stage: universal\njoined: 2026-09-03\nsen_provision: [" + codes + "]\n" + more
	}
	const slcn, pd, hi = "{rank: 1, type: SLCN, from: 2026-11-02}", "{rank: 2, type: PD, from: 2026-11-02}", "{rank: 3, type: HI, from: 2026-11-09}"
	tests := []struct {
		name, rule, setting, is string
		days                    map[string]string
	}{
		{"no code yet", "no-code-today", "", code("{from: 2026-10-01, code: K}", ""), map[string]string{"2026-09-02": "", "2026-09-03": "error sen_provision", "2026-09-30": "error sen_provision", "2026-10-01": ""}},
		{"who has left has none", "no-code-today", "", with(code("{from: 2026-10-01, code: K}", ""), "universal", "left"), map[string]string{"2026-09-03": ""}},

		{"a need that ends with the code", "need-without-sen", "", code("{from: 2026-09-03, code: K}, {from: 2026-11-02, code: \"N\"}", "needs: [{rank: 1, type: SLCN, from: 2026-09-03, until: 2026-11-02}]\n"), map[string]string{"2026-11-01": "", "2026-11-02": "", "2026-11-03": ""}},
		{"a need that goes on", "need-without-sen", "", code("{from: 2026-09-03, code: K}, {from: 2026-11-02, code: \"N\"}", "needs: [{rank: 1, type: SLCN, from: 2026-09-03, until: 2026-11-20}]\n"), map[string]string{"2026-11-01": "", "2026-11-02": "error needs[0]", "2026-11-19": "error needs[0]", "2026-11-20": ""}},
		{"a place that goes on", "need-without-sen", "", code("{from: 2026-09-03, code: \"N\"}", "resourced_provision: [{from: 2026-10-01, applies: true}, {from: 2026-11-01, applies: false}]\n"), map[string]string{"2026-09-30": "", "2026-10-01": "error resourced_provision[0]", "2026-11-01": ""}},

		{"support without a need", "need-missing", "", supported, map[string]string{
			"2026-11-01": "",
			"2026-11-02": "error needs", "2027-01-21": "error needs", // the census that comes next is that of spring
			"2027-01-22": "warning needs", "2027-10-07": "warning needs", "2027-10-08": "error needs",
		}},
		{"where another return is made", "need-missing", "phase: early-years", supported, map[string]string{"2026-11-02": "warning needs"}},
		{"with its need", "need-missing", "", k(slcn), map[string]string{"2026-11-02": ""}},
		{"before the day of joining", "need-missing", "", with(supported, "joined: 2026-09-03", "joined: 2026-12-01"), map[string]string{"2026-11-30": "", "2026-12-01": "error needs"}},
		{"after the last need", "need-missing", "", k("{rank: 1, type: SLCN, from: 2026-11-02, until: 2026-11-20}"), map[string]string{"2026-11-19": "", "2026-11-20": "error needs"}},

		{"one rank for two", "need-rank-twice", "", k(slcn + ", {rank: 1, type: PD, from: 2026-11-02}"), map[string]string{"2026-11-02": "error needs[1].rank"}},
		{"one rank, one after the other", "need-rank-twice", "", k("{rank: 1, type: SLCN, from: 2026-11-02, until: 2026-11-09}, {rank: 1, type: PD, from: 2026-11-09}"), map[string]string{"2026-11-20": ""}},
		{"a gap", "need-rank-gap", "", k(slcn + ", " + hi), map[string]string{"2026-11-08": "", "2026-11-09": "error needs[1].rank"}},
		{"no first", "need-rank-gap", "", k(pd), map[string]string{"2026-11-09": "error needs[0].rank"}},
		{"ranks in another order of lines", "need-rank-gap", "", k(pd + ", " + hi + ", " + slcn), map[string]string{"2026-11-09": ""}},
		{"one rank for two is no gap", "need-rank-gap", "", k("{rank: 2, type: SLCN, from: 2026-11-02}, " + pd), map[string]string{"2026-11-09": ""}},
		{"one type twice", "need-twice", "", k(slcn + ", {rank: 2, type: SLCN, from: 2026-11-02}"), map[string]string{"2026-11-09": "error needs[1].type"}},
		{"one type again", "need-twice", "", k("{rank: 1, type: SLCN, from: 2026-11-02, until: 2026-11-09}, {rank: 1, type: SLCN, from: 2026-11-15}"), map[string]string{"2026-11-20": ""}},
		{"three needs", "more-than-two-needs", "", k(slcn + ", " + pd + ", " + hi), map[string]string{"2026-12-09": "", "2026-12-10": "advice needs[2]", "2027-01-21": "advice needs[2]", "2027-01-22": "", "2027-05-01": ""}},
		{"two needs", "more-than-two-needs", "", k(slcn + ", " + pd), map[string]string{"2026-12-10": ""}},

		{"unassessed, with support", "nsa-with-plan", "", k("{rank: 1, type: NSA, from: 2026-11-02}"), map[string]string{"2026-11-09": ""}},
		{"unassessed, with a plan", "nsa-with-plan", "", code("{from: 2026-09-03, code: E}", "needs: [{rank: 1, type: NSA, from: 2026-09-03}]\n"), map[string]string{"2026-11-09": "error needs[0].type"}},

		{"withdrawn codes", "code-withdrawn", "", code("{from: 2026-09-03, code: P}, {from: 2026-10-03, code: S}", "needs: [{rank: 1, type: BESD, from: 2026-09-03}]\n"), map[string]string{"2026-11-09": "error needs[0].type, error sen_provision[0].code, error sen_provision[1].code"}},
		{"and nothing else of them", "shape", "", code("{from: 2026-09-03, code: P}, {from: 2026-10-03, code: S}", "needs: [{rank: 1, type: BESD, from: 2026-09-03}]\n"), map[string]string{"2026-11-09": ""}},
		{"codes that never were", "shape", "", code("{from: 2026-09-03, code: Q}", "needs: [{rank: 1, type: S, from: 2026-09-03}]\n"), map[string]string{"2026-11-09": "error needs[0].type, error sen_provision[0].code"}},

		{"no need in a special school", "special-school-n", "phase: special", code("{from: 2026-10-01, code: \"N\"}, {from: 2026-11-01, code: E}", ""), map[string]string{"2026-09-30": "", "2026-10-01": "error sen_provision[0].code", "2026-11-01": ""}},
		{"and elsewhere", "special-school-n", "", code("{from: 2026-10-01, code: \"N\"}", ""), map[string]string{"2026-10-01": ""}},
		{"a unit in a special school", "place-in-special", "phase: pupil-referral-unit", supported + "sen_unit: [{from: 2026-11-10, applies: true}]\n", map[string]string{"2026-11-09": "", "2026-11-10": "error sen_unit[0]"}},
		{"a unit without a plan", "place-without-plan", "", supported + "sen_unit: [{from: 2026-11-10, applies: true}]\n", map[string]string{"2026-11-09": "", "2026-11-10": "warning sen_unit[0]"}},
		{"a unit with a plan", "place-without-plan", "", code("{from: 2026-09-03, code: E}", "sen_unit: [{from: 2026-11-10, applies: true}]\n"), map[string]string{"2026-11-10": ""}},
		{"money without a plan", "top-up-note", "", supported + "top_up: [{from: 2026-11-10, applies: true}, {from: 2027-01-10, applies: false}]\n", map[string]string{"2026-12-09": "", "2026-12-10": "advice top_up[0]", "2027-01-09": "advice top_up[0]", "2027-01-10": ""}},
		{"money with a plan", "top-up-note", "", code("{from: 2026-09-03, code: E}", "top_up: [{from: 2026-11-10, applies: true}]\n"), map[string]string{"2026-12-10": ""}},

		{"two codes on one day", "two-codes-one-day", "", code("{from: 2026-09-03, code: \"N\"}, {from: 2026-09-03, code: K}", ""), map[string]string{"2026-12-10": "warning sen_provision[1].from"}},
		{"codes out of order", "need-missing", "", code("{from: 2026-11-02, code: \"N\"}, {from: 2026-10-03, code: K}", ""), map[string]string{"2026-12-10": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			disk := alone(t, tt.setting, [2]string{sheetOf, tt.is})
			got := map[string]string{}
			for day := range tt.days {
				found := by(t, disk, day, tt.rule)
				slices.Sort(found)
				got[day] = strings.Join(found, ", ")
			}
			if diff := cmp.Diff(tt.days, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPlanCode: the code E beside what became of the request for a plan.
func TestPlanCode(t *testing.T) {
	const kai = "learners/kk4wfw4j/"
	for name, tt := range map[string]struct{ from, result, panel, want string }{
		"agreed to assess only":   {"2026-10-20", "agreed", "2026-10-14", "error sen_provision[2].code"},
		"no plan":                 {"2026-10-20", "no-plan", "2026-10-14", "error sen_provision[2].code"},
		"on the day of the plan":  {"2026-10-14", "plan-issued", "2026-10-14", ""},
		"the day before the plan": {"2026-10-13", "plan-issued", "2026-10-14", "error sen_provision[2].from"},
		"before the request":      {"2026-09-14", "agreed", "2026-10-14", ""}, // a plan of which nothing is kept here
	} {
		disk := madeUp(t)
		edit := func(file, old, new string) {
			disk[file] = &fstest.MapFile{Data: []byte(with(string(disk[file].Data), old, new))}
		}
		edit(kai+"learner.yaml", "code: K}\n", "code: K}\n  - {from: "+tt.from+", code: E}\n")
		decision := pageFiles()["cosa-decision"]
		edit(decision, "result: agreed", "result: "+tt.result)
		edit(decision, "panel: 2026-10-14", "panel: "+tt.panel)
		if got := strings.Join(by(t, resealed(disk), pageDay, "plan-code-early"), ", "); got != tt.want {
			t.Errorf("%s: found %q, want %q", name, got, tt.want)
		}
	}
}

// TestCohort: what the census asks of a whole school, and when it is too few to ask.
func TestCohort(t *testing.T) {
	f, _ := opened(t, alone(t, ""))
	special, _ := opened(t, alone(t, "phase: special"))
	many := func(n int, x rules.Facts) []rules.Facts { return slices.Repeat([]rules.Facts{x}, n) }
	plain := rules.Facts{Code: "N", Was: "N", Plain: true}
	k, e := rules.Facts{Code: "K", Was: "K"}, rules.Facts{Code: "E", Was: "E"}
	tests := []struct {
		name    string
		special bool
		facts   []rules.Facts
		want    string
	}{
		{"a school like others", false, slices.Concat(many(80, plain), many(15, k), many(5, e)), ""},
		{"ten in 100 with a plan", false, slices.Concat(many(75, plain), many(15, k), many(10, e)), ""},
		{"eleven in 100", false, slices.Concat(many(74, plain), many(15, k), many(11, e)), "cohort-shares"},
		{"forty in 100 with support", false, slices.Concat(many(55, plain), many(40, k), many(5, e)), ""},
		{"forty-one", false, slices.Concat(many(54, plain), many(41, k), many(5, e)), "cohort-shares"},
		{"none at all", false, many(100, plain), "cohort-shares"},
		{"too few to ask", false, many(49, plain), ""},
		{"a register and no school", false, slices.Concat(many(32, plain), many(60, k), many(8, e)), ""},
		{"those who left", false, slices.Concat(many(80, plain), many(10, k), many(5, e), many(90, rules.Facts{Left: true, Was: ""})), ""},
		{"a special school", true, slices.Concat(many(30, k), many(70, e)), ""},
		{"with few plans", true, slices.Concat(many(31, k), many(69, e)), "cohort-shares"},
		{"nine more than before", false, slices.Concat(many(70, plain), many(9, k), many(9, rules.Facts{Code: "K", Was: "N"})), ""},
		{"ten more, doubled", false, slices.Concat(many(70, plain), many(10, k), many(10, rules.Facts{Code: "K", Was: "N"})), "cohort-swing"},
		{"ten more, of many", false, slices.Concat(many(70, plain), many(21, k), many(10, rules.Facts{Code: "K", Was: "N"})), ""},
		{"ten gone of twenty", false, slices.Concat(many(70, plain), many(10, k), many(10, rules.Facts{Left: true, Was: "K"})), "cohort-swing"},
		{"from none to ten", false, slices.Concat(many(90, plain), many(10, rules.Facts{Code: "E", Was: "K"}), many(10, rules.Facts{Code: "K", Was: "N"})), "cohort-swing"},
	}
	for _, tt := range tests {
		in := f
		if tt.special {
			in = special
		}
		for i := range tt.facts {
			tt.facts[i].Learner = fmt.Sprint(i)
		}
		var got []string
		for _, x := range rules.Whole(in, tt.facts, date.MustParse(pageDay)) {
			if strings.HasPrefix(x.Rule, "cohort-") {
				got = append(got, x.Rule)
			}
		}
		if said := strings.Join(got, ", "); said != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, said, tt.want)
		}
	}
}

// TestFactsOfTheCensus: the code of today and of the census day before, for those who
// were on roll on each.
func TestFactsOfTheCensus(t *testing.T) {
	is := "stage: universal\njoined: 2026-09-03\nsen_provision: [{from: 2026-09-03, code: \"N\"}, {from: 2026-11-02, code: K}]\n"
	for name, tt := range map[string]struct{ is, day, code, was string }{
		"today":                     {is, "2026-11-22", "K", "N"},
		"before the code turned":    {is, "2026-11-01", "N", "N"},
		"on the census day":         {is, "2026-10-01", "N", ""}, // the one before is that of May
		"the day after it":          {is, "2026-10-02", "N", "N"},
		"before joining":            {is, "2026-09-02", "", ""},
		"who came since":            {with(is, "joined: 2026-09-03", "joined: 2026-10-02"), "2026-11-22", "K", ""},
		"who has left, with no day": {with(is, "universal", "left"), "2026-11-22", "", ""},
	} {
		f, r := opened(t, alone(t, "", [2]string{sheetOf, tt.is}))
		got := rules.Judge(f, r, date.MustParse(tt.day)).Facts
		if got.Code != tt.code || got.Was != tt.was || !got.Plain || got.Left != strings.Contains(tt.is, "left") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
