package casework

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
)

// planStart is what a plan begins from: the cycle as it will be written (with
// what is carried forward already in it), and what the last review proposes.
type planStart struct {
	Case
	cycle    learner.Cycle
	previous *learner.Cycle
	targets  []learner.Target    // proposed, with the last result as baseline
	support  []learner.Provision // proposed
}

// carry takes from the last reviewed cycle what it decided: targets that go on,
// with the last result as baseline; the provision that served them; strengths
// and what everyone gets. Never what the learner or the family said: they are
// asked again.
func (s *planStart) carry(prev learner.Cycle) {
	s.previous = &prev
	s.cycle.Previous = prev.ID
	if prev.Assess != nil {
		s.cycle.Assess.Strengths = slices.Clone(prev.Assess.Strengths)
	}
	if prev.Plan == nil || prev.Review == nil {
		return
	}
	goesOn := []string{"continue", "adapt", "intensify", "reduce"}
	kept := map[string]string{} // old target id to new
	for _, t := range prev.Plan.Targets {
		for _, r := range prev.Review.Targets {
			if r.Target != t.ID || !slices.Contains(goesOn, r.Next) {
				continue
			}
			next := t
			next.Due = date.Date{}
			if t.Measure != nil {
				m := *t.Measure
				m.Baseline = r.Result // "" where it was not measured: the old figure is not the figure now
				next.Measure = &m
			}
			next.ID = proposed(len(s.targets))
			kept[t.ID] = next.ID
			s.targets = append(s.targets, next)
		}
	}
	for _, p := range prev.Plan.Provision {
		var serves []string
		for _, id := range p.For {
			if n, ok := kept[id]; ok {
				serves = append(serves, n)
			}
		}
		if len(serves) == 0 {
			continue
		}
		p.For = serves
		p.ID = fmt.Sprintf("p%d", len(s.support)+1)
		if p.Sessions != nil {
			x := *p.Sessions
			x.Planned = ""
			p.Sessions = &x
		}
		s.support = append(s.support, p)
	}
	s.cycle.Plan.Universal = slices.Clone(prev.Plan.Universal)
}

// script asks what a plan needs, and what is worth knowing before it.
func (s planStart) script() form.Script {
	return func(a form.Answers) []form.Question {
		on := parsed(a, "plan.date")
		qs := s.opening()
		qs = append(qs, s.concerns(a)...)
		qs = append(qs, s.evidence(a)...)
		qs = append(qs, s.voices(a)...)
		qs = append(qs, s.targetQuestions(a)...)
		qs = append(qs, s.supportQuestions(a)...)
		return append(qs, s.closing(on)...)
	}
}

func (s planStart) opening() []form.Question {
	return []form.Question{{
		Path: "plan.date", Flag: "--date", Kind: form.Date, Default: s.Today.String(), Follows: true, Heading: "The plan",
		Ask:   "On what day is this plan agreed?",
		Why:   "The day it is agreed with the family counts, not the day it is typed.",
		Check: past(s.cycle.Opened, s.Today, "the day the concern was recorded"),
		Last:  s.decided(),
	}}
}

// decided tells what the last review settled.
func (s planStart) decided() []string {
	if s.previous == nil || s.previous.Review == nil {
		return nil
	}
	r := s.previous.Review
	p := &s.Folder.Pathway.Value
	last := []string{fmt.Sprintf("The review of %s: %s; %s.", r.Date.Long(), p.Words("progress", r.Progress), p.Words("decisions", r.Decision))}
	for _, c := range r.Changes {
		last = append(last, "To be different this time: "+strings.TrimRight(string(c), ".")+".")
	}
	return last
}

