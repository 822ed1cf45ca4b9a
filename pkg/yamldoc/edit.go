package yamldoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Edit is one change of a file: made by Set, SetAfter, Append, AppendAfter or
// Delete, done by Doc.Edit.
type Edit struct {
	op    op
	path  Path
	value Value
	after []string
}

type op uint8

const (
	opSet op = iota + 1
	opAppend
	opDelete
)

// Set replaces the value at p; a missing last key is put at the end of its map.
func Set(p Path, v Value) Edit { return Edit{op: opSet, path: p, value: v} }

// SetAfter is Set; a missing key goes after the last present of the sibling keys
// in after, else at the end of its map.
func SetAfter(p Path, v Value, after ...string) Edit {
	return Edit{op: opSet, path: p, value: v, after: after}
}

// Append adds v to the end of the list at p. A list that is missing or empty is
// made: of dashes, or in brackets when v is a Code or Raw.
func Append(p Path, v Value) Edit { return Edit{op: opAppend, path: p, value: v} }

// AppendAfter is Append; a missing list goes where SetAfter would put its key.
func AppendAfter(p Path, v Value, after ...string) Edit {
	return Edit{op: opAppend, path: p, value: v, after: after}
}

// Delete takes out the key or item at p with its lines. Comments on lines of
// their own around it stay; a map or list that loses its last entry becomes {}
// or [].
func Delete(p Path) Edit { return Edit{op: opDelete, path: p} }

// RefusedError says that an edit cannot be done by changing only its own bytes,
// or that the result did not prove to mean what was asked. Nothing has changed.
type RefusedError struct{ Finding diag.Finding }

func (e *RefusedError) Error() string {
	f := e.Finding
	return fmt.Sprintf("%s:%d: %s", f.File, f.Span.Start.Line, f.Message)
}

// Edit gives the file with the edits done one after the other. Only the bytes of
// the edits change; after each the file is read again and must mean the old
// meaning plus the edit. Otherwise the error is a *RefusedError, or says what is
// wrong with the value to write.
func (d *Doc) Edit(edits ...Edit) (*Doc, error) {
	for i, e := range edits {
		if e.op != opDelete {
			if err := check(e.value); err != nil {
				return nil, fmt.Errorf("edit %d: %w", i+1, err)
			}
		}
		next, err := d.edit(e)
		if err != nil {
			return nil, err
		}
		d = next
	}
	return d, nil
}

// Replaces reports whether setting the value at p to v is certain to be done, and to
// leave every other path where it leads. It is so of a value on one line, by which
// nothing is known, in a file without fault, set to another of one line. False is no
// refusal: Edit decides.
func (d *Doc) Replaces(p Path, v Value) bool {
	to, ok := v.(scalarValue)
	if !ok || d.findings > 0 || len(p) == 0 || check(v) != nil ||
		to.kind != raw && (strings.ContainsAny(to.text, "\t\n") || needsEscape(to.text)) ||
		len(d.src) > MaxSize/4 || len(to.text) > maxPlain {
		return false
	}
	last := p[len(p)-1]
	if last.kind != byKey || slices.Contains(idKeys(), last.Key) {
		return false // items of a list may be known by this value
	}
	n := d.root.Find(p)
	if n == nil || n.Kind != Scalar || n.empty() || n.Span.Start.Line != n.Span.End.Line {
		return false
	}
	return n.Style == Plain || n.Style == SingleQuoted || n.Style == DoubleQuoted
}

// maxPlain is the longest text that Replaces speaks of, in bytes: with some dozens of
// such a file is not too large to be read.
const maxPlain = 4096

// edit does one edit: as its neighbours are written, or, where that does not
// prove, the careful way: words in double quotes, blank lines taken out too.
func (d *Doc) edit(e Edit) (*Doc, error) {
	for _, quoted := range []bool{false, true} {
		ed := &editor{Doc: d, want: d.root, quoted: quoted}
		if err := ed.plan(e); err != nil {
			return nil, err
		}
		if len(ed.splices) == 0 {
			return d, nil
		}
		next, found := Parse(d.file, ed.result())
		if next != nil && len(found) <= d.findings && same(next.root, ed.want) {
			return next, nil
		}
	}
	at := d.root
	for i := range e.path {
		if n := d.Find(e.path[:i+1]); n != nil {
			at = n
		}
	}
	return nil, d.refuse(e.path, at, "this cannot be changed without touching what is round it", "make the change by hand")
}

