package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// requestFamilyUnaware: nobody's child is put before a panel without their knowledge.
var requestFamilyUnaware = Rule{
	Name: "request-family-unaware", ID: "SEN1101", Severity: diag.Error,
	About:  "A request that was sent says that the family knows about it; after compulsory school age, that the young person does.",
	Source: "Children and Families Act 2014, section 36; Code of Practice, chapter 9",
	check: func(l *look) {
		for _, x := range l.undecidedRequests() {
			q := x.Request.Value
			ofAge := gate.OfAge(l.record, q.Sent)
			var family, own bool
			hear := func(id string) {
				family = family || l.isFamily(id)
				own = own || id == learnerID
			}
			hear(q.AskedBy)
			for _, a := range q.KnowledgeAndAgreement {
				if !a.Knows.IsZero() {
					hear(a.Who)
				}
			}
			for _, e := range l.record.Contacts.Value.Contacts { // told since, or told and only logged
				if e.About == "request" && !e.Date.Before(q.Opened.AddDays(-90)) {
					for _, id := range e.With {
						hear(id)
					}
				}
			}
			at := "knowledge_and_agreement"
			if len(q.KnowledgeAndAgreement) == 0 {
				at = "sent"
			}
			hint := " about it, and log it: sendctl contact " + l.record.ID + " --about request"
			switch {
			case ofAge && !own:
				l.find(docOf(x.Request), at, "this request was sent, and nothing says that the young person, whose right it is now, knows about it", "talk to them"+hint)
			case !ofAge && !family:
				l.find(docOf(x.Request), at, "this request was sent, and nothing says that the family knows about it", "talk to them"+hint)
			}
		}
	},
}
