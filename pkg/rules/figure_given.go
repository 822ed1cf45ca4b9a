package rules

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

// What figure-unlikely says of figures that tell what was given, granted and reached.

// percent finds more than a hundred of a hundred, of what can be no more than all there is.
// Progress, or a speed, may well be 130 percent of what it was.
func (l *look) percent(d doc, at string, n learner.Number, unit, what learner.Words) {
	got, ok := n.Float()
	if !ok || got <= 100 {
		return
	}
	u := strings.ToLower(string(unit))
	if text := string(unit + " " + what); (strings.Contains(u, "percent") || strings.Contains(u, "per cent") || strings.Contains(u, "%")) &&
		phrasesOf("shares").in(text) && !phrasesOf("growth").in(text) {
		l.find(d, at, "this is more than 100 percent of something there cannot be more of", "check the figure and its decimal point (sendctl edit "+l.record.ID+")")
	}
}

// mostGiven is how many sessions of a provision can have been given by a day, and more than
// that: a plan may run on, and what falls out may be made up for. ok is false where nothing
// says how many were planned.
func (l *look) mostGiven(c learner.Cycle, p learner.Provision, by date.Date) (float64, bool) {
	total, ok := p.Sessions.Total()
	if !ok {
		return 0, false
	}
	planned := float64(total)
	if perWeek, ok := p.Sessions.PerWeek.Float(); ok && c.Plan.Date.Before(by) {
		planned = max(planned, perWeek*float64(1+c.Plan.Date.DaysUntil(by)/7))
	}
	return planned * float64(l.limit("given-to-planned")), planned > 0
}

const manyGiven = "this is far more sessions than the plan can have given by then"

// unlikelyNotes adds up what the notes of a plan say was given.
func (l *look) unlikelyNotes(d doc, c learner.Cycle) {
	for _, p := range c.Plan.Provision {
		given := 0.0
		for i, n := range c.Do {
			more, ok := n.Delivered.Float()
			if n.Provision != p.ID || !ok {
				continue
			}
			given += more
			if most, ok := l.mostGiven(c, p, n.Date); ok && given > most {
				l.find(d, indexed("do[].delivered", i), manyGiven, "write how many were given since the note before, and check the figure (sendctl edit "+l.record.ID+")")
				break
			}
		}
	}
}

// unlikelyReview looks at the figures of the last review, as they were put right.
func (l *look) unlikelyReview(d doc, c learner.Cycle) {
	hint := "if it is mistyped, put it right: sendctl correct " + l.record.ID + " " + shown(c.ID)
	for i, r := range c.Review.Provision {
		given, ok := r.Delivered.Float()
		if !ok {
			continue
		}
		if given == 0 && (r.Impact == "some" || r.Impact == "much") && !noted(c, r.Provision) {
			l.find(d, indexed("review.provision[].impact", i), "this support made a difference, and none of it was given", hint, related(d, indexed("review.provision[].delivered", i), "none was given"))
		}
		for _, p := range c.Plan.Provision {
			if most, ok := l.mostGiven(c, p, c.Review.Date); ok && p.ID == r.Provision && given > most {
				l.find(d, indexed("review.provision[].delivered", i), manyGiven, hint)
			}
		}
	}
	for i, r := range c.Review.Targets {
		for _, t := range c.Plan.Targets {
			if t.ID != r.Target || t.Measure == nil {
				continue
			}
			if score, ok := r.Score.Int(); ok && score == -2 && reached(*t.Measure, r.Result) {
				l.find(d, indexed("review.targets[].score", i), "the target was reached, and this says the result is much less than expected", hint,
					related(d, indexed("review.targets[].result", i), "the result"))
			}
			l.percent(d, indexed("review.targets[].result", i), r.Result, t.Measure.Unit, t.Measure.What)
		}
	}
}

// noted reports whether a note says that some of a provision was given.
func noted(c learner.Cycle, provision string) bool {
	for _, n := range c.Do {
		if v, ok := n.Delivered.Float(); ok && v > 0 && n.Provision == provision {
			return true
		}
	}
	return false
}

// reached reports whether a result is at least as good as what was aimed for.
func reached(m learner.Measure, result learner.Number) bool {
	got, ok1 := result.Float()
	aim, ok2 := m.Target.Float()
	if !ok1 || !ok2 {
		return false
	}
	switch m.Better {
	case "higher":
		return got >= aim
	case "lower":
		return got <= aim
	}
	return false
}

// unlikelyGrants compares what was granted with what was asked for. A panel may well give
// more.
func (l *look) unlikelyGrants() {
	for _, x := range l.record.Decisions {
		if x.Value.Grants == nil {
			continue
		}
		for _, q := range l.record.Requests {
			if q.Value.ID != x.Value.Request || q.Value.Asks == nil {
				continue
			}
			got, ok1 := x.Value.Grants.Money.Float()
			asked, ok2 := q.Value.Asks.Money.Float()
			if ok1 && ok2 && asked > 0 && got > asked*float64(l.limit("granted-to-asked")) && !l.putRight(x.Value.ID, q.Value.ID) {
				l.find(docOf(x), "grants.money", "this is many times the money that was asked for", "check the figure and its decimal point against the letter; if it is mistyped: sendctl correct "+l.record.ID+" "+shown(x.Value.ID),
					related(docOf(q), "asks.money", "asked for"))
			}
		}
	}
}

// putRight reports whether money in one of the files was corrected: what it came to then is
// for whoever corrected it to know.
func (l *look) putRight(files ...string) bool {
	for _, c := range l.record.Corrections {
		for _, id := range files {
			if c.Value.Corrects == id && strings.HasSuffix(c.Value.Path, "money") {
				return true
			}
		}
	}
	return false
}
