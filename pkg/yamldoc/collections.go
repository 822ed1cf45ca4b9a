package yamldoc

import (
	"gopkg.in/yaml.v3"

	"github.com/sendctl/sendctl/pkg/diag"
)

// blockMap places a map of lines.
func (p *placer) blockMap(n *yaml.Node) *Node {
	out := &Node{Kind: Map, Style: BlockColl}
	seen := newKeys(n)
	defer p.leftAt(p.left)
	for i := 0; i+1 < len(n.Content); i += 2 {
		p.skip()
		p.left = p.column()
		p.explicitKey()
		p.entry(out, n.Content[i], n.Content[i+1], false, seen)
	}
	return p.close(out)
}

// leftAt goes back to the list or map of lines round the one that ends.
func (p *placer) leftAt(column int) { p.left = column }

// column is that of the cursor in bytes, from 1.
func (p *placer) column() int { return p.cur - p.at.lineStart(p.cur) + 1 }

// close gives a block collection the span of its entries.
func (p *placer) close(n *Node) *Node {
	switch {
	case len(n.Pairs) > 0:
		n.Span.Start = n.Pairs[0].Key.Span.Start
		last := n.Pairs[len(n.Pairs)-1]
		n.Span.End = p.at.pos(max(last.behind(), last.Value.end()))
	case len(n.Items) > 0:
		n.Span.Start = p.at.pos(n.dash(0))
		n.Span.End = n.Items[len(n.Items)-1].Span.End
	default:
		n.Span = p.at.span(p.cur, p.cur)
	}
	return n
}

// explicitKey refuses "? key" and steps over the question mark.
func (p *placer) explicitKey() {
	if p.next() == '?' && p.cur+1 < len(p.text) && isBlank(p.text[p.cur+1]) {
		p.cur++
		p.add("yaml-key", p.cur-1, p.cur, `a key introduced by "?"`, "write key, colon, space, value on one line")
		p.skip()
	}
}

// entry places one key and its value.
func (p *placer) entry(m *Node, k, v *yaml.Node, flow bool, seen keys) {
	base := p.path
	key := p.node(k, flow)
	keyEnd := p.cur
	key.joint = int32(keyEnd)
	pair := Pair{Key: key}
	p.skip()
	colon := p.next() == ':'
	if colon {
		p.cur++
		key.joint = int32(p.cur)
	} else {
		p.cur = keyEnd
		if v.Kind != yaml.ScalarNode || v.Value != "" {
			panic(misplaced{keyEnd})
		}
	}
	if colon || !flow {
		p.keyFaults(key, seen)
	}
	if key.Kind == Scalar {
		p.path = base.Key(key.Value)
	}
	pair.Value = p.node(v, flow)
	m.Pairs = append(m.Pairs, pair)
	p.valueFaults(key, pair.Value)
	p.path = base
}

// keys is where each key of a map was first seen; a map of a few keys is
// searched as a list.
type keys map[string]diag.Span

func newKeys(n *yaml.Node) keys { return make(keys, len(n.Content)/2) }

// keyFaults judges a key: text, said once.
func (p *placer) keyFaults(key *Node, seen keys) {
	if key.Kind != Scalar {
		p.add("yaml-key", key.start(), key.end(), "a key that is a list or a map", "a key is one word")
		return
	}
	if key.Style == Plain {
		p.bareKeyFault(key)
	} else if key.Style == Literal || key.Style == Folded {
		p.add("yaml-key", key.start(), key.end(), "a key written over several lines", "a key is one word")
	}
	if first, again := seen[key.Value]; again {
		what := "this key is given twice"
		if showable(key.Value) {
			what = "the key " + key.Value + " is given twice"
		}
		fd := p.add("yaml-duplicate-key", key.start(), key.end(), what, "keep one of the two; a list holds several")
		fd.Related = []diag.Related{{File: p.file, Path: fd.Path, Span: first, Message: "first given here"}}
		return
	}
	seen[key.Value] = key.Span
}

// blockList places a list of dashes.
func (p *placer) blockList(n *yaml.Node) *Node {
	out := &Node{Kind: List, Style: BlockColl}
	base := p.path
	defer p.leftAt(p.left)
	for i, c := range n.Content {
		p.skip()
		p.left = p.column()
		dash := p.cur
		p.expect('-')
		p.path = base.Index(i)
		it := p.node(c, false)
		it.joint = int32(dash)
		out.Items = append(out.Items, it)
		p.valueFaults(nil, it)
	}
	p.path = base
	return p.close(out)
}

// flowMap places a map in braces, or a pair in a list without them.
func (p *placer) flowMap(n *yaml.Node) *Node {
	out := &Node{Kind: Map, Style: FlowColl}
	start := p.cur
	seen := newKeys(n)
	if p.next() != '{' {
		out.pair = true
		if len(n.Content) != 2 {
			panic(misplaced{p.cur})
		}
		p.explicitKey()
		p.entry(out, n.Content[0], n.Content[1], true, seen)
		out.Span = p.at.span(start, p.cur)
		return out
	}
	p.cur++
	p.flow++
	for i := 0; i+1 < len(n.Content); i += 2 {
		p.separator()
		p.explicitKey()
		p.entry(out, n.Content[i], n.Content[i+1], true, seen)
	}
	p.separator()
	p.expect('}')
	p.flow--
	p.goesOn(start)
	p.flowKeyFaults(out)
	return p.leaf(out, start)
}

// separator steps over blanks, comments and at most one comma.
func (p *placer) separator() {
	p.skip()
	if p.next() == ',' {
		p.cur++
		p.skip()
	}
}

// flowList places a list in brackets.
func (p *placer) flowList(n *yaml.Node) *Node {
	out := &Node{Kind: List, Style: FlowColl}
	start, base := p.cur, p.path
	p.expect('[')
	p.flow++
	for i, c := range n.Content {
		p.separator()
		p.path = base.Index(i)
		it := p.node(c, true)
		out.Items = append(out.Items, it)
		if it.pair {
			p.pairFault(it)
		}
		p.valueFaults(nil, it)
	}
	p.path = base
	p.separator()
	p.expect(']')
	p.flow--
	p.goesOn(start)
	return p.leaf(out, start)
}
