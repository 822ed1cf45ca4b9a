package rules

import (
	"slices"
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

// keyPerson is asked for before Reception: from there on the class teacher takes that part.
var keyPerson = Rule{
	Name: "key-person", ID: "SEN622", Severity: diag.Warning,
	About:  "A child in the nursery years has a named key person.",
	Source: "Code of Practice, chapter 5; Early Years Foundation Stage framework",
	check: func(l *look) {
		is, born := l.record.Learner.Value, l.record.Identity.Value.Born
		reception, err := strconv.Atoi(is.Cohort)
		if err != nil {
			if born.IsZero() {
				return
			}
			reception = born.Reception()
		}
		if !born.IsZero() && max(reception-born.Reception(), born.Reception()-reception) >= l.limit("years-out-of-age") {
			return // one of the two is mistyped: see year-out-of-age
		}
		if !l.tells() || l.reached(date.New(reception, time.September, 1)) {
			return
		}
		team := append([]string{is.Team.ResponsibleTeacher}, is.Team.KeyAdults...)
		if !slices.ContainsFunc(team, func(id string) bool {
			p, ok := l.folder.Person(id)
			return !ok || p.Role == "key-person" // whom nobody knows is the matter of references
		}) {
			l.find(docOf(l.record.Learner), "team", "this child is in the nursery years, but no key person is named", "name them in team.key_adults, and give them the role key-person in people.yaml (sendctl edit "+l.record.ID+" learner.yaml)")
		}
	},
}
