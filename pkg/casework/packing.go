package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/parcel"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// This file makes parcels of a record. A parcel is laid out as a record folder of one
// learner: sendctl.yaml and people.yaml in extract, pathway.yaml, the sealed key
// records with their seals, and learners/ID. It is made of one commit, so that it can
// be made again, byte for byte, whenever it was lost.

// The kinds of parcel that pass a record on, and answer that.
const (
	ParcelHandover = "handover"
	ParcelReceipt  = "receipt"
)

// HandoverParcel makes the parcel of a handover that is recorded.
func (d *Desk) HandoverParcel(ctx context.Context, id string, h learner.Handover) (parcel.Parcel, error) {
	f, err := d.Folder()
	if err != nil {
		return parcel.Parcel{}, err
	}
	r, err := d.Load(f, id)
	if err != nil {
		return parcel.Parcel{}, err
	}
	return d.pack(ctx, ParcelHandover, r, handoverPath(r, h.ID), h.ID)
}

// ReceiptParcel makes the receipt for a record that was taken in.
func (d *Desk) ReceiptParcel(ctx context.Context, id, arrival string) (parcel.Parcel, error) {
	f, err := d.Folder()
	if err != nil {
		return parcel.Parcel{}, err
	}
	r, err := d.Load(f, id)
	if err != nil {
		return parcel.Parcel{}, err
	}
	for _, x := range r.Arrivals {
		if x.Doc != nil && x.Value.ID == arrival {
			return d.pack(ctx, ParcelReceipt, r, x.Path, arrival)
		}
	}
	return parcel.Parcel{}, state("%s has no arrival %s", id, arrival)
}

// commitOfFile is the first commit of the history that holds a file.
func (d *Desk) commitOfFile(ctx context.Context, p string) (string, error) {
	first := ""
	for e, err := range d.Repo.History(ctx, p) {
		if err != nil {
			return "", err
		}
		first = e.ID
	}
	if first == "" {
		return "", state("%s is not in the history, so no parcel can be made of it", p)
	}
	return first, nil
}

// pack makes a parcel of the commit that brought the sealed file at p, with the id file.
func (d *Desk) pack(ctx context.Context, kind string, now *folder.Record, p, file string) (parcel.Parcel, error) {
	var out parcel.Parcel
	commit, err := d.commitOfFile(ctx, p)
	if err != nil {
		return out, err
	}
	fsys, err := d.Repo.CommitFS(commit)
	if err != nil {
		return out, err
	}
	f, err := folder.Open(fsys)
	if err != nil {
		return out, err
	}
	r, err := f.Load(now.ID)
	if err != nil {
		return out, err
	}
	s, at, ok := sealFor(r, file)
	if !ok {
		return out, state("%s has no seal, so no parcel can be made of it", p)
	}
	out = parcel.Parcel{Kind: kind, Made: s.Recorded, From: oneLineOf(f.Setting.Value.Name), By: s.By, Learner: r.ID, Demonstration: s.Demonstration}
	files := map[string][]byte{}
	if kind == ParcelHandover {
		if files, err = filesBelow(fsys, r.Dir); err != nil {
			return out, err
		}
	} else {
		for _, name := range []string{p, at} {
			if files[name], err = fs.ReadFile(fsys, name); err != nil {
				return out, fmt.Errorf("read %s: %w", name, err)
			}
		}
	}
	if err := around(f, r, s.By, files); err != nil {
		return out, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !parcel.ValidPath(name) {
			return out, state("%s has a name that not every computer can keep; give it another one and record that first", name)
		}
		out.Files = append(out.Files, parcel.File{Path: name, Bytes: files[name]})
	}
	return out, nil
}

// sealFor finds the seal of a file by the file's id, and where it lies.
func sealFor(r *folder.Record, file string) (seal.Seal, string, bool) {
	for name, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil && s.File == file && !s.Living() {
			return s, path.Join(r.Dir, "seals", name), true
		}
	}
	return seal.Seal{}, "", false
}

