package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/wording"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// planWords are the faults of wording of the open cycle: found once, and told by a rule
// for each label. What was reviewed is left as it was said.
type planWords struct {
	file   doc
	faults []wordFault
}

type wordFault struct {
	at      string // path
	missing string // path of the entry, where the fault is that something is not there
	wording.Fault
}

// words judges the words of the open cycle when a rule first asks.
func (l *look) words() *planWords {
	if l.known.judged {
		return &l.known.words
	}
	w := planWords{}
	if c, d, ok := l.open(); ok && l.here() {
		w.file = d
		for i, x := range c.Do {
			w.add(blaming(string(x.Words)), "do[].words", "", i)
		}
		if c.Assess != nil {
			for i, x := range c.Assess.Strengths {
				w.add(faultFinding(string(x)), "assess.strengths[]", "", i)
			}
			for i, x := range c.Assess.Concerns {
				// What the family says is theirs to say.
				if !l.isFamily(x.By) && x.By != learnerID {
					w.add(faultFinding(string(x.Words)), "assess.concerns[].words", "", i)
				}
			}
			for i, x := range c.Assess.History {
				w.add(blaming(string(x)), "assess.history[]", "", i)
			}
			for i, x := range c.Assess.Evidence {
				if !l.isFamily(x.By) && x.By != learnerID {
					w.add(blaming(string(x.Words)), "assess.evidence[].words", "", i)
				}
			}
		}
		if c.Plan != nil {
			full := l.fullPlan(c.Stage)
			for i, t := range c.Plan.Targets {
				if nothingYet(t.Outcome) {
					continue // that is told, and all the rest follows from it
				}
				w.add(smart(full, wording.Target(string(t.Outcome), wording.OfTarget(t))), "plan.targets[].outcome", "plan.targets[]", i)
			}
			for i, p := range c.Plan.Provision {
				if gate.Placeholder(p.What) {
					continue
				}
				w.add(smart(full, wording.Provision(string(p.What), wording.OfProvision(p))), "plan.provision[].what", "plan.provision[]", i)
			}
		}
	}
	l.known.words, l.known.judged = w, true
	return &l.known.words
}

func (w *planWords) add(faults []wording.Fault, at, missing string, i int) {
	for _, f := range faults {
		w.faults = append(w.faults, wordFault{at: indexed(at, i), missing: indexed(missing, i), Fault: f})
	}
}

// faultFinding is what is told of words about the child: jargon may be the name of what
// was found, and is explained elsewhere.
func faultFinding(text string) []wording.Fault {
	var out []wording.Fault
	for _, f := range wording.Plain(text) {
		if f.Label == wording.Deficit {
			out = append(out, f)
		}
	}
	return out
}

// blaming is what is told of notes and other words of staff. These tell what happened, and
// what others said: so only of words that tell nothing, and not of what somebody is quoted
// with.
func blaming(text string) []wording.Fault {
	for from := 0; ; {
		at, ok := phrasesOf("fault-finding").first(text[from:])
		if !ok {
			return nil
		}
		start, end := from+at.start, from+at.end
		from = end
		if quoted(text[:start]) || phrasesOf("reported").in(text[strings.LastIndexAny(text[:start], ".!?")+1:end]) {
			continue
		}
		faults := faultFinding(text) // what it spares is spared here
		if len(faults) == 0 {
			return nil
		}
		f := faults[0]
		f.From = utf8.RuneCountInString(text[:start])
		f.To = f.From + utf8.RuneCountInString(text[start:end])
		return []wording.Fault{f}
	}
}

// quoted reports whether a quotation is open at the end of a text.
func quoted(text string) bool {
	return (strings.Count(text, `"`)+strings.Count(text, "“")-strings.Count(text, "”"))%2 != 0
}

