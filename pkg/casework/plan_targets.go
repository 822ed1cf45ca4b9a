package casework

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
)

// most is how many targets, and how many kinds of support, a plan is asked for.
const most = 12

// proposed names the i-th target that the last review proposes.
func proposed(i int) string { return fmt.Sprintf("t%d", i+1) }

// target gives the i-th target that was carried forward, while it still is that
// target: with other words it is another one, and inherits nothing.
func (s planStart) target(i int, a form.Answers) (was learner.Target, carried bool) {
	if i >= len(s.targets) {
		return learner.Target{Measure: &learner.Measure{}}, false
	}
	was = s.targets[i]
	if x, ok := a[fmt.Sprintf("plan.targets[%d].outcome", i)]; ok && x.Text != string(was.Outcome) {
		return learner.Target{Measure: &learner.Measure{}}, false
	}
	m := learner.Measure{}
	if was.Measure != nil {
		m = *was.Measure
	}
	was.Measure = &m
	return was, true
}

func (s planStart) targetQuestions(a form.Answers) []form.Question {
	var qs []form.Question
	for i := range most {
		at := fmt.Sprintf("plan.targets[%d].", i)
		heading := fmt.Sprintf("Target %d", i+1)
		offered := i < len(s.targets)
		was, carried := s.target(i, a)
		q := form.Question{Path: at + "outcome", Heading: heading, Kind: form.Words, Optional: i > 0 || offered,
			Ask:  "What will " + s.name() + " do? Begin with \u201cwill\u201d.",
			Why:  "One thing that anyone could see or count, for example: will read 30 of the first 45 high-frequency words when shown them singly. The name is added on screen and paper.",
			Hint: outcomeAdvice,
			Check: func(x form.Answer) error {
				if !strings.HasPrefix(x.Text, "will ") && !strings.HasPrefix(x.Text, "Will ") {
					return errors.New("begin with \"will\", and leave the name out: \"will read 30 of the first 45 words\"")
				}
				return nil
			}}
		switch {
		case offered:
			q.Default, q.Follows = string(s.targets[i].Outcome), true
			q.Ask = "Carried on from last time: what will " + s.name() + " do? (s to leave this target out)"
		case i > 0:
			q.Ask = "Another target: what will " + s.name() + " do? (s if there is none)"
		}
		qs = append(qs, q)
		x, ok := a[at+"outcome"]
		if ok && x.Skipped && offered {
			continue
		}
		if !ok || x.Skipped {
			break
		}
		qs = append(qs, s.measureQuestions(a, at, heading, was, carried)...)
	}
	return qs
}

func (s planStart) measureQuestions(a form.Answers, at, heading string, was learner.Target, carried bool) []form.Question {
	m := was.Measure
	area := was.Area
	if area == "" && len(s.cycle.Assess.Concerns) > 0 {
		area = s.cycle.Assess.Concerns[0].Area
	}
	if area == "" {
		area = a.Text("assess.concerns[0].area")
	}
	aim := m.Target
	if reached(m) {
		aim = "" // what is reached is no aim any more
	}
	// carry offers a value of the last plan; only there does it follow from a decision.
	carry := func(q form.Question, v string) form.Question {
		q.Path, q.Heading, q.Default, q.Follows = at+q.Path, heading, v, carried && v != ""
		return q
	}
	return []form.Question{
		carry(form.Question{Path: "area", Kind: form.Choice, Optional: s.Nameless, Options: s.options("areas"), Ask: "Which area is it about?",
			Why: "So that a plan can be read by area."}, area),
		carry(form.Question{Path: "measure.what", Kind: form.Line, Ask: "What will be measured or counted?",
			Why: "The same thing, in the same way, now and at the review."}, string(m.What)),
		carry(form.Question{Path: "measure.unit", Kind: form.Line, Optional: true, Ask: "Counted in what? For example words, minutes. (s if that is clear)",
			Why: "Figures are compared only where they are counted in the same thing."}, string(m.Unit)),
		carry(form.Question{Path: "measure.of", Kind: form.Number, Optional: true, Ask: "Out of how many? (s if that does not apply)",
			Why: "9 of 45 and 9 of 10 are not the same."}, string(m.Of)),
		carry(form.Question{Path: "measure.baseline", Kind: form.Number, Check: plausible(a, at), Ask: "What is the figure now?",
			Why: "Without a starting point nobody can tell whether anything changed."}, string(m.Baseline)),
		carry(form.Question{Path: "measure.target", Kind: form.Number, Check: plausible(a, at), Ask: "What figure do you hope for at the review?",
			Why: "Ambitious, and within reach in the time."}, string(aim)),
		{Path: at + "measure.better", Heading: heading, Kind: form.Choice, Default: direction(a, at), Follows: true,
			Options: []form.Option{{Value: "higher", Words: "a higher figure is better"}, {Value: "lower", Words: "a lower figure is better"}},
			Ask:     "Which way is better?", Why: "Fewer absences are better; more words are.", Hint: aimAdvice(a, at)},
	}
}

