package census

import (
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Return is the SEN block of a setting for one census day.
type Return struct {
	Day     date.Date
	Term    Term
	Setting learner.Setting
	Pupils  []Pupil // on roll that day, in the order of Sort
	// Recorded is when the newest commit of the history that this is made from was made;
	// zero where what is returned is not all recorded. It is the only clock in a return, so
	// that the same history gives the same bytes for ever.
	Recorded time.Time
	// Errors is how many errors preflight has found that it was made in spite of.
	Errors int
}

// Sort puts pupils in the order of every output: by surname, forename, date of birth,
// UPN and id; letters alike in small and capital.
func Sort(ps []Pupil) {
	slices.SortFunc(ps, func(a, b Pupil) int {
		for _, c := range []int{
			strings.Compare(strings.ToLower(a.Surname), strings.ToLower(b.Surname)),
			strings.Compare(strings.ToLower(a.Forename), strings.ToLower(b.Forename)),
			a.Born.Compare(b.Born), strings.Compare(a.UPN, b.UPN), strings.Compare(a.Learner, b.Learner),
		} {
			if c != 0 {
				return c
			}
		}
		return 0
	})
}
