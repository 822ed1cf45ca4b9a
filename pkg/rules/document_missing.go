package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// documentMissing asks for one of the two: which, is the family's and the setting's choice.
// One that was agreed and holds no word of what helps is as good as none.
var documentMissing = Rule{
	Name: "document-missing", ID: "SEN511", Severity: diag.Warning,
	About:  "A learner on the SEN register has a passport or a one-page profile, so that every adult knows what helps.",
	Source: "Northumberland graduated approach, 2018",
	check: func(l *look) {
		l.nothingHelps()
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

// nothingHelps finds a passport or profile that was agreed and leaves out what adults read
// it for. What else it says, and how much, is the learner's.
func (l *look) nothingHelps() {
	tell := func(p doc, agreed []learner.SignedBy, helps []learner.Words, key, what, kind string) {
		if p.tree != nil && len(agreed) > 0 && len(helps) == 0 && l.tells() && !l.illegible(p, key) {
			l.find(p, thereOr(p, key, "version"), "this "+what+" was agreed, but it does not tell adults what helps",
				"ask the learner and the family, and write "+key+": in a new version: sendctl "+kind+" "+l.record.ID)
		}
	}
	p, q := l.record.Passport, l.record.Profile
	tell(docOf(p), p.Value.Agreed, p.Value.HelpMeBy, "help_me_by", "passport", "passport")
	tell(docOf(q), q.Value.Agreed, q.Value.Support, "support", "one-page profile", "profile")
}
