package yamldoc

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scalar reads the key or the words under the cursor, which end on their line:
// in quotes, or bare up to a comment or a colon with a space behind it.
func (r *plainReader) scalar() *Node {
	start := r.off
	switch c := r.text[start]; {
	case isLetter(c):
	case c == '"':
		return r.doubleQuoted()
	case c == '\'':
		return r.singleQuoted()
	case strings.IndexByte("?:,[]{}#&*!|>%@`", c) >= 0, r.isDash(), start == r.end:
		return r.decline()
	}
	words := bare(r.text[start:r.end])
	r.off = start + len(words)
	return r.leaf(Plain, words, start)
}

// bare is the beginning of a line that a colon or a comment ends.
func bare(line string) string {
	for i := 1; i < len(line); i++ {
		c := line[i]
		if c > ':' || c < ':' && c != '#' { // letters first
			continue
		}
		if c == ':' && (i+1 == len(line) || line[i+1] == ' ') || c == '#' && line[i-1] == ' ' {
			line = line[:i]
		}
	}
	for line != "" && line[len(line)-1] == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

// tagged gives bare words the tag every reader has for them; it declines what
// some reader takes for something else. n may be nil.
func (r *plainReader) tagged(n *Node) *Node {
	if n == nil || n.Style != Plain {
		return n
	}
	tag, fault := classify(n.Value)
	if fault != bareFine {
		return r.decline()
	}
	n.Tag = tag
	return n
}

// singleQuoted reads words in single quotes, in which two quotes are one.
func (r *plainReader) singleQuoted() *Node {
	start := r.off
	for i := start + 1; i < r.end; i++ {
		if r.text[i] != '\'' {
			continue
		}
		if r.text[i+1] == '\'' {
			i++
			continue
		}
		r.off = i + 1
		return r.leaf(SingleQuoted, strings.ReplaceAll(r.text[start+1:i], "''", "'"), start)
	}
	return r.decline()
}

// doubleQuoted reads words in double quotes.
func (r *plainReader) doubleQuoted() *Node {
	start, escaped := r.off, false
	for i := start + 1; i < r.end; i++ {
		switch r.text[i] {
		case '\\':
			i++
			escaped = true
		case '"':
			value := r.text[start+1 : i]
			if escaped {
				var ok bool
				if value, ok = r.unescaped(value); !ok {
					return r.decline()
				}
			}
			r.off = i + 1
			return r.leaf(DoubleQuoted, value, start)
		}
	}
	return r.decline()
}

// unescaped turns the escapes that sendctl writes into their characters; false
// for any other. Behind each backslash stands something: s ends before a quote
// that none escapes.
func (r *plainReader) unescaped(s string) (string, bool) {
	r.buf = r.buf[:0]
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			r.buf = append(r.buf, s...)
			return string(r.buf), true
		}
		r.buf = append(r.buf, s[:i]...)
		digits := 0
		switch c := s[i+1]; c {
		case '"', '\\':
			r.buf = append(r.buf, c)
		case 'n':
			r.buf = append(r.buf, '\n')
		case 't':
			r.buf = append(r.buf, '\t')
		case 'x':
			digits = 2
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			return "", false
		}
		s = s[i+2:]
		if digits == 0 {
			continue
		}
		if len(s) < digits {
			return "", false
		}
		code, err := strconv.ParseUint(s[:digits], 16, 31)
		if err != nil || !utf8.ValidRune(rune(code)) {
			return "", false
		}
		r.buf = utf8.AppendRune(r.buf, rune(code))
		s = s[digits:]
	}
}

// blockScalar reads a literal or folded text in a collection at column col, and
// moves behind it. Its header is one of | |- > >- alone; its first line is not
// blank and gives the indentation; its last ends in no blank.
func (r *plainReader) blockScalar(col int) *Node {
	n := r.leaf(Literal, "", r.off)
	folded := r.text[r.off] == '>'
	if folded {
		n.Style = Folded
	}
	r.off++
	strip := r.text[r.off] == '-'
	if strip {
		r.off++
	}
	n.header = int32(r.off)
	if at, ok := r.rest(); !ok || at > 0 {
		return r.decline()
	}
	indent, blanks := 0, 0 // blanks: blank lines since the last line of text
	r.buf = r.buf[:0]
	for r.nextLine() {
		lead := r.off - r.start
		blank := r.off == r.end
		switch {
		case indent == 0 && (blank || lead <= col || r.text[r.off] == '\t'):
			return r.decline()
		case indent == 0:
			indent = lead
		case blank && lead <= indent:
			blanks++
			continue
		case lead < indent:
			return r.endBlock(n, strip)
		default:
			if folded && (blank || lead > indent || r.text[r.off] == '\t') {
				return r.decline()
			}
			r.joinLine(blanks, folded)
		}
		r.buf = append(r.buf, r.text[r.start+indent:r.end]...)
		blanks = 0
		n.Span.End = r.pos(r.end)
	}
	return r.endBlock(n, strip)
}

// joinLine puts between two lines of text what stands for their line ends.
func (r *plainReader) joinLine(blanks int, folded bool) {
	switch {
	case !folded:
		blanks++
	case blanks == 0:
		r.buf = append(r.buf, ' ')
	}
	for range blanks {
		r.buf = append(r.buf, '\n')
	}
}

// endBlock closes a literal or folded text before the line under the cursor, if
// there is one.
func (r *plainReader) endBlock(n *Node, strip bool) *Node {
	if len(r.buf) == 0 || isBlank(r.buf[len(r.buf)-1]) {
		return r.decline()
	}
	if !strip {
		r.buf = append(r.buf, '\n')
	}
	n.Value = string(r.buf)
	if r.col != none && !r.content() {
		r.advance()
	}
	return n
}
