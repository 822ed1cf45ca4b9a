package rules

import (
	"errors"
	"fmt"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/diag"
)

// provisionRateMissing: what is not said of the time itself is the matter of other rules.
var provisionRateMissing = Rule{
	Name: "provision-rate-missing", ID: "SEN911", Severity: diag.Warning,
	About:  "Additional support can be costed: the setting has an hourly rate for each role on the day of the plan.",
	Source: "Code of Practice, chapter 6 (funding)",
	check: func(l *look) {
		c, d, ok := l.planned()
		rates := l.folder.Setting.Value.Rates
		if !ok || !l.here() || !l.fullPlan(c.Stage) || len(rates) == 0 {
			return // a setting that costs nothing yet is told so where costs are shown
		}
		weeks, _ := l.folder.Pathway.Value.Thresholds.WeeksAYear.Int()
		for i, p := range c.Plan.Provision {
			if !p.Additional {
				continue
			}
			var missing *cost.MissingError
			if _, err := cost.Annual(p, rates, c.Plan.Date, weeks); !errors.As(err, &missing) {
				continue
			}
			at := fmt.Sprintf("plan.provision[%d]", i)
			switch missing.Need {
			case cost.NeedRate:
				l.find(d, at+".role", "the setting has no hourly rate for this role on the day of the plan", "add a line with role, from and hourly under rates: (sendctl edit sendctl.yaml)")
			case cost.NeedRatio:
				l.find(d, at+".ratio", "this group size cannot be read, so the support cannot be costed", "write adults, a colon, learners, in quotes: \"1:4\" (sendctl edit "+l.record.ID+")")
			}
		}
	},
}
