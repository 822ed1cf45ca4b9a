package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// reviewOverdue: `due` lists a review from its day on; here it is late by more than the
// days of grace that the setting or its pathway gives. Of one who has left it is asked for
// until the record goes on, unless the move says that it was seen.
var reviewOverdue = Rule{
	Name: "review-overdue", ID: "SEN614", Severity: diag.Warning,
	About:  "A plan is reviewed on the day agreed, or at most two weeks later.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.planned()
		if ok && l.leftOpen(c) {
			l.find(d, thereOr(d, "plan.review_on", "plan"), "the learner has left, and this plan was not reviewed; the move does not say why", "review it with what is known, so that the next setting sees what helped: sendctl review "+l.record.ID)
			return
		}
		if !ok || !l.tells() || c.Plan.ReviewOn.IsZero() || c.Plan.ReviewOn.Before(c.Plan.Date) {
			return // days in the wrong order are the matter of dates-in-order
		}
		grace, _ := policy(l.folder, "review-within-days")
		if l.past(c.Plan.ReviewOn.AddDays(grace)) {
			l.find(d, "plan.review_on", fmt.Sprintf("the review of this plan is more than %d days late", grace), "hold it with the learner and the family, and record it: sendctl review "+l.record.ID)
		}
	},
}

// leftOpen reports whether the learner left with a plan that nobody had looked at, without
// the move saying so, and the record is still here.
func (l *look) leftOpen(c learner.Cycle) bool {
	m, _, ok := l.lastMoved()
	if !ok || !l.stage().Away() || m.To != l.record.Learner.Value.Stage || len(l.record.Handovers) > 0 || c.Opened.After(m.Date) {
		return false
	}
	p := &l.folder.Pathway.Value
	settled := func(check string) bool { c, _ := p.Check(check); return c.Test == "cycle-settled" }
	return slices.ContainsFunc(p.Moves, func(x pathway.Move) bool { return slices.Contains(x.To, m.To) && slices.ContainsFunc(x.Gate, settled) }) &&
		!slices.ContainsFunc(m.Gate, func(g learner.GateCheck) bool { return settled(g.Check) })
}
