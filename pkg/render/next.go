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
		p.turn(v)
	}
	return p
}

// turn lists whom to ask: one a line where one step was asked about, else a
// paragraph for each list.
func (p *page) turn(v report.Next) {
	if len(v.Help) > 1 || !asked(v) {
		for _, t := range v.Help {
			p.labelled(2, t.AboutWords, t.Help...)
		}
		return
	}
	for _, h := range v.Help[0].Help {
		p.add(2, "%s", report.Sentence(report.Capital(h)))
	}
}

// asked reports whether one step was asked about by name.
func asked(v report.Next) bool { return len(v.Steps) == 1 && v.Steps[0].Asked }

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
	if s := join("; ", since, code); s != "" {
		p.add(0, "%s.", report.Capital(s))
	}
	p.add(0, "Teacher %s; SENCo %s; %s.", orNobody(v.TeacherName), orNobody(v.SENCoName), reviewed(v.Reviews))
	switch {
	case v.Cycle == "":
		p.add(0, "No cycle is open.")
	case v.Planned.IsZero():
		p.add(0, "A concern is open, cycle %s, and has no plan yet.", v.Cycle)
	case v.ReviewOn.IsZero():
		p.add(0, "Under way: the plan of %s, cycle %s.", v.Planned.Long(), v.Cycle)
	case !asked(v) && slices.ContainsFunc(v.Owed, func(o report.Owed) bool { return o.On == v.ReviewOn && o.About == v.Cycle }):
		p.add(0, "Under way: the plan of %s, cycle %s.", v.Planned.Long(), v.Cycle) // its review is owed, with the day
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
	if asked(v) {
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
		p.tone(tone, 2, "%d. %s%s%s", i+1, late, o.Sentence, from(o))
		p.add(5, "%s", o.Do)
	}
}

func things(n int) string {
	if n == 1 {
		return "1 thing"
	}
	return number(n) + " things"
}

// from says who is to supply something, after a sentence that does not name them.
func from(o report.Owed) string {
	if o.WhoName == "" || strings.Contains(o.Sentence, o.WhoName) {
		return ""
	}
	return " (" + o.WhoName + ")"
}

// steps tells in full what is missing for the step asked about, or for the first
// stage up from here; where there is none, for the requests what is looked at
// first. The rest is counted, and the command named that tells it. While a request
// is under way another is only counted. A stage with a plan of the authority's is
// never counted at: two of three checks would read as nearly there.
func (p *page) steps(v report.Next) {
	p.head("What is missing for the next step")
	waits := slices.ContainsFunc(v.Requests, report.Standing.UnderWay)
	up := func(s report.NextStep) bool { return s.Kind == "stage" && s.SEN != "E" }
	ups := slices.ContainsFunc(v.Steps, up)
	told, open := false, false
	said := toldOf{}
	for _, s := range v.Steps {
		open = open || s.SEN != "E" && len(unmet(s.Checks)) > 0
		switch {
		case s.SEN == "E":
			p.add(2, "%s: once the local authority has issued it.", s.ToWords)
			for _, c := range both(s) {
				p.add(4, "%s", check(c, false))
			}
			p.add(4, "%s%s", s.Do, or(s.To))
		case s.Asked || up(s) && !told:
			told = true
			p.step(s, both(s), "")
			p.add(4, "%s%s", s.Do, or(s.To))
		case s.Kind == "request" && !ups && !waits:
			fresh, again := said.apart(s.ToWords, unmet(s.Checks))
			p.step(s, fresh, again)
			p.add(4, "%s", more(v.ID, s))
		case s.Kind == "request" && !waits:
			fresh, again := said.apart(s.ToWords, both(s))
			p.add(2, "%s: %s", s.ToWords, join(" ", tally(s), named(fresh, again)))
			p.add(4, "%s", more(v.ID, s))
		default:
			p.add(2, "%s: %s %s", s.ToWords, tally(s), more(v.ID, s))
		}
	}
	if open {
		p.tone(Quiet, 2, "None of this stops anyone: with a reason (--because) a step can be taken.")
	}
}

// toldOf is what was told of the steps above: of each check, for which step.
type toldOf map[string]string

// apart parts checks into those not told yet, which then are, and a sentence about
// the rest.
func (t toldOf) apart(step string, checks []report.GateCheck) (fresh []report.GateCheck, again string) {
	var old, above []string
	for _, c := range checks {
		key := c.Check + "\n" + c.Found
		if first, ok := t[key]; ok && first != step {
			old = append(old, lookedFor(c))
			if !slices.Contains(above, first) {
				above = append(above, first)
			}
			continue
		}
		t[key] = step
		fresh = append(fresh, c)
	}
	if len(old) == 0 {
		return fresh, ""
	}
	if len(old) > maxNamed {
		return fresh, "the same " + number(len(old)) + " as for " + strings.Join(above, " and ")
	}
	return fresh, "as for " + strings.Join(above, " and ") + ": " + strings.Join(old, "; ")
}

