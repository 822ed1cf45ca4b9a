package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
)

// earlyTalkNote: of the first talk there is a note, and the family has it. Of SEN support
// it looks a year back; where its gate said that the note was not there, that is known.
var earlyTalkNote = Rule{
	Name: "early-talk-note", ID: "SEN505", Severity: diag.Warning,
	About:  "After the first talk about a concern, the family gets a short note: what goes well, what worries people, what they hope for and what comes next.",
	Source: "Code of Practice, chapter 6 (identifying SEN)",
	check: func(l *look) {
		if !l.tells() || len(l.record.Learner.Value.Family) == 0 {
			return
		}
		first, noted := l.earlyTalks()
		if noted {
			return
		}
		log := l.record.Contacts
		at := fmt.Sprintf("contacts[%d].about", first)
		const hint = "give them one, go through it with them, and log that talk: sendctl contact "
		if c, _, ok := l.open(); ok && l.concernStage(c.Stage) && l.code() == noSupport {
			if first >= 0 && l.afterSchoolDays(log.Value.Contacts[first].Date, l.limit("meeting-note-days")) {
				l.find(docOf(log), at, "somebody talked with the family about the concern, but nothing says that they have a note of it", hint+l.record.ID+" --about concern --copy-given")
			}
			l.heardUnlogged(first)
			return
		}
		s, ok := l.supported()
		if !ok || s.since.IsZero() || l.code() != senSupport || l.reached(s.from.AddDays(yearLong)) {
			return
		}
		_, d, open, ok := l.beginning(s)
		switch {
		case !ok || open:
		case first >= 0:
			l.find(docOf(log), at, "SEN support began after this talk, and nothing says that the family has a note of it", hint+l.record.ID+" --about concern --copy-given")
		default:
			l.find(d, "sen_provision", "SEN support began, but no talk about the concern is in the contact log", "log the talk, with its date: sendctl contact "+l.record.ID+" --about concern --date DATE --copy-given")
		}
	},
}

// earlyTalks gives the first talk with the family about a concern, -1 where there is
// none, and whether they have a note of one.
func (l *look) earlyTalks() (first int, noted bool) {
	first = -1
	for i, e := range l.record.Contacts.Value.Contacts {
		if (e.About == "concern" || e.About == "plan") && l.heldWith(e) { // as the gate before SEN support takes them
			noted = noted || e.CopyGiven
			if first < 0 {
				first = i
			}
		}
	}
	return first, noted
}

// heardUnlogged finds a family that spoke of the concern, as the open cycle says, while no
// talk with them was ever logged: so nothing can say that they have a note of it.
func (l *look) heardUnlogged(first int) {
	c, d, _ := l.open()
	if first >= 0 || c.Assess == nil || l.newHere() || slices.ContainsFunc(l.record.Contacts.Value.Contacts, l.heldWith) {
		return
	}
	for i, v := range c.Assess.ParentsSay {
		if v.Words != "" && l.afterSchoolDays(v.Date, l.limit("meeting-note-days")) {
			l.find(d, indexed("assess.parents_say[]", i), "the family spoke about the concern here, but no talk with them is in the contact log, and nothing says that they have a note of it",
				"log the talk, with its date: sendctl contact "+l.record.ID+" --about concern --date DATE --copy-given")
			return
		}
	}
}
