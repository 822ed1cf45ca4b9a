package rules

import "github.com/sendctl/sendctl/pkg/diag"

// concernEmpty: who raised it, about what area and in which words are asked of every
// concern by the shape of the file; that there is one, only of the first cycle.
var concernEmpty = Rule{
	Name: "concern-empty", ID: "SEN602", Severity: diag.Error,
	About:  "A first concern says what it is about: who raised it, the area and their words.",
	Source: "Code of Practice, chapter 6 (identifying SEN)",
	check: func(l *look) {
		c, d, ok := l.open()
		if !ok || c.Previous != "" || c.Plan != nil && c.Assess == nil || !l.concernStage(c.Stage) {
			return // of a plan without assess that is told
		}
		if a := c.Assess; a == nil || len(a.Concerns) == 0 {
			at := "opened"
			if a != nil {
				at = "assess"
			}
			l.find(d, at, "a concern was opened here, but nothing says what it is about", "write assess.concerns: who raised it (by), the area, and their words (sendctl edit "+l.record.ID+")")
		}
	},
}
