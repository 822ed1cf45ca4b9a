package rules

import (
	"fmt"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
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
		if last.IsZero() {
			last = from
		}
		d, at := docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", i)
		hint := "hold it with the family and the authority, and record it: sendctl review " + l.record.ID
		born := l.record.Identity.Value.Born
		months := l.limit("annual-review-months")
		if l.past(monthsAfter(last, months)) {
			l.find(d, at, fmt.Sprintf("no review of the EHC plan is recorded in the last %d months", months), hint)
			return
		}
		young := l.limit("annual-review-months-under-five")
		if !born.IsZero() && !l.reached(monthsAfter(born, 5*12)) && l.past(monthsAfter(last, young)) {
			l.add(diag.Warning, d, at, fmt.Sprintf("no review of the EHC plan of a child under five is recorded in the last %d months", young), hint)
		}
	},
}

// phaseTransferReview: before a move to the next phase the plan must be amended in time,
// and that takes a review.
var phaseTransferReview = Rule{
	Name: "phase-transfer-review", ID: "SEN1113", Severity: diag.Warning,
	About:  "In the last year of a phase an EHC plan is reviewed in time to be amended by 15 February, or by 31 March before post-16.",
	Source: "Special Educational Needs and Disability Regulations 2014, regulation 18; Code of Practice, chapter 9",
	check: func(l *look) {
		from, i, ok := l.planSince()
		if !ok {
			return
		}
		last, ok := l.lastYear()
		if !ok {
			return
		}
		year := last.start.Year() + 1
		due := date.New(year, time.February, 15)
		if last.year == 11 {
			due = date.New(year, time.March, 31)
		}
		// A review in the summer before may have looked at the move already.
		since := date.New(year-1, time.March, 1)
		if l.past(due) && !l.reached(date.New(year, time.September, 1)) && from.Before(since) && l.lastReviewed(since).IsZero() {
			at := fmt.Sprintf("sen_provision[%d]", i)
			l.find(docOf(l.record.Learner), at, "the learner changes phase this year, and the EHC plan was not reviewed in time to be amended for it",
				"hold the review now, and ask the authority for the amended plan: sendctl review "+l.record.ID)
		}
	},
}
