package gate

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// State is how far something is there, as request files hold it.
type State string

// The states.
const (
	Present       State = "present"
	Partial       State = "partial"
	Missing       State = "missing"
	NotApplicable State = "not-applicable"
)

// Line is one line of a gate table.
type Line struct {
	Check pathway.Check
	State State
	// Found says what there is, a short phrase of counts, dates and codes: never a
	// name, and never anybody's words. "" where there is nothing to say.
	Found string
	Cites []string // ids of the files and contacts that show it
}

// Met reports whether the check stands in nobody's way.
func (l Line) Met() bool { return l.State == Present || l.State == NotApplicable }

// Ask is what is being decided on the day On and is not in the record yet.
type Ask struct {
	On      date.Date
	Move    *learner.Move
	Request *learner.Request
	// Log are entries of the contact log that the act itself will add.
	Log []learner.ContactEntry
	// Confirmed are the ids of checks that a person vouched for; NotApplicable
	// those that a person says do not apply.
	Confirmed, NotApplicable []string
}

// Gate is what is looked at before a move.
type Gate struct {
	Way   string   // up, down, across or out
	Usual bool     // whether the pathway names this move
	IDs   []string // ids of checks
}

// Of is the gate between two stages. A move that the pathway does not name has
// the checks of those that lead to the same stage.
func Of(p *pathway.Pathway, from, to string) Gate {
	if m, ok := p.Move(from, to); ok {
		return Gate{Way: m.Way, Usual: true, IDs: m.Gate}
	}
	g := Gate{Way: "up"}
	if p.Compare(from, to) > 0 {
		g.Way = "down"
	}
	for _, m := range p.Moves {
		for _, s := range m.To {
			if s == to && m.Way == g.Way && g.IDs == nil {
				g.IDs = m.Gate
			}
		}
	}
	return g
}

// Table looks at each of the checks.
func Table(f *folder.Folder, r *folder.Record, ids []string, a Ask) []Line {
	var out []Line
	for _, id := range ids {
		c, ok := f.Pathway.Value.Check(id)
		if !ok {
			c = pathway.Check{ID: id}
		}
		out = append(out, Line{Check: c, State: Missing})
	}
	return out
}

// Checks are the lines as a move keeps them.
func Checks(table []Line) []learner.GateCheck {
	var out []learner.GateCheck
	for _, l := range table {
		out = append(out, learner.GateCheck{Check: l.Check.ID, Kind: l.Check.Kind, Met: l.Met(), Cites: l.Cites})
	}
	return out
}

// Unmet are the lines that are not met.
func Unmet(table []Line) []Line {
	var out []Line
	for _, l := range table {
		if !l.Met() {
			out = append(out, l)
		}
	}
	return out
}
