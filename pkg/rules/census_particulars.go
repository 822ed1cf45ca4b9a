package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// censusParticulars: what the census asks of every learner and the front sheet may lack
// for a while. It is told only in the weeks before a census day: nobody needs it sooner.
var censusParticulars = Rule{
	Name: "census-particulars", ID: "SEN301", Severity: diag.Warning,
	About:  "In the weeks before a census day, everyone on roll has a legal name, sex and UPN on the front sheet.",
	Source: "DfE census rules 1500, 1580, 1590 and 1610",
	check: func(l *look) {
		if l.record.Identity.Doc == nil {
			return
		}
		day, soon := l.censusSoon()
		if !soon {
			return
		}
		d, who := docOf(l.record.Identity), l.record.Identity.Value
		missing := func(at, what string) {
			l.findBeside(d, at, "learner", "the front sheet has no "+what+", and the census of "+day.Long()+" asks for it",
				"copy it from the school's own system: sendctl edit "+l.record.ID+" identity.yaml")
		}
		if who.LegalName == (learner.LegalName{}) {
			missing("legal_name", "legal name")
		}
		if who.Sex == "" {
			missing("sex", "sex (M or F)")
		}
		if who.UPN == "" {
			missing("upn", "UPN")
		}
	},
}
