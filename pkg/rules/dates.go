package rules

import (
	"cmp"
	"fmt"
	"strings"

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
			l.cycleDates(docOf(c), l.dated(c))
		}
		l.journeyDates()
		sealed := l.sealedDays()
		l.notYet(func(file string) (date.Date, bool) { day, ok := sealed[file]; return day, ok })
		l.learnerDates()
		l.learnersWaivers(l.waiverOrder)
		l.bornFirst()
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
			many[day{other.file, other.at}]++
		}
	}
	if len(many) < 3 { // of one pair at most
		return found
	}
	first := map[day]int{}
	out := found[:0]
	for _, x := range found {
		other, ok := l.misordered[placed(&x)]
		key := day{other.file, other.at}
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
			kept := diag.Finding{Rule: x.Rule, Severity: x.Severity, File: key.file, Path: key.at, Span: x.Span,
				Message: fmt.Sprintf("this date and %d others cannot all be right: they are not in order", many[key]), Hint: "most likely this one is mistyped"}
			if key != (day{x.File, x.Path}) {
				kept.Span = other.span
			}
			at, out = len(out), append(out, kept)
			l.misordered[placed(&kept)] = otherDate{}
		}
		if kept := &out[at]; len(kept.Related) < mostRelated {
			place := diag.Related{File: x.File, Path: x.Path, Span: x.Span, Message: "one of the others"}
			if key == (day{x.File, x.Path}) {
				place.File, place.Path, place.Span = other.file, other.at, other.span
			}
			kept.Related = append(kept.Related, place)
		}
	}
	clear(found[len(out):])
	return out
}

// otherDate is the date that one which is out of order was held against.
type otherDate struct {
	file, at string
	span     diag.Span // zero where it is not the one that is mistyped
}

