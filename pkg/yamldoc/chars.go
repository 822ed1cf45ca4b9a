package yamldoc

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// charFaults judges the text below the level of YAML: encoding, characters that
// cannot be seen, line ends. mask is src with the unseen characters replaced by
// as many x, so that the rest can still be judged; nil when YAML would read the
// lines differently from an editor and nothing more can be said.
func (f *faults) charFaults() (mask []byte) {
	src := f.src
	if bytes.HasPrefix(src, []byte("\ufeff")) {
		f.add("yaml-bom", 0, 3, "the file begins with a byte order mark",
			`save it again as "UTF-8" without "BOM"`)
		src = src[3:]
	}
	for _, bom := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(src, []byte(bom)) {
			f.add("yaml-encoding", 0, 0, "the file is UTF-16, not UTF-8", "save it again as UTF-8")
			return nil
		}
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		i += len(f.src) - len(src)
		if wide(src) {
			f.add("yaml-encoding", 0, 0, "the file is UTF-16, not UTF-8", "save it again as UTF-8")
		} else {
			f.add("yaml-control", i, i+1, "a NUL byte: this is not a text file", "restore the file from an earlier version")
		}
		return nil // one cause, however many bytes
	}
	mask = f.src
	lines, copied := true, false
	const most = 20 // a binary file is one mistake, not a thousand
	for i, found := len(f.src)-len(src), 0; i < len(f.src) && found < most; {
		c := f.src[i]
		if c >= 0x20 && c < 0x7f || c == '\n' || c == '\t' || c == '\r' && i+1 < len(f.src) && f.src[i+1] == '\n' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(f.src[i:])
		if r == utf8.RuneError && n == 1 {
			f.add("yaml-encoding", i, i+1, "these bytes are not UTF-8", "save the file again as UTF-8")
			return nil
		}
		rule, what, hint := charFault(r)
		if rule == "" || c == '\r' && !lines { // one cause, however many lines
			i += n
			continue
		}
		f.add(rule, i, i+n, what, hint)
		found++
		if rule == "yaml-line-end" {
			lines = false
		}
		if !copied {
			mask, copied = bytes.Clone(f.src), true
		}
		for j := range n {
			mask[i+j] = 'x'
		}
		i += n
	}
	if !lines {
		return nil
	}
	return mask
}

// wide reports whether a text is UTF-16, of which most letters have a zero for one of their
// two bytes, always the same.
func wide(src []byte) bool {
	var zero [2]int
	src = src[:min(len(src), 1000)]
	for i, c := range src {
		if c == 0 {
			zero[i%2]++
		}
	}
	return max(zero[0], zero[1]) > len(src)/4 && min(zero[0], zero[1]) < len(src)/20+1
}

// charFault judges one character that is not plain ASCII.
func charFault(r rune) (rule, what, hint string) {
	const retype = "delete it; an editor shows it when it shows invisible characters"
	switch {
	case r == '\r':
		return "yaml-line-end", "a carriage return without a line feed", "end lines with LF or CRLF: save the file again with another line ending"
	case r == 0x85, r == 0x2028, r == 0x2029:
		return "yaml-line-end", fmt.Sprintf("U+%04X: some readers end the line here, others do not", r), "replace it by a plain line end"
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return "yaml-control", fmt.Sprintf("U+%04X, a control character nobody can see", r), retype
	case r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return "yaml-bidi", fmt.Sprintf("U+%04X changes the direction of the text: a line can read otherwise than it is", r), retype
	case r == 0xfeff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return "yaml-control", fmt.Sprintf("U+%04X, a character that means nothing in a text", r), retype
	}
	return "", "", ""
}

// frameFaults finds what may not stand round a document: markers, directives, a
// missing final line end. Lines are judged from their first column, where no
// content of a quoted or literal text can stand in a plain file.
//
// A directive becomes a comment in the text it gives back, so that what follows
// is judged too.
func (f *faults) frameFaults(mask []byte) []byte {
	leading := true // only blank lines and comments so far
	for i, start := range f.at.starts {
		if i == 0 {
			start = bomLen(f.src)
		}
		line := f.src[start:f.at.lineEnd(start)]
		switch {
		case len(line) == 0 || line[0] == '#':
			continue
		case line[0] == '%' && leading:
			f.add("yaml-directive", start, start+len(line), "a YAML directive", "delete this line")
			mask = bytes.Clone(mask)
			mask[start] = '#'
			continue
		case isMarker(line, "---") && leading && restIsComment(line[3:]):
		case isMarker(line, "---"):
			f.add("yaml-document", start, start+3, "a second document begins here: one file holds one document",
				`delete the line "---", or move what follows to a file of its own`)
		case isMarker(line, "..."):
			f.add("yaml-document", start, start+3, `the document ends here ("...")`, "delete this line")
		}
		if len(bytes.TrimSpace(line)) > 0 {
			leading = false
		}
	}
	if n := len(f.src); n > 0 && f.src[n-1] != '\n' {
		f.add("yaml-final-newline", n, n, "the last line has no line end", "end the file with a line end: press Enter at the end of the last line")
	}
	return mask
}

// bomLen is the length of the byte order mark src begins with.
func bomLen(src []byte) int { return len(src) - len(bytes.TrimPrefix(src, []byte("\ufeff"))) }

func isMarker(line []byte, marker string) bool {
	return bytes.HasPrefix(line, []byte(marker)) && (len(line) == 3 || line[3] == ' ' || line[3] == '\t')
}

func restIsComment(rest []byte) bool {
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || rest[0] == '#'
}

// faults gathers findings about one file.
type faults struct {
	file string
	src  []byte
	at   *places
	path Path // where the intake is now
	list []diag.Finding

	// quick reads a text on trial: where a library gives up nothing is looked up.
	quick  bool
	unread error // the library's own words, where it gave up
	sure   bool  // the line of a syntax error is beyond doubt
}

// add notes an error at the bytes from start to end.
func (f *faults) add(rule string, start, end int, message, hint string) *diag.Finding {
	f.list = append(f.list, diag.Finding{
		Rule: rule, Severity: diag.Error, File: f.file, Path: f.shownPath(),
		Span: f.at.span(start, end), Message: message, Hint: hint, Value: string(f.src[start:end]),
	})
	return &f.list[len(f.list)-1]
}

// shownPath is the path up to the first key that could be someone's words.
func (f *faults) shownPath() string {
	for i, s := range f.path {
		if s.kind == byKey && !showable(s.Key) {
			return f.path[:i].String()
		}
	}
	return f.path.String()
}

// showable reports whether a key may stand in a message: anything but a plain word may
// be words someone wrote.
func showable(key string) bool { return diag.ShowsKey(key) }
