package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// meetingNote: the day, who was there and who led are asked of every entry. Here are the
// two things that a family takes away. It looks a year back: nobody writes up older talks.
var meetingNote = Rule{
	Name: "meeting-note", ID: "SEN506", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "After a meeting with the family of a learner with SEN support, the record says what was agreed and that they have a copy; after a call or letter, what it was about.",
	Source: "Code of Practice, chapter 6 (involving parents in planning and reviewing)",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || !l.tells() {
			return
		}
		log := l.record.Contacts
		for i, e := range log.Value.Contacts {
			agreed, given := len(e.Agreed) > 0, e.CopyGiven
			bare := !agreed && !given && e.Told == "" && e.Said == "" && len(e.Cites) == 0
			for _, later := range log.Value.Contacts[i+1:] { // the log is only ever added to
				if slices.Contains(later.Cites, e.ID) && e.ID != "" {
					agreed, given = agreed || len(later.Agreed) > 0, given || later.CopyGiven
					bare = false
				}
			}
			if bare && e.How != "meeting" && !e.Date.Before(s.from) && l.heldWith(e) && !l.reached(e.Date.AddDays(yearLong)) && l.afterSchoolDays(e.Date, l.limit("meeting-note-days")) {
				l.add(diag.Advice, docOf(log), fmt.Sprintf("contacts[%d].how", i), "this says that there was a talk, and neither what was told nor what was said or agreed", "add what you remember as an entry of its own: sendctl contact "+l.record.ID+" --cites "+shown(e.ID)+" --told \"…\"")
				continue
			}
			if e.How != "meeting" || e.Date.Before(s.from) || agreed && given || !l.heldWith(e) || l.reached(e.Date.AddDays(yearLong)) ||
				!l.afterSchoolDays(e.Date, l.limit("meeting-note-days")) {
				continue
			}
			says := "nothing says what this meeting agreed, or that the family has a copy"
			switch {
			case agreed:
				says = "nothing says that the family has a copy of what this meeting agreed"
			case given:
				says = "nothing says what this meeting agreed"
			}
			l.find(doc{log.Path, log.Doc}, fmt.Sprintf("contacts[%d].how", i), says, "go through it with them, and log that talk: sendctl contact "+l.record.ID+" --cites "+shown(e.ID)+" --agreed \"…\" --copy-given")
		}
	},
}
