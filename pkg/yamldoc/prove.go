package yamldoc

// meaning is a value without its place and its spelling: what an edit must get
// right. It is built of Nodes so that old trees serve as they are.

// meaningOf gives the tree that v must read back as.
func meaningOf(v Value) *Node {
	switch x := v.(type) {
	case scalarValue:
		if x.kind != raw {
			return &Node{Kind: Scalar, Tag: Str, Value: x.text}
		}
		tag, _ := classify(x.text)
		return &Node{Kind: Scalar, Tag: tag, Value: x.text}
	case mapValue:
		out := &Node{Kind: Map}
		for _, kv := range x.pairs {
			out.Pairs = append(out.Pairs, Pair{Key: textNode(kv.Key), Value: meaningOf(kv.Value)})
		}
		return out
	case listValue:
		out := &Node{Kind: List}
		for _, it := range x.items {
			out.Items = append(out.Items, meaningOf(it))
		}
		return out
	}
	return nil
}

func textNode(s string) *Node { return &Node{Kind: Scalar, Tag: Str, Value: s} }

// same reports whether two trees mean the same: kinds, tags, texts and order.
func same(a, b *Node) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.Kind != b.Kind || len(a.Pairs) != len(b.Pairs) || len(a.Items) != len(b.Items) {
		return false
	}
	if a.Kind == Scalar {
		return a.Tag == b.Tag && a.Value == b.Value
	}
	for i := range a.Pairs {
		if !same(a.Pairs[i].Key, b.Pairs[i].Key) || !same(a.Pairs[i].Value, b.Pairs[i].Value) {
			return false
		}
	}
	for i := range a.Items {
		if !same(a.Items[i], b.Items[i]) {
			return false
		}
	}
	return true
}

// Same reports whether a and b mean the same, however they are written.
func Same(a, b *Node) bool { return same(a, b) }

// replaced gives root with the node old (found by identity) replaced by what
// with gives for it. Only the nodes on the way are copied.
func replaced(root, old *Node, with *Node) *Node {
	if root == old {
		return with
	}
	for i := range root.Pairs {
		if now := replaced(root.Pairs[i].Value, old, with); now != root.Pairs[i].Value {
			out := *root
			out.Pairs = append([]Pair(nil), root.Pairs...)
			out.Pairs[i].Value = now
			return &out
		}
	}
	for i := range root.Items {
		if now := replaced(root.Items[i], old, with); now != root.Items[i] {
			out := *root
			out.Items = append([]*Node(nil), root.Items...)
			out.Items[i] = now
			return &out
		}
	}
	return root
}

// withPair gives the map m with a pair put in at index i.
func withPair(m *Node, i int, key string, v Value) *Node {
	out := &Node{Kind: Map}
	out.Pairs = append(out.Pairs, m.Pairs[:i]...)
	out.Pairs = append(out.Pairs, Pair{Key: textNode(key), Value: meaningOf(v)})
	out.Pairs = append(out.Pairs, m.Pairs[i:]...)
	return out
}

// withItem gives the list l with an item put at its end.
func withItem(l *Node, v Value) *Node {
	out := &Node{Kind: List}
	out.Items = append(append(out.Items, l.Items...), meaningOf(v))
	return out
}

// without gives the map or list n without entry i.
func without(n *Node, i int) *Node {
	out := &Node{Kind: n.Kind}
	if n.Kind == Map {
		out.Pairs = append(append(out.Pairs, n.Pairs[:i]...), n.Pairs[i+1:]...)
	} else {
		out.Items = append(append(out.Items, n.Items[:i]...), n.Items[i+1:]...)
	}
	return out
}
