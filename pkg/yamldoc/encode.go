package yamldoc

import (
	"fmt"
	"strings"
)

// layout is the way a file is laid out, so that new text looks like its
// neighbours.
type layout struct {
	step   int    // spaces a map is indented under its key
	dash   int    // spaces a dash is indented under its key; 0 in some people's files
	gap    int    // spaces from a dash to its item
	eol    string // "\n" or "\r\n"
	quoted bool   // write words in double quotes always: the way that cannot fail
}

// house is the layout of new files.
func house() layout { return layout{step: 2, dash: 2, gap: 2, eol: "\n"} }

// Encode writes v, a map or a list, as a whole new file in the house style: LF,
// two spaces, dashes two under their key, a final line end. What it gives is
// read back before it is given out; an error says what cannot be written.
func Encode(v Value) ([]byte, error) {
	if err := check(v); err != nil {
		return nil, err
	}
	w := writer{layout: house()}
	switch x := v.(type) {
	case mapValue:
		if len(x.pairs) == 0 || x.flow {
			w.flow(v)
			w.b.WriteString(w.eol)
		} else {
			w.mapLines(x, 0, true)
		}
	case listValue:
		if len(x.items) == 0 || x.flow {
			w.flow(v)
			w.b.WriteString(w.eol)
		} else {
			w.listLines(x, 0, true)
		}
	default:
		return nil, fmt.Errorf("value to write: a file holds a map or a list")
	}
	out := []byte(w.b.String())
	doc, found := Parse("", out)
	if len(found) > 0 {
		return nil, fmt.Errorf("value to write: line %d: %s", found[0].Span.Start.Line, found[0].Message)
	}
	if !same(doc.root, meaningOf(v)) {
		return nil, fmt.Errorf("value to write: does not read back as it was given")
	}
	return out, nil
}

// writer builds text. Columns count from 0.
type writer struct {
	layout
	b strings.Builder
}

func (w *writer) indent(col int) {
	for range col {
		w.b.WriteByte(' ')
	}
}

// mapLines writes the entries of m at column col, each with its line end. When
// open is set the first stands where the writer is.
func (w *writer) mapLines(m mapValue, col int, open bool) {
	for i, kv := range m.pairs {
		if i > 0 || !open {
			w.indent(col)
		}
		w.b.WriteString(keyText(kv.Key))
		w.b.WriteByte(':')
		w.afterKey(kv.Value, col, "")
	}
}

// listLines writes the items of l with their dashes at column col.
func (w *writer) listLines(l listValue, col int, open bool) {
	for i, it := range l.items {
		if i > 0 || !open {
			w.indent(col)
		}
		w.item(it, col)
	}
}

// item writes one item with its dash, the writer being at column col.
func (w *writer) item(it Value, col int) {
	w.b.WriteByte('-')
	w.afterDash(it, col)
}

// afterDash writes an item after its dash at column col.
func (w *writer) afterDash(it Value, col int) {
	switch x := it.(type) {
	case mapValue:
		if !x.flow && len(x.pairs) > 0 {
			w.indent(w.gap - 1)
			w.mapLines(x, col+w.gap, true)
			return
		}
	case listValue:
		if !x.flow && len(x.items) > 0 {
			w.indent(w.gap - 1)
			w.listLines(x, col+w.gap, true)
			return
		}
	}
	w.indent(w.gap - 1)
	w.scalarOrFlow(it, col, "")
}

// afterKey writes the value of a key that stands at column col: on its line, or
// on the lines below. tail is what is left of the key's line: a comment.
func (w *writer) afterKey(v Value, col int, tail string) {
	switch x := v.(type) {
	case mapValue:
		if !x.flow && len(x.pairs) > 0 {
			w.b.WriteString(tail + w.eol)
			w.mapLines(x, col+w.step, false)
			return
		}
	case listValue:
		if !x.flow && len(x.items) > 0 {
			w.b.WriteString(tail + w.eol)
			w.listLines(x, col+w.dash, false)
			return
		}
	}
	w.b.WriteByte(' ')
	w.scalarOrFlow(v, col, tail)
}

// scalarOrFlow writes a value that begins on the current line, and its line end.
func (w *writer) scalarOrFlow(v Value, col int, tail string) {
	if s, ok := v.(scalarValue); ok && w.isLiteral(s) {
		w.b.WriteString("|-" + tail + w.eol)
		w.literalLines(s.text, col+w.step)
		return
	}
	w.b.WriteString(w.inline(v))
	w.b.WriteString(tail + w.eol)
}

func (w *writer) isLiteral(s scalarValue) bool {
	return s.kind == words && !w.quoted && literal(s.text)
}

// literalLines writes the lines of a literal block at column col. Blank lines
// stay empty: spaces at their end would only be lost by the next editor.
func (w *writer) literalLines(text string, col int) {
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			w.indent(col)
			w.b.WriteString(line)
		}
		w.b.WriteString(w.eol)
	}
}

// inline gives v as it stands on one line of a block.
func (w *writer) inline(v Value) string {
	if s, ok := v.(scalarValue); ok {
		if w.quoted && s.kind != raw {
			return doubleQuoted(s.text)
		}
		return s.inline(false)
	}
	return flowText(v)
}

// flow writes v in braces or brackets.
func (w *writer) flow(v Value) { w.b.WriteString(flowText(v)) }

// flowText gives v as it stands within braces or brackets: on one line, words
// always quoted.
func flowText(v Value) string {
	var b strings.Builder
	writeFlow(&b, v)
	return b.String()
}

func writeFlow(b *strings.Builder, v Value) {
	switch x := v.(type) {
	case scalarValue:
		b.WriteString(x.inline(true))
	case mapValue:
		b.WriteByte('{')
		for i, kv := range x.pairs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(keyText(kv.Key) + ": ")
			writeFlow(b, kv.Value)
		}
		b.WriteByte('}')
	case listValue:
		b.WriteByte('[')
		for i, it := range x.items {
			if i > 0 {
				b.WriteString(", ")
			}
			writeFlow(b, it)
		}
		b.WriteByte(']')
	}
}

// isBlock reports whether v is written on lines of its own, below its key.
func isBlock(v Value) bool {
	switch x := v.(type) {
	case mapValue:
		return !x.flow && len(x.pairs) > 0
	case listValue:
		return !x.flow && len(x.items) > 0
	}
	return false
}
