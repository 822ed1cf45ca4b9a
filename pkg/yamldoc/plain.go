package yamldoc

import (
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// plainReader reads the files people and sendctl really write: keys, dashes,
// words on one line, quotes, lists in brackets, literal and folded texts. It is
// many times as quick as the library and the placer, and it never judges: at the
// first thing it does not know for certain it declines, and the library reads
// the file from its beginning. So it may only ever take a text that the other
// way reads without a finding and to the very same tree, which the differential
// tests and FuzzPlain hold; when in doubt, decline.
//
// The cursor stands on one line. A declined reader has no more lines, so that
// every loop over lines ends.
type plainReader struct {
	text     string // the file; it ends with a line feed, so text[end] is always there
	at       *places
	declined bool

	next       int  // index of the line after the cursor's
	start, end int  // the cursor's line, without its line end
	ascii      bool // every character of the line is a byte
	tab        bool // the line holds a tab
	off        int  // the cursor
	col        int  // column from 0 of the line's first token; none when there is no line

	depth int
	buf   []byte // words being joined

	// Finished collections are cut from slabs: a handful of allocations a file.
	*slabs

	// The entries of the collections being read, the innermost last.
	openPairs []Pair
	openItems []*Node
}

// none is the column of no line: less than every indentation.
const none = -1

// readPlain gives the tree of a file that is plain beyond doubt and free of
// faults, nil when the library must decide.
func readPlain(src []byte, at *places) *Node {
	// A line has two nodes at most, but for lists in brackets; half are keys.
	n := len(at.starts)/2 + 8
	s := &slabs{}
	s.nodes.size, s.pairs.size, s.items.size = n, n/2, n/2
	return new(plainReader{slabs: s}).read(src, at)
}

// read is readPlain with the memory at hand.
func (r *plainReader) read(src []byte, at *places) *Node {
	if len(src) == 0 || src[len(src)-1] != '\n' {
		return nil
	}
	*r = plainReader{text: string(src), at: at, slabs: r.slabs, buf: r.buf[:0], openPairs: r.openPairs[:0], openItems: r.openItems[:0]}
	r.advance()
	root := r.root()
	if r.declined || r.col != none {
		return nil
	}
	return root
}

// root reads the whole file: a collection of lines, or one in brackets or braces.
func (r *plainReader) root() *Node {
	if r.col == none {
		return r.decline()
	}
	if c := r.text[r.off]; c == '[' || c == '{' {
		return r.endLine(r.flow())
	}
	return r.block()
}

// decline gives the file up.
func (r *plainReader) decline() *Node {
	r.declined, r.col = true, none
	return nil
}

// deeper counts one more collection round what follows; false beyond the limit.
func (r *plainReader) deeper() bool {
	r.depth++
	return r.depth <= MaxDepth
}

// pos is the place of an offset on the cursor's line.
func (r *plainReader) pos(off int) diag.Pos {
	col := off - r.start
	switch {
	case r.ascii:
	case col < blockSize:
		col = utf8.RuneCountInString(r.text[r.start:off])
	default:
		return r.at.pos(off)
	}
	return diag.Pos{Line: r.next, Col: col + 1, Offset: off}
}

// leaf is a new scalar from start to the cursor.
func (r *plainReader) leaf(style Style, value string, start int) *Node {
	n := r.nodes.one()
	n.Kind, n.Tag, n.Style, n.Value = Scalar, Str, style, value
	if r.ascii {
		n.Span.Start = diag.Pos{Line: r.next, Col: start - r.start + 1, Offset: start}
		n.Span.End = diag.Pos{Line: r.next, Col: r.off - r.start + 1, Offset: r.off}
	} else {
		n.Span = diag.Span{Start: r.pos(start), End: r.pos(r.off)}
	}
	return n
}

// comment gives n the trailing comment at off on the cursor's line, 0 for none.
func (r *plainReader) comment(n *Node, off int) {
	if off > 0 {
		n.Comment = strings.TrimSpace(r.text[off+1 : r.end])
	}
}
