package render

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// maxNamed is how many things not met a step has named that was not asked for:
// the rest is one command away.
const maxNamed = 4

// maxWhole is how many checks have all said that would meet them.
const maxWhole = 8

// Next lays out where a learner is, what is owed, what is missing for the next step
// and where to turn.
func Next(v report.Next) []Line {
	var p page
	p.tone(Heading, 0, "%s", join(", ", v.Name, v.ID, v.YearWords, v.StageWords))
	for _, f := range v.Faults {
		p.tone(Alarm, 0, "NOT SHOWN IN FULL: %s line %d: %s.", f.File, f.Line, f.Message)
	}
	p.where(v)
	p.owed(v)
	if len(v.Steps) > 0 {
		p.steps(v)
	}
	if len(v.Others) > 0 {
		p.others(v)
	}
	if len(v.Help) > 0 {
		p.head("Where to turn")
		p.turn(v.Help)
	}
	return p
}

// turn lists whom to ask: one a line, or where there are several lists a paragraph each.
func (p *page) turn(help []report.Turn) {
	if len(help) == 1 {
		for _, h := range help[0].Help {
			p.add(2, "%s", report.Sentence(report.Capital(h)))
		}
		return
	}
	for _, t := range help {
		p.labelled(2, t.AboutWords, t.Help...)
	}
}

func (p *page) where(v report.Next) {
	since := ""
	switch {
	case v.StageSince.IsZero():
	case v.Moved:
		since = "At this stage since " + v.StageSince.Long()
	default:
		since = "Here since joining on " + v.StageSince.Long()
	}
	code := ""
	if v.SEN != "" {
		code = "census code " + v.SEN + " since " + v.SENSince.Short()
	}
	if s := join("; ", since, code, reviewed(v.Reviews)); s != "" {
		p.add(0, "%s.", report.Capital(s))
	}
	p.add(0, "Teacher %s; SENCo %s.", orNobody(v.TeacherName), orNobody(v.SENCoName))
	switch {
	case v.Cycle == "":
		p.add(0, "No cycle is open.")
	case v.Planned.IsZero():
		p.add(0, "A concern is open, cycle %s, and has no plan yet.", v.Cycle)
	case v.ReviewOn.IsZero():
		p.add(0, "Under way: the plan of %s, cycle %s.", v.Planned.Long(), v.Cycle)
	default:
		p.add(0, "Under way: the plan of %s, cycle %s; review by %s, %s.", v.Planned.Long(), v.Cycle, v.ReviewOn.Long(), report.When(v.ReviewOn, v.Today))
	}
	for _, q := range v.Requests {
		p.add(0, "%s.", q.Words)
	}
}

func reviewed(n int) string {
	switch n {
	case 0:
		return "no reviewed cycle at this stage yet"
	case 1:
		return "1 reviewed cycle at this stage"
	}
	return number(n) + " reviewed cycles at this stage"
}

// owed lists what is owed. Where one step was asked about, it only counts.
func (p *page) owed(v report.Next) {
	if len(v.Steps) == 1 && v.Steps[0].Asked {
		if n := len(v.Owed); n > 0 {
			p.gap()
			p.tone(Quiet, 0, "Owed: %s; sendctl next %s tells them.", things(n), v.ID)
		}
		return
	}
	p.head("What is owed")
	if len(v.Owed) == 0 {
		p.add(2, "Nothing, as of today.")
	}
	for i, o := range v.Owed {
		tone, late := Plain, ""
		if o.Overdue > 0 && !o.Waits {
			tone, late = Alarm, "OVERDUE: "
		}
		p.tone(tone, 2, "%d. %s%s%s", i+1, late, o.Sentence, from(o.WhoName))
		p.add(5, "%s", o.Do)
	}
}

func things(n int) string {
	if n == 1 {
		return "1 thing"
	}
	return number(n) + " things"
}

// from says who is to supply something, after the sentence about it.
func from(who string) string {
	if who == "" {
		return ""
	}
	return " (" + who + ")"
}

// steps tells in full what is missing for the step asked about, or for the first
// stage up from here; where there is none, for the requests what is looked at
// first. The rest is counted, and the command named that tells it.
func (p *page) steps(v report.Next) {
	p.head("What is missing for the next step")
	up := func(s report.NextStep) bool { return s.Kind == "stage" && s.SEN != "E" }
	ups := slices.ContainsFunc(v.Steps, up)
	told, open := false, false
	said := map[string]bool{}
	for _, s := range v.Steps {
		open = open || len(unmet(s.Checks)) > 0
		switch {
		case s.Asked || up(s) && !told:
			told = true
			p.step(s, both(s))
			p.add(4, "%s%s", s.Do, or(s.To))
		case s.Kind == "request" && !ups:
			fresh, again := apart(unmet(s.Checks), said)
			p.step(s, fresh)
			if len(again) > 0 {
				p.add(4, "As above: %s", strings.Join(again, " "))
			}
			p.see(v.ID, s)
		case s.Kind == "request":
			p.add(2, "%s: %s%s", s.ToWords, tally(s), named(both(s)))
			p.see(v.ID, s)
		default:
			p.add(2, "%s: %s", s.ToWords, tally(s))
			p.see(v.ID, s)
		}
	}
	if open {
		p.tone(Quiet, 2, "What is missing informs, and stops nobody: with a reason (--because) a step can be taken all the same.")
	}
}

