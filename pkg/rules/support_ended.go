package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// supportEnded: that the code is N from the day on is the matter of stage-moves, that
// something is said of telling the family that of gate.
var supportEnded = Rule{
	Name: "support-ended", ID: "SEN509", Severity: diag.Warning,
	About:  "When SEN support ends, the record says why, and the family knows.",
	Source: "Code of Practice, chapter 6 (leaving SEN support); Children and Families Act 2014, section 68",
	check: func(l *look) {
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
