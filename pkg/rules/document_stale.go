package rules

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

// documentStale counts as `due` does (report.DocumentOf): from the day agreed on, or by
// the pathway's weeks where none is. `due` lists it from that day, this the day after.
// Whatever day was agreed on, after a year none is current, and none may be put off for
// longer.
var documentStale = Rule{
	Name: "document-stale", ID: "SEN709", Severity: diag.Warning,
	About:  "A passport or profile is reviewed on its review date, at least once a term.",
	Source: "Code of Practice, chapter 6; Northumberland graduated approach, 2018",
	check: func(l *look) {
		for _, p := range papers(l.record) {
			day, at := p.review, "review_on"
			if weeks, ok := policy(l.folder, "document-weeks"); day.IsZero() && ok && !p.made.IsZero() {
				day, at = p.made.AddDays(7*weeks), "made"
			}
			if !l.tells() {
				return
			}
			hint := "look at it with the learner and the family, and agree a new version: sendctl " + p.kind + " " + l.record.ID
			switch y := p.made; {
			case l.past(day):
				l.find(p.doc, at, "the review date of this "+p.words+" has passed", hint)
			case !y.IsZero() && p.review.After(date.New(y.Year()+1, y.Month(), y.Day())):
				l.find(p.doc, "review_on", "this review date is more than a year after the "+p.words+" was made, and it is to be looked at every term", "choose a day within a term: sendctl "+p.kind+" "+l.record.ID)
			case !y.IsZero() && l.past(date.New(y.Year()+1, y.Month(), y.Day())):
				l.find(p.doc, "made", "this "+p.words+" is more than a year old", hint)
			}
		}
	},
}
