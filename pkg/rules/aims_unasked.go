package rules

import (
	"slices"
	"strconv"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// aimsUnasked is about Year 12 and after, where planning begins with what they are after.
var aimsUnasked = Rule{
	Name: "aims-unasked", ID: "SEN705", Severity: diag.Warning,
	About:  "After Year 11, support starts from the young person's own aims, in their own words.",
	Source: "Code of Practice, chapter 7",
	check: func(l *look) {
		is, born := l.record.Learner.Value, l.record.Identity.Value.Born
		reception, err := strconv.Atoi(is.Cohort)
		if err != nil && !born.IsZero() {
			reception = born.Reception()
		}
		if reception == 0 || !l.tells() || !l.reached(date.New(reception+12, time.September, 1)) {
			return
		}
		if _, supported := l.supported(); !supported {
			return
		}
		if !slices.ContainsFunc(is.Aspirations, func(a learner.Aspiration) bool { return a.Who == learnerID && gate.Said(a.Words) }) {
			l.findBeside(docOf(l.record.Learner), thereOr(docOf(l.record.Learner), "aspirations", ""), "stage", "this young person's own aims are not in the record", "ask what they want to do, and write it under aspirations, with who: learner (sendctl edit "+l.record.ID+" learner.yaml)")
		}
	},
}
