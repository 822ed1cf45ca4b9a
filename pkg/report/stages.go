package report

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// Stages is the guide of a pathway: what anyone may expect of each stage, and of
// each request beside them, for `help stages`.
type Stages struct {
	Format   string         `json:"format"` // sendctl-stages/1
	Pathway  string         `json:"pathway"`
	Version  string         `json:"version"`
	Title    string         `json:"title"`
	BuiltIn  bool           `json:"built_in"` // whether it is the one sendctl brings along, for want of a record folder
	Stages   []StageGuide   `json:"stages"`
	Requests []RequestGuide `json:"requests"`
}

// StageGuide is what is expected of one stage.
type StageGuide struct {
	Stage       string     `json:"stage"`
	StageWords  string     `json:"stage_words"`
	Aliases     []string   `json:"aliases,omitempty"`
	About       string     `json:"about,omitempty"`
	Enter       string     `json:"enter,omitempty"` // the entry test
	Holds       []string   `json:"holds,omitempty"`
	TakesPart   []string   `json:"takes_part,omitempty"`
	Reviews     string     `json:"reviews,omitempty"`
	ReviewWeeks int        `json:"review_within_weeks,omitempty"`
	Leave       string     `json:"leave,omitempty"` // the exit test
	Help        []string   `json:"help,omitempty"`
	SEN         string     `json:"sen_provision,omitempty"` // the code usual there
	Document    string     `json:"document,omitempty"`
	Moves       []StageWay `json:"moves"` // the usual ones from here
	Source      string     `json:"source,omitempty"`
}

// StageWay is one usual way from a stage.
type StageWay struct {
	To      string `json:"to"`
	ToWords string `json:"to_words"`
	Way     string `json:"way"`    // up, down, across or out
	Checks  int    `json:"checks"` // how many are looked at before it
}

// RequestGuide is what is expected of one kind of request.
type RequestGuide struct {
	Request      string       `json:"request"`
	RequestWords string       `json:"request_words"`
	Aliases      []string     `json:"aliases,omitempty"`
	About        string       `json:"about,omitempty"`
	Evidence     []string     `json:"evidence,omitempty"` // ids of checks, in a panel's order
	EvidenceText []string     `json:"evidence_words,omitempty"`
	Limits       []LimitGuide `json:"limits,omitempty"`
	Help         []string     `json:"help,omitempty"`
}

// LimitGuide is one time limit of a kind of request.
type LimitGuide struct {
	Limit string `json:"limit"`
	Words string `json:"limit_words"`
	Days  string `json:"days"`
	Owes  string `json:"owes"` // authority or setting
}

// StagesOf makes the guide of a pathway. only is the id of the one stage or request
// to tell of; "" tells of all.
func StagesOf(p *pathway.Pathway, only string, builtIn bool) Stages {
	v := Stages{Format: "sendctl-stages/1", Pathway: p.ID, Version: string(p.Version), Title: string(p.Title), BuiltIn: builtIn, Stages: []StageGuide{}, Requests: []RequestGuide{}}
	for _, s := range p.Stages {
		if only == "" || only == s.ID {
			v.Stages = append(v.Stages, guideOf(p, s))
		}
	}
	for _, k := range p.Requests {
		if only == "" || only == k.ID {
			v.Requests = append(v.Requests, requestGuideOf(p, k))
		}
	}
	return v
}

func guideOf(p *pathway.Pathway, s pathway.Stage) StageGuide {
	g := StageGuide{Stage: s.ID, StageWords: string(s.Words), Aliases: s.Aliases, About: string(s.About), Reviews: string(s.Reviews),
		SEN: s.SENProvision, Document: s.Document, Moves: []StageWay{}}
	if s.Cycles {
		g.ReviewWeeks, _ = p.ReviewWeeks(s.ID)
	}
	if x := s.Guide; x != nil {
		g.Enter, g.Holds, g.TakesPart, g.Leave = string(x.Enter), texts(x.Holds), texts(x.TakesPart), string(x.Leave)
		g.Help, g.Source = texts(x.Help), string(x.Source)
	}
	for _, m := range p.Moves {
		if !slices.Contains(m.From, s.ID) {
			continue
		}
		for _, to := range m.To {
			g.Moves = append(g.Moves, StageWay{To: to, ToWords: p.StageWords(to), Way: m.Way, Checks: len(m.Gate)})
		}
	}
	return g
}

func requestGuideOf(p *pathway.Pathway, k pathway.Request) RequestGuide {
	g := RequestGuide{Request: k.ID, RequestWords: string(k.Words), Aliases: k.Aliases, About: string(k.About), Evidence: k.Evidence, Help: texts(k.Help)}
	for _, id := range k.Evidence {
		words := learner.Words(id)
		if c, ok := p.Check(id); ok && c.Words != "" {
			words = c.Words
		}
		g.EvidenceText = append(g.EvidenceText, string(words))
	}
	for _, c := range k.Clock {
		g.Limits = append(g.Limits, LimitGuide{Limit: c.ID, Words: string(c.Words), Days: string(c.Days), Owes: c.Owes})
	}
	return g
}
