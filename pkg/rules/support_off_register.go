package rules

import (
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
		var at []string
		for i, p := range c.Plan.Provision {
			if p.Additional && (p.Layer == "targeted-plus" || p.Layer == "specialist") {
				at = append(at, indexed("plan.provision[].layer", i))
			}
		}
		if len(at) == 0 {
			return
		}
		var others []diag.Related
		for _, x := range at[1:min(len(at), mostRelated)] {
			others = append(others, related(d, x, "so is this"))
		}
		l.find(d, at[0], "this is more support than goes with a concern, but the learner is not on the SEN register",
			"decide together whether this is SEN support, and record it: sendctl next "+l.record.ID, others...)
	},
}
