package rules

import (
	"errors"
	"slices"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// requestSums is a warning: what stands in a draft is worked out anew when it is sent, and
// of what was sent the panel has the paper already.
var requestSums = Rule{
	Name: "request-sums", ID: "SEN1114", Severity: diag.Warning,
	About:  "The figures of a request that nobody has decided yet add up: hours, rates and costs, their total, and what the support costs a year; each piece of evidence has its own number. Once it is sent, what the support costs is there.",
	Source: "Code of Practice, chapter 6 (funding); the panel's own index",
	check: func(l *look) {
		if !l.here() || len(l.record.Requests) == 0 {
			return
		}
		for _, q := range l.record.Requests {
			if q.Doc != nil && (q.Value.Sent.IsZero() || l.undecided(q.Value.ID)) {
				l.requestFigures(docOf(q), q.Value)
			}
		}
		for _, x := range l.undecidedRequests() {
			l.costsMissing(x)
		}
		for _, x := range l.record.Decisions {
			if g := x.Value.Grants; g != nil && isZero(g.Money) {
				l.find(docOf(x), "grants.money", "this grants no money at all", "write what was granted: sendctl correct "+l.record.ID+" "+shown(x.Value.ID)+" grants.money")
			}
		}
	},
}

// costsMissing tells of a request without what the support costs now, where the pathway looks
// for it, and nothing in the request says that it could not be told.
func (l *look) costsMissing(x gate.Life) {
	q := x.Request.Value
	c, asked := l.asksFor(x.Kind, func(c pathway.Check) bool { return c.Test == "provision-costed" })
	if decided := x.Result(); decided != "" && decided != "deferred" {
		return
	}
	if !asked || len(q.Costs) > 0 || !l.owesGrounds(x) || slices.ContainsFunc(q.Readiness, func(r learner.Readiness) bool {
		return r.Item == c.ID && r.State != string(gate.Present)
	}) {
		return
	}
	l.find(docOf(x.Request), "sent", "this request does not say what the support costs now",
		"send the panel the costs that sendctl show "+l.record.ID+" gives, and log the letter: sendctl request "+l.record.ID+" letter")
}

func (l *look) undecided(id string) bool {
	for _, x := range l.undecidedRequests() {
		if x.Request.Value.ID == id {
			return true
		}
	}
	return false
}

func (l *look) requestFigures(d doc, q learner.Request) {
	hint := "correct the figure that is wrong (sendctl edit " + l.record.ID + "); if it was sent: sendctl correct"
	sums := true
	for i, b := range q.Basis {
		var disagrees *cost.DisagreesError
		var twice *cost.TwiceError
		switch _, err := cost.Ask(b); {
		case errors.As(err, &disagrees):
			l.find(d, indexed("basis[].cost", i), "this is not the hours times the hourly rate", hint)
		case errors.As(err, &twice):
			l.find(d, indexed("basis[].hours", i), "the time is given twice: as hours a week with weeks, and as hours in total", "keep one of the two (sendctl edit "+l.record.ID+")")
		case err == nil:
			continue
		}
		sums = false
	}
	if q.Asks != nil {
		said, ok := cost.Parse(q.Asks.Money)
		sum, _, err := cost.Basis(q.Basis)
		switch {
		case isZero(q.Asks.Money):
			l.find(d, "asks.money", "this asks for no money at all", hint)
		case ok && sums && err == nil && len(q.Basis) > 0 && said != sum:
			l.find(d, "asks.money", "this is not the total of the parts of the request", hint, related(d, "basis", "the parts"))
		}
	}
	for i, e := range q.Evidence {
		if k := slices.IndexFunc(q.Evidence[:i], func(o learner.RequestEvidence) bool { return o.N == e.N }); k >= 0 && e.N != "" {
			l.find(d, indexed("evidence[].number", i), "another piece of evidence has this number, so nobody can tell which of the two is meant", "number them in their order: 1, 2, 3 …",
				related(d, indexed("evidence[].number", k), "the other"))
		}
	}
	for i, c := range q.Costs {
		// What was sent was reckoned by the rates of its day.
		if said, ok := cost.Parse(c.Annual); ok && q.Sent.IsZero() && !l.costs(q, c, said) {
			l.find(d, indexed("costs[].annual", i), "this is not what the support in that plan costs in a year, at any rate since the request was opened",
				"sending a draft works it out again; check whether the plan, the rate or this figure is wrong")
		}
	}
}

// costs reports whether a yearly cost is what the support comes to, as it was planned or as
// that was put right; so too where it cannot be told.
func (l *look) costs(q learner.Request, c learner.Cost, said cost.Pence) bool {
	told := false
	for _, f := range l.record.Cycles {
		if f.Value.ID != c.Cycle {
			continue
		}
		for _, v := range []learner.Cycle{f.Value, l.corrected(f)} {
			if v.Plan == nil {
				continue
			}
			for _, p := range v.Plan.Provision {
				if p.ID == c.Provision {
					if told = true; l.comesTo(p, said, q.Opened, v.Plan.Date) {
						return true
					}
				}
			}
		}
	}
	return !told
}

// comesTo reports whether support costs so much a year at a rate of the day on which a
// request was opened, of a later one, or of that of the plan.
func (l *look) comesTo(p learner.Provision, said cost.Pence, opened, planned date.Date) bool {
	rates := l.folder.Setting.Value.Rates
	weeks, _ := l.folder.Pathway.Value.Thresholds.WeeksAYear.Int()
	days := []date.Date{opened, planned}
	for _, r := range rates {
		if r.From.After(opened) {
			days = append(days, r.From)
		}
	}
	return slices.ContainsFunc(days, func(day date.Date) bool {
		sum, err := cost.Annual(p, rates, day, weeks)
		return err != nil || sum == said
	})
}

// isZero reports whether a figure is written, and nothing.
func isZero(n learner.Number) bool {
	got, ok := n.Float()
	return ok && got == 0
}
