package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	yaml4 "go.yaml.in/yaml/v4"
)

// syntax tells in our words why text cannot be read. yaml.v3 said so but names
// the wrong line in a third of ordinary slips; version 4 of the library reads it
// again for its places, and what a person most likely did is looked up there.
func (f *faults) syntax(text []byte, err error) {
	s := slip{faults: f, text: text, what: err.Error()}
	s.read4()
	s.tell()
}

// slip is one syntax error: where the library stopped, where the thing it was
// reading began, and its own words, which are never shown.
type slip struct {
	*faults
	text      []byte
	what      string
	at4, from int // offsets; from is -1 when the library gave none
}

// read4 reads the text again for a better place. A text that version 4 accepts
// is placed by hand: it knows a few more ways to write brackets.
func (s *slip) read4() {
	defer func() { _ = recover() }()
	s.at4, s.from = s.guess(), -1
	var n yaml4.Node
	var le *yaml4.LoadError
	if !errors.As(yaml4.Unmarshal(s.text, &n), &le) || le.Mark.Line == 0 {
		return
	}
	s.what = le.Message
	s.at4 = s.offset(le.Mark)
	if le.ContextMark.Line > 0 {
		s.from = s.offset(le.ContextMark)
		s.what = le.ContextMsg + ": " + s.what
	}
}

// guess finds a "?" or a colon within brackets, which only yaml.v3 stumbles on;
// else the line yaml.v3 names.
func (s *slip) guess() int {
	var line int
	if _, err := fmt.Sscanf(s.what, "yaml: line %d:", &line); err != nil {
		line = 1
	}
	for l := max(line-1, 0); l < len(s.at.starts) && l <= line+1; l++ {
		start := s.at.starts[l]
		in := s.text[start:s.at.lineEnd(start)]
		if i := bytes.Index(in, []byte("? ")); i > 0 && bytes.ContainsAny(in[:i], "[{") {
			return start + i
		}
	}
	return s.at.starts[min(max(line-1, 0), len(s.at.starts)-1)]
}

// offset turns a mark, which counts characters from 1, into a byte offset.
func (s *slip) offset(m yaml4.Mark) int {
	if m.Line > len(s.at.starts) {
		return len(s.text)
	}
	at := s.at.starts[m.Line-1]
	end := s.at.nextLine(at)
	for col := 1; col < m.Column && at < end; at++ {
		if at+1 == end || s.text[at+1]&0xC0 != 0x80 {
			col++
		}
	}
	return at
}

// says reports whether the library's words hold part.
func (s *slip) says(part string) bool { return strings.Contains(s.what, part) }

// lineAt is the offset of the first character of the line of off that is not a
// space, and the line from there.
func (s *slip) lineAt(off int) (int, []byte) {
	start := s.at.lineStart(off)
	line := s.text[start:s.at.lineEnd(start)]
	body := bytes.TrimLeft(line, " ")
	return start + len(line) - len(body), body
}

// fault notes a syntax error at off; Value is the line.
func (s *slip) fault(off int, message, hint string) {
	off = min(off, len(s.src))
	if off == len(s.src) && off > 0 && s.src[off-1] == '\n' {
		off--
	}
	fd := s.add("yaml-syntax", off, s.at.lineEnd(off), message, hint)
	if fd.Span.End.Offset < off {
		fd.Span.End = fd.Span.Start
	}
	fd.Value = s.at.line(fd.Span.Start.Line)
}

func (s *slip) tell() {
	switch {
	case s.unsettled(), s.spaceThatIsNone(), s.tabbed():
		s.sure = true
	case s.runaway():
	case s.says("unexpected end of stream") && s.from >= 0:
		s.openQuote(s.from)
	case s.says("found unexpected document indicator"):
		s.openQuote(max(s.from, 0))
	case s.behindEscape() || s.says("unknown escape") || s.says("escape sequence") || s.says("escape code") || s.says("hexdecimal number"):
		s.sure = true
		s.fault(s.at4, `a \ in double quotes begins a special character, and there is none like this`, `write \\ for a backslash`)
	case s.says("cannot start any token"):
		s.badStart()
	case s.says("mapping values are not allowed"):
		s.secondColon()
	case s.says("could not find expected ':'"):
		s.noColon()
	case s.says("block sequence entries are not allowed"):
		s.fault(s.at4, "a list item where a value was begun already", "put each item on a line of its own, below the key: dash, space, item")
	case s.says("anchor") || s.says("alphabetic or numeric"):
		s.badStart()
	case s.says("expected ',' or"):
		s.inBrackets()
	case s.says("block scalar"):
		s.sure = true
		s.fault(s.at4, "text behind the | or > that begins a text of several lines", "put the text on the lines below, indented; text that begins with | or > goes in double quotes")
	case s.says("expected '-' indicator"):
		s.amongItems()
	case s.says("expected key"):
		s.amongKeys()
	case s.says("node content"):
		s.badStart()
	default:
		s.fault(s.at4, "this line cannot be read", "compare it with the lines round it: key, colon, space, value")
	}
}

