package term

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe makes text from a record, a file name or another program safe to print:
// whatever could steer a terminal or hide the order of the words is shown as
// \x1b or \u202e instead. That is every control character (line breaks and tabs
// too), the controls of writing direction, other invisible formatting except the
// two joiners some scripts and emoji need, and bytes that are not UTF-8. All other
// text stays as it is; it is for reading and cannot be turned back.
func Safe(text string) string { return safe(text, false) }

// SafeLines is Safe for text of several lines: line breaks stay (CR LF becomes
// LF) and a tab becomes four spaces.
func SafeLines(text string) string {
	return safe(strings.ReplaceAll(text, "\r\n", "\n"), true)
}

func safe(text string, lines bool) string {
	clean := true
	for _, r := range text {
		if r == utf8.RuneError || hazardous(r) {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case lines && r == '\n':
			b.WriteByte('\n')
		case lines && r == '\t':
			b.WriteString("    ")
		case hazardous(r):
			b.WriteString(visible(r))
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// visible writes r as people write it in code.
func visible(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// hazardous reports whether r must not reach a terminal.
func hazardous(r rune) bool {
	switch r {
	case '\u2028', '\u2029': // line breaks to some terminals
		return true
	case '\u200c', '\u200d', '\u00ad': // joiners that change meaning; the soft hyphen
		return false
	case '\u0600', '\u0601', '\u0602', '\u0603', '\u0604', '\u0605', '\u06dd', '\u070f', '\u08e2':
		return false // "format" by category, but signs people see
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Bidi_Control, r)
}
