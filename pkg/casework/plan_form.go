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
				if r.Result != "" {
					m.Baseline = r.Result
				}
				next.Measure = &m
			}
			next.ID = fmt.Sprintf("t%d", len(s.targets)+1)
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
		Path: "plan.date", Flag: "--date", Kind: form.Date, Default: s.Today.String(), Heading: "The plan",
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
		last = append(last, "To be different this time: "+string(c)+".")
	}
	return last
}

func (s planStart) concerns(a form.Answers) []form.Question {
	const heading = "Assess: what is known now"
	qs := []form.Question{{
		Path: "assess.strengths", Heading: heading, Kind: form.List, Optional: true,
		Ask:  "What is " + s.name() + " good at, and what do they enjoy?",
		Why:  "Strengths come first: a plan that builds on them works better, and the family hears them first.",
		Last: listed("Known so far", s.cycle.Assess.Strengths),
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
			Options: append(s.options("explanations"), form.Option{Value: noneOfThem, Words: "none of these, and they were looked at"}),
			Ask:     "Could any of these explain it, at least in part? (s if you have not looked yet)",
			Why:     "The Code of Practice asks that other causes are looked at before it is called a special educational need."})
	}
	return qs
}

func listed(what string, words []learner.Words) []string {
	if len(words) == 0 {
		return nil
	}
	var out []string
	for _, w := range words {
		out = append(out, string(w))
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
				Ask: "How did you find out? For example talking, drawing, choosing pictures.", Why: "How a view was sought says how much weight it bears."})
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
		if x, ok := a[at+"words"]; ok && x.Skipped {
			qs = append(qs, form.Question{Path: at + "not_sought", Heading: heading, Kind: form.Words,
				Ask: "Why is there nothing from " + m.Words + " yet?", Why: "Parents and carers are part of the plan. Where they could not be, the reason stands in its place."})
		}
	}
	return qs
}

func (s planStart) targetQuestions(a form.Answers) []form.Question {
	var qs []form.Question
	for i := range 12 {
		at := fmt.Sprintf("plan.targets[%d].", i)
		heading := fmt.Sprintf("Target %d", i+1)
		was := learner.Target{Measure: &learner.Measure{}}
		carried := i < len(s.targets)
		if carried {
			was = s.targets[i]
			if was.Measure == nil {
				was.Measure = &learner.Measure{}
			}
		}
		q := form.Question{Path: at + "outcome", Heading: heading, Kind: form.Words, Default: string(was.Outcome), Optional: i > 0 || carried,
			Ask: "What will " + s.name() + " do? Begin with \u201cwill\u201d.",
			Why: "One thing that anyone could see or count, for example: will read 30 of the first 45 high-frequency words when shown them singly. The name is added on screen and paper.",
			Check: func(x form.Answer) error {
				if !strings.HasPrefix(x.Text, "will ") {
					return errors.New("begin with \"will\", and leave the name out: \"will read 30 of the first 45 words\"")
				}
				return nil
			}}
		switch {
		case carried:
			q.Ask = "Carried on from last time: what will " + s.name() + " do? (s to leave this target out)"
		case i > 0:
			q.Ask = "Another target: what will " + s.name() + " do? (s if there is none)"
		}
		qs = append(qs, q)
		x, ok := a[at+"outcome"]
		if ok && x.Skipped && carried {
			continue
		}
		if !ok || x.Skipped {
			break
		}
		m := was.Measure
		better := m.Better
		if better == "" {
			better = "higher"
		}
		area := was.Area
		if area == "" && len(s.cycle.Assess.Concerns) > 0 {
			area = s.cycle.Assess.Concerns[0].Area
		}
		if area == "" {
			area = a.Text("assess.concerns[0].area")
		}
		qs = append(qs,
			form.Question{Path: at + "area", Heading: heading, Kind: form.Choice, Options: s.options("areas"), Default: area, Ask: "Which area is it about?",
				Why: "So that a plan can be read by area."},
			form.Question{Path: at + "measure.what", Heading: heading, Kind: form.Line, Default: string(m.What), Ask: "What will be measured or counted?",
				Why: "The same thing, in the same way, now and at the review."},
			form.Question{Path: at + "measure.baseline", Heading: heading, Kind: form.Number, Default: string(m.Baseline), Ask: "What is the figure now?",
				Why: "Without a starting point nobody can tell whether anything changed."},
			form.Question{Path: at + "measure.target", Heading: heading, Kind: form.Number, Default: string(m.Target), Ask: "What figure do you hope for at the review?",
				Why: "Ambitious, and within reach in the time."},
			form.Question{Path: at + "measure.of", Heading: heading, Kind: form.Number, Optional: true, Default: string(m.Of), Ask: "Out of how many? (s if that does not apply)",
				Why: "9 of 45 and 9 of 10 are not the same."},
			form.Question{Path: at + "measure.better", Heading: heading, Kind: form.Choice, Default: better,
				Options: []form.Option{{Value: "higher", Words: "a higher figure is better"}, {Value: "lower", Words: "a lower figure is better"}},
				Ask:     "Which way is better?", Why: "Fewer absences are better; more words are."})
	}
	return qs
}

