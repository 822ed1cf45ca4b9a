package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// The queries that the census asks of a whole school. A folder that holds only those
// who have support is no school: its shares say nothing, and are not looked at.

// onRollNow counts the learners on roll with each code, and those of whom nothing is
// kept but that they are on roll.
func (l *look) onRollNow() (all, plain int, code map[string]int) {
	code = map[string]int{}
	for i := range l.facts {
		f := &l.facts[i]
		if f.Left || f.Code == "" {
			continue
		}
		all++
		code[f.Code]++
		if f.Plain {
			plain++
		}
	}
	return all, plain, code
}

var cohortShares = Rule{
	Name: "cohort-shares", ID: "SEN416", Severity: diag.Warning, Whole: true,
	About:  "The share of learners with each code is within what the census accepts without a query.",
	Source: "DfE census rules 2190, 2200, 2205 and 2210",
	check: func(l *look) {
		all, plain, code := l.onRollNow()
		if all == 0 || all < l.limit("cohort-at-least") {
			return
		}
		phase := l.folder.Setting.Value.Phase
		if phase == "early-years" || phase == "post-16" || phase == "pupil-referral-unit" {
			return
		}
		d := docOf(l.folder.Setting)
		const hint = "look through the codes: sendctl list; if they are right, have a note ready for the census"
		over := func(n int, limit string) bool { return n*100 > l.limit(limit)*all }
		if phase == "special" {
			if least := l.limit("cohort-special-plans-percent"); code[ehcPlan]*100 < least*all {
				l.find(d, "phase", fmt.Sprintf("%d of 100 learners of this special school have the code E, and the census queries fewer than %d", code[ehcPlan]*100/all, least), hint)
			}
			return
		}
		if plain*100 < l.limit("cohort-plain-percent")*all {
			return // only those with a concern or support are kept here
		}
		if over(code[ehcPlan], "cohort-plans-percent") {
			l.find(d, "phase", fmt.Sprintf("%d of 100 learners have the code E, and the census queries more than %d", code[ehcPlan]*100/all, l.limit("cohort-plans-percent")), hint)
		}
		if over(code[senSupport], "cohort-support-percent") {
			l.find(d, "phase", fmt.Sprintf("%d of 100 learners have the code K, and the census queries more than %d", code[senSupport]*100/all, l.limit("cohort-support-percent")), hint)
		}
		if code[ehcPlan]+code[senSupport] == 0 {
			l.find(d, "phase", "no learner at all has the code K or E, and the census queries a school without any", hint)
		}
	},
}

var cohortSwing = Rule{
	Name: "cohort-swing", ID: "SEN417", Severity: diag.Warning, Whole: true,
	About:  "The numbers of learners with K and with E are close to those at the last census.",
	Source: "DfE census queries TonT5 and TonT6 (change from term to term)",
	check: func(l *look) {
		_, _, now := l.onRollNow()
		was := map[string]int{}
		for i := range l.facts {
			if c := l.facts[i].Was; c != "" {
				was[c]++
			}
		}
		for _, c := range []string{senSupport, ehcPlan} {
			swing := apart(now[c], was[c])
			if swing > 0 && swing >= l.limit("cohort-swing-at-least") && swing*100 >= l.limit("cohort-swing-percent")*was[c] {
				l.find(docOf(l.folder.Setting), "phase", fmt.Sprintf("%d learners have the code %s, and on the last census day there were %d: the census will ask why", now[c], c, was[c]),
					"check the codes that changed in recent months: sendctl list; if they are right, have a note ready")
			}
		}
	},
}
