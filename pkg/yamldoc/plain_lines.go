package yamldoc

import (
	"strings"
	"unicode/utf8"
)

// nextLine moves the cursor to the first character of the next line that is not
// a space, and judges the line's characters; false when there is no such line.
func (r *plainReader) nextLine() bool {
	if r.declined || r.next >= len(r.at.starts) || r.at.starts[r.next] == len(r.text) {
		r.col = none
		return false
	}
	r.start = r.at.starts[r.next]
	r.next++
	r.end = len(r.text) - 1
	if r.next < len(r.at.starts) {
		r.end = r.at.starts[r.next] - 1
	}
	if r.end > r.start && r.text[r.end-1] == '\r' {
		r.end--
	}
	if r.ascii, r.tab = true, false; !r.at.plain && !r.charsPlain() {
		r.decline()
		return false
	}
	r.off = r.start
	r.spaces()
	return true
}

// charsPlain reports whether the line holds only characters that charFaults lets
// pass and every reader takes for themselves.
func (r *plainReader) charsPlain() bool {
	line := r.text[r.start:r.end]
	if printable(line) {
		return true
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c >= 0x20 && c < 0x7f:
		case c == '\t':
			r.tab = true
		case c < utf8.RuneSelf:
			return false
		default:
			r.ascii = false
			ch, n := utf8.DecodeRuneInString(line[i:])
			if rule, _, _ := charFault(ch); rule != "" || ch == utf8.RuneError {
				return false
			}
			i += n - 1
		}
	}
	return true
}

// printable reports whether s is of visible ASCII characters and spaces alone, eight at a
// time: nearly every line is.
func printable(s string) bool {
	const (
		ones  = 0x0101010101010101
		tops  = 0x80 * ones
		space = 0x20 * ones
	)
	for len(s) >= 8 {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		// The top bit of a byte is set by what is not ASCII, by 0x7f and one, and by what
		// borrows where 0x20 is taken away. A carry or borrow into the next byte comes of
		// one that is out already.
		if (w|(w+ones)|((w-space)&^w))&tops != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// advance moves the cursor to the first token of the next line that has one.
func (r *plainReader) advance() {
	for r.nextLine() && !r.content() {
	}
}

// content judges the line under the cursor: one with a token, or one that is
// blank or a comment and of no account. Tabs may stand in comments alone, and
// nowhere may a line begin like the frame of a document.
func (r *plainReader) content() bool {
	if r.off == r.end {
		return false
	}
	switch c := r.text[r.off]; {
	case c == '#':
		return false
	case r.tab, (c == '-' || c == '.') && (strings.HasPrefix(r.text[r.off:r.end], "---") || strings.HasPrefix(r.text[r.off:r.end], "...")):
		r.decline()
		return false
	}
	r.col = r.off - r.start
	return true
}

// spaces moves the cursor over spaces.
func (r *plainReader) spaces() {
	for r.text[r.off] == ' ' {
		r.off++
	}
}

// blankAt reports whether a space or the line's end is at off.
func (r *plainReader) blankAt(off int) bool { return off >= r.end || r.text[off] == ' ' }

// isDash reports whether the cursor is at the dash of an item.
func (r *plainReader) isDash() bool { return r.text[r.off] == '-' && r.blankAt(r.off+1) }

// isColon reports whether the cursor is at the colon behind a key.
func (r *plainReader) isColon() bool { return r.text[r.off] == ':' && r.blankAt(r.off+1) }

// rest reads what may follow a value on its line: nothing, or a comment between
// spaces, whose offset it gives.
func (r *plainReader) rest() (comment int, ok bool) {
	r.spaces()
	switch {
	case r.off == r.end:
		return 0, true
	case r.text[r.off] == '#' && r.text[r.off-1] == ' ' && r.blankAt(r.off+1):
		return r.off, true
	}
	return 0, false
}

// endLine closes the line behind its last value and moves on.
func (r *plainReader) endLine(n *Node) *Node {
	if n == nil {
		return nil
	}
	if r.off < r.end {
		at, ok := r.rest()
		if !ok {
			return r.decline()
		}
		r.comment(n, at)
	}
	r.advance()
	return n
}
