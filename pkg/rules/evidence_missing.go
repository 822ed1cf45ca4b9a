package rules

import "github.com/sendctl/sendctl/pkg/diag"

// evidenceMissing is about a cycle that carries no other on: later ones begin with the
// figures of the review before. What the learner and the family say is asked for by
// rules of its own.
var evidenceMissing = Rule{
	Name: "evidence-missing", ID: "SEN606", Severity: diag.Warning,
	About:  "A first cycle has dated evidence from those who teach the learner, such as how they compare with others of that age.",
	Source: "Code of Practice, chapter 6 (assess); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.open()
		if !ok || !l.tells() || c.Previous != "" || c.Assess == nil || len(c.Assess.Evidence) > 0 {
			return
		}
		if c.Plan != nil || l.past(c.Opened.AddDays(l.limit("concern-evidence-days"))) {
			hint := "write assess.evidence: the date, the kind and what you looked at (sendctl edit " + l.record.ID + ")"
			if last, _, ok := l.reviewed(); ok && !c.Opened.Before(last.Review.Date) {
				hint += "; or, if this cycle carries on the one before it, previous: " + shown(last.ID)
			}
			l.find(d, "assess", "there is no evidence here yet: nothing seen, measured or compared", hint)
		}
	},
}
