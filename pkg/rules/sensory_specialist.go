package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// sensorySpecialist: a class of learners with a sensory impairment is taught by somebody
// qualified, and a single learner is seen by one.
var sensorySpecialist = Rule{
	Name: "sensory-specialist", ID: "SEN1006", Severity: diag.Advice,
	About:  "A learner whose need is hearing, vision or both has a specialist teacher with the mandatory qualification involved.",
	Source: "Code of Practice, chapter 6 (involving specialists)",
	check: func(l *look) {
		if c := l.code(); !l.here() || c != senSupport && c != ehcPlan {
			return
		}
		for i, n := range l.record.Learner.Value.Needs {
			if !slices.Contains([]string{"HI", "VI", "MSI"}, n.Type) || !l.reached(n.From) || l.past(n.Until) {
				continue
			}
			if !l.sensoryTeacher() {
				l.find(docOf(l.record.Learner), fmt.Sprintf("needs[%d].type", i), "no specialist teacher with the qualification for this need is involved",
					"ask the authority's sensory service, and record what they advise: sendctl advice "+l.record.ID)
			}
			return
		}
	},
}

func (l *look) sensoryTeacher() bool {
	qualified := func(id string) bool {
		p, _ := l.folder.PersonIn(l.record, id)
		if p.Role == "specialist-teacher" {
			return true
		}
		says := strings.ToLower(string(p.Qualification))
		return slices.ContainsFunc([]string{"deaf", "hearing", "vision", "visual", "sensory"}, func(w string) bool { return strings.Contains(says, w) })
	}
	if slices.ContainsFunc(l.record.Learner.Value.Team.KeyAdults, qualified) {
		return true
	}
	if slices.ContainsFunc(l.record.Advice, func(a adviceFile) bool { return qualified(a.Value.By) }) {
		return true
	}
	for _, c := range l.record.Cycles {
		if p := c.Value.Plan; p != nil {
			for _, x := range p.Provision {
				if qualified(x.By) {
					return true
				}
			}
		}
	}
	return false
}
