package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// targetNeed: with one need on the register every target is about that one.
var targetNeed = Rule{
	Name: "target-need", ID: "SEN611", Severity: diag.Warning,
	About:  "Every target says which of the learner's needs it is about.",
	Source: "Code of Practice, chapter 6 (assess and plan); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() || l.record.Learner.Doc == nil {
			return
		}
		ranks := map[string]bool{}
		for _, n := range l.record.Learner.Value.Needs {
			if n.Until.IsZero() || !n.Until.Before(c.Plan.Date) || reversed(n) {
				ranks[string(n.Rank)] = true
			}
		}
		for i, t := range c.Plan.Targets {
			at := fmt.Sprintf("plan.targets[%d]", i)
			switch {
			case t.Need != "" && !ranks[string(t.Need)]:
				l.find(d, at+".need", "learner.yaml has no need with this rank", "write the rank that the need has there, or add the need under needs: (sendctl edit "+l.record.ID+" learner.yaml)")
			case t.Need == "" && len(ranks) > 1 && l.supportStage(c.Stage):
				l.find(d, at, "this target does not say which of the learner's needs it is about", "write need: with the rank of that need in learner.yaml (sendctl edit "+l.record.ID+")")
			}
		}
	},
}
