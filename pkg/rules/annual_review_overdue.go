package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// planSince is the day from which an EHC plan has been in force without a break, and
// its place in sen_provision; ok is false where none is in force.
func (l *look) planSince() (from date.Date, at int, ok bool) {
	for i, c := range l.record.Learner.Value.SENProvision {
		switch {
		case !l.reached(c.From):
		case c.Code != ehcPlan:
			ok = false
		case !ok:
			from, at, ok = c.From, i, true
		}
	}
	return from, at, ok && l.here()
}

// lastReviewed is the day of the latest review since a day, zero where there is none.
func (l *look) lastReviewed(since date.Date) date.Date {
	var last date.Date
	for _, f := range l.record.Reviewed() {
		c, _ := l.record.Corrected(f)
		if c.Review != nil && !c.Review.Date.Before(since) && c.Review.Date.After(last) {
			last = c.Review.Date
		}
	}
	return last
}

// annualReviewOverdue: a plan is reviewed within twelve months of being made, and of
// each review.
var annualReviewOverdue = Rule{
	Name: "annual-review-overdue", ID: "SEN1112", Severity: diag.Error,
	About:  "An EHC plan is reviewed at least once in twelve months; under five, every three to six.",
	Source: "Children and Families Act 2014, section 44; Code of Practice, chapter 9",
	check: func(l *look) {
		from, i, ok := l.planSince()
		if !ok {
			return
		}
		last := l.lastReviewed(from)
		weight := l.rule.Severity
		hint := "hold it with the family and the authority, and record it: sendctl review " + l.record.ID
		if last.IsZero() {
			last = from
			if begun := gate.Begun(l.record); begun.IsZero() || begun.After(from) { // the plan is older than the record
				weight, hint = diag.Warning, hint+"; one from before this record is a talk: sendctl contact "+l.record.ID+" --about review --date DATE"
				for _, e := range l.record.Contacts.Value.Contacts {
					if e.About == "review" && l.heldWith(e) && e.Date.After(last) && !l.past(monthsAfter(e.Date, l.limit("annual-review-months"))) {
						last = e.Date
					}
				}
			}
		}
		d, at := docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", i)
		born := l.record.Identity.Value.Born
		months := l.limit("annual-review-months")
		if l.past(monthsAfter(last, months)) {
			l.add(weight, d, at, fmt.Sprintf("no review of the EHC plan is recorded in the last %d months", months), hint)
			return
		}
		young := l.limit("annual-review-months-under-five")
		if !born.IsZero() && !l.reached(monthsAfter(born, 5*12)) && l.past(monthsAfter(last, young)) {
			l.add(diag.Warning, d, at, fmt.Sprintf("no review of the EHC plan of a child under five is recorded in the last %d months", young), hint)
		}
	},
}
