package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// meetingNote: the day, who was there and who led are asked of every entry. Here are the
// two things that a family takes away. It looks a year back: nobody writes up older talks.
var meetingNote = Rule{
	Name: "meeting-note", ID: "SEN506", Severity: diag.Warning,
	About:  "Of a meeting with the family of a learner with SEN support it is written down what was agreed, and that they have a copy.",
	Source: "Code of Practice, chapter 6 (involving parents in planning and reviewing)",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || !l.tells() {
			return
		}
		log := l.record.Contacts
		for i, e := range log.Value.Contacts {
			if e.How != "meeting" || e.Date.Before(s.from) || len(e.Agreed) > 0 && e.CopyGiven || !l.heldWith(e) || l.reached(e.Date.AddDays(yearLong)) ||
				!l.afterSchoolDays(e.Date, l.limit("meeting-note-days")) {
				continue
			}
			says := "this meeting does not say what was agreed, nor that the family has a copy"
			switch {
			case len(e.Agreed) > 0:
				says = "nothing says that the family has a copy of what this meeting agreed"
			case e.CopyGiven:
				says = "this meeting does not say what was agreed"
			}
			l.find(doc{log.Path, log.Doc}, fmt.Sprintf("contacts[%d].how", i), says, fmt.Sprintf("go through it with them, log that talk (sendctl contact %s --copy-given), and waive this entry in learner.yaml, at: contacts[%d]; the log is only ever added to", l.record.ID, i))
		}
	},
}
