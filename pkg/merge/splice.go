package merge

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// splicer brings our file to what was merged, by changing only the bytes of what
// changes. theirs is where fresh values stand, so that they come over as they were
// written, with their comments.
type splicer struct {
	doc    *yamldoc.Doc
	theirs *yamldoc.Doc
	faults int  // findings our file has had from the start
	plain  bool // write fresh values anew instead of copying their lines
}

// spliced gives our file with the merged value v, or false where no way of writing
// it proves to say v and nothing else.
func spliced(ours, theirs *yamldoc.Doc, v *merged) ([]byte, bool) {
	want := v.node()
	for _, plain := range []bool{false, true} {
		s := &splicer{doc: ours, theirs: theirs, plain: plain}
		_, found := yamldoc.Parse(ours.File(), ours.Bytes())
		s.faults = len(found)
		if s.to(nil, v) && same(s.doc.Root(), want) {
			return s.doc.Bytes(), true
		}
	}
	b, err := yamldoc.Encode(valueOf(want))
	if err != nil {
		return nil, false
	}
	doc, found := yamldoc.Parse(ours.File(), b)
	if doc == nil || len(found) > 0 || !same(doc.Root(), want) {
		return nil, false
	}
	return b, true
}

func (s *splicer) edit(e ...yamldoc.Edit) bool {
	next, err := s.doc.Edit(e...)
	if err != nil {
		return false
	}
	s.doc = next
	return true
}

// to brings the value at p to v.
func (s *splicer) to(p yamldoc.Path, v *merged) bool {
	if v.whole != nil {
		return !v.fresh || s.edit(yamldoc.Set(p, valueOf(v.whole)))
	}
	if v.ours.Kind == yamldoc.Map {
		return s.toMap(p, v)
	}
	return s.toList(p, v)
}

func (s *splicer) toMap(p yamldoc.Path, v *merged) bool {
	var before []string
	for _, pair := range v.pairs {
		switch at := p.Key(pair.key); {
		case s.doc.Find(at) != nil:
			if !s.to(at, pair.value) {
				return false
			}
		case !s.copyPair(p, pair, before) && !s.edit(yamldoc.SetAfter(at, valueOf(pair.value.node()), before...)):
			return false
		}
		before = append(before, pair.key)
	}
	for _, pair := range v.ours.Pairs {
		k := pair.Key.Value
		if !slices.Contains(before, k) && !s.edit(yamldoc.Delete(p.Key(k))) {
			return false
		}
	}
	return true
}

func (s *splicer) toList(p yamldoc.Path, v *merged) bool {
	kept := map[int]bool{}
	for _, it := range v.items {
		if it.at >= 0 {
			kept[it.at] = true
			if !s.to(p.Index(it.at), it.value) {
				return false
			}
		}
	}
	if len(kept) == 0 && len(v.items) > 0 { // nothing of ours stays: emptied, its place and style would go too
		return s.edit(yamldoc.Set(p, valueOf(v.node())))
	}
	for i := len(v.ours.Items) - 1; i >= 0; i-- {
		if !kept[i] && !s.edit(yamldoc.Delete(p.Index(i))) {
			return false
		}
	}
	for i, it := range v.items {
		if it.at >= 0 || s.copyItem(p, i, it) || s.writeItem(p, i, it) {
			continue
		}
		return false
	}
	return true
}

// copyPair puts a pair of their file into our map at p, with the lines it has there.
func (s *splicer) copyPair(p yamldoc.Path, pair mergedPair, before []string) bool {
	if s.plain || pair.value.whole == nil {
		return false
	}
	m := s.doc.Find(p)
	if m == nil || m.Style != yamldoc.BlockColl || len(m.Pairs) == 0 {
		return false
	}
	key := keyOf(s.theirs.Root(), pair.value.whole)
	if key == nil {
		return false
	}
	after := m.Pairs[len(m.Pairs)-1]
	for _, x := range m.Pairs {
		if slices.Contains(before, x.Key.Value) {
			after = x
		}
	}
	lines, ok := s.lines(key.Span.Start.Line, key.Span.Start.Col, pair.value.whole, m.Span.Start.Col)
	if !ok {
		return false
	}
	return s.insert(s.lineAfter(after.Key, after.Value), lines, func(d *yamldoc.Doc) bool {
		now := d.Find(p)
		return now != nil && len(now.Pairs) == len(m.Pairs)+1 && same(now.Get(pair.key), pair.value.whole)
	})
}

// keyOf finds the key under which a value, found by identity, stands below n.
func keyOf(n, value *yamldoc.Node) *yamldoc.Node {
	for _, p := range n.Pairs {
		if p.Value == value {
			return p.Key
		}
		if k := keyOf(p.Value, value); k != nil {
			return k
		}
	}
	for _, it := range n.Items {
		if k := keyOf(it, value); k != nil {
			return k
		}
	}
	return nil
}

// copyItem puts an entry of their file at index i of our list at p.
func (s *splicer) copyItem(p yamldoc.Path, i int, it mergedItem) bool {
	l := s.doc.Find(p)
	if s.plain || it.value.whole == nil || l == nil || l.Style != yamldoc.BlockColl || i > len(l.Items) || len(l.Items) == 0 {
		return false
	}
	from := listOf(s.theirs.Root(), it.value.whole)
	if from == nil || from.Style != yamldoc.BlockColl {
		return false
	}
	dash := s.dashLine(s.theirs, from, it.value.whole)
	lines, ok := s.lines(dash, from.Span.Start.Col, it.value.whole, l.Span.Start.Col)
	return ok && s.insert(s.lineOfItem(l, i), lines, s.holds(p, i, len(l.Items)+1, it))
}

