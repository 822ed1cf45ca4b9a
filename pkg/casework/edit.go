package casework

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Editable gives the path and bytes of a file that may be edited. name is a file
// name or id in the learner's folder; "" is the open cycle, or learner.yaml where
// there is none. Without a record it is a file at the top of the folder.
func Editable(f *folder.Folder, r *folder.Record, name string) (p string, src []byte, err error) {
	var known []string
	if r == nil {
		known = []string{"people.yaml", "sendctl.yaml", "pathway.yaml"}
	} else {
		known = editableFiles(r)
		if name == "" {
			name = "learner.yaml"
			if open := r.OpenCycle(); open != nil {
				name = path.Base(open.Path)
			}
		}
	}
	for _, k := range known {
		base := strings.TrimSuffix(path.Base(k), ".yaml")
		if k == name || path.Base(k) == name || base == name || strings.HasSuffix(base, "-"+name) {
			if r != nil {
				if s := sealOf(r, k); s != nil {
					return "", nil, &SealedError{Path: k, File: s.File, Learner: r.ID}
				}
				if word := agreedHere(r, k); word != "" {
					return "", nil, state("%s is agreed, and an agreed version never changes; write the next one: sendctl %s %s --edit", k, word, r.ID)
				}
			}
			src, bad, err := f.ReadFile(k)
			if bad != nil {
				err = &recordfile.FaultsError{Findings: []diag.Finding{*bad}}
			}
			return k, src, err
		}
	}
	var names []string
	for _, k := range known {
		names = append(names, path.Base(k))
	}
	return "", nil, &UnknownWordError{What: "file here", Typed: name, Known: names, Flag: "FILE"}
}

// agreedHere is the word for the document at p, passport or profile, where it is
// a version that was agreed; else "".
func agreedHere(r *folder.Record, p string) string {
	switch {
	case p == r.Passport.Path && len(r.Passport.Value.Agreed) > 0:
		return "passport"
	case p == r.Profile.Path && len(r.Profile.Value.Agreed) > 0:
		return "profile"
	}
	return ""
}

func editableFiles(r *folder.Record) []string {
	out := []string{r.Identity.Path, r.Learner.Path}
	add := func(p string) {
		if p != "" {
			out = append(out, p)
		}
	}
	add(r.Contacts.Path)
	add(r.Passport.Path)
	add(r.Profile.Path)
	add(r.Readings.Path)
	for _, c := range r.Cycles {
		add(c.Path)
	}
	for _, c := range r.Moves {
		add(c.Path)
	}
	for _, c := range r.Requests {
		add(c.Path)
	}
	for _, c := range r.Letters {
		add(c.Path)
	}
	for _, c := range r.Decisions {
		add(c.Path)
	}
	for _, c := range r.Impacts {
		add(c.Path)
	}
	for _, c := range r.Advice {
		add(c.Path)
	}
	for _, c := range r.Corrections {
		add(c.Path)
	}
	return out
}

func sealOf(r *folder.Record, p string) *seal.Seal {
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil && !s.Living() && path.Join(r.Dir, s.Path) == p {
			return &s
		}
	}
	return nil
}

// SetValues gives the file's bytes with values set, each "PATH=VALUE": a value
// that is there changes in its own place and line, one that is not is written
// where it belongs, together with what else is set of the same new entry. The same
// path given again makes a list. An empty VALUE takes the value out.
func SetValues(p string, src []byte, sets []string) ([]byte, error) {
	k, ok := recordfile.KindAt(p)
	if !ok {
		return nil, state("%s is no file of the record", p)
	}
	doc, findings, err := recordfile.Parse(p, k, src)
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, &recordfile.FaultsError{Findings: findings}
	}
	var edits []yamldoc.Edit
	var added []recordfile.Assigned
	set := map[string]bool{} // places that are there, and are changed
	for _, x := range sets {
		path, text, err := SplitSet(x)
		if err != nil {
			return nil, err
		}
		where, err := yamldoc.ParsePath(path)
		if err != nil {
			return nil, err
		}
		switch i := slices.IndexFunc(added, func(a recordfile.Assigned) bool { return a.Path == path }); {
		case set[path]:
			return nil, &SupplyError{From: "--set", Path: path, Message: "this is given twice, and is there already; take the old value out first, or edit the file"}
		case text == "":
			set[path] = true
			edits = append(edits, yamldoc.Delete(where))
		case doc.Find(where) != nil:
			set[path] = true
			edits = append(edits, yamldoc.Set(where, recordfile.Value(learner.Scalar(text))))
		case i >= 0:
			added[i].Texts = append(added[i].Texts, text)
		default:
			added = append(added, recordfile.Assigned{Path: path, Texts: []string{text}})
		}
	}
	more, err := recordfile.Added(doc, k, added)
	if err != nil {
		return nil, &SupplyError{From: "--set", Message: err.Error()}
	}
	next, err := doc.Edit(append(edits, more...)...)
	if err != nil {
		return nil, err
	}
	return next.Bytes(), nil
}

// Edit records next as the bytes of the file at p, which held was when it was
// opened. Hand edits of the same file that were never recorded go with it.
func (d *Desk) Edit(ctx context.Context, id, p string, was, next []byte) (Done, error) {
	done, err := d.do(ctx, "edit", id, func(a *act) error {
		now, err := a.current(p)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, was) {
			return &store.MovedError{Path: p}
		}
		head, err := d.Repo.HeadFile(p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if bytes.Equal(next, was) && bytes.Equal(head, next) {
			return &NothingError{}
		}
		// A hand edit that lies there already is recorded by this, so it is judged with it.
		if err == nil && !bytes.Equal(head, was) {
			a.recorded = []store.Change{{Path: p, New: head}}
			was = head
		}
		if err := onlyAdded(p, was, next); err != nil {
			return err
		}
		a.about = path.Base(p)
		return a.write(p, next)
	})
	if err == nil && done.Commit == "" {
		return done, &NothingError{Undone: true}
	}
	return done, err
}

// onlyAdded refuses to change or take out an entry of the contact log: what was
// said to and by a family stands as it was logged.
func onlyAdded(p string, was, next []byte) error {
	if path.Base(p) != "contacts.yaml" {
		return nil
	}
	before, _, err := recordfile.Read[learner.Contacts](p, recordfile.Contacts, was)
	if err != nil {
		return err
	}
	after, _, err := recordfile.Read[learner.Contacts](p, recordfile.Contacts, next)
	if err != nil {
		return err
	}
	for i, e := range before.Value.Contacts {
		if i >= len(after.Value.Contacts) || !reflect.DeepEqual(e, after.Value.Contacts[i]) {
			return state("entries of the contact log are only ever added, and %s would be changed; add an entry that puts it right: sendctl contact %s", e.ID, before.Value.Learner)
		}
	}
	return nil
}

// NothingError says that an edit changed nothing that is recorded. Undone says that
// it took back what had been changed by hand since.
type NothingError struct{ Undone bool }

func (e *NothingError) Error() string {
	if e.Undone {
		return "the file is again as it was last recorded, so there was nothing to record"
	}
	return "nothing was changed, so nothing was recorded"
}
