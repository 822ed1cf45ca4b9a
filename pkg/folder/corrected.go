package folder

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

type correction = recordfile.File[learner.Correction]

// CorrectionsOf lists the corrections of the file with that id in the order in
// which they count: by date, and those of one value on one day so that each
// says it was what the one before made it.
func (r *Record) CorrectionsOf(fileID string) []learner.Correction {
	files, _ := r.corrections(fileID, r.sealable(fileID))
	var out []learner.Correction
	for _, c := range files {
		out = append(out, c.Value)
	}
	return out
}

// sealable is the document of the file with that id, of a kind that is sealed for
// good and is put right by corrections; nil where there is none.
func (r *Record) sealable(fileID string) *yamldoc.Doc {
	return cmp.Or(withID(r.Cycles, fileID), withID(r.Moves, fileID), withID(r.Requests, fileID),
		withID(r.Letters, fileID), withID(r.Decisions, fileID), withID(r.Impacts, fileID))
}

func withID[T any](files []recordfile.File[T], id string) *yamldoc.Doc {
	for _, f := range files {
		if f.Doc != nil && idOf(f.Doc) == id {
			return f.Doc
		}
	}
	return nil
}

// idOf is the id that a file bears, "" where it has none.
func idOf(doc *yamldoc.Doc) string {
	if n := doc.Root().Get("id"); n != nil {
		return n.Value
	}
	return ""
}

// corrections gives the corrections of a file in order, and a finding for each
// that says it was something other than the file, or the correction before it,
// says. Where the file cannot be read (nil) they are in order of date and id.
func (r *Record) corrections(fileID string, doc *yamldoc.Doc) ([]correction, []diag.Finding) {
	var out []correction
	for _, c := range r.Corrections {
		if c.Value.Corrects == fileID {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b correction) int { return a.Value.Date.Compare(b.Value.Date) })
	if doc == nil {
		return out, nil
	}
	var faults []diag.Finding
	says := map[string]string{} // every corrected value, as it is so far
	for from, to := 0, 0; from < len(out); from = to {
		for to < len(out) && out[to].Value.Date == out[from].Value.Date {
			to++
		}
		faults = append(faults, r.orderDay(out[from:to], doc, says)...)
	}
	return out, r.forked(out, doc, faults)
}

// forked turns the finding of a correction that another one, made at the same time in
// another copy of the folder, came before into a warning; and takes it back where a
// later correction, which knew of both, says what holds.
func (r *Record) forked(all []correction, doc *yamldoc.Doc, faults []diag.Finding) []diag.Finding {
	if len(faults) == 0 {
		return faults
	}
	k := r.knowing()
	of := map[string][]correction{}
	at := map[string]correction{}
	for _, c := range all {
		if p, _, ok := placeOf(doc, c.Value.Path); ok {
			of[p] = append(of[p], c)
			at[c.Path] = c
		}
	}
	var out []diag.Finding
	for _, f := range faults {
		c := at[f.File]
		p, _, _ := placeOf(doc, c.Value.Path)
		apart, settled := false, false
		for _, o := range of[p] {
			if o.Path == c.Path || o.Value.Was != c.Value.Was || !r.Apart(o.Value.ID, c.Value.ID) {
				continue
			}
			apart = true
			settled = settled || slices.ContainsFunc(of[p], func(x correction) bool {
				return k.after(x.Value.ID, o.Value.ID) && k.after(x.Value.ID, c.Value.ID)
			})
		}
		if settled {
			continue
		}
		if apart {
			f.Severity = diag.Warning
			f.Message = "this was put right twice at once, in two copies of the folder; the one that is told last counts"
			f.Hint = "sendctl correct says once more what holds"
		}
		out = append(out, f)
	}
	return out
}