// filesBelow reads every file below a folder, but what systems leave lying.
func filesBelow(fsys fs.FS, dir string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(fsys, dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case e.IsDir():
			return nil
		case !e.Type().IsRegular():
			return state("%s is no plain file, so it cannot go along", p)
		}
		switch name := e.Name(); {
		case name == ".gitkeep", name == ".gitignore", name == ".DS_Store", strings.HasPrefix(name, ".sendctl-"):
			return nil
		}
		b, err := fs.ReadFile(fsys, p)
		if err != nil {
			return fmt.Errorf("read %s: %w", p, err)
		}
		out[p] = b
		return nil
	})
	return out, err
}

// around adds to the files of a learner what the other setting needs to judge them:
// which setting this is, its pathway, and the adults whom the files name, with their
// keys and what vouches for those.
func around(f *folder.Folder, r *folder.Record, by string, files map[string][]byte) error {
	adults := map[string]bool{}
	for p, b := range files {
		names(p, b, func(word string) { adults[word] = true })
	}
	for _, m := range r.Learner.Value.Family {
		delete(adults, m.ID) // whoever has such an id is of the family, in this record
	}
	for _, p := range r.People.Value.People {
		delete(adults, p.ID)
	}
	// A key is vouched for by a record that somebody sealed, whose own key is vouched for.
	for grown := true; grown; {
		grown = false
		for _, k := range f.Keys {
			if k.Doc == nil || !adults[k.Value.Person] || files[k.Path] != nil {
				continue
			}
			files[k.Path] = k.Doc.Bytes()
			grown = true
			for name, b := range f.Seals {
				if s, err := seal.Parse(b); err == nil && s.File == k.Value.ID {
					files["seals/"+name] = b
					adults[s.By] = true
				}
			}
		}
	}
	roster := learner.People{Format: recordfile.People.Format()}
	for _, p := range f.People.Value.People {
		if adults[p.ID] {
			roster.People = append(roster.People, p)
		}
	}
	if p, ok := f.Person(by); ok && len(roster.People) == 0 { // a list of adults is never empty
		roster.People = append(roster.People, p)
	}
	b, err := recordfile.Bytes("people.yaml", recordfile.People, roster)
	if err != nil {
		return err
	}
	files["people.yaml"] = b
	is := f.Setting.Value
	own := learner.Setting{Format: recordfile.Setting.Format(), Name: is.Name, URN: is.URN, LA: is.LA, Estab: is.Estab, Phase: is.Phase, Pathway: is.Pathway, Demonstration: is.Demonstration}
	if files["sendctl.yaml"], err = recordfile.Bytes("sendctl.yaml", recordfile.Setting, own); err != nil {
		return err
	}
	if f.Pathway.Doc != nil {
		files["pathway.yaml"] = f.Pathway.Doc.Bytes()
	}
	return nil
}

// names visits every word of a file that may be an adult's id.
func names(p string, b []byte, visit func(string)) {
	if path.Ext(p) == seal.Extension {
		if s, err := seal.Parse(b); err == nil {
			visit(s.By)
		}
		return
	}
	if path.Ext(p) != ".yaml" {
		return
	}
	doc, _ := yamldoc.Parse(p, b)
	if doc == nil {
		return
	}
	var walk func(n *yamldoc.Node)
	walk = func(n *yamldoc.Node) {
		switch n.Kind {
		case yamldoc.Map:
			for _, x := range n.Pairs {
				walk(x.Value)
			}
		case yamldoc.List:
			for _, x := range n.Items {
				walk(x)
			}
		default:
			visit(n.Value)
		}
	}
	walk(doc.Root())
}

func oneLineOf(w learner.Words) string { return strings.Join(strings.Fields(string(w)), " ") }

// usableErrors are the findings that are errors.
func usableErrors(all []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f diag.Finding) bool { return f.Severity != diag.Error })
}
