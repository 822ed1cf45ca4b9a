package rules

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

const authorityOwes = "authority" // as clocks of a pathway have it

// authorityLate: what the local authority had to do by a day has not been recorded.
var authorityLate = Rule{
	Name: "authority-late", ID: "SEN1104", Severity: diag.Warning,
	About:  "The local authority meets its time limits: six weeks to decide whether to assess, and 20 weeks in all to issue a plan.",
	Source: "Special Educational Needs and Disability Regulations 2014, regulations 5 and 13",
	check: func(l *look) {
		l.lateLimits(func(c pathway.Clock) bool { return c.Owes == authorityOwes }, func(x gate.Life, limit gate.Limit) {
			d, at := limitBegan(x, limit)
			l.find(d, at, fmt.Sprintf("the local authority had %s to %s; that time has passed", spanOf(limit.Clock.Days), limit.Clock.Words),
				"ask the caseworker, and tell the family; record the decision with: sendctl request "+l.record.ID+" decided")
		})
	},
}

// settingLate: the authority asked the setting for its advice, and it is late.
var settingLate = Rule{
	Name: "setting-late", ID: "SEN1105", Severity: diag.Error,
	About:  "The setting answers within six weeks when the local authority asks for its advice.",
	Source: "Special Educational Needs and Disability Regulations 2014, regulation 8",
	check: func(l *look) {
		own := func(c pathway.Clock) bool {
			return c.Owes != authorityOwes && !slices.Contains(c.Until, pathway.ImpactSaid)
		}
		l.lateLimits(own, func(x gate.Life, limit gate.Limit) {
			d, at := limitBegan(x, limit)
			l.find(d, at, fmt.Sprintf("the %s in which the setting had to %s are over", spanOf(limit.Clock.Days), limit.Clock.Words),
				"send it, and record the day: sendctl request "+l.record.ID+" letter")
		})
	},
}

// spanOf says a time limit as the law does: in weeks where it is whole weeks.
func spanOf(days learner.Number) string {
	if n, ok := days.Int(); ok && n%7 == 0 && n > 7 {
		return strconv.Itoa(n/7) + " weeks"
	}
	return string(days) + " days"
}

// lateLimits visits the time limits of the learner's requests that have passed and were
// not met. Of one who has left none is owed any more; and where a decision lies there of which
// nobody can tell what it says, or of which request, that is told, and may be what is awaited.
func (l *look) lateLimits(of func(pathway.Clock) bool, visit func(gate.Life, gate.Limit)) {
	if !l.here() {
		return
	}
	stray := slices.ContainsFunc(l.record.Decisions, func(v recordfile.File[learner.Decision]) bool {
		return !slices.ContainsFunc(l.record.Requests, func(q recordfile.File[learner.Request]) bool { return q.Value.ID == v.Value.Request })
	})
	for _, x := range l.sentRequests() {
		if stray || slices.ContainsFunc(x.Decisions, func(v recordfile.File[learner.Decision]) bool { return !resultOf(x.Kind, v.Value.Result) }) {
			continue
		}
		for _, limit := range x.Limits() {
			if of(limit.Clock) && limit.Met.IsZero() && l.past(limit.Due) {
				visit(x, limit)
			}
		}
	}
}

// resultOf reports whether a word is one of the results of a kind of request; where the
// pathway lists none, any is.
func resultOf(kind pathway.Request, result string) bool {
	return len(kind.Results) == 0 || slices.Contains(termIDs(kind.Results), result)
}
