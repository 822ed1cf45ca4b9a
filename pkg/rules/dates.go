package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// datesInOrder: what happened later bears the later date.
var datesInOrder = Rule{
	Name: "dates-in-order", ID: "SEN202", Severity: diag.Error, Guards: true,
	About:  "The dates of a record follow one another: noticed, assessed, planned, done, reviewed; asked, seen, advised; opened, sent, decided.",
	Source: "Code of Practice, chapter 6 (assess, plan, do, review)",
	check: func(l *look) {
		for _, c := range l.record.Cycles {
			l.cycleDates(doc{c.Path, c.Doc}, c.Value)
		}
		l.journeyDates()
		sealed := l.sealedDays()
		l.notYet(func(file string) (date.Date, bool) { day, ok := sealed[file]; return day, ok })
		who := l.record.Learner
		d := doc{who.Path, who.Doc}
		l.ascending(d, "sen_provision", len(who.Value.SENProvision), func(i int) date.Date { return who.Value.SENProvision[i].From })
		l.ascending(d, "enrolment", len(who.Value.Enrolment), func(i int) date.Date { return who.Value.Enrolment[i].From })
		for i, n := range who.Value.Needs {
			l.order(d, "needs[].from", n.From, "needs[].until", n.Until, i)
		}
		for i, c := range who.Value.Consents {
			l.order(d, "consents[].date", c.Date, "consents[].until", c.Until, i)
			l.order(d, "consents[].date", c.Date, "consents[].withdrawn", c.Withdrawn, i)
		}
		if born := l.record.Identity.Value.Born; !born.IsZero() {
			l.order(doc{l.record.Identity.Path, l.record.Identity.Doc}, "born", born, "", who.Value.Joined)
			for i, c := range who.Value.SENProvision {
				if who.Value.Joined.Before(born) {
					break // that is told
				}
				l.order(d, "the day of birth", born, "sen_provision[].from", c.From, i)
			}
		}
	},
}

func (l *look) cycleDates(d doc, c learner.Cycle) {
	if c.Assess != nil {
		l.order(d, "assess.noticed", c.Assess.Noticed, "assess.date", c.Assess.Date)
	}
	p := c.Plan
	if p == nil {
		return
	}
	l.order(d, "opened", c.Opened, "plan.date", p.Date)
	l.order(d, "plan.date", p.Date, "plan.review_on", p.ReviewOn)
	l.order(d, "plan.starts", p.Starts, "plan.review_on", p.ReviewOn)
	for i, t := range p.Targets {
		l.order(d, "plan.date", p.Date, "plan.targets[].due", t.Due, i)
	}
	for i, n := range c.Do {
		l.order(d, "plan.date", p.Date, "do[].date", n.Date, i)
		if c.Review != nil {
			l.order(d, "do[].date", n.Date, "review.date", c.Review.Date, i)
		}
	}
	if r := c.Review; r != nil {
		l.order(d, "plan.date", p.Date, "review.date", r.Date)
	}
}

// order finds a later date that comes before the earlier one. Equal days are fine. The
// places are those of a list that both dates, or one of them, stand in.
func (l *look) order(d doc, earlierAt string, earlier date.Date, laterAt string, later date.Date, places ...int) {
	if earlier.IsZero() || later.IsZero() || !later.Before(earlier) {
		return
	}
	at, other := indexed(laterAt, places...), indexed(earlierAt, places...)
	if laterAt == "" {
		at, other = other, "joined"
		l.error(d, at, "this date is after "+other, "one of the two dates is mistyped")
		return
	}
	l.error(d, at, "this date is before "+other, "one of the two dates is mistyped")
}

func (l *look) ascending(d doc, list string, n int, at func(int) date.Date) {
	for i := 1; i < n; i++ {
		if at(i).Before(at(i - 1)) {
			l.error(d, fmt.Sprintf("%s[%d]", list, i), "this entry is earlier than the one before it", "order the list by date, oldest first")
		}
	}
}
