package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// targetWithoutProvision: that a provision serves a target that is there is the matter
// of references and of the shape of the file. Before a full plan, teaching may be what
// serves a target.
var targetWithoutProvision = Rule{
	Name: "target-without-provision", ID: "SEN610", Severity: diag.Warning,
	About:  "Every target in a plan has some support behind it.",
	Source: "Code of Practice, chapter 6 (plan)",
	check: func(l *look) {
		c, d, ok := l.planned()
		stage, _ := l.folder.Pathway.Value.Stage(c.Stage)
		if !ok || len(c.Plan.Provision) == 0 || stage.Document != "" || !l.supportStage(c.Stage) {
			return
		}
		for i, t := range c.Plan.Targets {
			if t.ID != "" && !slices.ContainsFunc(c.Plan.Provision, func(p learner.Provision) bool { return slices.Contains(p.For, t.ID) }) {
				l.find(d, fmt.Sprintf("plan.targets[%d].id", i), "no support in this plan is for this target", "add it to for: of a provision, or add a provision for it (sendctl edit "+l.record.ID+")")
			}
		}
	},
}
