package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// nothingNoted is silent once the review is due: review-overdue asks for that then.
var nothingNoted = Rule{
	Name: "nothing-noted", ID: "SEN618", Severity: diag.Warning,
	About:  "While a plan runs, somebody writes down what is given and what is seen.",
	Source: "Code of Practice, chapter 6 (do)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() || len(c.Do) > 0 {
			return
		}
		from := c.Plan.Date
		if c.Plan.Starts.After(from) {
			from = c.Plan.Starts
		}
		if weeks := l.limit("note-weeks"); l.afterSchoolDays(from, 5*weeks) {
			l.find(d, "plan.date", fmt.Sprintf("this plan has run for more than %d weeks without a note", weeks), "note what was given and what you saw: sendctl note "+l.record.ID)
		}
	},
}
