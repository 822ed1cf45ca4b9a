package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// transitionNotPlanned: in the last year of a phase somebody plans the move.
var transitionNotPlanned = Rule{
	Name: "transition-not-planned", ID: "SEN1201", Severity: diag.Warning,
	About:  "Half-way through the last year of a phase, the plan or the contact log mentions the move to the next setting.",
	Source: "Code of Practice, chapter 6, or 5 in the early years (planning transition)",
	check: func(l *look) {
		if c := l.code(); !l.here() || c != senSupport && c != ehcPlan {
			return
		}
		last, ok := l.lastYear()
		if !ok || !l.past(last.start.AddDays(7*l.limit("transition-weeks"))) {
			return
		}
		move := phrasesOf("transition")
		var docs []doc
		for _, f := range l.record.Cycles {
			v := f.Value
			if v.Review == nil || !v.Review.Date.Before(last.start) {
				docs = append(docs, docOf(f))
			}
		}
		for _, f := range l.record.Advice {
			if !f.Value.Date.Before(last.start) {
				docs = append(docs, docOf(f))
			}
		}
		if len(l.record.Handovers) > 0 || speaksOf(move, docs) {
			return
		}
		for _, e := range l.record.Contacts.Value.Contacts {
			if e.Date.Before(last.start) {
				continue
			}
			if move.in(string(e.Told)) || move.in(string(e.Said)) {
				return
			}
			for _, w := range e.Agreed {
				if move.in(string(w)) {
					return
				}
			}
		}
		for _, c := range l.record.Learner.Value.Consents {
			if move.in(string(c.To)) && !l.past(c.Until) && c.Withdrawn.IsZero() {
				return
			}
		}
		at := "cohort"
		if l.record.Learner.Value.Cohort == "" {
			at = "stage"
		}
		year := fmt.Sprintf("Year %d", last.year)
		if last.year < 0 {
			year = "the year before Reception"
		}
		l.find(docOf(l.record.Learner), at, year+" is this learner's last here, and nothing in this year's plan or contact log mentions the move",
			"plan it with the family and the next setting, and log it: sendctl contact "+l.record.ID)
	},
}
