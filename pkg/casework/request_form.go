package casework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
)

// mostParts is how many parts of the money asked for are asked about.
const mostParts = 10

// Requesting is a request being opened: its questions, which ask for nothing that
// the record holds, and what becomes of the answers.
type Requesting struct {
	Case
	Kind    pathway.Request
	targets []learner.Target       // of the plan under way, or the last one
	talks   []learner.ContactEntry // about a request, since the last one
}

// StartRequest begins a request of a kind. Requests that there are already are no
// hindrance, but for a draft of the same kind that the same person asks for: see Beside.
func StartRequest(c Case, kind pathway.Request) (*Requesting, error) {
	if err := c.whole(); err != nil {
		return nil, err
	}
	s := &Requesting{Case: c, Kind: kind}
	var last date.Date
	for _, q := range c.Record.Requests {
		if q.Value.Opened.After(last) {
			last = q.Value.Opened
		}
	}
	for _, x := range c.Record.Cycles {
		if x.Value.Plan != nil {
			now, _ := c.Record.Corrected(x)
			s.targets = now.Plan.Targets
		}
	}
	for _, e := range c.Record.Contacts.Value.Contacts {
		// What was said about an earlier request is no knowledge of this one.
		if e.About == "request" && (last.IsZero() || e.Date.After(last)) {
			s.talks = append(s.talks, e)
		}
	}
	return s, nil
}

// Beside refuses, with a *StateError, a second draft of a kind that the same side
// asks for: the learner, one of the family, or the setting, whoever of its adults.
// Another's is no hindrance: no family waits for a draft of the setting's.
func (s *Requesting) Beside(askedBy string) error {
	return secondDraft(s.Record, s.Kind, askedBy)
}

func secondDraft(r *folder.Record, kind pathway.Request, askedBy string) error {
	for _, q := range r.Requests {
		if v := q.Value; v.Kind == kind.ID && v.Sent.IsZero() && side(r, v.AskedBy) == side(r, askedBy) {
			return state("a %[1]s request asked for by the same side was begun on %[2]s and is still a draft, so no other is begun; go on with it: sendctl request %[3]s show --request %[4]s, or drop it: sendctl request %[3]s withdraw --request %[4]s",
				kind.Words, v.Opened.Long(), r.ID, v.ID)
		}
	}
	return nil
}

// side is who somebody asks for: a relative or the learner for themself, and any
// adult for the setting, which is "".
func side(r *folder.Record, askedBy string) string {
	if askedBy == "learner" || slices.ContainsFunc(r.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == askedBy }) {
		return askedBy
	}
	return ""
}

// Draft is the name under which half-made answers are kept.
func (s *Requesting) Draft() string { return "request-" + s.ID() + "-" + s.Kind.ID }

// Form gives the questions; paths are those of the request's file.
func (s *Requesting) Form() form.Script {
	return func(a form.Answers) []form.Question {
		qs := s.opening(a)
		if s.Kind.Money {
			qs = append(qs, s.money(a)...)
		}
		qs = append(qs, s.knowing(a)...)
		qs = append(qs, s.voices(a)...)
		qs = append(qs, s.rests(s.Kind, a, s.on(a))...)
		return append(qs, s.because(a)...)
	}
}

