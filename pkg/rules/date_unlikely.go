package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// dateUnlikely is about days that may be and hardly are: mostly a mistyped year. What
// cannot be at all is the matter of dates-in-order.
var dateUnlikely = Rule{
	Name: "date-unlikely", ID: "SEN319", Severity: diag.Warning,
	About:  "Dates make sense: codes and outcomes start once the learner is here, a consent ends within some years, the contact log is in order of date, and nothing is a year too early or far ahead.",
	Source: "UK GDPR, article 5(1)(d) (accuracy); DfE census rule 2120",
	check: func(l *look) {
		if l.record.Learner.Doc == nil {
			return
		}
		l.unlikelyHere()
		l.unlikelyConsents()
		l.unlikelyLog()
		l.unlikelyDue()
		l.unlikelyCycle()
		l.unlikelyAhead()
	},
	setting: func(l *look) {
		s, people := l.folder.Setting, l.folder.People
		for i, p := range s.Value.Published {
			if l.farAhead(p.Date) {
				l.find(docOf(s), indexed("published[].date", i), "this day lies far ahead, so until then nothing would say that the paper is old", "write the day on which it was published (sendctl edit sendctl.yaml)")
			}
		}
		for i, p := range people.Value.People {
			switch {
			case !p.Award.IsZero() && !l.reached(p.Award):
				l.find(docOf(people), indexed("people[].award", i), "the day of this award has not come yet", "write it once the award is gained; if it is, correct the year (sendctl edit people.yaml)")
			case l.farAhead(p.Since):
				l.find(docOf(people), indexed("people[].since", i), "this role begins far ahead", "check the year (sendctl edit people.yaml)")
			}
		}
	},
}

// farAhead reports whether a day lies further ahead than anybody plans for.
func (l *look) farAhead(day date.Date) bool {
	return !day.IsZero() && !l.reached(day.AddDays(-7*l.limit("dated-ahead-weeks")))
}

// yearEarly reports whether a day is long before it can be meant, and with a year more it is
// right: between two others.
func (l *look) yearEarly(day, from, to date.Date) bool {
	if day.IsZero() || from.IsZero() || !day.AddDays(182).Before(from) {
		return false
	}
	meant := monthsAfter(day, 12)
	return !meant.Before(from.AddDays(-l.limit("log-gap-days"))) && !meant.After(to)
}

// unlikelyCycle looks at what was known before the open cycle was planned, at the day on
// which its support starts, and at the meeting that the last move announces.
func (l *look) unlikelyCycle() {
	const message, hint = "this day is about a year before what it belongs to; a year later, it would be in the right order", yearMistyped
	if m, d, ok := l.lastMoved(); ok && m.Meeting != nil && l.yearEarly(m.Meeting.Date, m.Date, m.Date.AddDays(182)) {
		l.find(d, "meeting.date", message, hint, related(d, "date", "the day of the move"))
	}
	c, d, ok := l.open()
	if !ok || c.Assess == nil {
		return
	}
	last := c.Opened
	if c.Plan != nil {
		last = c.Plan.Date
		if s := c.Plan.Starts; !s.IsZero() && s.AddDays(l.limit("starts-before-plan-days")).Before(last) {
			l.find(d, "plan.starts", "the support would start long before its plan was made", hint, related(d, "plan.date", "the day of the plan"))
		}
	}
	if born := l.record.Identity.Value.Born; c.Assess.Date.Before(born) || c.Opened.Before(born) {
		return
	}
	opened := related(d, "opened", "the day on which the cycle began")
	if l.yearEarly(c.Assess.Date, c.Opened, last) {
		l.find(d, "assess.date", message, hint, opened)
	}
	if c.Previous == "" {
		return // of a first cycle, what was said a year ago may be all there is
	}
	for i, v := range c.Assess.LearnerSays {
		if l.yearEarly(v.Date, c.Opened, last) {
			l.find(d, indexed("assess.learner_says[].date", i), message, hint, opened)
		}
	}
	for i, v := range c.Assess.ParentsSay {
		if l.yearEarly(v.Date, c.Opened, last) {
			l.find(d, indexed("assess.parents_say[].date", i), message, hint, opened)
		}
	}
}

// unlikelyAhead looks at adjustments that begin in another year, and at money that is asked
// for from long ago.
func (l *look) unlikelyAhead() {
	who := docOf(l.record.Learner)
	for i, a := range l.record.Learner.Value.Adjustments {
		if l.farAhead(a.Since) {
			l.find(who, indexed("adjustments[].since", i), "this adjustment begins far ahead", yearMistyped)
		}
	}
	for _, q := range l.record.Requests {
		if v := q.Value; v.Sent.IsZero() && v.Asks != nil && !v.Asks.From.IsZero() && !v.Opened.IsZero() && v.Asks.From.AddDays(7*l.limit("backdated-weeks")).Before(v.Opened) {
			l.find(docOf(q), "asks.from", "money is asked for from long before this request was begun", yearMistyped, related(docOf(q), "opened", "the day on which it was begun"))
		}
	}
}

const yearMistyped = "check the year; if the date is right, leave it and write a waiver in learner.yaml"

