package report

import (
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Paper is one thing of a record that can be shown by itself: a file, an entry of
// the contact log, or the whole log.
type Paper struct {
	Kind  recordfile.Kind
	ID    string // "" for what there is one of
	Path  string
	Index int // its place in the list of the record that holds it
}

// PaperEntry is the kind of an entry of the contact log, which is no file of its own.
const PaperEntry recordfile.Kind = "contact"

// Papers are all that can be shown of a learner by themselves, in the order of the
// record: those with an id, then those that are known by name.
func Papers(r *folder.Record) []Paper {
	var out []Paper
	out = papers(out, recordfile.Cycle, r.Cycles, func(x learner.Cycle) string { return x.ID })
	out = papers(out, recordfile.Move, r.Moves, func(x learner.Move) string { return x.ID })
	out = papers(out, recordfile.Request, r.Requests, func(x learner.Request) string { return x.ID })
	out = papers(out, recordfile.Letter, r.Letters, func(x learner.Letter) string { return x.ID })
	out = papers(out, recordfile.Decision, r.Decisions, func(x learner.Decision) string { return x.ID })
	out = papers(out, recordfile.Impact, r.Impacts, func(x learner.Impact) string { return x.ID })
	out = papers(out, recordfile.Advice, r.Advice, func(x learner.Advice) string { return x.ID })
	out = papers(out, recordfile.Correction, r.Corrections, func(x learner.Correction) string { return x.ID })
	for i, x := range r.Contacts.Value.Contacts {
		out = append(out, Paper{Kind: PaperEntry, ID: x.ID, Index: i})
	}
	for _, x := range []struct {
		kind recordfile.Kind
		doc  *yamldoc.Doc
		path string
	}{
		{recordfile.Passport, r.Passport.Doc, r.Passport.Path},
		{recordfile.Profile, r.Profile.Doc, r.Profile.Path},
		{recordfile.Contacts, r.Contacts.Doc, r.Contacts.Path},
	} {
		if x.doc != nil {
			out = append(out, Paper{Kind: x.kind, Path: x.path})
		}
	}
	return out
}

func papers[T any](out []Paper, k recordfile.Kind, files []recordfile.File[T], id func(T) string) []Paper {
	for i, f := range files {
		out = append(out, Paper{Kind: k, ID: id(f.Value), Path: f.Path, Index: i})
	}
	return out
}

// Name is what stands for the paper on the command line: its id, or passport,
// profile or contacts.
func (p Paper) Name() string {
	if p.ID == "" {
		return strings.TrimSuffix(path.Base(p.Path), ".yaml")
	}
	return p.ID
}

// Is reports whether what was typed stands for the paper: its id, the name of its
// file, with or without .yaml, or the whole path.
func (p Paper) Is(typed string) bool {
	base := path.Base(p.Path)
	return typed != "" && (typed == p.ID || p.Path != "" && (typed == p.Path || typed == base || typed == strings.TrimSuffix(base, ".yaml")))
}

// About is which request a letter, a decision or an impact is about.
type About struct {
	Path      string    `json:"path"`
	Request   string    `json:"request"`
	Kind      string    `json:"request_kind"`
	KindWords string    `json:"request_kind_words"`
	Sent      date.Date `json:"request_sent"`
}

// LetterFile is one letter about a request by itself.
type LetterFile struct {
	Format string `json:"format"` // sendctl-letter/1
	About
	RequestLetter
	Corrected []Correction `json:"corrected,omitempty"`
}

// DecisionFile is one decision of a panel by itself.
type DecisionFile struct {
	Format string `json:"format"` // sendctl-decision/1
	About
	RequestDecision
	Corrected []Correction `json:"corrected,omitempty"`
}

// ImpactFile is what short-term resource changed, by itself.
type ImpactFile struct {
	Format string `json:"format"` // sendctl-impact/1
	About
	RequestImpact
	Corrected []Correction `json:"corrected,omitempty"`
}

// RequestFile is one request with all that followed on it.
type RequestFile struct {
	Format  string `json:"format"` // sendctl-request/1
	Learner string `json:"learner"`
	Request
	Corrected []Correction `json:"corrected,omitempty"` // of the request, its letters, decisions and impacts
}

// RequestFileOf makes the view of the request with an id as of today, and of what
// followed on it, corrections laid over them all; ok is false where there is none.
func RequestFileOf(f *folder.Folder, r *folder.Record, id string, today date.Date) (v RequestFile, ok bool) {
	for _, l := range gate.Lives(f, r) {
		if l.Request.Value.ID != id {
			continue
		}
		v = RequestFile{Format: "sendctl-request/1", Learner: r.ID, Request: RequestOf(f, r, l, today)}
		for _, part := range partsOf(l) {
			v.Corrected = append(v.Corrected, speaker{f, r}.corrections(part)...)
		}
		return v, true
	}
	return RequestFile{}, false
}

// partsOf are the ids of a request and of what followed on it.
func partsOf(l gate.Life) []string {
	out := []string{l.Request.Value.ID}
	for _, x := range l.Letters {
		out = append(out, x.Value.ID)
	}
	for _, x := range l.Decisions {
		out = append(out, x.Value.ID)
	}
	for _, x := range l.Impacts {
		out = append(out, x.Value.ID)
	}
	return out
}

// LetterFileOf makes the view of one letter, corrections laid over it. today is
// for what runs while it does.
func LetterFileOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Letter], today date.Date) LetterFile {
	v := LetterFile{Format: "sendctl-letter/1", Corrected: speaker{f, r}.corrections(file.Value.ID)}
	x, _ := folder.Corrected(r, file)
	q, about := aboutRequest(f, r, file.Path, x.Request, gate.Life{Letters: []recordfile.File[learner.Letter]{{Path: file.Path, Doc: file.Doc, Value: x}}}, today)
	v.About, v.RequestLetter = about, q.Letters[0]
	return v
}

