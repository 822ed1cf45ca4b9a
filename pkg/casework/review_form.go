package casework

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// ReviewForm asks what a review records, about the cycle that is open. Paths are
// those of the cycle's review section.
func ReviewForm(c Case, cycle learner.Cycle) form.Script {
	q := reviewQuestions{Case: c, cycle: cycle, plan: cycle.Plan, before: lastReviewed(c)}
	return func(a form.Answers) []form.Question {
		qs := q.opening(a)
		for i, t := range q.plan.Targets {
			qs = append(qs, q.target(a, i, t)...)
		}
		for _, p := range q.plan.Provision {
			qs = append(qs, q.provision(a, p)...)
		}
		qs = append(qs, q.voices(a)...)
		return append(qs, q.closing(a)...)
	}
}

type reviewQuestions struct {
	Case
	cycle  learner.Cycle
	plan   *learner.Plan
	before *learner.Cycle // the last reviewed cycle, corrections laid over it; nil if there is none
}

func lastReviewed(c Case) *learner.Cycle {
	done := c.Record.Reviewed()
	if len(done) == 0 {
		return nil
	}
	last, _ := c.Record.Corrected(done[len(done)-1])
	return &last
}

// lastTime says what the last review said of a target that measures the same thing.
func (q reviewQuestions) lastTime(t learner.Target) []string {
	if q.before == nil || q.before.Plan == nil || t.Measure == nil {
		return nil
	}
	for _, old := range q.before.Plan.Targets {
		if old.Measure == nil || !strings.EqualFold(string(old.Measure.What), string(t.Measure.What)) {
			continue
		}
		for _, r := range q.before.Review.Targets {
			if r.Target != old.ID {
				continue
			}
			line := "Last time, " + q.before.Review.Date.Long() + ": "
			if r.Result == "" {
				return []string{line + "not measured."}
			}
			return []string{line + amount(old.Measure, r.Result) + ", " + q.Folder.Pathway.Value.Words("scores", string(r.Score)) + "."}
		}
	}
	return nil
}

func (q reviewQuestions) opening(a form.Answers) []form.Question {
	qs := []form.Question{
		{
			Path: "date", Flag: "--date", Kind: form.Date, Default: q.Today.String(), Follows: true,
			Heading: "The review meeting",
			Ask:     "On what day was the review held?",
			Last:    []string{"The plan of " + q.plan.Date.Long() + " said: review by " + q.plan.ReviewOn.Long() + "."},
			Why:     "The day it happened is kept apart from the day you record it, so that a late entry is told from a late review.",
			Check:   past(q.plan.Date, q.Today, "the plan"),
		},
	}
	if q.plannedByLaw(a) {
		qs = append(qs, form.Question{
			Path: "annual", Flag: "--annual", Kind: form.YesNo, Optional: q.Nameless,
			Ask: "Was this the annual review of the EHC plan too?",
			Why: "The law asks for one in twelve months, with the family and the authority. A review of the school's own in between does not start that year again.",
		})
	}
	return append(qs, form.Question{
		Path: "present", Flag: "--present", Kind: form.Many, Options: q.everyone(),
		Ask: "Who took part?",
		Why: "The Code of Practice asks for the family and the learner to be part of every review. Writing down who was there shows it.",
	})
}

// plannedByLaw reports whether an EHC plan was in force on the day of the review.
func (q reviewQuestions) plannedByLaw(a form.Answers) bool {
	day, err := date.Parse(cmp.Or(a.Text("date"), q.Today.String()))
	if err != nil {
		day = q.Today
	}
	code := ""
	for _, x := range q.Record.Learner.Value.SENProvision {
		if !x.From.After(day) {
			code = x.Code
		}
	}
	return code == "E"
}

