package rules

import "github.com/sendctl/sendctl/pkg/diag"

// slowStart looks at the cycle that is open: of a closed one nobody can learn any more
// for this learner.
var slowStart = Rule{
	Name: "slow-start", ID: "SEN604", Severity: diag.Advice,
	About:  "Weeks, not months, pass between noticing a difficulty and acting on it.",
	Source: "Code of Practice, chapter 6 (identifying SEN early); the number of weeks is a local figure",
	check: func(l *look) {
		c, d, ok := l.open()
		if !ok || c.Assess == nil || c.Assess.Noticed.IsZero() || c.Assess.Noticed.Before(l.record.Identity.Value.Born) {
			return // from before birth it is mistyped: dates-in-order tells of it
		}
		if last := c.Assess.Noticed.AddDays(7 * l.limit("first-act-weeks")); c.Opened.After(last) {
			l.find(d, "assess.noticed", "this difficulty was noticed many weeks before anything was started", "check whether the day is right and what caused the delay, then plan soon: sendctl plan "+l.record.ID)
		}
	},
}