// orderDay puts the corrections of one day in order, in place, and keeps what
// they make of each value in says.
func (r *Record) orderDay(day []correction, doc *yamldoc.Doc, says map[string]string) []diag.Finding {
	of := map[string][]int{} // the places in day of each value's corrections
	var paths []string
	for i, c := range day {
		p, was, ok := placeOf(doc, c.Value.Path)
		if !ok {
			continue // Corrected says so
		}
		if _, known := says[p]; !known {
			says[p] = was
		}
		if of[p] == nil {
			paths = append(paths, p)
		}
		of[p] = append(of[p], i)
	}
	var faults []diag.Finding
	for _, p := range paths {
		var same []correction
		for _, i := range of[p] {
			same = append(same, day[i])
		}
		same = r.chain(same, says[p])
		for n, i := range of[p] {
			day[i] = same[n]
			if string(same[n].Value.Was) != says[p] {
				faults = append(faults, correctionFault(same[n], "was", "neither the sealed file nor a correction before this one says what this says was there",
					"look at the file and its corrections together, and record again what it should say"))
			}
			says[p] = string(same[n].Value.Is)
		}
	}
	return faults
}

// placeOf gives a path of a document in its one spelling, and the value there; not ok where
// there can be none, or more than one.
func placeOf(doc *yamldoc.Doc, path string) (exact, value string, ok bool) {
	p, err := yamldoc.ParsePath(path)
	if err != nil {
		return "", "", false
	}
	at, ok := Place(doc, p)
	if !ok {
		return "", "", false
	}
	switch n := doc.Find(at); {
	case n == nil:
		return at.String(), "", true
	case n.Kind != yamldoc.Scalar:
		return "", "", false
	default:
		return at.String(), n.Value, true
	}
}

// Place gives a path of a document in its one spelling: of a value that is there,
// or of a key that is not, in a group that is. A value that was left out is put
// right too. Whether the key is one that belongs there, the file's shape says.
func Place(doc *yamldoc.Doc, p yamldoc.Path) (yamldoc.Path, bool) {
	if at, ok := doc.Canonical(p); ok {
		return at, true
	}
	last := len(p) - 1
	if last < 0 || !p[last].IsKey() {
		return nil, false
	}
	group, ok := doc.Canonical(p[:last])
	if !ok {
		return nil, false
	}
	if n := doc.Find(group); n == nil || n.Kind != yamldoc.Map {
		return nil, false
	}
	return append(slices.Clone(group), p[last]), true
}

