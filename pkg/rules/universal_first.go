package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

var universalFirst = Rule{
	Name: "universal-first", ID: "SEN609", Severity: diag.Warning,
	About:  "A plan with additional support also says what good teaching does for this learner.",
	Source: "Code of Practice, chapter 6 (high quality teaching first)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if ok && !gate.AnySaid(c.Plan.Universal) && slices.ContainsFunc(c.Plan.Provision, func(p learner.Provision) bool { return p.Additional }) {
			l.find(d, thereOr(d, "plan.universal", "plan.provision"), "this plan gives additional support, but does not say what happens in every lesson", "write plan.universal: what each teacher does for this learner (sendctl edit "+l.record.ID+")")
		}
	},
}
