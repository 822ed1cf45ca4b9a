package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// The rules of places in a SEN unit or resourced provision, and of top-up money.

// eachPlace visits the flags of a learner on roll that hold today. With the code N they
// are told of elsewhere.
func (l *look) eachPlace(visit func(at string)) {
	if code := l.code(); code == noSupport || !l.here() {
		return
	}
	is := l.record.Learner.Value
	place := func(key string, flags []learner.DatedFlag) {
		if i, applies := l.flagNow(flags); applies {
			visit(fmt.Sprintf("%s[%d]", key, i))
		}
	}
	place("sen_unit", is.SENUnit)
	place("resourced_provision", is.Resourced)
}

var placeInSpecial = Rule{
	Name: "place-in-special", ID: "SEN410", Severity: diag.Error,
	About:  "No learner in a special school or pupil referral unit has a place in a SEN unit or resourced provision: those belong to mainstream schools.",
	Source: "DfE census rules 5049 and 5050",
	check: func(l *look) {
		if phase := l.folder.Setting.Value.Phase; phase == "special" || phase == "pupil-referral-unit" {
			l.eachPlace(func(at string) {
				l.find(docOf(l.record.Learner), at, "SEN units and resourced provision belong to mainstream schools, and the census accepts neither from this setting", "take the line out, or correct phase in sendctl.yaml",
					related(docOf(l.folder.Setting), "phase", "the kind of setting"))
			})
		}
	},
}

// placeWithoutPlan: whether the authority has recognised the unit is written nowhere
// here, so this is asked rather than said.
var placeWithoutPlan = Rule{
	Name: "place-without-plan", ID: "SEN411", Severity: diag.Warning,
	About:  "A learner with a place in a SEN unit or resourced provision has an EHC plan, or the local authority recognises the place without one.",
	Source: "DfE guidance on SEN units and resourced provision in the school census (2019)",
	check: func(l *look) {
		if phase := l.folder.Setting.Value.Phase; phase == "special" || phase == "pupil-referral-unit" {
			return
		}
		if code := l.code(); code == senSupport {
			l.eachPlace(func(at string) {
				l.find(docOf(l.record.Learner), at, "only a place that the local authority recognises counts here; it is usually named in an EHC plan, and this learner has none",
					"if it is the school's own room, take the line out; if the place is recognised, say so under waivers, for the rule place-without-plan")
			})
		}
	},
}

var topUpNote = Rule{
	Name: "top-up-note", ID: "SEN412", Severity: diag.Advice,
	About:  "Before a census, a note is ready that explains why a learner without an EHC plan has top-up funding.",
	Source: "DfE census rule 1990, a query that wants a note",
	check: func(l *look) {
		is := l.record.Learner.Value
		at, applies := l.flagNow(is.TopUp)
		if code := l.code(); !applies || code == ehcPlan || code == "" {
			return
		}
		if _, soon := l.censusSoon(); soon {
			l.find(docOf(l.record.Learner), fmt.Sprintf("top_up[%d]", at), "the learner has top-up funding and no EHC plan; that is allowed, but the census will ask why",
				`have this note ready for query 1990: "Short-term top-up funding agreed by the local authority; no EHC plan."`)
		}
	},
}