// reached reports whether the figure that a target starts from is the one it aims at, or better.
func reached(m *learner.Measure) bool {
	from, ok1 := m.Baseline.Float()
	to, ok2 := m.Target.Float()
	if m.Better == "lower" {
		return ok1 && ok2 && from <= to
	}
	return ok1 && ok2 && from >= to
}

// direction follows from where a target starts and what it aims at.
func direction(a form.Answers, at string) string {
	from, ok1 := learner.Number(a.Text(at + "measure.baseline")).Float()
	to, ok2 := learner.Number(a.Text(at + "measure.target")).Float()
	if ok1 && ok2 && to < from {
		return "lower"
	}
	return "higher"
}

// support gives the i-th provision that was carried forward, while it still is that one.
func (s planStart) provision(i int, a form.Answers) (was learner.Provision, carried bool) {
	if i >= len(s.support) {
		return learner.Provision{Sessions: &learner.Sessions{}}, false
	}
	was = s.support[i]
	if x, ok := a[fmt.Sprintf("plan.provision[%d].what", i)]; ok && x.Text != string(was.What) {
		return learner.Provision{Sessions: &learner.Sessions{}}, false
	}
	if was.Sessions == nil {
		was.Sessions = &learner.Sessions{}
	}
	return was, true
}

// renumbered turns the proposed targets that a provision served into those that
// were kept, as they are numbered now.
func (s planStart) renumbered(a form.Answers, serves []string) []string {
	var out []string
	kept := 0
	for i := range most {
		if a[fmt.Sprintf("plan.targets[%d].outcome", i)].Empty() {
			continue
		}
		kept++
		if _, carried := s.target(i, a); carried && slices.Contains(serves, proposed(i)) {
			out = append(out, fmt.Sprintf("t%d", kept))
		}
	}
	return out
}

func (s planStart) supportQuestions(a form.Answers) []form.Question {
	var targets []form.Option
	for _, t := range s.targetsOf(a) {
		targets = append(targets, form.Option{Value: t.ID, Words: string(t.Outcome)})
	}
	var qs []form.Question
	for i := range most {
		at := fmt.Sprintf("plan.provision[%d].", i)
		heading := fmt.Sprintf("Support %d", i+1)
		offered := i < len(s.support) && len(s.renumbered(a, s.support[i].For)) > 0
		if i < len(s.support) && !offered {
			continue // all that it served is left out
		}
		was, carried := s.provision(i, a)
		q := form.Question{Path: at + "what", Heading: heading, Kind: form.Line, Optional: true,
			Ask:  "What support will be given? (s if nothing beyond what everyone gets)",
			Why:  "Who does what, how often and for how long: support that is written down this way is given this way.",
			Hint: supportAdvice}
		switch {
		case offered:
			q.Default, q.Follows = string(s.support[i].What), true
			q.Ask = "Carried on from last time: what support will be given? (s to leave it out)"
		case i > 0:
			q.Ask = "Any other support? (s if there is none)"
		}
		qs = append(qs, q)
		x, ok := a[at+"what"]
		if ok && x.Skipped && offered {
			continue
		}
		if !ok || x.Skipped {
			break
		}
		if len(targets) > 1 {
			q := form.Question{Path: at + "for", Heading: heading, Kind: form.Many, Options: targets,
				Ask: "Which targets does it serve?", Why: "Support without a target, or a target without support, is seldom meant."}
			if carried {
				q.Default, q.Follows = strings.Join(s.renumbered(a, was.For), ", "), true
			}
			qs = append(qs, q)
		}
		qs = append(qs, s.sessionQuestions(a, at, heading, was, carried)...)
	}
	return qs
}

func (s planStart) sessionQuestions(a form.Answers, at, heading string, was learner.Provision, carried bool) []form.Question {
	ratio, additional := was.Ratio, "true"
	if ratio == "" {
		ratio = "1:1"
	}
	if carried && !was.Additional {
		additional = "false"
	}
	carry := func(q form.Question, v string) form.Question {
		q.Path, q.Heading, q.Default, q.Follows = at+q.Path, heading, v, carried && v != ""
		return q
	}
	extra := form.Question{Path: "additional", Kind: form.YesNo, Ask: "Is this more than, or different from, what everyone gets?",
		Why: "Only what is additional counts towards the cost of support."}
	qs := []form.Question{carry(form.Question{Path: "by", Kind: form.Choice, Options: append(slices.Clip(s.staff()), form.Option{Value: nobody, Words: "nobody: it is something bought"}),
		Ask: "Who gives it?", Why: "The class teacher stays responsible, also for what others give."}, giver(was, carried))}
	if a.Text(at+"by") == nobody {
		return append(qs,
			carry(form.Question{Path: "annual_cost", Kind: form.Number, Ask: "What does it cost in a year, in pounds?",
				Why: "A pen or a program is support too, and counts towards its cost."}, string(was.AnnualCost)),
			carry(extra, additional))
	}
	qs = append(qs, carry(form.Question{Path: "sessions.per_week", Kind: form.Number, Optional: true, Ask: "How many times a week? (s if it is not given week by week)",
		Why: "So that what was planned can be told from what was given."}, string(was.Sessions.PerWeek)))
	if a[at+"sessions.per_week"].Skipped {
		qs = append(qs, carry(form.Question{Path: "hours_a_year", Kind: form.Number, Ask: "How many hours in a year, then? (Or how many times a week: sessions.per_week)",
			Why: "Time is what support costs."}, string(was.HoursAYear)))
	} else {
		qs = append(qs,
			carry(form.Question{Path: "sessions.minutes", Kind: form.Number, Ask: "How many minutes each time?",
				Why: "Time is what support costs."}, string(was.Sessions.Minutes)),
			carry(form.Question{Path: "sessions.weeks", Kind: form.Number, Ask: "For how many weeks?",
				Why: "Support has an end, or it is not reviewed."}, string(was.Sessions.Weeks)))
	}
	return append(qs,
		carry(form.Question{Path: "ratio", Kind: form.Line, Optional: s.Nameless, Ask: "One adult to how many learners? For example 1:1 or 1:4.",
			Why: "A group of four shares the time.", Check: groupSize}, ratio),
		carry(extra, additional))
}

