package report

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// The states of a document's present version.
const (
	Draft  = "draft"
	Agreed = "agreed"
)

// DocumentKind is one of the two documents that may stand beside any stage: what
// it is called, and the lists it holds in the order of reading, strengths first.
type DocumentKind struct {
	ID    string // passport, profile
	Words string // "passport", "one-page profile"
	Lists []DocumentList
}

// DocumentList is one list of a document: its key in the file, and the words it
// begins with, in the learner's own person.
type DocumentList struct {
	Key   string   `json:"key"`
	Words string   `json:"words"`
	Items []string `json:"items"` // empty in a DocumentKind
}

// DocumentKinds are the documents there are.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{
		{ID: "passport", Words: "passport", Lists: []DocumentList{
			{Key: "know", Words: "I would like you to know that"},
			{Key: "hard_when", Words: "I find it hard when"},
			{Key: "help_me_by", Words: "You can help me by"},
			{Key: "help_myself_by", Words: "I will help myself by"},
		}},
		{ID: "profile", Words: "one-page profile", Lists: []DocumentList{
			{Key: "admire", Words: "What people like and admire about me"},
			{Key: "important", Words: "What is important to me"},
			{Key: "support", Words: "How best to support me"},
		}},
	}
}

// DocumentKindOf is the kind with the given id; its zero value where there is none.
func DocumentKindOf(id string) DocumentKind {
	for _, k := range DocumentKinds() {
		if k.ID == id {
			return k
		}
	}
	return DocumentKind{}
}

// Document is a learner's passport or profile as it stands, for `passport show`,
// `next` and `due`. Who is to read it and has is about the version agreed last.
type Document struct {
	Format      string         `json:"format"` // sendctl-document/1
	Learner     string         `json:"learner"`
	Name        string         `json:"name"`
	Kind        string         `json:"document"` // passport, profile
	KindWords   string         `json:"document_words"`
	Version     string         `json:"version"`
	State       string         `json:"state"`                    // draft, agreed
	AgreedLast  string         `json:"agreed_version,omitempty"` // the latest version that was agreed; "" where none was
	Made        date.Date      `json:"made"`
	ReviewOn    date.Date      `json:"review_on"`
	With        []string       `json:"with"`
	WithWords   string         `json:"with_words"`
	Lists       []DocumentList `json:"lists"`
	Agreed      []Signed       `json:"agreed"`
	Together    bool           `json:"agreed_by_learner_or_family"`
	SharedWith  []string       `json:"shared_with"` // staff ids, as the next three
	Read        []string       `json:"read"`
	Unread      []string       `json:"unread"` // of those it is shared with; none while nothing is agreed
	Readings    []Signed       `json:"readings"`
	UnreadWords string         `json:"unread_words,omitempty"`
	Stale       bool           `json:"stale"`
	StaleSince  date.Date      `json:"stale_since"`
	// Changed says that the text calls itself agreed and is not what was agreed last:
	// it was changed by hand since, or no seal was ever made of it.
	Changed bool        `json:"changed_since_agreed"`
	Seals   int         `json:"seals"` // of agreed versions
	Faults  []FileFault `json:"faults,omitempty"`
}

// AgreementOf says in a sentence who agrees to a version, before it is recorded.
func AgreementOf(f *folder.Folder, r *folder.Record, kind string, version int, who []string, on date.Date) string {
	s := speaker{f, r}
	by := s.everyone(who)
	if by == "" {
		by = "nobody"
	}
	return fmt.Sprintf("The %s, version %d, is agreed by %s, on %s.", kind, version, by, on.Long())
}

// Signed is somebody who agreed a version, or read it, and when.
type Signed struct {
	Who     string    `json:"who"`
	WhoName string    `json:"who_name"`
	Date    date.Date `json:"date"`
}

// Empty reports whether the document holds no words at all.
func (d Document) Empty() bool {
	return !slices.ContainsFunc(d.Lists, func(l DocumentList) bool { return len(l.Items) > 0 })
}

// DocumentOf is the learner's document of a kind as of today; ok is false where
// there is none, or none that can be read at all.
func DocumentOf(f *folder.Folder, r *folder.Record, kind string, today date.Date) (d Document, ok bool) {
	doc, v := DocumentFile(r, kind)
	if doc == nil {
		return Document{}, false
	}
	d = DocumentAs(f, r, v, today)
	p := path.Join(r.Dir, kind+".yaml")
	latest, n := agreedSeals(r, kind+".yaml")
	d.Seals = n
	d.Changed = d.State == Agreed && !slices.ContainsFunc(latest, func(s seal.Seal) bool { return s.Covers(doc.Bytes()) })
	for _, x := range faultsOf(r) {
		if x.File == p || x.File == r.Readings.Path {
			d.Faults = append(d.Faults, x)
		}
	}
	return d, true
}

// DocumentFile is the file of a kind and what it says, a *learner.Passport or a
// *learner.Profile; doc is nil where there is no such file or it cannot be read.
func DocumentFile(r *folder.Record, kind string) (doc *yamldoc.Doc, v any) {
	if kind == "profile" {
		is := r.Profile.Value
		return r.Profile.Doc, &is
	}
	is := r.Passport.Value
	return r.Passport.Doc, &is
}

