package rules

import "github.com/sendctl/sendctl/pkg/diag"

// noPlan: an agreed passport or profile is a plan of its kind, at the stage that is
// built on it. What a review asks for next is the matter of review-not-followed.
var noPlan = Rule{
	Name: "no-plan", ID: "SEN617", Severity: diag.Warning,
	About:  "A learner on the register has a plan in force, or an agreed passport or profile.",
	Source: "Code of Practice, chapter 6 (SEN support)",
	check: func(l *look) {
		stage := l.stage()
		if !l.tells() || !stage.Cycles || !l.supportStage(stage.ID) {
			return
		}
		if _, _, open := l.open(); open {
			return
		}
		since := l.stageSince()
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
			l.find(doc{who.Path, who.Doc}, "stage", "this learner has had this stage for weeks, and no plan for it is in force", "plan with the learner and the family: sendctl plan "+r.ID)
		}
	},
}
