package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// PlanFacts are what is known of a learner's plan in force.
type PlanFacts struct {
	File    string `json:"file,omitempty"`   // slash path
	Targets Mark   `json:"targets,omitzero"` // the outcomes of all its targets as one
}

func (l *look) planFacts() PlanFacts {
	c, d, ok := l.planned()
	if !ok || !l.here() || len(c.Plan.Targets) == 0 {
		return PlanFacts{}
	}
	var all []string
	for _, t := range c.Plan.Targets {
		if gate.Placeholder(t.Outcome) {
			return PlanFacts{} // told of each
		}
		all = append(all, strings.Join(strings.Fields(string(t.Outcome)), " "))
	}
	slices.Sort(all)
	return PlanFacts{File: d.path, Targets: l.markOf(d, "plan.targets", strings.Join(all, "\n"))}
}

// plansAlike compares all the targets of a plan, not one by one: two learners may well
// work on one and the same thing. It is told once for each set of plans.
var plansAlike = Rule{
	Name: "plans-alike", ID: "SEN613", Severity: diag.Warning, Whole: true,
	About:  "A plan is one learner's own, not the same for several.",
	Source: "Code of Practice, chapter 6 (support that fits the learner); Northumberland graduated approach, 2018",
	check: func(l *look) {
		least := max(2, l.limit("same-words-plans"))
		times := make(map[string]int, len(l.facts))
		for i := range l.facts {
			times[l.facts[i].Plan.Targets.Hash]++
		}
		alike := map[string][]*PlanFacts{}
		for i := range l.facts {
			plan := &l.facts[i].Plan
			if h := plan.Targets.Hash; h != "" && times[h] >= least {
				alike[h] = append(alike[h], plan)
			}
		}
		const shownAtMost = 10 // of the others
		for _, h := range slices.Sorted(maps.Keys(alike)) {
			of := alike[h]
			f := diag.Finding{Rule: l.rule.Name, Severity: l.rule.Severity, File: of[0].File, Path: of[0].Targets.Path, Span: of[0].Targets.Span,
				Message: fmt.Sprintf("the plans of %d learners have exactly these targets, word for word", len(of)),
				Hint:    "write in each plan what that learner will do, starting from where they are now: sendctl edit LEARNER"}
			for _, o := range of[1:min(len(of), shownAtMost+1)] {
				f.Related = append(f.Related, diag.Related{File: o.File, Path: o.Targets.Path, Span: o.Targets.Span, Message: "the same targets"})
			}
			l.out = append(l.out, f)
		}
	},
}
