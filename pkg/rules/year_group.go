package rules

import (
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

// reception is the September in which the learner's year group began Reception: as
// learner.yaml says, else by the day of birth; ok is false where nothing tells.
func (l *look) reception() (year int, ok bool) {
	if n, err := strconv.Atoi(l.record.Learner.Value.Cohort); err == nil {
		return n, true
	}
	if born := l.record.Identity.Value.Born; !born.IsZero() {
		return born.Reception(), true
	}
	return 0, false
}

// firstOfYear is the first day of a learner's National Curriculum year, 0 for Reception.
func firstOfYear(reception, year int) date.Date { return date.New(reception+year, time.September, 1) }

// exceptedYear is the year group of an exception in force on the day, counted like
// yearReached; ok is false where none is, known where it is one with a number.
func (l *look) exceptedYear() (year int, known, ok bool) {
	for _, x := range l.record.Learner.Value.YearExceptions {
		if !l.reached(x.From) {
			continue
		}
		ok = true
		n, err := strconv.Atoi(x.Year)
		year, known = n, err == nil || x.Year == "R"
	}
	return year, known, ok
}

// yearReached reports whether the learner is in a National Curriculum year or above it.
// Where nothing tells the year group, that is not so.
func (l *look) yearReached(year int) bool {
	if n, known, ok := l.exceptedYear(); ok {
		return known && n >= year
	}
	r, ok := l.reception()
	return ok && l.reached(firstOfYear(r, year))
}

// schoolYear is one year group of a learner, from its first day on.
type schoolYear struct {
	year  int
	start date.Date
}

// lastYear gives the year in which the learner is, where it is the last of the setting's
// phase: after it comes another setting.
func (l *look) lastYear() (last schoolYear, ok bool) {
	years := map[string][]int{ // of each phase; in the others no year is everybody's last
		"primary": {6}, "middle-deemed-primary": {8}, "middle-deemed-secondary": {8}, "secondary": {11, 13},
		"nursery": {-1}, "early-years": {-1},
	}[l.folder.Setting.Value.Phase]
	r, known := l.reception()
	if _, _, excepted := l.exceptedYear(); !known || excepted {
		return last, false
	}
	for _, y := range years {
		if l.reached(firstOfYear(r, y)) && !l.reached(firstOfYear(r, y+1)) {
			return schoolYear{y, firstOfYear(r, y)}, true
		}
	}
	return last, false
}
