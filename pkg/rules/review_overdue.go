package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// reviewOverdue: `due` lists a review from its day on; here it is late by more than the
// days of grace that the setting or its pathway gives.
var reviewOverdue = Rule{
	Name: "review-overdue", ID: "SEN614", Severity: diag.Warning,
	About:  "A plan is reviewed on the day agreed, or at most two weeks later.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() || c.Plan.ReviewOn.IsZero() || c.Plan.ReviewOn.Before(c.Plan.Date) {
			return // days in the wrong order are the matter of dates-in-order
		}
		grace, _ := policy(l.folder, "review-within-days")
		if l.past(c.Plan.ReviewOn.AddDays(grace)) {
			l.find(d, "plan.review_on", fmt.Sprintf("the review of this plan is more than %d days late", grace), "hold it with the learner and the family, and record it: sendctl review "+l.record.ID)
		}
	},
}
