package casework

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/report"
)

// Held is one thing that is kept on a learner here.
type Held struct {
	State  string // now, earlier, draft or aside
	Path   string // from the record folder's root; of a draft its name
	When   time.Time
	By     string // as git has it
	Commit string
	// Elsewhere: the commit is in the history of a branch that is not the one in use.
	Elsewhere bool

	Read func() ([]byte, error)
}

// The states of what is held, besides now and earlier.
const (
	HeldNow     = "now"
	HeldEarlier = "earlier"
	HeldDraft   = "draft" // typed and not recorded
	HeldAside   = "aside" // what a cut-off command left
)

// Everything gathers what is kept on a learner: the files as they lie here, every
// earlier version of every file in any branch, oldest first, and drafts. gaps says
// what could not be read.
func (d *Desk) Everything(ctx context.Context, r *folder.Record) (all []Held, gaps []string, err error) {
	now, odd, err := filesOnDisk(d.Store.FS(), r.Dir)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range now {
		all = append(all, Held{State: HeldNow, Path: p, Read: func() ([]byte, error) { return fs.ReadFile(d.Store.FS(), p) }})
	}
	v, err := d.versions(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range odd {
		v.gap("%s, which is a link or no plain file", p)
	}
	// The version that lies here is told as that, with the commit that brought it.
	for _, old := range v.found {
		i := slices.IndexFunc(all, func(h Held) bool { return h.State == HeldNow && h.Path == old.Path })
		if i >= 0 {
			here, err := all[i].Read()
			if err != nil {
				return nil, nil, err
			}
			then, err := old.Read()
			if err != nil {
				v.gap("the version of %s of %s", old.Path, old.When.Format("2 January 2006"))
				continue
			}
			if bytes.Equal(here, then) {
				// Taken up again, it is of the first time.
				if all[i].Commit == "" {
					all[i].When, all[i].By, all[i].Commit = old.When, old.By, old.Commit
				}
				continue
			}
		}
		all = append(all, old)
	}
	for _, name := range d.Store.Drafts() {
		if !slices.Contains(strings.Split(name, "-"), r.ID) {
			continue
		}
		draft, ok, err := d.Store.Draft(name)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			all = append(all, Held{State: HeldDraft, Path: name + ".json", When: draft.At, Read: func() ([]byte, error) { return draft.Data, nil }})
		}
	}
	aside, err := filepath.Glob(filepath.Join(d.Store.Private(), "cut-off-*.json"))
	if err != nil {
		return nil, nil, err
	}
	for _, name := range aside {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, fmt.Errorf("read what a cut-off command left: %w", bare(err))
		}
		if bytes.Contains(b, []byte(r.ID)) {
			all = append(all, Held{State: HeldAside, Path: filepath.Base(name), Read: func() ([]byte, error) { return b, nil }})
		}
	}
	return all, v.gaps, nil
}

// filesOnDisk lists the files below a folder, whatever they are called; odd are links
// and what else is no plain file.
func filesOnDisk(fsys fs.FS, dir string) (files, odd []string, err error) {
	err = fs.WalkDir(fsys, dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".sendctl-"):
		case e.Type().IsRegular():
			files = append(files, p)
		default:
			odd = append(odd, p)
		}
		return err
	})
	return files, odd, err
}

// versions reads every version that every file of a learner ever had. It walks the
// raw history by every parent: `git log` leaves out what a merge did not keep.
type versions struct {
	desk  *Desk
	store *objects.Store
	dir   string // of the learner, from the repository's top
	cut   string // what of it comes before the record folder

	trees map[objects.ID]objects.ID            // of a commit's top, the learner's own
	files map[objects.ID]map[string]objects.ID // of the learner's tree
	first map[string]bool                      // path and bytes that were told
	found []Held
	gaps  []string
}

type oldCommit struct {
	id        objects.ID
	info      *objects.CommitInfo
	elsewhere bool
}