func (l *look) cycleDates(d doc, c learner.Cycle) {
	if c.Assess != nil {
		l.order(d, "assess.noticed", c.Assess.Noticed, "assess.date", c.Assess.Date)
		if c.Plan != nil {
			l.order(d, "assess.date", c.Assess.Date, "plan.date", c.Plan.Date)
		}
	}
	p := c.Plan
	if p == nil {
		return
	}
	l.order(d, "opened", c.Opened, "plan.date", p.Date)
	l.order(d, "plan.date", p.Date, "plan.review_on", p.ReviewOn)
	l.order(d, "plan.starts", p.Starts, "plan.review_on", p.ReviewOn)
	for i, t := range p.Targets {
		if due := "plan.targets[].due"; t.Due.Before(p.Date) {
			l.order(d, "plan.date", p.Date, due, t.Due, i)
		} else {
			l.order(d, "plan.starts", p.Starts, due, t.Due, i)
		}
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

// dayAt is a day of the record that another is held against, and where it stands.
type dayAt struct {
	d      doc
	at     string
	on     date.Date
	called string // in messages; "" is by its path
}

// order finds a later date that comes before the earlier one. Equal days are fine. The
// places are those of a list that both dates, or one of them, stand in.
func (l *look) order(d doc, earlierAt string, earlier date.Date, laterAt string, later date.Date, places ...int) {
	l.after(dayAt{d: d, at: earlierAt, on: earlier}, d, laterAt, later, places...)
}

const oneMistyped = "one of the two dates is mistyped"

// after is order for dates of two files, or one that goes by another name than its path.
func (l *look) after(earlier dayAt, d doc, at string, on date.Date, places ...int) {
	if earlier.on.IsZero() || on.IsZero() || !on.Before(earlier.on) {
		return
	}
	other := indexed(earlier.at, places...)
	place := related(earlier.d, other, "the other date")
	l.find(d, indexed(at, places...), "this date is before "+cmp.Or(earlier.called, other), oneMistyped, place)
	if l.misordered == nil {
		l.misordered = map[said]otherDate{}
	}
	l.misordered[placed(&l.out[len(l.out)-1])] = otherDate{earlier.d.path, other, place.Span}
}

// learnerDates judges what learner.yaml says of one thing with two days, and its lists.
func (l *look) learnerDates() {
	d, is := docOf(l.record.Learner), &l.record.Learner.Value
	for i, n := range is.Needs {
		l.order(d, "needs[].from", n.From, "needs[].until", n.Until, i)
	}
	for i, c := range is.Consents {
		l.order(d, "consents[].date", c.Date, "consents[].until", c.Until, i)
		l.order(d, "consents[].date", c.Date, "consents[].withdrawn", c.Withdrawn, i)
	}
	for i, a := range is.Adjustments {
		l.order(d, "adjustments[].since", a.Since, "adjustments[].review_on", a.ReviewOn, i)
		l.order(d, "adjustments[].since", a.Since, "adjustments[].ended", a.Ended, i)
	}
	flags := func(list []learner.DatedFlag) func(i int) date.Date {
		return func(i int) date.Date { return list[i].From }
	}
	for _, list := range []struct {
		key string
		n   int
		on  func(i int) date.Date
	}{
		{"sen_provision", len(is.SENProvision), func(i int) date.Date { return is.SENProvision[i].From }},
		{"enrolment", len(is.Enrolment), func(i int) date.Date { return is.Enrolment[i].From }},
		{"year_exceptions", len(is.YearExceptions), func(i int) date.Date { return is.YearExceptions[i].From }},
		{"sen_unit", len(is.SENUnit), flags(is.SENUnit)},
		{"resourced_provision", len(is.Resourced), flags(is.Resourced)},
		{"top_up", len(is.TopUp), flags(is.TopUp)},
	} {
		for i := 1; i < list.n; i++ {
			switch before, on := list.on(i-1), list.on(i); {
			case before.IsZero() || on.IsZero():
			case on.Before(before):
				l.find(d, fmt.Sprintf("%s[%d]", list.key, i), "this entry is earlier than the one before it", "order the list by date, oldest first",
					related(d, fmt.Sprintf("%s[%d]", list.key, i-1), "the one before"))
			case on == before && list.key != "sen_provision": // of which two-codes-one-day tells
				l.find(d, fmt.Sprintf("%s[%d].from", list.key, i), "this entry begins on the same day as the one before it, and only one of them can be true", "take out the wrong entry, or correct its date",
					related(d, fmt.Sprintf("%s[%d]", list.key, i-1), "the one before"))
			}
		}
	}
}

// bornFirst finds what the record tells of days before the learner was born.
func (l *look) bornFirst() {
	born, who := l.record.Identity.Value.Born, docOf(l.record.Learner)
	if born.IsZero() {
		return
	}
	front := docOf(l.record.Identity)
	if joined := l.record.Learner.Value.Joined; joined.Before(born) && !joined.IsZero() {
		l.find(front, "born", "this date is after joined", oneMistyped, related(who, "joined", "the other date"))
		return // and it is that one that is wrong, and not all the others
	}
	lived := func(d doc, on date.Date, at string, i int) {
		if on.IsZero() || !on.Before(born) {
			return
		}
		at = indexed(at, i)
		for j := range l.out {
			if l.out[j].File == d.path && strings.HasPrefix(at, l.out[j].Path) {
				return // it does not fit its neighbours either: told
			}
		}
		l.find(d, at, "this date is before the learner was born", oneMistyped, related(front, "born", "the day of birth"))
	}
	for _, c := range l.record.Cycles {
		v := l.dated(c)
		happened(&v, func(on date.Date, at string, i int) { lived(docOf(c), on, at, i) })
	}
	journeyHappened(l.record, func(d doc, _ string, on date.Date, at string, i int) { lived(d, on, at, i) })
	openHappened(l.record, lived)
	begun(&l.record.Learner.Value, func(on date.Date, at string, i int) { lived(who, on, at, i) })
	for i, e := range l.record.Contacts.Value.Contacts {
		lived(docOf(l.record.Contacts), e.Date, "contacts[].date", i)
	}
}

// begun visits the days from which on learner.yaml says that something holds, some of
// which may lie ahead.
func begun(is *learner.Learner, visit func(on date.Date, at string, i int)) {
	for i, x := range is.SENProvision {
		visit(x.From, "sen_provision[].from", i)
	}
	for i, x := range is.Enrolment {
		visit(x.From, "enrolment[].from", i)
	}
	for i, x := range is.YearExceptions {
		visit(x.From, "year_exceptions[].from", i)
	}
	for i, x := range is.SENUnit {
		visit(x.From, "sen_unit[].from", i)
	}
	for i, x := range is.Resourced {
		visit(x.From, "resourced_provision[].from", i)
	}
	for i, x := range is.TopUp {
		visit(x.From, "top_up[].from", i)
	}
	for i, x := range is.Needs {
		visit(x.From, "needs[].from", i)
	}
	for i, x := range is.Outcomes {
		visit(x.By, "outcomes[].by", i)
	}
	for i, x := range is.Adjustments {
		visit(x.Since, "adjustments[].since", i)
	}
}
