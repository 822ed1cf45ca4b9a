package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// concernNotShared: of a concern the family hears first, not last.
var concernNotShared = Rule{
	Name: "concern-not-shared", ID: "SEN504", Severity: diag.Warning,
	About:  "The family is told about a concern as soon as it comes up.",
	Source: "Code of Practice, chapter 6 (identifying SEN); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.open()
		if !ok || !l.tells() || !l.concernStage(c.Stage) || l.familyIn(c) {
			return
		}
		began := c.Opened
		if a := c.Assess; a != nil && !a.Noticed.IsZero() && a.Noticed.Before(began) {
			began = a.Noticed
		}
		if l.talkedSince(began, "concern", "plan", "review", "register", "request", "profile") || !l.afterSchoolDays(c.Opened, l.limit("concern-told-days")) {
			return
		}
		l.find(d, "opened", "this concern is open, and nothing says that the family knows about it", "talk with them, then log the talk: sendctl contact "+l.record.ID+" --about concern")
	},
}

// familyIn reports whether the family raised the concern, is heard in the cycle or
// agreed its plan: then they know of it.
func (l *look) familyIn(c learner.Cycle) bool {
	if a := c.Assess; a != nil {
		for _, v := range a.ParentsSay {
			if v.Words != "" {
				return true
			}
		}
		for _, x := range a.Concerns {
			if l.isFamily(x.By) {
				return true
			}
		}
	}
	return c.Plan != nil && l.withFamily(c.Plan.AgreedWith)
}
