package cost

import (
	"github.com/sendctl/sendctl/pkg/learner"
)

// DisagreesError says that a line gives a cost which is not what its own hours
// and rate come to. Its text holds neither figure.
type DisagreesError struct {
	Given, Reckoned Pence
}

func (e *DisagreesError) Error() string {
	return "the cost given is not what the hours and the rate of an hour come to: correct one of them, or leave the cost out"
}

// TwiceError says that a line gives its time in two ways.
type TwiceError struct{}

func (e *TwiceError) Error() string {
	return "the time is given twice: give hours a week and weeks, or hours in all"
}

// Ask is what one line of a request asks for in all: hours a week for so many
// weeks, or hours in all, at an hourly rate, or the cost alone. The error is a
// *MissingError, a *DisagreesError or a *TwiceError.
func Ask(l learner.AskLine) (Pence, error) {
	if l.Hours != "" && l.HoursAWeek != "" {
		return 0, &TwiceError{}
	}
	for _, n := range []learner.Number{l.HoursAWeek, l.Weeks, l.Hours, l.Hourly, l.Cost} {
		if _, ok := given(n); n != "" && !ok {
			return 0, &MissingError{Need: NeedAmount}
		}
	}
	stated, hasCost := given(l.Cost)
	hours, timed := given(l.Hours)
	if l.HoursAWeek != "" {
		var weeks bool
		if hours, timed = given(l.Weeks); timed {
			perWeek, _ := given(l.HoursAWeek)
			hours, weeks = product(hours, perWeek), true
		}
		if !weeks && !hasCost {
			return 0, &MissingError{Need: NeedTime}
		}
	}
	hourly, rated := given(l.Hourly)
	if !timed || !rated { // the cost alone then says it, and hours beside it are only words
		switch {
		case hasCost:
			return whole(pence(stated))
		case timed:
			return 0, &MissingError{Need: NeedHourly}
		}
		return 0, &MissingError{Need: NeedTime}
	}
	sum, err := whole(pence(product(hours, hourly)))
	if err != nil {
		return 0, err
	}
	if hasCost {
		if said, err := whole(pence(stated)); err != nil || said != sum {
			return 0, &DisagreesError{Given: said, Reckoned: sum}
		}
	}
	return sum, nil
}

// Basis is what the lines of a request come to together, and the place of the
// first line that cannot be reckoned, with its error.
func Basis(lines []learner.AskLine) (sum Pence, at int, err error) {
	for i, l := range lines {
		p, err := Ask(l)
		if err != nil {
			return 0, i, err
		}
		sum += p
	}
	return sum, -1, nil
}

func whole(p Pence, ok bool) (Pence, error) {
	if !ok {
		return 0, &MissingError{Need: NeedAmount}
	}
	return p, nil
}
