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
	for _, f := range l.allReviewed() {
		c := l.corrected(f)
		if c.Review != nil && !c.Review.Date.Before(since) && c.Review.Date.After(last) {
			last = c.Review.Date
		}
	}
	return last
}

// annualReviews gives the days of the latest annual review of a plan in force since a
// day, and of the latest review of which nobody said whether it was one, with its file;
// zero where there is none.
func (l *look) annualReviews(since date.Date) (last, unsaid date.Date, file doc) {
	for _, f := range l.allReviewed() {
		c := l.corrected(f)
		switch r := c.Review; {
		case r == nil || r.Date.Before(since):
		case r.Annual == nil:
			if r.Date.After(unsaid) {
				unsaid, file = r.Date, docOf(f)
			}
		case *r.Annual && r.Date.After(last):
			last = r.Date
		}
	}
	return last, unsaid, file
}

// annualReviewOverdue: a plan is reviewed within twelve months of being made, and of each
// annual review. A review of the setting's own in between does not count; one from before
// that was asked may have been it.
var annualReviewOverdue = Rule{
	Name: "annual-review-overdue", ID: "SEN1112", Severity: diag.Error, Also: []diag.Severity{diag.Warning, diag.Advice},
	About:  "An EHC plan is reviewed at least every 12 months; for a child under five, every three to six.",
	Source: "Children and Families Act 2014, section 44; Code of Practice, chapter 9",
	check: func(l *look) {
		from, i, ok := l.planSince()
		if !ok {
			return
		}
		last, unsaid, file := l.annualReviews(from)
		weight := l.rule.Severity
		hint := "hold it with the family and the local authority, and record it: sendctl review " + l.record.ID + " --annual"
		if last.IsZero() {
			last = from
			if begun := gate.Begun(l.record); begun.IsZero() || begun.After(from) { // the plan is older than the record
				if l.newHere() {
					return
				}
				weight, hint = diag.Warning, hint+"; if it was held before this record began, log it as a talk: sendctl contact "+l.record.ID+" --about review --date DATE"
				for _, e := range l.record.Contacts.Value.Contacts {
					if e.About == "review" && l.heldWith(e) && e.Date.After(last) && !l.past(monthsAfter(e.Date, l.limit("annual-review-months"))) {
						last = e.Date
					}
				}
			}
		}
		d, at := docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", i)
		overdue := func(weight diag.Severity, whose string, months int) bool {
			if !l.past(monthsAfter(last, months)) {
				return false
			}
			if unsaid.After(last) && !l.past(monthsAfter(unsaid, months)) {
				l.add(diag.Advice, d, at, fmt.Sprintf("no review of the last %d months is marked as the annual review of the EHC plan%s", months, whose),
					fmt.Sprintf("if one of them was the annual review, say so: sendctl correct %s FILE review.annual --is true; otherwise hold it with the family and the local authority", l.record.ID))
				l.out[len(l.out)-1].Related = []diag.Related{related(file, "review.date", "held on this day, and nothing says whether it was the annual review")}
				return true
			}
			l.add(weight, d, at, fmt.Sprintf("no annual review of the EHC plan%s is recorded in the last %d months", whose, months), hint)
			return true
		}
		months := l.limit("annual-review-months")
		if overdue(weight, "", months) {
			return
		}
		if born := l.record.Identity.Value.Born; !born.IsZero() && !l.reached(monthsAfter(born, 5*12)) {
			if overdue(diag.Warning, " of a child under five", l.limit("annual-review-months-under-five")) {
				return
			}
		}
		// Letters and papers go out weeks before it, so it has to be planned by then.
		if soon := months - l.limit("annual-review-notice-months"); soon > 0 && !unsaid.After(last) && l.past(monthsAfter(last, soon)) {
			l.add(diag.Advice, d, at, fmt.Sprintf("the annual review of the EHC plan is due within %d months", months-soon),
				"agree a day with the family and the local authority; letters and papers go out two weeks before it")
		}
	},
}
