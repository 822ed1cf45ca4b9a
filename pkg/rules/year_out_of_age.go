package rules

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// yearOutOfAge: the reason, which the census asks for, has no place of its own in the
// record; a waiver holds it.
var yearOutOfAge = Rule{
	Name: "year-out-of-age", ID: "SEN315", Severity: diag.Warning,
	About:  "A learner is taught in the year group of their age or the next one up or down, or the record says why; and in a year group that settings of this phase teach.",
	Source: "DfE census rules 2020 and 2002",
	check: func(l *look) {
		is, born := l.record.Learner.Value, l.record.Identity.Value.Born
		if born.IsZero() || !l.counted() || is.Joined.Before(born) || is.Joined.Age(born) > l.limit("oldest-age") {
			return // with a date of birth that cannot be, every year group is wrong
		}
		if l.yearOfPhase() {
			return
		}
		most := l.limit("years-out-of-age")
		d := docOf(l.record.Learner)
		found := func(at string) {
			l.find(d, at, "the learner is taught two or more years away from the year group of their age, and the census asks why",
				"correct the date or year, or write the reason under waivers for the rule year-out-of-age", related(docOf(l.record.Identity), "born", "the date of birth"))
		}
		if !slices.IsSortedFunc(is.YearExceptions, func(a, b learner.YearException) int { return a.From.Compare(b.From) }) {
			return // which holds now, nobody can tell: dates-in-order tells of that
		}
		in := -1
		for i, x := range is.YearExceptions {
			if l.reached(x.From) {
				in = i
			}
		}
		if in < 0 {
			if c, err := strconv.Atoi(is.Cohort); err == nil && apart(c, born.Reception()) >= most {
				found("cohort")
			}
			return
		}
		year, ok := yearNumber(is.YearExceptions[in].Year)
		if !ok {
			return
		}
		// A year group stands still while the learner grows older. By age, year 3 is that
		// of the school year Reception + 3.
		september := func(schoolYear int) date.Date { return date.New(schoolYear, time.September, 1) }
		usual := born.Reception() + year
		if behind, ahead := l.reached(september(usual+most)), !l.reached(september(usual-most+1)); behind || ahead {
			found(fmt.Sprintf("year_exceptions[%d].year", in))
		}
	},
}

// yearOfPhase tells of a learner in a year group that no setting of this phase teaches, with
// some weeks for writing down who has left in the summer. It reports whether it did. The
// years are wide, as those of the census check.
func (l *look) yearOfPhase() bool {
	years, ok := map[string][2]int{
		"nursery": {-4, 0}, "primary": {-4, 6}, "middle-deemed-primary": {-4, 8}, "middle-deemed-secondary": {3, 9}, "secondary": {5, 14},
	}[l.folder.Setting.Value.Phase]
	r, known := l.reception()
	if _, _, excepted := l.exceptedYear(); !ok || !known || excepted {
		return false
	}
	if first, over := firstOfYear(r, years[0]), firstOfYear(r, years[1]+1); l.reached(first) && !l.reached(over.AddDays(l.limit("new-record-days"))) {
		return false
	}
	d, at := docOf(l.record.Learner), "cohort"
	if l.record.Learner.Value.Cohort == "" {
		at = "joined"
	}
	l.find(d, at, "no school of this phase teaches this learner's year group", "if the learner has left, record that: sendctl advance "+l.record.ID+"; or correct cohort here, or phase in sendctl.yaml",
		related(docOf(l.folder.Setting), "phase", "the kind of setting"))
	return true
}

func apart(a, b int) int { return max(a-b, b-a) }
