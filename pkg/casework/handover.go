package casework

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
)

// schoolDays is how long an earlier setting may take to pass a record on and remove
// its copy: the Education (Pupil Information) (England) Regulations 2005.
const schoolDays = 15

// Passing is what handover asks: to whom a record goes, and when.
type Passing struct {
	To        learner.Place `yaml:"to"`
	Date      date.Date     `yaml:"date"`
	Because   learner.Words `yaml:"because"`
	KeepUntil date.Date     `yaml:"keep_until"`
}

// HandoverForm asks where a record goes.
func HandoverForm(c Case) form.Script {
	return func(a form.Answers) []form.Question {
		const heading = "The record is handed over"
		qs := []form.Question{
			{Path: "to.name", Flag: "--to-name", Heading: heading, Kind: form.Line, Ask: "To which school or setting?", Why: "Its name, as it should stand in the record."},
			{Path: "to.la", Flag: "--to-la", Heading: heading, Kind: form.Line, Optional: true, Ask: "Its local authority's number, three digits? (s if you do not know)", Why: "So that nobody takes another school of that name for it.", Check: digits(3, "a local authority number")},
			{Path: "to.estab", Flag: "--to-estab", Heading: heading, Kind: form.Line, Optional: true, Ask: "Its establishment number, four digits? (s if you do not know)", Why: "Likewise.", Check: digits(4, "an establishment number")},
			{Path: "to.urn", Flag: "--to-urn", Heading: heading, Kind: form.Line, Optional: true, Ask: "Its unique reference number, six digits? (s if you do not know)", Why: "Likewise.", Check: digits(6, "a URN")},
			{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true, Ask: "On what day is it passed on?", Why: "The 15 school days are counted from then.", Check: past(date.Date{}, c.Today, "")},
			{Path: "because", Flag: "--because", Heading: heading, Kind: form.Words, Optional: true, Ask: "Is a copy kept here longer than 15 school days, and why? (s if not)",
				Why: "An earlier school keeps no copy, save for a reason that ends: an assessment under way, a claim."},
		}
		if a.Text("because") != "" {
			qs = append(qs, form.Question{Path: "keep_until", Flag: "--keep-until", Heading: heading, Kind: form.Date, Optional: true, Ask: "Until when is it kept? (s if that is not known yet)", Why: "The copy is due for removal by that day."})
		}
		return qs
	}
}

// RemoveBy is the day by which the copy of a record passed on that day is due for
// removal. sure is false where the setting's terms do not reach that far.
func RemoveBy(f *folder.Folder, on date.Date) (day date.Date, sure bool) {
	var terms, holidays []date.Span
	for _, t := range f.Setting.Value.Terms {
		terms = append(terms, date.Span{From: t.From, To: t.To})
		if len(t.HalfTerm) == 2 {
			holidays = append(holidays, date.Span{From: t.HalfTerm[0], To: t.HalfTerm[1]})
		}
	}
	return on.AfterSchoolDays(schoolDays, terms, holidays)
}

// Handing is a handover that is recorded.
type Handing struct {
	Done
	Handover learner.Handover
	Again    bool // it was recorded before; nothing was recorded now
	Counted  bool // the 15 school days were counted in the setting's terms to their end
	// Since are the files of the learner that changed after the handover was recorded,
	// which its parcel does not hold.
	Since []string
}

// UnsoundError says that not all of a record is as it was sealed.
type UnsoundError struct {
	Learner string
	Faults  int
	Flag    string // what may be given all the same
}

func (e *UnsoundError) Error() string {
	return fmt.Sprintf("not all of the record of %s is as it was recorded and sealed (%s: sendctl validate %s); put that right first, or say why it goes all the same: %s WORDS",
		e.Learner, report.Plural(e.Faults, "fault", "faults"), e.Learner, e.Flag)
}

