package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// What the rules of identity and census share: census days, who is counted on them,
// and which of the dated lines of learner.yaml hold today.

// nextCensus is the census day that comes next, today among them, and the one before.
// It is the one place beside reached and past that looks at the calendar, and it notes
// when its own answer turns. Both are zero while an act is checked.
func (l *look) nextCensus() (next, last date.Date) {
	if l.day.IsZero() {
		return date.Date{}, date.Date{}
	}
	last = date.CensusDays(l.day.Year() - 1)[2]
	for _, d := range date.CensusDays(l.day.Year()) {
		if !l.past(d) {
			return d, last
		}
		last = d
	}
	next = date.CensusDays(l.day.Year() + 1)[0]
	l.past(next)
	return next, last
}

// censusSoon is the next census day where it is near, and the learner will be counted.
func (l *look) censusSoon() (day date.Date, ok bool) {
	if !l.counted() {
		return date.Date{}, false
	}
	day, _ = l.nextCensus()
	joined := l.record.Learner.Value.Joined
	return day, !day.IsZero() && !joined.After(day) && l.reached(day.AddDays(-l.limit("census-ahead-days")))
}

// counted reports whether the learner is on the roll of a setting of which the school
// census is asked: others have a return of their own.
func (l *look) counted() bool {
	phase := l.folder.Setting.Value.Phase
	return phase != "early-years" && phase != "post-16" && l.here()
}

// codeNow is the line of sen_provision that holds today, -1 where none does. Of lines
// that are out of order nobody knows which that is, and their order is told of.
func (l *look) codeNow() (code string, at int) {
	at = -1
	codes := l.record.Learner.Value.SENProvision
	if !inOrder(codes) {
		return "", at
	}
	for i, c := range codes {
		if l.reached(c.From) {
			code, at = c.Code, i
		}
	}
	return code, at
}

func inOrder(codes []learner.ProvisionCode) bool {
	return slices.IsSortedFunc(codes, func(a, b learner.ProvisionCode) int { return a.From.Compare(b.From) })
}

// lastCode is the code of the last line, which holds for all that is known.
func (l *look) lastCode() string {
	codes := l.record.Learner.Value.SENProvision
	if len(codes) == 0 {
		return ""
	}
	return codes[len(codes)-1].Code
}

// flagNow is the line of a dated flag that holds today, where it says yes. Of lines that
// are out of order, which dates-in-order tells of, none does.
func (l *look) flagNow(flags []learner.DatedFlag) (at int, applies bool) {
	if !slices.IsSortedFunc(flags, func(a, b learner.DatedFlag) int { return a.From.Compare(b.From) }) {
		return 0, false
	}
	for i, f := range flags {
		if l.reached(f.From) {
			at, applies = i, f.Applies
		}
	}
	return at, applies
}

// needsNow are the places in needs of those that are needs today: on its last day one
// is none any more, as the move that ended it meant.
func (l *look) needsNow() []int {
	var out []int
	for i, n := range l.record.Learner.Value.Needs {
		if l.reached(n.From) && (!l.reached(n.Until) || reversed(n)) {
			out = append(out, i)
		}
	}
	return out
}

// reversed reports whether a need ends before it begins. That is told of, and the last day
// counts for nothing until it is put right.
func reversed(n learner.Need) bool { return !n.Until.IsZero() && n.Until.Before(n.From) }

// openNeeds are the places of those that nothing has ended, whatever day it is.
func (l *look) openNeeds() []int {
	var out []int
	for i, n := range l.record.Learner.Value.Needs {
		if n.Until.IsZero() || reversed(n) {
			out = append(out, i)
		}
	}
	return out
}

func needAt(i int, key string) string { return fmt.Sprintf("needs[%d].%s", i, key) }

// withdrawn are the codes that the census took once and takes no more.
var withdrawn = sync.OnceValue(func() *pathway.CodeList { return codeList("withdrawn") })

// authorities are the numbers of local authorities that a UPN may hold.
var authorities = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, c := range codeList("la").Codes {
		out[c.Code] = true
	}
	return out
})

func codeList(name string) *pathway.CodeList {
	list, err := recordfile.CodeList(name)
	if err != nil {
		panic(err) // a fault of the program, which a test finds
	}
	return list
}

// yearNumber is a year group as a number: R is 0, year 1 is 1, N2 is -1 … E1 is -4;
// mixed classes, and where the National Curriculum is not followed, have none.
func yearNumber(year string) (n int, ok bool) {
	if n = slices.Index([]string{"E1", "E2", "N1", "N2", "R"}, year); n >= 0 {
		return n - 4, true
	}
	n, err := strconv.Atoi(strings.TrimSpace(year))
	return n, err == nil
}
