package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// impactNotShared looks at the latest review alone: what an older one found was told
// with a later one, or no longer matters.
var impactNotShared = Rule{
	Name: "impact-not-shared", ID: "SEN508", Severity: diag.Warning,
	About:  "A family that was not at a review is told what it found: what was given, what it changed and what comes next.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() || l.withFamily(c.Review.Present) || len(l.record.Learner.Value.Family) == 0 {
			return
		}
		if l.talkedSince(c.Review.Date, "concern", "plan", "review", "register", "request", "profile") || !l.afterSchoolDays(c.Review.Date, l.limit("impact-told-days")) {
			return
		}
		l.find(d, "review.present", "the family was not at this review, and nothing says that they were told what it found",
			"tell them, then log the talk: sendctl contact "+l.record.ID+" --about review")
	},
}
