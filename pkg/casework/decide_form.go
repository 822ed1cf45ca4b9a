package casework

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
)

func termOptions(terms []pathway.Term) []form.Option {
	var out []form.Option
	for _, t := range terms {
		out = append(out, form.Option{Value: t.Code, Words: string(t.Words), Means: string(t.Means)})
	}
	return out
}

// noCodes says that the pathway in force lacks a list without which an act cannot be recorded.
func noCodes(kind pathway.Request, list string) error {
	return state("the pathway in force has no %s for %s; add a list of that name to the request in pathway.yaml: sendctl edit pathway.yaml", list, kind.ID)
}

// LetterForm asks about a letter to or from whoever decides a request.
func LetterForm(c Case, l gate.Life) (form.Script, error) {
	if len(l.Kind.Letters) == 0 {
		return nil, noCodes(l.Kind, "letters")
	}
	return func(form.Answers) []form.Question {
		heading := "A letter about the " + string(l.Kind.Words) + " request of " + l.Request.Value.Opened.Long()
		return []form.Question{
			{Path: "what", Flag: "--what", Heading: heading, Kind: form.Choice, Options: termOptions(l.Kind.Letters),
				Ask: "What does it say?", Why: "Time limits count from some of these letters, and end with others."},
			{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true,
				Ask: "Which day counts: when it was received, asked or sent?", Why: "The time limit counts from that day, not from the day it is typed.",
				Check: past(l.Request.Value.Sent, c.Today, "the day the request was sent")},
			{Path: "reference", Flag: "--reference", Heading: heading, Kind: form.Line, Optional: true,
				Ask: "Under what number or name do they keep it? (s if none)", Why: "So that the next letter finds its way."},
			{Path: "words", Flag: "--words", Heading: heading, Kind: form.Words, Optional: true, Ask: "Anything else it says? (s if not)", Why: "In their words."},
		}
	}, nil
}

// LetterOf makes the letter of the answers.
func LetterOf(c Case, l gate.Life, a form.Answers, extra Extra) (learner.Letter, error) {
	x := learner.Letter{Format: recordfile.Letter.Format(), Learner: c.ID(), Request: l.Request.Value.ID, By: c.Me.ID}
	script, err := LetterForm(c, l)
	if err != nil {
		return x, err
	}
	return x, Fill(&x, script, a, extra)
}

// outOfAt is the path of the question how high a score can be, which is no value of
// the file: every score takes it.
const outOfAt = "out_of"

// scoredAt is the path of the question whether there are scores at all, which is no
// value of the file either. Whoever gives scores has answered it: see Scored.
const scoredAt = "scored"

// Scored says that there are scores, where some were given.
func Scored(s *Supply) {
	if s.Has("scores") && !s.Has(scoredAt) {
		s.Set(scoredAt, "yes", "scores")
	}
}

