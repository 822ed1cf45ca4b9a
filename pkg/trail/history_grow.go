package trail

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/sendctl/sendctl/pkg/objects"
)

// grow adds every commit that p.from reaches and the index does not have.
func (t *touched) grow(ctx context.Context, p *past) error {
	if _, ok := t.number(p.from); ok {
		return nil
	}
	g := &growth{ctx: ctx, past: p, index: t}
	if p.prefix != "" {
		g.prefix = newPathTree(p.store, []string{p.prefix[:len(p.prefix)-1]})
	}
	order, err := g.gather()
	if err != nil {
		return err
	}
	t.keyAt = make(map[string]uint32, len(t.keys))
	for i, k := range t.keys {
		t.keyAt[k] = uint32(i)
	}
	for i := range order {
		if i&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := g.add(&order[i]); err != nil {
			return err
		}
	}
	return nil
}

// growth is one bringing up to date.
type growth struct {
	ctx    context.Context
	past   *past
	index  *touched
	prefix *pathTree // nil when the record folder is the top

	recent [6]recentTree // trees just read: the next commit shares most of them
	turn   int
}

type recentTree struct {
	id  objects.ID
	raw []byte
}

// gathered is a new commit before its trees were looked at.
type gathered struct {
	id   objects.ID
	h    objects.Header
	next int // the parent to go to next
}

// gather lists the new commits, parents before children.
func (g *growth) gather() ([]gathered, error) {
	var order, open []gathered
	met := map[objects.ID]bool{}
	push := func(id objects.ID) error {
		if met[id] {
			return nil
		}
		if _, ok := g.index.number(id); ok {
			return nil
		}
		met[id] = true
		c := gathered{id: id}
		if err := g.header(id, &c.h); err != nil {
			return err
		}
		open = append(open, c)
		return nil
	}
	if err := push(g.past.from); err != nil {
		return nil, err
	}
	for n := 0; len(open) > 0; n++ {
		if n&0x3ff == 0 && g.ctx.Err() != nil {
			return nil, g.ctx.Err()
		}
		top := &open[len(open)-1]
		if top.next == len(top.h.Parents) {
			order = append(order, *top)
			open = open[:len(open)-1]
			continue
		}
		top.next++
		if err := push(top.h.Parents[top.next-1]); err != nil {
			return nil, err
		}
	}
	return order, nil
}

func (g *growth) header(id objects.ID, h *objects.Header) error {
	if graph := g.past.graph; graph != nil {
		var c objects.GraphCommit
		if n, ok := graph.Find(id); ok && graph.Commit(n, &c) {
			h.Tree, h.Time = c.Tree, c.Time
			for _, p := range c.Parents {
				h.Parents = append(h.Parents, graph.ID(p))
			}
			return nil
		}
	}
	return g.past.header(id, h)
}

// add works out what a commit changed, and appends it.
func (g *growth) add(c *gathered) error {
	t := g.index
	fact := newFact{id: c.id, time: c.h.Time, tree: c.h.Tree}
	if len(c.h.Parents) == 0 {
		list, err := g.changed(objects.ID{}, c.h.Tree)
		if err != nil {
			return err
		}
		fact.lists = [][]uint32{list}
	}
	for _, id := range c.h.Parents {
		n, ok := t.number(id)
		if !ok {
			return errIndexOdd
		}
		fact.parents = append(fact.parents, n)
		var tree objects.ID
		if n >= t.base.n {
			tree = t.extra[n-t.base.n].tree
		} else {
			var h objects.Header
			if err := g.header(id, &h); err != nil {
				return err
			}
			tree = h.Tree
		}
		list, err := g.changed(tree, c.h.Tree)
		if err != nil {
			return err
		}
		fact.lists = append(fact.lists, list)
	}
	t.late[c.id] = t.size()
	t.extra = append(t.extra, fact)
	return nil
}

// changed lists the keys that differ between two commits' trees; a zero id is no tree.
func (g *growth) changed(a, b objects.ID) ([]uint32, error) {
	if a == b {
		return nil, nil
	}
	x, err := g.folder(a)
	if err != nil {
		return nil, err
	}
	y, err := g.folder(b)
	if err != nil {
		return nil, err
	}
	var list []uint32
	err = g.diff(x, y, func(name []byte, p, q place) error {
		inside := string(name) == learnersDir
		// While it stays a folder, that it changed follows from what changed in it: one key a commit.
		if !inside || p.mode != objects.ModeTree || q.mode != objects.ModeTree {
			list = append(list, g.key(string(name)))
		}
		if !inside {
			return nil
		}
		return g.diff(p, q, func(name []byte, _, _ place) error {
			list = append(list, g.key(learnersDir+"/"+string(name)))
			return nil
		})
	})
	slices.Sort(list)
	return slices.Compact(list), err
}

// folder is the record folder in a commit's tree.
func (g *growth) folder(tree objects.ID) (place, error) {
	if tree.IsZero() {
		return place{}, nil
	}
	if g.prefix == nil {
		return placeOf(objects.TreeEntry{Mode: objects.ModeTree, ID: tree}), nil
	}
	found, err := g.prefix.places(tree)
	if err != nil {
		return place{}, err
	}
	return found[0], nil
}

func (g *growth) key(name string) uint32 {
	t := g.index
	n, ok := t.keyAt[name]
	if !ok {
		n = uint32(len(t.keys))
		t.keys = append(t.keys, name)
		t.keyAt[name] = n
	}
	return n
}

