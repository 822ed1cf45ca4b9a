package diagfmt

import (
	"strings"
	"unicode/utf8"
)

// masked stands for one character of a value. It is ASCII, so that a mark below
// it is in the right column in every font and encoding.
const masked = '*'

// maskLine gives lines[n] with every character of a value, and of a comment,
// replaced. Indentation, list dashes, known keys, and the quote or bracket that
// opens a value stay. It never trusts the text to be sound YAML: many a line is
// shown because it is not. When in doubt all of a line is value.
func maskLine(lines []string, quoted []bool, n int, known func(string) bool) string {
	line := lines[n]
	at := content(line)
	out := make([]byte, at, len(line)+1)
	for i := range at {
		out[i] = ' '
		if line[i] == '-' {
			out[i] = '-'
		}
	}
	rest := line[at:]
	if quoted[n] || inText(lines, n) {
		return string(appendMasked(out, rest))
	}
	if key := keyAt(rest); key > 0 && known(rest[:key]) {
		out = append(out, rest[:key+1]...)
		rest = rest[key+1:]
		for rest != "" && rest[0] == ' ' {
			out, rest = append(out, ' '), rest[1:]
		}
	}
	switch {
	case rest == "":
		return string(out)
	case rest[0] == '{' || rest[0] == '[':
		return string(appendFlow(out, rest, known))
	case blockHeader(rest):
		return string(append(out, rest...))
	case rest[0] == '"' || rest[0] == '\'' || rest[0] == '#':
		return string(appendMasked(append(out, rest[0]), rest[1:]))
	}
	return string(appendMasked(out, rest))
}

func appendMasked(out []byte, text string) []byte {
	for range text {
		out = append(out, masked)
	}
	return out
}

// appendFlow masks a value in brackets, keeping the brackets, commas and known
// keys that are plainly outside quotes. A bracket or comma inside an unquoted
// text is kept too; it says nothing.
func appendFlow(out []byte, text string, known func(string) bool) []byte {
	const inside, mayOpen, mayBeKey = 0, 1, 2 // of a value
	state := mayBeKey
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '#' && i > 0 && text[i-1] == ' ':
			return appendMasked(append(out, c), text[i+1:])
		case strings.IndexByte("{}[],", c) >= 0:
			out, state = append(out, c), inside
			if c != '}' && c != ']' {
				state = mayBeKey
			}
			i++
		case c == ' ' && state != inside:
			out = append(out, c)
			i++
		case (c == '"' || c == '\'') && state != inside:
			end := i + 1 + strings.IndexByte(text[i+1:], c)
			if end == i || strings.Contains(text[i+1:], `\`) || end+1 < len(text) && text[end+1] == c {
				// Where a quote with escapes in it ends is more than we want to know.
				return appendMasked(append(out, c), text[i+1:])
			}
			out = append(appendMasked(append(out, c), text[i+1:end]), c)
			i, state = end+1, inside
		case state == mayBeKey && keyAt(text[i:]) > 0 && known(text[i:i+keyAt(text[i:])]):
			end := i + keyAt(text[i:])
			out = append(out, text[i:end+1]...)
			i, state = end+1, mayOpen
		default:
			_, n := utf8.DecodeRuneInString(text[i:])
			out, state = append(out, masked), inside
			i += n
		}
	}
	return out
}

// content is where a line's text begins, after indentation and list dashes.
func content(line string) int {
	i := 0
	for i < len(line) {
		switch {
		case line[i] == ' ':
			i++
		case line[i] == '-' && (i+1 == len(line) || line[i+1] == ' '):
			i++
		default:
			return i
		}
	}
	return i
}

// keyAt is the length of the key that text begins with: a lower-case word of
// letters, digits, "_" and "-", then a colon and a space or the end. 0 if none.
func keyAt(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', i > 0 && ('0' <= c && c <= '9' || c == '_' || c == '-'):
		case i > 0 && c == ':' && (i+1 == len(text) || text[i+1] == ' '):
			return i
		default:
			return 0
		}
	}
	return 0
}

// blockHeader reports whether value opens a block of text: "|", ">-", "|2".
func blockHeader(value string) bool {
	value = strings.TrimRight(value, " ")
	return value != "" && (value[0] == '|' || value[0] == '>') && strings.Trim(value[1:], "+-0123456789") == ""
}

// inText reports whether lines[n] lies inside a text that an earlier line began:
// some line further out, by indentation, has a value of its own, so that what is
// below it can only be more of that value.
func inText(lines []string, n int) bool {
	here := indent(lines[n])
	for i := n - 1; i >= 0 && here > 0; i-- {
		line := lines[i]
		text := content(line)
		if strings.TrimSpace(line) == "" || text < len(line) && line[text] == '#' {
			continue // were it inside a text, that text would still have begun further up
		}
		switch {
		case indent(line) < here && text == len(line): // a dash alone
			here = indent(line)
		case text < here:
			// An ancestor, then: sound only if it opens something and says nothing.
			if !opener(line[text:]) {
				return true
			}
			here = indent(line)
		case indent(line) < here && text > here:
			return true
		case indent(line) < here: // its key is our neighbour, behind a dash
			if keyAt(line[text:]) == 0 { // or a text, which goes on in this very column
				return true
			}
			here = indent(line)
		}
	}
	return false
}

// opener reports whether a line's text is a key with nothing, or only a comment, after it.
func opener(text string) bool {
	key := keyAt(text)
	if key == 0 {
		return false
	}
	rest := strings.TrimSpace(text[key+1:])
	return rest == "" || rest[0] == '#'
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// inQuotes reports for each line whether it begins inside a quoted text that an
// earlier line opened.
func inQuotes(lines []string) []bool {
	out := make([]bool, len(lines))
	var q quoting
	for i, l := range lines {
		out[i] = q.next(l)
	}
	return out
}

// quoting goes through a file line by line. A quote somebody forgot to close runs to the
// next one.
type quoting struct{ open byte }

// next takes the next line, and reports whether it begins inside a quoted text.
func (q *quoting) next(line string) bool {
	if q.open != 0 {
		if strings.IndexByte(line, q.open) >= 0 {
			q.open = 0
		}
		return true
	}
	text := line[content(line):]
	if key := keyAt(text); key > 0 {
		text = strings.TrimLeft(text[key+1:], " ")
	}
	if text != "" && (text[0] == '"' || text[0] == '\'') && !closes(text[1:], text[0]) {
		q.open = text[0]
	}
	return false
}

// closes reports whether the quote is closed within text.
func closes(text string, quote byte) bool {
	for i := 0; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case quote == '\'' && text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return true
		}
	}
	return false
}