// DecisionForm asks about a decision: what was decided, why, and what follows.
func DecisionForm(c Case, l gate.Life) (form.Script, error) {
	if len(l.Kind.Results) == 0 {
		return nil, noCodes(l.Kind, "results")
	}
	return func(a form.Answers) []form.Question {
		heading := "The decision on the " + string(l.Kind.Words) + " request of " + l.Request.Value.Opened.Long()
		result := a.Text("result")
		refused := report.Refused(result)
		qs := []form.Question{
			{Path: "panel", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Ask: "On what day did the panel meet?",
				Why: "The day it was decided; the day you were told is asked apart.", Check: past(l.Request.Value.Sent, c.Today, "the day the request was sent"), Last: decidedBefore(l)},
			{Path: "result", Flag: "--result", Heading: heading, Kind: form.Choice, Options: termOptions(l.Kind.Results), Ask: "What was decided?",
				Why: "The decision is the panel's. A refusal leaves the learner at the stage they are at."},
		}
		if len(l.Kind.Reasons) > 0 {
			qs = append(qs, form.Question{Path: "reasons", Flag: "--reasons", Heading: heading, Kind: form.Many, Options: termOptions(l.Kind.Reasons), Optional: true,
				Ask: "For which of these reasons? (s if none fits)", Why: "As codes, so that decisions can be compared."})
		}
		qs = append(qs, form.Question{Path: "words", Flag: "--words", Heading: heading, Kind: form.Words, Optional: !refused,
			Ask: "What reasons were given, in words?", Why: "As the family and the setting were given them. A refusal without reasons cannot be answered."})
		if refused {
			qs = append(qs,
				form.Question{Path: "would_change", Flag: "--would-change", Heading: heading, Kind: form.List, Optional: true,
					Ask: "What would change the decision? (s if they did not say)", Why: "So that the next request, or the next plan, can answer it."},
				form.Question{Path: "appeal_told", Flag: "--appeal-told", Heading: heading, Kind: form.Date, Optional: true,
					Ask: "On what day was the family told of mediation and the right to appeal? (s if they were not)", Why: "The time for an appeal counts from the letter that tells of it.",
					Check: past(parsed(a, "panel"), c.Today, "the day of the panel")})
		} else {
			qs = append(qs, form.Question{Path: "conditions", Flag: "--condition", Heading: heading, Kind: form.List, Optional: true,
				Ask: "What does it depend on? (s if on nothing)", Why: "Such as a day by which the impact is to be looked at."})
		}
		if l.Kind.Money && result != "" && !refused && granting(result) {
			qs = append(qs, granted(l, a, result, heading)...)
		}
		return append(qs, panel(c, l, a, heading)...)
	}, nil
}

// granting reports whether a result can grant something. A code that is not known
// here may.
func granting(result string) bool {
	return result != "deferred" && result != "withdrawn" && result != "signposted"
}