func (d *Doc) refuse(p Path, at *Node, message, hint string) error {
	return &RefusedError{diag.Finding{
		Rule: "edit-refused", Severity: diag.Error, File: d.file, Path: p.String(),
		Span: at.Span, Message: message, Hint: hint, Value: string(d.src[at.start():at.end()]),
	}}
}

// splice replaces the bytes from start to end by text.
type splice struct {
	start, end int
	text       string
}

// editor plans one edit: the splices, and what the file must mean after them.
type editor struct {
	*Doc
	splices []splice
	want    *Node
	quoted  bool
}

func (ed *editor) splice(start, end int, text string) {
	if start != end || text != "" {
		ed.splices = append(ed.splices, splice{start, end, text})
	}
}

// result gives the bytes with the splices done.
func (ed *editor) result() []byte {
	slices.SortStableFunc(ed.splices, func(a, b splice) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, s := range ed.splices {
		if s.start < at {
			return nil
		}
		out = append(out, ed.src[at:s.start]...)
		out = append(out, s.text...)
		at = s.end
	}
	return append(out, ed.src[at:]...)
}

// spot is where a node hangs: entry i of parent, or the root.
type spot struct {
	parent *Node
	i      int
	node   *Node
}

// spotAt finds the node at p and its parent; node is nil when the last step leads
// to nothing, ok is false when an earlier one does.
func (ed *editor) spotAt(p Path) (s spot, ok bool) {
	s.node = ed.root
	for _, step := range p {
		if s.node == nil {
			return s, false
		}
		s.parent, s.node = s.node, s.node.Find(Path{step})
		s.i = s.parent.at(step.Key)
		if step.kind != byKey {
			s.i = s.parent.item(step)
		}
	}
	return s, true
}

// plan works out the splices of e.
func (ed *editor) plan(e Edit) error {
	s, ok := ed.spotAt(e.path)
	if !ok {
		return ed.missing(e.path)
	}
	switch {
	case e.op == opDelete && (s.node == nil || s.parent == nil):
		return ed.missing(e.path)
	case e.op == opDelete:
		return ed.remove(s, e.path)
	case e.op == opAppend && s.node != nil && !ed.vacant(s.node):
		return ed.push(s.node, e)
	case e.op == opAppend:
		e.value = listFor(e.value)
	}
	if s.node != nil {
		return ed.put(s, e.value)
	}
	last := e.path[len(e.path)-1]
	if last.kind != byKey {
		return ed.missing(e.path)
	}
	return ed.insert(s.parent, e)
}

// missing refuses an edit of a place that is not there.
func (ed *editor) missing(p Path) error {
	at := ed.root
	for i := range p {
		n := ed.Find(p[:i+1])
		if n == nil {
			break
		}
		at = n
	}
	return ed.refuse(p, at, "there is nothing at "+p.String(), "")
}

// vacant reports whether n is no value yet, or a list of nothing.
func (ed *editor) vacant(n *Node) bool {
	return n.empty() || n.Kind == List && len(n.Items) == 0
}

// listFor is the new list that holds v alone.
func listFor(v Value) Value {
	if s, ok := v.(scalarValue); ok && s.kind != words {
		return FlowList(v)
	}
	return ListOf(v)
}

// push adds to a list that has items.
func (ed *editor) push(l *Node, e Edit) error {
	if l.Kind != List {
		return ed.refuse(e.path, l, "there is no list at "+e.path.String(), "")
	}
	last := l.Items[len(l.Items)-1]
	ed.want = replaced(ed.root, l, withItem(l, e.value))
	if l.Style == FlowColl {
		ed.splice(last.end(), last.end(), ", "+flowText(e.value))
		return nil
	}
	w := ed.writer(l, last.end())
	col := l.Span.Start.Col - 1
	w.indent(col)
	w.item(e.value, col)
	ed.insertLines(l.end(), w.b.String())
	return nil
}

// insert adds a pair to the map m.
func (ed *editor) insert(m *Node, e Edit) error {
	key := e.path[len(e.path)-1].Key
	kv := KV{key, e.value}
	if m.empty() || m.Kind == Map && len(m.Pairs) == 0 {
		v := MapOf(kv)
		s, _ := ed.spotAt(e.path[:len(e.path)-1])
		if m.Kind == Map && !isBlock(e.value) {
			v = FlowMap(kv)
		}
		return ed.put(s, v)
	}
	if m.Kind != Map {
		return ed.refuse(e.path, m, "there is no map to hold "+e.path.String(), "")
	}
	i := len(m.Pairs)
	for j := range m.Pairs {
		if slices.Contains(e.after, m.Pairs[j].Key.Value) {
			i = j + 1
		}
	}
	ed.want = replaced(ed.root, m, withPair(m, i, key, e.value))
	prev := m.Pairs[i-1]
	off := max(prev.behind(), prev.Value.end())
	if m.Style == FlowColl {
		ed.splice(off, off, ", "+keyText(key)+": "+flowText(e.value))
		return nil
	}
	w := ed.writer(m, off)
	col := m.Span.Start.Col - 1
	w.indent(col)
	w.b.WriteString(keyText(key) + ":")
	w.afterKey(e.value, col, "")
	ed.insertLines(off, w.b.String())
	return nil
}

// insertLines puts whole lines after the line that holds off.
func (ed *editor) insertLines(off int, lines string) {
	at := ed.at.nextLine(off)
	if at == len(ed.src) && at > 0 && ed.src[at-1] != '\n' {
		lines = ed.eolAt(off) + lines
	}
	ed.splice(at, at, lines)
}

// writer gives a writer in the style of what is round the collection near and
// the line of off.
func (ed *editor) writer(near *Node, off int) *writer {
	l := layout{eol: ed.eolAt(off), quoted: ed.quoted}
	l.learn(near)
	l.learn(ed.root)
	h := house()
	if l.step == 0 {
		l.step = h.step
		if l.dash > 1 {
			l.step = l.dash
		}
	}
	if l.gap == 0 {
		l.gap = h.gap
	}
	switch {
	case l.dash == 0:
		l.dash = l.step
	case l.dash < 0:
		l.dash = 0
	}
	return &writer{layout: l}
}

// learn takes from n what l does not know yet: the first habit found counts. A
// dash that is not indented is noted as -1 until all is known.
func (l *layout) learn(n *Node) {
	if n == nil || l.step != 0 && l.dash != 0 && l.gap != 0 || n.Style == FlowColl {
		return
	}
	for _, p := range n.Pairs {
		by := p.Value.Span.Start.Col - p.Key.Span.Start.Col
		below := p.Value.Style == BlockColl && p.Value.Span.Start.Line > p.Key.Span.Start.Line
		switch {
		case below && p.Value.Kind == Map && l.step == 0:
			l.step = by
		case below && p.Value.Kind == List && l.dash == 0:
			l.dash = by
			if by == 0 {
				l.dash = -1
			}
		}
		l.learn(p.Value)
	}
	for i, it := range n.Items {
		if by := it.start() - n.dash(i); l.gap == 0 && it.Span.Start.Line == n.Items[i].Span.Start.Line && !it.empty() && sameLine(n, i) {
			l.gap = by
		}
		l.learn(it)
	}
}

// sameLine reports whether item i of the block list l begins on its dash's line.
func sameLine(l *Node, i int) bool {
	it := l.Items[i]
	return it.Span.Start.Col-1-(l.Span.Start.Col-1) == it.start()-l.dash(i)
}

// eolAt is the line end in use at the line of off, or the one before it when
// that line has none.
func (ed *editor) eolAt(off int) string {
	for l := ed.at.lineOf(off); l >= 0; l-- {
		start := ed.at.starts[l]
		if end := ed.at.lineEnd(start); end < ed.at.nextLine(start) {
			return string(ed.src[end:ed.at.nextLine(start)])
		}
	}
	return "\n"
}

// scalarText gives a scalar as its predecessor was quoted.
func (ed *editor) scalarText(old *Node, v Value, flow bool) string {
	s, ok := v.(scalarValue)
	if !ok {
		return flowText(v)
	}
	if s.kind != raw && !ed.quoted {
		switch {
		case old.Style == SingleQuoted && !needsEscape(s.text) && !strings.ContainsAny(s.text, "\n\t"):
			return singleQuoted(s.text)
		case old.Style == DoubleQuoted:
			return doubleQuoted(s.text)
		}
	}
	if ed.quoted && s.kind != raw {
		return doubleQuoted(s.text)
	}
	return s.inline(flow)
}
