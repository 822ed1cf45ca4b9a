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