// DecisionFileOf is described at LetterFileOf.
func DecisionFileOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Decision], today date.Date) DecisionFile {
	v := DecisionFile{Format: "sendctl-decision/1", Corrected: speaker{f, r}.corrections(file.Value.ID)}
	x, _ := folder.Corrected(r, file)
	q, about := aboutRequest(f, r, file.Path, x.Request, gate.Life{Decisions: []recordfile.File[learner.Decision]{{Path: file.Path, Doc: file.Doc, Value: x}}}, today)
	v.About, v.RequestDecision = about, q.Decisions[0]
	return v
}

// ImpactFileOf is described at LetterFileOf.
func ImpactFileOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Impact], today date.Date) ImpactFile {
	v := ImpactFile{Format: "sendctl-impact/1", Corrected: speaker{f, r}.corrections(file.Value.ID)}
	x, _ := folder.Corrected(r, file)
	q, about := aboutRequest(f, r, file.Path, x.Request, gate.Life{Impacts: []recordfile.File[learner.Impact]{{Path: file.Path, Doc: file.Doc, Value: x}}}, today)
	v.About, v.RequestImpact = about, q.Impacts[0]
	return v
}

// aboutRequest makes the view of one file of a request's life, and says which
// request that is. The file alone is shown where its request is not there.
func aboutRequest(f *folder.Folder, r *folder.Record, path, id string, l gate.Life, today date.Date) (Request, About) {
	for _, all := range gate.Lives(f, r) {
		if all.Request.Value.ID == id {
			l.Request, l.Kind = all.Request, all.Kind
		}
	}
	q := RequestOf(f, r, l, today)
	return q, About{Path: path, Request: id, Kind: q.Kind, KindWords: q.KindWords, Sent: q.Sent}
}

// ContactEntry is one entry of the contact log as people read it.
type ContactEntry struct {
	Format     string    `json:"format"` // sendctl-contact/1
	ID         string    `json:"id"`
	Date       date.Date `json:"date"`
	With       []string  `json:"with,omitempty"` // ids
	WithWords  string    `json:"with_words,omitempty"`
	By         string    `json:"by,omitempty"`
	ByName     string    `json:"by_name,omitempty"`
	How        string    `json:"how,omitempty"`
	HowWords   string    `json:"how_words,omitempty"`
	About      string    `json:"about,omitempty"`
	AboutWords string    `json:"about_words,omitempty"`
	Told       string    `json:"told,omitempty"`
	Said       string    `json:"said,omitempty"`
	SaidBy     string    `json:"said_by_name,omitempty"` // whose words Said are, where only one person can have said them
	Agreed     []string  `json:"agreed,omitempty"`
	CopyGiven  bool      `json:"copy_given"`
	Cites      []string  `json:"cites,omitempty"` // ids
}

// ContactLog is the whole contact log, the latest entry first.
type ContactLog struct {
	Format   string         `json:"format"` // sendctl-contacts/1
	ID       string         `json:"id"`
	Contacts []ContactEntry `json:"contacts"`
}

