package term

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// columns is how many columns text takes: wide East Asian letters take two,
// combining marks none, and styling none. It is tablewriter's own ruler, so that
// what is cut to measure here fits there, with ambiguous letters narrow whatever
// the locale says, so that the same table is the same everywhere.
func columns(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }

// Wrap breaks text between words so that no line is wider than Width, and puts
// indent before every line. Line breaks in text stay; leading spaces of a line
// indent the lines that continue it as well. A word too long for a line (a URL, a
// path) is left whole, so that it can still be clicked and copied; only text
// without spaces in wide letters is broken inside. The result has no final newline.
func (s *Streams) Wrap(text string, indent string) string {
	return wrapAt(text, indent, s.proseColumns())
}

func wrapAt(text, indent string, width int) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " ")
		lead := indent + line[:len(line)-len(body)]
		out = append(out, wrapLine(body, lead, width)...)
	}
	return strings.Join(out, "\n")
}

// wrapLine wraps one line; an empty one stays one empty line, without indentation.
func wrapLine(body, lead string, width int) []string {
	room := max(1, width-columns(lead))
	var out []string
	var b strings.Builder
	used := 0 // columns; words of no width count as text all the same
	flush := func() {
		if b.Len() > 0 {
			out = append(out, lead+b.String())
			b.Reset()
			used = 0
		}
	}
	for _, word := range strings.FieldsFunc(body, func(r rune) bool { return r == ' ' || r == '\t' }) {
		w := columns(word)
		if b.Len() > 0 && used+1+w > room {
			flush()
		}
		if w > room && breakable(word) {
			parts := cutWide(word, room)
			for _, p := range parts[:len(parts)-1] {
				out = append(out, lead+p)
			}
			word = parts[len(parts)-1]
			w = columns(word)
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	flush()
	if len(out) == 0 {
		return []string{""}
	}
	return out
}

// breakable reports whether a word may be broken inside: it holds wide letters,
// which their scripts break anywhere, and is no URL.
func breakable(word string) bool {
	if strings.Contains(word, "://") {
		return false
	}
	for _, r := range word {
		if columns(string(r)) > 1 {
			return true
		}
	}
	return false
}

// cutWide cuts word into pieces of at most room columns. A mark that takes no
// column stays with the letter it belongs to.
func cutWide(word string, room int) []string {
	var parts []string
	start, used := 0, 0
	for i, r := range word {
		w := columns(string(r))
		if used > 0 && used+w > room {
			parts = append(parts, word[start:i])
			start, used = i, 0
		}
		used += w
	}
	return append(parts, word[start:])
}

// fit shortens text to at most room columns, ending it with more where
// something was left out.
func fit(text string, room int, more string) string {
	if columns(text) <= room {
		return text
	}
	room -= columns(more)
	used := 0
	for i, r := range text {
		w := columns(string(r))
		if used+w > room {
			return strings.TrimRight(text[:i], " ") + more
		}
		used += w
	}
	return text
}
