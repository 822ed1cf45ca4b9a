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
	for _, s := range v.Stages {
		p.guide(s)
	}
	for _, k := range v.Requests {
		p.requestGuide(k)
	}
	return p
}

func (p *page) guide(s report.StageGuide) {
	p.head(s.StageWords + " (" + strings.Join(append([]string{s.Stage}, s.Aliases...), ", ") + ")")
	p.labelled("", s.About)
	p.labelled("Begins when", s.Enter)
	p.labelled("Holds", s.Holds...)
	p.labelled("Who takes part", s.TakesPart...)
	reviews := s.Reviews
	if s.ReviewWeeks > 0 {
		reviews = join(", ", reviews, "within "+number(s.ReviewWeeks)+" weeks of the plan")
	}
	p.labelled("Reviews", reviews)
	p.labelled("Ends when", s.Leave)
	for _, way := range []struct{ way, words string }{{"up", "Usual next"}, {"down", "With less support"}, {"across", "In another form"}, {"out", "Out"}} {
		var to []string
		for _, m := range s.Moves {
			if m.Way == way.way {
				to = append(to, m.ToWords)
			}
		}
		p.labelled(way.words, to...)
	}
	p.labelled("Usual census code", s.SEN)
	p.labelled("Where to turn", s.Help...)
	p.labelled("From", s.Source)
}

func (p *page) requestGuide(k report.RequestGuide) {
	p.head("Request: " + k.RequestWords + " (" + strings.Join(append([]string{k.Request}, k.Aliases...), ", ") + ")")
	p.labelled("", k.About)
	var limits []string
	for _, l := range k.Limits {
		limits = append(limits, strings.TrimSuffix(l.Words, ".")+": "+l.Days+" days")
	}
	p.labelled("Time limits", limits...)
	p.labelled("What a panel reads", k.EvidenceText...)
	p.labelled("Where to turn", k.Help...)
}

// labelled adds a paragraph under a label: the one thing there is, or all of them
// with a semicolon between. Nothing is added where there is nothing to say.
func (p *page) labelled(label string, items ...string) {
	var have []string
	for _, x := range items {
		if x = strings.TrimSpace(x); x != "" {
			have = append(have, x)
		}
	}
	if len(have) == 0 {
		return
	}
	for i := range have[:len(have)-1] {
		have[i] = strings.TrimSuffix(have[i], ".")
	}
	text := report.Sentence(report.Capital(strings.Join(have, "; ")))
	if label != "" {
		text = label + ": " + report.Sentence(strings.Join(have, "; "))
	}
	p.add(2, "%s", text)
}
