package gate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
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
	Cites []string // what shows it: ids of files and contacts, living files such as learner or passport, hashes of attachments
}

// Met reports whether the check stands in nobody's way.
func (l Line) Met() bool { return l.State == Present || l.State == NotApplicable }

// Ask is what is being decided on the day On and is not in the record yet.
// What happened after On is not looked at; where On is zero, everything is.
type Ask struct {
	On      date.Date
	Move    *learner.Move
	Request *learner.Request
	// Log are entries of the contact log that the act itself will add.
	Log []learner.ContactEntry
	// Confirmed are the ids of checks that a person vouched for; NotApplicable
	// those that a person says do not apply. Only a check whose test is "confirmed"
	// can be vouched for: for the others there is the record, or a reason.
	Confirmed, NotApplicable []string
}

// Gate is what is looked at before a move.
type Gate struct {
	Way   string   // up, down, across or out
	Usual bool     // whether the pathway names this move
	IDs   []string // ids of checks
}

// Of is the gate between two stages. A move that the pathway does not name has
// the checks of those that lead to the same stage. From where a learner has no
// support here, as after leaving, every way leads up: where a stage stands in the
// pathway's order says nothing then.
func Of(p *pathway.Pathway, from, to string) Gate {
	if m, ok := p.Move(from, to); ok {
		return Gate{Way: m.Way, Usual: true, IDs: m.Gate}
	}
	g := Gate{Way: "up"}
	if s, ok := p.Stage(from); p.Compare(from, to) > 0 && !(ok && s.Away()) {
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

// Unusual is the line to put first in the table of a move that the pathway does
// not name. It is never met: the move wants a reason.
func Unusual() Line {
	return Line{State: Missing, Check: pathway.Check{
		ID: "usual-way", Kind: "evidence",
		Words:   "The pathway names this way from one stage to the other",
		Satisfy: "Give the reason with --because. Needs can be sudden or great, and the way is open.",
		Who:     "whoever decides",
		Source:  "The moves in pathway.yaml",
	}}
}

// Table looks at each of the checks, in the order given.
func Table(f *folder.Folder, r *folder.Record, ids []string, a Ask) []Line {
	s := see(f, r, a)
	known := tests()
	var out []Line
	for _, id := range ids {
		c, ok := f.Pathway.Value.Check(id)
		if !ok {
			c = pathway.Check{ID: id}
		}
		out = append(out, s.line(c, known))
	}
	return out
}

// line looks at one check. What people say about it goes round the test: a
// citation in the request shows what the record does not, and a thing that does
// not apply is not looked for.
func (s *sight) line(c pathway.Check, known map[string]test) Line {
	if y := c.YoungPerson; y != nil && s.ofAge() {
		c.Words, c.Satisfy, c.Who = cmp.Or(y.Words, c.Words), cmp.Or(y.Satisfy, c.Satisfy), cmp.Or(y.Who, c.Who)
	}
	if s.notApplicable(c.ID) {
		return Line{Check: c, State: NotApplicable, Found: "does not apply here"}
	}
	t, ok := known[c.Test]
	if !ok {
		return Line{Check: c, State: Missing, Found: "this sendctl does not know how to look for it"}
	}
	a := t.look(s, c)
	if a.state != Present {
		if shown := s.cited(c.ID); len(shown) > 0 {
			a = answer{state: Present, found: counted(len(shown), "piece of evidence", "pieces of evidence") + " cited for it", cites: shown}
		}
	}
	return Line{Check: c, State: a.state, Found: a.found, Cites: slices.DeleteFunc(a.cites, func(id string) bool { return !citable(id) })}
}

const hashed = "sha256:" // how an attachment is cited

// citable reports whether an id can stand in a sealed move. The id of a broken
// file can be anything, and may not pass into another.
func citable(id string) bool {
	switch id {
	case "learner", "identity", "contacts", "passport", "profile", "readings":
		return true
	}
	hash, attached := strings.CutPrefix(id, hashed)
	return ids.ValidFile(id) || attached && len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == ""
}

func (s *sight) notApplicable(id string) bool {
	if slices.Contains(s.ask.NotApplicable, id) {
		return true
	}
	q := s.ask.Request
	return q != nil && slices.ContainsFunc(q.Readiness, func(x learner.Readiness) bool {
		return x.Item == id && x.State == string(NotApplicable)
	})
}

// cited are the citations that the request gives for a check, each once.
func (s *sight) cited(id string) []string {
	var out []string
	if q := s.ask.Request; q != nil {
		for _, e := range q.Evidence {
			if e.Shows == id && e.Cites != "" && !slices.Contains(out, e.Cites) {
				out = append(out, e.Cites)
			}
		}
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
