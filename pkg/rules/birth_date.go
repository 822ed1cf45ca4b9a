package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// birthDate: whoever joins is of an age at which there is SEN support.
var birthDate = Rule{
	Name: "birth-date", ID: "SEN302", Severity: diag.Error, Guards: true,
	About:  "A learner is at most 25 years old on the day of joining.",
	Source: "Children and Families Act 2014, part 3 (birth to 25); DfE census rule 1600",
	check: func(l *look) {
		born, joined := l.record.Identity.Value.Born, l.record.Learner.Value.Joined
		if !born.IsZero() && !joined.IsZero() && joined.Age(born) > l.limit("oldest-age") {
			l.find(docOf(l.record.Identity), "born", "with this date of birth, the learner was too old for SEN support on the day of joining",
				"one of the two dates is mistyped: check born against the school's own system, and joined in learner.yaml",
				related(docOf(l.record.Learner), "joined", "the day of joining"))
		}
	},
}
