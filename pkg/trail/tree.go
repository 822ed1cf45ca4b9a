package trail

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

const (
	modeFile       = 0o100644
	modeExecutable = 0o100755
	modeTree       = 0o040000
	modeGitlink    = 0o160000 // a submodule
)

// entry is what a tree or an index holds under a name.
type entry struct {
	mode uint32
	id   plumbing.Hash
}

// isZero: nothing under that name.
func (e entry) isZero() bool { return e.mode == 0 }

func (e entry) isTree() bool { return e.mode == modeTree }

// nextEntry cuts the first entry off a tree.
func nextEntry(tree []byte) (mode uint32, name, id, rest []byte, err error) {
	i := 0
	for i < len(tree) && tree[i] != ' ' {
		if c := tree[i]; c < '0' || c > '7' {
			return 0, nil, nil, nil, errors.New("bad mode in a tree")
		}
		mode = mode<<3 | uint32(tree[i]-'0')
		i++
	}
	i++
	if i >= len(tree) {
		return 0, nil, nil, nil, errors.New("a tree ends too early")
	}
	end := bytes.IndexByte(tree[i:], 0)
	if end < 1 || i+end+21 > len(tree) {
		return 0, nil, nil, nil, errors.New("a tree ends too early")
	}
	return mode, tree[i : i+end], tree[i+end+1 : i+end+21], tree[i+end+21:], nil
}

// trees reads and rewrites trees along paths. It remembers what it read and
// made: the index needs the ids on both sides.
type trees struct {
	repo *Repo
	read map[plumbing.Hash][]byte
	made []newObject
	// turned maps a folder ("" is the top, else "a/b") to its tree before and
	// after; a zero id means no such folder.
	turned map[string][2]plumbing.Hash
}

func (r *Repo) newTrees() *trees {
	return &trees{repo: r, read: map[plumbing.Hash][]byte{}, turned: map[string][2]plumbing.Hash{}}
}

func (t *trees) tree(id plumbing.Hash) ([]byte, error) {
	if id.IsZero() {
		return nil, nil
	}
	if b, ok := t.read[id]; ok {
		return b, nil
	}
	b, err := t.repo.object(id, plumbing.TreeObject)
	if err != nil {
		return nil, err
	}
	t.read[id] = b
	return b, nil
}

// lookup finds what a tree holds at a path; zero when nothing.
func (t *trees) lookup(root plumbing.Hash, path string) (entry, error) {
	at := entry{mode: modeTree, id: root}
	for part := range strings.SplitSeq(path, "/") {
		if !at.isTree() || at.id.IsZero() {
			return entry{}, nil
		}
		b, err := t.tree(at.id)
		if err != nil {
			return entry{}, err
		}
		if at, err = find(b, part); err != nil {
			return entry{}, fmt.Errorf("tree above %s: %w", path, err)
		}
	}
	return at, nil
}

// find looks for one name. Only a possible place is parsed: the name between a
// space and a zero byte; then the entries are walked to be sure.
func find(tree []byte, name string) (entry, error) {
	if !bytes.Contains(tree, []byte(" "+name+"\x00")) {
		return entry{}, nil
	}
	for len(tree) > 0 {
		mode, n, id, rest, err := nextEntry(tree)
		if err != nil {
			return entry{}, err
		}
		if string(n) == name {
			return entry{mode: mode, id: plumbing.Hash(id)}, nil
		}
		tree = rest
	}
	return entry{}, nil
}

// change puts an entry at a path, or takes it away when the entry is zero.
type change struct {
	path string
	entry
}

// rewrite makes the trees that differ from root by the changes, which are
// sorted by path and have no doubles. It returns the new root, zero when
// nothing is left.
func (t *trees) rewrite(root plumbing.Hash, changes []change) (plumbing.Hash, error) {
	return t.rewriteAt(root, "", changes)
}

func (t *trees) rewriteAt(old plumbing.Hash, dir string, changes []change) (plumbing.Hash, error) {
	raw, err := t.tree(old)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	skip := 0
	if dir != "" {
		skip = len(dir) + 1
	}
	// What changes at this level, in git's order: a folder sorts as if its
	// name ended in a slash.
	type step struct {
		name string
		key  string
		entry
	}
	var steps []step
	for i := 0; i < len(changes); {
		name, _, nested := strings.Cut(changes[i].path[skip:], "/")
		have, err := find(raw, name)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("tree of %q: %w", dir, err)
		}
		sub := changes[i].path[:skip+len(name)]
		if !nested {
			if have.isTree() {
				return plumbing.ZeroHash, refuse(sub, "is a folder in the last commit, so it cannot become a file in the same act")
			}
			steps = append(steps, step{name, name, changes[i].entry})
			i++
			continue
		}
		j := i + 1
		for j < len(changes) && strings.HasPrefix(changes[j].path, sub+"/") {
			j++
		}
		if !have.isZero() && !have.isTree() {
			return plumbing.ZeroHash, refuse(sub, "is a file in the last commit, so it cannot become a folder in the same act")
		}
		id, err := t.rewriteAt(have.id, sub, changes[i:j])
		if err != nil {
			return plumbing.ZeroHash, err
		}
		e := entry{mode: modeTree, id: id}
		if id.IsZero() {
			e = entry{}
		}
		steps = append(steps, step{name, name + "/", e})
		i = j
	}
	slices.SortFunc(steps, func(a, b step) int { return strings.Compare(a.key, b.key) })

	out := make([]byte, 0, len(raw)+len(steps)*64)
	put := func(s step) {
		if s.isZero() {
			return
		}
		out = fmt.Appendf(out, "%o %s\x00", s.mode, s.name)
		out = append(out, s.id[:]...)
	}
	rest, from := raw, raw // from: start of what is copied as it is
	for len(rest) > 0 && len(steps) > 0 {
		mode, name, _, after, err := nextEntry(rest)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("tree of %q: %w", dir, err)
		}
		for len(steps) > 0 {
			c := compareEntry(name, mode == modeTree, steps[0].key)
			if c < 0 {
				break
			}
			out = append(out, from[:len(from)-len(rest)]...)
			from = rest
			put(steps[0])
			steps = steps[1:]
			if c == 0 {
				from = after
				break
			}
		}
		rest = after
	}
	out = append(out, from...)
	for _, s := range steps {
		put(s)
	}
	if len(out) == 0 {
		t.turned[dir] = [2]plumbing.Hash{old, plumbing.ZeroHash}
		return plumbing.ZeroHash, nil
	}
	o := makeObject(plumbing.TreeObject, out)
	t.turned[dir] = [2]plumbing.Hash{old, o.id}
	if o.id != old {
		t.made = append(t.made, o)
		t.read[o.id] = out
	}
	return o.id, nil
}

// compareEntry orders a tree's entry against a key that ends in "/" for folders.
func compareEntry(name []byte, tree bool, key string) int {
	n := min(len(name), len(key))
	if c := bytes.Compare(name[:n], []byte(key[:n])); c != 0 {
		return c
	}
	switch {
	case len(key) > len(name):
		// The name ends here; a folder goes on with a slash.
		if !tree {
			return -1
		}
		if c := int('/') - int(key[len(name)]); c != 0 {
			return c
		}
		if len(key) > len(name)+1 {
			return -1
		}
		return 0
	case len(name) > len(key):
		return 1
	case tree:
		return 1
	}
	return 0
}
