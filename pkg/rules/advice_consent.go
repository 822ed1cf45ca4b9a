package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

type adviceFile = recordfile.File[learner.Advice]

// adviceConsent: somebody from outside sees a learner with the agreement of the family
// or, after compulsory school age, of the young person.
var adviceConsent = Rule{
	Name: "advice-consent", ID: "SEN1002", Severity: diag.Warning,
	About:  "Advice from outside says who agreed to it, and learner.yaml holds their consent for that time.",
	Source: "Code of Practice, chapter 6 (parents are always involved in a decision to bring in a specialist)",
	check: func(l *look) {
		for _, a := range l.record.Advice {
			v := a.Value
			if a.Doc == nil || !l.fromOutside(v.By) {
				continue
			}
			if v.Consent == "" {
				l.find(docOf(a), "by", "nothing says who agreed to this professional being asked", "write who it was under consent: sendctl edit "+l.record.ID+" "+shown(v.ID))
				continue
			}
			if v.Consent != learnerID && !l.isFamily(v.Consent) {
				continue // that is a reference that leads nowhere
			}
			day := firstDay(v.Asked, v.Seen, v.Date)
			last := v.Seen
			if last.IsZero() {
				last = day
			}
			held := slices.ContainsFunc(l.record.Learner.Value.Consents, func(c learner.Consent) bool {
				return c.GivenBy == v.Consent && (gate.ConsentHolds(c, day) || gate.ConsentHolds(c, last))
			})
			if !held {
				l.find(docOf(a), "consent", "learner.yaml holds no consent from them for the day this professional was asked",
					"write under consents what they agreed to, and when: sendctl edit "+l.record.ID+" learner.yaml")
			}
		}
	},
}

// firstDay is the first of the days that is given.
func firstDay(days ...date.Date) date.Date {
	for _, d := range days {
		if !d.IsZero() {
			return d
		}
	}
	return date.Date{}
}