// chosenTargets lists the ids of the targets answered so far, as options.
func (s planStart) chosenTargets(a form.Answers) []form.Option {
	var out []form.Option
	for _, t := range s.targetsOf(a) {
		out = append(out, form.Option{Value: t.ID, Words: string(t.Outcome)})
	}
	return out
}

func (s planStart) supportQuestions(a form.Answers) []form.Question {
	targets := s.chosenTargets(a)
	all := make([]string, len(targets))
	for i, t := range targets {
		all[i] = t.Value
	}
	var qs []form.Question
	for i := range 12 {
		at := fmt.Sprintf("plan.provision[%d].", i)
		heading := fmt.Sprintf("Support %d", i+1)
		was := learner.Provision{Sessions: &learner.Sessions{}}
		carried := i < len(s.support)
		if carried {
			was = s.support[i]
			if was.Sessions == nil {
				was.Sessions = &learner.Sessions{}
			}
		}
		q := form.Question{Path: at + "what", Heading: heading, Kind: form.Line, Optional: true, Default: string(was.What),
			Ask: "What support will be given? (s if nothing beyond what everyone gets)",
			Why: "Who does what, how often and for how long: support that is written down this way is given this way."}
		switch {
		case carried:
			q.Ask = "Carried on from last time: what support will be given? (s to leave it out)"
		case i > 0:
			q.Ask = "Any other support? (s if there is none)"
		}
		qs = append(qs, q)
		x, ok := a[at+"what"]
		if ok && x.Skipped && carried {
			continue
		}
		if !ok || x.Skipped {
			break
		}
		if len(targets) > 1 {
			serves := all
			if carried {
				serves = was.For
			}
			qs = append(qs, form.Question{Path: at + "for", Heading: heading, Kind: form.Many, Options: targets, Default: strings.Join(serves, ", "),
				Ask: "Which targets does it serve?", Why: "Support without a target, or a target without support, is seldom meant."})
		}
		ratio := was.Ratio
		if ratio == "" {
			ratio = "1:1"
		}
		qs = append(qs,
			form.Question{Path: at + "by", Heading: heading, Kind: form.Choice, Options: s.staff(), Default: was.By, Ask: "Who gives it?",
				Why: "The class teacher stays responsible, also for what others give."},
			form.Question{Path: at + "sessions.per_week", Heading: heading, Kind: form.Number, Default: string(was.Sessions.PerWeek), Ask: "How many times a week?",
				Why: "So that what was planned can be told from what was given."},
			form.Question{Path: at + "sessions.minutes", Heading: heading, Kind: form.Number, Default: string(was.Sessions.Minutes), Ask: "How many minutes each time?",
				Why: "Time is what support costs."},
			form.Question{Path: at + "sessions.weeks", Heading: heading, Kind: form.Number, Default: string(was.Sessions.Weeks), Ask: "For how many weeks?",
				Why: "Support has an end, or it is not reviewed."},
			form.Question{Path: at + "ratio", Heading: heading, Kind: form.Line, Default: ratio, Ask: "One adult to how many learners? For example 1:1 or 1:4.",
				Why: "A group of four shares the time.", Check: func(x form.Answer) error {
					one, many, ok := strings.Cut(x.Text, ":")
					n, okN := learner.Number(one).Int()
					m, okM := learner.Number(many).Int()
					if !ok || !okN || !okM || n < 1 || m < 1 {
						return errors.New("write adults, a colon, learners: 1:4")
					}
					return nil
				}},
			form.Question{Path: at + "additional", Heading: heading, Kind: form.YesNo, Default: "true", Ask: "Is this more than, or different from, what everyone gets?",
				Why: "Only what is additional counts towards the cost of support."})
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

// targetsOf makes the targets of what was answered, numbered anew.
func (s planStart) targetsOf(a form.Answers) []learner.Target {
	var out []learner.Target
	for i := range 12 {
		at := fmt.Sprintf("plan.targets[%d].", i)
		if a[at+"outcome"].Empty() {
			continue
		}
		t := learner.Target{Measure: &learner.Measure{}}
		if i < len(s.targets) {
			t = s.targets[i]
			m := learner.Measure{}
			if t.Measure != nil {
				m = *t.Measure
			}
			t.Measure = &m
		}
		t.ID = fmt.Sprintf("t%d", len(out)+1)
		t.Outcome = learner.Clean(a.Text(at + "outcome"))
		t.Area = a.Text(at + "area")
		t.Measure.What = learner.Clean(a.Text(at + "measure.what"))
		t.Measure.Baseline = learner.Number(a.Text(at + "measure.baseline"))
		t.Measure.Target = learner.Number(a.Text(at + "measure.target"))
		t.Measure.Of = learner.Number(a.Text(at + "measure.of"))
		t.Measure.Better = a.Text(at + "measure.better")
		t.Due = parsed(a, "plan.review_on")
		out = append(out, t)
	}
	return out
}

// supportOf makes the provision of what was answered, numbered anew.
func (s planStart) supportOf(a form.Answers, targets []learner.Target) []learner.Provision {
	var out []learner.Provision
	for i := range 12 {
		at := fmt.Sprintf("plan.provision[%d].", i)
		if a[at+"what"].Empty() {
			continue
		}
		var p learner.Provision
		if i < len(s.support) {
			p = s.support[i]
		}
		p.ID = fmt.Sprintf("p%d", len(out)+1)
		p.What = learner.Clean(a.Text(at + "what"))
		if p.For = a.Items(at + "for"); len(p.For) == 0 {
			for _, t := range targets {
				p.For = append(p.For, t.ID)
			}
		}
		p.By = a.Text(at + "by")
		if who, ok := s.Folder.Person(p.By); ok {
			p.Role = who.Role
		}
		p.Ratio = a.Text(at + "ratio")
		p.Sessions = &learner.Sessions{
			PerWeek: learner.Number(a.Text(at + "sessions.per_week")),
			Minutes: learner.Number(a.Text(at + "sessions.minutes")),
			Weeks:   learner.Number(a.Text(at + "sessions.weeks")),
		}
		p.Additional = a.Yes(at + "additional")
		if p.Layer == "" {
			p.Layer = "targeted"
			if !p.Additional {
				p.Layer = "universal"
			}
		}
		out = append(out, p)
	}
	return out
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
	for i := range c.Assess.LearnerSays {
		defaultDate(&c.Assess.LearnerSays[i].Date, c.Plan.Date)
	}
	for i := range c.Assess.ParentsSay {
		defaultDate(&c.Assess.ParentsSay[i].Date, c.Plan.Date)
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

// explanations writes every cause that was asked about, with what was answered.
// No answer is no claim that anybody looked.
func (s planStart) explanations(x form.Answer) []learner.OtherExplanation {
	if x.Empty() {
		return nil
	}
	var out []learner.OtherExplanation
	for _, o := range s.options("explanations") {
		out = append(out, learner.OtherExplanation{Cause: o.Value, Applies: slices.Contains(x.Items, o.Value)})
	}
	return out
}