func (s *Requesting) opening(a form.Answers) []form.Question {
	me := defaultTo(s.Me.ID, s.staff())
	if s.Beside(me) != nil {
		me = "" // the setting asks already; this one is somebody else's
	}
	heading := "The " + string(s.Kind.Words) + " request"
	qs := []form.Question{
		{Path: "opened", Flag: "--date", Heading: heading, Kind: form.Date, Default: s.Today.String(), Follows: true,
			Ask: "On what day is this request begun?", Why: "The day work on it began; the day it is sent is asked when it is sent.",
			Check: past(date.Date{}, s.Today, "")},
		{Path: "asked_by", Flag: "--asked-by", Heading: heading, Kind: form.Choice, Options: s.everyone(), Default: me, Follows: me != "",
			Ask: "Who asks?", Why: "A parent, or a young person from 16, may ask for an assessment themselves, at any time.",
			Check: func(x form.Answer) error { return s.Beside(x.Text) }},
		{Path: "reasons", Flag: "--reasons", Heading: heading, Kind: form.Words, Last: s.known(),
			Ask: "Why is it made? A few sentences.", Why: "What the panel reads first: what has been tried, and why it is not enough."},
	}
	more := true // outcomes beyond those of the targets
	// What was chosen stands, also beside outcomes that are named.
	_, chosen := a[targetsAt]
	if x, given := a["outcomes_sought"]; len(s.targets) > 0 && (!given || x.Skipped || chosen) {
		var options []form.Option
		var ids []string
		for _, t := range s.targets {
			options, ids = append(options, form.Option{Value: t.ID, Words: string(t.Outcome)}), append(ids, t.ID)
		}
		qs = append(qs, form.Question{Path: targetsAt, Flag: "--targets", Heading: heading, Kind: form.Many, Options: options, Default: strings.Join(ids, ", "), Optional: true,
			Ask: "Which of the present targets does it carry on? (s for none)", Why: "Their outcomes are taken over as they stand; nothing is typed twice."})
		_, more = a[targetsAt]
	}
	if more {
		qs = append(qs, form.Question{Path: "outcomes_sought", Flag: "--outcome", Heading: heading, Kind: form.List, Optional: len(a.Items(targetsAt)) > 0 || !s.Kind.Money,
			Ask: "What else should be different afterwards?", Why: "What is granted is looked at again by these. A figure now and a figure hoped for say most."})
	}
	return append(qs, form.Question{Path: "support_sought", Flag: "--support", Heading: heading, Kind: form.List, Optional: true,
		Ask: "What support is needed beyond what is ordinarily there? (s if that is said already)", Why: "The panel asks what could not be given without it."})
}

// targetsAt and roleAt are the paths of two questions whose answers are no values
// of the file: they say where its values are taken from.
const targetsAt = "targets"

func roleAt(part int) string { return fmt.Sprintf("basis[%d].role", part) }

