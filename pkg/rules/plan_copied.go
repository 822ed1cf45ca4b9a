package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// planCopied: `plan` carries forward what goes on, with the last figure to begin from;
// this is a plan in which not even a figure is new.
var planCopied = Rule{
	Name: "plan-copied", ID: "SEN612", Severity: diag.Warning,
	About:  "A new plan does not repeat the last one: something in it comes from the review.",
	Source: "Code of Practice, chapter 6 (review, and the graduated approach)",
	check: func(l *look) {
		c, d, ok := l.planned()
		last, from, known := l.reviewed()
		if !ok || !known || last.Plan == nil || c.Previous == "" || c.Previous != last.ID {
			return
		}
		sameTarget := func(a, b learner.Target) bool {
			if a.Outcome != b.Outcome || (a.Measure == nil) != (b.Measure == nil) {
				return false
			}
			return a.Measure == nil || *a.Measure == *b.Measure
		}
		sameGiven := func(a, b learner.Provision) bool {
			if a.What != b.What || a.By != b.By || a.Ratio != b.Ratio || a.Layer != b.Layer || (a.Sessions == nil) != (b.Sessions == nil) {
				return false
			}
			return a.Sessions == nil || *a.Sessions == *b.Sessions
		}
		if slices.EqualFunc(c.Plan.Targets, last.Plan.Targets, sameTarget) && slices.EqualFunc(c.Plan.Provision, last.Plan.Provision, sameGiven) &&
			slices.Equal(c.Plan.Universal, last.Plan.Universal) {
			l.find(d, "plan.targets", "this plan repeats the last one: the same targets, the same figures, the same support",
				"start from what the review found: new baselines, and at least one change (sendctl edit "+l.record.ID+")", related(from, "plan.targets", "the plan before it"))
		}
	},
}
