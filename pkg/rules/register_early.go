package rules

import (
	"fmt"
	"strconv"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// registerEarly is about a move that does not know it: where its gate says that the
// cycles were not there, a person has seen that and given the reason. It looks a year back.
var registerEarly = Rule{
	Name: "register-early", ID: "SEN513", Severity: diag.Warning,
	About:  "Before SEN support begins, teaching is adjusted in two reviewed cycles, or the move says why it could not wait.",
	Source: "Code of Practice, chapter 6 (identifying SEN); Northumberland graduated approach, 2018 (two cycles, a policy)",
	check: func(l *look) {
		s, ok := l.supported()
		want, known := policy(l.folder, "cycles-before-register")
		if !ok || s.since.IsZero() || !known || !l.tells() || l.code() != senSupport || l.reached(s.from.AddDays(yearLong)) {
			return
		}
		m, d, open, ok := l.beginning(s)
		if !ok || open {
			return
		}
		var before []learner.Cycle
		taught := false
		for _, f := range l.allReviewed() {
			c := l.corrected(f)
			if c.Review != nil && !c.Review.Date.After(s.from) && !l.supportStage(c.Stage) {
				before = append(before, c)
				taught = taught || c.Plan != nil && len(c.Plan.Universal) > 0
			}
		}
		hint := "add the reason: sendctl correct " + l.record.ID + " " + shown(m.ID) + " because"
		switch {
		case len(before) < want:
			cycles := strconv.Itoa(len(before)) + " reviewed cycles"
			if len(before) == 1 {
				cycles = "one reviewed cycle"
			}
			l.find(d, "sen_provision", fmt.Sprintf("SEN support began after %s; %d are expected, and the table of the move does not show that", cycles, want), hint)
		case !taught:
			l.find(d, "sen_provision", "SEN support began, and no cycle before it says how teaching was adjusted", hint)
		}
	},
}
