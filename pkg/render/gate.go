package render

import (
	"fmt"
	"strings"

	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/report"
)

// Gate lays out a gate table. who is the learner, by name or by id.
func Gate(who string, v report.Gate) []Line {
	var p page
	switch {
	case v.Way == "request":
		p.tone(Heading, 0, "%s: what is looked for before a %s request; now at %s", who, v.ToWords, v.FromWords)
	case v.Usual:
		p.tone(Heading, 0, "%s: from %s to %s, %s", who, v.FromWords, v.ToWords, wayWords(v.Way))
	default:
		p.tone(Heading, 0, "%s: from %s to %s", who, v.FromWords, v.ToWords)
	}
	p = append(p, GateChecks(v.Lines)...)
	p.gap()
	unmet := 0
	for _, l := range v.Lines {
		if !l.Met() {
			unmet++
		}
	}
	switch {
	case len(v.Lines) == 0:
		p.add(0, "The pathway asks for nothing in particular first.")
	case unmet == 0:
		p.add(0, "All %s met, or not called for here.", report.Plural(len(v.Lines), "check is", "checks are"))
	default:
		p.add(0, "%s.", unmetOf(unmet, len(v.Lines)))
	}
	return p
}

// GateChecks lays out the checks of a table: how far each is met comes first, in
// words. What would meet a check is said only where it is not met.
func GateChecks(lines []report.GateCheck) []Line {
	var p page
	for _, l := range lines {
		p.gap()
		p.add(0, "%s (%s): %s", stateWords(l.State), kindWords(l.Kind), report.Sentence(l.Words))
		if l.Found != "" {
			p.add(4, "Found: %s", report.Sentence(report.Thousands(l.Found)))
		}
		if l.Met() {
			continue
		}
		for _, x := range []struct{ what, words string }{{"What would meet it", l.Satisfy}, {"Who can supply it", l.Who}, {"Source", l.Source}} {
			if x.words != "" {
				p.add(4, "%s: %s", x.what, report.Sentence(x.words))
			}
		}
	}
	return p
}

func stateWords(state string) string {
	switch gate.State(state) {
	case gate.Present:
		return "Met"
	case gate.Partial:
		return "Partly met"
	case gate.NotApplicable:
		return "Does not apply"
	}
	return "Not met"
}

func kindWords(kind string) string {
	if kind == "" {
		return "asked for"
	}
	return kind
}

func wayWords(way string) string {
	switch way {
	case "up":
		return "towards more support"
	case "down":
		return "towards less support"
	case "out":
		return "out of the setting"
	}
	return "across"
}

// unmetOf says how many checks are unmet, of how many.
func unmetOf(n, of int) string {
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	return fmt.Sprintf("%d of %s %s not met in full", n, report.Plural(of, "check", "checks"), verb)
}

// Step lays out a move in sentences, to be read back before it is recorded.
func Step(who string, v report.MoveFile) []Line {
	var p page
	from := ""
	if v.FromWords != "" {
		from = "from " + v.FromWords + " "
	}
	p.tone(Heading, 0, "%s moves %sto %s on %s", who, from, v.ToWords, v.Date.Long())
	decided := "Decided by " + v.DecidedByName
	if !v.Decided.IsZero() && v.Decided != v.Date {
		decided += " on " + v.Decided.Long()
	}
	p.add(2, "%s. Census code from then on: %s.", decided, v.SENWords)
	if v.MainNeed != "" {
		p.add(2, "Main area of need: %s (%s).", v.MainNeedWords, v.MainNeed)
	}
	for _, x := range v.Told {
		p.add(2, "%s, by %s, with %s:", x.Date.Long(), x.HowWords, x.WithWords)
		for _, l := range x.Lines() {
			p.add(4, "%s", l)
		}
	}
	if v.NotTold != "" {
		p.add(2, "The family was not told; the reason: %s", report.Sentence(v.NotTold))
	}
	if !v.Meeting.IsZero() {
		p.add(2, "Meeting on %s; invited: %s.", v.Meeting.Long(), v.InvitedWords)
	}
	if !v.MonitorUntil.IsZero() {
		p.add(2, "Watched until %s that all goes well.", v.MonitorUntil.Long())
	}
	if v.ToSetting != "" {
		p.add(2, "Goes to: %s", report.Sentence(v.ToSetting))
	}
	switch open := v.Unmet(); {
	case len(open) > 0:
		p.add(2, "%s:", unmetOf(len(open), len(v.Gate)))
		for _, g := range open {
			p.add(4, "%s", report.Sentence(g.Words))
		}
	case len(v.Gate) > 0:
		p.add(2, "All %s met, or not called for here.", report.Plural(len(v.Gate), "check is", "checks are"))
	}
	if v.Because != "" {
		p.add(2, "Why: %s", report.Sentence(strings.TrimSpace(v.Because)))
	}
	return p
}
