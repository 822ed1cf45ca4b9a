package rules

import "github.com/sendctl/sendctl/pkg/diag"

// twoYearCheck: the check between two and three is often where a need is seen first.
var twoYearCheck = Rule{
	Name: "two-year-check", ID: "SEN1205", Severity: diag.Warning,
	About:  "For a child who joined before the third birthday, the record mentions the progress check at age two.",
	Source: "Early years foundation stage; Code of Practice, chapter 5",
	check: func(l *look) {
		born, is := l.record.Identity.Value.Born, l.record.Learner.Value
		if born.IsZero() || is.Joined.IsZero() || !l.here() {
			return
		}
		third := monthsAfter(born, 36)
		// Who came in the last weeks before it may have been checked elsewhere; and once
		// school has begun the check is history.
		if !is.Joined.Before(monthsAfter(born, 34)) || !l.reached(third) || l.reached(firstOfYear(born.Reception(), 0)) {
			return
		}
		if !speaksOf(phrasesOf("progress-check"), docsOf(l.record)) {
			l.find(docOf(l.record.Identity), "born", "the third birthday has passed, and nothing here mentions the progress check at age two",
				"put what it found on the three prime areas into the evidence of the open cycle: sendctl edit "+l.record.ID)
		}
	},
}