// chain orders corrections of one value so that each one's was is the is of the
// one before, beginning with the value at hand. Taking the first that fits at
// every step could leave some over where a value went to and fro, so this is
// Hierholzer's walk, which takes all wherever that is possible; where it is not,
// those that fit come first, in the order given.
func (r *Record) chain(given []correction, value string) []correction {
	if len(given) < 2 {
		return given
	}
	var walked []correction
	used := make([]bool, len(given))
	var walk func(at string)
	walk = func(at string) {
		for i, c := range given {
			if !used[i] && string(c.Value.Was) == at {
				used[i] = true
				walk(string(c.Value.Is))
				walked = append(walked, c)
			}
		}
	}
	walk(value)
	slices.Reverse(walked)
	if len(walked) == len(given) && fits(walked, value) {
		return walked
	}
	// Two that were made apart from each other fork; one that knew of both comes after.
	k := r.knowing()
	left := slices.Clone(given)
	out := make([]correction, 0, len(given))
	for len(left) > 0 {
		ready := func(c correction) bool {
			return !slices.ContainsFunc(left, func(o correction) bool { return k.after(c.Value.ID, o.Value.ID) })
		}
		i := slices.IndexFunc(left, func(c correction) bool { return string(c.Value.Was) == value && ready(c) })
		if i < 0 {
			i = max(0, slices.IndexFunc(left, ready))
		}
		value = string(left[i].Value.Is)
		out = append(out, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return out
}

func fits(cs []correction, value string) bool {
	for _, c := range cs {
		if string(c.Value.Was) != value {
			return false
		}
		value = string(c.Value.Is)
	}
	return true
}

func correctionFault(c correction, at, message, hint string) diag.Finding {
	f := diag.Finding{Rule: "correction", Severity: diag.Error, File: c.Path, Path: at, Message: message, Hint: hint}
	if c.Doc != nil {
		if n := c.Doc.Root().Get(at); n != nil {
			f.Span, f.Value = n.Span, n.Value
		}
	}
	return f
}

// Corrected gives a cycle as its corrections put it right; see the function.
func (r *Record) Corrected(c recordfile.File[learner.Cycle]) (learner.Cycle, []diag.Finding) {
	return Corrected(r, c)
}

// Corrected gives what a sealed file of any kind says as its corrections put it
// right; the file itself stays as it was sealed. A correction that fits nothing is
// a finding.
func Corrected[T any](r *Record, f recordfile.File[T]) (T, []diag.Finding) {
	if len(r.Corrections) == 0 {
		return f.Value, nil
	}
	kind, ok := recordfile.KindAt(f.Path)
	if f.Doc == nil || !ok {
		return f.Value, nil
	}
	id := idOf(f.Doc)
	fixes, faults := r.corrections(id, f.Doc)
	doc := f.Doc
	for _, fix := range fixes {
		edited, err := Lay(f.Path, kind, doc, fix.Value)
		if err != nil {
			faults = append(faults, correctionFault(fix, "path", "this place does not exist in the file it corrects, so nothing was put right",
				"record the correction again with a path that is there"))
			continue
		}
		doc = edited
	}
	if doc == f.Doc {
		return f.Value, faults
	}
	fixed, _, err := recordfile.Read[T](f.Path, kind, doc.Bytes())
	if err != nil {
		return f.Value, faults
	}
	return fixed.Value, faults
}

// Misfits gives the findings of Corrected alone: the corrections of a file that fit
// nothing. Most replace one value by another, and that they fit is seen without laying
// them over the file.
func Misfits[T any](r *Record, f recordfile.File[T]) []diag.Finding {
	if _, ok := recordfile.KindAt(f.Path); f.Doc == nil || !ok {
		return nil
	}
	fixes, faults := r.corrections(idOf(f.Doc), f.Doc)
	plain := func(fix correction) bool {
		p, err := yamldoc.ParsePath(fix.Value.Path)
		return err == nil && f.Doc.Replaces(p, recordfile.Value(fix.Value.Is))
	}
	if len(fixes) <= mostPlain && !slices.ContainsFunc(fixes, func(fix correction) bool { return !plain(fix) }) {
		return faults
	}
	_, faults = Corrected(r, f)
	return faults
}

// mostPlain is how many corrections of one file may be taken for plain: so many leave it
// small enough to be read.
const mostPlain = 32

// Lay lays one correction over the document of a file, and gives what it then is:
// for reading, never to be written in the file's place. An error says that the
// place is not there, and not a key that belongs there either, or holds a group or list.
func Lay(name string, kind recordfile.Kind, doc *yamldoc.Doc, fix learner.Correction) (*yamldoc.Doc, error) {
	p, err := yamldoc.ParsePath(fix.Path)
	if err != nil {
		return nil, err
	}
	there := doc.Find(p)
	if there != nil && there.Kind != yamldoc.Scalar {
		return nil, fmt.Errorf("%s: this holds more than one value, and a correction puts one right", fix.Path)
	}
	edited, err := doc.Edit(yamldoc.Set(p, recordfile.Value(fix.Is)))
	if err != nil || there != nil {
		return edited, err
	}
	_, findings, err := recordfile.Parse(name, kind, edited.Bytes())
	if err != nil {
		return nil, err
	}
	at, _ := Place(doc, p)
	if slices.ContainsFunc(findings, func(x diag.Finding) bool { return x.Rule == "unknown-key" && x.Path == at.String() }) {
		return nil, fmt.Errorf("%s: there is no such key", fix.Path)
	}
	return edited, nil
}