// behindEscape reports whether the place is behind the \x, \u or \U that wants figures after
// it, as those of C:\Users do.
func (s *slip) behindEscape() bool {
	at := min(s.at4, len(s.text))
	if at < 2 || s.text[at-2] != '\\' || strings.IndexByte("xuU", s.text[at-1]) < 0 {
		return false
	}
	s.at4 = at - 2
	return true
}

// unsettled tells of the marks that git leaves where it could not put two versions
// together: whoever sees them for the first time knows nothing of YAML's reasons.
func (s *slip) unsettled() bool {
	for _, start := range s.at.starts {
		if line := s.text[start:s.at.lineEnd(start)]; bytes.HasPrefix(line, []byte("<<<<<<< ")) || bytes.HasPrefix(line, []byte(">>>>>>> ")) {
			s.fault(start, "git left both versions of this text here, since it could not put them together", "keep what is true of the two, and delete the lines with <<<<<<<, ======= and >>>>>>>")
			return true
		}
	}
	return false
}

// spaceThatIsNone tells of a line indented with a no-break space, as text that was
// copied out of a letter or a web page often is.
func (s *slip) spaceThatIsNone() bool {
	for _, start := range s.at.starts {
		line := s.text[start:s.at.lineEnd(start)]
		if body := bytes.TrimLeft(line, " "); bytes.HasPrefix(body, []byte("\u00a0")) {
			s.fault(start+len(line)-len(body), "a no-break space indents this line: it looks like a space, and is none", "type it again with the space bar")
			return true
		}
	}
	return false
}

// tabbed tells of a tab in the indentation of the line, or the ones above it.
func (s *slip) tabbed() bool {
	if n := len(s.list); n > 0 && s.list[n-1].Rule == "yaml-tab" {
		return true
	}
	last := s.at.lineOf(min(s.at4, len(s.text)))
	for l := max(0, last-1); l <= last; l++ {
		start := s.at.starts[l]
		line := s.text[start:s.at.lineEnd(start)]
		lead := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if i := bytes.IndexByte(lead, '\t'); i >= 0 && len(lead) < len(line) {
			s.add("yaml-tab", start+i, start+i+1, "the line is indented with a tab", "use spaces")
			return true
		}
	}
	return false
}

func (s *slip) openQuote(off int) {
	q := "quote"
	if off < len(s.text) && (s.text[off] == '"' || s.text[off] == '\'') {
		q = string(s.text[off])
	}
	s.fault(off, "the "+q+" opened here is never closed", "close it at the end of the text; an apostrophe needs no quotes unless the text begins with one")
}

// badStart is for a value that begins with a character of YAML's own.
func (s *slip) badStart() {
	if s.at4 >= len(s.text) {
		s.fault(s.at4, "the file ends in the middle of a value", "")
		return
	}
	c := s.text[s.at4]
	if c == ' ' && s.at4 > 0 && strings.IndexByte("*&", s.text[s.at4-1]) >= 0 { // stopped behind it
		s.at4--
		c = s.text[s.at4]
	}
	switch c {
	case '\t':
		s.add("yaml-tab", s.at4, s.at4+1, "a tab where spaces belong", "use spaces")
	case ']', '}':
		s.fault(s.at4, "the "+string(c)+" closes nothing", "take it out, or open it before; text that begins with it goes in double quotes")
	case ',':
		s.fault(s.at4, "a comma with nothing before it", "take the comma out, or write what belongs before it; text that begins with it goes in double quotes")
	case '*', '&', '+':
		if s.at4+1 < len(s.text) && s.text[s.at4+1] == ' ' {
			s.fault(s.at4, "text cannot begin with "+string(c), "each item of a list begins with a hyphen and a space: - item; text that begins with "+string(c)+" goes in double quotes")
			return
		}
		s.fault(s.at4, "text cannot begin with "+string(c), `put the text in double quotes: "`+string(c)+`…"`)
	default:
		if strings.IndexByte("@`%*&!|>?:[{-", c) < 0 {
			s.fault(s.at4, "a value cannot begin here", "text goes in double quotes")
			return
		}
		s.fault(s.at4, "text cannot begin with "+string(c), `put the text in double quotes: "`+string(c)+`…"`)
	}
}