// known tells what is taken from the record, so that nobody types it.
func (s *Requesting) known() []string {
	costs, _ := report.CostsNow(s.Folder, s.Record, nil, s.Today)
	last := []string{fmt.Sprintf("Taken from the record: %s, %s of advice, %s, and what shows each item.",
		counted(len(s.Record.Reviewed()), "reviewed cycle", "reviewed cycles"), counted(len(s.Record.Advice), "piece", "pieces"), counted(len(costs), "cost", "costs"))}
	return last
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// money asks what the money is for; the sum is worked out.
func (s *Requesting) money(a form.Answers) []form.Question {
	const heading = "What is asked for"
	qs := []form.Question{
		{Path: "asks.from", Flag: "--from", Heading: heading, Kind: form.Date, Ask: "From what day is it needed?", Why: "Money is granted for a time."},
		{Path: "asks.to", Flag: "--to", Heading: heading, Kind: form.Date, Ask: "To what day?", Why: "The last day it is for. The day after, the record says that it has ended.",
			Check: afterFirst(parsed(a, "asks.from"))},
	}
	var rated []form.Option
	for _, o := range s.options(pathway.Roles) {
		if hourly, ok := s.rate(o.Value, a); ok {
			o.Words += ", " + string(hourly) + " an hour"
			rated = append(rated, o)
		}
	}
	for i := range mostParts {
		at := fmt.Sprintf("basis[%d].", i)
		ask := "What is asked for first? For example a key worker."
		if i > 0 {
			ask = "What else? (s if that is all)"
		}
		qs = append(qs, form.Question{Path: at + "what", Heading: heading, Kind: form.Line, Optional: i > 0, Ask: ask,
			Why: "Each part with its hours and its rate. The sum is worked out."})
		if x, ok := a[at+"what"]; !ok || x.Skipped {
			break
		}
		qs = append(qs, s.part(a, at, i, rated, heading)...)
	}
	return qs
}

func (s *Requesting) part(a form.Answers, at string, i int, rated []form.Option, heading string) []form.Question {
	qs := []form.Question{{Path: at + "hours_a_week", Heading: heading, Kind: form.Number, Optional: true,
		Ask: "How many hours a week? (s if it is not counted by the week)", Why: "Hours, weeks and the rate of an hour give the cost."}}
	weekly, told := a[at+"hours_a_week"]
	if !told {
		return qs
	}
	if weekly.Skipped {
		qs = append(qs, form.Question{Path: at + "hours", Heading: heading, Kind: form.Number, Optional: true,
			Ask: "How many hours in all? (s if it is a plain sum)", Why: "Hours and the rate of an hour give the cost."})
	} else {
		qs = append(qs, form.Question{Path: at + "weeks", Heading: heading, Kind: form.Number, Ask: "For how many weeks?", Why: "Weeks in which it is given, without holidays."})
	}
	if hours, told := a[at+"hours"]; weekly.Skipped && !told {
		return qs
	} else if weekly.Skipped && hours.Skipped {
		return append(qs, form.Question{Path: at + "cost", Heading: heading, Kind: form.Number, Check: amountOfMoney,
			Ask: "What does it cost, in pounds?", Why: "A thing that is bought has a price and no hours."})
	}
	_, hourly := a[at+"hourly"]
	role, asked := a[roleAt(i)]
	if len(rated) > 0 && !hourly {
		qs = append(qs, form.Question{Path: roleAt(i), Heading: heading, Kind: form.Choice, Options: rated, Optional: true,
			Ask: "Whose time is it? (s if none of these)", Why: "What an hour of these costs is in the setting's rates, and is not asked again."})
	}
	if hourly || len(rated) == 0 || asked && role.Skipped {
		qs = append(qs, form.Question{Path: at + "hourly", Heading: heading, Kind: form.Number, Check: amountOfMoney,
			Ask: "What does an hour cost, in pounds?", Why: "The setting's rates have none for this."})
	}
	return qs
}

// afterFirst accepts a last day after the first, where that is known.
func afterFirst(first date.Date) func(form.Answer) error {
	if first.IsZero() {
		return nil
	}
	return later(first, "its first day")
}

func amountOfMoney(x form.Answer) error {
	if _, ok := cost.Parse(learner.Number(x.Text)); !ok {
		return fmt.Errorf("write an amount in pounds, such as 16.40")
	}
	return nil
}

// rate is what an hour of a role costs when the request begins to be for.
func (s *Requesting) rate(role string, a form.Answers) (learner.Number, bool) {
	on := parsed(a, "asks.from")
	if on.IsZero() {
		on = s.Today
	}
	return cost.Rate(s.Folder.Setting.Value.Rates, role, on)
}

// on is the day the request is begun, as answered so far.
func (s *Requesting) on(a form.Answers) date.Date {
	if d := parsed(a, "opened"); !d.IsZero() {
		return d
	}
	return s.Today
}

// concerned are those whose knowledge and agreement count: everybody with parental
// responsibility, and the learner, who goes first once the rights are theirs. Who
// asks knows and agrees.
func (s *Requesting) concerned(a form.Answers) []form.Option {
	var out []form.Option
	self := form.Option{Value: "learner", Words: s.name()}
	grown := gate.OfAge(s.Record, s.on(a))
	if grown && s.askedBy(a) != self.Value {
		out = append(out, self)
	}
	for _, o := range s.family() {
		for _, m := range s.Record.Learner.Value.Family {
			if m.ID == o.Value && m.ParentalResponsibility && o.Value != s.askedBy(a) {
				out = append(out, o)
			}
		}
	}
	if !grown && s.askedBy(a) != self.Value {
		out = append(out, self)
	}
	return out
}

func (s *Requesting) askedBy(a form.Answers) string {
	if who := a.Text("asked_by"); who != "" {
		return who
	}
	return s.Me.ID
}

// told is the first talk about the request at which somebody was present.
func (s *Requesting) told(who string) (on date.Date, ok bool) {
	for _, e := range s.talks {
		if slices.Contains(e.With, who) && (!ok || e.Date.Before(on)) {
			on, ok = e.Date, true
		}
	}
	return on, ok
}

func (s *Requesting) knowing(a form.Answers) []form.Question {
	const heading = "Who knows, and who agrees"
	var qs []form.Question
	for _, o := range s.concerned(a) {
		at := "knowledge_and_agreement[" + o.Value + "]."
		who := o.Words
		if o.Value != "learner" {
			who += "," // Helen Ashworth, mother, …
		}
		on, taken := s.told(o.Value)
		agrees := form.Question{Path: at + "agrees", Heading: heading, Kind: form.YesNo,
			Ask: "Does " + who + " agree to it?", Why: "A request goes with the family's knowledge and, where possible, with their agreement (Code of Practice, chapter 9). It may be made without."}
		switch grown := gate.OfAge(s.Record, s.on(a)); {
		case grown && o.Value != "learner": // it is not theirs to say
			agrees.Optional = taken // a day that somebody typed is not dropped for want of this
			if taken {
				agrees.Ask += " (s leaves them out of the request)"
			}
		case grown:
			agrees.Why = "After compulsory school age it is the young person's own agreement that is asked for (Children and Families Act 2014, section 83). It may be made without."
		}
		if taken {
			agrees.Last = []string{"In the contact log: " + o.Value + " knows since " + on.Long() + "."}
			qs = append(qs, agrees)
			continue
		}
		qs = append(qs, form.Question{Path: at + "knows", Heading: heading, Kind: form.Date, Optional: true,
			Ask: "Since when does " + who + " know of the request? (s if not told yet)", Why: "They must know before anyone else decides about it.",
			Check: past(date.Date{}, s.Today, "")})
		if x, ok := a[at+"knows"]; ok && !x.Skipped {
			qs = append(qs, agrees)
		}
	}
	return qs
}

// said is what somebody said about the request and nobody else was heard with.
func (s *Requesting) said(who string) (e learner.ContactEntry, ok bool) {
	for _, x := range s.talks {
		if x.Said == "" {
			continue
		}
		alone := slices.Contains(x.With, who)
		for _, other := range x.With {
			if other != who && (other == "learner" || s.relative(other)) {
				alone = false // whose words they are, the log does not say
			}
		}
		if alone {
			e, ok = x, true
		}
	}
	return e, ok
}

func (s *Requesting) relative(id string) bool {
	return slices.ContainsFunc(s.Record.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == id })
}

