package rules

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// NotYet finds what a record tells as done, said or seen on a day after the given
// one: a slip of the year, or a claim. Dates that are meant to lie ahead (a review,
// a term, the end of a consent, a census code from next week) are left alone.
func NotYet(r *folder.Record, day date.Date) []diag.Finding {
	l := &look{rule: datesInOrder, record: r}
	l.notYet(func(string) (date.Date, bool) { return day, true })
	log := doc{r.Contacts.Path, r.Contacts.Doc}
	for i, e := range r.Contacts.Value.Contacts {
		l.tooLate(log, e.Date, day, "contacts[].date", i)
	}
	openHappened(r, func(d doc, on date.Date, at string, i int) { l.tooLate(d, on, day, at, i) })
	return l.out
}

// notYet compares what each file tells with the day it was recorded, by its id.
func (l *look) notYet(recorded func(file string) (date.Date, bool)) {
	for _, c := range l.record.Cycles {
		if day, ok := recorded(c.Value.ID); ok {
			d := doc{c.Path, c.Doc}
			happened(&c.Value, func(on date.Date, at string, i int) { l.tooLate(d, on, day, at, i) })
		}
	}
	journeyHappened(l.record, func(d doc, file string, on date.Date, at string, i int) {
		if day, ok := recorded(file); ok {
			l.tooLate(d, on, day, at, i)
		}
	})
	for _, x := range l.record.Corrections {
		if day, ok := recorded(x.Value.ID); ok {
			l.tooLate(doc{x.Path, x.Doc}, x.Value.Date, day, "date", 0)
		}
	}
}

func (l *look) tooLate(d doc, on, day date.Date, at string, i int) {
	if on.After(day) {
		l.error(d, indexed(at, i), "this lies after the day it was recorded", "one of the figures of the date is mistyped, or it has not happened yet")
	}
}

// happened visits every date of a cycle on which something happened, with its path and,
// where it stands in a list, its place there.
func happened(c *learner.Cycle, visit func(on date.Date, at string, i int)) {
	visit(c.Opened, "opened", 0)
	if a := c.Assess; a != nil {
		visit(a.Date, "assess.date", 0)
		visit(a.Noticed, "assess.noticed", 0)
		for i, e := range a.Evidence {
			visit(e.Date, "assess.evidence[].date", i)
		}
		for i, v := range a.LearnerSays {
			visit(v.Date, "assess.learner_says[].date", i)
		}
		for i, v := range a.ParentsSay {
			visit(v.Date, "assess.parents_say[].date", i)
		}
	}
	if c.Plan != nil {
		visit(c.Plan.Date, "plan.date", 0)
	}
	for i, n := range c.Do {
		visit(n.Date, "do[].date", i)
	}
	if v := c.Review; v != nil {
		visit(v.Date, "review.date", 0)
		for i, x := range v.LearnerSays {
			visit(x.Date, "review.learner_says[].date", i)
		}
		for i, x := range v.ParentsSay {
			visit(x.Date, "review.parents_say[].date", i)
		}
	}
}

// sealedDays gives the day on which each sealed file was recorded, by its id.
func (l *look) sealedDays() map[string]date.Date {
	out := make(map[string]date.Date, len(l.chain()))
	for s := range l.chain().Sound {
		out[s.Seal.File] = date.Of(s.Seal.Recorded)
	}
	return out
}
