package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// Owed is one thing that is owed to a learner: by somebody of the setting or, a
// decision, by the authority.
type Owed struct {
	What      string    `json:"what"` // a code: review, plan, step …, see owedWords
	WhatWords string    `json:"what_words"`
	About     string    `json:"about,omitempty"` // id of the file it is about, or passport or profile
	On        date.Date `json:"on"`              // the last day for it, or the day from which it waits; zero: now
	Overdue   int       `json:"overdue_days"`    // days since On, negative while there is time
	When      string    `json:"when_words"`
	Who       string    `json:"who"` // id of an adult, or authority
	WhoName   string    `json:"who_name"`
	Sentence  string    `json:"sentence"`
	Do        string    `json:"do"`              // the command to type
	Waits     bool      `json:"waits,omitempty"` // On is the day from which it waits: nobody set a last one

	due bool // whether `due` lists it
}

// The codes of Owed.What.
const (
	owedReview     = "review"
	owedPlan       = "plan"
	owedStep       = "step"
	owedDocument   = "document"
	owedAgreement  = "agreement"
	owedLookAgain  = "look-again"
	owedReading    = "reading"
	owedAdvice     = "advice"
	owedLimit      = "limit"
	owedDecision   = "decision"
	owedSending    = "sending"
	owedImpact     = "impact"
	owedMeeting    = "meeting"
	owedTelling    = "telling"
	owedMonitoring = "monitoring"
	owedConsent    = "consent"
	owedMeetings   = "meetings"
	owedAdjustment = "adjustment"
	owedReceipt    = "receipt"
	owedRemoval    = "removal"
)

// authority is who owes a decision; nobody of people.yaml has this id by rights.
const authority = "authority"

// soon is how many days before and after its end a consent is told of, and before
// its day an adjustment.
const soon = 60

// OwedOf lists what is owed to a learner as of today, the soonest first. What has
// no day stands with today's.
func OwedOf(f *folder.Folder, r *folder.Record, today date.Date) []Owed {
	d := debts{speaker: speaker{f, r}, today: today, is: r.Learner.Value, since: stageSince(r)}
	if d.gone() { // what is owed then is said of the time here: what money changed, and nothing to plan
		d.requests()
		d.out = slices.DeleteFunc(d.out, func(o Owed) bool { return o.What != owedImpact })
	} else {
		d.cycle()
		d.documents()
		d.moves()
		d.advice()
		d.requests()
		d.meetings()
		d.consents()
		d.adjustments()
	}
	d.keeping()
	slices.SortStableFunc(d.out, func(a, b Owed) int { return d.day(a).Compare(d.day(b)) })
	return d.out
}

// debts gathers what is owed to one learner.
type debts struct {
	speaker
	today date.Date
	is    learner.Learner
	since date.Date // at this stage since
	out   []Owed
}

func (d *debts) day(o Owed) date.Date {
	if o.On.IsZero() {
		return d.today
	}
	return o.On
}

// add fills in what follows from the rest: who, unless somebody was named, is the SENCo.
func (d *debts) add(o Owed, format string, args ...any) {
	if o.Who == "" {
		o.Who = d.is.Team.SENCo
	}
	if o.Who == "" {
		o.Who = d.is.Team.ResponsibleTeacher
	}
	if o.WhoName == "" {
		o.WhoName = d.person(o.Who)
	}
	o.Sentence = fmt.Sprintf(format, args...)
	if !o.On.IsZero() {
		o.Overdue = o.On.DaysUntil(d.today)
	}
	o.When = dueWords(o, d.today)
	d.out = append(d.out, o)
}

// dueWords says how long something has been owed: "overdue by 3 days", "due in 9 days".
func dueWords(o Owed, today date.Date) string {
	switch {
	case o.On.IsZero() || o.Waits && o.Overdue == 0:
		return "due now"
	case o.Waits && o.Overdue > 0:
		return "waiting " + Plural(o.Overdue, "day", "days")
	case o.Overdue > 0:
		return "overdue by " + Plural(o.Overdue, "day", "days")
	}
	return "due " + When(o.On, today)
}