func (s *Requesting) voices(a form.Answers) []form.Question {
	heading := "What " + s.name() + " and the family say about it"
	var qs []form.Question
	if _, taken := s.said("learner"); !taken {
		const at = "learner_says[0]."
		qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "What does " + s.name() + " say about the request, in their own words? (s if not asked yet)",
			Why: "Their words are kept as they said them. What they said in a cycle stands there, and is not asked again."})
		if x, ok := a[at+"words"]; ok && x.Skipped {
			qs = append(qs, notYet(at, heading, s.name()))
		} else if ok {
			qs = append(qs, form.Question{Path: at + "how", Heading: heading, Kind: form.Line, Optional: true,
				Ask: "How did you find out? For example talking, drawing, choosing pictures.", Why: "How a view was sought says how much weight it bears."},
				spoken(at, heading, a.Text("opened"), s.Today))
		}
	}
	for _, o := range s.family() {
		if _, taken := s.said(o.Value); taken {
			continue
		}
		at := "parents_say[" + o.Value + "]."
		qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "What does " + o.Words + ", say about the request? (s if not asked yet)",
			Why: "What works, what does not, what they hope for. Two parents can differ, and both are heard."})
		if x, ok := a[at+"words"]; ok && x.Skipped {
			qs = append(qs, notYet(at, heading, o.Words+","))
		} else if ok {
			qs = append(qs, spoken(at, heading, a.Text("opened"), s.Today))
		}
	}
	return qs
}

func notYet(at, heading, who string) form.Question {
	return form.Question{Path: at + "not_sought", Heading: heading, Kind: form.Words, Optional: true,
		Ask: "Why is there nothing from " + who + " yet? (s to leave it open)", Why: "Where there is no view, the reason stands in its place."}
}

// ByRight reports whether the request is the asker's to make, so that no reason is
// owed for what is not there yet: the setting's evidence is not theirs to bring.
func (s *Requesting) ByRight(q learner.Request) bool {
	return gate.ByRight(s.Kind, s.Record, q.AskedBy, q.Opened)
}

// because asks for a reason where the gate is not met. With nobody to ask it may
// stay without one: the table is then printed, and nothing written.
func (s *Requesting) because(a form.Answers) []form.Question {
	q, err := s.request(a)
	if err != nil || s.ByRight(q) {
		return nil
	}
	unmet := gate.Unmet(s.Gate(q))
	if len(unmet) == 0 {
		return nil
	}
	return []form.Question{{Path: "because", Flag: "--because", Heading: "What is not there yet", Kind: form.Words, Optional: s.Nameless, Last: lacking(unmet),
		Ask: "Why does it go ahead all the same?", Why: "A request may lawfully be made at any time. Whoever reads it sees what was missing, and why it could not wait."}}
}

// lacking says what is not met, and what would meet it.
func lacking(unmet []gate.Line) []string {
	var out []string
	for _, l := range unmet {
		x := report.ItemOf(l)
		text := report.Capital(x.StateWords) + ": " + report.Sentence(x.Words)
		if x.Satisfy != "" {
			text += " What would meet it: " + report.Sentence(x.Satisfy)
		}
		if x.Who != "" {
			text += " Who can supply it: " + report.Sentence(x.Who)
		}
		out = append(out, text)
	}
	return out
}

// Gate is the table that stands before the request as it is.
func (s *Requesting) Gate(q learner.Request) []gate.Line {
	return report.RequestGateOf(s.Folder, consenting(s.Record, q.Consents), q, q.Opened)
}

