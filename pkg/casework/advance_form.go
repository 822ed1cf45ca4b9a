package casework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Form gives the questions of a move. Why the move is made comes last: whether a
// reason is needed depends on what the other answers meet of the gate.
func (p *Advancing) Form() form.Script {
	return func(a form.Answers) []form.Question {
		qs := p.questions(a)
		s, err := p.step(p.questions, a, nil)
		var unmet []gate.Line
		if err == nil {
			unmet = gate.Unmet(p.Table(s))
		}
		q := form.Question{Path: "because", Flag: "--because", Heading: "Why", Kind: form.Words, Optional: true,
			Ask: "Why this move, and why now? (s to leave it out)",
			Why: "A family, a panel or a tribunal may ask for the reason years later."}
		if len(unmet) > 0 {
			// A script without a reason gets the table, which says more than a missing answer.
			q.Optional = p.Nameless
			q.Ask = "Not everything the pathway looks for is there. Why go ahead all the same?"
			if len(unmet) == 1 && !p.Gate.Usual {
				q.Ask = "The pathway does not name this way. Why is it the right one?"
			}
			q.Why = "A gate informs and refuses nobody. The reason is sealed with the move, and with what was and was not there that day."
		}
		return append(qs, q)
	}
}

func (p *Advancing) questions(a form.Answers) []form.Question {
	qs := p.opening(a)
	qs = append(qs, p.needs(a)...)
	qs = append(qs, p.confirmed(a)...)
	qs = append(qs, p.telling(a)...)
	return append(qs, p.afterwards(a)...)
}

func (p *Advancing) heading() string { return "The move to " + string(p.To.Words) }

func (p *Advancing) opening(a form.Answers) []form.Question {
	first, what := p.earliest()
	day := p.day(a)
	now := p.code(day)
	usual := p.To.SENProvision
	if usual == "" {
		usual = now
	}
	codes := []form.Option{
		{Value: "N", Words: "no special educational need recorded"},
		{Value: "K", Words: "SEN support"},
		{Value: "E", Words: "an EHC plan", Means: "Only where the authority has issued a final plan."},
	}
	var last []string
	if now != "" {
		last = []string{"Now: " + now + "."}
	}
	qs := []form.Question{
		{Path: "date", Flag: "--date", Heading: p.heading(), Kind: form.Date, Default: p.Today.String(), Follows: true,
			Ask: "From what day is " + p.name() + " at the new stage?", Why: "The day it holds from; when it was recorded is kept apart.",
			Check: past(first, p.Today, what)},
		{Path: "sen_provision", Flag: "--sen", Heading: p.heading(), Kind: form.Choice, Options: codes, Last: last,
			Default: defaultTo(usual, codes), Follows: usual != "" && usual == now,
			Ask: "What is the census code from then on?",
			Why: "The code is decided, and does not follow from the stage by itself: it stays K while a STAR or a COSA runs, and is E only with a final EHC plan."},
	}
	if p.stays(day) {
		return qs[:1]
	}
	return qs
}

// stays reports whether SEN support goes on, so that nobody at a terminal is asked
// for the census code again. A script, and whoever gives a code, is.
func (p *Advancing) stays(day date.Date) bool {
	return !p.Nameless && !p.own("sen_provision") && p.code(cmp.Or(day, p.Today)) == "K" && p.To.SENProvision == "K"
}

// needStays is the main need that the record has, where it is not asked for again:
// see stays.
func (p *Advancing) needStays(day date.Date) (need string, ok bool) {
	day = cmp.Or(day, p.Today)
	need = p.mainNeed(day)
	return need, need != "" && p.stays(day) && !p.own("main_need")
}

// day is the day answered so far.
func (p *Advancing) day(a form.Answers) date.Date {
	if d := parsed(a, "date"); !d.IsZero() {
		return d
	}
	return p.Today
}

func (p *Advancing) needs(a form.Answers) []form.Question {
	day := p.day(a)
	code := a.Text("sen_provision")
	if p.stays(day) {
		code = "K"
	}
	if code != "K" && code != "E" || p.Leaves() {
		return nil
	}
	if _, ok := p.needStays(day); ok {
		return nil
	}
	now := p.mainNeed(day)
	types := needTypesOn(day)
	if list, err := recordfile.CodeList("sen-type"); err == nil && now != "" && defaultTo(now, types) == "" {
		if c, ok := list.Code(now); ok { // one that is not given any more, and still stands in the record
			types = append(types, form.Option{Value: c.Code, Words: string(c.Words)})
		}
	}
	def := defaultTo(now, types)
	qs := []form.Question{{Path: "main_need", Flag: "--main-need", Heading: p.heading(), Kind: form.Choice, Options: types, Default: def, Follows: def != "",
		Ask: "What is the main area of need?",
		Why: "The census asks for it from the day SEN support begins. It describes what is hard, and is no diagnosis."}}
	if need := a.Text("main_need"); need != "" && !p.has(need, day) {
		qs = append(qs, form.Question{Path: "need_words", Heading: p.heading(), Kind: form.Words, Optional: true,
			Ask: "In plain words, what is hard, and where? (s to leave it out)", Why: "A code says little to a family or a new teacher."})
	}
	return qs
}

