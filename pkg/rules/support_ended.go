package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// supportEnded: an end that nobody recorded has neither reason nor anyone who was told.
// Of one that was, that the code is N from the day on is the matter of stage-moves, that
// something is said of telling the family that of gate.
var supportEnded = Rule{
	Name: "support-ended", ID: "SEN509", Severity: diag.Warning,
	About:  "When SEN support ends, the record says why, and the family knows.",
	Source: "Code of Practice, chapter 6 (leaving SEN support); Children and Families Act 2014, section 68",
	check: func(l *look) {
		if at, ok := l.endedByHand(); ok {
			l.find(docOf(l.record.Learner), indexed("sen_provision[].code", at), "SEN support ends with this line, and no move says why, who decided it, or whether the family knows",
				"take the line out, and record the end, which writes it again: sendctl advance "+l.record.ID)
			return
		}
		m, d, ok := l.lastMoved()
		if !ok || !l.tells() || m.SENProvision != noSupport || !l.supportStage(m.From) {
			return
		}
		if m.Because == "" {
			l.find(d, "sen_provision", "SEN support ended with this move, and nothing says why", "add the reason: sendctl correct "+l.record.ID+" "+shown(m.ID)+" because")
		}
		if m.NotTold != "" && !l.talkedSince(m.Date, "register") && l.afterSchoolDays(m.Date, l.limit("parents-told-days")) {
			l.find(d, "not_told", "SEN support ended with this move, and the family has not been told yet", "tell them, then log it: sendctl contact "+l.record.ID+" --about register")
		}
	},
}

// endedByHand gives the place of the code N that holds today and ended support which began
// before it, where no move goes with it. What is older than the record, or was done at
// another setting, stands in other papers.
func (l *look) endedByHand() (at int, ok bool) {
	codes := l.record.Learner.Value.SENProvision
	code, at := l.codeNow()
	if at < 1 || code != noSupport || codes[at-1].Code == noSupport || !l.tells() {
		return -1, false
	}
	from, began := codes[at].From, codes[at-1].From
	for k := at - 1; k > 0 && codes[k-1].Code != noSupport; k-- {
		began = codes[k-1].From
	}
	is := l.record.Learner.Value
	if begun := gate.Begun(l.record); begun.IsZero() || begun.After(from) || from.Before(is.Joined) || from.Before(is.KeptSince) {
		return -1, false
	}
	if slices.ContainsFunc(l.record.Arrivals, func(a recordfile.File[learner.Arrival]) bool { return !a.Value.Date.Before(from) }) {
		return -1, false
	}
	for _, m := range l.record.Moved() {
		s, _ := l.folder.Pathway.Value.Stage(m.Fixed.To)
		if m.Fixed.Date == from || m.Fixed.SENProvision == noSupport && !m.Fixed.Date.Before(began) || s.Away() && !m.Fixed.Date.Before(began) {
			return -1, false
		}
	}
	return at, true
}
