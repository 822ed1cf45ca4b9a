package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// reviewUnheard looks at the latest review. What became of each target and the decision
// are asked for by references and by the shape of the file.
var reviewUnheard = Rule{
	Name: "review-unheard", ID: "SEN703", Severity: diag.Error,
	About:  "A review holds what the learner and the family think of it, or why they were not asked.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() {
			return
		}
		const hint = "ask now; what they say goes into the next cycle, and why it was left out into its parts assess and review"
		if !learnerHeard(c.Review.LearnerSays) {
			l.find(d, thereOr(d, "review.learner_says", "review.date"), "this review holds nothing of what the learner thinks, and no reason why not", hint)
		}
		if !parentsHeard(c.Review.ParentsSay) && l.parentsAsked(c.Review.Date) {
			l.find(d, thereOr(d, "review.parents_say", "review.present"), "this review holds nothing of what the family thinks, and no reason why not", hint)
		}
	},
}
