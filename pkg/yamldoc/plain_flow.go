package yamldoc

import (
	"strings"
	"unicode/utf8"
)

// flow reads the list or map in brackets or braces under the cursor, which ends
// on its line and says all it means: no key without colon and value.
func (r *plainReader) flow() *Node {
	if !r.deeper() {
		return r.decline()
	}
	start, pairs, items := r.off, len(r.openPairs), len(r.openItems)
	n := r.nodes.one()
	n.Kind, n.Style = List, FlowColl
	closer := byte(']')
	if r.text[start] == '{' {
		n.Kind, closer = Map, '}'
	}
	var known plainKeys
	r.off++
	r.spaces()
	for r.text[r.off] != closer {
		ok := false
		if n.Kind == Map {
			ok = r.flowPair(&known, pairs)
		} else {
			ok = r.flowItem()
		}
		if !ok || !r.flowComma(closer) {
			return r.decline()
		}
	}
	r.off++
	if n.Kind == Map && len(r.openPairs) > pairs {
		n.Pairs = r.pairs.keep(&r.openPairs, pairs)
	}
	if n.Kind == List && len(r.openItems) > items {
		n.Items = r.items.keep(&r.openItems, items)
	}
	n.Span.Start, n.Span.End = r.pos(start), r.pos(r.off)
	r.depth--
	return n
}

// flowComma steps behind the comma that may be left out before the closing
// bracket alone.
func (r *plainReader) flowComma(closer byte) bool {
	r.spaces()
	if r.text[r.off] != ',' {
		return r.text[r.off] == closer
	}
	r.off++
	r.spaces()
	return true
}

// flowPair reads a key, its colon and its value; mark is where the map's own
// entries begin among the open ones.
func (r *plainReader) flowPair(known *plainKeys, mark int) bool {
	key := r.flowScalar()
	if key == nil || !r.isColon() || !known.add(key, r.openPairs[mark:]) {
		return false
	}
	r.off++
	key.joint = int32(r.off)
	pair := Pair{Key: key}
	r.spaces()
	pair.Value = r.flowValue()
	r.openPairs = append(r.openPairs, pair)
	return pair.Value != nil
}

func (r *plainReader) flowItem() bool {
	it := r.flowValue()
	r.openItems = append(r.openItems, it)
	return it != nil
}

func (r *plainReader) flowValue() *Node {
	if c := r.text[r.off]; c == '[' || c == '{' {
		return r.flow()
	}
	return r.tagged(r.flowScalar())
}

// flowScalar reads words within brackets or braces: in quotes, or bare and made
// of letters, digits, spaces and the few marks that no reader cuts there.
func (r *plainReader) flowScalar() *Node {
	start := r.off
	switch r.text[start] {
	case '"':
		return r.doubleQuoted()
	case '\'':
		return r.singleQuoted()
	}
	// A sign is the one mark that bare words may begin with.
	if c := r.text[start]; !isFlowWord(c) && (c != '-' || digitsAt(r.text[:r.end], start+1) == 0) {
		return r.decline()
	}
	stop := start + 1
	for isFlowWord(r.text[stop]) || strings.IndexByte(" -./+@%()'", r.text[stop]) >= 0 {
		stop++
	}
	for r.text[stop-1] == ' ' {
		stop--
	}
	r.off = stop
	return r.leaf(Plain, r.text[start:stop], start)
}

func isFlowWord(c byte) bool {
	return isKeyByte(c) || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}
