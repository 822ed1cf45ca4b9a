package casework

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/wording"
)

// mostAdvised is how many faults of wording are told of one answer: who is told more
// reads none.
const mostAdvised = 2

// advised tells what could be said more plainly in an answer just typed, with a pattern.
// It quotes the word concerned, so it is for the person who typed it only.
func advised(text string, faults []wording.Fault) string {
	rs := []rune(text)
	var out []string
	for _, f := range faults {
		if len(out) == mostAdvised {
			break
		}
		said := ""
		if f.To > f.From && f.To <= len(rs) {
			said = "“" + string(rs[f.From:f.To]) + "”: "
		}
		out = append(out, "Advice: "+said+f.Why+". Perhaps: "+f.Instead+".")
	}
	return strings.Join(out, "\n")
}

// outcomeAdvice judges a target by its words. Its measure and its day are asked next.
func outcomeAdvice(x form.Answer) string {
	return advised(x.Text, wording.Target(x.Text, wording.Given{Measure: true, Start: true, Date: true}))
}

// supportAdvice judges what is given by its words. Who, how often, how long and to how
// many are asked next.
func supportAdvice(x form.Answer) string {
	return advised(x.Text, wording.Provision(x.Text, wording.Given{Who: true, Frequency: true, Length: true, GroupSize: true}))
}

// aimAdvice says that a target aims at no more than what is there, once it is known
// which way is better.
func aimAdvice(a form.Answers, at string) func(form.Answer) string {
	return func(x form.Answer) string {
		given := wording.Given{Measure: true, Date: true, Better: x.Text,
			Baseline: learner.Number(a.Text(at + "measure.baseline")), Aim: learner.Number(a.Text(at + "measure.target"))}
		for _, f := range wording.Target("", given) {
			if f.Label == wording.NotAboveBaseline {
				return advised("", []wording.Fault{f})
			}
		}
		return ""
	}
}

// staffAdvice looks for fault-finding in what staff write about the learner. What the
// learner and the family say is never judged.
func staffAdvice(x form.Answer) string {
	texts := x.Items
	if len(texts) == 0 {
		texts = []string{x.Text}
	}
	for _, text := range texts {
		for _, f := range wording.Plain(text) {
			if f.Label == wording.Deficit {
				return advised(text, []wording.Fault{f})
			}
		}
	}
	return ""
}
