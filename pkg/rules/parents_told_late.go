package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// parentsToldLate looks a year back and no further: nothing can be done about it but to
// see why, and that is done by then.
var parentsToldLate = Rule{
	Name: "parents-told-late", ID: "SEN502", Severity: diag.Advice,
	About:  "The family hears about SEN support within ten school days, not weeks after it began.",
	Source: "Children and Families Act 2014, section 68; the number of days is a local figure",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || s.since.IsZero() || !l.tells() || l.code() != senSupport || l.reached(s.from.AddDays(yearLong)) {
			return
		}
		n := l.limit("parents-told-days")
		day, ok := l.schoolDay(s.from, n)
		if t := l.toldOf(s); ok && t.on.After(day) {
			log := l.record.Contacts
			l.find(doc{log.Path, log.Doc}, fmt.Sprintf("contacts[%d].date", t.entry), fmt.Sprintf("the family first heard about SEN support more than %d school days after it began", n),
				"if they heard earlier, log that talk too: sendctl contact "+l.record.ID+" --about register --date DATE")
		}
	},
}

const yearLong = 365 // days, as `due` counts a year of meetings
