package rules

import (
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
)

// garbledText: a text that went through a program which took it for another kind of text
// has lost letters, in names first of all.
var garbledText = Rule{
	Name: "garbled-text", ID: "SEN128", Severity: diag.Warning,
	About:   "No text has garbled characters, left where a letter was lost in copying.",
	Source:  "UK GDPR, article 5(1)(d) (accuracy)",
	check:   (*look).garbledTexts,
	setting: (*look).garbledTexts,
}

func (l *look) garbledTexts() { l.charactersAmiss(garbledHere) }

func garbledHere(text string, at int) (message, hint string) {
	const retype = "type it again, as it should be; if it came from a file, save that as UTF-8 first"
	switch r, _ := utf8.DecodeRuneInString(text[at:]); {
	case r == utf8.RuneError:
		return "a character was lost here when this was copied, and U+FFFD stands in its place", retype
	case mistaken(text, at):
		return "a letter or mark became several others here when this was copied", retype
	}
	return "", ""
}

// mistaken reports whether what begins at a place is one character of UTF-8 that was read
// as several of Windows: an é as Ã©, an apostrophe as â€™.
func mistaken(text string, at int) bool {
	lead, n := utf8.DecodeRuneInString(text[at:])
	next, m := utf8.DecodeRuneInString(text[at+n:])
	if !continues(next) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(text[at+n+m:])
	switch lead {
	case 'â':
		return next == '€' || continues(after)
	case 'ï':
		return continues(after)
	case 'ð':
		return next == 'Ÿ'
	case 'Ã', 'Â', 'Ä', 'Å', 'Ð':
		// A word may end in such a letter, with a quotation mark behind it.
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		return unicode.Is(unicode.S, next) || !unicode.IsLetter(before) || unicode.IsLetter(after) || next > 0xa0 && next < 0xc0 && next != '»'
	}
	return false
}

// continues reports whether a character is what Windows makes of a byte that goes on with
// a character of UTF-8.
func continues(r rune) bool {
	if r >= 0xa0 && r <= 0xbf {
		return true
	}
	switch r {
	case '€', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 'Ž', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 'ž', 'Ÿ':
		return true
	}
	return false
}
