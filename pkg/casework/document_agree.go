package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Agreeing is the present version of a document being agreed. One that is agreed
// already becomes the next version by being agreed again: that is how a look which
// changed nothing is recorded.
type Agreeing struct {
	*Writing
}

// Consent is who agreed a version, on what day, and when it is looked at again
// where that day is new.
type Consent struct {
	With     []string  `yaml:"with"`
	Date     date.Date `yaml:"date"`
	ReviewOn date.Date `yaml:"review_on"`
}

// StartAgreeing takes the learner's document of a kind to be agreed. It refuses
// where nothing is written yet (a *StateError).
func StartAgreeing(c Case, kind string) (*Agreeing, error) {
	w, err := StartWriting(c, kind, func(string) bool { return false })
	if err != nil {
		return nil, err
	}
	if d, ok := w.Present(); !ok || d.Empty() {
		return nil, state("%s has no %s yet, so there is nothing to agree; write it first: sendctl %s %s", c.ID(), w.kind.Words, kind, c.ID())
	}
	return &Agreeing{w}, nil
}

// again reports whether the present version is agreed already.
func (g *Agreeing) again() bool { return g.was.State == report.Agreed }

// Form asks who agreed.
func (g *Agreeing) Form() form.Script {
	return func(a form.Answers) []form.Question {
		heading := "Agreeing the " + g.kind.Words + ", version " + string(learner.Count(g.version))
		with := form.Question{Path: "with", Flag: "--with", Heading: heading, Kind: form.Many, Options: g.everyone(),
			Ask: "Who agreed it?", Why: "The learner and the family first of all: it is theirs. The record shows who did."}
		with.Default, _ = g.standing(g.was.With, with.Options)
		first, what := g.was.Made, "the day it was made"
		if g.again() {
			first, what = lastAgreed(g.was), "the day it was last agreed"
		}
		qs := []form.Question{with, {Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: g.Today.String(), Follows: true,
			Ask: "On what day was it agreed?", Why: "The day they said so; when it was recorded is kept apart.", Check: past(first, g.Today, what)}}
		on := parsed(a, "date")
		if on.IsZero() {
			on = g.Today
		}
		if g.again() || !g.was.ReviewOn.IsZero() && !g.was.ReviewOn.After(on) {
			q := lookAgain(g.Case, heading, on)
			q.Check = later(on, "the day it is agreed")
			qs = append(qs, q)
		}
		return qs
	}
}

// AgreeDocument adds who agreed and seals the file's bytes as that version.
func (d *Desk) AgreeDocument(ctx context.Context, g *Agreeing, c Consent) (Done, error) {
	done, err := d.do(ctx, "agree", g.ID(), func(a *act) error {
		if err := unmoved(a, g.path(), g.doc); err != nil {
			return err
		}
		was, err := g.blank()
		if err != nil {
			return err
		}
		now, err := g.blank()
		if err != nil {
			return err
		}
		to := partsOf(now)
		*to.version, *to.agreed = learner.Count(g.version), nil
		for _, who := range c.With {
			*to.agreed = append(*to.agreed, learner.SignedBy{Who: who, Date: c.Date})
		}
		if len(*to.agreed) == 0 {
			return state("somebody must have agreed it: --with says who")
		}
		if g.again() {
			*to.made = c.Date
		}
		if !c.ReviewOn.IsZero() {
			*to.reviewOn = c.ReviewOn
		}
		next, err := g.doc.Edit(documentEdits(g.kind, was, now)...)
		if err != nil {
			return err
		}
		a.written(c.Date, g.version)
		a.about = g.kind.ID + " " + a.about
		if err := a.write(g.path(), next.Bytes()); err != nil {
			return err
		}
		id, err := d.newFileID(a.taken())
		if err != nil {
			return err
		}
		a.seal(id, g.path(), "agree", c.Date)
		return nil
	})
	if err == nil && !slices.ContainsFunc(c.With, func(id string) bool { return report.OfTheFamily(g.Record, id) }) {
		done.Warnings = append(done.Warnings, "Neither the learner nor anyone of the family is among those who agreed it; whoever reads it is told so.")
	}
	return done, err
}

// Reader is who of the staff has read which version, on what day.
type Reader struct {
	By      []string       `yaml:"by"`
	Version learner.Number `yaml:"version"`
	Date    date.Date      `yaml:"date"`
}

