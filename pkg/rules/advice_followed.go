package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// adviceNotShared: parents have what was found about their child.
var adviceNotShared = Rule{
	Name: "advice-not-shared", ID: "SEN1003", Severity: diag.Warning,
	About:  "A professional's advice reaches the parents within two weeks, and the record says when.",
	Source: "Code of Practice, chapter 6 (shared with the parents); the days are a local figure",
	check: func(l *look) {
		for _, a := range l.record.Advice {
			if v := a.Value; a.Doc != nil && v.Shared.IsZero() && !v.Date.IsZero() && !bool(v.Restricted) && l.here() && l.past(v.Date.AddDays(l.limit("advice-shared-days"))) {
				l.find(docOf(a), "date", "nothing says that the parents have had this advice", "give it to them, and write the day as shared: sendctl edit "+l.record.ID+" "+shown(v.ID))
			}
		}
	},
}

// adviceNotActedOn: what was recommended is decided on, one way or the other.
var adviceNotActedOn = Rule{
	Name: "advice-not-acted-on", ID: "SEN1004", Severity: diag.Warning,
	About:  "Within six weeks, each recommendation has a decision: what is done about it, or why it is not followed.",
	Source: "Code of Practice, chapter 6 (involving specialists); the weeks are a local figure",
	check: func(l *look) {
		for _, a := range l.record.Advice {
			v := a.Value
			from := firstDay(v.Shared, v.Date)
			if a.Doc == nil || from.IsZero() || !l.here() {
				continue
			}
			for i, x := range v.Recommendations {
				if x.Open() && x.Action == "" && l.past(from.AddDays(7*l.limit("advice-acted-on-weeks"))) {
					l.find(docOf(a), fmt.Sprintf("recommendations[%d]", i), "nobody has decided on this recommendation yet",
						"say what is done, or why it is not followed: sendctl advice "+l.record.ID+" act "+shown(v.ID))
				}
			}
		}
	},
}

// adviceReviewOverdue: a day was agreed on which to look whether the advice helps.
var adviceReviewOverdue = Rule{
	Name: "advice-review-overdue", ID: "SEN1005", Severity: diag.Warning,
	About:  "A specialist's advice is reviewed on the agreed date, or soon after.",
	Source: "Code of Practice, chapter 6 (involving specialists: a date for review is agreed)",
	check: func(l *look) {
		days, ok := policy(l.folder, "review-within-days")
		if !ok || !l.here() {
			return
		}
		for _, a := range l.record.Advice {
			v := a.Value
			if a.Doc == nil || v.ReviewOn.IsZero() || !l.past(v.ReviewOn.AddDays(days)) || l.lookedAt(v, days) {
				continue
			}
			l.find(docOf(a), "review_on", "the review date of this advice has passed, and nothing says that it was reviewed",
				"look at it together, and log the talk with its id: sendctl contact "+l.record.ID+" --cites "+shown(v.ID))
		}
	},
}

// lookedAt reports whether, about the day that was agreed or since, there was a review,
// newer advice of the same person, or a contact about this one.
func (l *look) lookedAt(v learner.Advice, days int) bool {
	since := v.ReviewOn.AddDays(-days)
	return !l.lastReviewed(since).IsZero() ||
		slices.ContainsFunc(l.record.Advice, func(x adviceFile) bool {
			return x.Value.ID != v.ID && x.Value.By == v.By && !x.Value.Date.Before(since)
		}) ||
		slices.ContainsFunc(l.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool {
			return !e.Date.Before(since) && (slices.Contains(e.Cites, v.ID) || slices.Contains(e.With, v.By))
		})
}
