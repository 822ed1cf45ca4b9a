package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// reviewGap counts from the day of the plan, or of its first support where that is
// later: a plan of July begins in September.
var reviewGap = Rule{
	Name: "review-gap", ID: "SEN615", Severity: diag.Warning,
	About:  "A plan is reviewed within a term.",
	Source: "Code of Practice, chapter 6 (at least three times a year)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.supportStage(c.Stage) || c.Plan.ReviewOn.IsZero() {
			return
		}
		begins := c.Plan.Date
		if c.Plan.Starts.After(begins) {
			begins = c.Plan.Starts
		}
		if weeks := l.limit("review-gap-weeks"); !begins.IsZero() && c.Plan.ReviewOn.After(begins.AddDays(7*weeks)) {
			l.find(d, "plan.review_on", fmt.Sprintf("this review is more than %d weeks after the plan begins, which is more than a term", weeks), "agree an earlier day with the family, and write it here (sendctl edit "+l.record.ID+")")
		}
	},
}