// has reports whether the record holds a need of that type on a day.
func (p *Advancing) has(need string, day date.Date) bool {
	for _, n := range p.Record.Learner.Value.Needs {
		if n.Type == need && holds(n, day) {
			return true
		}
	}
	return false
}

func needTypesOn(day date.Date) []form.Option {
	list, err := recordfile.CodeList("sen-type")
	if err != nil {
		return nil
	}
	var out []form.Option
	for _, t := range list.On(day) {
		out = append(out, form.Option{Value: t.Code, Words: string(t.Words)})
	}
	return out
}

// confirmed asks for what no file can show and a person vouches for. What the record
// shows after all is not asked for.
func (p *Advancing) confirmed(a form.Answers) []form.Question {
	var out []form.Question
	for _, id := range p.Gate.IDs {
		c, ok := p.Folder.Pathway.Value.Check(id)
		if !ok || c.Test != gate.TestConfirmed || p.shown(id, a) {
			continue
		}
		q := form.Question{Path: confirming + id + "]", Heading: "What no file can show", Kind: form.YesNo, Optional: p.Nameless,
			Ask: "Is this so? " + strings.TrimRight(string(c.Words), ".") + ".",
			Why: "Nothing in the record can show it, so somebody says it, and the move keeps that they did. No is an answer too."}
		if c.Source != "" {
			q.Why += " Source: " + string(c.Source) + "."
		}
		out = append(out, q)
	}
	return out
}

// shown reports whether the record meets a check without anybody's word.
func (p *Advancing) shown(check string, a form.Answers) bool {
	m := p.move(Step{Date: p.day(a)}, "")
	table := gate.Table(p.Folder, p.Record, []string{check}, gate.Ask{On: m.Date, Move: &m})
	return len(gate.Unmet(table)) == 0
}

// telling asks how the family was told, or why it was not.
func (p *Advancing) telling(a form.Answers) []form.Question {
	heading, whom := "Telling the family", "the family was"
	why := "Parents must be told when SEN support begins (Children and Families Act 2014, section 68), and are told of every other move as well."
	grown := p.grown(a)
	if grown {
		heading, whom = "Telling "+p.name(), p.name()+" was"
		why = "After compulsory school age it is the young person who must be told (Children and Families Act 2014, sections 68 and 83), and the family beside them where they like."
	}
	var qs []form.Question
	excused := p.own("not_told")
	if entries := p.entries(); len(entries) > 0 && (!excused || p.own("told")) {
		qs = append(qs, form.Question{Path: "told", Flag: "--told", Heading: heading, Kind: form.Many, Options: entries, Optional: true,
			Ask: "Which entry of the contact log shows that " + whom + " told? (s if none does)", Why: why})
	}
	logged := len(a.Items("told")) > 0
	if (!logged && !excused) || p.own("telling") {
		who, told := p.mayConsent(p.day(a)), p.responsibleAtHome()
		if grown {
			told = "learner"
		}
		qs = append(qs, form.Question{Path: "telling.with", Heading: heading, Kind: form.Many, Options: who, Optional: true,
			Default: told, Ask: "Whom have you told of this move? It goes into the contact log. (s if nobody yet)", Why: why})
	}
	saying := len(a.Items("telling.with")) > 0
	if saying {
		day := p.day(a)
		qs = append(qs,
			form.Question{Path: "telling.how", Heading: heading, Kind: form.Choice, Options: p.options("contact-how"), Ask: "How were they told?", Why: "A meeting counts as a meeting; a message does not."},
			form.Question{Path: "telling.date", Heading: heading, Kind: form.Date, Default: day.String(), Follows: day == p.Today, Ask: "On what day?",
				Why: "That they were told, and in time, is a duty that somebody may ask about.", Check: past(date.Date{}, p.Today, "")},
			form.Question{Path: "telling.told", Heading: heading, Kind: form.Words, Ask: "What did you tell them?", Why: "What is planned, why, and what they can do if they see it otherwise."},
			form.Question{Path: "telling.said", Heading: heading, Kind: form.Words, Optional: true, Ask: "What did they say, in their own words? (s if nothing)", Why: "Their words are kept as they said them."},
			form.Question{Path: "telling.copy_given", Heading: heading, Kind: form.YesNo, Default: "false", Follows: true, Ask: "Did they get it in writing?", Why: "A record of what was said and decided belongs to them too."})
	}
	if !logged && !saying || excused {
		ask := "Why has the family not been told?"
		if grown {
			ask = "Why has " + p.name() + " not been told?"
		}
		if p.Nameless {
			ask += " (Or who was: --told ID of an entry of the contact log, or --set telling.with=ID.)"
		}
		qs = append(qs, form.Question{Path: "not_told", Flag: "--not-told", Heading: heading, Kind: form.Words, Ask: ask,
			Why: "Where nobody was told, the reason stands in its place."})
	}
	return qs
}

