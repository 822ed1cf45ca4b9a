package render

import (
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

func number(n int) string { return strconv.Itoa(n) }

// Cycle lays out one cycle in full, in sentences.
func Cycle(name string, c report.Cycle) []Line {
	var p page
	p.tone(Heading, 0, "%s: %s", name, join(", ", c.StageWords, prefixed("cycle ", c.ID)))
	p.add(0, "Responsible teacher %s.", c.TeacherName)
	if len(c.Strengths) > 0 {
		p.head("Strengths")
		p.add(2, "%s", report.Sentence(report.Capital(strings.Join(c.Strengths, "; "))))
	}
	if len(c.Concerns) > 0 {
		p.head("Concerns")
		for _, x := range c.Concerns {
			p.add(2, "%s: %s", x.WhoName, report.Quoted(x.Words))
		}
	}
	p.list("What is known from before", c.History)
	p.list("What else could explain it", c.Looked)
	if len(c.Evidence) > 0 {
		p.head("Evidence")
		for _, e := range c.Evidence {
			p.add(2, "%s: %s.", e.Date.Long(), strings.TrimSuffix(e.Line, "."))
		}
	}
	p.said("What was said before the plan", c.Voices)
	if !c.Planned.IsZero() {
		p.plan(name, c)
	}
	if len(c.Notes) > 0 {
		p.head("Notes")
		for _, n := range c.Notes {
			p.add(2, "%s, %s: %s%s", n.Date.Long(), n.ByName, report.Quoted(n.Words), bracket(n.Facts))
		}
	}
	if c.Review != nil {
		p = append(p, Review(name, c)...)
	}
	p.corrected(c.Corrected)
	return p
}

func (p *page) plan(name string, c report.Cycle) {
	p.head("The plan of " + c.Planned.Long() + ", agreed with " + c.AgreedWithWords + "; review by " + c.ReviewOn.Long())
	for i, t := range c.Targets {
		p.add(2, "Target %d: %s %s (%s; from %s to %s%s).", i+1, name, strings.TrimSuffix(t.Outcome, "."), orMeasure(t.Measure), t.Figure(t.Baseline), t.Figure(t.Target), outOf(t))
	}
	for i, s := range c.Support {
		p.add(2, "Support %d: %s.", i+1, join("; ", join(", ", s.What, s.How), by(s), planned(s)))
	}
	for _, u := range c.Universal {
		p.add(2, "For everyone: %s.", strings.TrimSuffix(u, "."))
	}
	for _, h := range c.Home {
		p.add(2, "At home, %s: %s.", h.WhoName, strings.TrimSuffix(h.Words, "."))
	}
}

// Review lays out a review in sentences: what is read back before it is
// recorded, and what is shown ever after.
func Review(name string, c report.Cycle) []Line {
	var p page
	r := c.Review
	p.head("The review of " + r.Date.Long())
	if r.Annual != nil && *r.Annual {
		p.add(2, "The annual review of the EHC plan too.")
	}
	p.add(2, "Present: %s. Recorded by %s.", r.PresentWords, r.RecordedByName)
	for _, t := range c.Targets {
		p.add(2, "%s", report.TargetSentence(name, t))
		if t.Because != "" {
			p.add(4, "%s", report.Sentence(t.Because))
		}
	}
	for _, s := range c.Support {
		p.add(2, "%s: %s.", report.Capital(s.What), join("; ", delivered(s), helped(s)))
		if s.Words != "" {
			p.add(4, "%s", report.Sentence(s.Words))
		}
	}
	p.said("", r.Voices)
	for _, o := range r.Observations {
		p.add(2, "Also seen: %s", report.Sentence(o))
	}
	p.add(2, "Progress over the whole cycle: %s.", r.ProgressWords)
	p.add(2, "Decision: %s.", r.DecisionWords)
	if r.Because != "" {
		p.add(4, "%s", report.Sentence(r.Because))
	}
	for _, x := range r.Changes {
		p.add(2, "To be different next time: %s", report.Sentence(x))
	}
	return p
}

func (p *page) head(text string) {
	p.gap()
	p.tone(Heading, 0, "%s", text)
}

func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.head(title)
	for _, x := range items {
		p.add(2, "%s", report.Sentence(report.Capital(x)))
	}
}

func (p *page) said(title string, said []report.Said) {
	if len(said) == 0 {
		return
	}
	if title != "" {
		p.head(title)
	}
	for _, x := range said {
		switch {
		case x.Words == "":
			p.add(2, "Nothing from %s; the reason given: %s", x.WhoName, report.Quoted(x.None))
		default:
			p.add(2, "%s%s: %s", x.WhoName, bracket(join(", ", x.How, x.Date.Long())), report.Quoted(x.Words))
		}
	}
}

func bracket(facts string) string {
	if facts == "" {
		return ""
	}
	return " (" + facts + ")"
}

func outOf(t report.Target) string {
	return join("", prefixed(" of ", t.Of), prefixed(" ", t.Unit))
}

func prefixed(with, s string) string {
	if s == "" {
		return ""
	}
	return with + s
}

func orMeasure(s string) string {
	if s == "" {
		return "measured"
	}
	return s
}

func planned(s report.Support) string {
	if s.Planned == "" {
		return ""
	}
	return counts(s.Planned, "session", "sessions") + " planned"
}

// counts is report.Plural of a figure that a file holds as it was written.
func counts(n, one, many string) string {
	if n == "1" {
		return n + " " + one
	}
	return n + " " + many
}

func delivered(s report.Support) string {
	switch {
	case s.Delivered == "":
		return ""
	case s.Planned != "":
		return join(", ", s.Delivered+" of "+s.Planned+" sessions given", attended(s))
	}
	return join(", ", counts(s.Delivered, "session", "sessions")+" given", attended(s))
}

func attended(s report.Support) string {
	if s.Attended == "" {
		return ""
	}
	return s.Attended + " attended"
}

func helped(s report.Support) string {
	if s.ImpactWords == "" {
		return ""
	}
	return "effect: " + s.ImpactWords
}