// ReadForm asks who has read the learner's document of a kind. It refuses where no
// version of it is agreed (a *StateError).
func ReadForm(c Case, kind string) (form.Script, error) {
	if err := soundDocument(c.Record, kind); err != nil {
		return nil, err
	}
	d, err := agreedDocument(c.Folder, c.Record, kind, c.Today)
	if err != nil {
		return nil, err
	}
	heading := "Who has read the " + d.KindWords
	return func(a form.Answers) []form.Question {
		var first date.Date
		if v := a.Text("version"); v == d.Version || v == "" && d.State == report.Agreed {
			first = lastAgreed(d)
		}
		return []form.Question{
			{Path: "by", Flag: "--by", Heading: heading, Kind: form.Many, Options: c.staff(), Default: defaultTo(c.Me.ID, c.staff()), Follows: true,
				Ask: "Who has read it?", Why: "Whoever read it, not whoever types."},
			// Beside a draft, the version that was read is only likely the one agreed last.
			{Path: "version", Flag: "--version", Heading: heading, Kind: form.Number, Default: d.AgreedLast, Follows: d.State == report.Agreed,
				Ask: "Which version?", Why: "A new version is to be read anew.", Check: func(x form.Answer) error { return isAgreed(d, learner.Number(x.Text)) }},
			{Path: "date", Flag: "--date", Heading: heading, Kind: form.Date, Default: c.Today.String(), Follows: true,
				Ask: "On what day?", Why: "The day it was read; when it was recorded is kept apart.", Check: past(first, c.Today, "the day on which this version was agreed")},
		}
	}, nil
}

// agreedDocument gives the document if a version of it is there to be read.
func agreedDocument(f *folder.Folder, r *folder.Record, kind string, today date.Date) (report.Document, error) {
	d, ok := report.DocumentOf(f, r, kind, today)
	words := report.DocumentKindOf(kind).Words
	switch {
	case !ok:
		return d, state("%s has no %s yet, so nobody can have read it; write it with: sendctl %s %s", r.ID, words, kind, r.ID)
	case d.AgreedLast == "":
		return d, state("the %s of %s is a draft that nobody has agreed, and is read once it is; agree it with: sendctl %s %s agree", words, r.ID, kind, r.ID)
	}
	return d, nil
}

// isAgreed reports whether a version is there and agreed.
func isAgreed(d report.Document, version learner.Number) error {
	n, ok := version.Int()
	last, _ := learner.Number(d.AgreedLast).Int()
	present, _ := learner.Number(d.Version).Int()
	switch {
	case !ok || n < 1 || n > max(present, last):
		return fmt.Errorf("there is no version %s; the one agreed last is %s", version, d.AgreedLast)
	case n > last:
		return fmt.Errorf("version %s is a draft that nobody has agreed; the one agreed last is %s", version, d.AgreedLast)
	}
	return nil
}

// ReadDocument records that members of the staff have read a version. It adds to
// readings.yaml and touches nothing else.
func (d *Desk) ReadDocument(ctx context.Context, id, kind string, x Reader) (Done, error) {
	return d.do(ctx, "read", id, func(a *act) error {
		r := a.Record
		doc, err := agreedDocument(a.Folder, r, kind, x.Date)
		if err != nil {
			return err
		}
		if err := isAgreed(doc, x.Version); err != nil {
			return state("%v", err)
		}
		var fresh []learner.Reading
		for _, who := range x.By {
			if _, ok := a.Folder.Person(who); !ok {
				return state("%s is not in people.yaml; readings are of the staff", who)
			}
			fresh = append(fresh, learner.Reading{Document: kind, Version: x.Version, Who: who, Date: x.Date})
		}
		have := r.Readings.Value.Readings
		if err := readAlready(have, fresh); err != nil {
			return err
		}
		version, _ := x.Version.Int()
		a.written(x.Date, version)
		a.about = kind + " " + a.about
		p := documentPath(r.Dir, "readings")
		if r.Readings.Doc == nil {
			return a.make(p, recordfile.Readings, learner.Readings{Format: recordfile.Readings.Format(), Learner: id, Readings: fresh})
		}
		var edits []yamldoc.Edit
		if len(have) == 0 {
			edits = append(edits, appendTo(r.Readings.Value, "readings", fresh, 0))
		}
		for i := range fresh {
			if len(have) > 0 {
				edits = append(edits, appendTo(r.Readings.Value, "readings", fresh[i:i+1], len(have)))
			}
		}
		next, err := r.Readings.Edited(recordfile.Readings, edits...)
		if err != nil {
			return err
		}
		return a.write(p, next.Doc.Bytes())
	})
}

// readAlready refuses to record a reading a second time: once is enough.
func readAlready(have, fresh []learner.Reading) error {
	var had []string
	for i, x := range fresh {
		same := func(o learner.Reading) bool {
			return o.Document == x.Document && o.Version == x.Version && o.Who == x.Who
		}
		if j := slices.IndexFunc(have, same); j >= 0 {
			had = append(had, x.Who+" on "+have[j].Date.Long())
		} else if slices.ContainsFunc(fresh[:i], same) {
			return state("%s is named twice", x.Who)
		}
	}
	if len(had) > 0 {
		return state("it is recorded already who read version %s: %s; nothing more is needed", fresh[0].Version, strings.Join(had, ", "))
	}
	return nil
}