func (s planStart) concerns(a form.Answers) []form.Question {
	const heading = "Assess: what is known now"
	qs := []form.Question{{
		Path: "assess.strengths", Heading: heading, Kind: form.List, Optional: true,
		Ask:  "What is " + s.name() + " good at, and what do they enjoy?",
		Why:  "Strengths come first: a plan that builds on them works better, and the family hears them first.",
		Last: listed("Known so far", s.cycle.Assess.Strengths), Hint: staffAdvice,
	}}
	if len(s.cycle.Assess.Concerns) == 0 && s.previous == nil {
		at := "assess.concerns[0]."
		qs = append(qs,
			form.Question{Path: at + "words", Heading: heading, Kind: form.Words,
				Ask: "What is the concern?", Why: "In the words of whoever raised it; what they saw, not what they think it is called."},
			form.Question{Path: at + "area", Heading: heading, Kind: form.Choice, Options: s.options("areas"),
				Ask: "Which area is it mostly about?", Why: "The four broad areas of the Code of Practice help to plan. They label no child."},
			form.Question{Path: at + "by", Heading: heading, Kind: form.Choice, Options: s.everyone(), Default: defaultTo(s.Me.ID, s.staff()),
				Ask: "Who raised it?", Why: "So that they hear what came of it."})
	}
	if s.previous == nil && len(s.cycle.Assess.OtherExplanations) == 0 {
		qs = append(qs, form.Question{Path: "assess.other_explanations", Heading: heading, Kind: form.Many, Optional: true,
			Options: append(s.options("explanations"), form.Option{Value: noneOfThem, Words: "none of these, and they were looked at"}), Check: oneOrTheOther,
			Ask: "Could any of these explain it, at least in part? (s if you have not looked yet)",
			Why: "The Code of Practice asks that other causes are looked at before it is called a special educational need."})
	}
	return qs
}

func listed(what string, words []learner.Words) []string {
	if len(words) == 0 {
		return nil
	}
	var out []string
	for _, w := range words {
		out = append(out, strings.TrimRight(string(w), "."))
	}
	return []string{what + ": " + strings.Join(out, "; ") + "."}
}

func (s planStart) evidence(a form.Answers) []form.Question {
	const heading = "Assess: evidence"
	var qs []form.Question
	for i := range 20 {
		at := fmt.Sprintf("assess.evidence[%d].", i)
		ask := "What was looked at or measured? (s if there is nothing to add)"
		if i > 0 {
			ask = "Anything else that was looked at or measured? (s to go on)"
		}
		var last []string
		if i == 0 {
			for _, e := range s.cycle.Assess.Evidence {
				last = append(last, fmt.Sprintf("Already here: %s, %s.", e.What, e.Date.Long()))
			}
		}
		qs = append(qs, form.Question{Path: at + "what", Heading: heading, Kind: form.Line, Optional: true, Ask: ask, Last: last,
			Why: "A test, an observation, a piece of work: whatever shows where things stand, so that change can be seen later."})
		if x, ok := a[at+"what"]; !ok || x.Skipped {
			break
		}
		qs = append(qs,
			form.Question{Path: at + "kind", Heading: heading, Kind: form.Choice, Options: s.options("evidence-kinds"), Ask: "What kind of evidence is it?", Default: "assessment",
				Why: "The Code of Practice asks for more than one kind."},
			form.Question{Path: at + "value", Heading: heading, Kind: form.Number, Optional: true, Ask: "The figure? (s if it has none)",
				Why: "A number can be compared with the next one."})
		if x, ok := a[at+"value"]; ok && !x.Skipped {
			qs = append(qs,
				form.Question{Path: at + "of", Heading: heading, Kind: form.Number, Optional: true, Ask: "Out of how many? (s if that does not apply)",
					Why: "9 of 45 and 9 of 10 are not the same."},
				form.Question{Path: at + "unit", Heading: heading, Kind: form.Line, Optional: true, Ask: "Counted in what? For example words, standard score, minutes. (s if that is clear)",
					Why: "Figures are compared only where they are counted in the same thing."})
		} else {
			qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true, Ask: "What did it show?",
				Why: "What was seen, in plain words."})
		}
		qs = append(qs, form.Question{Path: at + "date", Heading: heading, Kind: form.Date, Default: s.Today.String(), Ask: "When was that?",
			Why: "Old evidence weighs less.", Check: past(date.Date{}, s.Today, "")})
	}
	return qs
}

