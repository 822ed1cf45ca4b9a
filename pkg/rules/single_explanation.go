package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// singleExplanation: none of the three makes a special educational need by itself, and
// none excludes one. It looks at concerns alone, before anything is decided.
var singleExplanation = Rule{
	Name: "single-explanation", ID: "SEN605", Severity: diag.Advice,
	About:  "A concern does not rest on behaviour, attainment or home language alone.",
	Source: "Code of Practice, chapter 6 (identifying SEN)",
	check: func(l *look) {
		c, d, ok := l.open()
		if !ok || c.Assess == nil || c.Previous != "" || !l.concernStage(c.Stage) {
			return
		}
		a := c.Assess
		only := func(kind string) bool {
			return len(a.Evidence) > 0 && !slices.ContainsFunc(a.Evidence, func(e learner.Evidence) bool { return e.Kind != kind })
		}
		const hint = "ask what else could explain it, and write it under assess.other_explanations, including what you ruled out"
		asked := len(a.OtherExplanations)
		switch {
		case asked == 1 && a.OtherExplanations[0].Cause == "eal" && a.OtherExplanations[0].Applies:
			l.find(d, "assess.other_explanations", "another language at home is the only other explanation that was looked at", hint)
		case asked == 0 && only("incident"):
			l.find(d, "assess.evidence", "the only evidence for this concern is behaviour", hint)
		case asked == 0 && only("assessment"):
			l.find(d, "assess.evidence", "the only evidence for this concern is test results", hint)
		}
	},
}
