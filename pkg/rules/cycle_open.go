package rules

import "github.com/sendctl/sendctl/pkg/diag"

// cycleOpen: one cycle is open per learner at a time, so that everyone knows
// which plan is in force.
var cycleOpen = Rule{
	Name: "cycle-open", ID: "SEN601", Severity: diag.Error, Also: []diag.Severity{diag.Warning}, Guards: true,
	About:  "A learner has at most one open cycle; a reviewed cycle has a plan.",
	Source: "Code of Practice, chapter 6 (assess, plan, do, review)",
	check: func(l *look) {
		first := ""
		for _, c := range l.record.Cycles {
			d := doc{c.Path, c.Doc}
			switch {
			case c.Doc == nil:
			case c.Value.Review != nil && c.Value.Plan == nil:
				l.error(d, "review", "this cycle has a review but no plan", "a review looks at what was planned; put the plan back from the history")
			case c.Value.Review == nil && c.Value.ID == first: // a copy, which is told of
			case c.Value.Review == nil && first != "":
				// Only a warning: two people who each began one in a copy of their own both did right.
				l.add(diag.Warning, d, "id", "this cycle is open, and so is "+first, "carry on with one and end the other: sendctl review; or take its file out if nothing was done under it yet")
			case c.Value.Review == nil:
				first = c.Value.ID
			}
		}
	},
}