// DocumentAs is the view of a text, a *learner.Passport or a *learner.Profile,
// that need not be recorded yet: what is read back before it is. It panics on
// anything else.
func DocumentAs(f *folder.Folder, r *folder.Record, v any, today date.Date) Document {
	s := speaker{f, r}
	d := Document{Format: "sendctl-document/1", Learner: r.ID, Name: s.name(), State: Draft,
		With: []string{}, Agreed: []Signed{}, SharedWith: []string{}, Read: []string{}, Unread: []string{}, Readings: []Signed{}}
	var lists [][]learner.Words
	var agreed []learner.SignedBy
	switch v := v.(type) {
	case *learner.Passport:
		d.Kind, d.Version, d.Made, d.ReviewOn = "passport", string(v.Version), v.Made, v.ReviewOn
		d.With, d.SharedWith, agreed = append(d.With, v.With...), append(d.SharedWith, v.SharedWith...), v.Agreed
		lists = [][]learner.Words{v.Know, v.HardWhen, v.HelpMeBy, v.HelpMyself}
	case *learner.Profile:
		d.Kind, d.Version, d.Made, d.ReviewOn = "profile", string(v.Version), v.Made, v.ReviewOn
		d.With, d.SharedWith, agreed = append(d.With, v.With...), append(d.SharedWith, v.SharedWith...), v.Agreed
		lists = [][]learner.Words{v.Admire, v.Important, v.Support}
	default:
		panic("report: no passport and no profile")
	}
	k := DocumentKindOf(d.Kind)
	d.KindWords, d.WithWords = k.Words, s.everyone(d.With)
	for i, l := range k.Lists {
		l.Items = []string{}
		for _, w := range lists[i] {
			l.Items = append(l.Items, string(w))
		}
		d.Lists = append(d.Lists, l)
	}
	d.agreedBy(s, agreed)
	d.readBy(s)
	d.age(f, today)
	return d
}

func (d *Document) agreedBy(s speaker, agreed []learner.SignedBy) {
	version, _ := learner.Number(d.Version).Int()
	if _, n := agreedSeals(s.record, d.Kind+".yaml"); len(agreed) > 0 {
		d.State = Agreed
	} else if version--; n == 0 {
		version = 0 // a number somebody wrote is no version anybody agreed
	} else {
		version = max(version, n) // whoever took "agreed" out by hand took no agreement back
	}
	if version > 0 {
		d.AgreedLast = strconv.Itoa(version)
	}
	for _, x := range agreed {
		d.Agreed = append(d.Agreed, Signed{Who: x.Who, WhoName: s.anyone(x.Who), Date: x.Date})
		d.Together = d.Together || OfTheFamily(s.record, x.Who)
	}
}

// OfTheFamily reports whether an id is the learner's or one of the family's.
func OfTheFamily(r *folder.Record, id string) bool {
	return id == "learner" || slices.ContainsFunc(r.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == id })
}

// readBy says who has read the version agreed last, and who has not.
func (d *Document) readBy(s speaker) {
	if d.AgreedLast == "" {
		return
	}
	for _, x := range s.record.Readings.Value.Readings {
		if x.Document == d.Kind && string(x.Version) == d.AgreedLast && !slices.Contains(d.Read, x.Who) {
			d.Read = append(d.Read, x.Who)
			d.Readings = append(d.Readings, Signed{Who: x.Who, WhoName: s.person(x.Who), Date: x.Date})
		}
	}
	for _, id := range d.SharedWith {
		if !slices.Contains(d.Read, id) {
			d.Unread = append(d.Unread, id)
		}
	}
	d.UnreadWords = s.everyone(d.Unread)
}

// age says whether the day of the next look has come: the day agreed on, or where
// none is, the pathway's number of weeks after the document was made.
func (d *Document) age(f *folder.Folder, today date.Date) {
	since := d.ReviewOn
	if since.IsZero() {
		weeks, ok := f.Pathway.Value.Thresholds.DocumentWeeks.Int()
		if !ok || d.Made.IsZero() {
			return
		}
		since = d.Made.AddDays(7 * weeks)
	}
	if !since.After(today) {
		d.Stale, d.StaleSince = true, since
	}
}

// agreedSeals gives the seals of agreed versions of a file that no other such seal
// follows (one, or more after a merge), and how many there are in all. A file that
// was set back to an earlier agreed version is not what was agreed last.
func agreedSeals(r *folder.Record, file string) (latest []seal.Seal, n int) {
	byHash, followed := map[string]seal.Seal{}, map[string]bool{}
	var ours []string
	for _, b := range r.Seals {
		s, err := seal.Parse(b)
		if err != nil {
			continue // the rules tell of it
		}
		hash := seal.Hash(b)
		byHash[hash] = s
		if s.Path == file && s.Act == "agree" {
			ours = append(ours, hash)
		}
	}
	var mark func(hash string)
	mark = func(hash string) {
		for _, p := range byHash[hash].Previous {
			if !followed[p] {
				followed[p] = true
				mark(p)
			}
		}
	}
	for _, hash := range ours {
		mark(hash)
	}
	for _, hash := range ours {
		if !followed[hash] {
			latest = append(latest, byHash[hash])
		}
	}
	return latest, len(ours)
}