// by says a last day in a sentence: "is due on 1 December 2026, in 9 days".
func (d *debts) by(day date.Date) string {
	switch {
	case day.Before(d.today):
		return fmt.Sprintf("was due on %s, %s", day.Long(), When(day, d.today))
	case day.After(d.today):
		return fmt.Sprintf("is due on %s, %s", day.Long(), When(day, d.today))
	}
	return "is due today, " + day.Long()
}

func (d *debts) command(words string) string { return "sendctl " + words + " " + d.record.ID }

// stageSince is the day of the last move to the stage where the learner is, else
// the day of joining.
func stageSince(r *folder.Record) date.Date {
	if m, ok := lastMove(r); ok && m.To == r.Learner.Value.Stage {
		return m.Date
	}
	return r.Learner.Value.Joined
}

// lastMove is the latest move, as it was put right; ok is false where the stage has
// never changed.
func lastMove(r *folder.Record) (m learner.Move, ok bool) {
	all := r.Moved()
	if len(all) == 0 {
		return m, false
	}
	return all[len(all)-1].Fixed, true
}

// gone reports whether the learner has left: a stage without cycles and without a
// census code.
func (d *debts) gone() bool { return left(d.folder, d.record) }

func left(f *folder.Folder, r *folder.Record) bool {
	s, ok := f.Pathway.Value.Stage(r.Learner.Value.Stage)
	return ok && s.Away()
}

// cycle tells of the plan and its review, and of what a review decided.
func (d *debts) cycle() {
	teacher := d.is.Team.ResponsibleTeacher
	if open := d.record.OpenCycle(); open != nil {
		c, _ := d.record.Corrected(*open)
		if c.ResponsibleTeacher != "" {
			teacher = c.ResponsibleTeacher
		}
		switch {
		case c.Plan == nil:
			d.add(Owed{What: owedPlan, WhatWords: "a plan", About: c.ID, On: c.Opened, Waits: true, Who: teacher, Do: d.command("plan")},
				"There is a concern of %s and no plan yet.", c.Opened.Long())
		case c.Plan.ReviewOn.IsZero():
			d.add(Owed{What: owedReview, WhatWords: "review", About: c.ID, Who: teacher, Do: d.command("review")},
				"The plan of %s names no day for its review.", c.Plan.Date.Long())
		default:
			d.add(Owed{What: owedReview, WhatWords: "review", About: c.ID, On: c.Plan.ReviewOn, Who: teacher, Do: d.command("review"), due: true},
				"The review of the plan of %s %s.", c.Plan.Date.Long(), d.by(c.Plan.ReviewOn))
		}
		return
	}
	stage, known := d.folder.Pathway.Value.Stage(d.is.Stage)
	plan := Owed{What: owedPlan, WhatWords: "a plan", On: d.since, Waits: true, Who: teacher, Do: d.command("plan")}
	done := d.record.Reviewed()
	switch {
	case len(done) == 0 || done[len(done)-1].Value.Review.Date.Before(d.since):
		if !known || stage.Cycles {
			d.add(plan, "There is no plan at the stage %s yet.", d.stage(d.is.Stage))
		}
		return
	}
	last, _ := d.record.Corrected(done[len(done)-1])
	plan.On, plan.About = last.Review.Date, last.ID
	if m, ok := lastMove(d.record); ok && !m.Date.Before(last.Review.Date) {
		// The review led to the move, on one and the same day.
		if !known || stage.Cycles {
			d.add(plan, "There is no plan at the stage %s yet.", d.stage(d.is.Stage))
		}
		return
	}
	decided := d.words("decisions", last.Review.Decision)
	asked := slices.ContainsFunc(d.record.Requests, func(q requestFile) bool { return !q.Value.Opened.Before(last.Review.Date) })
	switch {
	case last.Review.Decision == "another-cycle" || asked && last.Review.Decision == "step-up":
		d.add(plan, "The review of %s decided: %s. There is no plan for the next cycle yet.", last.Review.Date.Long(), decided)
	default:
		d.add(Owed{What: owedStep, WhatWords: "the step decided on", About: last.ID, On: last.Review.Date, Waits: true, Do: d.command("advance") + " --to " + d.usual(last.Review.Decision)},
			"The review of %s decided: %s. Nothing has followed from it yet.", last.Review.Date.Long(), decided)
	}
}