func (d *Desk) versions(ctx context.Context, r *folder.Record) (*versions, error) {
	v := &versions{desk: d, dir: d.Repo.Prefix() + r.Dir, cut: d.Repo.Prefix(), trees: map[objects.ID]objects.ID{}, files: map[objects.ID]map[string]objects.ID{}, first: map[string]bool{}}
	var err error
	if v.store, err = d.Repo.Objects(); err != nil {
		return nil, err
	}
	commits, err := v.commits(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range commits {
		own, err := v.learner(c.info.Tree)
		if err != nil {
			v.gap("the files of commit %s", c.id)
			continue
		}
		for _, p := range v.sorted(own) {
			file := v.files[own][p]
			key := p + "\x00" + file.String()
			if v.first[key] {
				continue
			}
			v.first[key] = true
			v.found = append(v.found, Held{State: HeldEarlier, Path: strings.TrimPrefix(p, v.cut), When: c.info.Committer.When(), By: c.info.Author.Name, Commit: c.id.String(), Elsewhere: c.elsewhere,
				Read: func() ([]byte, error) { return v.store.Of(objects.Blob, file) }})
		}
	}
	return v, nil
}

// commits are all that any ref reaches, oldest first, those of the branch in use
// before those of others.
func (v *versions) commits(ctx context.Context) ([]oldCommit, error) {
	head, _, err := v.desk.Repo.Head()
	if err != nil {
		return nil, err
	}
	border, err := v.desk.Repo.Border()
	if err != nil {
		return nil, err
	}
	if len(border) > 0 {
		v.gap("what came before the border of this shallow clone: git fetch --unshallow brings it")
	}
	refs, err := v.desk.Repo.Refs("refs/")
	if err != nil {
		return nil, err
	}
	seen := map[objects.ID]bool{}
	var all []oldCommit
	walk := func(from objects.ID, elsewhere bool) error {
		todo := []objects.ID{from}
		for len(todo) > 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			id := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if seen[id] {
				continue
			}
			seen[id] = true
			kind, raw, err := v.store.Object(id)
			if err == nil && kind == objects.Tag {
				if id, _, err = objects.TagTarget(raw); err == nil {
					todo = append(todo, id)
				}
				continue
			}
			if err != nil || kind != objects.Commit {
				if err != nil && !slices.Contains(border, id) {
					v.gap("commit %s", id)
				}
				continue
			}
			info, err := objects.ParseCommit(raw)
			if err != nil {
				v.gap("commit %s", id)
				continue
			}
			all = append(all, oldCommit{id, info, elsewhere})
			if !slices.Contains(border, id) {
				todo = append(todo, info.Parents...)
			}
		}
		return nil
	}
	if id, err := objects.ParseID(head); err == nil {
		if err := walk(id, false); err != nil {
			return nil, err
		}
	}
	for _, r := range refs {
		if err := walk(r.ID, true); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b oldCommit) int {
		if a.elsewhere != b.elsewhere {
			if a.elsewhere {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.info.Committer.When().Unix(), b.info.Committer.When().Unix())
	})
	return all, nil
}

// learner gives the tree of the learner's folder in a commit's tree, zero where there
// is none, and reads its files.
func (v *versions) learner(top objects.ID) (objects.ID, error) {
	if own, known := v.trees[top]; known {
		return own, nil
	}
	at := top
	for part := range strings.SplitSeq(v.dir, "/") {
		raw, err := v.store.Of(objects.Tree, at)
		if err != nil {
			return at, err
		}
		e, ok, err := objects.FindEntry(raw, part)
		if err != nil {
			return at, err
		}
		if !ok || !e.IsTree() {
			at = objects.ID{}
			break
		}
		at = e.ID
	}
	if _, known := v.files[at]; !known && !at.IsZero() {
		files := map[string]objects.ID{}
		if err := v.list(at, v.dir, files); err != nil {
			return at, err
		}
		v.files[at] = files
	}
	v.trees[top] = at
	return at, nil
}

func (v *versions) list(tree objects.ID, dir string, into map[string]objects.ID) error {
	raw, err := v.store.Of(objects.Tree, tree)
	if err != nil {
		return err
	}
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return err
		}
		p := dir + "/" + string(e.Name)
		switch {
		case e.IsTree():
			if err := v.list(e.ID, p, into); err != nil {
				return err
			}
		case e.Mode&0o170000 == objects.ModeCommit:
		default:
			into[p] = e.ID
		}
	}
	return nil
}

func (v *versions) sorted(tree objects.ID) []string {
	out := make([]string, 0, len(v.files[tree]))
	for p := range v.files[tree] {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func (v *versions) gap(format string, args ...any) {
	if g := fmt.Sprintf(format, args...); !slices.Contains(v.gaps, g) {
		v.gaps = append(v.gaps, g)
	}
}

// Elsewhere looks through the records of all other learners, as they are now, for what
// may be about this one: their id, or a name of theirs as a word.
func (d *Desk) Elsewhere(f *folder.Folder, id string, look *report.Looking) ([]report.Mark, error) {
	all, err := f.Learners()
	if err != nil {
		return nil, err
	}
	var out []report.Mark
	for _, other := range all {
		if other == id {
			continue
		}
		files, _, err := filesOnDisk(d.Store.FS(), path.Join("learners", other))
		if err != nil {
			return nil, err
		}
		for _, p := range files {
			if path.Ext(p) != ".yaml" || strings.HasSuffix(p, "/identity.yaml") {
				continue
			}
			b, bad, err := f.ReadFile(p)
			if errors.Is(err, fs.ErrNotExist) || bad != nil {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", p, bare(err))
			}
			out = append(out, look.About(p, b)...)
		}
	}
	return out, nil
}
