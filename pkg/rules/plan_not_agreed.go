package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// planNotAgreed: a learner who did not agree a plan is heard in it, or it says why not;
// learner-not-heard asks for that. Of a family who could not be asked, with the reason,
// nobody expects it. The SENCo is asked for in the first plan of a stage.
var planNotAgreed = Rule{
	Name: "plan-not-agreed", ID: "SEN707", Severity: diag.Warning,
	About:  "The teacher, the family and the learner agree a plan together; the SENCo agrees a first SEN Support Plan too.",
	Source: "Code of Practice, chapter 6 (plan); Northumberland graduated approach, 2018",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.tells() {
			return
		}
		with, at := c.Plan.AgreedWith, thereOr(d, "plan.agreed_with", "plan.date")
		staff := slices.DeleteFunc(slices.Clone(with), func(id string) bool { return id == learnerID || l.isFamily(id) })
		family := l.withFamily(with) || c.Assess != nil && l.outOfReach(c.Assess.ParentsSay) || !l.parentsAsked(c.Plan.Date) && slices.Contains(with, learnerID)
		edit := " (sendctl edit " + l.record.ID + ")"
		switch {
		case len(with) == 0:
			l.find(d, at, "nothing says who agreed this plan", "write plan.agreed_with: the learner, the family, the teacher"+edit)
		case gate.OfAge(l.record, c.Plan.Date) && !slices.Contains(with, learnerID):
			l.find(d, at, "the young person, who decides for themselves now, has not agreed this plan", "go through it with them, and name learner in plan.agreed_with"+edit)
		case !family && len(l.record.Learner.Value.Family) > 0:
			l.find(d, at, "the family has not agreed this plan", "go through it with them, and name them in plan.agreed_with"+edit)
		case len(staff) == 0:
			l.find(d, at, "no adult of the setting has agreed this plan", "name the teacher in plan.agreed_with"+edit)
		case l.firstFullPlan(c) && !slices.ContainsFunc(staff, l.isSENCo):
			l.find(d, at, "the SENCo has not agreed this plan, the first at its stage", "go through it with the SENCo, and name them in plan.agreed_with"+edit)
		}
	},
}

// outOfReach reports whether a cycle gives, for each of the family whom it speaks of, the
// reason why they were not asked: then they cannot have agreed anything either.
func (l *look) outOfReach(said []learner.ParentVoice) bool {
	return len(said) > 0 && !slices.ContainsFunc(said, func(v learner.ParentVoice) bool { return v.Words != "" || v.NotSought == "" })
}

func (l *look) isSENCo(id string) bool {
	p, ok := l.folder.Person(id)
	return !ok || p.Role == "senco" || id == l.record.Learner.Value.Team.SENCo
}

// firstFullPlan reports whether a cycle is the first one of a stage of SEN support that
// is not built on a passport or profile.
func (l *look) firstFullPlan(c learner.Cycle) bool {
	stage, _ := l.folder.Pathway.Value.Stage(c.Stage)
	return stage.SENProvision == senSupport && stage.Document == "" && !slices.ContainsFunc(l.record.Cycles, func(o recordfile.File[learner.Cycle]) bool {
		return o.Value.Stage == c.Stage && o.Value.ID != c.ID
	})
}