// diff visits the names that differ between two places; what is no tree has none.
// A name that is a file here and a folder there may be met twice.
func (g *growth) diff(a, b place, visit func(name []byte, p, q place) error) error {
	x, err := g.tree(a)
	if err != nil {
		return err
	}
	y, err := g.tree(b)
	if err != nil {
		return err
	}
	for len(x) > 0 || len(y) > 0 {
		x, y = skipEqual(x, y)
		var p, q objects.TreeEntry
		var afterX, afterY []byte
		order := 0
		if len(x) > 0 {
			if p, afterX, err = objects.NextEntry(x); err != nil {
				return err
			}
			order = -1
		}
		if len(y) > 0 {
			if q, afterY, err = objects.NextEntry(y); err != nil {
				return err
			}
			if order < 0 {
				order = treeOrder(p, q)
			} else {
				order = 1
			}
		} else if len(x) == 0 {
			return nil
		}
		switch {
		case order < 0:
			x = afterX
			err = visit(p.Name, placeOf(p), place{})
		case order > 0:
			y = afterY
			err = visit(q.Name, place{}, placeOf(q))
		default:
			x, y = afterX, afterY
			if placeOf(p) != placeOf(q) {
				err = visit(p.Name, placeOf(p), placeOf(q))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// skipEqual leaves out entries that are the same byte for byte at the head of both.
func skipEqual(x, y []byte) ([]byte, []byte) {
	for len(x) > 0 {
		n := bytes.IndexByte(x, 0)
		if n < 0 || len(x) < n+21 || len(y) < n+21 || !bytes.Equal(x[:n+21], y[:n+21]) {
			break
		}
		x, y = x[n+21:], y[n+21:]
	}
	return x, y
}

// treeOrder is git's order of tree entries: a folder stands as if its name ended in a slash.
func treeOrder(p, q objects.TreeEntry) int {
	n := min(len(p.Name), len(q.Name))
	if c := bytes.Compare(p.Name[:n], q.Name[:n]); c != 0 {
		return c
	}
	end := func(e objects.TreeEntry) int {
		switch {
		case len(e.Name) > n:
			return int(e.Name[n])
		case e.IsTree():
			return '/'
		}
		return 0
	}
	return end(p) - end(q)
}

func (g *growth) tree(p place) ([]byte, error) {
	if p.mode != objects.ModeTree {
		return nil, nil
	}
	for _, r := range g.recent {
		if r.id == p.id && r.raw != nil {
			return r.raw, nil
		}
	}
	raw, err := g.past.store.Of(objects.Tree, p.id)
	if err != nil {
		return nil, err
	}
	g.recent[g.turn] = recentTree{p.id, raw}
	g.turn = (g.turn + 1) % len(g.recent)
	return raw, nil
}

// encode is the file that holds everything.
func (t *touched) encode() []byte {
	n := t.size()
	old := &t.base
	slots := uint32(8)
	for slots < 2*n {
		slots *= 2
	}
	var times, parents, touch, ids, keyEnds []byte
	more, lists := slices.Clone(old.more), slices.Clone(old.lists)
	grown := func(b []byte, size uint32) []byte { return append(make([]byte, 0, size*n), b...) }
	times, parents, touch, ids = grown(old.times, 8), grown(old.parents, 4), grown(old.touch, 4), grown(old.ids, 20)
	le := binary.LittleEndian
	for _, c := range t.extra {
		ids = append(ids, c.id[:]...)
		times = le.AppendUint64(times, uint64(c.time))
		switch len(c.parents) {
		case 0:
			parents = le.AppendUint32(parents, noParent)
		case 1:
			parents = le.AppendUint32(parents, c.parents[0])
		default:
			parents = le.AppendUint32(parents, further|uint32(len(more)/4))
			more = le.AppendUint32(more, uint32(len(c.parents)))
			for _, p := range c.parents {
				more = le.AppendUint32(more, p)
			}
		}
		switch {
		case len(c.lists) == 1 && len(c.lists[0]) == 0:
			touch = le.AppendUint32(touch, noKey)
		case len(c.lists) == 1 && len(c.lists[0]) == 1:
			touch = le.AppendUint32(touch, c.lists[0][0])
		default:
			touch = le.AppendUint32(touch, further|uint32(len(lists)))
			for _, list := range c.lists {
				lists = binary.AppendUvarint(lists, uint64(len(list)))
				last := uint32(0)
				for _, key := range list {
					lists = binary.AppendUvarint(lists, uint64(key-last))
					last = key
				}
			}
		}
	}
	table := bytes.Repeat([]byte{0xff}, int(4*slots))
	for i := range n {
		at := le.Uint32(ids[20*i:]) & (slots - 1)
		for le.Uint32(table[4*at:]) != noParent {
			at = (at + 1) & (slots - 1)
		}
		le.PutUint32(table[4*at:], i)
	}
	var text []byte
	for _, k := range t.keys {
		text = append(text, k...)
		keyEnds = le.AppendUint32(keyEnds, uint32(len(text)))
	}
	out := make([]byte, indexHeadSize)
	copy(out, indexMagic)
	for i, size := range []int{int(n), int(slots), len(more) / 4, len(t.keys), len(old.prefix), len(text), len(lists)} {
		le.PutUint32(out[28+4*i:], uint32(size))
	}
	out = slices.Concat(out, times, parents, touch, ids, table, more, keyEnds, old.prefix, text, lists)
	le.PutUint32(out[24:], crc32.Checksum(out[28:], crc32.MakeTable(crc32.Castagnoli)))
	return out
}
