package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// supportUndecided: a code written by hand is no decision. Nothing can be written now of
// support that was there before the record was: who decided that stands in older papers.
var supportUndecided = Rule{
	Name: "support-undecided", ID: "SEN503", Severity: diag.Error, Also: []diag.Severity{diag.Warning},
	About:  "SEN support that begins here rests on a recorded decision: who decided, when and why.",
	Source: "Code of Practice, chapter 6 (identifying SEN)",
	check: func(l *look) {
		s, ok := l.supported()
		if !ok || s.since.IsZero() || !l.tells() || l.lookedBack(s) {
			return
		}
		if slices.ContainsFunc(l.record.Moved(), func(m folder.Moved) bool {
			return m.Fixed.SENProvision != noSupport && !m.Fixed.Date.Before(s.since)
		}) {
			return
		}
		who := l.record.Learner
		weight := l.rule.Severity
		if len(l.record.Moves) == 0 {
			weight = diag.Warning // the record may be younger than the support
		}
		l.add(weight, doc{who.Path, who.Doc}, fmt.Sprintf("sen_provision[%d].code", s.at), "SEN support begins here, but no move says who decided, when and why",
			"record the decision: sendctl advance "+l.record.ID+" --to STAGE; it writes this line too")
	},
}