// apart parts checks into those not said yet, which then are, and the words of the rest.
func apart(checks []report.GateCheck, said map[string]bool) (fresh []report.GateCheck, again []string) {
	for _, c := range checks {
		if key := c.Check + "\n" + c.Found; said[key] {
			again = append(again, report.Sentence(report.Capital(c.Words)))
		} else {
			said[key] = true
			fresh = append(fresh, c)
		}
	}
	return fresh, again
}

// step says how far a step is, and of each check that is open what would meet it.
func (p *page) step(s report.NextStep, open []report.GateCheck) {
	if len(open) == 0 {
		p.add(2, "%s: %s", s.ToWords, tally(s))
		return
	}
	p.add(2, "%s: %s Not yet:", s.ToWords, tally(s))
	for _, c := range open {
		p.add(4, "%s", check(c, len(open) > maxWhole || !s.Asked && s.Kind == "request"))
	}
}

// see names the command that tells the whole of a step, or takes it where all is met.
func (p *page) see(id string, s report.NextStep) {
	if len(both(s)) == 0 {
		p.add(4, "%s%s", s.Do, or(s.To))
		return
	}
	p.add(4, "sendctl next %s --to %s", id, s.To[0])
}

// both are the checks of a step that are open, each once: those of its gate that
// are no piece of evidence, then the evidence in a panel's order.
func both(s report.NextStep) []report.GateCheck {
	evidence := unmet(s.Evidence)
	var open []report.GateCheck
	for _, c := range unmet(s.Checks) {
		if !slices.ContainsFunc(evidence, func(x report.GateCheck) bool { return x.Check == c.Check }) {
			open = append(open, c)
		}
	}
	return append(open, evidence...)
}

// named names the first of what is open: " Not yet: …"
func named(open []report.GateCheck) string {
	if len(open) == 0 {
		return ""
	}
	var names []string
	for _, c := range first(open, maxNamed) {
		names = append(names, report.Sentence(report.Capital(c.Words)))
	}
	if n := len(open) - len(names); n > 0 {
		names = append(names, "And "+number(n)+" more.")
	}
	return " Not yet: " + strings.Join(names, " ")
}

// tally counts what is met: "5 of 8 checks are met."
func tally(s report.NextStep) string {
	var parts []string
	count := func(n, of int, one, many, verb, verbs string) {
		switch {
		case of == 0:
		case of == 1 && n == 1:
			parts = append(parts, "the one "+one+" "+verb)
		case n == of:
			parts = append(parts, "all "+number(of)+" "+many+" "+verbs)
		default:
			parts = append(parts, number(n)+" of "+number(of)+" "+many+" "+verbs)
		}
	}
	count(s.Met, len(s.Checks), "check", "checks", "is met", "are met")
	count(s.Ready, len(s.Evidence), "piece of evidence", "pieces of evidence", "is there", "are there")
	if len(parts) == 0 {
		return "nothing is asked for before it."
	}
	return strings.Join(parts, ", and ") + "."
}

func unmet(checks []report.GateCheck) []report.GateCheck {
	var out []report.GateCheck
	for _, c := range checks {
		if !c.Met() {
			out = append(out, c)
		}
	}
	return out
}

// check says of one check what it is, what there is, what would meet it and who
// can supply it. Where many are listed it is brief on the third: one sentence.
func check(c report.GateCheck, brief bool) string {
	what := report.Capital(strings.TrimSuffix(c.Words, "."))
	if c.Kind == "duty" {
		what += " (a duty)"
	}
	if c.State == "partial" {
		what += ", in part"
	}
	if c.Found != "" {
		what += ": " + c.Found
	}
	who := ""
	if c.Who != "" {
		who = "Who can: " + report.Sentence(c.Who)
	}
	satisfy := c.Satisfy
	if i := strings.Index(satisfy, ". "); brief && i > 0 {
		satisfy = satisfy[:i]
	}
	return join(" ", report.Sentence(what), report.Sentence(satisfy), who)
}

// or names the other stages that the same command leads to.
func or(to []string) string {
	if len(to) < 2 {
		return ""
	}
	return " (or: " + strings.Join(to[1:], ", ") + ")"
}

func (p *page) others(v report.Next) {
	for _, way := range []struct{ way, words string }{{"down", "A learner may do well with less"}, {"across", "Another form of the same support"}} {
		var to []string
		for _, o := range v.Others {
			if o.Way == way.way {
				to = append(to, o.To)
			}
		}
		if len(to) > 0 {
			p.gap()
			p.add(0, "%s: sendctl advance %s --to %s%s", way.words, v.ID, to[0], or(to))
		}
	}
}