func (q reviewQuestions) target(a form.Answers, i int, t learner.Target) []form.Question {
	at := "targets[" + t.ID + "]."
	heading := fmt.Sprintf("Target %d of %d: %s %s", i+1, len(q.plan.Targets), q.name(), t.Outcome)
	unit := ""
	last := q.lastTime(t)
	if m := t.Measure; m != nil {
		unit = measured(m)
		last = append(last, fmt.Sprintf("At the start: %s. Aimed at: %s.", amount(m, m.Baseline), amount(m, m.Target)))
	}
	for _, n := range q.cycle.Do {
		if n.Target == t.ID && n.Value != "" {
			last = append(last, fmt.Sprintf("On %s: %s.", n.Date.Long(), n.Value))
		}
	}
	qs := []form.Question{{
		Path: at + "result", Heading: heading, Last: last, Kind: form.Number, Optional: true,
		Ask: "What is the figure now" + unit + "? (s if it was not measured)",
		Why: "A figure measured in the same way as at the start shows what the support did. If it was not measured, type s and say why.",
		Check: func(x form.Answer) error {
			v, _ := learner.Number(x.Text).Float()
			if t.Measure == nil {
				return nil
			}
			if of, ok := t.Measure.Of.Float(); ok && v > of {
				return fmt.Errorf("that is more than %s, which it is out of", t.Measure.Of)
			}
			return nil
		},
	}}
	if a[at+"result"].Skipped {
		qs = append(qs, form.Question{
			Path: at + "not_measured", Heading: heading, Kind: form.Words,
			Ask: "Why was it not measured?",
			Why: "Absence, a change of staff, support that was not given: a target that was not measured is not a target that was missed.",
		})
	} else {
		qs = append(qs, form.Question{
			Path: at + "score", Heading: heading, Kind: form.Choice, Options: q.options("scores"),
			Ask: "How is that, beside what was expected?",
			Why: "One scale for every target lets this be compared over the years: 0 is as expected.",
		})
	}
	return append(qs,
		form.Question{
			Path: at + "next", Heading: heading, Kind: form.Choice, Options: q.options("next"),
			Ask: "What happens with this target now?",
			Why: "The next plan starts from this answer.",
		},
		form.Question{
			Path: at + "because", Heading: heading, Kind: form.Words, Optional: true,
			Ask: "In a sentence, why?",
			Why: "Whoever reads this next year was not in the room.", Hint: staffAdvice,
		})
}

// measured names a measure for a question: ", in words, out of 45".
func measured(m *learner.Measure) string {
	s := ""
	if m.Unit != "" {
		s += ", in " + string(m.Unit)
	}
	if m.Of != "" {
		s += ", out of " + string(m.Of)
	}
	return s
}

func amount(m *learner.Measure, n learner.Number) string {
	s := string(n)
	if m.Of != "" {
		s += " of " + string(m.Of)
	}
	if m.Unit != "" {
		s += " " + string(m.Unit)
	}
	return s
}

// deliveredSoFar adds up what the notes of a cycle say was given.
func deliveredSoFar(c learner.Cycle, provision string) int {
	sum := 0
	for _, n := range c.Do {
		if n.Provision == provision {
			d, _ := n.Delivered.Int()
			sum += d
		}
	}
	return sum
}

func (q reviewQuestions) provision(a form.Answers, p learner.Provision) []form.Question {
	at := "provision[" + p.ID + "]."
	heading := "Support: " + string(p.What)
	var last []string
	planned, known := p.Sessions.Total()
	if known {
		last = append(last, fmt.Sprintf("Planned: %d sessions.", planned))
	}
	// The count of the notes is shown and is no default: notes are seldom complete.
	if delivered := deliveredSoFar(q.cycle, p.ID); delivered > 0 {
		last = append(last, fmt.Sprintf("The notes count %d so far.", delivered))
	}
	var qs []form.Question
	if p.Sessions != nil {
		qs = append(qs,
			form.Question{
				Path: at + "delivered", Heading: heading, Last: last, Kind: form.Number, Optional: !q.Nameless, Check: wholeNumber,
				Ask: "How many sessions were given in all? (s if nobody counted)",
				Why: "Asked apart from the result, so that support that did not work can be told from support that was not given.",
			},
			form.Question{
				Path: at + "attended", Heading: heading, Kind: form.Number, Optional: true,
				Ask: "How many of them did " + q.name() + " attend?",
				Why: "A session can be given and missed.",
				Check: func(x form.Answer) error {
					n, ok := learner.Number(x.Text).Int()
					d, known := learner.Number(a.Text(at + "delivered")).Int()
					if !ok || n < 0 {
						return errors.New("give a whole number, 0 or more")
					}
					if known && n > d {
						return fmt.Errorf("no more than the %d given can have been attended", d)
					}
					return nil
				},
			})
	}
	qs = append(qs, form.Question{
		Path: at + "impact", Heading: heading, Kind: form.Choice, Options: q.options("impact"),
		Ask: "How much did it help?",
		Why: "What helped is worth keeping, whether or not the target was met.",
	})
	if a[at+"delivered"].Skipped {
		qs = append(qs, form.Question{
			Path: at + "words", Heading: heading, Kind: form.Words,
			Ask: "Why is it not known how many were given?",
			Why: "Whether support was given decides how its result is read. Where nobody counted, the reason stands in its place.",
		})
	} else if given, ok := learner.Number(a.Text(at + "delivered")).Int(); ok && known && given < planned {
		qs = append(qs, form.Question{
			Path: at + "words", Heading: heading, Kind: form.Words, Optional: true,
			Ask: fmt.Sprintf("%d of %d were given. What was in the way?", given, planned),
			Why: "So that the next plan can be one that is kept.",
		})
	}
	return qs
}