// grown reports whether the learner is over compulsory school age on the day answered.
func (p *Advancing) grown(a form.Answers) bool { return gate.OfAge(p.Record, p.day(a)) }

// entries are the contacts with the family since the last review or move, latest
// first; all of them where an answer names one itself.
func (p *Advancing) entries() []form.Option {
	var since date.Date
	if !p.own("told") {
		for _, m := range p.Record.Moves {
			if m.Value.Date.After(since) {
				since = m.Value.Date
			}
		}
		if done := p.Record.Reviewed(); len(done) > 0 {
			if last := done[len(done)-1].Value.Review.Date; last.After(since) {
				since = last
			}
		}
	}
	family := []string{"learner"}
	if home := p.Record.Learner.Value.Family; len(home) > 0 {
		if !gate.OfAge(p.Record, p.Today) {
			family = nil
		}
		for _, m := range home {
			family = append(family, m.ID)
		}
	}
	log := slices.Clone(p.Record.Contacts.Value.Contacts)
	slices.Reverse(log)
	var out []form.Option
	for _, e := range log {
		if e.ID == "" || e.Date.Before(since) || !slices.ContainsFunc(e.With, func(id string) bool { return slices.Contains(family, id) }) {
			continue
		}
		v := &p.Folder.Pathway.Value
		out = append(out, form.Option{Value: e.ID, Words: fmt.Sprintf("%s, %s with %s, about %s", e.Date.Long(), v.Words("contact-how", e.How), strings.Join(e.With, " and "), v.Words("contact-about", e.About))})
	}
	return out
}

// responsibleAtHome are those of the family with parental responsibility, with commas.
func (p *Advancing) responsibleAtHome() string {
	var out []string
	for _, m := range p.Record.Learner.Value.Family {
		if m.ParentalResponsibility {
			out = append(out, m.ID)
		}
	}
	return strings.Join(out, ",")
}

// afterwards asks for what follows on the move: the meeting at which what comes
// next is made together, how long the learner is watched, where one who leaves goes.
func (p *Advancing) afterwards(a form.Answers) []form.Question {
	const heading = "What comes next"
	var qs []form.Question
	if (p.To.Document != "" || p.To.Cycles) && !p.Leaves() {
		what := "plan"
		if p.To.Document != "" {
			what = p.To.Document
		}
		qs = append(qs, form.Question{Path: "meeting.date", Flag: "--meeting", Heading: heading, Kind: form.Date, Optional: true,
			Ask: "When is the meeting at which the " + what + " is made together? (s if no day is set)",
			Why: "What is made together is owned together: the learner and the family are invited to it."})
		if !a["meeting.date"].Empty() {
			invited := []string{"learner"}
			if home := p.responsibleAtHome(); home != "" {
				invited = append(invited, home)
			}
			if t := p.Record.Learner.Value.Team.ResponsibleTeacher; defaultTo(t, p.staff()) != "" {
				invited = append(invited, t)
			}
			qs = append(qs, form.Question{Path: "meeting.invited", Flag: "--invited", Heading: heading, Kind: form.Many, Options: p.everyone(),
				Default: strings.Join(invited, ","), Ask: "Who is invited to it?", Why: "Nobody is written down as invited whom you do not name."})
		}
	}
	if p.lessens() {
		q := form.Question{Path: "monitor_until", Flag: "--monitor-until", Heading: heading, Kind: form.Date,
			Ask: "Until when is it watched that all goes well with less support?", Why: "Less support is a step like any other: somebody looks whether it holds.",
			Check: later(p.day(a), "the move")}
		if weeks, ok := p.Folder.Pathway.Value.Thresholds.MonitorWeeks.Int(); ok {
			q.Default = p.day(a).AddDays(7 * weeks).String()
		}
		qs = append(qs, q)
	}
	if p.Leaves() {
		qs = append(qs, form.Question{Path: "to_setting", Flag: "--to-setting", Heading: heading, Kind: form.Line, Optional: true,
			Ask: "Which setting does " + p.name() + " go to? (s if that is not known)", Why: "The record goes on with the learner."})
	}
	return qs
}
