package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// supportOffRegister leaves targeted groups alone: those are part of looking into a concern.
var supportOffRegister = Rule{
	Name: "support-off-register", ID: "SEN510", Severity: diag.Warning,
	About:  "A learner who gets a programme of their own or specialist support is on the SEN register.",
	Source: "Code of Practice, chapter 6 (special educational provision); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() || l.code() != noSupport {
			return
		}
		for i, p := range c.Plan.Provision {
			if p.Additional && (p.Layer == "targeted-plus" || p.Layer == "specialist") {
				l.find(d, fmt.Sprintf("plan.provision[%d].layer", i), "this is more support than goes with a concern, but the learner is not on the SEN register",
					"decide together whether this is SEN support, and record it: sendctl next "+l.record.ID)
			}
		}
	},
}
