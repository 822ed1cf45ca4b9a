package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// requestMoney: who asks for money for a time says how much and for how long.
var requestMoney = Rule{
	Name: "request-money", ID: "SEN1107", Severity: diag.Error,
	About:  "A request for money that was sent says how much it asks for, and from which day to which.",
	Source: "Code of Practice, chapter 6 (funding); the conditions of short-term funding",
	check: func(l *look) {
		for _, x := range l.undecidedRequests() {
			q, d := x.Request.Value, docOf(x.Request)
			if !x.Kind.Money {
				continue
			}
			hint := "add it: sendctl correct " + l.record.ID + " " + shown(q.ID) + " asks."
			switch {
			case q.Asks == nil:
				l.find(d, "sent", "this asks for money, but says neither how much nor for how long", "take it back and make a new one: sendctl request "+l.record.ID+" decided --result withdrawn")
			case q.Asks.Money == "": // of none at all tells request-sums
				l.find(d, "asks", "this asks for money, but does not say how much", hint+"money")
			case q.Asks.From.IsZero():
				l.find(d, "asks", "this asks for money, but does not say from which day", hint+"from")
			case q.Asks.To.IsZero():
				l.find(d, "asks", "this asks for money for a time, but does not say until when", hint+"to")
			}
		}
	},
}

// requestOutcomes: without outcomes nobody can say later whether it helped.
var requestOutcomes = Rule{
	Name: "request-outcomes", ID: "SEN1108", Severity: diag.Warning,
	About:  "A request that was sent says what should be different afterwards.",
	Source: "Code of Practice, chapter 9; the panel's own index",
	check: func(l *look) {
		for _, x := range l.undecidedRequests() {
			q := x.Request.Value
			c, asked := l.asksFor(x.Kind, func(c pathway.Check) bool {
				return c.Test == "request-says" && slices.Contains(c.Of, "outcomes-sought")
			})
			if asked && len(q.OutcomesSought) == 0 && l.owesGrounds(x) && !saidMissing(q, c.ID) {
				l.find(docOf(x.Request), "sent", "this request does not say what should be different for the learner afterwards",
					"write to the panel, record it with sendctl request "+l.record.ID+" letter, and name outcomes in the next request")
			}
		}
	},
}
