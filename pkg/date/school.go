package date

import (
	"fmt"
	"time"
)

// SchoolYear is the year in which d's school year began: 1 September to 31 August.
func (d Date) SchoolYear() int {
	if d.month >= time.September {
		return d.year
	}
	return d.year - 1
}

// Reception is the school year in which a child born on d reaches statutory
// Reception: the September after the fourth birthday (birthdays run from
// 1 September to 31 August).
func (born Date) Reception() int { return born.SchoolYear() + 5 }

// YearGroup is the National Curriculum year on day d of a child whose Reception
// began in the given September, in the codes of the census: "E1", "E2", "N1", "N2"
// before Reception (everything earlier is "E1"), "R", "1" … "14".
func (d Date) YearGroup(reception int) string {
	switch n := d.SchoolYear() - reception; {
	case n < -3:
		return "E1"
	case n == -3:
		return "E2"
	case n < 0:
		return fmt.Sprintf("N%d", 3+n)
	case n == 0:
		return "R"
	default:
		return fmt.Sprint(n)
	}
}

// Age is the whole years from birth to d.
func (d Date) Age(born Date) int {
	n := d.year - born.year
	if d.month < born.month || d.month == born.month && d.day < born.day {
		n--
	}
	return n
}

// Span is a run of days, first and last included.
type Span struct{ From, To Date }

func (s Span) holds(d Date) bool { return !d.Before(s.From) && !d.After(s.To) }

// AfterSchoolDays is the n-th school day after d: Mondays to Fridays of the terms
// that are in no holiday. Where the terms do not reach that far, ok is false, and
// every Monday to Friday after the last of them is taken for a school day, so that
// the day given is never later than the true one. So it is with bank holidays in
// term: terms do not name them.
func (d Date) AfterSchoolDays(n int, terms, holidays []Span) (day Date, ok bool) {
	var last Date
	for _, t := range terms {
		if t.To.After(last) {
			last = t.To
		}
	}
	in := func(spans []Span, x Date) bool {
		for _, s := range spans {
			if s.holds(x) {
				return true
			}
		}
		return false
	}
	ok = true
	w := d.time().Weekday()
	for n > 0 {
		d, w = d.AddDays(1), (w+1)%7
		switch {
		case w == time.Saturday || w == time.Sunday:
		case d.After(last):
			ok = false
			n--
		case in(terms, d) && !in(holidays, d):
			n--
		}
	}
	return d, ok
}
