package yamldoc

import "github.com/sendctl/sendctl/pkg/diag"

// Room is memory to read files into, for whoever reads very many, one lot after the
// other: nodes are most of what reading a file asks for. Its zero value is ready; it is
// for one goroutine.
type Room struct {
	slabs  slabs
	reader plainReader
	lines  []int // of the file being read
}

// Parse is the function of that name. What it gives is good until Clear.
func (r *Room) Parse(file string, src []byte) (*Doc, []diag.Finding) {
	if r != nil && r.reader.slabs == nil {
		r.slabs.reuse()
		r.reader.slabs = &r.slabs
	}
	return parse(r, file, src)
}

func (r *Room) places(src []byte) *places {
	if r == nil {
		return newPlaces(src)
	}
	at := r.slabs.places.one()
	at.src = src
	at.find(r.lines[:0])
	r.lines = at.starts
	at.starts = r.slabs.starts.take(len(r.lines))
	copy(at.starts, r.lines)
	return at
}

func (r *Room) readPlain(src []byte, at *places) *Node {
	if r == nil {
		return readPlain(src, at)
	}
	return r.reader.read(src, at)
}

func (r *Room) doc() *Doc {
	if r == nil {
		return new(Doc)
	}
	return r.slabs.docs.one()
}

// Clear ends the use of every document read into the room: of their nodes nothing is left.
// Texts, and findings, are copies and stay.
func (r *Room) Clear() {
	if r == nil {
		return
	}
	r.slabs.clear()
	open := &r.reader
	if cap(open.openPairs)+cap(open.openItems)+cap(open.buf)+cap(r.lines) > mostOpen {
		open.openPairs, open.openItems, open.buf, r.lines = nil, nil, nil, nil
	}
	clear(open.openPairs[:cap(open.openPairs)])
	clear(open.openItems[:cap(open.openItems)])
	open.text, open.at = "", nil
}

// mostOpen is how many open entries, and bytes of words, a room has memory for from one
// lot to the next. Like mostPieces: a file made to be large shall not hold on to it.
const mostOpen = 16 << 10

// slabs are what a tree is made of.
type slabs struct {
	nodes slab[Node]
	pairs slab[Pair]
	items slab[*Node]

	// What is round the tree, where there is a room.
	docs   slab[Doc]
	places slab[places]
	starts slab[int]
}

// reuse has the slabs keep their pieces.
func (s *slabs) reuse() {
	s.nodes.reuse(1024)
	s.pairs.reuse(512)
	s.items.reuse(512)
	s.docs.reuse(32)
	s.places.reuse(32)
	s.starts.reuse(1024)
}

func (s *slabs) clear() {
	s.nodes.clear()
	s.pairs.clear()
	s.items.clear()
	s.docs.clear()
	s.places.clear()
	s.starts.clear()
}

// slab hands out values and slices from large pieces of memory. They are zero.
type slab[T any] struct {
	now  []T // the piece in use
	next int // what is free of it begins here
	size int // of the next piece

	// Where the pieces are used again: those there are, and how many of them are in use.
	kept   bool
	pieces [][]T
	used   int
}

// mostPieces is how many pieces a slab keeps for the next lot.
const mostPieces = 16

func (s *slab[T]) reuse(size int) { s.kept, s.size = true, size }

func (s *slab[T]) take(n int) []T {
	if len(s.now)-s.next < n {
		s.more(n)
	}
	from := s.next
	s.next += n
	return s.now[from:s.next:s.next]
}

func (s *slab[T]) more(n int) { s.now, s.next = s.piece(n), 0 }

// piece is a piece of n values or more.
func (s *slab[T]) piece(n int) []T {
	if n <= s.size && s.used < len(s.pieces) {
		s.used++
		return s.pieces[s.used-1]
	}
	p := make([]T, max(n, s.size))
	if s.kept && len(p) == s.size && len(s.pieces) < mostPieces {
		s.pieces = append(s.pieces, p)
		s.used = len(s.pieces)
	}
	return p
}

// clear takes back all that was handed out of the pieces that are kept.
func (s *slab[T]) clear() {
	for _, p := range s.pieces[:s.used] {
		if len(s.now) > 0 && &s.now[0] == &p[0] {
			p = p[:s.next]
		}
		clear(p)
	}
	s.now, s.next, s.used = nil, 0, 0
}

func (s *slab[T]) one() *T {
	if s.next == len(s.now) {
		s.more(1)
	}
	s.next++
	return &s.now[s.next-1]
}

// keep moves what is on top of an open stack from mark on into the slab.
func (s *slab[T]) keep(open *[]T, mark int) []T {
	out := s.take(len(*open) - mark)
	copy(out, (*open)[mark:])
	*open = (*open)[:mark]
	return out
}
