package gate

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// Faults are the names in a pathway that lead nowhere: stages, checks, tests, what
// a test looks for, thresholds, headings, and the events of clocks. They are at
// their path in pathway.yaml; the caller, who has the document, adds the line.
func Faults(p *pathway.Pathway) []diag.Finding {
	w := &walk{p: p}
	w.stages()
	w.checks()
	w.requests()
	return w.out
}

type walk struct {
	p   *pathway.Pathway
	out []diag.Finding
}

// add tells of a name that is not among known. A code of the pathway is no one's
// private matter, so it may be repeated in a message.
func (w *walk) add(at, name, what string, known []string) {
	w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: at, Value: name,
		Message: fmt.Sprintf("this is not %s%s", what, diag.DidYouMean(name, known)), Hint: hintFor(what, known)})
}

func hintFor(what string, known []string) string {
	if len(known) == 0 {
		return "there is none yet in this pathway: leave it out, or add it"
	}
	return "known are " + codes(known)
}

// one tells of a name that is not among known; "" is not a name.
func (w *walk) one(at, name, what string, known []string) {
	if name != "" && !slices.Contains(known, name) {
		w.add(at, name, what, known)
	}
}

func (w *walk) each(at string, names []string, what string, known []string) {
	for i, n := range names {
		w.one(fmt.Sprintf("%s[%d]", at, i), n, what, known)
	}
}

// once tells of the second of two things under one name.
func (w *walk) once(at string, names []string) {
	for i, n := range names {
		if slices.Contains(names[:i], n) {
			w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: fmt.Sprintf(at, i), Value: n,
				Message: "something before it has this name", Hint: "give each a name of its own"})
		}
	}
}

func (w *walk) checkIDs() []string {
	var out []string
	for _, c := range w.p.Checks {
		out = append(out, c.ID)
	}
	return out
}

func (w *walk) results() []string {
	var out []string
	for _, q := range w.p.Requests {
		for _, r := range q.Results {
			if !slices.Contains(out, r.Code) {
				out = append(out, r.Code)
			}
		}
	}
	return out
}

func (w *walk) stages() {
	stages, checks := w.p.StageIDs(), w.checkIDs()
	w.once("stages[%d].id", stages)
	for i, m := range w.p.Moves {
		at := fmt.Sprintf("moves[%d]", i)
		w.each(at+".from", m.From, "a stage of this pathway", stages)
		w.each(at+".to", m.To, "a stage of this pathway", stages)
		w.each(at+".gate", m.Gate, "a check of this pathway", checks)
		for j, from := range m.From {
			if slices.Contains(m.To, from) {
				w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: fmt.Sprintf("%s.from[%d]", at, j), Value: from,
					Message: "this move leads from a stage to itself", Hint: "take it out of from or of to"})
			}
			for k, to := range m.To {
				if first := w.firstMove(from, to); first < i {
					w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: fmt.Sprintf("%s.to[%d]", at, k), Value: to,
						Message: fmt.Sprintf("moves[%d] already leads from %s to it, so this one is never looked at", first, codes([]string{from})), Hint: "keep one of the two"})
				}
			}
		}
	}
}

func (w *walk) firstMove(from, to string) int {
	return slices.IndexFunc(w.p.Moves, func(m pathway.Move) bool { return slices.Contains(m.From, from) && slices.Contains(m.To, to) })
}

func (w *walk) checks() {
	known := tests()
	w.once("checks[%d].id", w.checkIDs())
	for i, c := range w.p.Checks {
		at := fmt.Sprintf("checks[%d]", i)
		w.one(at+".test", c.Test, "a way of looking that this sendctl knows", Tests())
		w.one(at+".head", c.Head, "a code of the list heads", w.p.Codes(pathway.Heads))
		w.one(at+".least", c.Least, "the name of a threshold", Thresholds())
		if v, named := thresholds(&w.p.Thresholds).of(c.Least); named && v == "" {
			w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: at + ".least", Value: c.Least,
				Message: "this pathway gives no number for this threshold", Hint: "add it to thresholds, or write at_least with a number"})
		}
		t, ok := known[c.Test]
		if !ok {
			continue
		}
		switch {
		case t.results:
			w.each(at+".of", c.Of, "a result of a request of this pathway", w.results())
		case t.stages:
			w.each(at+".of", c.Of, "a stage of this pathway", w.p.StageIDs())
		case t.list != "":
			w.each(at+".of", c.Of, "a code of the list "+t.list, w.p.Codes(t.list))
		case t.fixed != nil:
			w.each(at+".of", c.Of, "something that this test looks for", t.fixed())
		case len(c.Of) > 0:
			w.add(at+".of", c.Of[0], "something that this test looks for", nil)
		}
		if t.needsOf && len(c.Of) == 0 {
			w.out = append(w.out, diag.Finding{Rule: "pathway", Severity: diag.Error, File: "pathway.yaml", Path: at + ".test", Value: c.Test,
				Message: "this test does not know what to look for", Hint: "write of: with some of " + codes(t.fixed())})
		}
	}
}

func (w *walk) requests() {
	checks := w.checkIDs()
	w.once("requests[%d].id", w.p.RequestIDs())
	for i, q := range w.p.Requests {
		at := fmt.Sprintf("requests[%d]", i)
		w.each(at+".gate", q.Gate, "a check of this pathway", checks)
		w.each(at+".evidence", q.Evidence, "a check of this pathway", checks)
		var results []string
		for _, r := range q.Results {
			results = append(results, r.Code)
		}
		w.each(at+".ends", q.Ends, "a result of this request", results)
		w.once(at+".results[%d].code", results)
		for j, c := range q.Clock {
			at := fmt.Sprintf("%s.clock[%d]", at, j)
			w.each(at+".from", c.From, "a letter or a result of this request, or sent, impact-by, grant-from, grant-to or impact", q.Events())
			w.each(at+".until", c.Until, "a letter or a result of this request, or sent, impact-by, grant-from, grant-to or impact", q.Events())
		}
	}
}