func (q reviewQuestions) voices(a form.Answers) []form.Question {
	const learnerAt = "learner_says[0]."
	heading := "What " + q.name() + " and the family say"
	var last []string
	if q.cycle.Assess != nil {
		for _, v := range q.cycle.Assess.LearnerSays {
			if v.Words != "" {
				last = append(last, heard("At the start", v.Date, v.Words))
			}
		}
	}
	if q.before != nil {
		for _, v := range q.before.Review.LearnerSays {
			if v.Words != "" {
				last = append(last, heard("Last time", v.Date, v.Words))
			}
		}
	}
	qs := []form.Question{{
		Path: learnerAt + "words", Heading: heading, Last: last, Kind: form.Words, Optional: true,
		Ask: "What does " + q.name() + " say about it, in their own words? (s if you could not ask)",
		Why: "The learner's own words are kept as they said them. Words, signs, pictures or what you saw all count.",
	}}
	if a[learnerAt+"words"].Skipped {
		qs = append(qs, form.Question{
			Path: learnerAt + "not_sought", Heading: heading, Kind: form.Words,
			Ask: "Why is there nothing from " + q.name() + "?",
			Why: "The learner's view belongs in every review. Where there is none, the reason stands in its place.",
		})
	} else {
		qs = append(qs, form.Question{
			Path: learnerAt + "how", Heading: heading, Kind: form.Line, Optional: true,
			Ask: "How did you find out? For example talking, drawing, choosing pictures.",
			Why: "How a view was sought says how much weight it bears.",
		}, spoken(learnerAt, heading, a.Text("date"), q.Today))
	}
	for _, m := range q.family() {
		at := "parents_say[" + m.Value + "]."
		var said []string
		if q.cycle.Assess != nil {
			for _, v := range q.cycle.Assess.ParentsSay {
				if v.Who == m.Value && v.Words != "" {
					said = append(said, heard("At the start", v.Date, v.Words))
				}
			}
		}
		if q.before != nil {
			for _, v := range q.before.Review.ParentsSay {
				if v.Who == m.Value && v.Words != "" {
					said = append(said, heard("Last time", v.Date, v.Words))
				}
			}
		}
		qs = append(qs, form.Question{
			Path: at + "words", Heading: heading, Last: said, Kind: form.Words, Optional: true,
			Ask: "What does " + m.Words + ", say? (s if you could not ask)",
			Why: "Two parents can differ, and both are heard. Their words are kept as they said them.",
		})
		if a[at+"words"].Skipped {
			qs = append(qs, form.Question{
				Path: at + "not_sought", Heading: heading, Kind: form.Words,
				Ask: "Why is there nothing from " + m.Words + "?",
				Why: "Parents and carers are part of the review. Where they could not be, the reason stands in its place.",
			})
		} else {
			qs = append(qs, spoken(at, heading, a.Text("date"), q.Today))
		}
	}
	return qs
}

