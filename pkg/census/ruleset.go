package census

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// RulesOn are the rules that a census day is judged by: of those that come with the
// program the newest set that is not younger than the day.
func RulesOn(day date.Date) pathway.CensusRules {
	return newest(recordfile.ShippedCensusRules(), day)
}

// newest picks the set for a day. One whose last day is over is taken only where there is
// no other, and the oldest where all are younger: a census is always judged by something,
// and the output says by what.
func newest(sets []pathway.CensusRules, day date.Date) pathway.CensusRules {
	byAge := slices.SortedFunc(slices.Values(sets), func(a, b pathway.CensusRules) int { return a.From.Compare(b.From) })
	var best pathway.CensusRules
	for i, s := range byAge {
		if i == 0 || !s.From.After(day) {
			if i == 0 || s.To.IsZero() || !s.To.Before(day) || best.To.Before(day) && !best.To.IsZero() {
				best = s
			}
		}
	}
	return best
}

// FindRule is the newest rule with a DfE number, and the set it stands in. The number may
// be written as findings have it (census-2120), as the DfE does (2120), in any case.
func FindRule(typed string) (pathway.CensusRule, pathway.CensusRules, bool) {
	number := typed
	if rest, ok := strings.CutPrefix(strings.ToLower(typed), rulePrefix); ok {
		number = rest
	}
	sets := recordfile.ShippedCensusRules()
	for _, s := range slices.Backward(sets) {
		if r, ok := s.Rule(number); ok {
			return r, s, true
		}
	}
	return pathway.CensusRule{}, pathway.CensusRules{}, false
}

// rulePrefix comes before the DfE's number in the name of a rule in findings.
const rulePrefix = "census-"

// RuleName is what findings call a rule of the DfE.
func RuleName(r pathway.CensusRule) string { return rulePrefix + r.Number }

// asked reports whether a rule is asked in a term and of a phase.
func asked(r pathway.CensusRule, t Term, phase string) bool {
	return (len(r.Terms) == 0 || slices.Contains(r.Terms, t.Words())) && (len(r.Phases) == 0 || slices.Contains(r.Phases, phase))
}

// Asked reports whether the school census is asked of a phase at all; instead names the
// return that the others make.
func Asked(phase string) (ok bool, instead string) {
	switch phase {
	case "early-years":
		return false, "the early years census"
	case "post-16":
		return false, "the individualised learner record (ILR)"
	}
	return true, ""
}
