package render

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// Limits of the overview, so that it fits 24 lines of 80: what is left out is
// counted, and the command that shows it named.
const (
	maxTargets = 3
	maxSupport = 2
	maxVoices  = 2
	maxWords   = 130 // characters of somebody's words
	maxNote    = 90  // of a note's, which has its day and author before it on the line
)

// Show lays out where one learner is, for one screen.
func Show(v report.Show) []Line {
	var p page
	p.tone(Heading, 0, "%s", join(", ", v.Name, v.ID, v.YearWords, v.StageWords))
	p.add(0, "%s.", join("; ", "Teacher "+orNobody(v.TeacherName), "SENCo "+orNobody(v.SENCoName), census(v)))
	for _, f := range v.Faults {
		p.tone(Alarm, 0, "NOT SHOWN IN FULL: %s line %d: %s.", f.File, f.Line, f.Message)
	}
	if v.Open != nil {
		p.open(v)
	}
	if v.Last != nil {
		p.last(v)
	}
	if v.Contacts > 0 {
		p.add(0, "Contact log: %d, the latest on %s.", v.Contacts, v.LastTalk.Long())
	}
	p.gap()
	p.add(0, "Next: %s (%s).", v.Next, v.NextWhy)
	return p
}

// census names the code; a record whose file cannot be read has none to show.
func census(v report.Show) string {
	if v.SEN == "" {
		return ""
	}
	return "census code " + v.SEN + " since " + v.SENSince.Short()
}

func (p *page) open(v report.Show) {
	c := v.Open
	p.gap()
	if c.Planned.IsZero() {
		p.tone(Heading, 0, "A concern of %s, cycle %s; no plan yet", c.Opened.Long(), c.ID)
		for _, x := range first(c.Concerns, maxTargets) {
			p.add(2, "%s: %s", x.WhoName, report.Quoted(short(x.Words)))
		}
		return
	}
	due := "review by " + c.ReviewOn.Long() + ", " + report.When(c.ReviewOn, v.Today)
	if v.Overdue > 0 {
		due = "REVIEW OVERDUE since " + c.ReviewOn.Long() + ", " + report.When(c.ReviewOn, v.Today)
	}
	p.tone(Heading, 0, "The plan of %s, cycle %s", c.Planned.Long(), c.ID)
	if v.Overdue > 0 {
		p.tone(Alarm, 2, "%s", due)
	} else {
		p.add(2, "%s", report.Capital(due))
	}
	for i, t := range first(c.Targets, maxTargets) {
		p.add(2, "%d. %s (%s)", i+1, t.Outcome, figures(t))
	}
	p.rest(len(c.Targets), maxTargets, c.ID, v.ID)
	for _, s := range first(c.Support, maxSupport) {
		p.add(2, "Support: %s.", join("; ", s.What+", "+s.How, by(s), counted(s)))
	}
	p.rest(len(c.Support), maxSupport, c.ID, v.ID)
	if n := len(c.Notes); n > 0 {
		last := c.Notes[n-1]
		p.add(2, "Notes: %d; the latest, %s, %s: %s", n, last.Date.Short(), last.ByName, report.Quoted(shortTo(last.Words, maxNote)))
	}
	p.voices(c.Voices)
}

func by(s report.Support) string {
	if s.ByName == "" {
		return ""
	}
	return "by " + s.ByName
}

func (p *page) last(v report.Show) {
	c := v.Last
	p.gap()
	p.tone(Heading, 0, "The last review, %s, cycle %s (%s)", c.Reviewed.Long(), c.ID, ordinal(v.Reviews))
	p.add(2, "Progress %s; decision: %s.", c.Review.ProgressWords, c.Review.DecisionWords)
	if v.Open == nil || v.Open.Planned.IsZero() {
		for i, t := range first(c.Targets, maxTargets) {
			p.add(2, "%d. %s: %s", i+1, t.Outcome, outcome(t))
		}
		p.rest(len(c.Targets), maxTargets, c.ID, v.ID)
		p.voices(c.Review.Voices)
	}
	for _, x := range c.Corrected {
		p.add(2, "Put right on %s: %s: it said %s, and should say %s.", x.Date.Short(), x.Where, report.OrNothing(x.Was), x.Is)
	}
}

func (p *page) voices(said []report.Said) {
	for _, x := range first(said, maxVoices) {
		if x.Words != "" {
			p.add(2, "%s: %s", x.WhoName, report.Quoted(short(x.Words)))
		}
	}
}

// rest says what the screen leaves out.
func (p *page) rest(have, shown int, cycle, id string) {
	if have > shown {
		p.tone(Quiet, 2, "and %d more: sendctl show %s %s", have-shown, id, cycle)
	}
}

func figures(t report.Target) string {
	of := ""
	if t.Of != "" {
		of = " of " + t.Of
	}
	if t.Baseline == "" {
		return "not measured yet"
	}
	s := "from " + t.Baseline + " to " + t.Target + of
	if t.Now != "" {
		s += ", now " + t.Now
	}
	return s
}

func outcome(t report.Target) string {
	if t.NotMeasured != "" {
		return "not measured"
	}
	s := t.Now
	if t.Of != "" {
		s += " of " + t.Of
	}
	if t.Was != "" {
		s += " [put right, was " + t.Was + "]"
	}
	return join(", ", s, t.ScoreWords)
}

func counted(s report.Support) string {
	switch {
	case s.Delivered != "" && s.Planned != "":
		return s.Delivered + " of " + s.Planned + " given"
	case s.Planned != "":
		return s.Planned + " planned"
	}
	return ""
}

func ordinal(n int) string {
	if n == 1 {
		return "the only review so far"
	}
	return "one of " + number(n) + " reviews"
}

func orNobody(s string) string {
	if s == "" {
		return "not named"
	}
	return s
}

func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

func first[T any](xs []T, n int) []T { return xs[:min(n, len(xs))] }

// short cuts long words for the overview; the full words are one command away.
func short(words string) string { return shortTo(words, maxWords) }

func shortTo(words string, most int) string {
	r := []rune(strings.ReplaceAll(words, "\n", " "))
	if len(r) <= most {
		return string(r)
	}
	return strings.TrimSpace(string(r[:most-4])) + " ..."
}
