package yamldoc

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"sort"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Doc is one file read strictly: its bytes and the tree over them. It never
// changes; Edit gives a new one.
type Doc struct {
	file     string
	src      []byte
	root     *Node
	at       *places
	findings int // errors found at intake: an edit may not add any
}

// File is the name the file was read under.
func (d *Doc) File() string { return d.file }

// Bytes is the text of the file, as found. Callers must not change it.
func (d *Doc) Bytes() []byte { return d.src }

// Root is the whole value of the file: a Map or a List.
func (d *Doc) Root() *Node { return d.root }

// Find gives the node at p, nil when there is none.
func (d *Doc) Find(p Path) *Node { return d.root.Find(p) }

// Canonical gives p with ids turned into indices; false when nothing is there.
func (d *Doc) Canonical(p Path) (Path, bool) { return d.root.Canonical(p) }

// Lines is how many lines the file has.
func (d *Doc) Lines() int {
	n := len(d.at.starts)
	if d.at.starts[n-1] == len(d.src) && n > 1 {
		n--
	}
	return n
}

// Line is the text of line n, counted from 1, without its line end; "" when
// there is no such line.
func (d *Doc) Line(n int) string { return d.at.line(n) }

// ASCII reports whether every character of the file is a byte.
func (d *Doc) ASCII() bool { return d.at.chars == nil }

// Pos is the place of a byte offset.
func (d *Doc) Pos(offset int) diag.Pos { return d.at.pos(offset) }

// Sniff reads the top-level `format:` value without judging the rest, so that a
// version is known before anything else is decoded, even of a broken file.
func Sniff(src []byte) (format string, ok bool) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	for len(src) > 0 {
		line, rest, _ := bytes.Cut(src, []byte("\n"))
		src = rest
		for _, name := range []string{"format", `"format"`, "'format'"} {
			after, found := bytes.CutPrefix(line, []byte(name))
			if !found {
				continue
			}
			value, found := bytes.CutPrefix(bytes.TrimLeft(after, " "), []byte(":"))
			if !found || len(value) > 0 && value[0] != ' ' && value[0] != '\t' && value[0] != '\r' {
				continue
			}
			return sniffed(string(bytes.TrimSpace(value)))
		}
	}
	return "", false
}

// sniffed takes the comment and the quotes off a value.
func sniffed(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	if q := s[0]; q == '"' || q == '\'' {
		for i := 1; i < len(s); i++ {
			if s[i] == q {
				return s[1:i], i > 1
			}
		}
		return "", false
	}
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			s = string(bytes.TrimSpace([]byte(s[:i])))
			break
		}
	}
	return s, s != ""
}

// blockSize is how many bytes lie between two counts of characters in places: a
// column costs at most that many steps, however long the line.
const blockSize = 512

// places turns byte offsets into lines and columns.
type places struct {
	src    []byte
	starts []int // offset of each line's first byte
	plain  bool  // there is nothing but visible ASCII, spaces and line feeds
	chars  []int // characters before each block of blockSize bytes; nil when every character is a byte
}

func newPlaces(src []byte) *places {
	at := &places{src: src}
	at.find(make([]int, 0, 2+bytes.Count(src, []byte("\n"))))
	return at
}

// find finds the places of at.src; the list of lines is put into the room given.
func (at *places) find(room []int) {
	src := at.src
	at.starts, at.plain = survey(src, append(room, 0))
	if at.plain || isASCII(src) {
		return
	}
	n := 0
	for i, c := range src {
		if i%blockSize == 0 {
			at.chars = append(at.chars, n)
		}
		if c&0xC0 != 0x80 {
			n++
		}
	}
	at.chars = append(at.chars, n)
}

// isASCII reports whether every character is a byte, looking at eight at a time.
func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// charsBefore counts the characters before offset.
func (at *places) charsBefore(offset int) int {
	if at.chars == nil {
		return offset
	}
	block := offset / blockSize
	n := at.chars[min(block, len(at.chars)-1)]
	for i := block * blockSize; i < offset; i++ {
		if at.src[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// lineOf is the index from 0 of the line that holds offset.
func (at *places) lineOf(offset int) int {
	return sort.Search(len(at.starts), func(i int) bool { return at.starts[i] > offset }) - 1
}

func (at *places) pos(offset int) diag.Pos {
	l := at.lineOf(offset)
	return diag.Pos{Line: l + 1, Col: at.charsBefore(offset) - at.charsBefore(at.starts[l]) + 1, Offset: offset}
}

func (at *places) span(start, end int) diag.Span {
	return diag.Span{Start: at.pos(start), End: at.pos(end)}
}

// lineStart is the offset of the first byte of the line that holds offset.
func (at *places) lineStart(offset int) int { return at.starts[at.lineOf(offset)] }

// lineEnd is the offset of the line end of the line that holds offset.
func (at *places) lineEnd(offset int) int {
	end := at.nextLine(offset)
	if end > 0 && end <= len(at.src) && end > at.lineStart(offset) && at.src[end-1] == '\n' {
		end--
		if end > 0 && at.src[end-1] == '\r' && end-1 >= at.lineStart(offset) {
			end--
		}
	}
	return end
}

// nextLine is the offset of the line after the one that holds offset, or the
// end of the file.
func (at *places) nextLine(offset int) int {
	if l := at.lineOf(offset) + 1; l < len(at.starts) {
		return at.starts[l]
	}
	return len(at.src)
}

// line is the text of line n from 1, without its line end.
func (at *places) line(n int) string {
	if n < 1 || n > len(at.starts) {
		return ""
	}
	start := at.starts[n-1]
	return string(at.src[start:at.lineEnd(start)])
}

// survey adds to starts where each line begins but the first, and reports whether all but
// the line feeds are visible ASCII characters and spaces, as in nearly every file. It looks
// at eight bytes at a time.
func survey(b []byte, starts []int) (_ []int, plain bool) {
	const (
		ones  = 0x0101010101010101
		tops  = 0x80 * ones
		space = 0x20 * ones
	)
	var odd uint64
	at := 0
	for ; len(b)-at >= 8; at += 8 {
		w := binary.LittleEndian.Uint64(b[at:])
		feed := w ^ '\n'*ones
		feed = ^((feed &^ tops) + (tops - ones) | feed) & tops // the top bit of each line feed
		w |= feed >> 2                                         // which makes it a visible character
		odd |= w | (w + ones) | ((w - space) &^ w)             // as in printable
		for ; feed != 0; feed &= feed - 1 {
			starts = append(starts, at+bits.TrailingZeros64(feed)/8+1)
		}
	}
	plain = odd&tops == 0
	for ; at < len(b); at++ {
		if b[at] == '\n' {
			starts = append(starts, at+1)
		} else {
			plain = plain && b[at] >= 0x20 && b[at] < 0x7f
		}
	}
	return starts, plain
}
