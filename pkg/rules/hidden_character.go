package rules

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// hiddenCharacter is about what comes along with copied text. What would change how a file
// is read is refused where it is read: see yaml-control, yaml-bidi and yaml-line-end.
var hiddenCharacter = Rule{
	Name: "hidden-character", ID: "SEN127", Severity: diag.Warning,
	About:   "No text or comment contains a character that cannot be seen and does nothing there.",
	Source:  "records: a search finds every name; Unicode Standard, section 5.21 (characters not seen)",
	check:   (*look).hiddenCharacters,
	setting: (*look).hiddenCharacters,
}

func (l *look) hiddenCharacters() { l.charactersAmiss(hiddenHere) }

func hiddenHere(text string, at int) (message, hint string) {
	r, _ := utf8.DecodeRuneInString(text[at:])
	if !hidden(text, at) {
		return "", ""
	}
	return fmt.Sprintf("U+%04X, a character that nobody can see, keeps a search from finding this text", r),
		"delete it; most editors can show hidden characters"
}

// maybeHidden reports whether a file can hold such a character, as it is or as an escape.
func maybeHidden(t *yamldoc.Doc) bool {
	return !t.ASCII() || bytes.IndexByte(t.Bytes(), '\\') >= 0
}

// hidden reports whether the character at a place of a text cannot be seen and does
// nothing. What joins or parts the letters of a script that needs it, or the parts of an
// emoji, does something.
func hidden(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	switch {
	case r < 0x80:
		return false
	case r == 0x200c, r == 0x200d: // joiners
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return at == 0 || !joins(before)
	case r >= 0xfe00 && r <= 0xfe0f: // how an emoji is drawn, or 1 as a key
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return at == 0 || unicode.IsSpace(before) || unicode.Is(unicode.Latin, before)
	case r >= 0xe0020 && r <= 0xe007f: // the flags of England, Scotland and Wales
		return !strings.Contains(text[:at], "\U0001f3f4")
	case r >= 0xe0100 && r <= 0xe01ef: // which form of an ideograph
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return !unicode.Is(unicode.Han, before)
	case r < 0xa0, r == 0xad, r == 0x34f, r == 0x61c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x180e,
		r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0x3164, r == 0xfeff, r == 0xffa0, r >= 0xfff9 && r <= 0xfffb, r >= 0x1d173 && r <= 0x1d17a, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}

// joins reports whether a joiner may follow on a character: on a letter of one of the
// scripts whose letters hang together, or on a picture.
func joins(before rune) bool {
	if unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common) {
		return unicode.In(before, unicode.So, unicode.Sk, unicode.Sm)
	}
	return unicode.IsLetter(before) || unicode.Is(unicode.M, before)
}

func withHidden(text string) bool {
	for i, r := range text {
		if r >= utf8.RuneSelf && hidden(text, i) {
			return true
		}
	}
	return false
}

func withoutHidden(text string) string {
	if !withHidden(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if !hidden(text, i) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
