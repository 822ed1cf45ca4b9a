package rules

import (
	"fmt"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

const sencoRole = "senco"

// sencoMissing: every school has one, and the record needs to know who.
var sencoMissing = Rule{
	Name: "senco-missing", ID: "SEN1601", Severity: diag.Warning, Whole: true,
	About:  "people.yaml names a SENCo.",
	Source: "Children and Families Act 2014, section 67; Code of Practice, chapter 6",
	check: func(l *look) {
		people := l.folder.People
		// A college has a named person, who may have another title.
		if people.Doc == nil || l.folder.Setting.Value.Phase == "post-16" {
			return
		}
		misspelt := slices.ContainsFunc(people.Value.People, func(p learner.Person) bool { return slipOf(p.Role, sencoRole) })
		if !l.hasSENCo() && !misspelt {
			l.find(docOf(people), "people", "nobody here has the role senco", "name the SENCo: sendctl people add ID --name NAME --role senco")
		}
	},
}

func (l *look) hasSENCo() bool {
	return slices.ContainsFunc(l.folder.People.Value.People, func(p learner.Person) bool { return p.Role == sencoRole && p.Organisation == "" })
}

// sencoUnqualified: a SENCo who is new to the role has three years for the award.
var sencoUnqualified = Rule{
	Name: "senco-unqualified", ID: "SEN1602", Severity: diag.Warning, Whole: true,
	About:  "A SENCo gains the mandatory qualification within three years of taking up the role.",
	Source: "Special Educational Needs and Disability Regulations 2014, regulation 49; Code of Practice, chapter 6",
	check: func(l *look) {
		if !slices.Contains([]string{"nursery", "primary", "middle-deemed-primary", "middle-deemed-secondary", "secondary", "all-through"}, l.folder.Setting.Value.Phase) {
			return // the regulation is about mainstream schools and maintained nurseries
		}
		years := l.limit("senco-award-years")
		for i, p := range l.folder.People.Value.People {
			// Whoever was SENCo for a year when the duty began needs no award.
			if p.Role != sencoRole || p.Organisation != "" || !p.Award.IsZero() || p.Since.Before(date.New(2008, time.September, 1)) {
				continue
			}
			if l.past(monthsAfter(p.Since, 12*years)) {
				l.find(docOf(l.folder.People), fmt.Sprintf("people[%d].since", i), fmt.Sprintf("this SENCo has been in the role for more than %d years, and no award is recorded", years),
					"write award: with the day of the award: sendctl edit people.yaml")
			}
		}
	},
}