func (s planStart) voices(a form.Answers) []form.Question {
	heading := "What " + s.name() + " and the family say"
	const at = "assess.learner_says[0]."
	var qs []form.Question
	if len(s.cycle.Assess.LearnerSays) == 0 {
		qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "What does " + s.name() + " say about it, in their own words? (s if not asked yet)",
			Why: "Nothing is planned about a learner without them. Their words are kept as they said them."})
		switch x, ok := a[at+"words"]; {
		case ok && x.Skipped:
			qs = append(qs, form.Question{Path: at + "not_sought", Heading: heading, Kind: form.Words,
				Ask: "Why is there nothing from " + s.name() + " yet?", Why: "Where there is no view, the reason stands in its place."})
		case ok:
			qs = append(qs, form.Question{Path: at + "how", Heading: heading, Kind: form.Line, Optional: true,
				Ask: "How did you find out? For example talking, drawing, choosing pictures.", Why: "How a view was sought says how much weight it bears."},
				spoken(at, heading, a.Text("plan.date"), s.Today))
		}
	}
	for _, m := range s.family() {
		if slices.ContainsFunc(s.cycle.Assess.ParentsSay, func(v learner.ParentVoice) bool { return v.Who == m.Value }) {
			continue
		}
		at := "assess.parents_say[" + m.Value + "]."
		qs = append(qs, form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "What does " + m.Words + ", say? (s if not asked yet)",
			Why: "Two parents can differ, and both are heard. Their words are kept as they said them."})
		switch x, ok := a[at+"words"]; {
		case ok && x.Skipped:
			qs = append(qs, form.Question{Path: at + "not_sought", Heading: heading, Kind: form.Words,
				Ask: "Why is there nothing from " + m.Words + ", yet?", Why: "Parents and carers are part of the plan. Where they could not be, the reason stands in its place."})
		case ok:
			qs = append(qs, spoken(at, heading, a.Text("plan.date"), s.Today))
		}
	}
	return qs
}

