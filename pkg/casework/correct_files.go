package casework

import (
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// sealedFile is a file of a kind that is sealed for good, as a correction sees it.
type sealedFile struct {
	id, path string
	kind     recordfile.Kind
	doc      *yamldoc.Doc
	value    any       // of pkg/learner
	on       date.Date // the day it bears
	words    string    // "the move to SEN Support Plan, 12 February 2026", without a name
}

// sealedFiles are the learner's files that a seal covers for good, latest first.
func sealedFiles(f *folder.Folder, r *folder.Record) []sealedFile {
	covered := map[string]bool{}
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil && !s.Living() {
			covered[path.Join(r.Dir, s.Path)] = true
		}
	}
	out := slices.DeleteFunc(correctable(f, r), func(x sealedFile) bool { return !covered[x.path] })
	slices.SortStableFunc(out, func(a, b sealedFile) int { return b.on.Compare(a.on) })
	return out
}

// correctable are the files of every kind that is sealed for good, sealed or not.
func correctable(f *folder.Folder, r *folder.Record) []sealedFile {
	p := &f.Pathway.Value
	var out []sealedFile
	add := func(x sealedFile) {
		if x.doc != nil {
			x.words += ", " + x.on.Long()
			out = append(out, x)
		}
	}
	for _, x := range r.Cycles {
		v := x.Value
		on, words := v.Opened, p.StageWords(v.Stage)
		if v.Review != nil {
			on, words = v.Review.Date, words+", reviewed"
		}
		add(sealedFile{v.ID, x.Path, recordfile.Cycle, x.Doc, v, on, words})
	}
	for _, x := range r.Moves {
		add(sealedFile{x.Value.ID, x.Path, recordfile.Move, x.Doc, x.Value, x.Value.Date, "the move to " + p.StageWords(x.Value.To)})
	}
	kinds := map[string]string{}
	for _, x := range r.Requests {
		kinds[x.Value.ID] = p.RequestWords(x.Value.Kind)
		on, words := x.Value.Sent, " request, sent"
		if on.IsZero() {
			on, words = x.Value.Opened, " request, opened"
		}
		add(sealedFile{x.Value.ID, x.Path, recordfile.Request, x.Doc, x.Value, on, kinds[x.Value.ID] + words})
	}
	for _, x := range r.Letters {
		add(sealedFile{x.Value.ID, x.Path, recordfile.Letter, x.Doc, x.Value, x.Value.Date, kinds[x.Value.Request] + ", a letter"})
	}
	for _, x := range r.Decisions {
		add(sealedFile{x.Value.ID, x.Path, recordfile.Decision, x.Doc, x.Value, x.Value.Panel, kinds[x.Value.Request] + ", the decision"})
	}
	for _, x := range r.Impacts {
		add(sealedFile{x.Value.ID, x.Path, recordfile.Impact, x.Doc, x.Value, x.Value.Date, kinds[x.Value.Request] + ", the impact"})
	}
	return out
}

// sealedFileWith finds a sealed file by its id. What is not put right by a
// correction is told with what puts it right.
func sealedFileWith(f *folder.Folder, r *folder.Record, id string) (sealedFile, error) {
	var known []string
	for _, x := range sealedFiles(f, r) {
		if x.id == id {
			return x, nil
		}
		known = append(known, x.id)
	}
	for _, x := range correctable(f, r) {
		if x.id == id {
			return x, state("the file %s is not sealed; change it with: sendctl edit %s %s", id, r.ID, path.Base(x.path))
		}
	}
	for _, x := range r.Advice {
		if x.Value.ID == id {
			return sealedFile{}, state("the file %s is not sealed; change it with: sendctl edit %s %s", id, r.ID, path.Base(x.Path))
		}
	}
	for _, x := range r.Corrections {
		if x.Value.ID == id {
			return sealedFile{}, state("%s is itself a correction; put the value right once more: sendctl correct %s %s %s", id, r.ID, x.Value.Corrects, x.Value.Path)
		}
	}
	if living := livingWith(r, id); living != "" {
		return sealedFile{}, state("a %s is put right by a new version of it, which is then agreed: sendctl %s %s", living, living, r.ID)
	}
	return sealedFile{}, &UnknownWordError{What: "sealed file of " + r.ID, Typed: id, Known: known, Flag: "FILE"}
}

// livingWith gives passport or profile where id is that, or the id of an agreed
// version of it; else "".
func livingWith(r *folder.Record, id string) string {
	if id == string(recordfile.Passport) || id == string(recordfile.Profile) {
		return id
	}
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil && s.Living() && s.File == id {
			return strings.TrimSuffix(s.Path, ".yaml")
		}
	}
	return ""
}

// leftOut lists the values that the kind of file knows and this one does not
// hold, by path: of groups and entries that are there.
func (x sealedFile) leftOut() []form.Option {
	var out []form.Option
	var walk func(n *yamldoc.Node, t reflect.Type, at string)
	walk = func(n *yamldoc.Node, t reflect.Type, at string) {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case n.Kind == yamldoc.List && t.Kind() == reflect.Slice:
			for i, item := range n.Items {
				walk(item, t.Elem(), at+"["+strconv.Itoa(i)+"]")
			}
		case n.Kind == yamldoc.Map && t.Kind() == reflect.Struct:
			for i := range t.NumField() {
				key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
				sub := n.Get(key)
				switch {
				case sub != nil:
					walk(sub, t.Field(i).Type, dotted(at, key))
				case single(t.Field(i).Type):
					out = append(out, form.Option{Value: dotted(at, key), Words: "nothing"})
				}
			}
		}
	}
	walk(x.doc.Root(), reflect.TypeOf(x.value), "")
	return slices.DeleteFunc(out, func(o form.Option) bool { return o.Value == "format" || o.Value == "learner" || o.Value == "id" })
}

// single reports whether a key of this type holds one value, and no group or list.
func single(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.String || t.Kind() == reflect.Bool || t == reflect.TypeOf(date.Date{})
}

// laid gives the file with a correction laid over it. An error tells what would be
// wrong with it then.
func (x sealedFile) laid(fix learner.Correction) (sealedFile, error) {
	_, before, err := recordfile.Parse(x.path, x.kind, x.doc.Bytes())
	if err != nil {
		return x, err
	}
	if x.doc, err = folder.Lay(x.path, x.kind, x.doc, fix); err != nil {
		return x, err
	}
	_, after, err := recordfile.Parse(x.path, x.kind, x.doc.Bytes())
	if err != nil {
		return x, err
	}
	if fresh := newErrors(before, after); len(fresh) > 0 {
		return x, &recordfile.FaultsError{Findings: fresh}
	}
	return x, nil
}
