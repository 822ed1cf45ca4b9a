package wording

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
)

// Label names one fault of wording. The rules of validate bear the same names.
type Label string

// The labels, those of a target first.
const (
	VagueVerb        Label = "target-vague-verb"
	NoMeasure        Label = "target-no-measure"
	NoBaseline       Label = "target-no-baseline"
	NoDate           Label = "target-no-date"
	IsProvision      Label = "target-is-provision"
	Double           Label = "target-double"
	NotAboveBaseline Label = "target-not-above-baseline"
	Deficit          Label = "deficit-language"
	Jargon           Label = "jargon"
	AccessTo         Label = "provision-access-to"
	AsRequired       Label = "provision-as-required"
	VagueFrequency   Label = "provision-vague-frequency"
	NoWho            Label = "provision-no-who"
	NoWhat           Label = "provision-no-what"
	NoFrequency      Label = "provision-no-frequency"
	NoLength         Label = "provision-no-length"
	NoGroupSize      Label = "provision-no-group-size"
)

// Labels are all labels, in the order in which faults are told.
func Labels() []Label {
	return []Label{VagueVerb, NoMeasure, NoBaseline, NoDate, IsProvision, Double, NotAboveBaseline, Deficit, Jargon,
		AccessTo, AsRequired, VagueFrequency, NoWho, NoWhat, NoFrequency, NoLength, NoGroupSize}
}

// Fault is one thing that could be said more plainly.
type Fault struct {
	Label Label
	// From and To are the characters of the sentence that it is about, from 0, To not
	// among them. Both are 0 where it is about what is missing.
	From, To int
	Why      string // a sentence without a full stop
	Instead  string // how it might be written, with gaps
}

// Given is what the other fields of a record say already, so that the sentence need not.
type Given struct {
	// Of a target.
	Measure, Date bool
	Start         bool           // where the learner is now is said elsewhere
	Baseline, Aim learner.Number // "" where the field is empty
	Better        string         // higher, lower or ""
	// Of a provision.
	Who, Frequency, Length, GroupSize bool
	// Bought says that the provision is a thing: it needs none of these.
	Bought bool
}

// Target judges what a learner is to reach.
func Target(text string, given Given) []Fault {
	s := newSentence(text)
	out := s.plain()
	out = append(out, s.target(given)...)
	return ordered(out)
}

// Provision judges what is given.
func Provision(text string, given Given) []Fault {
	s := newSentence(text)
	out := s.plain()
	out = append(out, s.provision(given)...)
	return ordered(out)
}

// Plain finds fault-finding words and jargon in any sentence of a plan that staff wrote.
func Plain(text string) []Fault { return ordered(newSentence(text).plain()) }

// ordered sorts by label and keeps one fault of each: one word put right seldom leaves
// the next as it was.
func ordered(faults []Fault) []Fault {
	all := Labels()
	slices.SortStableFunc(faults, func(a, b Fault) int { return slices.Index(all, a.Label) - slices.Index(all, b.Label) })
	return slices.CompactFunc(faults, func(a, b Fault) bool { return a.Label == b.Label })
}

// fault makes a fault of the words from i up to j; of nothing where j is i.
func (s *sentence) fault(l Label, i, j int, instead string) Fault {
	f := Fault{Label: l, Why: why(l), Instead: instead}
	if j > i {
		f.From, f.To = s.toks[i].from, s.toks[j-1].to
	}
	if instead == "" {
		f.Instead = l.Pattern()
	}
	return f
}

