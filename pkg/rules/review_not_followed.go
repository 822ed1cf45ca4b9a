package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// reviewNotFollowed sees what has followed as `next` does (report.OwedOf).
var reviewNotFollowed = Rule{
	Name: "review-not-followed", ID: "SEN616", Severity: diag.Warning,
	About:  "What a review decided happens: another cycle, a step to more or less support, or an end.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if _, _, open := l.open(); !ok || open || !l.tells() || c.Review.Date.Before(l.stageSince()) {
			return
		}
		if m, _, moved := l.lastMoved(); moved && !m.Date.Before(c.Review.Date) {
			return
		}
		if !l.afterSchoolDays(c.Review.Date, l.limit("next-step-days")) {
			return
		}
		asked := slices.ContainsFunc(l.record.Requests, func(q recordfile.File[learner.Request]) bool { return !q.Value.Opened.Before(c.Review.Date) })
		switch decision := c.Review.Decision; {
		case decision == "":
		case decision == "another-cycle" || asked && decision == "step-up":
			l.find(d, "review.decision", "this review leads to another cycle, and none has begun", "plan it: sendctl plan "+l.record.ID)
		default:
			l.find(d, "review.decision", "this review decided on a step, and nothing has happened since", "record the step: sendctl advance "+l.record.ID+"; sendctl next "+l.record.ID+" shows the possible steps")
		}
	},
}