// step says how far a step is, and of each check that is open what would meet it;
// again is said after them.
func (p *page) step(s report.NextStep, open []report.GateCheck, again string) {
	if len(open) == 0 && again == "" {
		p.add(2, "%s: %s", s.ToWords, tally(s))
		return
	}
	p.add(2, "%s: %s Not yet:", s.ToWords, tally(s))
	for _, c := range open {
		p.add(4, "%s", check(c, len(open) > maxWhole || !s.Asked && s.Kind == "request"))
	}
	if again != "" {
		p.add(4, "Looked for, %s.", again)
	}
}

// more is the command that tells the whole of a step, or takes it where all is met.
func more(id string, s report.NextStep) string {
	if len(both(s)) == 0 {
		return s.Do + or(s.To)
	}
	return "sendctl next " + id + " --to " + s.To[0]
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

// named names the first of what is open, and says again after it: "Looked for, and
// not there in full: …".
func named(open []report.GateCheck, again string) string {
	var names []string
	for _, c := range first(open, maxNamed) {
		names = append(names, lookedFor(c))
	}
	if n := len(open) - len(names); n > 0 {
		names = append(names, "and "+number(n)+" more")
	}
	if again != "" {
		names = append(names, again)
	}
	if len(names) == 0 {
		return ""
	}
	return "Looked for, and not there in full: " + strings.Join(names, "; ") + "."
}

// tally counts what is met: "5 of 8 checks met."
func tally(s report.NextStep) string {
	var parts []string
	count := func(n, of int, one, many, verb string) {
		switch {
		case of == 0:
		case of == 1 && n == 1:
			parts = append(parts, "the one "+one+" "+verb)
		case n == of:
			parts = append(parts, "all "+number(of)+" "+many+" "+verb)
		default:
			parts = append(parts, number(n)+" of "+number(of)+" "+many+" "+verb)
		}
	}
	count(s.Met, len(s.Checks), "check", "checks", "met")
	count(s.Ready, len(s.Evidence), "piece of evidence", "pieces of evidence", "there")
	if len(parts) == 0 {
		return "nothing is asked for before it."
	}
	return strings.Join(parts, ", ") + "."
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

// lookedFor is what a check looks for, to stand after a colon.
func lookedFor(c report.GateCheck) string {
	return report.Lower(strings.TrimSuffix(c.Words, "."))
}

// check says of one check that is open what was looked for, what was found, what
// would meet it and, in brackets, who can supply it. A check is worded as if it were
// met, so that it never stands alone as a sentence: read aloud it would be a false
// one. Where many are listed it is brief on what would meet them, one sentence, but
// whole for a duty: there the rest says what the law asks, and what it does not.
func check(c report.GateCheck, brief bool) string {
	what := "Looked for: "
	if c.Kind == "duty" {
		what = "Looked for, a duty: "
	}
	what += lookedFor(c)
	found := ""
	if c.Found != "" {
		label := "Found: "
		if c.State == "partial" {
			label = "Found so far: "
		}
		has, not, _ := strings.Cut(c.Found, "not there yet: ")
		if has = strings.TrimSuffix(strings.TrimSpace(has), ";"); has != "" {
			found = label + report.Sentence(report.Thousands(has))
		}
		if not != "" {
			found = join(" ", found, "Not there yet: "+report.Sentence(not))
		}
	}
	who := ""
	if c.Who != "" {
		who = "(" + strings.TrimSuffix(c.Who, ".") + ")"
	}
	satisfy := c.Satisfy
	if i := strings.Index(satisfy, ". "); brief && c.Kind != "duty" && i > 0 {
		satisfy = satisfy[:i]
	}
	return join(" ", report.Sentence(what), found, report.Sentence(satisfy), who)
}

// or names the other stages that the same command leads to.
func or(to []string) string {
	if len(to) < 2 {
		return ""
	}
	return " (or: " + strings.Join(to[1:], ", ") + ")"
}

// others names the ways to less support or across. While a request is under way
// nobody is pointed to less.
func (p *page) others(v report.Next) {
	waits := slices.ContainsFunc(v.Requests, report.Standing.UnderWay)
	var lines page
	for _, way := range []struct{ way, words string }{{"down", "Where a review finds that less is enough"}, {"across", "The same support in another form"}} {
		var to []string
		for _, o := range v.Others {
			if o.Way == way.way && (way.way != "down" || !waits) {
				to = append(to, o.To)
			}
		}
		if len(to) > 0 {
			lines.add(0, "%s: sendctl advance %s --to %s%s", way.words, v.ID, to[0], or(to))
		}
	}
	if len(lines) > 0 {
		p.gap()
		*p = append(*p, lines...)
	}
}
