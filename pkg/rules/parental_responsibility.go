package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// parentalResponsibility leaves cared-for learners alone, whose responsible adult may be
// the authority, and those of eighteen: nobody has it for an adult.
var parentalResponsibility = Rule{
	Name: "parental-responsibility", ID: "SEN512", Severity: diag.Warning,
	About:  "The record says who has parental responsibility, so that the right people are told and asked.",
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
		case len(is.Family) > 0:
			l.find(d, "family", "nobody in the family is marked as having parental responsibility", "ask who has it, and write parental_responsibility: true for them (sendctl edit "+l.record.ID+" learner.yaml)")
		case !l.newHere() && l.afterSchoolDays(is.Joined, l.limit("next-step-days")):
			l.findBeside(d, "", "stage", "this record names no family, so it does not say who must be told and asked", "write family: with whoever has parental responsibility (sendctl edit "+l.record.ID+" learner.yaml)")
		}
	},
}
