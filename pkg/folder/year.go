package folder

import (
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
)

// Year is the learner's National Curriculum year on a day: 4, R, N2; "" where nothing
// tells. The year of an exception stands still until another one holds, whatever the order
// in which they are written.
func (r *Record) Year(day date.Date) string {
	is := r.Learner.Value
	var year string
	var since date.Date
	for _, x := range is.YearExceptions {
		if !x.From.After(day) && !x.From.Before(since) {
			year, since = x.Year, x.From
		}
	}
	if year != "" {
		return year
	}
	reception, err := strconv.Atoi(strings.TrimSpace(is.Cohort))
	if err != nil {
		if r.Identity.Value.Born.IsZero() {
			return ""
		}
		reception = r.Identity.Value.Born.Reception()
	}
	return day.YearGroup(reception)
}
