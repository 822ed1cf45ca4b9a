package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// parentsNotTold: the duty of section 68. That it is within so many school days is a
// local figure; that it is done at all is law.
var parentsNotTold = Rule{
	Name: "parents-not-told", ID: "SEN501", Severity: diag.Error, Also: []diag.Severity{diag.Warning, diag.Advice},
	About:  "The family is told within ten school days that SEN support has begun.",
	Source: "Children and Families Act 2014, section 68",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || s.since.IsZero() || !l.tells() || l.code() != senSupport {
			return // a learner who came with SEN support: who began it told them then
		}
		if !l.afterSchoolDays(s.from, l.limit("parents-told-days")) {
			return
		}
		told := l.toldOf(s)
		if told.known {
			return
		}
		who := l.record.Learner
		d, at := doc{who.Path, who.Doc}, fmt.Sprintf("sen_provision[%d].code", s.at)
		if told.by.tree != nil {
			d, at = told.by, told.at
		}
		weight, message, hint := l.rule.Severity, "SEN support began, and nothing says that the family was told", "tell them, then log it: sendctl contact "+l.record.ID+" --about register"
		switch {
		case l.lookedBack(s):
			if l.newHere() {
				return
			}
			weight, message = diag.Advice, "SEN support began before this record, and nothing here says that the family was told"
			hint = "log when they were told, with that day: sendctl contact " + l.record.ID + " --about register --date DATE"
		case len(l.record.Moves) == 0:
			weight = diag.Warning // the record may be younger than the support, and the telling
		}
		l.add(weight, d, at, message, hint)
	},
}

// telling is what the record says of telling the family that SEN support begins.
type telling struct {
	known bool      // somebody was told, or another rule asks for it
	on    date.Date // the first day of that, where a contact shows it
	entry int       // of the contact log
	by    doc       // the move that began it, where there is one
	at    string
}

// toldOf looks for it in the moves since the support began, and in the contact log.
// What the last move says was not told yet counts only once a talk after it is in the
// log: `next` asks for it until then.
func (l *look) toldOf(s spell) telling {
	var t telling
	since := s.since.AddDays(1)
	for _, m := range l.record.Moved() {
		v := m.Fixed
		if v.Date.Before(s.from) {
			continue
		}
		switch {
		case len(v.Told) == 0 && v.NotTold == "":
			t.known = true // the rule gate tells of it
		case len(v.Told) > 0:
			for i, e := range l.record.Contacts.Value.Contacts {
				if slices.Contains(v.Told, e.ID) && l.heldWith(e) {
					t.tell(e, i)
				}
			}
		case v.Date == s.from:
			t.by, t.at, since = docOf(m.File), "not_told", v.Date
		}
	}
	for i, e := range l.record.Contacts.Value.Contacts {
		if e.About == "register" && !e.Date.Before(since) && l.heldWith(e) {
			t.tell(e, i)
		}
	}
	return t
}

func (t *telling) tell(e learner.ContactEntry, i int) {
	t.known = true
	if t.on.IsZero() || e.Date.Before(t.on) {
		t.on, t.entry = e.Date, i
	}
}
