package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// placeholderRule looks where words are wanted, at what is still being written: the open
// cycle, a request that was not sent, a passport or profile that nobody agreed yet. Where
// all that a plan says of something is such words, the rule that asks for it tells that.
var placeholderRule = Rule{
	Name: "placeholder", ID: "SEN810", Severity: diag.Warning,
	About:  "Where words are wanted there are words, and no n/a, tbc or dash.",
	Source: "Code of Practice, chapter 6 (a record of outcomes, action and support)",
	check: func(l *look) {
		if !l.here() {
			return
		}
		const words, voice = "write what there is to say, or take it out", "write what was said; if nobody was asked, not_sought: with the reason"
		if c, d, ok := l.open(); ok {
			hint := func(what string) string { return what + ": sendctl edit " + l.record.ID + " " + shown(c.ID) }
			if a := c.Assess; a != nil {
				if c.Plan == nil || gate.AnySaid(a.Strengths) {
					l.placeholders(d, "assess.strengths[%d]", hint(words), a.Strengths)
				}
				for i, x := range a.Concerns {
					l.placeholder(d, fmt.Sprintf("assess.concerns[%d].words", i), hint(words), x.Words)
				}
				if c.Plan == nil || learnerHeard(a.LearnerSays) {
					l.learnerVoices(d, "assess.", hint(voice), a.LearnerSays)
				}
				if c.Plan == nil || parentsHeard(a.ParentsSay) || !l.parentsAsked(c.Plan.Date) {
					l.parentVoices(d, "assess.", hint(voice), a.ParentsSay)
				}
			}
			if p := c.Plan; p != nil {
				for i, t := range p.Targets {
					at := fmt.Sprintf("plan.targets[%d].", i)
					l.placeholder(d, at+"outcome", hint(words), t.Outcome)
					if t.Measure != nil {
						l.placeholder(d, at+"measure.what", hint(words), t.Measure.What)
					}
				}
				for i, x := range p.Provision {
					l.placeholder(d, fmt.Sprintf("plan.provision[%d].what", i), hint(words), x.What)
				}
			}
		}
		for _, q := range l.record.Requests {
			if d, v := docOf(q), q.Value; v.Sent.IsZero() && q.Doc != nil {
				hint := func(what string) string { return what + ": sendctl edit " + l.record.ID + " " + shown(v.ID) }
				l.placeholder(d, "reasons", hint(words), v.Reasons)
				l.placeholder(d, "because", hint(words), v.Because)
				l.placeholders(d, "outcomes_sought[%d]", hint(words), v.OutcomesSought)
				l.placeholders(d, "support_sought[%d]", hint(words), v.SupportSought)
				l.learnerVoices(d, "", hint(voice), v.LearnerSays)
				l.parentVoices(d, "", hint(voice), v.ParentsSay)
			}
		}
		if p := l.record.Passport; p.Doc != nil && len(p.Value.Agreed) == 0 {
			d, v, hint := docOf(p), p.Value, words+": sendctl passport "+l.record.ID
			l.placeholders(d, "know[%d]", hint, v.Know)
			l.placeholders(d, "hard_when[%d]", hint, v.HardWhen)
			l.placeholders(d, "help_me_by[%d]", hint, v.HelpMeBy)
			l.placeholders(d, "help_myself_by[%d]", hint, v.HelpMyself)
		}
		if p := l.record.Profile; p.Doc != nil && len(p.Value.Agreed) == 0 {
			d, v, hint := docOf(p), p.Value, words+": sendctl profile "+l.record.ID
			if gate.AnySaid(v.Admire) {
				l.placeholders(d, "admire[%d]", hint, v.Admire)
			}
			l.placeholders(d, "important[%d]", hint, v.Important)
			l.placeholders(d, "support[%d]", hint, v.Support)
		}
	},
}

func (l *look) placeholder(d doc, at, hint string, w learner.Words) {
	if gate.Placeholder(w) {
		l.find(d, at, "this only keeps the place of words, and tells the next reader nothing", hint)
	}
}

func (l *look) placeholders(d doc, at, hint string, words []learner.Words) {
	for i, w := range words {
		l.placeholder(d, fmt.Sprintf(at, i), hint, w)
	}
}

func (l *look) learnerVoices(d doc, part, hint string, said []learner.LearnerVoice) {
	for i, v := range said {
		at := fmt.Sprintf("%slearner_says[%d].", part, i)
		l.placeholder(d, at+"words", hint, v.Words)
		l.placeholder(d, at+"not_sought", hint, v.NotSought)
	}
}

// parentVoices leaves a reason alone that may say that nobody is asked any more.
func (l *look) parentVoices(d doc, part, hint string, said []learner.ParentVoice) {
	for i, v := range said {
		at := fmt.Sprintf("%sparents_say[%d].", part, i)
		l.placeholder(d, at+"words", hint, v.Words)
		if !l.reached(l.ofAgeFrom()) {
			l.placeholder(d, at+"not_sought", hint, v.NotSought)
		}
	}
}
