package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// planProvisionUnshown: what an EHC plan promises has to be given, and somebody must be
// able to show that it was.
var planProvisionUnshown = Rule{
	Name: "plan-provision-unshown", ID: "SEN1113", Severity: diag.Warning,
	About:  "While an EHC plan is in force, the notes in the open cycle show that each support in it was given.",
	Source: "Children and Families Act 2014, section 42",
	check: func(l *look) {
		since, _, inForce := l.planSince()
		if !inForce {
			return
		}
		c, d, ok := l.planned()
		if !ok {
			return
		}
		starts := c.Plan.Starts
		if starts.IsZero() {
			starts = c.Plan.Date
		}
		if !starts.IsZero() && since.After(starts) {
			starts = since
		}
		if starts.IsZero() || !l.past(starts.AddDays(7*l.limit("plan-provision-weeks"))) {
			return
		}
		for i, p := range c.Plan.Provision {
			if p.Sessions == nil && p.HoursAYear == "" || given(c.Do, p.ID) {
				continue // a thing that was bought is there or not; only time has to be counted
			}
			l.find(d, fmt.Sprintf("plan.provision[%d]", i), "no note since the plan began shows that this support was given",
				"count the sessions so far: sendctl note "+l.record.ID+" --provision ID --delivered NUMBER")
		}
	},
}

// given reports whether a note tells of sessions of a provision.
func given(notes []learner.Note, provision string) bool {
	for _, n := range notes {
		if n.Provision == provision && n.Delivered != "0" {
			return true
		}
	}
	return false
}
