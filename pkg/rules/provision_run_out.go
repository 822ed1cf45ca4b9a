package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// provisionRunOut counts weeks of five school days, and says nothing where the terms do
// not reach. Once the review is late as well, review-overdue asks for it.
var provisionRunOut = Rule{
	Name: "provision-run-out", ID: "SEN623", Severity: diag.Warning,
	About:  "When the planned weeks of a support are over, somebody says whether it goes on.",
	Source: "Code of Practice, chapter 6 (do and review)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() {
			return
		}
		grace, _ := policy(l.folder, "review-within-days")
		if l.past(c.Plan.ReviewOn.AddDays(grace)) {
			return
		}
		from := c.Plan.Date
		if c.Plan.Starts.After(from) {
			from = c.Plan.Starts
		}
		for i, p := range c.Plan.Provision {
			if p.Sessions == nil {
				continue
			}
			weeks, ok := p.Sessions.Weeks.Int()
			if !ok || weeks <= 0 || !l.past(shortest(from, 5*weeks).AddDays(grace)) {
				continue
			}
			if end, ok := l.schoolDay(from, 5*weeks); ok && l.past(end.AddDays(grace)) {
				l.find(d, fmt.Sprintf("plan.provision[%d].sessions.weeks", i), "the planned weeks of this support are over, and the plan goes on",
					"hold the review early: sendctl review "+l.record.ID+"; or write how many weeks it goes on for (sendctl edit "+l.record.ID+")")
			}
		}
	},
}
