package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// provisionNoWeeks: what is given week by week ends some day, or is looked at some day.
var provisionNoWeeks = Rule{
	Name: "provision-no-weeks", ID: "SEN909", Severity: diag.Warning,
	About:  "Support given every week says for how many weeks.",
	Source: "Code of Practice, chapters 6 and 9 (provision is detailed and specific)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.here() || !l.fullPlan(c.Stage) {
			return
		}
		for i, p := range c.Plan.Provision {
			if s := p.Sessions; s != nil && s.PerWeek != "" && s.Weeks == "" && s.Planned == "" {
				l.find(d, fmt.Sprintf("plan.provision[%d].sessions", i), "this does not say for how many weeks the support is given", "write weeks: with the number of weeks up to the review (sendctl edit "+l.record.ID+")")
			}
		}
	},
}

// fullPlan reports whether a stage is one of SEN support with a plan of its own, and not
// a passport or a profile.
func (l *look) fullPlan(id string) bool {
	s, _ := l.folder.Pathway.Value.Stage(id)
	return s.Document == "" && l.supportStage(id)
}
