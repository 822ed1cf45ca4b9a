package trail

import (
	"context"
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/objects"
)

// pastWalk is git's own walk with paths and its default simplification
// (revision.c: get_revision_1, process_parents, try_to_simplify_commit): commits
// leave a queue by date, those of one date in the order they came; a parent that
// is the same in the paths is the only one followed.
type pastWalk struct {
	past  *past
	paths *pathTree // nil: no pruning
	keys  []objects.PathKey
	seen  map[objects.ID]bool
	known []bool // seen, for commits of the commit-graph, by their number
	queue byDate[*pastCommit]
	graph objects.GraphCommit
}

// pastCommit is a commit that waits to be looked at.
type pastCommit struct {
	id      objects.ID
	at      uint32 // its number in the commit-graph, or noNumber
	tree    objects.ID
	parents []objects.ID
	numbers []uint32 // the parents' numbers, when at is one
	time    int64
	places  []place // nil until they are needed
}

const noNumber = ^uint32(0)

func newPastWalk(p *past) *pastWalk {
	w := &pastWalk{past: p, seen: map[objects.ID]bool{}}
	if p.graph != nil {
		w.known = make([]bool, p.graph.Len())
	}
	if len(p.paths) > 0 {
		w.paths = newPathTree(p.store, p.paths)
		if p.graph != nil && p.graph.HasFilters() {
			for _, path := range p.paths {
				w.keys = append(w.keys, objects.NewPathKey(path))
			}
		}
	}
	return w
}

func (w *pastWalk) run(ctx context.Context, visit func(objects.ID) error) error {
	start, err := w.load(w.past.from, noNumber)
	if err != nil {
		return err
	}
	w.mark(start)
	w.queue.push(start.time, start)
	for n := 0; w.queue.len() > 0; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c := w.queue.pop()
		same, err := w.follow(c)
		if err != nil {
			return fmt.Errorf("commit %s: %w", c.id, err)
		}
		if same {
			continue
		}
		if err := visit(c.id); err != nil {
			return err
		}
	}
	return nil
}

// follow queues the parents to go on with, and says whether c is the same in the
// paths as one of them, or for a root as nothing.
func (w *pastWalk) follow(c *pastCommit) (same bool, err error) {
	if w.paths == nil {
		for i := range c.parentCount() {
			p, err := w.parent(c, i)
			if err != nil {
				return false, err
			}
			w.add(p)
		}
		return false, nil
	}
	if c.parentCount() == 0 {
		at, err := w.placesOf(c)
		if err != nil {
			return false, err
		}
		return !slices.ContainsFunc(at, func(p place) bool { return p != place{} }), nil
	}
	var few [2]*pastCommit
	parents := few[:0]
	for i := range c.parentCount() {
		p, err := w.parent(c, i)
		if err != nil {
			return false, err
		}
		same, err := w.same(c, p, i)
		if err != nil {
			return false, err
		}
		if same {
			w.add(p)
			return true, nil
		}
		parents = append(parents, p)
	}
	for _, p := range parents {
		w.add(p)
	}
	return false, nil
}

func (c *pastCommit) parentCount() int {
	if c.at != noNumber {
		return len(c.numbers)
	}
	return len(c.parents)
}

func (w *pastWalk) parent(c *pastCommit, i int) (*pastCommit, error) {
	if c.at != noNumber {
		return w.load(objects.ID{}, c.numbers[i])
	}
	return w.load(c.parents[i], noNumber)
}

// same says whether c and its i-th parent p hold the same at all paths.
func (w *pastWalk) same(c, p *pastCommit, i int) (bool, error) {
	if c.tree == p.tree {
		p.places = c.places
		return true, nil
	}
	if i == 0 && c.at != noNumber && w.keys != nil && w.past.graph.Unchanged(c.at, w.keys) {
		p.places = c.places
		return true, nil
	}
	mine, err := w.placesOf(c)
	if err != nil {
		return false, err
	}
	theirs, err := w.placesOf(p)
	if err != nil {
		return false, err
	}
	return slices.Equal(mine, theirs), nil
}

func (w *pastWalk) placesOf(c *pastCommit) ([]place, error) {
	if c.places == nil {
		at, err := w.paths.places(c.tree)
		if err != nil {
			return nil, err
		}
		c.places = at
	}
	return c.places, nil
}

// add queues a commit unless it was there before.
func (w *pastWalk) add(c *pastCommit) {
	if !w.mark(c) {
		w.queue.push(c.time, c)
	}
}

func (w *pastWalk) mark(c *pastCommit) (before bool) {
	if c.at != noNumber {
		before, w.known[c.at] = w.known[c.at], true
		return before
	}
	before = w.seen[c.id]
	w.seen[c.id] = true
	return before
}

// load reads a commit, from the commit-graph where it is known there: then by
// its number, so that it is never looked for by id again.
func (w *pastWalk) load(id objects.ID, at uint32) (*pastCommit, error) {
	g := w.past.graph
	if g != nil && at == noNumber {
		if n, ok := g.Find(id); ok {
			at = n
		}
	}
	if at != noNumber {
		if !g.Commit(at, &w.graph) {
			return nil, fmt.Errorf("the commit-graph is damaged: `git commit-graph write` makes it anew")
		}
		return &pastCommit{id: g.ID(at), at: at, tree: w.graph.Tree, numbers: slices.Clone(w.graph.Parents), time: w.graph.Time}, nil
	}
	var h objects.Header
	if err := w.past.header(id, &h); err != nil {
		return nil, err
	}
	return &pastCommit{id: id, at: noNumber, tree: h.Tree, parents: h.Parents, time: h.Time}, nil
}

// header reads a commit's own header; at the border of a shallow clone it has no parents.
func (p *past) header(id objects.ID, h *objects.Header) error {
	raw, err := p.store.Of(objects.Commit, id)
	if err != nil {
		return err
	}
	if err := objects.ReadHeader(raw, h); err != nil {
		return &objects.DamagedError{Where: "git object " + id.String(), What: err.Error()}
	}
	if p.shallow[id] {
		h.Parents = nil
	}
	return nil
}

// byDate is a queue that gives the youngest first and, of the same date, the one
// that came first.
type byDate[T any] struct {
	heap []dated[T]
	next uint64
}

type dated[T any] struct {
	time  int64
	order uint64
	value T
}

func (q *byDate[T]) len() int { return len(q.heap) }

func (q *byDate[T]) before(i, j int) bool {
	a, b := &q.heap[i], &q.heap[j]
	return a.time > b.time || a.time == b.time && a.order < b.order
}

func (q *byDate[T]) push(time int64, v T) {
	q.heap = append(q.heap, dated[T]{time, q.next, v})
	q.next++
	for i := len(q.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(i, up) {
			break
		}
		q.heap[i], q.heap[up] = q.heap[up], q.heap[i]
		i = up
	}
}

func (q *byDate[T]) pop() T {
	top := q.heap[0].value
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap[last] = dated[T]{}
	q.heap = q.heap[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			return top
		}
		if down+1 < last && q.before(down+1, down) {
			down++
		}
		if !q.before(down, i) {
			return top
		}
		q.heap[i], q.heap[down] = q.heap[down], q.heap[i]
		i = down
	}
}
