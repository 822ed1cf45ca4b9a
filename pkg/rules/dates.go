package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// datesInOrder: what happened later bears the later date.
var datesInOrder = Rule{
	Name: datesInOrderName, ID: "SEN202", Severity: diag.Error, Guards: true,
	About:  "Dates come in the right order: noticed, assessed, planned, done, reviewed; asked, seen, advised; opened, sent, decided.",
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
		l.learnersWaivers(l.waiverOrder)
		if born := l.record.Identity.Value.Born; !born.IsZero() {
			l.order(doc{l.record.Identity.Path, l.record.Identity.Doc}, "born", born, "", who.Value.Joined)
			for i, c := range who.Value.SENProvision {
				if who.Value.Joined.Before(born) {
					break // that is told
				}
				l.order(d, "the day of birth", born, "sen_provision[].from", c.From, i)
			}
		}
		l.out = l.oneDate(l.out)
	},
}

func (l *look) waiverOrder(d doc, at string, w learner.Waiver) {
	l.order(d, at+"from", w.From, at+"until", w.Until)
}

// oneDate tells once of a day that does not fit several others: it is the one that is
// mistyped, not each of them.
func (l *look) oneDate(found []diag.Finding) []diag.Finding {
	type day struct{ file, at string }
	var many map[day]int
	for i := range found {
		if other, ok := l.misordered[placed(&found[i])]; ok {
			if many == nil {
				many = map[day]int{}
			}
			many[day{found[i].File, found[i].Path}]++
			many[day{found[i].File, other.at}]++
		}
	}
	if len(many) < 3 { // of one pair at most
		return found
	}
	first := map[day]int{}
	out := found[:0]
	for _, x := range found {
		other, ok := l.misordered[placed(&x)]
		key := day{x.File, other.at}
		if own := (day{x.File, x.Path}); ok && many[own] > many[key] {
			key = own
		}
		if !ok || many[key] < 2 || other.span.Start.Line == 0 {
			out = append(out, x)
			continue
		}
		at, again := first[key]
		if !again {
			first[key] = len(out)
			kept := diag.Finding{Rule: x.Rule, Severity: x.Severity, File: x.File, Path: key.at, Span: x.Span,
				Message: fmt.Sprintf("this date and %d others cannot all be right: they are not in order", many[key]), Hint: "most likely this one is mistyped"}
			if key.at != x.Path {
				kept.Span = other.span
			}
			at, out = len(out), append(out, kept)
			l.misordered[placed(&kept)] = otherDate{}
		}
		if kept := &out[at]; len(kept.Related) < mostRelated {
			place := diag.Related{File: x.File, Path: x.Path, Span: x.Span, Message: "one of the others"}
			if key.at == x.Path {
				place.Path, place.Span = other.at, other.span
			}
			kept.Related = append(kept.Related, place)
		}
	}
	clear(found[len(out):])
	return out
}

// otherDate is the date that one which is out of order was held against.
type otherDate struct {
	at   string
	span diag.Span
}

// labelled are the keys of dates that messages call by another name.
func labelled(at string) string {
	switch at {
	case "the day of the advice", "the day of the move":
		return "date"
	}
	return at
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
	if l.misordered == nil {
		l.misordered = map[said]otherDate{}
	}
	other = labelled(other)
	l.misordered[placed(&l.out[len(l.out)-1])] = otherDate{other, d.span(other)}
}

func (l *look) ascending(d doc, list string, n int, at func(int) date.Date) {
	for i := 1; i < n; i++ {
		if at(i).Before(at(i - 1)) {
			l.error(d, fmt.Sprintf("%s[%d]", list, i), "this entry is earlier than the one before it", "order the list by date, oldest first")
		}
	}
}
