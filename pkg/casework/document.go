package casework

import (
	"bytes"
	"context"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Writing is a passport or profile being written: what stands there, and its
// questions. A version that was agreed stays as it is, in its seal and in the
// history; writing on makes the next one, a draft.
type Writing struct {
	Case
	kind    report.DocumentKind
	doc     *yamldoc.Doc // nil while there is none
	was     report.Document
	version int // of what is being written
	given   func(path string) bool
}

// StartWriting begins or goes on with the learner's document of a kind. given says
// which answers are there already, so that nothing is asked about those lists. It
// refuses a file with errors (a *recordfile.FaultsError).
func StartWriting(c Case, kind string, given func(path string) bool) (*Writing, error) {
	if err := c.whole(); err != nil {
		return nil, err
	}
	if err := soundDocument(c.Record, kind); err != nil {
		return nil, err
	}
	w := &Writing{Case: c, kind: report.DocumentKindOf(kind), version: 1, given: given}
	w.doc, _ = report.DocumentFile(c.Record, kind)
	if w.doc != nil {
		w.was, _ = report.DocumentOf(c.Folder, c.Record, kind, c.Today)
		w.version, _ = learner.Number(w.was.Version).Int()
		if w.was.State == report.Agreed {
			w.version++
		}
		// Each seal is one version: a number that was set back by hand is not used twice.
		w.version = max(w.version, w.was.Seals+1)
	}
	return w, nil
}

// soundDocument refuses a document that cannot be read whole: nothing may be built
// on it, and least of all may it be sealed.
func soundDocument(r *folder.Record, kind string) error {
	var bad []diag.Finding
	for _, f := range r.Findings {
		if f.File == documentPath(r.Dir, kind) {
			bad = append(bad, f)
		}
	}
	return usable(bad)
}

func documentPath(dir, kind string) string { return path.Join(dir, kind+".yaml") }

// Present is the document as it stands; ok is false where there is none yet.
func (w *Writing) Present() (d report.Document, ok bool) { return w.was, w.doc != nil }

// Version is the number of the version that is being written.
func (w *Writing) Version() int { return w.version }

// Draft is the name under which half-made answers are kept.
func (w *Writing) Draft() string {
	return w.kind.ID + "-" + w.ID() + "-" + string(learner.Count(w.version))
}

// Whether the version being written is a draft that somebody began already.
func (w *Writing) goesOn() bool { return w.doc != nil && w.was.State == report.Draft }

// What becomes of a list that stands there: answers to listChange.
const (
	listKept    = "keep"
	listAddedTo = "add"
	listAnew    = "anew"
	listOut     = "empty"
)

// listChange is the question about a list that comes before the list itself. It is no
// value of the file.
func listChange(key string) string { return key + ".change" }

// Form asks for what the document holds, list by list. A list that stands there is
// kept unless somebody says otherwise.
func (w *Writing) Form() form.Script {
	return func(a form.Answers) []form.Question {
		heading := report.Capital(w.kind.Words) + " of " + w.name() + ", version " + string(learner.Count(w.version))
		with := form.Question{Path: "with", Flag: "--with", Heading: heading, Kind: form.Many, Options: w.everyone(),
			Ask: "With whom is it made?", Why: "It is written with the learner and the family, not about them; the guidance asks for a meeting with both."}
		with.Default, with.Follows = w.standing(w.was.With, with.Options)
		qs := []form.Question{with}
		for i, l := range w.kind.Lists {
			qs = append(qs, w.list(a, heading, l, i)...)
		}
		return append(qs, w.made(heading), w.reviewOn(a, heading), w.sharedWith(heading))
	}
}

// standing gives the ids that stand there as a default which follows, as far as
// they are still among the options; the second result is false where there are none.
func (w *Writing) standing(ids []string, among []form.Option) (string, bool) {
	var out []string
	for _, id := range ids {
		if defaultTo(id, among) != "" {
			out = append(out, id)
		}
	}
	return strings.Join(out, ","), len(out) > 0
}

func (w *Writing) list(a form.Answers, heading string, l report.DocumentList, i int) []form.Question {
	ask := documentQuestion(l.Key, w.name())
	var stands []string
	if w.doc != nil && i < len(w.was.Lists) {
		stands = w.was.Lists[i].Items
	}
	q := form.Question{Path: l.Key, Flag: "--" + strings.ReplaceAll(l.Key, "_", "-"), Heading: heading, Kind: form.List,
		Optional: ask.optional || w.doc != nil, Ask: ask.words, Last: []string{"Each line goes on from: " + l.Words + " ..."}, Why: ask.why}
	if len(stands) == 0 {
		return []form.Question{q}
	}
	now := append([]string{"It says now: " + l.Words + " ..."}, dashed(stands)...)
	q.Optional, q.Last = false, now
	if w.given(l.Key) {
		return []form.Question{q}
	}
	options := []form.Option{{Value: listKept, Words: "keep it as it is"}, {Value: listAddedTo, Words: "keep it and add to it"}, {Value: listAnew, Words: "write it anew"}}
	if ask.optional {
		options = append(options, form.Option{Value: listOut, Words: "take it out"})
	}
	qs := []form.Question{{Path: listChange(l.Key), Heading: heading, Kind: form.Choice, Options: options, Default: listKept, Follows: true, Last: now,
		Ask: "What becomes of this?", Why: "What still holds is kept; only what changed need be said."}}
	switch a.Text(listChange(l.Key)) {
	case listAddedTo:
		q.Ask, q.Last = "What is to be added?", nil
		qs = append(qs, q)
	case listAnew:
		qs = append(qs, q)
	}
	return qs
}

func dashed(items []string) []string {
	var out []string
	for _, x := range items {
		out = append(out, "- "+x)
	}
	return out
}

func (w *Writing) made(heading string) form.Question {
	q := form.Question{Path: "made", Flag: "--date", Heading: heading, Kind: form.Date, Default: w.Today.String(), Follows: true,
		Ask: "On what day was this version made?", Why: "The day you sat together; when it was recorded is kept apart.",
		Check: past(w.agreedOn(), w.Today, "the day on which the version before it was agreed")}
	if w.goesOn() && !w.was.Made.IsZero() && !w.was.Made.After(w.Today) {
		q.Default = w.was.Made.String()
	}
	return q
}

// agreedOn is the day on which the present version was agreed, the zero Date for a draft.
func (w *Writing) agreedOn() date.Date { return lastAgreed(w.was) }

func lastAgreed(d report.Document) date.Date {
	var on date.Date
	for _, x := range d.Agreed {
		if x.Date.After(on) {
			on = x.Date
		}
	}
	return on
}

// reviewOn asks when it is to be looked at again. The day that stands there
// follows, unless the version being written is made after it.
func (w *Writing) reviewOn(a form.Answers, heading string) form.Question {
	made := parsed(a, "made")
	if made.IsZero() {
		made = w.Today
		if w.goesOn() {
			made = w.was.Made
		}
	}
	q := lookAgain(w.Case, heading, made)
	if stands := w.was.ReviewOn.String(); stands != "" && q.Check(form.Answer{Text: stands}) == nil {
		q.Default, q.Follows = stands, true
	}
	if w.goesOn() && w.was.ReviewOn.IsZero() {
		q.Optional = true // whoever wrote it by hand left it open
	}
	return q
}

// lookAgain asks for the day of the next look, with the pathway's own rhythm as
// the likely answer.
func lookAgain(c Case, heading string, made date.Date) form.Question {
	q := form.Question{Path: "review_on", Flag: "--review-on", Heading: heading, Kind: form.Date,
		Ask: "On what day is it to be looked at again?", Why: "What helped in autumn may not help in spring. From that day on it is told as due.",
		Check: later(made, "the day it was made")}
	if weeks, ok := c.Folder.Pathway.Value.Thresholds.DocumentWeeks.Int(); ok && weeks > 0 {
		q.Default = made.AddDays(7 * weeks).String()
	}
	return q
}

func (w *Writing) sharedWith(heading string) form.Question {
	q := form.Question{Path: "shared_with", Flag: "--shared-with", Heading: heading, Kind: form.Many, Options: w.staff(),
		Ask: "Which members of staff are to read it?", Why: "It helps only where those who teach the learner know it. Who has read it and who has not is shown."}
	if q.Default, q.Follows = w.standing(w.was.SharedWith, q.Options); !q.Follows {
		q.Default, _ = w.standing(w.around(), q.Options)
	}
	return q
}

// around are the adults about the learner: the teacher, the SENCo, the key adults,
// and who gives support now.
func (w *Writing) around() []string {
	team := w.Record.Learner.Value.Team
	out := append([]string{team.ResponsibleTeacher, team.SENCo}, team.KeyAdults...)
	if open := w.Record.OpenCycle(); open != nil && open.Value.Plan != nil {
		for _, p := range open.Value.Plan.Provision {
			out = append(out, p.By)
		}
	}
	var once []string
	for _, id := range out {
		if id != "" && !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

// listQuestion is how one list of a document is asked for.
type listQuestion struct {
	words, why string
	optional   bool
}

func documentQuestion(key, name string) listQuestion {
	switch key {
	case "know":
		return listQuestion{words: "What should everyone know about " + name + "? Begin with what is strong.", why: "It is read by people who have never met the learner. Strengths come first."}
	case "hard_when":
		return listQuestion{words: "When is it hard?", why: "What makes it hard is often a thing that can be changed: noise, copying, a surprise.", optional: true}
	case "help_me_by":
		return listQuestion{words: "How can people help?", why: "Something any teacher can do in any lesson, said so that it is clear what to do."}
	case "help_myself_by":
		return listQuestion{words: "What can " + name + " do without help?", why: "It says what the learner does already, and would like to be let do.", optional: true}
	case "admire":
		return listQuestion{words: "What do people like and admire about " + name + "?", why: "A profile without strengths is not one. Ask the family, a friend and those who teach."}
	case "important":
		return listQuestion{words: "What is important to " + name + "?", why: "To the learner, not for the learner: people, things, days, ways of doing things."}
	}
	return listQuestion{words: "How is " + name + " best supported?", why: "What to do, so that somebody new could do it tomorrow."}
}

// Text is the document as the answers make it, a *learner.Passport or a
// *learner.Profile: what stands there, with what was answered laid over it.
func (w *Writing) Text(a form.Answers, extra Extra) (any, error) {
	v, err := w.blank()
	if err != nil {
		return nil, err
	}
	parts := partsOf(v)
	script := func(a form.Answers) []form.Question {
		return slices.DeleteFunc(w.Form()(a), func(q form.Question) bool { return strings.HasSuffix(q.Path, ".change") })
	}
	before := map[string][]learner.Words{}
	for i, l := range w.kind.Lists {
		before[l.Key] = *parts.lists[i]
	}
	*parts.version, *parts.agreed = "", nil
	if err := Fill(v, script, a, extra); err != nil {
		return nil, err
	}
	for i, l := range w.kind.Lists {
		switch a.Text(listChange(l.Key)) {
		case listAddedTo:
			*parts.lists[i] = append(slices.Clone(before[l.Key]), *parts.lists[i]...)
		case listOut:
			*parts.lists[i] = nil
		}
	}
	if len(*parts.agreed) > 0 || *parts.version != "" {
		return nil, state("the version counts itself, and who agreed is an act of its own: sendctl %s %s agree", w.kind.ID, w.ID())
	}
	*parts.version, *parts.format, *parts.learner = learner.Count(w.version), recordfile.Kind(w.kind.ID).Format(), w.ID()
	return v, nil
}

// blank is what stands there, read anew so that nothing of the record is changed.
func (w *Writing) blank() (any, error) {
	if w.doc == nil {
		if w.kind.ID == "profile" {
			return &learner.Profile{}, nil
		}
		return &learner.Passport{}, nil
	}
	if w.kind.ID == "profile" {
		f, _, err := recordfile.Read[learner.Profile](w.path(), recordfile.Profile, w.doc.Bytes())
		return &f.Value, err
	}
	f, _, err := recordfile.Read[learner.Passport](w.path(), recordfile.Passport, w.doc.Bytes())
	return &f.Value, err
}

func (w *Writing) path() string { return documentPath(w.Record.Dir, w.kind.ID) }

// documentParts are the places of a document, whichever of the two it is.
type documentParts struct {
	format, learner  *string
	version          *learner.Number
	made, reviewOn   *date.Date
	with, sharedWith *[]string
	lists            []*[]learner.Words // as report.DocumentKinds has them
	agreed           *[]learner.SignedBy
}

func partsOf(v any) documentParts {
	if v, ok := v.(*learner.Profile); ok {
		return documentParts{&v.Format, &v.Learner, &v.Version, &v.Made, &v.ReviewOn, &v.With, &v.SharedWith,
			[]*[]learner.Words{&v.Admire, &v.Important, &v.Support}, &v.Agreed}
	}
	p := v.(*learner.Passport)
	return documentParts{&p.Format, &p.Learner, &p.Version, &p.Made, &p.ReviewOn, &p.With, &p.SharedWith,
		[]*[]learner.Words{&p.Know, &p.HardWhen, &p.HelpMeBy, &p.HelpMyself}, &p.Agreed}
}

// documentEdits are the edits that make of one text the other, and leave every line
// that stays as it is.
func documentEdits(kind report.DocumentKind, was, now any) []yamldoc.Edit {
	var edits []yamldoc.Edit
	put := func(key string, v any) {
		edits = append(edits, recordfile.Put(nil, key, reflect.TypeOf(now).Elem(), v))
	}
	one := func(key string, same, none bool, v any) {
		switch {
		case same:
		case none:
			edits = append(edits, yamldoc.Delete(yamldoc.Path{{Key: key}}))
		default:
			put(key, v)
		}
	}
	old, next := partsOf(was), partsOf(now)
	one("version", *old.version == *next.version, false, *next.version)
	one("made", *old.made == *next.made, false, *next.made)
	one("with", slices.Equal(*old.with, *next.with), len(*next.with) == 0, *next.with)
	for i, l := range kind.Lists {
		edits = append(edits, listEdits(l.Key, *old.lists[i], *next.lists[i], put)...)
	}
	one("shared_with", slices.Equal(*old.sharedWith, *next.sharedWith), len(*next.sharedWith) == 0, *next.sharedWith)
	one("review_on", *old.reviewOn == *next.reviewOn, next.reviewOn.IsZero(), *next.reviewOn)
	one("agreed", slices.Equal(*old.agreed, *next.agreed), len(*next.agreed) == 0, *next.agreed)
	return edits
}

// listEdits change a list of words item by item where that is enough, so that
// what somebody wrote beside an item stays beside it.
func listEdits(key string, was, now []learner.Words, put func(string, any)) []yamldoc.Edit {
	at := yamldoc.Path{{Key: key}}
	switch {
	case slices.Equal(was, now):
		return nil
	case len(now) == 0:
		return []yamldoc.Edit{yamldoc.Delete(at)}
	case len(was) > 0 && len(now) >= len(was):
		var edits []yamldoc.Edit
		for i, x := range was {
			if now[i] != x {
				edits = append(edits, yamldoc.Set(at.Index(i), recordfile.Value(now[i])))
			}
		}
		for _, x := range now[len(was):] {
			edits = append(edits, yamldoc.Append(at, recordfile.Value(x)))
		}
		return edits
	}
	// Fewer than before: where the rest is in the old order, only the others go.
	var gone []int
	left := now
	for i, x := range was {
		if len(left) > 0 && left[0] == x {
			left = left[1:]
		} else {
			gone = append(gone, i)
		}
	}
	if len(left) > 0 || len(was) == 0 {
		put(key, now)
		return nil
	}
	var edits []yamldoc.Edit
	for _, i := range slices.Backward(gone) {
		edits = append(edits, yamldoc.Delete(at.Index(i)))
	}
	return edits
}

// WriteDocument records the text that the answers made. Where it says nothing that
// does not stand there already it gives a *NothingError: that a version was looked
// at and still holds is for AgreeDocument.
func (d *Desk) WriteDocument(ctx context.Context, w *Writing, v any) (Done, error) {
	return d.do(ctx, w.kind.ID, w.ID(), func(a *act) error {
		if err := unmoved(a, w.path(), w.doc); err != nil {
			return err
		}
		now := partsOf(v)
		a.written(*now.made, w.version)
		if w.doc == nil {
			return a.make(w.path(), recordfile.Kind(w.kind.ID), v)
		}
		was, err := w.blank()
		if err != nil {
			return err
		}
		old := partsOf(was)
		if version, made := *now.version, *now.made; !w.goesOn() { // a new number and day alone are no change
			*now.version, *now.made = *old.version, *old.made
			same := len(documentEdits(w.kind, withoutAgreed(was), v)) == 0
			*now.version, *now.made = version, made
			if same {
				return &NothingError{}
			}
		}
		if was, err = w.blank(); err != nil {
			return err
		}
		edits := documentEdits(w.kind, was, v)
		if len(edits) == 0 {
			return &NothingError{}
		}
		next, err := w.doc.Edit(edits...)
		if err != nil {
			return err
		}
		return a.write(w.path(), next.Bytes())
	})
}

func withoutAgreed(v any) any {
	*partsOf(v).agreed = nil
	return v
}

// written says of an act when it happened and which version it is about.
func (a *act) written(on date.Date, version int) {
	a.date, a.stage, a.about = on, a.Record.Learner.Value.Stage, string(learner.Count(version))
}

// unmoved refuses to write over what somebody else wrote since doc was read.
func unmoved(a *act, p string, doc *yamldoc.Doc) error {
	now, err := a.current(p)
	if err != nil {
		return err
	}
	if doc == nil && now != nil || doc != nil && !bytes.Equal(now, doc.Bytes()) {
		return &store.MovedError{Path: p}
	}
	return nil
}

// Editable is the text that an editor begins with: the present one as a draft of
// the version that is being written, or an empty one with its headings.
func (w *Writing) Editable() ([]byte, error) {
	v, err := w.blank()
	if err != nil {
		return nil, err
	}
	if w.doc != nil {
		now, err := w.blank()
		if err != nil {
			return nil, err
		}
		to := partsOf(now)
		*to.version, *to.agreed = learner.Count(w.version), nil
		if !w.goesOn() {
			*to.made = w.Today
		}
		next, err := w.doc.Edit(documentEdits(w.kind, v, now)...)
		if err != nil {
			return nil, err
		}
		return next.Bytes(), nil
	}
	to := partsOf(v)
	*to.format, *to.learner, *to.version, *to.made, *to.with = recordfile.Kind(w.kind.ID).Format(), w.ID(), "1", w.Today, []string{"learner"}
	*to.sharedWith = w.around()
	if day, err := date.Parse(lookAgain(w.Case, "", w.Today).Default); err == nil {
		*to.reviewOn = day
	}
	b, err := recordfile.Bytes(w.path(), recordfile.Kind(w.kind.ID), v)
	if err != nil {
		return nil, err
	}
	text := string(b)
	for _, l := range w.kind.Lists {
		text += "\n# " + l.Words + " ... (a line for each, beginning with two spaces and a dash)\n" + l.Key + ":\n  -\n"
	}
	return []byte(text), nil
}

// WriteText records a text that was written in an editor. It must be a draft of the
// version that is being written.
func (d *Desk) WriteText(ctx context.Context, w *Writing, next []byte) (Done, error) {
	done, err := d.do(ctx, w.kind.ID, w.ID(), func(a *act) error {
		if err := unmoved(a, w.path(), w.doc); err != nil {
			return err
		}
		begun, err := w.Editable()
		if err != nil {
			return err
		}
		if bytes.Equal(begun, next) {
			return &NothingError{}
		}
		edited, err := w.as(next)
		if err != nil {
			return err
		}
		now := partsOf(edited)
		switch {
		case len(*now.agreed) > 0:
			return state("who agreed is an act of its own; leave %q out here, then: sendctl %s %s agree", "agreed", w.kind.ID, w.ID())
		case *now.version != learner.Count(w.version):
			return state("this is version %d, and the version counts itself; write: version: %d", w.version, w.version)
		}
		a.written(*now.made, w.version)
		return a.write(w.path(), next)
	})
	return done, err
}

// as reads bytes as a document of the kind; faults are a *recordfile.FaultsError.
func (w *Writing) as(b []byte) (any, error) {
	_, faults, err := recordfile.Parse(w.path(), recordfile.Kind(w.kind.ID), b)
	if err != nil {
		return nil, err
	}
	if err := usable(faults); err != nil {
		return nil, err
	}
	if w.kind.ID == "profile" {
		f, _, err := recordfile.Read[learner.Profile](w.path(), recordfile.Profile, b)
		return &f.Value, err
	}
	f, _, err := recordfile.Read[learner.Passport](w.path(), recordfile.Passport, b)
	return &f.Value, err
}
