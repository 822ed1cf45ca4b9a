package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// documentMissing asks for one of the two: which, is the family's and the setting's choice.
var documentMissing = Rule{
	Name: "document-missing", ID: "SEN511", Severity: diag.Warning,
	About:  "A learner on the SEN register has a passport or a one-page profile, so that every adult knows what helps.",
	Source: "Northumberland graduated approach, 2018",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || !l.tells() || l.newHere() || l.record.Passport.Path != "" || l.record.Profile.Path != "" {
			return
		}
		began := s.from
		if joined := l.record.Learner.Value.Joined; joined.After(began) {
			began = joined
		}
		if begun := gate.Begun(l.record); begun.After(began) {
			began = begun // before that there was no record to put one in
		}
		if !l.afterSchoolDays(began, l.limit("next-step-days")) {
			return
		}
		who := l.record.Learner
		l.find(doc{who.Path, who.Doc}, fmt.Sprintf("sen_provision[%d].code", s.at), "this learner is on the SEN register and has neither a passport nor a one-page profile",
			"make one together: sendctl passport "+l.record.ID+", or sendctl profile "+l.record.ID)
	},
}
