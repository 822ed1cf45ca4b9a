package yamldoc

import "bytes"

// put replaces the value at s by v.
func (ed *editor) put(s spot, v Value) error {
	if same(s.node, meaningOf(v)) && (s.node.Style != Plain || ed.findings == 0) {
		return nil // a bare code is written again even so: that is how it is mended
	}
	ed.want = replaced(ed.root, s.node, meaningOf(v))
	if s.parent == nil {
		return ed.putRoot(v)
	}
	old := s.node
	if s.parent.Style == FlowColl {
		text := ed.scalarText(old, v, true)
		switch {
		case !old.empty():
			ed.splice(old.start(), old.end(), text)
		case ed.src[ed.slot(s)-1] == ':':
			ed.splice(ed.slot(s), ed.slot(s), " "+text)
		default:
			ed.splice(ed.slot(s), ed.slot(s), ": "+text)
		}
		return nil
	}
	w := ed.writer(s.parent, ed.slot(s))
	sv, scalar := v.(scalarValue)
	switch {
	case scalar && w.isLiteral(sv):
		w.literalLines(sv.text, ed.col(s)+w.step)
		ed.putBelow(s, "|-", w.b.String())
	case !isBlock(v):
		ed.putInline(s, ed.scalarText(old, v, false))
	case s.parent.Kind == List:
		ed.putItem(s, v, w)
	default:
		switch x := v.(type) {
		case mapValue:
			w.mapLines(x, ed.col(s)+w.step, false)
		case listValue:
			w.listLines(x, ed.col(s)+w.dash, false)
		}
		ed.putBelow(s, "", w.b.String())
	}
	return nil
}

// slot is the offset just after the colon or dash that holds the value of s.
func (ed *editor) slot(s spot) int {
	if s.parent.Kind == Map {
		return s.parent.Pairs[s.i].behind()
	}
	if s.parent.Style == BlockColl {
		return s.parent.dash(s.i) + 1
	}
	return s.node.start()
}

// col is the column, from 0, of the key or dash that holds the value of s.
func (ed *editor) col(s spot) int { return s.parent.Span.Start.Col - 1 }

// putRoot replaces the whole value of a file.
func (ed *editor) putRoot(v Value) error {
	w := ed.writer(nil, ed.root.start())
	switch x := v.(type) {
	case mapValue:
		if isBlock(v) {
			w.mapLines(x, 0, true)
		}
	case listValue:
		if isBlock(v) {
			w.listLines(x, 0, true)
		}
	default:
		return ed.refuse(nil, ed.root, "a file holds a map or a list", "")
	}
	if !isBlock(v) {
		w.flow(v)
		w.b.WriteString(w.eol)
	}
	text := w.b.String()
	ed.splice(ed.root.start(), ed.root.end(), text[:len(text)-len(w.eol)])
	return nil
}

// sameLine reports whether two offsets lie on one line.
func (ed *editor) sameLine(a, b int) bool { return ed.at.lineOf(a) == ed.at.lineOf(b) }

// putInline replaces a value by text that fits on one line. A comment on the
// key's line, or behind the old value, stays.
func (ed *editor) putInline(s spot, text string) {
	old, slot := s.node, ed.slot(s)
	switch {
	case old.empty():
		ed.splice(slot, slot, " "+text)
	case old.Style == Literal || old.Style == Folded:
		ed.splice(old.start(), int(old.header), text)
		ed.dropLines(int(old.header), old.end())
	case old.Style == BlockColl && !ed.sameLine(slot, old.start()):
		ed.splice(slot, slot, " "+text)
		ed.splice(ed.at.lineStart(old.start()), ed.at.nextLine(old.end()), "")
	default:
		ed.splice(old.start(), old.end(), text)
	}
}

// dropLines takes out the lines after the one of from, up to the one of to.
func (ed *editor) dropLines(from, to int) {
	if !ed.sameLine(from, to) {
		ed.splice(ed.at.nextLine(from), ed.at.nextLine(to), "")
	}
}