// Pattern is how a sentence without the fault might run, with gaps.
func (l Label) Pattern() string {
	switch l {
	case VagueVerb:
		return "will read / write / say / point to __, in __ of 5 lessons"
	case NoMeasure:
		return "will __ in __ of 5 lessons, or: __ of 10, or: without a reminder"
	case NoBaseline:
		return "will read __ of 50 words, from __ now"
	case NoDate:
		return "will __, by __ (a date, or the end of a term)"
	case IsProvision:
		return "will __ (what the learner will do because of it), from __ now to __, by __"
	case Double:
		return "will __, by __; and as a target of its own: will __, by __"
	case NotAboveBaseline:
		return "will __, from __ now to __ (more, or where less is better less)"
	case Deficit:
		return "__ (what is seen, and when); __ helps"
	case Jargon:
		return "__ (in everyday words), or the term with its meaning in brackets"
	case AccessTo:
		return "__ (role) gives __ for __ minutes, __ times a week"
	case AsRequired:
		return "__ times a week, or: in each __ lesson"
	case VagueFrequency, NoFrequency:
		return "__ times a week, or: every Monday, or: in each __ lesson"
	case NoWho:
		return "the class teacher / a teaching assistant / __ (name or role) gives __"
	case NoWhat:
		return "__ (such as paired reading, or practising the 10 words of the week) with __"
	case NoLength:
		return "for __ minutes each time, or: for the whole lesson"
	case NoGroupSize:
		return "one to one, or: in a group of __, or: with the whole class"
	}
	return ""
}

func why(l Label) string {
	switch l {
	case VagueVerb:
		return "nobody can see or hear this, so two people may not agree whether it was reached"
	case NoMeasure:
		return "nothing says when it is reached: a number, a rate, or something that either happens or does not"
	case NoBaseline:
		return "without where things stand now nobody can tell whether anything changed"
	case NoDate:
		return "without a day or a term nobody knows when to look"
	case IsProvision:
		return "this is what adults give; a target is what the learner will be able to do because of it"
	case Double:
		return "these are two targets: one may be reached without the other"
	case NotAboveBaseline:
		return "the aim is no better than where things stand now"
	case Deficit:
		return "this finds fault with the child, and the family will read it; what happens, and what helps, is of more use"
	case Jargon:
		return "a parent may not know this word"
	case AccessTo:
		return "this promises that something is there, and not that it is given"
	case AsRequired:
		return "this leaves open whether it is given at all"
	case VagueFrequency:
		return "this stands in place of how often"
	case NoWho:
		return "nobody in particular gives it, so it may be nobody's to give"
	case NoWhat:
		return "it does not say what is done"
	case NoFrequency:
		return "it does not say how often"
	case NoLength:
		return "it does not say for how long each time"
	case NoGroupSize:
		return "it does not say to how many learners at once"
	}
	return ""
}

// instead is what a word list offers in place of its words, or "".
func (s *sentence) instead(list string) string {
	if l := s.words.lists[list]; l != nil {
		return strings.TrimSpace(l.instead)
	}
	return ""
}

// OfTarget is what the fields of a target say beside its outcome.
func OfTarget(t learner.Target) Given {
	g := Given{Date: !t.Due.IsZero()}
	if m := t.Measure; m != nil {
		g.Measure = m.Target != "" && (m.What != "" || m.Unit != "")
		g.Baseline, g.Aim, g.Better = m.Baseline, m.Target, m.Better
	}
	return g
}

// some reports whether a number is there and is not nought: no minutes a week are none.
func some(n learner.Number) bool { return strings.Trim(string(n), "0.") != "" }

// OfProvision is what the fields of a provision say beside what is given.
func OfProvision(p learner.Provision) Given {
	yearly := p.HoursAYear != "" // so many hours, one's own unless a ratio says otherwise
	g := Given{Who: p.By != "" || p.Role != "", Frequency: yearly, Length: yearly, GroupSize: p.Ratio != "" || yearly}
	if s := p.Sessions; s != nil {
		g.Frequency = g.Frequency || some(s.PerWeek) || some(s.Planned)
		g.Length = g.Length || some(s.Minutes)
	}
	g.Bought = p.AnnualCost != "" && p.Sessions == nil && !yearly && p.By == ""
	return g
}