// usual is the step that a decision of a review most often leads to from here: the
// first stage that the pathway names, or where only the authority's plan is above, the
// first kind of request.
func (d *debts) usual(decision string) string {
	ways := map[string][]string{"step-up": {"up"}, "step-down": {"down"}, "end": {"out", "down"}}[decision]
	for _, way := range ways {
		for _, m := range d.folder.Pathway.Value.Moves {
			if m.Way == way && slices.Contains(m.From, d.is.Stage) && len(m.To) > 0 && !d.issued(m.To[0]) {
				return m.To[0]
			}
		}
	}
	if asks := d.folder.Pathway.Value.Requests; decision == "step-up" && len(asks) > 0 {
		return asks[0].ID
	}
	return "STAGE"
}

// issued reports whether a stage is reached by a plan of the authority's alone.
func (d *debts) issued(stage string) bool {
	there, _ := d.folder.Pathway.Value.Stage(stage)
	return there.SENProvision == "E"
}

// moves tells of what a change of stage left to be done.
func (d *debts) moves() {
	for _, x := range d.record.Moves {
		if x.Doc == nil {
			continue
		}
		fixed, _ := folder.Corrected(d.record, x)
		m := fixed.Meeting
		if m == nil || m.Date.IsZero() || d.met(m.Date, m.Invited) {
			continue
		}
		o := Owed{What: owedMeeting, WhatWords: "a meeting", About: x.Value.ID, On: m.Date, Do: d.command("contact")}
		who := d.everyone(m.Invited)
		if m.Date.Before(d.today) {
			d.add(o, "The meeting of %s, to which %s %s invited, is not in the contact log yet.", m.Date.Long(), who, were(m.Invited))
		} else {
			d.add(o, "A meeting is on %s, %s; invited: %s.", m.Date.Long(), When(m.Date, d.today), who)
		}
	}
	m, ok := lastMove(d.record)
	if !ok {
		return
	}
	if m.NotTold != "" && !d.talked(m.Date, "register") {
		d.add(Owed{What: owedTelling, WhatWords: "telling the family", About: m.ID, On: m.Date, Waits: true, Do: d.command("contact")},
			"The family has not been told of the move to %s on %s.", d.stage(m.To), m.Date.Long())
	}
	if !m.MonitorUntil.IsZero() && !d.lookedAgain(m.MonitorUntil) {
		d.add(Owed{What: owedMonitoring, WhatWords: "looking whether less support is enough", About: m.ID, On: m.MonitorUntil, Who: d.is.Team.ResponsibleTeacher, Do: d.command("contact"), due: true},
			"Since the move to %s on %s it is being watched whether that is enough; a last look together %s.", d.stage(m.To), m.Date.Long(), d.by(m.MonitorUntil))
	}
}

// documents tells of a passport or profile that is not there and should be, not
// agreed, old, or not read by those it is for.
func (d *debts) documents() {
	stage, _ := d.folder.Pathway.Value.Stage(d.is.Stage)
	for _, k := range DocumentKinds() {
		v, ok := DocumentOf(d.folder, d.record, k.ID, d.today)
		about := func(what, words string, on date.Date, do string) Owed {
			return Owed{What: what, WhatWords: words, About: k.ID, On: on, Do: d.command(k.ID) + do}
		}
		if !ok {
			if stage.Document == k.ID {
				o := about(owedDocument, "a "+k.Words, d.since, "")
				o.Waits = true
				d.add(o, "There is no %s yet, and this stage is built on one.", k.Words)
			}
			continue
		}
		switch {
		case v.State == Draft:
			o := about(owedAgreement, "a "+k.Words+" to agree", v.Made, " agree")
			o.Waits = true
			d.add(o, "The %s of %s is a draft: nobody has agreed it yet.", k.Words, v.Made.Long())
		case v.Changed:
			d.add(about(owedAgreement, "a "+k.Words+" to agree", date.Date{}, " agree"), "The %s is not as it was agreed last: it was changed by hand, or its agreement was not recorded with sendctl.", k.Words)
		}
		look := about(owedLookAgain, k.Words+" to look at again", v.ReviewOn, "")
		look.due = true
		switch {
		case v.Stale:
			look.On = v.StaleSince
			d.add(look, "A new look at the %s with %s %s.", k.Words, d.name(), d.by(look.On))
		case !v.ReviewOn.IsZero() && !v.ReviewOn.After(d.today.AddDays(soon)):
			d.add(look, "A new look at the %s with %s %s.", k.Words, d.name(), d.by(look.On))
		}
		if len(v.Unread) > 0 {
			o := about(owedReading, "unread "+k.Words, agreedOn(v), " read --by "+strings.Join(v.Unread, ","))
			o.Waits, o.due = true, true
			d.add(o, "The %s%s is not read yet by %s.", k.Words, ofDay(agreedOn(v)), v.UnreadWords)
		}
	}
}