// smart leaves out what only a full plan is asked for, where the stage has none, and
// "how often" where a word stands in its place: that is told.
func smart(full bool, faults []wording.Fault) []wording.Fault {
	vague := slices.ContainsFunc(faults, func(f wording.Fault) bool { return f.Label == wording.VagueFrequency })
	out := faults[:0]
	for _, f := range faults {
		if full && (f.Label != wording.NoFrequency || !vague) {
			out = append(out, f)
			continue
		}
		switch f.Label {
		case wording.NoMeasure, wording.NoBaseline, wording.NoDate, wording.NoWho, wording.NoFrequency, wording.NoLength, wording.NoGroupSize:
		default:
			out = append(out, f)
		}
	}
	return out
}

// wordRule makes the rule of one label.
func wordRule(label wording.Label, id string, severity diag.Severity, about, source, message string) Rule {
	return Rule{
		Name: string(label), ID: id, Severity: severity, About: about, Source: source,
		check: func(l *look) {
			w := l.words()
			for _, f := range w.faults {
				if f.Label != label {
					continue
				}
				at, hint := f.at, "write it like this: "+f.Instead
				if f.From == f.To && f.missing != "" {
					at = f.missing
					if label == wording.NotAboveBaseline { // of the figures, and not of the words
						at += ".measure.target"
						hint = "correct whichever of baseline: and target: is mistyped; if less is better, write better: lower"
					}
					if key, value := keyOf(label); key != "" {
						if l.illegible(w.file, at+"."+key) {
							continue // it is there, and cannot be read
						}
						hint = "write here " + value + "; or say it in the words: " + f.Instead
					}
				}
				l.find(w.file, at, message, hint+" (sendctl edit "+l.record.ID+")")
				narrow(&l.out[len(l.out)-1], w.file, at, f.Fault)
			}
		},
	}
}

// keyOf is the key of a target or provision that says what a label misses, with how it is
// written; "" where only words do.
func keyOf(label wording.Label) (key, value string) {
	switch label {
	case wording.NoMeasure:
		return "measure", "measure: {what: words read, of: 50, baseline: 18, target: 30, better: higher}"
	case wording.NoBaseline:
		return "measure", "measure: with baseline:, the figure now"
	case wording.NoDate:
		return "due", "due: 2026-12-16"
	case wording.NoWho:
		return "by", "by: ID, a person of people.yaml"
	case wording.NoFrequency:
		return "sessions", "sessions: {per_week: 3, minutes: 20, weeks: 6}"
	case wording.NoLength:
		return "sessions", "sessions: {per_week: 3, minutes: 20, weeks: 6}"
	case wording.NoGroupSize:
		return "ratio", `ratio: "1:4"`
	}
	return "", ""
}

// illegible reports whether something was found at a key, or below it, when the file was
// read, or a key beside it that may be a slip for this one.
func (l *look) illegible(d doc, at string) bool {
	group, key := at[:strings.LastIndexByte(at, '.')+1], at[strings.LastIndexByte(at, '.')+1:]
	return slices.ContainsFunc(l.record.Findings, func(x diag.Finding) bool {
		if x.File != d.path {
			return false
		}
		if beside, ok := strings.CutPrefix(x.Path, group); ok && x.Rule == "unknown-key" {
			return diag.Suggest(beside, []string{key}) != ""
		}
		rest, in := strings.CutPrefix(x.Path, at)
		return in && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

// narrow points at the word concerned, where the text stands in the file as it is read.
func narrow(x *diag.Finding, d doc, at string, f wording.Fault) {
	n := d.node(at)
	if n == nil || f.From == f.To || n.Style != yamldoc.Plain || n.Span.End.Offset-n.Span.Start.Offset != len(n.Value) || n.Span.Start.Line != n.Span.End.Line {
		return
	}
	rs := []rune(n.Value)
	if f.To > len(rs) || utf8.RuneCountInString(n.Value) != len(rs) {
		return
	}
	start := n.Span.Start
	x.Span.Start = diag.Pos{Line: start.Line, Col: start.Col + f.From, Offset: start.Offset + len(string(rs[:f.From]))}
	x.Span.End = diag.Pos{Line: start.Line, Col: start.Col + f.To, Offset: start.Offset + len(string(rs[:f.To]))}
}
