package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// SENCoFact is whom a record names as SENCo although people.yaml has that person as
// something else; empty for nearly every record.
type SENCoFact struct {
	ID   string    `json:"id,omitempty"` // of the adult
	Span diag.Span `json:"span,omitzero"`
}

// sencoFact lets a head, a deputy or whatever else a setting calls it be: they may be
// SENCo beside that. So may a key person in early years, where few adults do everything.
func (l *look) sencoFact() SENCoFact {
	is := l.record.Learner
	p, ok := l.folder.Person(is.Value.Team.SENCo)
	if !ok || !l.here() || p.Role == sencoRole || l.folder.Setting.Value.Phase == "post-16" {
		return SENCoFact{}
	}
	if p.Organisation == "" && !slices.Contains([]string{"teacher", "supply-teacher", "teaching-assistant", "midday-supervisor", "key-worker"}, p.Role) {
		return SENCoFact{}
	}
	return SENCoFact{ID: p.ID, Span: docOf(is).span(sencoAt)}
}

const sencoAt = "team.senco"

// sencoRoleRule tells the role of one adult once, however many learners name them: it is
// people.yaml that wants a line then. Where nobody is SENCo, senco-missing tells that.
var sencoRoleRule = Rule{
	Name: "senco-role", ID: "SEN1613", Severity: diag.Warning, Whole: true,
	About:  "The person a record names as SENCo has that role in people.yaml.",
	Source: "Children and Families Act 2014, section 67; Special Educational Needs and Disability Regulations 2014, regulation 49",
	check: func(l *look) {
		people := l.folder.People
		if !l.hasSENCo() {
			return
		}
		named := map[string][]Facts{}
		for _, f := range l.facts {
			if id := f.SENCo.ID; id != "" {
				named[id] = append(named[id], f)
			}
		}
		for i, p := range people.Value.People {
			switch by := named[p.ID]; {
			case len(by) == 0:
			case len(by) == 1:
				at := related(docOf(people), fmt.Sprintf("people[%d].role", i), "the role they have")
				l.out = append(l.out, diag.Finding{Rule: l.rule.Name, Severity: l.rule.Severity, File: learnerFile(by[0].Learner), Path: sencoAt, Span: by[0].SENCo.Span,
					Message: "the person named here as SENCo has another role in people.yaml",
					Hint:    "name the SENCo: sendctl edit " + by[0].Learner + " learner.yaml; or give them the role senco: sendctl edit people.yaml", Related: []diag.Related{at}})
			default:
				var at []diag.Related
				for _, f := range by[:min(len(by), 10)] {
					at = append(at, diag.Related{File: learnerFile(f.Learner), Path: sencoAt, Span: f.SENCo.Span, Message: "named as SENCo here"})
				}
				l.find(docOf(people), fmt.Sprintf("people[%d].role", i), fmt.Sprintf("%d records name this adult as their SENCo, but the role here is different", len(by)),
					"if they are the SENCo, write role: senco (sendctl edit people.yaml); if not, name the right SENCo in the records", at...)
			}
		}
	},
}

func learnerFile(id string) string { return "learners/" + id + "/learner.yaml" }
