package rules

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// placeholderRule looks where words are wanted, at what is still being written: the open
// cycle, a request that was not sent, a passport or profile that nobody agreed yet; and at
// needs that go on, and advice that waits for an answer. Where
// all that a plan says of something is such words, the rule that asks for it tells that.
var placeholderRule = Rule{
	Name: "placeholder", ID: "SEN810", Severity: diag.Warning,
	About:  "Where words are needed the record has words, not n/a, tbc or a dash.",
	Source: "Code of Practice, chapter 6 (a record of outcomes, action and support)",
	check: func(l *look) {
		if !l.here() {
			return
		}
		if c, d, ok := l.open(); ok {
			in := blanks{l, d, "sendctl edit " + l.record.ID + " " + shown(c.ID)}
			if a := c.Assess; a != nil {
				if c.Plan == nil || gate.AnySaid(a.Strengths) {
					in.texts(a.Strengths, "assess.strengths[]")
				}
				for i, x := range a.Concerns {
					in.words(x.Words, "assess.concerns[].words", i)
				}
				if c.Plan == nil || learnerHeard(a.LearnerSays) {
					in.learner(a.LearnerSays, "assess.learner_says[]")
				}
				if c.Plan == nil || parentsHeard(a.ParentsSay) || !l.parentsAsked(c.Plan.Date) {
					in.parents(a.ParentsSay, "assess.parents_say[]")
				}
			}
			if p := c.Plan; p != nil {
				for i, t := range p.Targets {
					if nothingYet(t.Outcome) {
						in.tell("write what the learner will do, or take the target out", "plan.targets[].outcome", i)
					}
					if t.Measure != nil {
						in.words(t.Measure.What, "plan.targets[].measure.what", i)
					}
				}
				for i, x := range p.Provision {
					in.words(x.What, "plan.provision[].what", i)
				}
			}
		}
		in := blanks{l, docOf(l.record.Learner), "sendctl edit " + l.record.ID + " learner.yaml"}
		for i, x := range l.record.Learner.Value.Needs {
			if x.Until.IsZero() {
				in.words(x.Words, "needs[].words", i)
			}
		}
		for _, a := range l.record.Advice {
			in := blanks{l, docOf(a), "sendctl edit " + l.record.ID + " " + shown(a.Value.ID)}
			for i, x := range a.Value.Recommendations {
				if x.Open() {
					in.words(x.Words, "recommendations[].words", i)
				}
			}
		}
		for _, q := range l.record.Requests {
			if v := q.Value; v.Sent.IsZero() && q.Doc != nil {
				in := blanks{l, docOf(q), "sendctl edit " + l.record.ID + " " + shown(v.ID)}
				in.words(v.Reasons, "reasons")
				in.words(v.Because, "because")
				in.texts(v.OutcomesSought, "outcomes_sought[]")
				in.texts(v.SupportSought, "support_sought[]")
				in.learner(v.LearnerSays, "learner_says[]")
				in.parents(v.ParentsSay, "parents_say[]")
			}
		}
		if p := l.record.Passport; p.Doc != nil && len(p.Value.Agreed) == 0 {
			v, in := p.Value, blanks{l, docOf(p), "sendctl passport " + l.record.ID}
			in.texts(v.Know, "know[]")
			in.texts(v.HardWhen, "hard_when[]")
			in.texts(v.HelpMeBy, "help_me_by[]")
			in.texts(v.HelpMyself, "help_myself_by[]")
		}
		if p := l.record.Profile; p.Doc != nil && len(p.Value.Agreed) == 0 {
			v, in := p.Value, blanks{l, docOf(p), "sendctl profile " + l.record.ID}
			if gate.AnySaid(v.Admire) {
				in.texts(v.Admire, "admire[]")
			}
			in.texts(v.Important, "important[]")
			in.texts(v.Support, "support[]")
		}
	},
}

// nothingYet reports whether a target only keeps its place, be it by the word it begins with.
func nothingYet(outcome learner.Words) bool {
	return gate.Placeholder(outcome) || strings.EqualFold(strings.Trim(string(outcome), " .\u2026_"), "will")
}

// blanks looks in one file for words that only keep a place.
type blanks struct {
	*look
	file    doc
	command string // that writes the file
}

func (in blanks) words(w learner.Words, at string, places ...int) {
	if gate.Placeholder(w) {
		in.tell("write what there is to say, or take it out", at, places...)
	}
}

func (in blanks) voice(w learner.Words, at string, places ...int) {
	if gate.Placeholder(w) {
		in.tell("write what was said; if nobody was asked, write not_sought: with the reason", at, places...)
	}
}

func (in blanks) tell(hint, at string, places ...int) {
	in.find(in.file, indexed(at, places...), "this only fills the space, and tells the next reader nothing", hint+": "+in.command)
}

func (in blanks) texts(words []learner.Words, at string) {
	for i, w := range words {
		in.words(w, at, i)
	}
}

func (in blanks) learner(said []learner.LearnerVoice, at string) {
	for i, v := range said {
		in.voice(v.Words, at+".words", i)
		in.voice(v.NotSought, at+".not_sought", i)
	}
}

// parents leaves a reason alone that may say that nobody is asked any more.
func (in blanks) parents(said []learner.ParentVoice, at string) {
	for i, v := range said {
		in.voice(v.Words, at+".words", i)
		if !in.reached(in.ofAgeFrom()) {
			in.voice(v.NotSought, at+".not_sought", i)
		}
	}
}
