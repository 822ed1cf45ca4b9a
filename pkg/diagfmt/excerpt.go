package diagfmt

import (
	"bytes"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Excerpt fills in the excerpt of each finding whose line sources has: what Text shows of
// it, without having to read the file again. sources and known are as in Options.
func Excerpt(fs []diag.Finding, sources func(file string) []byte, known func(key string) bool) {
	var x excerpts
	for i := range fs {
		fs[i].Excerpt, _ = x.of(&fs[i], sources, known, false)
	}
}

// excerpts makes the excerpts of findings, quickest where those of one file follow one
// another.
type excerpts struct {
	file    string   // that is read, as far as lines; none where lines is nil
	rest    string   // what is below those lines
	more    bool     // whether there is anything
	lines   []string // without their ends
	quoted  []bool   // of each line: see inQuotes
	quoting quoting
	shown   []rune // room for a line
}

// Long lines are cut to maxLine characters, from lead before the marked place.
const (
	maxLine = 100
	lead    = 40
)

// of is the line that a finding speaks of, and whether there is one. With values, nothing
// in it is masked.
func (x *excerpts) of(f *diag.Finding, sources func(file string) []byte, known func(key string) bool, values bool) (diag.Excerpt, bool) {
	n := f.Span.Start.Line
	if sources == nil || n < 1 || !x.reads(f.File, n, sources) {
		return diag.Excerpt{}, false
	}
	shown := x.shown[:0]
	if values {
		for _, r := range x.lines[n-1] { // one for one, so that the mark stays below its place
			if r == '\t' {
				r = ' '
			} else if hazardous(r) {
				r = '\uFFFD'
			}
			shown = append(shown, r)
		}
	} else {
		for _, r := range maskLine(x.lines, x.quoted, n-1, besides(f.Path, known)) {
			shown = append(shown, r)
		}
	}
	x.shown = shown

	from := min(max(f.Span.Start.Col-1, 0), len(shown))
	to := len(shown)
	if f.Span.End.Line == n {
		to = min(max(f.Span.End.Col-1, 0), len(shown))
	}
	before, after := "", ""
	if len(shown) > maxLine {
		if cut := max(0, from-lead); cut > 0 {
			before, shown, from, to = "...", shown[cut:], from-cut, to-cut
		}
		if len(shown) > maxLine {
			after, shown = "...", shown[:maxLine]
			to = min(to, maxLine)
		}
	}
	return diag.Excerpt{
		Text: strings.TrimRight(before+string(shown)+after, " "),
		At:   len(before) + from, Width: max(to-from, 1),
	}, true
}

// besides is the words that a masked line may show as keys: those known, and those of the
// finding's path.
func besides(path string, known func(string) bool) func(string) bool {
	return func(key string) bool {
		for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
			if step == key {
				return true
			}
		}
		return known != nil && known(key)
	}
}

// reads takes in a file up to a line, and reports whether it has that line. The last line
// may be all of a file that ends without a line break, and none at all where it is empty.
func (x *excerpts) reads(file string, n int, sources func(string) []byte) bool {
	if file != x.file || x.lines == nil {
		b := bytes.TrimPrefix(sources(file), []byte("\uFEFF")) // columns do not count it
		x.file, x.rest, x.more = file, string(b), len(b) > 0
		x.lines, x.quoted, x.quoting = x.lines[:0], x.quoted[:0], quoting{}
	}
	for len(x.lines) < n && x.more {
		var line string
		if line, x.rest, x.more = strings.Cut(x.rest, "\n"); x.more {
			line = strings.TrimSuffix(line, "\r")
		}
		x.lines, x.quoted = append(x.lines, line), append(x.quoted, x.quoting.next(line))
	}
	return n <= len(x.lines)
}