// unlikelyHere compares what the setting itself writes of a learner with the day of
// joining. What a learner brought along was so before.
func (l *look) unlikelyHere() {
	is, d := l.record.Learner.Value, docOf(l.record.Learner)
	joined, born := is.Joined, l.record.Identity.Value.Born
	if joined.IsZero() || !l.reached(joined) || !born.IsZero() && joined.Before(born) {
		return
	}
	who := related(d, "joined", "the day of joining")
	begun := gate.Begun(l.record)
	elsewhere := is.FromSetting != "" || l.hereBefore() || begun.Before(joined) && !begun.IsZero() // before-joined tells of the latter
	if len(is.SENProvision) > 0 && inOrder(is.SENProvision) {
		first := is.SENProvision[0]
		switch {
		case first.From.IsZero():
		case first.From.Before(joined) && !elsewhere && (born.IsZero() || !first.From.Before(born)):
			l.find(d, "sen_provision[0].from", "this code begins before the learner joined, and nothing says that they came from another setting",
				"correct one of the two dates; if they came with this code, name the setting they came from: from_setting (sendctl edit "+l.record.ID+" learner.yaml)", who)
		case first.Code == noSupport && first.From.After(joined) && l.reached(first.From):
			l.find(d, "sen_provision[0].from", "the first code begins after the learner joined, so the days between have none, and every census asks for one",
				"write the day of joining here (sendctl edit "+l.record.ID+" learner.yaml)", who)
		case first.From.After(joined) && l.reached(first.From) && is.KeptSince.IsZero() && !elsewhere && !begun.IsZero() && begun.Before(first.From):
			l.find(d, "sen_provision[0].from", "the first code begins after the learner joined and this record began, so the days between have none, and every census asks for one",
				"put a line with the code N from the day of joining above it (sendctl edit "+l.record.ID+" learner.yaml)", who)
		}
	}
	if len(is.Enrolment) > 0 && is.Enrolment[0].From.Before(joined) && !is.Enrolment[0].From.IsZero() && !l.hereBefore() {
		l.find(d, "enrolment[0].from", "the learner is on roll from before the day they joined", "one of the two dates is mistyped", who)
	}
	for i, o := range is.Outcomes {
		if !o.By.IsZero() && o.By.Before(joined) && !elsewhere {
			l.find(d, indexed("outcomes[].by", i), "this outcome was due before the learner joined", yearMistyped, who)
		}
	}
}

func (l *look) unlikelyConsents() {
	d, years := docOf(l.record.Learner), l.limit("consent-years")
	for i, c := range l.record.Learner.Value.Consents {
		if !c.Date.IsZero() && !c.Date.Before(l.record.Identity.Value.Born) && c.Until.After(monthsAfter(c.Date, 12*years)) {
			l.find(d, indexed("consents[].until", i), "this consent would last for more than "+strconv.Itoa(years)+" years", yearMistyped,
				related(d, indexed("consents[].date", i), "given on this day"))
		}
	}
}

// unlikelyLog finds an entry of the contact log that would lie between its neighbours with
// one year more. Talks may well be logged late; a year late to the day they hardly are.
func (l *look) unlikelyLog() {
	log := l.record.Contacts.Value.Contacts
	for i := 1; i < len(log); i++ {
		before, day := log[i-1].Date, log[i].Date
		if day.IsZero() || !day.Before(before) {
			continue
		}
		meant := date.New(day.Year()+1, day.Month(), day.Day())
		last := i == len(log)-1
		if meant.Before(before) || !l.reached(meant) || !last && meant.After(log[i+1].Date) || last && before.AddDays(l.limit("log-gap-days")).Before(meant) {
			continue
		}
		d := docOf(l.record.Contacts)
		l.find(d, indexed("contacts[].date", i), "this talk is dated before the one logged above it; a year later, it would be in the right order", yearMistyped,
			related(d, indexed("contacts[].date", i-1), "logged before it"))
	}
}

// unlikelyDue finds a target whose day is long after the one on which the plan is looked at:
// nobody could say then what became of it. And a plan is made of steps towards outcomes that
// lie ahead: one at least does.
func (l *look) unlikelyDue() {
	c, d, ok := l.planned()
	if !ok || !l.here() {
		return
	}
	ahead := slices.ContainsFunc(l.record.Learner.Value.Outcomes, func(o learner.LongOutcome) bool {
		return o.By.IsZero() || !o.By.Before(c.Plan.Date)
	})
	told := slices.ContainsFunc(l.out, func(x diag.Finding) bool { return strings.HasPrefix(x.Path, "outcomes[") })
	if n := len(l.record.Learner.Value.Outcomes); n > 0 && !ahead && !told {
		l.find(docOf(l.record.Learner), indexed("outcomes[].by", n-1), "this outcome was already past its date when the current plan was made, and there is no later one",
			"say what became of it, and agree what comes next (sendctl edit "+l.record.ID+" learner.yaml)", related(d, "plan.date", "the plan was made on this day"))
	}
	if c.Plan.ReviewOn.Before(c.Plan.Date) {
		return // there is none, or dates-in-order tells of it
	}
	for i, t := range c.Plan.Targets {
		if t.Due.After(c.Plan.ReviewOn.AddDays(7 * l.limit("due-after-review-weeks"))) {
			l.find(d, indexed("plan.targets[].due", i), "this target is due long after the plan is reviewed", "write a step that can be reached by the review; what takes longer goes under outcomes in learner.yaml (sendctl edit "+l.record.ID+")",
				related(d, "plan.review_on", "the plan is reviewed on this day"))
		}
	}
}
