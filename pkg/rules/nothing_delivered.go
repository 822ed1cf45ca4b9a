package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// nothingDelivered looks at the latest review, and only at figures that say none: that
// one is left out, notes may make up for.
var nothingDelivered = Rule{
	Name: "nothing-delivered", ID: "SEN619", Severity: diag.Warning,
	About:  "If none of the planned support was given, the review does not hold the result against the learner.",
	Source: "Code of Practice, chapter 6 (do and review); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() || c.Plan == nil || len(c.Plan.Provision) == 0 || delivered(c) {
			return
		}
		at := "review.provision"
		if len(c.Review.Provision) == 0 {
			at = "review.targets"
		}
		for i, p := range c.Review.Provision {
			if p.Delivered != "" {
				at = fmt.Sprintf("review.provision[%d].delivered", i)
				break
			}
		}
		l.find(d, at, "this plan was reviewed, but nothing says that any of its support was given", "if it was given, say so: sendctl correct "+l.record.ID+" "+shown(c.ID)+"; if not, plan how it will be")
	},
}

// delivered reports whether anything says that support of a cycle was given. One that is
// not counted in sessions, such as a device, is shown by its impact.
func delivered(c learner.Cycle) bool {
	for _, n := range c.Do {
		if v, ok := n.Delivered.Float(); ok && v > 0 {
			return true
		}
	}
	for _, p := range c.Review.Provision {
		v, counted := p.Delivered.Float()
		if v > 0 || !counted && p.Impact != "" && p.Impact != "none" && p.Impact != "cannot-tell" {
			return true
		}
	}
	return false
}