// heard repeats what somebody said, with the day where it is known.
func heard(when string, on date.Date, words learner.Words) string {
	if !on.IsZero() {
		when += " (" + on.Long() + ")"
	}
	return when + ": " + quoted(words)
}

func quoted(w learner.Words) string { return "\u201c" + string(w) + "\u201d" }

func (q reviewQuestions) closing(a form.Answers) []form.Question {
	const heading = "The decision"
	var progress, decision []string
	if q.before != nil {
		p := &q.Folder.Pathway.Value
		progress = []string{"Last time: " + p.Words("progress", q.before.Review.Progress) + "."}
		decision = []string{"Last time: " + p.Words("decisions", q.before.Review.Decision) + "."}
	}
	qs := []form.Question{
		{
			Path: "observations", Heading: heading, Kind: form.List, Optional: true,
			Ask: "Anything else you saw that belongs here?",
			Why: "Another figure, a change in class, something that surprised you.", Hint: staffAdvice,
		},
		{
			Path: "progress", Flag: "--progress", Heading: heading, Kind: form.Choice, Options: q.options("progress"), Last: progress,
			Ask: "Taken together, how much progress did " + q.name() + " make in this cycle?",
			Why: "Two reviewed cycles with less progress than expected are what the next stage asks for.",
		},
		{
			Path: "decision", Flag: "--decision", Heading: heading, Kind: form.Choice, Options: q.options("decisions"), Last: decision,
			Ask: "What happens now?",
			Why: "A review ends in a decision. It changes no stage by itself: a move is recorded on its own.",
		},
	}
	decided := a.Text("decision")
	qs = append(qs, form.Question{
		Path: "because", Heading: heading, Kind: form.Words, Optional: decided == "another-cycle" || decided == "",
		Ask: "Why this decision?",
		Why: "A family, a panel or a tribunal may ask for the reason years later.", Hint: staffAdvice,
	})
	if decided == "another-cycle" {
		qs = append(qs, form.Question{
			Path: "changes", Heading: heading, Kind: form.List, Optional: true,
			Ask: "What will be different in the next cycle?",
			Why: "The same plan again gives the same result again.", Hint: staffAdvice,
		})
	}
	return qs
}

// ReviewOf makes the review of what was answered. extra puts in what was given
// beyond the questions (nil for nothing).
func ReviewOf(c Case, cycle learner.Cycle, a form.Answers, extra Extra) (*learner.Review, error) {
	r := &learner.Review{RecordedBy: c.Me.ID}
	if err := Fill(r, ReviewForm(c, cycle), a, extra); err != nil {
		return nil, err
	}
	order := func(id string, in func(int) string, n int) int {
		for i := range n {
			if in(i) == id {
				return i
			}
		}
		return n
	}
	slices.SortStableFunc(r.Targets, func(x, y learner.TargetReview) int {
		at := func(i int) string { return cycle.Plan.Targets[i].ID }
		return order(x.Target, at, len(cycle.Plan.Targets)) - order(y.Target, at, len(cycle.Plan.Targets))
	})
	return r, nil
}

// spoken asks on what day words were said; a day nobody gave is left out.
func spoken(at, heading, likely string, today date.Date) form.Question {
	return form.Question{
		Path: at + "date", Heading: heading, Kind: form.Date, Optional: true, Default: likely,
		Ask:   "On what day was that said? (s if that is not known)",
		Why:   "What was said before the meeting and what was said in it are not the same.",
		Check: past(date.Date{}, today, ""),
	}
}

// Fill makes out, a pointer to what a form is about, of the answers that still
// belong to a question, and of what was given beyond them.
func Fill(out any, s form.Script, a form.Answers, extra Extra) error {
	if err := fill(out, s, a); err != nil || extra == nil {
		return err
	}
	return extra(out)
}

// fill assigns every answer that still belongs to a question of s.
func fill(out any, s form.Script, a form.Answers) error {
	for _, q := range s(a) {
		x, ok := a[q.Path]
		if !ok || x.Empty() {
			continue
		}
		if err := recordfile.Assign(out, q.Path, strings.TrimSpace(x.Text), x.Items); err != nil {
			return err
		}
	}
	return nil
}
