package folder

import (
	"errors"
	"io/fs"
	"path"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// loadOwn reads what is sealed of the setting itself: keys/, removals/, and the
// seals of both.
func (f *Folder) loadOwn() error {
	var err error
	if f.Keys, err = loadOwn[learner.KeyChange](f, "keys", recordfile.Key); err != nil {
		return err
	}
	if f.Removals, err = loadOwn[learner.Removal](f, "removals", recordfile.Removal); err != nil {
		return err
	}
	f.Seals = map[string][]byte{}
	return f.each("seals", ".seal", func(p string) error {
		b, bad, err := f.ReadFile(p)
		if err != nil {
			return f.unread(p, err, &f.Findings)
		}
		if bad != nil {
			f.Findings = append(f.Findings, *bad)
			return nil
		}
		f.Seals[path.Base(p)] = b
		return nil
	})
}

func loadOwn[T any](f *Folder, dir string, k recordfile.Kind) ([]recordfile.File[T], error) {
	var out []recordfile.File[T]
	err := f.each(dir, ".yaml", func(p string) error {
		file, err := load[T](f, p, k, &f.Findings)
		out = append(out, file)
		return err
	})
	return out, err
}

// each visits the files of one of the setting's own folders, which need not be
// there, in order of name; a file of another kind is a finding.
func (f *Folder) each(dir, ext string, visit func(p string) error) error {
	entries, err := fs.ReadDir(f.fsys, dir)
	if err != nil {
		if f.isFile(dir) || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return f.unread(dir, err, &f.Findings)
	}
	for _, e := range entries {
		p := path.Join(dir, e.Name())
		switch {
		case unseen(e.Name()):
		case path.Ext(p) != ext:
			f.Findings = append(f.Findings, diag.Finding{Rule: "file", Severity: diag.Warning, File: p,
				Message: "this file has no place in " + dir + "/, so it was not checked", Hint: "keep it in a folder of its own"})
		default:
			f.own = append(f.own, p)
			if err := visit(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// PersonIn finds an adult by id as one learner's files mean it: those who came with
// the record from another setting first, since one id may mean two people in two
// schools. r may be nil.
func (f *Folder) PersonIn(r *Record, id string) (learner.Person, bool) {
	if r != nil {
		for _, p := range r.People.Value.People {
			if p.ID == id {
				return p, true
			}
		}
	}
	return f.Person(id)
}
