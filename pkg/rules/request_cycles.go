package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// requestCycles: a request rests on reviewed cycles, as many as the pathway looks for,
// or says why it goes without.
var requestCycles = Rule{
	Name: "request-cycles", ID: "SEN1103", Severity: diag.Warning,
	About:  "A request that was sent rests on as many reviewed cycles as the pathway expects, or says why not.",
	Source: "Code of Practice, chapter 6 (less than expected progress despite action); the number is the pathway's",
	check: func(l *look) {
		const threshold = "cycles-before-request"
		least, ok := policy(l.folder, threshold)
		if !ok {
			return
		}
		for _, x := range l.undecidedRequests() {
			q := x.Request.Value
			c, asked := l.asksFor(x.Kind, func(c pathway.Check) bool { return c.Least == threshold })
			if !asked || !l.owesGrounds(x) || saidMissing(q, c.ID) {
				continue
			}
			n := 0
			for _, f := range l.allReviewed() {
				if !f.Value.Review.Date.After(q.Sent) {
					n++
				}
			}
			if n < least {
				l.find(docOf(x.Request), "sent", "when this was sent, fewer cycles had been reviewed than a panel expects, and it gives no reason",
					"give the reason: sendctl correct "+l.record.ID+" "+shown(q.ID)+" because")
			}
		}
	},
}
