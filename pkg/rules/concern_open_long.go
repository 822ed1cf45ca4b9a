package rules

import "github.com/sendctl/sendctl/pkg/diag"

// concernOpenLong is about concerns without a plan: where there is one, its review is
// due on a day, and review-overdue tells of it.
var concernOpenLong = Rule{
	Name: "concern-open-long", ID: "SEN603", Severity: diag.Warning,
	About:  "A concern leads to a plan or is settled within a term.",
	Source: "Code of Practice, chapter 6 (identifying SEN early); the number of weeks is a local figure",
	check: func(l *look) {
		c, d, ok := l.open()
		if ok && l.tells() && c.Plan == nil && l.concernStage(c.Stage) && l.past(c.Opened.AddDays(7*l.limit("concern-open-weeks"))) {
			l.find(d, "opened", "this concern has been open for more than a term, and nothing has been decided", "plan what to try: sendctl plan "+l.record.ID+"; or, if it has settled, record that: sendctl advance "+l.record.ID)
		}
	},
}
