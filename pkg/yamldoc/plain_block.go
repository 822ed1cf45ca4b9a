package yamldoc

import "github.com/sendctl/sendctl/pkg/diag"

// block reads the collection whose first key or dash is under the cursor, to the
// first line that is not indented so far. A line indented otherwise than any
// collection round it fits none of them and is left over at the end of the file,
// which declines it.
func (r *plainReader) block() *Node {
	if r.isDash() {
		return r.blockList()
	}
	return r.blockMap(r.scalar())
}

// blockMap reads the map whose first key has just been read.
func (r *plainReader) blockMap(key *Node) *Node {
	if !r.deeper() {
		return r.decline()
	}
	col, mark := r.col, len(r.openPairs)
	var known plainKeys
	for {
		if key == nil || !r.isColon() || !known.add(key, r.openPairs[mark:]) {
			return r.decline()
		}
		r.off++
		key.joint = int32(r.off)
		pair := Pair{Key: key}
		if pair.Value = r.entry(col, key); pair.Value == nil {
			return nil
		}
		r.openPairs = append(r.openPairs, pair)
		if r.col == col {
			key = r.scalar()
			continue
		}
		m := r.nodes.one()
		m.Kind, m.Style = Map, BlockColl
		m.Pairs = r.pairs.keep(&r.openPairs, mark)
		m.Span = diag.Span{Start: m.Pairs[0].Key.Span.Start, End: pair.Value.Span.End}
		r.depth--
		return m
	}
}

// blockList reads the list whose first dash is under the cursor.
func (r *plainReader) blockList() *Node {
	if !r.deeper() {
		return r.decline()
	}
	col, mark := r.col, len(r.openItems)
	start := r.pos(r.off)
	for r.col == col && r.isDash() {
		dash := r.off
		r.off++
		it := r.entry(col, nil)
		if it == nil {
			return nil
		}
		it.joint = int32(dash)
		r.openItems = append(r.openItems, it)
	}
	l := r.nodes.one()
	l.Kind, l.Style = List, BlockColl
	l.Items = r.items.keep(&r.openItems, mark)
	l.Span = diag.Span{Start: start, End: l.Items[len(l.Items)-1].Span.End}
	r.depth--
	return l
}

// entry reads what stands behind a colon or a dash, the cursor being there, in a
// collection at column col, and moves to the next line. key is nil for an item.
func (r *plainReader) entry(col int, key *Node) *Node {
	nothing := r.off
	r.spaces()
	if r.off < r.end && r.text[r.off] != '#' {
		return r.inline(col, key)
	}
	comment, ok := r.rest()
	if !ok {
		return r.decline()
	}
	// A comment here is the key's when the value stands below, else that of the
	// value nobody wrote.
	n := Node{Kind: Scalar, Tag: Null, Style: Plain}
	n.Span.Start = r.pos(nothing)
	n.Span.End = n.Span.Start
	r.comment(&n, comment)
	r.advance()
	if r.col > col || key != nil && r.col == col && r.isDash() {
		if key != nil {
			key.Comment = n.Comment
		}
		return r.block()
	}
	empty := r.nodes.one()
	*empty = n
	return empty
}

// inline reads an entry that begins on the line of its colon or dash, under the
// cursor. Only an item may be a collection of lines that begins so.
func (r *plainReader) inline(col int, key *Node) *Node {
	switch r.text[r.off] {
	case '|', '>':
		return r.blockScalar(col)
	case '[', '{':
		return r.endLine(r.flow())
	}
	at := r.off - r.start
	if key == nil && r.isDash() {
		r.col = at
		return r.blockList()
	}
	n := r.scalar()
	if n != nil && key == nil && r.isColon() {
		r.col = at
		return r.blockMap(n)
	}
	return r.endLine(r.tagged(n))
}

// plainKeys tells whether the keys of one map are text, each given once.
type plainKeys struct {
	marks uint64 // a bit for each key: one whose bit is new was not there before
	many  map[string]bool
}

// fewKeys is how many keys are compared one by one: that needs no memory, but
// would be a square in a file of nothing but keys.
const fewKeys = 32

// longestKey is a little less than what the library takes for a key.
const longestKey = 1000

// add reports whether key may follow pairs.
func (k *plainKeys) add(key *Node, pairs []Pair) bool {
	if key.end()-key.start() > longestKey {
		return false
	}
	if key.Style == Plain {
		if tag, fault := classify(key.Value); fault != bareFine || tag != Str {
			return false
		}
	}
	if len(pairs) < fewKeys {
		bit := uint64(1) << (keyMark(key.Value) % 64)
		if k.marks&bit == 0 {
			k.marks |= bit
			return true
		}
		for i := range pairs {
			if pairs[i].Key.Value == key.Value {
				return false
			}
		}
		return true
	}
	if k.many == nil {
		k.many = make(map[string]bool, 4*fewKeys)
		for i := range pairs {
			k.many[pairs[i].Key.Value] = true
		}
	}
	if k.many[key.Value] {
		return false
	}
	k.many[key.Value] = true
	return true
}

// keyMark is a number that differs between most keys of a map.
func keyMark(key string) int {
	if key == "" {
		return 0
	}
	return 7*len(key) + int(key[0]) + 3*int(key[len(key)-1])
}