// HandOver records that a record is passed on. Where the latest handover was to the
// same place and is not answered yet, that one stands, unless anew. Where not all of
// the record is as it was sealed, anyway says why it goes all the same; without it
// that is an *UnsoundError.
func (d *Desk) HandOver(ctx context.Context, id string, p Passing, anyway learner.Words, anew bool) (Handing, error) {
	var out Handing
	f, err := d.Folder()
	if err != nil {
		return out, err
	}
	r, err := d.Load(f, id)
	if err != nil {
		return out, err
	}
	if h, receipt, ok := report.HandedOver(r); ok && !anew {
		switch {
		case receipt != nil:
			return out, state("the record of %s was handed over on %s, and the receipt of %s is here; --anew hands it over once more", id, h.Date.Long(), receipt.Date.Long())
		case samePlace(h.To, p.To):
			out.Handover, out.Again, out.Counted = h, true, true
			out.Done = Done{Act: "handover", Learner: id, File: h.ID}
			out.Since, err = d.changedSince(ctx, r, handoverPath(r, h.ID))
			return out, err
		}
	}
	if loose, err := d.unrecorded(r.Dir); err != nil || len(loose) > 0 {
		if err == nil {
			err = state("%s is not recorded as it lies here, and would not go along; record it first: sendctl edit, or git add and git commit", strings.Join(loose, ", "))
		}
		return out, err
	}
	out.Done, err = d.do(ctx, "handover", id, func(a *act) error {
		if a.Record == nil {
			return &folder.NoLearnerError{Typed: id}
		}
		me, err := a.me()
		if err != nil {
			return err
		}
		faults := usableErrors(rules.Learner(a.Folder, a.Record))
		if len(faults) > 0 && anyway == "" {
			return &UnsoundError{Learner: id, Faults: len(faults), Flag: "--anyway"}
		}
		h := learner.Handover{Format: recordfile.Handover.Format(), Learner: id, Date: p.Date, To: p.To, Because: p.Because, By: me.ID}
		if len(faults) > 0 {
			h.Anyway = anyway
		}
		h.RemoveBy, out.Counted = RemoveBy(a.Folder, p.Date)
		switch {
		case !p.KeepUntil.IsZero() && p.Because == "":
			return &SupplyError{From: "--keep-until", Message: "say why a copy is kept longer: --because WORDS"}
		case !p.KeepUntil.IsZero() && p.KeepUntil.Before(p.Date):
			return &SupplyError{From: "--keep-until", Message: "that is before the day of the handover"}
		case p.Because != "":
			h.RemoveBy, out.Counted = p.KeepUntil, true
		}
		if h.ID, err = d.newFileID(a.taken()); err != nil {
			return err
		}
		a.date, a.stage = h.Date, a.Record.Learner.Value.Stage
		at := path.Join(a.Record.Dir, "handovers", h.Date.String()+"-"+h.ID+".yaml")
		if err := a.make(at, recordfile.Handover, h); err != nil {
			return err
		}
		a.seal(h.ID, at, "handover", h.Date)
		out.Handover = h
		return nil
	})
	if err == nil && !out.Counted {
		out.Warnings = append(out.Warnings, fmt.Sprintf("The terms in sendctl.yaml do not reach 15 school days on, so every Monday to Friday after them was counted: the copy is due for removal by %s, or a little later.", out.Handover.RemoveBy.Long()))
	}
	return out, err
}

// samePlace reports whether two places are one setting, as far as both say.
func samePlace(a, b learner.Place) bool {
	same := func(x, y string) bool { return x == "" || y == "" || x == y }
	fold := func(w learner.Words) string { return strings.ToLower(strings.Join(strings.Fields(string(w)), " ")) }
	return fold(a.Name) == fold(b.Name) && same(a.LA, b.LA) && same(a.Estab, b.Estab) && same(a.URN, b.URN)
}

// unrecorded are the files below a folder of the record that are not as the last
// commit has them.
func (d *Desk) unrecorded(dir string) ([]string, error) {
	dirty, err := d.Repo.Dirty([]string{dir})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range dirty {
		out = append(out, c.Path)
	}
	return out, nil
}

// changedSince are the learner's files that differ from those of the commit that
// brought the file at p.
func (d *Desk) changedSince(ctx context.Context, r *folder.Record, p string) ([]string, error) {
	commit, err := d.commitOfFile(ctx, p)
	if err != nil {
		return nil, err
	}
	then, err := d.Repo.CommitFS(commit)
	if err != nil {
		return nil, err
	}
	was, err := filesBelow(then, r.Dir)
	if err != nil {
		return nil, err
	}
	now, err := filesBelow(d.Store.FS(), r.Dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for p, b := range now {
		if old, there := was[p]; !there || !slices.Equal(old, b) {
			out = append(out, p)
		}
	}
	for p := range was {
		if _, there := now[p]; !there {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out, nil
}

// handoverPath is where the handover with that id lies, "" where there is none.
func handoverPath(r *folder.Record, id string) string {
	for _, f := range r.Handovers {
		if f.Doc != nil && f.Value.ID == id {
			return f.Path
		}
	}
	return ""
}