// secondColon is for "key: text: more", and for a key indented below a value.
func (s *slip) secondColon() {
	from, body := s.lineAt(s.at4)
	if s.at4 < from {
		s.fault(s.at4, "a colon that follows no key", "write key, colon, space, value on one line")
		return
	}
	before := s.text[from:min(s.at4, len(s.text))]
	value := valueStart(before)
	if value == 0 || s.at4 < from+value {
		hint := "begin it under the other keys"
		if bytes.HasPrefix(body, []byte("-")) {
			hint = "begin it under the other items"
		}
		s.fault(from, "this line is indented below a line that has its value already", hint)
		return
	}
	start, end := from+value, from+len(bytes.TrimRight(body, " "))
	if i := bytes.Index(s.text[s.at4:end], []byte(" #")); i >= 0 {
		end = s.at4 + i
	}
	s.fault(start, "a second colon and space in one line", `put the text in double quotes: "…: …"`)
	s.list[len(s.list)-1].Value = s.repaired(start, end)
}

// valueStart is where the value of "- key: value" or "key: value" begins in
// line; 0 when line has no key.
func valueStart(line []byte) int {
	i := 0
	for i+1 < len(line) && line[i] == '-' && line[i+1] == ' ' {
		i += 2
		for i < len(line) && line[i] == ' ' {
			i++
		}
	}
	j := bytes.Index(line[i:], []byte(": "))
	if j < 0 {
		return 0
	}
	i += j + 1
	for i < len(line) && line[i] == ' ' {
		i++
	}
	return i
}

// noColon is for a line that is neither a key with its value nor an item.
func (s *slip) noColon() {
	off := s.at4
	if s.from >= 0 {
		off = s.from
	}
	off, line := s.lineAt(off)
	n := 0
	for n < len(line) && isKeyByte(line[n]) {
		n++
	}
	switch {
	case len(line) > 1 && line[0] == '-':
		s.fault(off, "no space after the dash", "dash, space, item; text that begins with a dash goes in double quotes")
	case n > 0 && n < len(line) && line[n] == ':':
		s.fault(off+n, "no space after the colon", "key, colon, space, value")
	default:
		s.fault(off, "this line is neither a key with its value nor an item of a list",
			"key, colon, space, value; a text of several lines begins with key: | and is indented below it")
	}
}

// amongItems is for a line among the items of a list that is none.
func (s *slip) amongItems() {
	off, line := s.lineAt(s.at4)
	if s.quotedBefore() {
		return
	}
	if s.from >= 0 && s.at.pos(off).Col == s.at.pos(s.from).Col && !bytes.HasPrefix(line, []byte("-")) {
		s.fault(off, "a key among the items of a list", "give it a dash if it is an item; if it belongs to the item above, begin it under that item's keys; else begin it under the list's own key")
		return
	}
	s.indentation(off)
}

func (s *slip) indentation(off int) {
	n := off - s.at.lineStart(off)
	if off >= len(s.text) {
		s.fault(off, "the file ends in the middle of a value", "")
		return
	}
	if n == 0 {
		s.fault(off, "this line does not go on from what is above it", "compare its beginning with the lines round it")
		return
	}
	s.fault(off, fmt.Sprintf("this line is indented by %s, and nothing above it is", spaces(n)), "begin it exactly under the line it belongs with")
}

func spaces(n int) string {
	if n == 1 {
		return "1 space"
	}
	return fmt.Sprintf("%d spaces", n)
}

// amongKeys is for a line among keys that is none.
func (s *slip) amongKeys() {
	if s.quotedBefore() {
		return
	}
	off, line := s.lineAt(s.at4)
	switch {
	case s.at4 < len(s.text) && s.at4 > off && (s.text[s.at4] == ']' || s.text[s.at4] == '}'):
		s.badStart()
	case s.at4 > off:
		s.fault(s.at4, "something follows the value on its line", "put the whole text in double quotes")
	case bytes.HasPrefix(line, []byte("- ")) || bytes.Equal(line, []byte("-")):
		if s.from >= 0 && s.at.pos(off).Col == s.at.pos(s.from).Col {
			s.fault(off, "an item of a list among keys", "give the list a key, or put the item under its list")
			return
		}
		s.indentation(off)
	default:
		s.indentation(off)
	}
}