func (s planStart) closing(on date.Date) []form.Question {
	const heading = "Agreement and review"
	qs := []form.Question{{
		Path: "plan.universal", Heading: heading, Kind: form.List, Optional: true,
		Ask:  "What do good teaching and the classroom already give? (s to keep what is here)",
		Why:  "High-quality teaching comes first; extra support cannot make up for it (Code of Practice, chapter 6).",
		Last: listed("So far", s.cycle.Plan.Universal),
	}}
	for _, m := range s.family() {
		qs = append(qs, form.Question{Path: "plan.home[" + m.Value + "].words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "What will " + m.Words + ", do at home? (s if nothing was agreed)", Why: "Only what the family chose to take on."})
	}
	if on.IsZero() {
		on = s.Today
	}
	return append(qs,
		form.Question{Path: "plan.agreed_with", Flag: "--agreed-with", Heading: heading, Kind: form.Many, Options: s.everyone(),
			Ask: "Who agreed this plan?", Why: "A plan is made with the learner and the family, not for them."},
		form.Question{Path: "plan.review_on", Flag: "--review-on", Heading: heading, Kind: form.Date,
			Ask: "When will it be reviewed?" + s.rhythm(on), Why: "A plan without a review date is never reviewed. Half a term is usual.",
			Check: later(on, "the plan")})
}

// rhythm says when reviews are usual at this stage.
func (s planStart) rhythm(on date.Date) string {
	weeks, ok := s.Folder.Pathway.Value.ReviewWeeks(s.cycle.Stage)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" Within %d weeks is usual: by %s.", weeks, on.AddDays(7*weeks).Long())
}

// cycleOf makes the cycle of what was answered, ready to be written. extra puts
// in what was given beyond the questions, counted from the first entry answered.
func (s planStart) cycleOf(a form.Answers, extra Extra) (learner.Cycle, error) {
	added := learner.Cycle{Assess: &learner.Assess{}, Plan: &learner.Plan{}}
	direct := form.Answers{}
	for path, x := range a {
		switch {
		case strings.HasPrefix(path, "plan.targets["), strings.HasPrefix(path, "plan.provision["):
		case path == "assess.other_explanations":
			added.Assess.OtherExplanations = s.explanations(x)
		default:
			direct[path] = x
		}
	}
	if err := fill(&added, s.script(), direct); err != nil {
		return added, err
	}
	added.Plan.Targets = s.targetsOf(a)
	added.Plan.Provision = s.supportOf(a, added.Plan.Targets)
	if extra != nil {
		if err := extra(&added); err != nil {
			return added, err
		}
	}
	c := s.merge(added)
	s.complete(&c)
	return c, nil
}

// merge lays what was answered now behind what was there already.
func (s planStart) merge(added learner.Cycle) learner.Cycle {
	c, assess, plan := s.cycle, *s.cycle.Assess, *added.Plan
	assess.Strengths = slices.Concat(assess.Strengths, added.Assess.Strengths)
	assess.Concerns = slices.Concat(assess.Concerns, added.Assess.Concerns)
	assess.History = slices.Concat(assess.History, added.Assess.History)
	assess.OtherExplanations = slices.Concat(assess.OtherExplanations, added.Assess.OtherExplanations)
	for i, e := range added.Assess.Evidence {
		e.ID = fmt.Sprintf("e%d", len(s.cycle.Assess.Evidence)+i+1)
		if e.By == "" {
			e.By = s.Me.ID
		}
		assess.Evidence = append(assess.Evidence[:len(assess.Evidence):len(assess.Evidence)], e)
	}
	assess.LearnerSays = slices.Concat(assess.LearnerSays, added.Assess.LearnerSays)
	assess.ParentsSay = slices.Concat(assess.ParentsSay, added.Assess.ParentsSay)
	if !added.Assess.Date.IsZero() {
		assess.Date = added.Assess.Date
	}
	if !added.Assess.Noticed.IsZero() {
		assess.Noticed = added.Assess.Noticed
	}
	if !added.Opened.IsZero() {
		c.Opened = added.Opened
	}
	plan.Universal = slices.Concat(s.cycle.Plan.Universal, plan.Universal)
	c.Assess, c.Plan = &assess, &plan
	return c
}

// complete fills in what follows from the rest: dates not given, ids, roles.
func (s planStart) complete(c *learner.Cycle) {
	if c.Assess.Date.IsZero() {
		c.Assess.Date = c.Plan.Date
	}
	if c.Opened.IsZero() || s.cycle.Opened.IsZero() && c.Assess.Date.Before(c.Opened) {
		c.Opened = c.Assess.Date
	}
	for i := range c.Assess.Evidence {
		if c.Assess.Evidence[i].ID == "" {
			c.Assess.Evidence[i].ID = fmt.Sprintf("e%d", i+1)
		}
	}
	for i := range c.Plan.Targets {
		t := &c.Plan.Targets[i]
		if t.ID == "" {
			t.ID = fmt.Sprintf("t%d", i+1)
		}
		if t.Due.IsZero() {
			t.Due = c.Plan.ReviewOn
		}
	}
	for i := range c.Plan.Provision {
		p := &c.Plan.Provision[i]
		if p.ID == "" {
			p.ID = fmt.Sprintf("p%d", i+1)
		}
		if who, ok := s.Folder.Person(p.By); ok && p.Role == "" {
			p.Role = who.Role
		}
	}
}

// noneOfThem says that every other explanation was looked at and none applies.
const noneOfThem = "none"

// explanations writes what was chosen; "none" says of every cause that it was
// looked at and does not apply. No answer is no claim that anybody looked.
func (s planStart) explanations(x form.Answer) []learner.OtherExplanation {
	var out []learner.OtherExplanation
	none := slices.Contains(x.Items, noneOfThem)
	for _, o := range s.options("explanations") {
		if chosen := slices.Contains(x.Items, o.Value); chosen || none {
			out = append(out, learner.OtherExplanation{Cause: o.Value, Applies: chosen})
		}
	}
	return out
}

// oneOrTheOther refuses "none" beside a cause.
func oneOrTheOther(x form.Answer) error {
	if len(x.Items) > 1 && slices.Contains(x.Items, noneOfThem) {
		return errors.New("either none of these, or those that may apply")
	}
	return nil
}
