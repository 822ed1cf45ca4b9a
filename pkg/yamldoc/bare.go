package yamldoc

import "strings"

// maxDigits is how many digits a bare number may have: js-yaml reads numbers as
// doubles, which keep 15.
const maxDigits = 15

// bareFault says why a bare scalar is refused; 0 is no fault.
type bareFault uint8

const (
	bareFine       bareFault = iota
	bareCode                 // some reader takes it for something other than its text
	bareNoSuchDate           // the shape of a date that is not in the calendar
	bareTimestamp            // a date with a time
	bareLongNumber           // more digits than every reader keeps
	bareMerge                // << and =
)

// classify says what every reader takes the bare text s for, or why s may not
// stand bare. It is stricter than each reader alone: what one of PyYAML (YAML
// 1.1), js-yaml (1.2) and yaml.v3 reads as anything but its text is refused.
func classify(s string) (Tag, bareFault) {
	if len(s) > longestWord && isLetter(s[0]) {
		return Str, bareFine
	}
	switch s {
	case "":
		return Null, bareFine
	case "true", "false":
		return Bool, bareFine
	case "<<", "=":
		return Str, bareMerge
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return classifyNumeric(s)
	case c == '~' && len(s) == 1:
		return Null, bareCode
	case len(s) <= longestWord && isWordOfYAML(s):
		return Str, bareCode
	}
	return Str, bareFine
}

// longestWord is the length of the longest word that isWordOfYAML knows.
const longestWord = len("false")

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isWordOfYAML reports whether some YAML reads the word s as a truth value or as
// nothing.
func isWordOfYAML(s string) bool {
	switch s[0] | 0x20 {
	case 'y', 'n', 'o', 't', 'f':
		switch strings.ToLower(s) {
		case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
			return true
		}
	}
	return false
}

// classifyNumeric is classify for text that starts like a number or a date.
func classifyNumeric(s string) (Tag, bareFault) {
	if len(s) == len("2006-01-02") && s[4] == '-' { // nearly always a date, and no number
		if tag, fault, ok := classifyDate(s); ok {
			return tag, fault
		}
	}
	if tag, ok := canonicalNumber(s); ok {
		digits := 0
		for i := range len(s) {
			if s[i] != '-' && s[i] != '.' {
				digits++
			}
		}
		if digits > maxDigits {
			return tag, bareLongNumber
		}
		return tag, bareFine
	}
	if tag, fault, ok := classifyDate(s); ok {
		return tag, fault
	}
	if looksNumeric(s) {
		return Str, bareCode
	}
	return Str, bareFine
}

// canonicalNumber reports whether s is -?(0|[1-9][0-9]*)(\.[0-9]+)?
func canonicalNumber(s string) (Tag, bool) {
	whole, frac, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !allDigits(whole) || len(whole) > 1 && whole[0] == '0' {
		return 0, false
	}
	if !dot {
		return Int, true
	}
	return Float, allDigits(frac)
}

func allDigits(s string) bool { return s != "" && digitsAt(s, 0) == len(s) }

// classifyDate judges text that begins YYYY-M-D; false when s does not.
func classifyDate(s string) (Tag, bareFault, bool) {
	n := datePrefix(s)
	if n == 0 {
		return 0, 0, false
	}
	rest := s[n:]
	if rest == "" {
		switch {
		case !inCalendar(s):
			return Date, bareNoSuchDate, true
		case n != len("2006-01-02"):
			return Date, bareCode, true
		}
		return Date, bareFine, true
	}
	// Readers differ in which times they know, so anything made of a time's
	// characters alone counts as one.
	clock := strings.TrimLeft(rest, " \t")
	if clock == rest {
		if rest[0] != 'T' && rest[0] != 't' {
			return 0, 0, false
		}
		clock = rest[1:]
	}
	if clock != "" && clock[0] >= '0' && clock[0] <= '9' && strings.Contains(clock, ":") &&
		strings.Trim(clock, "0123456789:.+-Zz \t") == "" {
		return Date, bareTimestamp, true
	}
	return 0, 0, false
}

// datePrefix is the length of YYYY-M-D, with one or two digits for month and
// day, at the start of s; 0 when s does not begin so.
func datePrefix(s string) int {
	i := digitsAt(s, 0)
	if i != 4 {
		return 0
	}
	for range 2 {
		if i >= len(s) || s[i] != '-' {
			return 0
		}
		n := digitsAt(s, i+1)
		if n == 0 || n > 2 {
			return 0
		}
		i += 1 + n
	}
	return i
}

// inCalendar reports whether s, which datePrefix took whole, is a day of a year from 1 on.
func inCalendar(s string) bool {
	var n [3]int // year, month, day
	part := 0
	for i := range len(s) {
		if s[i] == '-' {
			part++
			continue
		}
		n[part] = n[part]*10 + int(s[i]-'0')
	}
	year, month, day := n[0], n[1], n[2]
	most := 31
	switch month {
	case 4, 6, 9, 11:
		most = 30
	case 2:
		most = 28
		if year%4 == 0 && year%100 != 0 || year%400 == 0 {
			most = 29
		}
	}
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= most
}

func digitsAt(s string, i int) int {
	n := 0
	for i+n < len(s) && s[i+n] >= '0' && s[i+n] <= '9' {
		n++
	}
	return n
}

// looksNumeric reports whether any YAML could read s as a number: signs, bases,
// underscores, exponents, points without digits, base 60, infinity.
func looksNumeric(s string) bool {
	t := strings.ToLower(strings.ReplaceAll(s, "_", ""))
	t = strings.TrimLeft(t, "+-")
	switch t {
	case ".inf", ".nan":
		return true
	case "":
		return false
	}
	for prefix, digits := range map[string]string{"0x": "0123456789abcdef", "0o": "0123456789", "0b": "01"} {
		if d, ok := strings.CutPrefix(t, prefix); ok && d != "" && strings.Trim(d, digits) == "" {
			return true
		}
	}
	return isDecimal(t) || isBase60(t)
}

// isDecimal reports whether t is digits with an optional point and exponent.
func isDecimal(t string) bool {
	mantissa, exp, hasExp := strings.Cut(t, "e")
	if hasExp {
		if exp != "" && (exp[0] == '+' || exp[0] == '-') {
			exp = exp[1:]
		}
		if !allDigits(exp) {
			return false
		}
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	return allDigits(whole + frac)
}

// isBase60 reports whether t is numbers joined by colons, as in 1:4 or 10:30:00.
func isBase60(t string) bool {
	parts := strings.Split(t, ":")
	if len(parts) < 2 {
		return false
	}
	last, _, _ := strings.Cut(parts[len(parts)-1], ".")
	for _, p := range append(parts[:len(parts)-1:len(parts)-1], last) {
		if !allDigits(p) {
			return false
		}
	}
	return true
}
