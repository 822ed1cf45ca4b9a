package sheet

import (
	"strings"
	"time"
	"unicode"
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

// converts reports whether Excel would make a number, a date, a time or a logical of s and
// then show something else. A whole number that it shows as it is written, to 11 digits,
// may stay: an apostrophe before every year group would help nobody.
func converts(s string) bool {
	s = strings.TrimFunc(s, blank)
	switch strings.ToUpper(s) {
	case "TRUE", "FALSE":
		return true
	}
	if digits(s) {
		return len(s) > 11 || len(s) > 1 && s[0] == '0'
	}
	// What is left has a digit, and beside digits only signs and words that numbers, dates
	// and times are written with. No number begins with a letter: E929 is a text.
	word, digit, before := "", false, ' '
	for i, r := range s + " " {
		switch {
		case r >= '0' && r <= '9':
			digit = true
		case unicode.IsLetter(r):
			if word += string(unicode.ToLower(r)); len(word) > len("september") {
				return false
			}
			if i == 0 {
				before = 0
			}
			continue
		case !strings.ContainsRune(" .,:/-+%()'’$£€\u00a0", r):
			return false
		}
		if word != "" && !figure(word, before) {
			return false
		}
		word, before = "", r
	}
	return digit
}

// figure reports whether a word can stand in a number, a date or a time, given what stands
// before it; 0 is the beginning of the text. 7A is a class, 7 A is a time.
func figure(word string, before rune) bool {
	switch word {
	case "e", "am", "pm":
		return before != 0
	case "a", "p":
		return before == ' '
	case "sept":
		return true
	}
	for m := time.January; m <= time.December; m++ {
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(m.String()), word) {
			return true
		}
	}
	return false
}
