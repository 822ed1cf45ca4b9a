package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// youngPersonDecides: somebody may lack the capacity for one decision; then whoever
// decides for them waives it, with that as the reason.
var youngPersonDecides = Rule{
	Name: "young-person-decides", ID: "SEN704", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "After compulsory school age the young person gives consent, not a parent on their behalf.",
	Source: "Children and Families Act 2014, section 83; Code of Practice, chapter 8; Mental Capacity Act 2005",
	check: func(l *look) {
		from := l.ofAgeFrom()
		if from.IsZero() || !l.tells() || !l.reached(from) {
			return
		}
		who := l.record.Learner
		for i, c := range who.Value.Consents {
			if c.GivenBy == learnerID || c.GivenBy == "" || !c.Withdrawn.IsZero() || !c.Until.IsZero() && l.past(c.Until) || l.ownConsent(string(c.To)) {
				continue
			}
			d, at, id := doc{who.Path, who.Doc}, fmt.Sprintf("consents[%d].given_by", i), l.record.ID
			if gate.OfAge(l.record, c.Date) {
				l.find(d, at, "somebody else agreed to this for a young person, who decides for themselves now", "ask them, and write their own consent: given_by: learner (sendctl edit "+id+" learner.yaml)")
			} else {
				l.add(diag.Advice, d, at, "a parent agreed to this before the young person could decide for themselves", "ask them whether it should go on, and write their own consent (sendctl edit "+id+" learner.yaml)")
			}
		}
	},
}

// ownConsent reports whether the learner agreed to the same thing themself.
func (l *look) ownConsent(to string) bool {
	for _, c := range l.record.Learner.Value.Consents {
		if string(c.To) == to && c.GivenBy == learnerID && c.Withdrawn.IsZero() {
			return true
		}
	}
	return false
}