// granted asks what was granted: what was asked for, where that was agreed to.
func granted(l gate.Life, a form.Answers, result, heading string) []form.Question {
	asked := learner.Grant{}
	if l.Request.Value.Asks != nil {
		asked = *l.Request.Value.Asks
	}
	day := func(d date.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	whole := result == "agreed" // else what was asked for is only likely
	ask := func(q form.Question, def string) form.Question {
		q.Heading, q.Default, q.Follows = heading, def, whole && def != ""
		return q
	}
	optional := result != "agreed" && result != "part-agreed"
	qs := []form.Question{ask(form.Question{Path: "grants.money", Flag: "--money", Kind: form.Number, Optional: optional, Check: amountOfMoney,
		Ask: "How much, in pounds?", Why: "For the whole time."}, string(asked.Money))}
	if a["grants.money"].Skipped {
		return qs
	}
	until := form.Answer{Text: day(asked.To)}
	after := afterFirst(parsed(a, "grants.from"))
	if after != nil && after(until) != nil {
		until.Text = "" // granted from a later day than was asked for
	}
	qs = append(qs,
		ask(form.Question{Path: "grants.from", Flag: "--from", Kind: form.Date, Optional: optional, Ask: "From what day?", Why: "The record shows the money from that day."}, day(asked.From)),
		ask(form.Question{Path: "grants.to", Flag: "--to", Kind: form.Date, Optional: optional, Ask: "To what day?", Why: "The day after, the record shows that it has ended.",
			Check: after}, until.Text))
	return append(qs, form.Question{Path: "impact_by", Flag: "--impact-by", Heading: heading, Kind: form.Date, Optional: true, Check: afterFirst(parsed(a, "grants.from")),
		Ask: "By what day do they want to hear what it changed? (s if by its last day)", Why: "Then the time limit counts from that day, and not only from the last day of the money."})
}

// panel asks who decided, with what scores, and when people were told.
func panel(c Case, l gate.Life, a form.Answers, heading string) []form.Question {
	const who = "The panel"
	qs := []form.Question{
		{Path: "members", Flag: "--member", Heading: who, Kind: form.List, Optional: true, Ask: "Who sat on it? By role, never by name. (s if not known)", Why: "A fair panel can be told by who sat on it."},
		{Path: "recused", Flag: "--recused", Heading: who, Kind: form.Number, Optional: true, Check: wholeNumber, Ask: "How many of them took no part, because they know the family? (s if not known)", Why: "That they stood aside is written down."},
		{Path: "chair", Flag: "--chair", Heading: who, Kind: form.Choice, Options: c.staff(), Optional: true, Ask: "Who chaired it? (s if not known)", Why: "So that questions find somebody."},
		{Path: "moderator", Flag: "--moderator", Heading: who, Kind: form.Choice, Options: c.staff(), Optional: true, Ask: "Who looked at it a second time? (s if nobody)", Why: "Two who judge apart keep panels alike."},
	}
	_, told := a[scoredAt]
	scored, ask := false, a.Yes(scoredAt) || c.Nameless && !told // who writes a script sees them all
	if len(l.Kind.Criteria) > 0 {
		qs = append(qs, form.Question{Path: scoredAt, Heading: "The panel's scores", Kind: form.YesNo, Default: "false", Follows: true,
			Ask: "Did the panel give scores?", Why: "Some panels score each part of a request; many do not."})
	}
	for _, t := range l.Kind.Criteria {
		if !ask {
			break
		}
		at := "scores[" + t.Code + "].score"
		qs = append(qs, form.Question{Path: at, Heading: "The panel's scores", Kind: form.Number, Optional: true, Check: notNegative,
			Ask: "What did it give for: " + strings.TrimRight(string(t.Words), ".") + "? (s if nothing)", Why: "Scores inform a decision; they do not make it."})
		scored = scored || !a[at].Empty()
	}
	if scored {
		qs = append(qs,
			form.Question{Path: outOfAt, Heading: "The panel's scores", Kind: form.Number, Optional: true, Default: "3", Check: notNegative, Ask: "Out of how many is each?", Why: "2 of 3 and 2 of 10 are not the same."},
			form.Question{Path: "second_total", Flag: "--second-total", Heading: "The panel's scores", Kind: form.Number, Optional: true, Check: notNegative,
				Ask: "What did the second rater come to in all? (s if there was none)", Why: "How far two judges differ says how sure the scores are."})
	}
	if !l.Kind.Money {
		const legal = "The legal test (Children and Families Act 2014, section 36)"
		qs = append(qs, form.Question{Path: "legal_test.may_have_sen", Heading: legal, Kind: form.YesNo, Optional: true,
			Ask: "Did they find that there are, or may be, special educational needs? (s if they did not say)", Why: "The answer is theirs: no program judges it."})
		if x, ok := a["legal_test.may_have_sen"]; ok && !x.Skipped {
			qs = append(qs,
				form.Question{Path: "legal_test.plan_may_be_necessary", Heading: legal, Kind: form.YesNo,
					Ask: "Did they find that support under a plan may be necessary?", Why: "The second question of the test."},
				form.Question{Path: "legal_test.words", Heading: legal, Kind: form.Words, Optional: true, Ask: "Why, in their words? (s if they did not say)", Why: "The test is answered for one learner, not by a rule."})
		}
	}
	on := parsed(a, "panel")
	return append(qs,
		form.Question{Path: "feedback", Flag: "--feedback", Heading: heading, Kind: form.List, Optional: true, Ask: "What did they say about the request itself? (s if nothing)", Why: "It makes the next request better."},
		form.Question{Path: "notified", Flag: "--notified", Heading: heading, Kind: form.Date, Optional: true, Check: past(on, c.Today, "the day of the panel"),
			Ask: "On what day were the family and the setting told? (s if not yet)", Why: "The time limit ends with that day."})
}

func notNegative(x form.Answer) error {
	if v, ok := learner.Number(x.Text).Float(); !ok || v < 0 {
		return fmt.Errorf("give a number, 0 or more")
	}
	return nil
}

func decidedBefore(l gate.Life) []string {
	var out []string
	for _, d := range l.Decisions {
		out = append(out, "Decided before: "+d.Value.Panel.Long()+": "+l.Kind.Result(d.Value.Result)+".")
	}
	return out
}

// DecisionOf makes the decision of the answers.
func DecisionOf(c Case, l gate.Life, a form.Answers, extra Extra) (learner.Decision, error) {
	d := learner.Decision{Format: recordfile.Decision.Format(), Learner: c.ID(), Request: l.Request.Value.ID}
	script, err := DecisionForm(c, l)
	if err != nil {
		return d, err
	}
	beside := func(a form.Answers) []form.Question {
		var out []form.Question
		for _, q := range script(a) {
			if q.Path != outOfAt && q.Path != scoredAt {
				out = append(out, q)
			}
		}
		return out
	}
	if err := Fill(&d, beside, a, extra); err != nil {
		return d, err
	}
	for i := range d.Scores {
		if d.Scores[i].Of == "" {
			d.Scores[i].Of = learner.Number(a.Text(outOfAt))
		}
	}
	if d.Grants != nil && d.Grants.Money == "" {
		if !d.Grants.From.IsZero() || !d.Grants.To.IsZero() {
			return d, &SupplyError{From: "the answers", Path: "grants.money", Message: "days are given for a grant, and no money; give --money, or leave the days out"}
		}
		d.Grants = nil
	}
	return d, nil
}

// ImpactForm asks what became of each outcome sought.
func ImpactForm(c Case, l gate.Life) form.Script {
	sought := l.Request.Value.OutcomesSought
	first := l.Request.Value.Sent
	if g := l.Grant(); g != nil && g.From.After(first) {
		first = g.From
	}
	return func(a form.Answers) []form.Question {
		qs := []form.Question{{Path: "date", Flag: "--date", Heading: "What the " + string(l.Kind.Words) + " money changed", Kind: form.Date, Default: c.Today.String(), Follows: true,
			Ask: "On what day was it looked at?", Why: "The day that counts, not the day it is typed.", Check: past(first, c.Today, "the first day it was for")}}
		n := max(len(sought), 1)
		for i := range n {
			at := fmt.Sprintf("outcomes[%d].", i)
			heading := fmt.Sprintf("Outcome %d", i+1)
			var last []string
			if i < len(sought) {
				last = []string{"It was: " + string(sought[i])}
			} else {
				qs = append(qs, form.Question{Path: at + "outcome", Heading: heading, Kind: form.Line, Ask: "What was to be different?", Why: "The request names no outcome."})
			}
			before, after := c.measured(sought, i)
			qs = append(qs,
				form.Question{Path: at + "before", Heading: heading, Kind: form.Number, Optional: true, Last: last, Default: before, Ask: "What was the figure before? (s if there is none)", Why: "Without it nobody can tell whether anything changed."},
				form.Question{Path: at + "after", Heading: heading, Kind: form.Number, Optional: true, Default: after, Ask: "And after? (s if there is none)", Why: "In the same unit, measured in the same way."},
				form.Question{Path: at + "words", Heading: heading, Kind: form.Words, Optional: true, Ask: "What could be seen, in words? (s if the figures say it)", Why: "Not everything that counts is a figure."})
		}
		return append(qs, form.Question{Path: "verdict", Flag: "--verdict", Heading: "Taken together", Kind: form.Words,
			Ask: "What did it come to?", Why: "Whoever granted it, and whoever plans what comes next, reads this first."})
	}
}

// measured are the first and the last figure of the target whose outcome the i-th
// one sought took over: likely, and to be looked at.
func (c Case) measured(sought []learner.Words, i int) (before, after string) {
	if i >= len(sought) {
		return "", ""
	}
	for _, x := range c.Record.Cycles {
		now, _ := c.Record.Corrected(x)
		if now.Plan == nil {
			continue
		}
		for _, t := range now.Plan.Targets {
			if t.Outcome != sought[i] || t.Measure == nil {
				continue
			}
			before = string(t.Measure.Baseline)
			if now.Review == nil {
				continue
			}
			for _, r := range now.Review.Targets {
				if r.Target == t.ID && r.Result != "" {
					after = string(r.Result)
				}
			}
		}
	}
	return before, after
}

// ImpactOf makes the impact of the answers. The outcomes are those of the request.
func ImpactOf(c Case, l gate.Life, a form.Answers, extra Extra) (learner.Impact, error) {
	x := learner.Impact{Format: recordfile.Impact.Format(), Learner: c.ID(), Request: l.Request.Value.ID, By: c.Me.ID}
	for _, w := range l.Request.Value.OutcomesSought {
		x.Outcomes = append(x.Outcomes, learner.OutcomeImpact{Outcome: w})
	}
	return x, Fill(&x, ImpactForm(c, l), a, extra)
}
