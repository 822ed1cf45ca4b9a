package sheet

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// guard is a cell as it goes into a CSV for Excel: with an apostrophe before it where
// Excel would take it for something else than the text it is.
func guard(s string, k Kind) string {
	switch k {
	case Number:
		if plainNumber(s) {
			return s
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return s
		}
	case YesNo:
		if s == "true" || s == "false" {
			return s
		}
	case Text:
	}
	if changed(s) {
		return "'" + s
	}
	return s
}

// unguard takes away the apostrophe that guard has put before a cell, and no other.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && changed(rest) {
		return rest
	}
	return s
}

// changed reports whether Excel would not show s as it is. A text that looks as if guard
// had been there counts too: only so does unguard give back every text that there is.
func changed(s string) bool {
	for {
		rest, ok := strings.CutPrefix(s, "'")
		if !ok {
			break
		}
		s = rest
	}
	return runs(s) || converts(s)
}

// runs reports whether s is the beginning of a formula, after blanks too, which other
// programs skip. Some take the wide signs of East Asian scripts for the narrow ones.
func runs(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '\t' || s[0] == '\r' || s[0] == '\n' {
		return true
	}
	s = strings.TrimLeftFunc(s, blank)
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

// blank reports whether r shows as nothing. Marks of direction and of no width are such.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// converts reports whether Excel would make a number, a date, a time, a logical or an error
// of s and then show something else. A whole number that it shows as it is written, to 11
// digits, may stay: an apostrophe before every year group would help nobody.
func converts(s string) bool {
	s = strings.TrimFunc(s, blank)
	switch {
	case digits(s):
		return len(s) > 11 || len(s) > 1 && s[0] == '0'
	case strings.EqualFold(s, "TRUE"), strings.EqualFold(s, "FALSE"):
		return true
	case strings.HasPrefix(s, "#"): // #N/A
		return strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.EqualFold(s, "#N/A")
	case !strings.ContainsAny(s, "0123456789"):
		return false
	}
	// What is left has a digit, and beside digits only signs and words that numbers, dates
	// and times are written with. No number begins with a letter: E929 is a text.
	before := ' '
	for at := 0; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		if !unicode.IsLetter(r) {
			if !strings.ContainsRune("0123456789 .,:/-+%()'’$£€\u00a0", r) {
				return false
			}
			before, at = r, at+n
			continue
		}
		end := at + n
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsLetter(r) {
				break
			}
			end += n
		}
		if !figure(s[at:end], at == 0, before) {
			return false
		}
		before, at = 'a', end
	}
	return true
}

// figure reports whether a word can stand in a number, a date or a time, given whether the
// text begins with it and what stands before it. 7A is a class, 7 A is a time.
func figure(word string, first bool, before rune) bool {
	if len(word) > len("september") {
		return false
	}
	switch word = strings.ToLower(word); word {
	case "e", "am", "pm":
		return !first
	case "a", "p":
		return !first && before == ' '
	}
	return len(word) >= 3 && strings.Contains(" january february march april may june july august september october november december", " "+word)
}
