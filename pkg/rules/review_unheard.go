package rules

import (
	"github.com/sendctl/sendctl/pkg/diag"
)

// reviewUnheard looks at the latest review. What became of each target and the decision
// are asked for by references and by the shape of the file.
var reviewUnheard = Rule{
	Name: "review-unheard", ID: "SEN703", Severity: diag.Error,
	About:  "A review says what the learner and the family think, or why they were not asked.",
	Source: "Code of Practice, chapter 6 (review)",
	check: func(l *look) {
		c, d, ok := l.reviewed()
		if !ok || !l.tells() {
			return
		}
		const hint = "ask now; write what they say in the next cycle (assess, review), and why it is missing here"
		if !learnerHeard(c.Review.LearnerSays) {
			l.find(d, thereOr(d, "review.learner_says", "review.date"), "this review does not say what the learner thinks, or why not", hint)
		}
		if !parentsHeard(c.Review.ParentsSay) && l.parentsAsked(c.Review.Date) {
			l.find(d, thereOr(d, "review.parents_say", "review.present"), "this review does not say what the family thinks, or why not", hint)
		}
	},
}
