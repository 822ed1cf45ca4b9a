package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
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
		weeks := l.limit("note-weeks")
		if from.IsZero() || !l.past(afterHolidays(l, from, weeks)) {
			return
		}
		l.find(d, "plan.date", fmt.Sprintf("this plan has run for more than %d weeks, and nothing is noted of it", weeks), "note what was given and what you saw: sendctl note "+l.record.ID)
	},
}

// afterHolidays is the day on which so many weeks of five school days have gone by since
// a day; where the terms do not reach, weeks of the calendar and the longest holiday.
func afterHolidays(l *look, from date.Date, weeks int) date.Date {
	if day, ok := l.schoolDay(from, 5*weeks); ok {
		return day
	}
	return from.AddDays(7 * (weeks + 7))
}
