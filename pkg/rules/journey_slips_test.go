package rules_test

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
)

// TestJourneySlips: what a hand or a forgotten act leaves behind on the way through the
// stages is told, at the line that is amiss and once; and what a careful SENCo does that
// looks like it is not.
func TestJourneySlips(t *testing.T) {
	const (
		kai      = "learners/kk4wfw4j/"
		from     = `{from: 2021-09-06, code: "N"}, {from: 2026-02-12, code: K}`
		toPlan   = kai + "moves/2026-11-16-ehc-plan-m7m7.yaml"
		sent     = "learners/jv6fpqgg/requests/2026-11-16-star-h3k4.yaml"
		sentStar = "format: request/v1\nlearner: jv6fpqgg\nid: h3k4\nkind: star\nasked_by: eyre\nopened: 2026-11-16\nsent: 2026-11-16\nknowledge_and_agreement:\n  - {who: mum, knows: 2026-11-16, agrees: true}\nasks: {money: 820.00, from: 2027-01-05, to: 2027-03-26}\noutcomes_sought:\n  - 40 words read\n"
		left     = "learners/jv6fpqgg/moves/2026-11-18-left-m7m7.yaml"
		leftMove = "format: move/v1\nlearner: jv6fpqgg\nid: m7m7\ndate: 2026-11-18\nfrom: sen-support-plan\nto: left\npathway: northumberland/1\ndecided_by: eyre\nsen_provision: K\nmain_need: SPLD\nbecause: The family moved.\nnot_told: They told us.\n"
		planMove = "format: move/v1\nlearner: kk4wfw4j\nid: m7m7\ndate: 2026-11-16\nfrom: sen-support-plan\nto: ehc-plan\npathway: northumberland/1\ndecided_by: whitlow\nbecause: The plan is final.\nsen_provision: E\nmain_need: SEMH\nnot_told: They told us.\n"
		issued   = "format: decision/v1\nlearner: kk4wfw4j\nid: n5p6\nrequest: g556\npanel: 2026-11-16\nresult: plan-issued\n"
	)
	plan := func(moved, lines string) [][3]string {
		return [][3]string{
			{toPlan, "", moved},
			{kai + "requests/2026-11-16-cosa-g556-decision-n5p6.yaml", "", issued},
			{"kai", "stage", "ehc-plan"},
			{"kai", "sen_provision", `[{from: 2023-09-05, code: "N"}, {from: 2025-04-03, code: K}` + lines + `]`},
		}
	}
	censusNear := [][3]string{{"setting", "limits", "[{id: census-ahead-days, value: 70}]"}, {"kai-identity", "uln", `"1000000000"`}}
	soon := [3]string{"setting", "limits", "[{id: next-step-days, value: 5}]"}
	for _, c := range []struct {
		name    string
		day     string
		changes [][3]string
		want    []string // rule, file and path
	}{
		{"support ended by hand", "", [][3]string{{"learner", "sen_provision", "[" + from + `, {from: 2026-09-07, code: "N"}]`}, {"learner", "needs[0].until", "2026-09-06"}},
			[]string{"support-ended learner sen_provision[2].code"}},
		{"support ended by hand on the day of joining a day before the record begins", "", [][3]string{{"learner", "sen_provision", `[{from: 2021-09-06, code: K}, {from: 2022-09-07, code: "N"}, {from: 2026-02-12, code: K}]`}}, nil},
		{"the code of the move changed", "", [][3]string{{"learner", "sen_provision[1].code", `"N"`}},
			[]string{"stage-moves learner sen_provision[1].code"}},
		{"the code of the move changed by a line more", "", [][3]string{{"learner", "sen_provision", "[" + from + `, {from: 2026-02-12, code: "N"}]`}},
			[]string{"stage-moves learner sen_provision[2].code"}},
		{"a plan by a move", "", plan(planMove, ", {from: 2026-11-16, code: E}"), nil},
		{"a plan, and its code taken back by hand", "", plan(planMove, ", {from: 2026-11-16, code: E}, {from: 2026-11-20, code: K}"),
			[]string{"plan-unrecorded kai sen_provision[3].code"}},
		{"a plan, and N by hand", "", append(plan(planMove, `, {from: 2026-11-16, code: E}, {from: 2026-11-20, code: "N"}`), [3]string{"kai", "needs[0].until", "2026-11-19"}),
			[]string{"support-ended kai sen_provision[3].code"}},
		{"a move to a plan with the code K", "", append(plan(planMove, ""), [3]string{toPlan, "sen_provision", "K"}),
			[]string{"plan-unrecorded " + toPlan + " sen_provision"}},
		{"E too early", "", [][3]string{{"kai", "sen_provision", `[{from: 2023-09-05, code: "N"}, {from: 2025-04-03, code: K}, {from: 2026-11-02, code: E}]`}},
			[]string{"plan-code-early kai sen_provision[2].code"}},
		{"a grant that ended, and no end of the money", "", append(censusNear, [3]string{"kai", "top_up", "[{from: 2026-02-02, applies: true}]"}),
			[]string{"grant-top-up kai top_up[0].applies"}},
		{"a grant that ended, and other money after it", "", [][3]string{{"kai", "top_up", "[{from: 2026-02-02, applies: true}, {from: 2026-09-01, applies: true}]"}}, nil},
		{"money before the grant", "", [][3]string{{"kai", "top_up[0].from", "2025-09-02"}},
			[]string{"grant-top-up kai top_up[0].from"}},
		{"money a few days before the grant, and no census between", "", [][3]string{{"kai", "top_up[0].from", "2026-01-28"}}, nil},
		{"consent run out, and the specialist goes on", "", [][3]string{{"learner", "consents[0].until", "2026-08-12"}},
			[]string{"advice-consent cycle plan.provision[4].by"}},
		{"consent on its last day", "", [][3]string{{"learner", "consents[0].until", pageDay}}, nil},
		{"consent taken back, and the specialist goes on", "", [][3]string{{"learner", "consents[0].withdrawn", "2026-09-12"}},
			[]string{"advice-consent cycle plan.provision[4].by"}},
		{"consent run out, and given anew by the other parent", "", [][3]string{{"learner", "consents", "[{to: reports, given_by: mum, date: 2026-05-12, until: 2026-08-12}, {to: more support, given_by: dad, date: 2026-09-12}]"}}, nil},
		{"consent taken back, and the specialist is not in the plan any more", "", [][3]string{{"learner", "consents[0].withdrawn", "2026-09-12"}, {"cycle", "plan.provision[4].by", "bell"}, {"cycle", "plan.provision[4].role", "teaching-assistant"}}, nil},
		{"consent by one without parental responsibility", "", [][3]string{{"learner", "family[0].parental_responsibility", "false"}},
			[]string{"parental-responsibility learner consents[0].given_by"}},
		{"consent by one without, and by the one with it", "", [][3]string{{"learner", "family[0].parental_responsibility", "false"}, {"learner", "consents", "[{to: reports, given_by: mum, date: 2026-05-12, until: 2027-05-12}, {to: reports, given_by: dad, date: 2026-05-12, until: 2027-05-12}]"}}, nil},
		{"a request without costs", "", [][3]string{{sent, "", sentStar}},
			[]string{"request-sums " + sent + " sent"}},
		{"a request without costs, which says that they are missing and why", "", [][3]string{{sent, "", sentStar + "because: The rates are being agreed.\nreadiness:\n  - {item: provision-costed, state: missing}\n"}}, nil},
		{"a request without evidence that says all is there", "", [][3]string{{"cosa", "evidence", ""}},
			[]string{"request-heads cosa sent"}},
		{"another word for a refusal", "2026-11-29", [][3]string{{"cosa-decision", "result", "refused"}},
			[]string{"references cosa-decision result"}},
		{"a step up, and the next cycle goes on as before", "", [][3]string{{"reviewed", "review.decision", "step-up"}, soon, {"cycle", "plan.provision[4].layer", "targeted-plus"}, {"cycle", "plan.provision[0].sessions.per_week", "1"}},
			[]string{"review-not-followed reviewed review.decision"}},
		{"a step up, and the next plan gives more", "", [][3]string{{"reviewed", "review.decision", "step-up"}, soon, {"cycle", "plan.provision[0].sessions.per_week", "9"}}, nil},
		{"a step down, and the next plan gives less", "", [][3]string{{"reviewed", "review.decision", "step-down"}, soon, {"cycle", "plan.provision[0].sessions.per_week", "1"}}, nil},
		{"an end, and the next cycle goes on", "", [][3]string{{"reviewed", "review.decision", "end"}, soon},
			[]string{"review-not-followed reviewed review.decision"}},
		{"the first move begins elsewhere", "", [][3]string{{"register", "from", "universal"}},
			[]string{"stage-moves register from"}},
		{"a move before the last with another code", "", [][3]string{{"register", "sen_provision", `"N"`}},
			[]string{"stage-moves learner sen_provision[1].code"}},
		{"gone, and a plan left open", "", [][3]string{{left, "", leftMove}, {"learner", "stage", "left"}},
			[]string{"review-overdue cycle plan.review_on"}},
		{"gone, and a plan left open with a reason", "", [][3]string{{left, "", leftMove + "gate:\n  - {check: cycle-settled, kind: evidence, met: false}\n"}, {"learner", "stage", "left"}}, nil},
		{"gone, and a code after that", "", [][3]string{{left, "", leftMove}, {"learner", "stage", "left"}, {"cycle", "", ""}, {"learner", "sen_provision", "[" + from + ", {from: 2026-11-20, code: E}]"}},
			[]string{"stage-moves learner sen_provision[2].from"}},
		{"nobody of this age is taught in this kind of school", "", [][3]string{{"setting", "phase", "nursery"}},
			[]string{"year-out-of-age learner cohort", "year-out-of-age kai cohort"}},
		{"a school for all ages up to Year 13", "", [][3]string{{"setting", "phase", "special"}, {"mina", "sen_provision[0].code", "K"}}, nil},
		{"an annual review without a plan", "", [][3]string{{"reviewed", "review.annual", "true"}},
			[]string{"plan-unrecorded reviewed review.annual"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			day := pageDay
			if c.day != "" {
				day = c.day
			}
			if diff := cmp.Diff(c.want, allOn(t, changedSchool(t, c.changes...), date.MustParse(day))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// allOn are all findings but those of seals and the waiting weeks, as rule, file kind and path.
func allOn(t *testing.T, disk fstest.MapFS, day date.Date) []string {
	t.Helper()
	kinds := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(pageFiles())) {
		kinds[pageFiles()[k]] = k
	}
	var out []string
	for _, x := range judgeAll(t, disk, day) {
		if x.Rule == "sealed" {
			continue // what is written anew here has no seal
		}
		name := x.File
		if k, ok := kinds[name]; ok {
			name = k
		}
		out = append(out, x.Rule+" "+name+" "+x.Path)
	}
	return out
}
