package render

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// AccessNotes is the page that whoever goes through what is kept on a learner reads
// first.
func AccessNotes(v report.Access) []Line {
	var p page
	counts := v.Counts()
	p.tone(Heading, 0, "READ THIS FIRST")
	p.gap()
	who := "whoever asked for it"
	if v.Who != "" {
		who = v.Who
	}
	p.add(0, "This is everything that %s keeps in this record folder on the learner %s, now and before, put together for %s. NOTHING HAS BEEN TAKEN OUT OR BLACKED OUT. Nothing of it goes to anybody before a person has gone through it.", v.Setting, v.ID, who)

	p.gap()
	p.tone(Heading, 0, "How long there is")
	p.add(2, "Asked for on %s. The answer is due within one calendar month: by %s.", v.Asked.Long(), v.Month.Long())
	text := fmt.Sprintf("A parent of a child at a maintained school may also ask for the educational record alone, which is due within 15 school days: by %s", v.School.Long())
	if !v.Counted {
		text += " (the terms in sendctl.yaml do not reach that far, so every Monday to Friday after them was counted: it may be a little later)"
	}
	p.add(2, "%s.", text)

	p.gap()
	p.tone(Heading, 0, "What a person decides")
	p.add(2, "No program decides any of this, and this one has not. index.csv has an empty column for what is decided on every line.")
	p.add(2, "1. May they have it? The right is the child's own. A parent with parental responsibility may ask for them; a child who understands what they ask for may ask, or object, themself.%s", rights(v))
	p.add(2, "2. Other people. %s, %s and %s are marked. What staff did in their work is usually given out; what another relative said in confidence, or another child's name, usually is not, unless they agree or it is fair all the same.",
		marks(counts[report.MarkAdult], "adult who works with the learner", "adults who work with the learner"),
		marks(counts[report.MarkFamily], "relative other than who asks", "relatives other than who asks"),
		marks(counts[report.MarkChild], "child, perhaps", "children, perhaps"))
	p.add(2, "3. Serious harm. What would be likely to cause serious harm to the physical or mental health of the child or of anyone else is not given out. Ask whoever knows the child, and a health professional where health is what it is about.")
	p.add(2, "4. %s: somebody meant it not for everyone who may read the record. That alone is no reason to hold it back from the child.", report.Plural(counts[report.MarkRestricted], "part is marked restricted", "parts are marked restricted"))
	if n := counts[report.MarkSafeguarding]; n > 0 {
		p.add(2, "5. SAFEGUARDING: the record points to what another system holds. Speak with the safeguarding lead before anything of this is given out, the pointer itself included.")
	}

	p.gap()
	p.tone(Heading, 0, "What is in here")
	p.add(2, "index.txt and index.csv: every item with what is marked in it, why, and where.")
	p.add(2, "log.txt: what was recorded, when and by whom, in sentences.")
	p.add(2, "now: the files as they lie in the folder. Seals show that what they name was not changed since it was recorded.")
	p.add(2, "earlier: every earlier version of every file, in a folder named for when it was recorded, and files that are not there any more.")
	p.add(2, "drafts: what somebody typed and never recorded, and what a command that was cut off left.")

	p.gap()
	p.tone(Heading, 0, "What is not in here")
	p.add(2, "What other systems hold: e-mail, the safeguarding system, the school's own database, paper.")
	p.add(2, "Other copies of this folder, and their drafts; backups; what git has not yet cleared away of work that was taken back before it was shared.")
	p.add(2, "Other learners' records. %s looked for this learner's name and id in them as they are now; index.txt lists the places. Somebody looks whether they say anything about this learner.", sentencePlaces(len(v.Elsewhere)))
	for _, g := range v.Gaps {
		p.tone(Alarm, 2, "COULD NOT BE READ: %s.", g)
	}

	p.gap()
	p.tone(Heading, 0, "Afterwards")
	p.add(2, "Note that it was asked for and what was given: sendctl contact %s. Then delete this folder: it holds a child's whole record in the clear.", v.ID)
	return p
}

func rights(v report.Access) string {
	switch {
	case v.AskedBy == "" || v.AskedBy == "learner":
		return ""
	case v.Rights:
		return " The record says that " + v.Who + " has parental responsibility."
	}
	return " The record does not say that " + v.Who + " has parental responsibility."
}

func marks(n int, one, many string) string {
	if n == 1 {
		return "1 place with " + one
	}
	return number(n) + " places with " + many
}

func sentencePlaces(n int) string {
	if n == 0 {
		return "Nothing was found when sendctl"
	}
	return report.Plural(n, "place was", "places were") + " found when sendctl"
}

// AccessIndex lists every item with what is marked in it.
func AccessIndex(v report.Access) []Line {
	var p page
	p.tone(Heading, 0, "Everything that is kept on the learner %s: %s", v.ID, report.Plural(len(v.Items), "item", "items"))
	for _, x := range v.Items {
		p.gap()
		p.add(0, "%d. %s", x.N, x.File)
		state := map[string]string{"now": "as it lies in the folder", "earlier": "an earlier version of " + x.Path, "draft": "typed and never recorded", "aside": "left by a command that was cut off"}[x.State]
		when := ""
		switch {
		case !x.When.IsZero() && x.By != "":
			when = "recorded on " + x.When.Format("2 January 2006 at 15:04") + " by " + x.By
		case !x.When.IsZero():
			when = "of " + x.When.Format("2 January 2006 at 15:04")
		case x.State == "now":
			when = "not recorded as it lies there"
		}
		if x.Other {
			when += ", in a branch that is not in use"
		}
		p.add(3, "%s.", join("; ", state, when))
		for _, m := range x.Marks {
			p.add(3, "[%s] %s", m.What, markWords(m))
		}
	}
	if len(v.Elsewhere) > 0 {
		p.gap()
		p.tone(Heading, 0, "In other learners' records, perhaps about this one; nothing of them is in here")
		for _, m := range v.Elsewhere {
			p.add(3, "[%s] %s: %s", m.What, m.File, markWords(m))
		}
	}
	for _, g := range v.Gaps {
		p.tone(Alarm, 0, "COULD NOT BE READ: %s.", g)
	}
	return p
}

func markWords(m report.Mark) string {
	where := m.Where
	if m.Line > 0 {
		where = strings.TrimSpace(where + fmt.Sprintf(" (line %d)", m.Line))
	}
	return join(", ", where, m.Who) + ": " + m.Why
}
