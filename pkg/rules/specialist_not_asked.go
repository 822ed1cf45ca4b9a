package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// specialistNotAsked: where support goes on and progress stays behind, somebody who
// knows more is asked.
var specialistNotAsked = Rule{
	Name: "specialist-not-asked", ID: "SEN1001", Severity: diag.Warning,
	About:  "After two reviewed cycles of SEN support with less progress than expected, a specialist is asked.",
	Source: "Code of Practice, chapter 6 (involving specialists)",
	check: func(l *look) {
		if c := l.code(); !l.here() || c != senSupport && c != ehcPlan {
			return
		}
		want := l.limit("cycles-before-specialist")
		var run []learner.Cycle // the latest first
		var d doc
		for _, f := range slices.Backward(l.allReviewed()) {
			c := l.corrected(f)
			if len(run) == want || c.Review == nil || !l.supportStage(c.Stage) || c.Review.Progress != "less" && c.Review.Progress != "much-less" {
				break
			}
			if run = append(run, c); d.path == "" {
				d = docOf(f)
			}
		}
		if want == 0 || len(run) < want || l.specialistSince(run[len(run)-1].Opened) {
			return
		}
		l.find(d, "review.progress", "progress was less than expected in these cycles of support, and no specialist has been asked",
			"ask one with the family's consent, and record it: sendctl advice "+l.record.ID)
	},
}

// specialistSince reports whether, since the year before a day, somebody from outside
// has been asked, has advised, gives support or was spoken with.
func (l *look) specialistSince(day date.Date) bool {
	since := date.New(day.Year()-1, day.Month(), day.Day())
	if slices.ContainsFunc(l.record.Advice, func(a adviceFile) bool {
		v := a.Value
		return !v.Asked.Before(since) || !v.Seen.Before(since) || !v.Date.Before(since)
	}) {
		return true
	}
	for _, c := range l.record.Cycles {
		if p := c.Value.Plan; p != nil && !c.Value.Opened.Before(since) {
			for _, x := range p.Provision {
				if x.Layer == "specialist" || l.fromOutside(x.By) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(l.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool {
		return !e.Date.Before(since) && slices.ContainsFunc(e.With, l.fromOutside)
	})
}

// fromOutside reports whether an adult is of another organisation than the setting.
func (l *look) fromOutside(id string) bool {
	p, ok := l.folder.PersonIn(l.record, id)
	return ok && p.Organisation != ""
}
