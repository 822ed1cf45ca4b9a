package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// earlyTalkNote: of the first talk there is a note, and the family has it. Once SEN
// support has begun the gate before it has asked for it, or has a reason.
var earlyTalkNote = Rule{
	Name: "early-talk-note", ID: "SEN505", Severity: diag.Warning,
	About:  "Of the early talk about a concern the family is given a short note: what goes well, what worries, what is hoped for and what comes next.",
	Source: "Code of Practice, chapter 6 (identifying SEN)",
	check: func(l *look) {
		c, _, ok := l.open()
		if !ok || !l.tells() || !l.concernStage(c.Stage) || l.code() != noSupport {
			return
		}
		first := -1
		log := l.record.Contacts
		for i, e := range log.Value.Contacts {
			if e.About != "concern" || !l.heldWith(e) {
				continue
			}
			if e.CopyGiven {
				return
			}
			if first < 0 {
				first = i
			}
		}
		if first >= 0 && l.afterSchoolDays(log.Value.Contacts[first].Date, l.limit("meeting-note-days")) {
			l.find(doc{log.Path, log.Doc}, fmt.Sprintf("contacts[%d].about", first), "the family was spoken with about the concern, and nothing says that they have a note of it",
				"give them one, then write here: copy_given: true (sendctl edit "+l.record.ID+" contacts.yaml)")
		}
	},
}
