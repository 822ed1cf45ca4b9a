package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
)

// planUnrecorded asks where the plan is, and does not say that there is none: a family may
// have asked for it itself. Whoever came with a plan has the code from the day of joining,
// and a plan older than the record stands in older papers. Of a request that is here the
// rule plan-code-early tells.
var planUnrecorded = Rule{
	Name: "plan-unrecorded", ID: "SEN418", Severity: diag.Warning,
	About:  "Where the code E begins here, the record shows the EHC plan behind it: a decision, or a move.",
	Source: "Code of Practice, chapter 9; Children and Families Act 2014, section 37",
	check: func(l *look) {
		is := l.record.Learner.Value
		at := -1
		for i, c := range is.SENProvision {
			if c.Code == ehcPlan && (i == 0 || is.SENProvision[i-1].Code != ehcPlan) {
				at = i // the latest plan
			}
		}
		if at < 0 || !l.tells() || !inOrder(is.SENProvision) {
			return
		}
		from := is.SENProvision[at].From
		if from.IsZero() || is.Joined.IsZero() || !from.After(is.Joined) {
			return
		}
		// A day that is still to come lies in no older paper.
		if begun := gate.Begun(l.record); l.reached(from) && (begun.IsZero() || begun.After(from)) {
			return
		}
		issues, confirms := planIssued(&l.folder.Pathway.Value)
		for _, q := range l.record.Requests {
			if kind, _ := l.folder.Pathway.Value.Request(q.Value.Kind); issues(kind) && !q.Value.Sent.IsZero() && !q.Value.Opened.After(from) {
				return
			}
		}
		for _, x := range l.record.Decisions {
			if v, _ := folder.Corrected(l.record, x); confirms(v.Result) && !v.Panel.After(from) {
				return
			}
		}
		if slices.ContainsFunc(l.record.Moved(), func(m folder.Moved) bool {
			return m.Fixed.SENProvision == ehcPlan && !m.Fixed.Date.After(from) || m.Fixed.Date == from // stage-moves compares the two
		}) {
			return
		}
		message := "the code E begins here, but nothing in this record shows an EHC plan"
		if !l.reached(from) {
			message = "the code E begins on a day in the future, and nothing in this record shows an EHC plan"
		}
		l.find(docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", at), message,
			"record the move on the day of the plan: sendctl advance "+l.record.ID+"; if there is no plan yet, take the line out; if the learner arrived with one, write the day of joining")
	},
}