// agreedOn is the day of the last agreement to a document, else that of its making.
func agreedOn(v Document) date.Date {
	on := v.Made
	for _, x := range v.Agreed {
		if x.Date.After(on) {
			on = x.Date
		}
	}
	return on
}

func ofDay(on date.Date) string {
	if on.IsZero() {
		return ""
	}
	return " of " + on.Long()
}

// advice tells of recommendations of which nothing has come, one line for each advice.
func (d *debts) advice() {
	var order []string
	waiting := map[string][]Waiting{}
	for _, w := range Unacted(d.folder, d.record) {
		if waiting[w.Advice] == nil {
			order = append(order, w.Advice)
		}
		waiting[w.Advice] = append(waiting[w.Advice], w)
	}
	for _, id := range order {
		w := waiting[id]
		d.add(Owed{What: owedAdvice, WhatWords: "advice to act on", About: id, On: w[0].Since, Waits: true, Do: d.command("advice") + " act " + id},
			"The advice of %s of %s holds %s of which nothing has come yet.", w[0].ByName, w[0].Since.Long(), Plural(len(w), "recommendation", "recommendations"))
	}
}

func were(who []string) string {
	if len(who) == 1 {
		return "was"
	}
	return "were"
}

// met reports whether, since day, one of the invited met: by the contact log, at a
// review, or where a passport or profile was made.
func (d *debts) met(day date.Date, invited []string) bool {
	met := func(on date.Date, with []string) bool {
		return !on.Before(day) && slices.ContainsFunc(with, func(id string) bool { return slices.Contains(invited, id) })
	}
	for _, e := range d.record.Contacts.Value.Contacts {
		if (e.How == "meeting" || e.How == "home-visit") && met(e.Date, e.With) {
			return true
		}
	}
	for _, c := range d.record.Cycles {
		if x := c.Value.Review; x != nil && met(x.Date, x.Present) {
			return true
		}
	}
	return met(d.record.Passport.Value.Made, d.record.Passport.Value.With) || met(d.record.Profile.Value.Made, d.record.Profile.Value.With)
}

// talked reports whether the family was spoken with about that since a day.
func (d *debts) talked(day date.Date, about string) bool {
	return slices.ContainsFunc(d.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool {
		return e.About == about && !e.Date.Before(day) && d.family(e.With)
	})
}

// lookedAgain reports whether, since the day until which a learner was watched,
// anything says that somebody looked.
func (d *debts) lookedAgain(day date.Date) bool {
	return slices.ContainsFunc(d.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool {
		return e.About != "other" && !e.Date.Before(day) && d.family(e.With)
	}) || slices.ContainsFunc(d.record.Cycles, func(c cycleFile) bool {
		return !c.Value.Opened.Before(day) || c.Value.Review != nil && !c.Value.Review.Date.Before(day)
	})
}

// family reports whether one of the learner's family is among them.
func (d *debts) family(with []string) bool {
	return slices.ContainsFunc(d.is.Family, func(m learner.FamilyMember) bool { return slices.Contains(with, m.ID) })
}

