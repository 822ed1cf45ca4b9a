package render

import (
	"strings"

	"github.com/sendctl/sendctl/pkg/report"
)

// Stages lays out the guide of a pathway.
func Stages(v report.Stages) []Line {
	var p page
	whose := "The pathway of this record folder"
	if v.BuiltIn {
		whose = "No record folder here: this is the pathway that sendctl brings along"
	}
	p.add(0, "%s: %s (%s/%s).", whose, v.Title, v.Pathway, v.Version)
	if len(v.Stages) > 1 {
		var way []string
		for _, s := range v.Stages {
			way = append(way, s.StageWords)
		}
		p.add(0, "From least to most support: %s.", strings.Join(way, "; "))
	}
	at := 2
	if len(v.Stages)+len(v.Requests) == 1 {
		at = oneEach
	}
	for _, s := range v.Stages {
		p.guide(s, at)
	}
	for _, k := range v.Requests {
		p.requestGuide(k, at)
	}
	return p
}

// oneEach asks for lists with one item a line: where one stage has the page to itself.
const oneEach = -1

func (p *page) guide(s report.StageGuide, at int) {
	p.head(s.StageWords + " (" + strings.Join(append([]string{s.Stage}, s.Aliases...), ", ") + ")")
	p.labelled(at, "", s.About)
	p.labelled(at, "Entry", s.Enter)
	p.labelled(at, "What it holds", s.Holds...)
	p.labelled(at, "Who takes part", s.TakesPart...)
	reviews := s.Reviews
	if s.ReviewWeeks > 0 {
		reviews = join("; ", reviews, "at the latest "+number(s.ReviewWeeks)+" weeks after the plan")
	}
	p.labelled(at, "Reviews", reviews)
	p.labelled(at, "Exit", s.Leave)
	for _, way := range []struct{ way, words string }{{"up", "Usual steps up"}, {"down", "With less support"}, {"across", "In another form"}, {"out", "Out"}} {
		var to []string
		for _, m := range s.Moves {
			if m.Way == way.way {
				to = append(to, m.ToWords)
			}
		}
		p.labelled(2, way.words, to...)
	}
	p.labelled(at, "Usual census code", s.SEN)
	p.labelled(at, "Where to turn", s.Help...)
	p.labelled(at, "Source", s.Source)
}

func (p *page) requestGuide(k report.RequestGuide, at int) {
	p.head("Request: " + k.RequestWords + " (" + strings.Join(append([]string{k.Request}, k.Aliases...), ", ") + ")")
	p.labelled(at, "", k.About)
	var limits []string
	for _, l := range k.Limits {
		limits = append(limits, strings.TrimSuffix(l.Words, ".")+": "+within(l.Days))
	}
	p.labelled(at, "Time limits", limits...)
	p.labelled(at, "What a panel reads", k.EvidenceText...)
	p.labelled(at, "Where to turn", k.Help...)
}

func within(days string) string {
	if days == "0" {
		return "by the day itself"
	}
	return days + " days"
}

// labelled adds a paragraph under a label: the one thing there is, or all of them
// with a semicolon between; with oneEach, each a line. Nothing is added where there
// is nothing to say.
func (p *page) labelled(at int, label string, items ...string) {
	var have []string
	for _, x := range items {
		if x = strings.TrimSpace(x); x != "" {
			have = append(have, x)
		}
	}
	if len(have) == 0 {
		return
	}
	if at == oneEach && len(have) > 1 {
		p.add(2, "%s:", label)
		for _, x := range have {
			p.add(4, "%s", report.Sentence(report.Capital(x)))
		}
		return
	}
	for i := range have[:len(have)-1] {
		have[i] = strings.TrimSuffix(have[i], ".")
	}
	text := report.Sentence(strings.Join(have, "; "))
	if label == "" {
		p.add(2, "%s", report.Capital(text))
		return
	}
	p.add(2, "%s: %s", label, text)
}
