package report

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
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

// Step is a move that is about to be made, for reading it back.
type Step struct {
	Date          date.Date
	Decided       date.Date
	FromWords     string
	ToWords       string
	DecidedByName string
	Because       string
	SEN           string
	MainNeed      string
	MainNeedWords string
	Told          []Told
	NotTold       string
	Meeting       date.Date
	InvitedWords  string
	MonitorUntil  date.Date
	ToSetting     string
	Checks        int
	Unmet         []string // in words
}

// Told is one entry of the contact log by which the family was told.
type Told struct {
	Date      date.Date
	WithWords string
	HowWords  string
	Words     string
	Said      string
	CopyGiven bool
}

// StepOf makes the view of a move that is not in the record yet. log are entries
// of the contact log that will be added with it.
func StepOf(f *folder.Folder, r *folder.Record, m learner.Move, log ...learner.ContactEntry) Step {
	s := speaker{f, r}
	v := Step{Date: m.Date, Decided: m.Decided, FromWords: s.stage(m.From), ToWords: s.stage(m.To),
		DecidedByName: s.person(m.DecidedBy), Because: string(m.Because), SEN: m.SENProvision, MainNeed: m.MainNeed,
		MainNeedWords: needWords(m.MainNeed), NotTold: string(m.NotTold), MonitorUntil: m.MonitorUntil, ToSetting: string(m.ToSetting),
		Checks: len(m.Gate)}
	for _, e := range r.Contacts.Value.Contacts {
		if slices.Contains(m.Told, e.ID) {
			v.Told = append(v.Told, s.told(e))
		}
	}
	for _, e := range log {
		v.Told = append(v.Told, s.told(e))
	}
	if m.Meeting != nil {
		v.Meeting, v.InvitedWords = m.Meeting.Date, s.everyone(m.Meeting.Invited)
	}
	for _, g := range m.Gate {
		if g.Met {
			continue
		}
		words := g.Check
		if c, ok := f.Pathway.Value.Check(g.Check); ok {
			words = string(c.Words)
		}
		v.Unmet = append(v.Unmet, words)
	}
	return v
}

func (s speaker) told(e learner.ContactEntry) Told {
	return Told{Date: e.Date, WithWords: s.everyone(e.With), HowWords: s.words("contact-how", e.How),
		Words: string(e.Told), Said: string(e.Said), CopyGiven: e.CopyGiven}
}

// needWords is what people read for a census type of need, or the code itself.
func needWords(code string) string {
	if list, err := recordfile.CodeList("sen-type"); err == nil {
		if c, ok := list.Code(code); ok {
			return string(c.Words)
		}
	}
	return code
}
