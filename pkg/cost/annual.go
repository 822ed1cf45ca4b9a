package cost

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Need is something without which a cost cannot be reckoned.
type Need string

// What can be needed.
const (
	NeedTime   Need = "time"   // sessions a week and minutes, hours a year, or a yearly cost
	NeedRole   Need = "role"   // whose time it is
	NeedRate   Need = "rate"   // what an hour of that role costs on the day
	NeedRatio  Need = "ratio"  // a group size that can be understood
	NeedWeeks  Need = "weeks"  // weeks of term a year
	NeedHourly Need = "hourly" // of a line that is asked for
	NeedAmount Need = "amount" // a figure that is an amount of money
)

// MissingError says what is needed before a cost can be reckoned.
type MissingError struct {
	Need      Need
	Provision string // id of the provision, or "" for a line that is asked for
	Role      string // with NeedRate
	On        date.Date
}

// Error names ids, codes and days only, and what to type.
func (e *MissingError) Error() string {
	at := ""
	if e.Provision != "" {
		at = "provision " + shown(e.Provision) + ": "
	}
	switch e.Need {
	case NeedTime:
		if e.Provision == "" {
			return "it does not say how much is asked for: give hours a week and weeks, or hours, with the rate of an hour, or the cost alone"
		}
		return at + "it does not say how much is given: write sessions with per_week and minutes, or hours_a_year, or annual_cost"
	case NeedRole:
		return at + "it does not say whose time it is: write role, such as teaching-assistant"
	case NeedRate:
		return fmt.Sprintf("%sno rate for %s on %s: add a line with role, from and hourly to rates in sendctl.yaml", at, shown(e.Role), e.On)
	case NeedRatio:
		return at + `the group is not understood: write ratio as adults to learners, such as "1:4"`
	case NeedWeeks:
		return at + "it is not known how many weeks of term a year has: write weeks_a_year among the thresholds of pathway.yaml"
	case NeedHourly:
		return "it does not say what an hour costs: give hourly, or the cost alone"
	}
	return at + "a figure is not an amount: write it like 16.40"
}

// shown is a code; what is no code may be anybody's words, and errors are kept in logs.
func shown(code string) string {
	if strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(code) > 48 {
		return "(not a code)"
	}
	return code
}

// Annual is what one provision costs for one learner in a full year of so many
// weeks of term: its sessions and hours at the rate of its role on that day,
// shared among the group, and what is bought for it. The error is a *MissingError.
//
// Every year counts in full: a provision planned for six weeks is reckoned as if
// it went on, so that plans can be compared with a yearly threshold.
func Annual(p learner.Provision, rates []learner.Rate, on date.Date, weeks int) (Pence, error) {
	missing := func(n Need) (Pence, error) {
		return 0, &MissingError{Need: n, Provision: p.ID, Role: p.Role, On: on}
	}
	hours, known := new(big.Rat), false
	if s := p.Sessions; s != nil && (s.PerWeek != "" || s.Minutes != "") {
		perWeek, ok1 := given(s.PerWeek)
		minutes, ok2 := given(s.Minutes)
		switch {
		case !ok1 || !ok2:
			return missing(NeedTime)
		case weeks <= 0:
			return missing(NeedWeeks)
		}
		hours.Add(hours, product(perWeek, minutes, big.NewRat(int64(weeks), 60)))
		known = true
	}
	if p.HoursAYear != "" {
		more, ok := given(p.HoursAYear)
		if !ok {
			return missing(NeedAmount)
		}
		hours.Add(hours, more)
		known = true
	}
	total := new(big.Rat)
	if known {
		if p.Role == "" {
			return missing(NeedRole)
		}
		hourly, ok := Rate(rates, p.Role, on)
		if !ok {
			return missing(NeedRate)
		}
		rate, ok := given(hourly)
		if !ok {
			return missing(NeedAmount)
		}
		share, ok := adults(p.Ratio)
		if !ok {
			return missing(NeedRatio)
		}
		total.Add(total, product(hours, rate, share))
	}
	if p.AnnualCost != "" {
		bought, ok := given(p.AnnualCost)
		if !ok {
			return missing(NeedAmount)
		}
		total.Add(total, bought)
		known = true
	}
	if !known {
		return missing(NeedTime)
	}
	sum, ok := pence(total)
	if !ok {
		return missing(NeedAmount)
	}
	return sum, nil
}

// Rate is what an hour of a role costs in pounds on a day: of the rates that
// began by then, the latest.
func Rate(rates []learner.Rate, role string, on date.Date) (hourly learner.Number, ok bool) {
	var from date.Date
	for _, r := range rates {
		if r.Role == role && !r.From.After(on) && (!ok || !r.From.Before(from)) {
			hourly, from, ok = r.Hourly, r.From, true
		}
	}
	return hourly, ok
}

// adults is how many adults one learner has of a group such as "1:4". No ratio
// is one adult of one's own.
func adults(ratio string) (*big.Rat, bool) {
	if ratio == "" {
		return big.NewRat(1, 1), true
	}
	left, right, found := strings.Cut(ratio, ":")
	a, ok1 := given(learner.Number(strings.TrimSpace(left)))
	l, ok2 := given(learner.Number(strings.TrimSpace(right)))
	if !found || !ok1 || !ok2 || a.Sign() == 0 || l.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Quo(a, l), true
}

// Line is one additional provision with what it costs a year.
type Line struct {
	Provision learner.Provision
	Annual    Pence
	Err       error // a *MissingError where it cannot be reckoned
}

// Lines reckons every additional provision of a plan: only what goes beyond the
// ordinary offer counts.
func Lines(p *learner.Plan, rates []learner.Rate, on date.Date, weeks int) []Line {
	if p == nil {
		return nil
	}
	var out []Line
	for _, x := range p.Provision {
		if !x.Additional {
			continue
		}
		l := Line{Provision: x}
		l.Annual, l.Err = Annual(x, rates, on, weeks)
		out = append(out, l)
	}
	return out
}

// Total is the sum of the lines that could be reckoned; whole is false where one
// could not. It is the sum of what the lines show, each rounded.
func Total(lines []Line) (sum Pence, whole bool) {
	for _, l := range lines {
		sum += l.Annual
	}
	return sum, !slices.ContainsFunc(lines, func(l Line) bool { return l.Err != nil })
}
