package rules

import (
	"fmt"

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
		l.tooLate(log, fmt.Sprintf("contacts[%d].date", i), e.Date, day)
	}
	openHappened(r, func(d doc, at string, on date.Date) { l.tooLate(d, at, on, day) })
	return l.out
}

// notYet compares what each file tells with the day it was recorded, by its id.
func (l *look) notYet(recorded func(file string) (date.Date, bool)) {
	for _, c := range l.record.Cycles {
		if day, ok := recorded(c.Value.ID); ok {
			d := doc{c.Path, c.Doc}
			happened(c.Value, func(path string, on date.Date) { l.tooLate(d, path, on, day) })
		}
	}
	journeyHappened(l.record, func(d doc, file, at string, on date.Date) {
		if day, ok := recorded(file); ok {
			l.tooLate(d, at, on, day)
		}
	})
	for _, x := range l.record.Corrections {
		if day, ok := recorded(x.Value.ID); ok {
			l.tooLate(doc{x.Path, x.Doc}, "date", x.Value.Date, day)
		}
	}
}

func (l *look) tooLate(d doc, at string, on, day date.Date) {
	if on.After(day) {
		l.error(d, at, "this lies after the day it was recorded", "one of the figures of the date is mistyped, or it has not happened yet")
	}
}

// happened visits every date of a cycle on which something happened.
func happened(c learner.Cycle, visit func(path string, on date.Date)) {
	visit("opened", c.Opened)
	if a := c.Assess; a != nil {
		visit("assess.date", a.Date)
		visit("assess.noticed", a.Noticed)
		for i, e := range a.Evidence {
			visit(fmt.Sprintf("assess.evidence[%d].date", i), e.Date)
		}
		for i, v := range a.LearnerSays {
			visit(fmt.Sprintf("assess.learner_says[%d].date", i), v.Date)
		}
		for i, v := range a.ParentsSay {
			visit(fmt.Sprintf("assess.parents_say[%d].date", i), v.Date)
		}
	}
	if c.Plan != nil {
		visit("plan.date", c.Plan.Date)
	}
	for i, n := range c.Do {
		visit(fmt.Sprintf("do[%d].date", i), n.Date)
	}
	if v := c.Review; v != nil {
		visit("review.date", v.Date)
		for i, x := range v.LearnerSays {
			visit(fmt.Sprintf("review.learner_says[%d].date", i), x.Date)
		}
		for i, x := range v.ParentsSay {
			visit(fmt.Sprintf("review.parents_say[%d].date", i), x.Date)
		}
	}
}

// sealedOn is the day on which a sealed file was recorded, by its id.
func (l *look) sealedOn(file string) (day date.Date, ok bool) {
	for s := range l.chain().Sound {
		if s.Seal.File == file {
			day, ok = date.Of(s.Seal.Recorded), true
		}
	}
	return day, ok
}