// request makes the request of the answers so far.
func (s *Requesting) request(a form.Answers) (learner.Request, error) {
	q := learner.Request{Format: recordfile.Request.Format(), Learner: s.ID(), Kind: s.Kind.ID, Opened: s.Today, AskedBy: s.Me.ID}
	for path, x := range a {
		if x.Empty() || path == targetsAt || path == "because" || path == restsPath || strings.HasPrefix(path, consentedPath) || strings.HasPrefix(path, "basis[") && strings.HasSuffix(path, "].role") {
			continue
		}
		if !strings.HasPrefix(path, "basis[") && !strings.HasPrefix(path, "knowledge_") && !strings.HasPrefix(path, "parents_say") {
			if err := recordfile.Assign(&q, path, strings.TrimSpace(x.Text), x.Items); err != nil {
				return q, err
			}
		}
	}
	q.Because = learner.Clean(a.Text("because"))
	var carried []learner.Words
	for _, t := range s.targets {
		if slices.Contains(a.Items(targetsAt), t.ID) {
			carried = append(carried, t.Outcome)
		}
	}
	q.OutcomesSought = append(carried, q.OutcomesSought...)
	q.Consents = s.restsOn(a)
	s.parts(&q, a)
	s.people(&q, a)
	return q, nil
}

// parts are the parts of the money asked for, in order.
func (s *Requesting) parts(q *learner.Request, a form.Answers) {
	for i := range mostParts {
		at := fmt.Sprintf("basis[%d].", i)
		if a[at+"what"].Empty() {
			break
		}
		n := func(key string) learner.Number { return learner.Number(strings.TrimSpace(a.Text(at + key))) }
		l := learner.AskLine{What: learner.Clean(a.Text(at + "what")), HoursAWeek: n("hours_a_week"), Weeks: n("weeks"), Hours: n("hours"), Hourly: n("hourly"), Cost: n("cost")}
		if hourly, ok := s.rate(a.Text(roleAt(i)), a); ok && l.Hourly == "" {
			l.Hourly = hourly
		}
		q.Basis = append(q.Basis, l)
	}
}

// people are who knows and agrees, and what they say: as it was answered, or as the
// contact log has it.
func (s *Requesting) people(q *learner.Request, a form.Answers) {
	if by := q.AskedBy; by == "learner" || s.relative(by) {
		q.KnowledgeAndAgreement = append(q.KnowledgeAndAgreement, learner.Agreement{Who: by, Knows: q.Opened, Agrees: true})
	}
	for _, o := range s.concerned(a) {
		at := "knowledge_and_agreement[" + o.Value + "]."
		knows, ok := s.told(o.Value)
		if !ok {
			knows = parsed(a, at+"knows")
		}
		if x, answered := a[at+"agrees"]; !knows.IsZero() && answered && !x.Skipped {
			q.KnowledgeAndAgreement = append(q.KnowledgeAndAgreement, learner.Agreement{Who: o.Value, Knows: knows, Agrees: a.Yes(at + "agrees")})
		}
	}
	if e, ok := s.said("learner"); ok {
		q.LearnerSays = []learner.LearnerVoice{{Words: e.Said, Date: e.Date}}
	}
	for _, o := range s.family() {
		at := "parents_say[" + o.Value + "]."
		v := learner.ParentVoice{Who: o.Value, Words: learner.Clean(a.Text(at + "words")), Date: parsed(a, at+"date"), NotSought: learner.Clean(a.Text(at + "not_sought"))}
		if e, ok := s.said(o.Value); ok {
			v.Words, v.Date = e.Said, e.Date
		}
		if v.Words != "" {
			v.NotSought = ""
		}
		if v.Words != "" || v.NotSought != "" {
			q.ParentsSay = append(q.ParentsSay, v)
		}
	}
}

// Request is the request as the answers make it, with what was given beyond them
// and everything that the record fills in. missing says what could not be costed.
func (s *Requesting) Request(a form.Answers, extra Extra) (q learner.Request, missing []string, err error) {
	live := form.Answers{}
	for _, x := range s.Form()(a) { // what was answered before its question went away does not count
		if v, ok := a[x.Path]; ok {
			live[x.Path] = v
		}
	}
	if q, err = s.request(live); err != nil {
		return q, nil, err
	}
	if extra != nil {
		if err := extra(&q); err != nil {
			return q, nil, err
		}
	}
	if err := reckon(&q); err != nil {
		return q, nil, err
	}
	return q, refill(s.Folder, consenting(s.Record, q.Consents), &q, q.Opened), nil
}
