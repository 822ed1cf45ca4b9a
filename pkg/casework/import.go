package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/store"
)

// importAct is the name of the act that makes many learners at once.
const importAct = "import"

// Intake is newcomers as they would be recorded: with the files each of them would
// have, judged by the rules that guard. It is written by Import and by nothing else.
type Intake struct {
	Prepared []Prepared // in the order of the newcomers

	folder *folder.Folder // as it was judged by
	here   []string       // ids of the learners there were then
}

// Prepared is one newcomer made ready. Findings are the errors for which Import would
// refuse: none of their words is a value of the record.
type Prepared struct {
	ID       string
	Findings []diag.Finding

	files []store.Change
}

// Prepare draws ids, makes the files and judges each record once, on all cores. Nothing
// is written. step hears how far it is; nil hears nothing.
func (d *Desk) Prepare(c Case, many []Newcomer, step func(done, of int)) (*Intake, error) {
	today := date.Of(d.Now())
	in := &Intake{Prepared: make([]Prepared, len(many)), folder: c.Folder}
	var err error
	if in.here, err = c.Folder.Learners(); err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for i := range many {
		for in.Prepared[i].ID == "" {
			id, err := d.newLearnerID(c)
			if err != nil {
				return nil, err
			}
			if !taken[id] {
				taken[id], in.Prepared[i].ID = true, id
			}
		}
	}
	err = cores.Each(len(many), step, func(i int) error { return in.Prepared[i].make(many[i], today) })
	if err != nil {
		return nil, err
	}
	return in, in.judge(c.Folder, today, step)
}

// make writes the two files of a newcomer, as bytes.
func (p *Prepared) make(n Newcomer, today date.Date) error {
	dir := path.Join("learners", p.ID)
	who, is := n.files(p.ID)
	is.KeptSince = newSince(is.Joined, today)
	for _, f := range []struct {
		name string
		kind recordfile.Kind
		v    any
	}{{"identity.yaml", recordfile.Identity, who}, {"learner.yaml", recordfile.Learner, is}} {
		at := path.Join(dir, f.name)
		b, err := recordfile.Bytes(at, f.kind, f.v)
		var faults *recordfile.FaultsError
		switch {
		case errors.As(err, &faults):
			p.Findings = append(p.Findings, usableOnly(faults.Findings)...)
		case err != nil:
			return err
		}
		p.files = append(p.files, store.Change{Path: at, New: b})
	}
	return nil
}

func usableOnly(fs []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f diag.Finding) bool { return f.Severity != diag.Error })
}

// judge judges every record by the rules that guard, as f has people and pathway.
func (in *Intake) judge(f *folder.Folder, today date.Date, step func(done, of int)) error {
	made := map[string][]byte{}
	for _, p := range in.Prepared {
		for _, c := range p.files {
			if c.New != nil {
				made[c.Path] = c.New
			}
		}
	}
	after, err := f.Again(newcomersFS{f.FS(), made})
	if err != nil {
		return err
	}
	in.folder = after
	return cores.Each(len(in.Prepared), step, func(i int) error {
		p := &in.Prepared[i]
		if slices.ContainsFunc(p.files, func(c store.Change) bool { return c.New == nil }) {
			return nil // it makes no valid file, and that is told
		}
		r, err := after.Load(p.ID)
		if err != nil {
			return err
		}
		p.Findings = usableOnly(append(rules.Every(after, r), rules.NotYet(r, today)...))
		return nil
	})
}