func (s *splicer) holds(p yamldoc.Path, i, n int, it mergedItem) func(*yamldoc.Doc) bool {
	return func(d *yamldoc.Doc) bool {
		now := d.Find(p)
		return now != nil && len(now.Items) == n && same(now.Items[i], it.value.node())
	}
}

// writeItem writes an entry anew at index i of our list at p.
func (s *splicer) writeItem(p yamldoc.Path, i int, it mergedItem) bool {
	v := valueOf(it.value.node())
	l := s.doc.Find(p)
	if l == nil || i >= len(l.Items) {
		return s.edit(yamldoc.Append(p, v))
	}
	if l.Style == yamldoc.BlockColl {
		b, err := yamldoc.Encode(yamldoc.ListOf(v))
		if err != nil {
			return false
		}
		pad := strings.Repeat(" ", l.Span.Start.Col-1)
		lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
		for i := range lines {
			if lines[i] != "" {
				lines[i] = pad + lines[i]
			}
		}
		if s.insert(s.lineOfItem(l, i), lines, s.holds(p, i, len(l.Items)+1, it)) {
			return true
		}
	}
	// In brackets, or written as no house does: what follows is written anew too.
	all := make([]yamldoc.Value, 0, len(l.Items)+1)
	for _, x := range slices.Insert(slices.Clone(l.Items), i, it.value.node()) {
		all = append(all, valueOf(x))
	}
	if l.Style == yamldoc.FlowColl {
		return s.edit(yamldoc.Set(p, yamldoc.FlowList(all...)))
	}
	return s.edit(yamldoc.Set(p, yamldoc.ListOf(all...)))
}

// listOf finds the list that holds an entry, found by identity, below n.
func listOf(n, item *yamldoc.Node) *yamldoc.Node {
	for _, it := range n.Items {
		if it == item {
			return n
		}
		if l := listOf(it, item); l != nil {
			return l
		}
	}
	for _, p := range n.Pairs {
		if l := listOf(p.Value, item); l != nil {
			return l
		}
	}
	return nil
}

// dashLine is the line on which the dash of an entry of a block list stands.
func (s *splicer) dashLine(d *yamldoc.Doc, list, item *yamldoc.Node) int {
	col := list.Span.Start.Col
	for line := item.Span.Start.Line; line >= list.Span.Start.Line; line-- {
		if text := d.Line(line); len(text) >= col && text[col-1] == '-' {
			return line
		}
	}
	return item.Span.Start.Line
}

// lineOfItem is the offset at which the lines of a new entry i of a block list go.
func (s *splicer) lineOfItem(l *yamldoc.Node, i int) int {
	if i == 0 {
		line := s.dashLine(s.doc, l, l.Items[0])
		return s.start(line)
	}
	return s.lineAfter(l.Items[i-1], l.Items[i-1])
}

// lineAfter is the offset of the line after the one on which a value, or else its
// key, ends.
func (s *splicer) lineAfter(key, value *yamldoc.Node) int {
	end := max(key.Span.End.Offset, value.Span.End.Offset)
	src := s.doc.Bytes()
	if end > 0 && end <= len(src) && src[end-1] == '\n' {
		return end
	}
	if i := bytes.IndexByte(src[end:], '\n'); i >= 0 {
		return end + i + 1
	}
	return len(src)
}

// start is the offset at which a line begins.
func (s *splicer) start(line int) int {
	src, at := s.doc.Bytes(), 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(src[at:], '\n')
		if i < 0 {
			return len(src)
		}
		at += i + 1
	}
	return at
}

// lines are the lines of their file from a column of a line to the end of a value,
// moved to another column.
func (s *splicer) lines(first, col int, value *yamldoc.Node, to int) ([]string, bool) {
	src := s.theirs.Bytes()
	end := value.Span.End
	lastLine := end.Line
	if end.Col == 1 && end.Offset > 0 && src[end.Offset-1] == '\n' {
		lastLine--
	}
	var out []string
	for n := first; n <= lastLine; n++ {
		text := s.theirs.Line(n)
		if n == first {
			if len(text) < col-1 {
				return nil, false
			}
			out = append(out, strings.Repeat(" ", to-1)+text[col-1:])
			continue
		}
		if strings.TrimSpace(text) == "" {
			out = append(out, "")
			continue
		}
		if by := to - col; by >= 0 {
			text = strings.Repeat(" ", by) + text
		} else if strings.TrimLeft(text[:min(-by, len(text))], " ") == "" {
			text = text[min(-by, len(text)):]
		} else {
			return nil, false
		}
		out = append(out, text)
	}
	return out, len(out) > 0
}

// insert puts whole lines at an offset where a line begins, and keeps that only if
// the file still reads well and ok agrees.
func (s *splicer) insert(at int, lines []string, ok func(*yamldoc.Doc) bool) bool {
	src := s.doc.Bytes()
	eol := "\n"
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		eol = "\r\n"
	}
	text := strings.Join(lines, eol) + eol
	if at > 0 && src[at-1] != '\n' {
		text = eol + text
	}
	next, found := yamldoc.Parse(s.doc.File(), slices.Concat(src[:at], []byte(text), src[at:]))
	if next == nil || len(found) > s.faults || !ok(next) {
		return false
	}
	s.doc = next
	return true
}
