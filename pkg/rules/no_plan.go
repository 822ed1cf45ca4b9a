package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
)

// noPlan: an agreed passport or profile is a plan of its kind, at the stage that is
// built on it. What a review asks for next is the matter of review-not-followed.
var noPlan = Rule{
	Name: "no-plan", ID: "SEN617", Severity: diag.Warning,
	About:  "A learner on the SEN register has a current plan, or an agreed passport or profile.",
	Source: "Code of Practice, chapter 6 (SEN support)",
	check: func(l *look) {
		stage := l.stage()
		if m, _, ok := l.lastMoved(); ok && !l.here() && l.record.Learner.Doc != nil && m.To == l.record.Learner.Value.Stage && l.cameAfter(m.Date) {
			// Whoever has left is looked at by no rule: that must not go on unseen.
			if code := l.code(); code == senSupport || code == ehcPlan {
				l.find(docOf(l.record.Learner), "stage", "this record came from another setting and still says that the learner has left, so no other rule checks it",
					"say where the learner is here: sendctl advance "+l.record.ID+" --to STAGE")
			}
			return
		}
		if !l.tells() || l.newHere() || !stage.Cycles || !l.supportStage(stage.ID) {
			return
		}
		if _, _, open := l.open(); open {
			return
		}
		since := l.stageSince()
		if s, ok := l.supported(); ok && s.from.After(since) {
			since = s.from // no move says since when, and the code does
		}
		if begun := gate.Begun(l.record); begun.After(since) {
			since = begun // who had a plan before that stands in older papers
		}
		if c, _, ok := l.reviewed(); ok {
			m, _, moved := l.lastMoved()
			if !c.Review.Date.Before(since) && !(moved && !m.Date.Before(c.Review.Date)) {
				return
			}
		}
		r := l.record
		if stage.Document == "passport" && len(r.Passport.Value.Agreed) > 0 || stage.Document == "profile" && len(r.Profile.Value.Agreed) > 0 {
			return
		}
		if l.afterSchoolDays(since, l.limit("next-step-days")) {
			who := r.Learner
			l.find(doc{who.Path, who.Doc}, "stage", "this learner has been at this stage for weeks, without a current plan for it", "plan with the learner and the family: sendctl plan "+r.ID)
		}
	},
}
