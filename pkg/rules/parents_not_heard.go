package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// parentsNotHeard: once the learner is over compulsory school age it is their own view
// that counts.
var parentsNotHeard = Rule{
	Name: "parents-not-heard", ID: "SEN702", Severity: diag.Warning,
	About:  "Every plan says what the family thinks, or why they were not asked.",
	Source: "Children and Families Act 2014, section 19; Code of Practice, chapters 1 and 6",
	check: func(l *look) {
		c, d, ok := l.planned()
		if ok && c.Assess != nil && !parentsHeard(c.Assess.ParentsSay) && l.parentsAsked(c.Plan.Date) {
			l.find(d, thereOr(d, "assess.parents_say", "assess"), "this plan does not say what the family thinks, or why they were not asked",
				"ask them, and write assess.parents_say: who, and words or not_sought (sendctl edit "+l.record.ID+")")
		}
	},
}
