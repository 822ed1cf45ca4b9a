package trail

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// place is what a tree holds at one path: zero for nothing.
type place struct {
	mode uint32
	id   objects.ID
}

// The empty tree counts as nothing: no file is in it, and files are what is compared.
func placeOf(e objects.TreeEntry) place {
	if e.IsTree() && e.ID == objects.EmptyTree() {
		return place{}
	}
	return place{objects.CanonMode(e.Mode), e.ID}
}

// pathTree finds what trees hold at some paths, reading each tree on the way
// once, and not at all when it is the one that was read last.
type pathTree struct {
	store *objects.Store
	top   *pathNode
	count int
}

type pathNode struct {
	name  string
	leaf  int // which path ends here, -1 for none
	below []*pathNode

	last  objects.ID // the tree found last, and what it holds for below
	found []place
	valid bool
}

func newPathTree(store *objects.Store, paths []string) *pathTree {
	t := &pathTree{store: store, top: &pathNode{leaf: -1}}
	for _, path := range paths {
		at := t.top
		for part := range strings.SplitSeq(path, "/") {
			i := slices.IndexFunc(at.below, func(n *pathNode) bool { return n.name == part })
			if i < 0 {
				i = len(at.below)
				at.below = append(at.below, &pathNode{name: part, leaf: -1})
			}
			at = at.below[i]
		}
		if at.leaf < 0 { // else given twice
			at.leaf = t.count
			t.count++
		}
	}
	return t
}

// places gives what the tree holds at each path.
func (t *pathTree) places(tree objects.ID) ([]place, error) {
	out := make([]place, t.count)
	return out, t.fill(t.top, place{objects.ModeTree, tree}, out)
}

func (t *pathTree) fill(n *pathNode, at place, out []place) error {
	if n.leaf >= 0 {
		out[n.leaf] = at
	}
	if len(n.below) == 0 || at.mode != objects.ModeTree {
		return nil
	}
	if !n.valid || n.last != at.id {
		raw, err := t.store.Of(objects.Tree, at.id)
		if err != nil {
			return err
		}
		n.valid = false
		n.found = n.found[:0]
		for _, b := range n.below {
			e, ok, err := objects.FindEntry(raw, b.name)
			if err != nil {
				return &objects.DamagedError{Where: "git object " + at.id.String(), What: err.Error()}
			}
			if ok {
				n.found = append(n.found, placeOf(e))
			} else {
				n.found = append(n.found, place{})
			}
		}
		n.valid, n.last = true, at.id
	}
	for i, b := range n.below {
		if err := t.fill(b, n.found[i], out); err != nil {
			return err
		}
	}
	return nil
}
