package trail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Changed lists, sorted, the files at or under the paths (none: the record
// folder) that a commit holds otherwise than its first parent, or that only one
// of them has. For a commit without parents it is all it holds. A file whose
// mode alone changed is listed too.
func (r *Repo) Changed(rev string, paths ...string) ([]string, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, fmt.Errorf("list what changed: %w", err)
	}
	list, err := r.changed(store, rev, paths)
	if err != nil {
		return nil, fmt.Errorf("list what %s changed: %w", rev, err)
	}
	return list, nil
}

func (r *Repo) changed(store *objects.Store, rev string, paths []string) ([]string, error) {
	p := &past{store: store, prefix: r.prefix}
	var err error
	if p.paths, err = r.pathsOf(paths); err != nil {
		return nil, err
	}
	if p.shallow, err = r.shallow(); err != nil {
		return nil, err
	}
	id, err := r.resolve(store, rev)
	if err != nil {
		return nil, err
	}
	return p.changed(id)
}

// changed lists what a commit changed under the paths asked for.
func (p *past) changed(id objects.ID) ([]string, error) {
	var mine, theirs objects.Header
	if err := p.header(id, &mine); err != nil {
		return nil, err
	}
	if len(mine.Parents) > 0 {
		if err := p.header(mine.Parents[0], &theirs); err != nil {
			return nil, err
		}
	}
	paths := p.paths
	if paths == nil {
		paths = []string{""}
	}
	g := &growth{past: p}
	var list []string
	for _, path := range paths {
		a, err := p.placeAt(theirs.Tree, path)
		if err != nil {
			return nil, err
		}
		b, err := p.placeAt(mine.Tree, path)
		if err != nil {
			return nil, err
		}
		rel := strings.TrimSuffix(strings.TrimPrefix(path+"/", p.prefix), "/")
		if err := g.files(rel, a, b, &list); err != nil {
			return nil, err
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// placeAt is what a tree holds at a path, itself for "", nothing for no tree.
func (p *past) placeAt(tree objects.ID, path string) (place, error) {
	switch {
	case tree.IsZero():
		return place{}, nil
	case path == "":
		return placeOf(objects.TreeEntry{Mode: objects.ModeTree, ID: tree}), nil
	}
	found, err := newPathTree(p.store, []string{path}).places(tree)
	if err != nil {
		return place{}, err
	}
	return found[0], nil
}

// files adds the paths of the files that differ between two places called name.
func (g *growth) files(name string, a, b place, list *[]string) error {
	if a == b {
		return nil
	}
	isFile := func(p place) bool { return p.mode != 0 && p.mode != objects.ModeTree }
	if isFile(a) || isFile(b) {
		*list = append(*list, name)
	}
	return g.diff(a, b, func(below []byte, p, q place) error {
		full := string(below)
		if name != "" {
			full = name + "/" + full
		}
		return g.files(full, p, q, list)
	})
}
