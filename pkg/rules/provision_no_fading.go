package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// provisionNoFading: an adult to oneself all the time makes nobody independent.
var provisionNoFading = Rule{
	Name: "provision-no-fading", ID: "SEN910", Severity: diag.Advice,
	About:  "One-to-one support several times a week says how it will be reduced.",
	Source: "Northumberland inclusive practice guidance (independence is the goal)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.here() || !l.fullPlan(c.Stage) {
			return
		}
		for i, p := range c.Plan.Provision {
			if p.Ratio != "1:1" || p.Fading != "" || p.Sessions == nil {
				continue
			}
			if n, ok := p.Sessions.PerWeek.Float(); ok && n >= float64(l.limit("fading-sessions")) {
				l.find(d, fmt.Sprintf("plan.provision[%d]", i), "this one-to-one support does not say how it will be reduced",
					"write fading: with when and to what, such as from daily to three times a week when 20 words are secure (sendctl edit "+l.record.ID+")")
			}
		}
	},
}
