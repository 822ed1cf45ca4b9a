package report

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// MoveFile is one change of stage as people read it, corrections laid over it.
type MoveFile struct {
	Format        string         `json:"format"` // sendctl-move/1
	ID            string         `json:"id"`
	Path          string         `json:"path"`
	Date          date.Date      `json:"date"`
	Decided       date.Date      `json:"decided"` // Date, where it was decided no earlier
	From          string         `json:"from,omitempty"`
	FromWords     string         `json:"from_words,omitempty"`
	To            string         `json:"to"`
	ToWords       string         `json:"to_words"`
	Pathway       string         `json:"pathway"`
	DecidedBy     string         `json:"decided_by"`
	DecidedByName string         `json:"decided_by_name"`
	Because       string         `json:"because,omitempty"`
	SEN           string         `json:"sen_provision"`
	SENWords      string         `json:"sen_provision_words"`
	MainNeed      string         `json:"main_need,omitempty"`
	MainNeedWords string         `json:"main_need_words,omitempty"`
	Told          []ContactEntry `json:"told,omitempty"`
	NotTold       string         `json:"not_told,omitempty"` // why nobody of the family was told
	Meeting       date.Date      `json:"meeting"`
	Invited       []string       `json:"invited,omitempty"` // ids
	InvitedWords  string         `json:"invited_words,omitempty"`
	MonitorUntil  date.Date      `json:"monitor_until"`
	ToSetting     string         `json:"to_setting,omitempty"`
	Gate          []KeptCheck    `json:"gate,omitempty"` // as it was sealed
	Corrected     []Correction   `json:"corrected,omitempty"`
}

// KeptCheck is one line of a gate table as a move keeps it.
type KeptCheck struct {
	Check string   `json:"check"`
	Words string   `json:"check_words"` // as the pathway in force now has them
	Kind  string   `json:"kind"`        // duty or evidence
	Met   bool     `json:"met"`
	Cites []string `json:"cites,omitempty"` // ids
	Shown []string `json:"cites_words,omitempty"`
}

// Unmet are the checks of the gate that were not met in full.
func (v MoveFile) Unmet() []KeptCheck {
	var out []KeptCheck
	for _, g := range v.Gate {
		if !g.Met {
			out = append(out, g)
		}
	}
	return out
}

// MoveFileOf makes the view of one move.
func MoveFileOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Move]) MoveFile {
	s := speaker{f, r}
	m, _ := folder.Corrected(r, file)
	v := s.move(m)
	v.Path, v.Corrected = file.Path, s.corrections(m.ID)
	for _, id := range m.Told {
		v.Told = append(v.Told, s.contactByID(id))
	}
	return v
}

// StepOf makes the view of a move that is not in the record yet, for reading it
// back. log are entries of the contact log that will be added with it.
func StepOf(f *folder.Folder, r *folder.Record, m learner.Move, log ...learner.ContactEntry) MoveFile {
	s := speaker{f, r}
	v := s.move(m)
	for _, e := range r.Contacts.Value.Contacts {
		if slices.Contains(m.Told, e.ID) {
			v.Told = append(v.Told, s.contact(e))
		}
	}
	for _, e := range log {
		v.Told = append(v.Told, s.contact(e))
	}
	return v
}

// move makes the view of a move but for who was told.
func (s speaker) move(m learner.Move) MoveFile {
	v := MoveFile{Format: "sendctl-move/1", ID: m.ID, Date: m.Date, Decided: m.Decided, From: m.From, FromWords: s.stage(m.From),
		To: m.To, ToWords: s.stage(m.To), Pathway: m.Pathway, DecidedBy: m.DecidedBy, DecidedByName: s.person(m.DecidedBy), Because: string(m.Because),
		SEN: m.SENProvision, SENWords: sen(m.SENProvision), MainNeed: m.MainNeed, NotTold: string(m.NotTold),
		MonitorUntil: m.MonitorUntil, ToSetting: string(m.ToSetting)}
	if v.Decided.IsZero() {
		v.Decided = m.Date
	}
	if m.MainNeed != "" {
		v.MainNeedWords = listed("sen-type", m.MainNeed)
	}
	if x := m.Meeting; x != nil {
		v.Meeting, v.Invited, v.InvitedWords = x.Date, x.Invited, s.everyone(x.Invited)
	}
	for _, g := range m.Gate {
		k := KeptCheck{Check: g.Check, Words: s.check(g.Check), Kind: g.Kind, Met: g.Met, Cites: g.Cites}
		for _, id := range g.Cites {
			k.Shown = append(k.Shown, s.cited(id))
		}
		v.Gate = append(v.Gate, k)
	}
	return v
}

// contactByID is the entry of the contact log with that id; with the id alone
// where there is none.
func (s speaker) contactByID(id string) ContactEntry {
	for _, x := range s.record.Contacts.Value.Contacts {
		if x.ID == id {
			return s.contact(x)
		}
	}
	return ContactEntry{Format: "sendctl-contact/1", ID: id}
}

// corrections are the corrections of a file that is no cycle, in order.
func (s speaker) corrections(id string) []Correction {
	var out []Correction
	for _, fix := range s.record.CorrectionsOf(id) {
		out = append(out, s.correction(learner.Cycle{}, fix))
	}
	return out
}
