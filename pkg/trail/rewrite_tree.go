package trail

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/objects"
)

// tree is what becomes of a tree at a place. path is for telling.
func (w *rewriter) tree(id objects.ID, place, path string, top bool) (treeAs, error) {
	key := treeAt{id, place}
	if as, ok := w.trees[key]; ok {
		return as, nil
	}
	raw, err := w.store.Of(objects.Tree, id)
	if err != nil {
		return treeAs{}, err
	}
	var out []byte // nil while nothing has changed
	var went []byte
	from := raw
	now := &judged{place: place, raw: raw}
	before := w.last[path].like(place, raw)
	if before != nil {
		now.starts = make([]int, 0, len(before.starts)+1)
	}
	for rest := raw; len(rest) > 0; {
		e, after, err := objects.NextEntry(rest)
		if err != nil {
			return treeAs{}, fmt.Errorf("tree %s: %w", id, err)
		}
		start := len(raw) - len(rest)
		now.starts = append(now.starts, start)
		if before.stays(start, len(raw)-len(after)) {
			rest = after
			continue
		}
		goes, below := w.cut.Entry(place, e)
		to := e.ID
		switch {
		case goes:
			to = objects.ID{}
			went = append(append(append(went, e.Name...), 0), e.ID[:]...)
			if err := w.lose(e, join(path, e.Name)); err != nil {
				return treeAs{}, err
			}
		case e.IsTree():
			as, err := w.tree(e.ID, below, join(path, e.Name), false)
			if err != nil {
				return treeAs{}, err
			}
			if !as.went.IsZero() {
				went = append(append(append(went, e.Name...), '/'), as.went[:]...)
			}
			to = as.id
		case e.Mode != objects.ModeCommit:
			w.out.keep[e.ID] = true
		}
		if to != e.ID {
			now.touched = append(now.touched, start)
			out = append(out, from[:len(from)-len(rest)]...)
			if out == nil {
				out = []byte{}
			}
			if !to.IsZero() {
				out = append(out, rest[:len(rest)-len(after)-20]...)
				out = append(out, to[:]...)
			}
			from = after
		}
		rest = after
	}
	if len(now.starts) >= largeFolder {
		w.last[path] = now
	}
	as := treeAs{id: id}
	if went != nil {
		as.went = objects.Hash(objects.Blob, went)
		out = append(out, from...)
		as.id = objects.ID{}
		if len(out) > 0 || top {
			as.id = objects.Hash(objects.Tree, out)
			if err := w.put(objects.Tree, as.id, path, out); err != nil {
				return treeAs{}, err
			}
		}
	}
	if !as.id.IsZero() {
		w.out.keep[as.id] = true
	}
	w.trees[key] = as
	return as, nil
}

// largeFolder is how many entries make it worth keeping how a folder was judged.
const largeFolder = 64

// judged is a folder as it was judged last. From one commit to the next one entry of
// ten thousand changes, and the others need not be judged again.
type judged struct {
	place   string
	raw     []byte
	starts  []int // of its entries
	touched []int // those of them that went, or of which something below went
}

// alike says where a folder has the bytes of one that was judged.
type alike struct {
	*judged
	head, tail int // bytes that are equal at its start and at its end
	size       int
	aligned    bool // in the equal tail, entries begin where they begin there
}

func (j *judged) like(place string, raw []byte) *alike {
	if j == nil || j.place != place {
		return nil
	}
	a := &alike{judged: j, size: len(raw)}
	for most := min(len(raw), len(j.raw)); a.head < most && raw[a.head] == j.raw[a.head]; {
		a.head++
	}
	for most := min(len(raw), len(j.raw)) - a.head; a.tail < most && raw[len(raw)-1-a.tail] == j.raw[len(j.raw)-1-a.tail]; {
		a.tail++
	}
	return a
}

// stays reports whether the entry in those bytes was judged already, and stays as it is.
func (a *alike) stays(start, end int) bool {
	if a == nil {
		return false
	}
	if end > a.head {
		if start < a.size-a.tail {
			return false
		}
		start += len(a.raw) - a.size
		if !a.aligned {
			if _, a.aligned = slices.BinarySearch(a.starts, start); !a.aligned {
				return false
			}
		}
	}
	_, touched := slices.BinarySearch(a.touched, start)
	return !touched
}

func join(path string, name []byte) string {
	if path == "" {
		return string(name)
	}
	return path + "/" + string(name)
}

// lose notes all that goes with an entry.
func (w *rewriter) lose(e objects.TreeEntry, path string) error {
	if e.Mode == objects.ModeCommit {
		return nil
	}
	if !e.IsTree() {
		if !slices.Contains(w.gone[e.ID], path) {
			w.gone[e.ID] = append(w.gone[e.ID], path)
		}
		return nil
	}
	if w.goneTrees[e.ID] {
		return nil
	}
	w.goneTrees[e.ID] = true
	raw, err := w.store.Of(objects.Tree, e.ID)
	if err != nil {
		return err
	}
	for sub, err := range objects.Entries(raw) {
		if err != nil {
			return err
		}
		if err := w.lose(sub, join(path, sub.Name)); err != nil {
			return err
		}
	}
	return nil
}