// putBelow replaces a value by lines below its key or dash; head is what stands
// on the line itself.
func (ed *editor) putBelow(s spot, head, body string) {
	old, slot := s.node, ed.slot(s)
	if head != "" {
		head = " " + head
	}
	switch {
	case old.empty():
		ed.splice(slot, slot, head)
		ed.insertLines(slot, body)
	case old.Style == Literal || old.Style == Folded:
		ed.splice(slot, int(old.header), head)
		ed.dropLines(int(old.header), old.end())
		ed.insertLines(old.end(), body)
	case !ed.sameLine(slot, old.start()):
		ed.splice(slot, slot, head)
		ed.splice(ed.at.lineStart(old.start()), ed.at.nextLine(old.end()), body)
	default:
		ed.splice(slot, old.end(), head)
		ed.insertLines(old.end(), body)
	}
}

// putItem replaces an item of a block list by a map or list of lines, the first
// of which stands behind the dash.
func (ed *editor) putItem(s spot, v Value, w *writer) {
	old, slot := s.node, ed.slot(s)
	col := ed.col(s) + w.gap
	if !old.empty() {
		col = old.Span.Start.Col - 1
	}
	switch x := v.(type) {
	case mapValue:
		w.mapLines(x, col, true)
	case listValue:
		w.listLines(x, col, true)
	}
	text := w.b.String()
	text = text[:len(text)-len(w.eol)]
	if old.empty() {
		w.b.Reset()
		w.indent(w.gap - 1)
		ed.splice(slot, slot, w.b.String()+text)
		return
	}
	ed.splice(old.start(), old.end(), text)
}

// remove takes out entry s.i of s.parent.
func (ed *editor) remove(s spot, p Path) error {
	m := s.parent
	count := len(m.Pairs) + len(m.Items)
	if count == 1 {
		up, _ := ed.spotAt(p[:len(p)-1])
		if up.parent == nil {
			return ed.refuse(p, s.node, "this is the only entry of the file", "delete the file")
		}
		v := FlowMap()
		if m.Kind == List {
			v = FlowList()
		}
		return ed.put(up, v)
	}
	ed.want = replaced(ed.root, m, without(m, s.i))
	start, end := ed.extent(m, s.i)
	switch {
	case m.Style == FlowColl && s.i+1 < count:
		next, _ := ed.extent(m, s.i+1)
		ed.splice(start, next, "")
	case m.Style == FlowColl:
		_, prev := ed.extent(m, s.i-1)
		ed.splice(prev, end, "")
	case ed.at.lineStart(start) == start-(m.Span.Start.Col-1) && ed.onlySpaces(ed.at.lineStart(start), start):
		next := ed.at.nextLine(end)
		for ed.quoted && next < len(ed.src) && ed.onlyBlanks(next, ed.at.nextLine(next)) {
			next = ed.at.nextLine(next) // they would become part of a text above that keeps its blank lines (|+)
		}
		ed.splice(ed.at.lineStart(start), next, "")
	default: // the first entry, behind the dash of an item
		next, _ := ed.extent(m, s.i+1)
		if bytes.IndexByte(ed.src[ed.at.lineEnd(end):next], '#') >= 0 {
			for ed.src[start-1] == ' ' {
				start--
			}
			ed.splice(start, ed.at.lineEnd(end), "")
		} else {
			ed.splice(start, next, "")
		}
	}
	return nil
}

// extent is where entry i of n begins, with its dash, and ends.
func (ed *editor) extent(n *Node, i int) (start, end int) {
	switch {
	case n.Kind == Map:
		return n.Pairs[i].Key.start(), max(n.Pairs[i].behind(), n.Pairs[i].Value.end())
	case n.Style == BlockColl:
		return n.dash(i), max(n.dash(i)+1, n.Items[i].end())
	}
	return n.Items[i].start(), n.Items[i].end()
}

func (ed *editor) onlyBlanks(from, to int) bool {
	return len(bytes.TrimSpace(ed.src[from:to])) == 0
}

func (ed *editor) onlySpaces(from, to int) bool {
	for _, c := range ed.src[from:to] {
		if c != ' ' {
			return false
		}
	}
	return true
}
