package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// strengthsMissing: in a passport the learner says what they want known; nobody can
// tell strengths from other things there.
var strengthsMissing = Rule{
	Name: "strengths-missing", ID: "SEN706", Severity: diag.Warning,
	About:  "A plan and a one-page profile begin with strengths.",
	Source: "Code of Practice, chapters 1 and 6; Northumberland graduated approach, 2018",
	check: func(l *look) {
		if c, d, ok := l.planned(); ok && c.Assess != nil && !gate.AnySaid(c.Assess.Strengths) {
			l.find(d, thereOr(d, "assess.strengths", "assess"), "this plan does not say what the learner is good at and enjoys", "ask the learner, the family and the staff, and write assess.strengths (sendctl edit "+l.record.ID+")")
		}
		p := l.record.Profile
		if v := p.Value; p.Doc != nil && l.tells() && !gate.AnySaid(v.Admire) && len(v.Important)+len(v.Support) > 0 {
			at := "important"
			if len(v.Important) == 0 {
				at = "support"
			}
			l.find(docOf(p), thereOr(docOf(p), "admire", at), "this profile does not say what people like and admire", "write admire: with the learner, the family and friends: sendctl profile "+l.record.ID)
		}
	},
}
