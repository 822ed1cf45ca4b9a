package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
)

var ulnCheckDigit = Rule{
	Name: "uln-check-digit", ID: "SEN311", Severity: diag.Error, Guards: true, Instead: true,
	About:  "A ULN has ten digits, and the last one fits the nine before it.",
	Source: "DfE census rule 1575",
	check: func(l *look) {
		uln := l.record.Identity.Value.ULN
		if uln == "" || ids.CheckULN(uln) == nil {
			return
		}
		d := docOf(l.record.Identity)
		switch {
		case uln == ids.NoULN:
			l.find(d, "uln", "ten nines mean \"no ULN yet\" in some returns, but the school census does not accept them", "take the line out until there is a ULN")
		case len(uln) != 10:
			l.find(d, "uln", "this is not a ULN: it does not have ten digits without spaces", "copy it from the school's own system; if there is no ULN yet, leave the line out")
		default:
			l.find(d, "uln", "the check digit of this ULN is wrong: one of its ten digits is mistyped", "compare it with the school's own system, digit by digit")
		}
	},
}

// ulnFromAge is the age from which the census asks for a ULN.
const ulnFromAge = 14

var ulnMissing = Rule{
	Name: "uln-missing", ID: "SEN312", Severity: diag.Warning,
	About:  "In the weeks before a census day, every learner who will be 14 or over on the day has a ULN.",
	Source: "DfE census rule 1570",
	check: func(l *look) {
		who := l.record.Identity.Value
		if who.ULN != "" || who.Born.IsZero() {
			return
		}
		if day, soon := l.censusSoon(); soon && !birthday(who.Born, ulnFromAge).After(day) {
			l.findBeside(docOf(l.record.Identity), "uln", "born", "the learner is 14 or over on the census day, "+day.Long()+", and there is no ULN",
				"copy it from the school's own system, or ask the Learning Records Service for it")
		}
	},
}

var ulnUnique = Rule{
	Name: "uln-unique", ID: "SEN313", Severity: diag.Error, Whole: true,
	About:  "No two learners have the same ULN.",
	Source: "DfE census rule 1578",
	check: func(l *look) {
		l.twice(func(f *Facts) Mark { return f.ULN }, "another learner has this ULN too: one of the two is wrong, or both records are about one child",
			"compare both with the school's own system; if they are about one child, keep one record")
	},
}
