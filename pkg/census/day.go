package census

import (
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

// Term is a term of the school census, as its header has it.
type Term string

// The terms.
const (
	Autumn Term = "AUT"
	Spring Term = "SPR"
	Summer Term = "SUM"
)

// Words is the term as people say it.
func (t Term) Words() string {
	switch t {
	case Autumn:
		return "autumn"
	case Spring:
		return "spring"
	}
	return "summer"
}

// TermOf is the term of the census that a day belongs to: from September it is autumn,
// from January spring, from April summer. The DfE can move a census day, so any day may
// be asked for.
func TermOf(day date.Date) Term {
	switch m := day.Month(); {
	case m >= time.September:
		return Autumn
	case m >= time.April:
		return Summer
	}
	return Spring
}

// Types reports whether types of need and their ranks are collected in the term: in
// spring alone.
func (t Term) Types() bool { return t == Spring }

// Usual reports whether a day is the one that the rule for census days gives.
func Usual(day date.Date) bool {
	for _, d := range date.CensusDays(day.Year()) {
		if d == day {
			return true
		}
	}
	return false
}

// Before is the usual census day before a day, which is not itself meant.
func Before(day date.Date) date.Date {
	last := date.CensusDays(day.Year() - 1)[2]
	for _, d := range date.CensusDays(day.Year()) {
		if d.Before(day) {
			last = d
		}
	}
	return last
}

// Next is the usual census day that comes next; a day that is one is its own.
func Next(day date.Date) date.Date {
	for _, d := range date.CensusDays(day.Year()) {
		if !d.Before(day) {
			return d
		}
	}
	return date.CensusDays(day.Year() + 1)[0]
}
