package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// provisionWithoutImpact looks at the latest review: what is planned next rests on it.
var provisionWithoutImpact = Rule{
	Name: "provision-without-impact", ID: "SEN620", Severity: diag.Warning,
	About:  "When support ends or is reviewed, somebody says whether it helped.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() || c.Plan == nil {
			return
		}
		for i, p := range c.Plan.Provision {
			at := slices.IndexFunc(c.Review.Provision, func(v learner.ProvisionReview) bool { return v.Provision == p.ID })
			switch {
			case !p.Additional || at >= 0 && c.Review.Provision[at].Impact != "":
			case at >= 0:
				l.find(d, fmt.Sprintf("review.provision[%d].provision", at), "the review does not say whether this support helped",
					fmt.Sprintf("add it: sendctl correct %s %s review.provision[%d].impact", l.record.ID, shown(c.ID), at))
			default:
				l.find(d, fmt.Sprintf("plan.provision[%d].id", i), "this support was planned, but the review does not mention it", "say at the next review whether it was given and helped: sendctl review "+l.record.ID)
			}
		}
	},
}