// ContactLogOf makes the view of the whole contact log.
func ContactLogOf(f *folder.Folder, r *folder.Record) ContactLog {
	v := ContactLog{Format: "sendctl-contacts/1", ID: r.ID, Contacts: []ContactEntry{}}
	all := r.Contacts.Value.Contacts
	for i := len(all) - 1; i >= 0; i-- {
		v.Contacts = append(v.Contacts, ContactEntryOf(f, r, all[i]))
	}
	return v
}

// ContactEntryOf makes the view of one entry of the contact log.
func ContactEntryOf(f *folder.Folder, r *folder.Record, x learner.ContactEntry) ContactEntry {
	return speaker{f, r}.contact(x)
}

func (s speaker) contact(x learner.ContactEntry) ContactEntry {
	v := ContactEntry{Format: "sendctl-contact/1", ID: x.ID, Date: x.Date, With: x.With, WithWords: s.everyone(x.With), By: x.By, ByName: s.person(x.By),
		How: x.How, HowWords: s.words("contact-how", x.How), About: x.About, AboutWords: s.words("contact-about", x.About),
		Told: string(x.Told), Said: string(x.Said), Agreed: texts(x.Agreed), CopyGiven: x.CopyGiven, Cites: x.Cites}
	if len(x.With) == 1 && OfTheFamily(s.record, x.With[0]) {
		v.SaidBy = v.WithWords
	}
	return v
}

// Subject says what an entry is about; "" where it is about nothing that has a name.
func (x ContactEntry) Subject() string {
	if x.About == "other" {
		return ""
	}
	return x.AboutWords
}

// Lines tell what an entry holds beside who, when and how, a sentence each.
func (x ContactEntry) Lines() []string {
	var out []string
	if x.Told != "" {
		out = append(out, "Told: "+Sentence(x.Told))
	}
	switch {
	case x.Said == "":
	case x.SaidBy != "":
		out = append(out, x.SaidBy+" said: "+Quoted(x.Said))
	default:
		out = append(out, "Said: "+Quoted(x.Said))
	}
	if len(x.Agreed) > 0 {
		out = append(out, "Agreed: "+Sentence(strings.Join(x.Agreed, "; ")))
	}
	if x.CopyGiven {
		out = append(out, "A copy was given.")
	}
	return out
}

// CorrectionFile is one correction by itself, with the file it puts right.
type CorrectionFile struct {
	Format        string `json:"format"`   // sendctl-correction/1
	Corrects      string `json:"corrects"` // id
	CorrectsWords string `json:"corrects_words,omitempty"`
	Correction
}

// CorrectionFileOf makes the view of one correction.
func CorrectionFileOf(f *folder.Folder, r *folder.Record, file recordfile.File[learner.Correction]) CorrectionFile {
	s := speaker{f, r}
	x := file.Value
	v := CorrectionFile{Format: "sendctl-correction/1", Corrects: x.Corrects, CorrectsWords: s.paperWords(x.Corrects)}
	var in learner.Cycle
	for _, c := range r.Cycles {
		if c.Value.ID == x.Corrects {
			in = c.Value
		}
	}
	v.Correction = s.correction(in, x)
	return v
}

// paperWords says which paper an id stands for: "the move of 12 February 2026"; the
// id alone where the record has none.
func (s speaker) paperWords(id string) string {
	of := func(what string, d date.Date) string { return "the " + what + " of " + d.Long() }
	for _, p := range Papers(s.record) {
		if p.ID != id {
			continue
		}
		switch i := p.Index; p.Kind {
		case recordfile.Cycle:
			return of("cycle", s.record.Cycles[i].Value.Opened)
		case recordfile.Move:
			return of("move", s.record.Moves[i].Value.Date)
		case recordfile.Request:
			q := s.record.Requests[i].Value
			return of(s.requestWords(q.Kind)+" request", q.Opened)
		case recordfile.Letter:
			return of("letter", s.record.Letters[i].Value.Date)
		case recordfile.Decision:
			return of("decision", s.record.Decisions[i].Value.Panel)
		case recordfile.Impact:
			return of("impact review", s.record.Impacts[i].Value.Date)
		case recordfile.Advice:
			return of("advice", s.record.Advice[i].Value.Date)
		case recordfile.Correction:
			return of("correction", s.record.Corrections[i].Value.Date)
		case PaperEntry:
			return of("contact", s.record.Contacts.Value.Contacts[i].Date)
		}
	}
	return id
}
