package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// joinedAhead: a learner may be got ready for before they come. But nobody is reviewed,
// or on roll, before they have joined. What came with a record from another setting was
// done there.
var joinedAhead = Rule{
	Name: "joined-ahead", ID: "SEN316", Severity: diag.Error,
	About:  "The day of joining is not in the future for a learner who is on roll, or whose support here has been reviewed.",
	Source: "DfE census rule 1880",
	check: func(l *look) {
		is := l.record.Learner.Value
		if is.Joined.IsZero() || l.reached(is.Joined) {
			return
		}
		d := docOf(l.record.Learner)
		for i, e := range is.Enrolment {
			if l.reached(e.From) {
				l.find(d, "joined", "the day of joining is in the future, but the enrolment status says the learner is on roll", "one of the two dates is mistyped; correct it",
					related(d, fmt.Sprintf("enrolment[%d].from", i), "on roll from this day"))
				return
			}
		}
		if len(l.record.Arrivals) > 0 {
			return
		}
		for _, c := range l.record.Cycles {
			if r := c.Value.Review; r != nil && l.reached(r.Date) {
				l.find(d, "joined", "the day of joining is in the future, but a cycle here has already been reviewed", "correct the year of joining in learner.yaml",
					related(docOf(c), "review.date", "reviewed on this day"))
				return
			}
		}
	},
}