// requests tells of drafts not sent, of time limits that run, and of grants without
// an impact.
func (d *debts) requests() {
	for _, l := range gate.Lives(d.folder, d.record) {
		q := l.Request.Value
		kind := d.folder.Pathway.Value.RequestWords(q.Kind)
		do := func(act string) string {
			c := d.command("request") + " " + act
			if len(d.record.Requests) > 1 {
				c += " --request " + q.ID
			}
			return c
		}
		if !l.Sent() {
			d.add(Owed{What: owedSending, WhatWords: "a request not sent", About: q.ID, On: q.Opened, Waits: true, Who: q.AskedBy, Do: do("send")},
				"The request for %s, begun on %s, is not sent yet.", kind, q.Opened.Long())
			continue
		}
		counted := d.limits(l, kind, do)
		g := l.Grant()
		if counted || g == nil || g.To.IsZero() || len(l.Impacts) > 0 {
			continue
		}
		o := Owed{What: owedImpact, WhatWords: "what " + kind + " changed", About: q.ID, On: g.To, Do: do("impact"), due: true}
		if g.To.Before(d.today) {
			d.add(o, "%s ended on %s, %s, and what it changed is not written down yet.", kind, g.To.Long(), When(g.To, d.today))
		} else {
			d.add(o, "%s ends on %s, %s: what it changed is to be written down by then.", kind, g.To.Long(), When(g.To, d.today))
		}
	}
}

// limits tells of the limits of one request that run: all of the setting's, and of
// the authority's those overdue, or else the next, since the later ones rest on it.
// It gives whether the impact is among them.
func (d *debts) limits(l gate.Life, kind string, do func(act string) string) (impact bool) {
	var next gate.Limit
	late := false
	for _, x := range l.Limits() {
		if !x.Met.IsZero() {
			continue
		}
		if x.Clock.Owes != authority {
			o := Owed{What: owedLimit, WhatWords: string(x.Clock.Words), Do: do("letter")}
			if slices.Contains(x.Clock.Until, pathway.ImpactSaid) {
				o.What, o.WhatWords, o.Do, impact = owedImpact, "what "+kind+" changed", do("impact"), true
			}
			d.limit(l, x, kind, o)
			continue
		}
		if x.Over(d.today) {
			late = true
			d.limit(l, x, kind, Owed{What: owedDecision, WhatWords: string(x.Clock.Words), Who: authority, WhoName: "the local authority", Do: do("decided")})
		} else if next.Due.IsZero() || x.Due.Before(next.Due) {
			next = x
		}
	}
	if !late && !next.Due.IsZero() {
		d.limit(l, next, kind, Owed{What: owedDecision, WhatWords: string(next.Clock.Words), Who: authority, WhoName: "the local authority", Do: do("decided")})
	}
	return impact
}

func (d *debts) limit(l gate.Life, x gate.Limit, kind string, o Owed) {
	o.About, o.On, o.due = l.Request.Value.ID, x.Due, true
	from := ""
	if x.Assumed {
		from = " (counted from the day of sending)"
	}
	d.add(o, "%s: %s %s %s to %s%s.", kind, owes(x.Clock), hasUntil(x.Due, d.today), d.until(x.Due), clause(string(x.Clock.Words)), from)
}

// owes says in words who has to keep a time limit.
func owes(c pathway.Clock) string {
	if c.Owes == authority {
		return "the local authority"
	}
	return "the setting"
}

// hasUntil and until say a last day before what is to be done by it: "has until 30
// November 2026, in 8 days,".
func hasUntil(day, today date.Date) string {
	if day.Before(today) {
		return "had until"
	}
	return "has until"
}

func (d *debts) until(day date.Date) string {
	if day == d.today {
		return "today, " + day.Long() + ","
	}
	return day.Long() + ", " + When(day, d.today) + ","
}

