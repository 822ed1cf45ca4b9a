package report

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
)

// Gate is a gate table: what a pathway asks for before a step, and what there is.
type Gate struct {
	Format    string      `json:"format"` // sendctl-gate/1
	Learner   string      `json:"learner"`
	From      string      `json:"from"`
	FromWords string      `json:"from_words"`
	To        string      `json:"to"` // a stage, or a kind of request
	ToWords   string      `json:"to_words"`
	Way       string      `json:"way"`   // up, down, across, out; request
	Usual     bool        `json:"usual"` // whether the pathway names this way
	Lines     []GateCheck `json:"lines"`
	Met       bool        `json:"met"` // whether every line is met or does not apply
}

// GateCheck is one check of a gate table. Satisfy, Who and Source are the
// pathway's words, given whether or not the check is met.
type GateCheck struct {
	Check   string   `json:"check"`
	Kind    string   `json:"kind"`  // duty or evidence
	State   string   `json:"state"` // present, partial, missing, not-applicable
	Words   string   `json:"words"`
	Found   string   `json:"found"`
	Satisfy string   `json:"satisfy"`
	Who     string   `json:"who"`
	Source  string   `json:"source"`
	Cites   []string `json:"cites"`
}

// Met reports whether the check stands in nobody's way.
func (l GateCheck) Met() bool {
	return l.State == string(gate.Present) || l.State == string(gate.NotApplicable)
}

// GateOf makes the view of a gate table. to is a stage or a kind of request.
func GateOf(f *folder.Folder, r *folder.Record, to string, g gate.Gate, table []gate.Line) Gate {
	s := speaker{f, r}
	from := r.Learner.Value.Stage
	v := Gate{Format: "sendctl-gate/1", Learner: r.ID, From: from, FromWords: s.stage(from), To: to, ToWords: s.stage(to),
		Way: g.Way, Usual: g.Usual, Lines: GateChecks(table), Met: len(gate.Unmet(table)) == 0}
	if kind, ok := f.Pathway.Value.Request(to); ok {
		v.ToWords = string(kind.Words)
	}
	return v
}

// GateChecks are the lines of a table in its order.
func GateChecks(table []gate.Line) []GateCheck {
	out := make([]GateCheck, 0, len(table))
	for _, l := range table {
		c := l.Check
		x := GateCheck{Check: c.ID, Kind: c.Kind, State: string(l.State), Words: string(c.Words), Found: l.Found,
			Satisfy: string(c.Satisfy), Who: string(c.Who), Source: string(c.Source), Cites: slices.DeleteFunc(slices.Clone(l.Cites), func(id string) bool { return id == "" })}
		if x.Words == "" {
			x.Words = c.ID // a sentence never has a hole
		}
		if x.Cites == nil {
			x.Cites = []string{}
		}
		out = append(out, x)
	}
	return out
}
