package rules

import (
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

// past25: nobody stays on roll for ever; a record that does was forgotten, or its date
// of birth is wrong. One whose age was impossible from the first day is told elsewhere.
var past25 = Rule{
	Name: "past-25", ID: "SEN303", Severity: diag.Warning,
	About:  "A learner on roll is not over 25, and their date of birth is not in the future.",
	Source: "Children and Families Act 2014, part 3 (birth to 25)",
	check: func(l *look) {
		born, joined := l.record.Identity.Value.Born, l.record.Learner.Value.Joined
		oldest := l.limit("oldest-age")
		if born.IsZero() || !l.here() || joined.Age(born) > oldest || joined.Before(born) {
			return
		}
		d := docOf(l.record.Identity)
		if l.reached(birthday(born, oldest+1)) {
			l.find(d, "born", "this learner is over 25 and still on roll, but SEN support ends at 25",
				"record that they left: sendctl advance "+l.record.ID+" --to left; or correct the date of birth")
		} else if !l.reached(born) {
			l.find(d, "born", "this date of birth is in the future", "one of its digits is mistyped: compare it with the school's own system")
		}
	},
}

// birthday is the day on which somebody is that many years old; for 29 February in a
// year without one it is 1 March.
func birthday(born date.Date, years int) date.Date {
	month, day := born.Month(), born.Day()
	y := born.Year() + years
	if leap := y%4 == 0 && (y%100 != 0 || y%400 == 0); month == time.February && day == 29 && !leap {
		month, day = time.March, 1
	}
	return date.New(y, month, day)
}
