package rules

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// provisionRateMissing: what is not said of the time itself is the matter of other rules.
var provisionRateMissing = Rule{
	Name: "provision-rate-missing", ID: "SEN911", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "Additional support can be costed: it says in which role it is given, and the setting has an hourly rate for that role on the day of the plan.",
	Source: "Code of Practice, chapter 6 (funding)",
	check: func(l *look) {
		c, d, ok := l.planned()
		rates := l.folder.Setting.Value.Rates
		if !ok || !l.here() || !l.fullPlan(c.Stage) || len(rates) == 0 {
			return // a setting that costs nothing yet is told so where costs are shown
		}
		weeks, _ := l.folder.Pathway.Value.Thresholds.WeeksAYear.Int()
		for i, p := range c.Plan.Provision {
			if !p.Additional {
				continue
			}
			at := fmt.Sprintf("plan.provision[%d]", i)
			var missing *cost.MissingError
			if _, err := cost.Annual(p, rates, c.Plan.Date, weeks); !errors.As(err, &missing) {
				l.otherRate(d, at, p, c.Plan.Date, rates)
				continue
			}
			switch missing.Need {
			case cost.NeedRate:
				l.find(d, at+".role", "the setting has no hourly rate for this role on the day of the plan", "add a line with role, from and hourly under rates: (sendctl edit sendctl.yaml)")
			case cost.NeedRole:
				// Who comes from elsewhere may cost the setting nothing, and what is paid in all may be said.
				if by, known := l.folder.PersonIn(l.record, p.By); known && by.Organisation == "" && p.AnnualCost == "" && !l.illegible(d, at+".role") {
					l.find(d, at, "this does not say in which role the support is given, so it cannot be costed", "write role: as people.yaml has it, with a line for it under rates: in sendctl.yaml (sendctl edit "+l.record.ID+")")
				}
			case cost.NeedRatio:
				l.find(d, at+".ratio", "this group size cannot be read, so the support cannot be costed", "write adults, a colon, learners, in quotes: \"1:4\" (sendctl edit "+l.record.ID+")")
			}
		}
	},
	setting: func(l *look) {
		known := []string{sencoRole}
		for _, t := range l.folder.Pathway.Value.Terms(pathway.Roles) {
			known = append(known, t.Code)
		}
		people := l.folder.People.Value.People
		for i, r := range l.folder.Setting.Value.Rates {
			// A rate of a role that somebody has is meant, whatever it is called.
			if !slices.ContainsFunc(people, func(p learner.Person) bool { return p.Role == r.Role }) {
				l.roleSlip(docOf(l.folder.Setting), indexed("rates[].role", i), r.Role, known)
			}
		}
		for _, r := range l.folder.Setting.Value.Rates {
			known = append(known, r.Role)
		}
		for i, p := range people {
			l.roleSlip(docOf(l.folder.People), indexed("people[].role", i), p.Role, known)
		}
	},
}

// otherRate finds support that is costed at the rate of one role and given by somebody who
// has another, of which there is a rate too. Somebody may well do both: so it is advice.
func (l *look) otherRate(d doc, at string, p learner.Provision, on date.Date, rates []learner.Rate) {
	by, known := l.folder.PersonIn(l.record, p.By)
	if !known || p.Role == "" || by.Role == p.Role {
		return
	}
	theirs, ok1 := cost.Rate(rates, by.Role, on)
	taken, ok2 := cost.Rate(rates, p.Role, on)
	if ok1 && ok2 && theirs != taken {
		l.add(diag.Advice, d, at+".role", "whoever gives this support has another role in people.yaml, and an hour of that costs something else",
			"write the role by which it is to be costed; if this is the one, leave it (sendctl edit "+l.record.ID+")")
	}
}

// roleSlip finds a role that is one slip of the hand away from one that is known.
func (l *look) roleSlip(d doc, at, role string, known []string) {
	if role == "" || slices.Contains(known, role) {
		return
	}
	for _, k := range known {
		if slipOf(role, k) {
			l.find(d, at, "no role is called this, and one is called nearly so", "did you mean \""+k+"\"?")
			return
		}
	}
}

// slipOf reports whether two words of some length differ by one letter: another one, one
// too many or too few, or two in the wrong order.
func slipOf(a, b string) bool {
	if len(a) < 5 || a == b {
		return false
	}
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
