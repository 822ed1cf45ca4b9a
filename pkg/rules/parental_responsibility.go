package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// parentalResponsibility leaves cared-for learners alone, whose responsible adult may be
// the authority, and those of eighteen: nobody has it for an adult. Of a consent it asks only:
// who cares for a child from day to day may agree to much that happens at school.
var parentalResponsibility = Rule{
	Name: "parental-responsibility", ID: "SEN512", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "The record says who has parental responsibility, so that the right people are told and asked; consent is theirs to give.",
	Source: "Children Act 1989; Code of Practice, chapter 1",
	check: func(l *look) {
		is, born := l.record.Learner.Value, l.record.Identity.Value.Born
		if !l.tells() || is.Characteristics != nil && is.Characteristics.CaredFor {
			return
		}
		if !born.IsZero() && l.reached(date.New(born.Year()+18, born.Month(), born.Day())) {
			return
		}
		d := docOf(l.record.Learner)
		switch {
		case slices.ContainsFunc(is.Family, func(m learner.FamilyMember) bool { return m.ParentalResponsibility }):
			l.agreedByOthers()
		case len(is.Family) > 0:
			l.find(d, "family", "nobody in the family is marked as having parental responsibility", "ask who has it, and write parental_responsibility: true for them (sendctl edit "+l.record.ID+" learner.yaml)")
		case !l.newHere() && l.afterSchoolDays(is.Joined, l.limit("next-step-days")):
			l.findBeside(d, "", "stage", "this record names no family, so it does not say who must be told and asked", "write family: with whoever has parental responsibility (sendctl edit "+l.record.ID+" learner.yaml)")
		}
	},
}

// agreedByOthers asks about consents that hold today and were given by one of the family who
// has no parental responsibility, where nobody who has it, nor the learner, agreed to the
// same.
func (l *look) agreedByOthers() {
	is, d := l.record.Learner.Value, docOf(l.record.Learner)
	if from := l.ofAgeFrom(); !from.IsZero() && l.reached(from) {
		return // then it is the young person's to give, and young-person-decides asks
	}
	may := map[string]bool{learnerID: true}
	for _, m := range is.Family {
		may[m.ID] = m.ParentalResponsibility
	}
	var at []string
	for i, c := range is.Consents {
		if !may[c.GivenBy] && l.isFamily(c.GivenBy) && l.agreedNow(c) && !slices.ContainsFunc(is.Consents, func(o learner.Consent) bool {
			return may[o.GivenBy] && o.To == c.To && l.agreedNow(o)
		}) {
			at = append(at, indexed("consents[].given_by", i))
		}
	}
	if len(at) == 0 {
		return
	}
	var others []diag.Related
	for _, x := range at[1:min(len(at), mostRelated)] {
		others = append(others, related(d, x, "this too"))
	}
	l.add(diag.Advice, d, at[0], "somebody agreed to this who is not marked as having parental responsibility",
		"ask somebody who has it, and write their consent; or mark this person, if they have it (sendctl edit "+l.record.ID+" learner.yaml)")
	l.out[len(l.out)-1].Related = others
}