// nobody stands for the giver of what is bought, and is never written.
const nobody = "nobody"

func giver(was learner.Provision, carried bool) string {
	if carried && was.By == "" && was.AnnualCost != "" {
		return nobody
	}
	return was.By
}

// plausible refuses a figure above what it is out of.
func plausible(a form.Answers, at string) func(form.Answer) error {
	return func(x form.Answer) error {
		v, _ := learner.Number(x.Text).Float()
		if of, ok := learner.Number(a.Text(at + "measure.of")).Float(); ok && v > of {
			return fmt.Errorf("that is more than %s, which it is out of", a.Text(at+"measure.of"))
		}
		return nil
	}
}

func groupSize(x form.Answer) error {
	one, many, ok := strings.Cut(x.Text, ":")
	n, okN := learner.Number(one).Int()
	m, okM := learner.Number(many).Int()
	if !ok || !okN || !okM || n < 1 || m < 1 {
		return errors.New("write adults, a colon, learners: 1:4")
	}
	return nil
}

// targetsOf makes the targets of what was answered, numbered anew.
func (s planStart) targetsOf(a form.Answers) []learner.Target {
	var out []learner.Target
	for i := range most {
		at := fmt.Sprintf("plan.targets[%d].", i)
		if a[at+"outcome"].Empty() {
			continue
		}
		t, _ := s.target(i, a)
		t.ID = fmt.Sprintf("t%d", len(out)+1)
		t.Outcome = learner.Clean(small(a.Text(at + "outcome")))
		t.Area = a.Text(at + "area")
		t.Due = parsed(a, "plan.review_on")
		*t.Measure = learner.Measure{
			What: learner.Clean(a.Text(at + "measure.what")), Unit: learner.Clean(a.Text(at + "measure.unit")),
			Of: learner.Number(a.Text(at + "measure.of")), Baseline: learner.Number(a.Text(at + "measure.baseline")),
			Target: learner.Number(a.Text(at + "measure.target")), Better: a.Text(at + "measure.better"),
		}
		out = append(out, t)
	}
	return out
}

// small begins an outcome with "will": the name goes before it.
func small(outcome string) string {
	if rest, ok := strings.CutPrefix(outcome, "Will "); ok {
		return "will " + rest
	}
	return outcome
}

// supportOf makes the provision of what was answered, numbered anew.
func (s planStart) supportOf(a form.Answers, targets []learner.Target) []learner.Provision {
	var out []learner.Provision
	for i := range most {
		at := fmt.Sprintf("plan.provision[%d].", i)
		if a[at+"what"].Empty() {
			continue
		}
		p, _ := s.provision(i, a)
		p.ID = fmt.Sprintf("p%d", len(out)+1)
		p.What = learner.Clean(a.Text(at + "what"))
		if p.For = a.Items(at + "for"); len(p.For) == 0 && len(targets) == 1 {
			p.For = []string{targets[0].ID}
		}
		p.By, p.Role = a.Text(at+"by"), ""
		if p.By == nobody {
			p.By = ""
		}
		if who, ok := s.Folder.Person(p.By); ok {
			p.Role = who.Role
		}
		p.Ratio, p.Sessions = a.Text(at+"ratio"), nil
		if n := a.Text(at + "sessions.per_week"); n != "" {
			p.Sessions = &learner.Sessions{PerWeek: learner.Number(n), Minutes: learner.Number(a.Text(at + "sessions.minutes")), Weeks: learner.Number(a.Text(at + "sessions.weeks"))}
		}
		p.HoursAYear, p.AnnualCost = learner.Number(a.Text(at+"hours_a_year")), learner.Number(a.Text(at+"annual_cost"))
		p.Additional = a.Yes(at + "additional")
		out = append(out, p)
	}
	return out
}
