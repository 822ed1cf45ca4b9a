package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
)

// withdrawnLong: whoever is taken out of many lessons misses what the others learn.
var withdrawnLong = Rule{
	Name: "withdrawn-long", ID: "SEN981", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "A plan takes a learner out of lessons for about a day a week at most, and says which lesson is missed.",
	Source: "Good practice: as little withdrawal from lessons as possible; the minutes are a local figure",
	check: func(l *look) {
		c, d, ok := l.planned()
		if !ok || !l.here() {
			return
		}
		most, minutes := float64(l.limit("withdrawn-minutes-a-week")), 0.0
		for i, p := range c.Plan.Provision {
			if p.Where == "withdrawn" && p.LessonMissed == "" && l.fullPlan(c.Stage) && !l.illegible(d, fmt.Sprintf("plan.provision[%d].lesson_missed", i)) {
				l.add(diag.Advice, d, fmt.Sprintf("plan.provision[%d].where", i), "this support takes the learner out of a lesson, and nothing says which one",
					"write lesson_missed: with what is missed, or how that changes from week to week (sendctl edit "+l.record.ID+")")
			}
			if p.Where != "withdrawn" || p.Sessions == nil {
				continue
			}
			n, _ := p.Sessions.PerWeek.Float()
			each, _ := p.Sessions.Minutes.Float()
			if minutes += n * each; minutes > most {
				l.find(d, fmt.Sprintf("plan.provision[%d].where", i), fmt.Sprintf("with this support the plan takes the learner out of lessons for more than %d minutes a week", int(most)),
					"give more of it in class: sendctl edit "+l.record.ID+"; or say under waivers why it has to be so")
				return
			}
		}
	},
}
