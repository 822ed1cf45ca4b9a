package rules

import "github.com/sendctl/sendctl/pkg/diag"

// planWithoutAssess: that the parts are in the order of their days is the matter of
// dates-in-order, that a review has a plan that of cycle-open.
var planWithoutAssess = Rule{
	Name: "plan-without-assess", ID: "SEN607", Severity: diag.Error,
	About:  "A plan starts from what is known: every cycle has an assess part.",
	Source: "Code of Practice, chapter 6 (assess, plan, do, review)",
	check: func(l *look) {
		if c, d, ok := l.planned(); ok && c.Assess == nil {
			l.find(d, "plan", "this cycle has a plan and no assess part, so nothing says what the plan is based on", "write assess: with its date, strengths, and what the learner and the family say (sendctl edit "+l.record.ID+")")
		}
	},
}
