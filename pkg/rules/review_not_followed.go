package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// reviewNotFollowed sees what has followed as `next` does (report.OwedOf). Where the next cycle
// was begun at the same stage, though the review decided on something else, it looks for more:
// the step may lie in the plan itself.
var reviewNotFollowed = Rule{
	Name: "review-not-followed", ID: "SEN616", Severity: diag.Warning,
	About:  "What a review decided happens: another cycle, a step to more or less support, or an end.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() || c.Review.Date.Before(l.stageSince()) {
			return
		}
		if m, _, moved := l.lastMoved(); moved && !m.Date.Before(c.Review.Date) {
			return
		}
		if !l.afterSchoolDays(c.Review.Date, l.limit("next-step-days")) {
			return
		}
		asked := slices.ContainsFunc(l.record.Requests, func(q recordfile.File[learner.Request]) bool { return !q.Value.Opened.Before(c.Review.Date) })
		next, _, open := l.open()
		switch decision := c.Review.Decision; {
		case decision == "":
		case open:
			if next.Stage == c.Stage && !next.Opened.Before(c.Review.Date) && l.stepOpen(c, next, asked) {
				l.find(d, "review.decision", "this review decided on a step, but the next cycle goes on as before",
					"record the step: sendctl advance "+l.record.ID+"; if you decided differently since: sendctl correct "+l.record.ID+" "+shown(c.ID)+" review.decision")
			}
		case decision == "another-cycle" || asked && decision == "step-up":
			l.find(d, "review.decision", "this review leads to another cycle, and none has begun", "plan it: sendctl plan "+l.record.ID)
		default:
			l.find(d, "review.decision", "this review decided on a step, and nothing has happened since", "record the step: sendctl advance "+l.record.ID+"; sendctl next "+l.record.ID+" shows the possible steps")
		}
	},
}

// stepOpen reports whether a review decided on a step of which nothing shows, where the next
// plan is known: more support may be a request or a specialist who was asked, and more or
// less of it may stand in the plan.
func (l *look) stepOpen(was, next learner.Cycle, asked bool) bool {
	if next.Plan == nil || was.Plan == nil {
		return false
	}
	before, after := supportIn(was.Plan), supportIn(next.Plan)
	switch was.Review.Decision {
	case "end":
		return true
	case "step-up":
		return !asked && !(after.layer > before.layer || after.minutes > before.minutes || after.parts > before.parts) &&
			!slices.ContainsFunc(l.record.Advice, func(a adviceFile) bool {
				return !firstDay(a.Value.Asked, a.Value.Seen, a.Value.Date).Before(was.Review.Date)
			})
	case "step-down":
		return !(after.layer < before.layer || after.minutes < before.minutes || after.parts < before.parts)
	}
	return false
}

// support is how much a plan gives beyond what everyone has.
type support struct {
	layer, parts int
	minutes      float64 // a week
}

func supportIn(p *learner.Plan) (out support) {
	for _, x := range p.Provision {
		if !x.Additional {
			continue
		}
		out.parts++
		out.layer = max(out.layer, slices.Index([]string{"universal", "targeted", "targeted-plus", "specialist"}, x.Layer))
		if x.Sessions != nil {
			times, _ := x.Sessions.PerWeek.Float()
			length, _ := x.Sessions.Minutes.Float()
			out.minutes += times * length
		}
	}
	return out
}