// meetings tells where the family was met less often than the setting means to
// meet it, counted from the day on which SEN support began where that is less
// than a year ago. A review with the family present is a meeting.
func (d *debts) meetings() {
	want, _ := gate.Least(d.folder, "parent-meetings-a-year")
	a, ok := want.Int()
	began := registered(d.is, d.today)
	if !ok || began.IsZero() {
		return
	}
	begun := gate.Begun(d.record)
	if begun.IsZero() {
		return
	}
	if begun.After(began) {
		began = begun // who met whom before that stands in older papers
	}
	from := d.today.AddDays(-365)
	if began.After(from) {
		from = began
	}
	owed := a * from.DaysUntil(d.today) / 365
	days := map[date.Date]bool{}
	take := func(day date.Date, with []string) {
		if !day.Before(from) && !day.After(d.today) && gate.MetOn(d.record, day, with) {
			days[day] = true
		}
	}
	for _, e := range d.record.Contacts.Value.Contacts {
		if e.How == "meeting" || e.How == "home-visit" {
			take(e.Date, e.With)
		}
	}
	for _, c := range d.record.Cycles {
		if x := c.Value.Review; x != nil {
			take(x.Date, x.Present)
		}
	}
	if len(days) < owed {
		d.add(Owed{What: owedMeetings, WhatWords: "meetings with the family", Do: d.command("contact")},
			"%s", tooFew(len(days), owed, began, from))
	}
}

// tooFew says how often the family was met, and how often is expected: in a year, or
// since SEN support began where that is less.
func tooFew(met, owed int, began, from date.Date) string {
	are := "are"
	if owed == 1 {
		are = "is"
	}
	since, expected := "since "+from.Long(), fmt.Sprintf("%s %s expected by now.", inWords(owed), are)
	if from != began {
		since, expected = "in the last year", fmt.Sprintf("%s %s expected.", inWords(owed), are)
	}
	switch met {
	case 0:
		if from != began {
			since = "for a year"
		}
		return fmt.Sprintf("There has been no meeting with the family %s; %s", since, expected)
	case 1:
		return fmt.Sprintf("There has been one meeting with the family %s; %s", since, expected)
	}
	return fmt.Sprintf("There have been %s meetings with the family %s; %s", inWords(met), since, expected)
}

// inWords writes a small number as a sentence does.
func inWords(n int) string {
	small := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < 0 || n >= len(small) {
		return fmt.Sprint(n)
	}
	return small[n]
}

// registered is the day since which the census code is not N, zero where it is.
func registered(is learner.Learner, today date.Date) date.Date {
	var began date.Date
	for _, p := range is.SENProvision {
		switch {
		case p.From.After(today):
		case p.Code == "N":
			began = date.Date{}
		case began.IsZero():
			began = p.From
		}
	}
	return began
}

// consents tells of those that end soon or ended lately and were not given anew.
func (d *debts) consents() {
	for i, c := range d.is.Consents {
		if c.Until.IsZero() || !c.Withdrawn.IsZero() || c.Until.Before(d.today.AddDays(-soon)) || c.Until.After(d.today.AddDays(soon)) {
			continue
		}
		anew := slices.ContainsFunc(d.is.Consents, func(x learner.Consent) bool {
			return x.To == c.To && x.GivenBy == c.GivenBy && (x.Until.IsZero() || x.Until.After(c.Until))
		})
		if anew {
			continue
		}
		end := "ends"
		if c.Until.Before(d.today) {
			end = "ended"
		}
		d.add(Owed{What: owedConsent, WhatWords: "a consent that " + end, About: fmt.Sprintf("consents[%d]", i), On: c.Until, Do: d.command("edit") + " learner.yaml", due: true},
			"The consent of %s to %s %s on %s, %s.", d.anyone(c.GivenBy), Quoted(string(c.To)), end, c.Until.Long(), When(c.Until, d.today))
	}
}

// adjustments tells of reasonable adjustments to look at again.
func (d *debts) adjustments() {
	for _, a := range d.is.Adjustments {
		if a.ReviewOn.IsZero() || !a.Ended.IsZero() || a.ReviewOn.After(d.today.AddDays(soon)) {
			continue
		}
		d.add(Owed{What: owedAdjustment, WhatWords: "an adjustment to look at again", About: a.ID, On: a.ReviewOn, Who: d.is.Team.ResponsibleTeacher, Do: d.command("edit") + " learner.yaml", due: true},
			"A look at the adjustment %s %s.", Quoted(string(a.Adjustment)), d.by(a.ReviewOn))
	}
}