// Import records an intake in one commit, or nothing of it. It is refused where any of
// its records has a finding (a *recordfile.FaultsError), and where learners came or went
// since it was prepared (a *StateError): one of them might be one of these.
func (d *Desk) Import(ctx context.Context, in *Intake) (Done, error) {
	done, err := d.do(ctx, importAct, "", func(a *act) error {
		if len(in.Prepared) == 0 {
			return &NothingError{}
		}
		here, err := a.Folder.Learners()
		if err != nil {
			return err
		}
		if !slices.Equal(here, in.here) {
			return state("learners were added here or taken away since the list was looked at; run the command again")
		}
		if !sameGround(in.folder, a.Folder) {
			if err := in.judge(a.Folder, date.Of(a.who.When), nil); err != nil {
				return err
			}
		}
		a.date, a.about = date.Of(a.who.When), count(len(in.Prepared), "learner", "learners")
		for _, p := range in.Prepared {
			if len(p.Findings) > 0 {
				return &recordfile.FaultsError{Findings: p.Findings}
			}
			a.changes = append(a.changes, p.files...)
			a.trailers = append(a.trailers, "Sendctl-Learner: "+p.ID)
		}
		return nil
	})
	if err == nil {
		for _, p := range in.Prepared {
			done.Many = append(done.Many, p.ID)
		}
	}
	return done, err
}

// sameGround reports whether the files that every record is judged by are still the
// same: who is on the staff, the pathway, the setting.
func sameGround(a, b *folder.Folder) bool {
	return sameFile(a.Setting, b.Setting) && sameFile(a.People, b.People) && sameFile(a.Pathway, b.Pathway) && len(a.Removals) == len(b.Removals)
}

func sameFile[T any](a, b recordfile.File[T]) bool {
	return a.Doc != nil && b.Doc != nil && bytes.Equal(a.Doc.Bytes(), b.Doc.Bytes())
}

// newcomersFS shows a folder with new learners in it. Unlike an overlay, which looks
// through a few changes one by one, it stays quick with ten thousand.
type newcomersFS struct {
	under fs.FS
	made  map[string][]byte
}

func (o newcomersFS) Open(name string) (fs.File, error) {
	if b, ok := o.made[name]; ok {
		return &memFile{Reader: bytes.NewReader(b), info: memInfo{name: path.Base(name), size: int64(len(b))}}, nil
	}
	return o.under.Open(name)
}

func (o newcomersFS) ReadFile(name string) ([]byte, error) {
	if b, ok := o.made[name]; ok {
		return bytes.Clone(b), nil
	}
	return fs.ReadFile(o.under, name)
}

func (o newcomersFS) Stat(name string) (fs.FileInfo, error) {
	if b, ok := o.made[name]; ok {
		return memInfo{name: path.Base(name), size: int64(len(b))}, nil
	}
	if o.isDir(name) {
		return memInfo{name: path.Base(name), dir: true}, nil
	}
	return fs.Lstat(o.under, name)
}

func (o newcomersFS) Lstat(name string) (fs.FileInfo, error) { return o.Stat(name) }

func (o newcomersFS) ReadLink(name string) (string, error) { return fs.ReadLink(o.under, name) }

// isDir reports whether name is the folder of one of the new learners.
func (o newcomersFS) isDir(name string) bool {
	_, ok := o.made[path.Join(name, "identity.yaml")]
	return ok && strings.HasPrefix(name, "learners/")
}

func (o newcomersFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if !o.isDir(name) {
		return fs.ReadDir(o.under, name)
	}
	var out []fs.DirEntry
	for _, file := range []string{"identity.yaml", "learner.yaml"} {
		if b, ok := o.made[path.Join(name, file)]; ok {
			out = append(out, fs.FileInfoToDirEntry(memInfo{name: file, size: int64(len(b))}))
		}
	}
	return out, nil
}

// untouched refuses to take an import back once one of the learners it made has been
// worked on: a plan would stay of which nobody knew whose it is. paths are the files
// that the import made.
func untouched(fsys fs.FS, paths []string) error {
	made := map[string]int{}
	for _, p := range paths {
		made[path.Dir(p)]++
	}
	for dir, n := range made {
		entries, err := fs.ReadDir(fsys, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("read %s: %w", dir, err)
		}
		if len(entries) != n {
			return state("%s, whom the import made, has been worked on since, so that it cannot be taken back whole; remove learners one by one: sendctl purge ID", path.Base(dir))
		}
	}
	return nil
}

// Leave takes those out of the intake that Import would refuse, and says how many.
func (in *Intake) Leave() int {
	n := len(in.Prepared)
	in.Prepared = slices.DeleteFunc(in.Prepared, func(p Prepared) bool { return len(p.Findings) > 0 })
	return n - len(in.Prepared)
}
