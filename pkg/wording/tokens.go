package wording

import (
	"strings"
	"unicode"
)

// token is one word, number or mark of a sentence.
type token struct {
	text  string // as written, in small letters
	norm  string // its figures, and a number word before a hyphen, as #: 10-minute is #-minute; without 's
	from  int    // in characters
	to    int
	kind  kind
	value float64  // of a number
	upper bool     // has two capitals or more, and is no ordinary word
	title bool     // begins with a capital
	bases []string // the verbs of which it may be a form; see lemmas
	lists set      // of which a term may begin here
}

type kind uint8

const (
	word   kind = iota + 1
	figure      // 7, 7.5, seven, 4/5, 10-15
	ordinal
	day   // 27/3/2026
	clock // 9.15, 9:15, 9am
	mark
)

func isDash(r rune) bool { return r == '-' || r == '–' || r == '—' || r == '‑' }

// tokens cuts a sentence up.
func tokens(text string) []token {
	rs := []rune(strings.ReplaceAll(text, "’", "'"))
	out := make([]token, 0, 1+len(rs)/4)
	next := func(i int) rune {
		if i < len(rs) {
			return rs[i]
		}
		return 0
	}
	for i := 0; i < len(rs); {
		r := rs[i]
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case unicode.IsDigit(r):
			j := i
			for unicode.IsDigit(next(j)) || strings.ContainsRune(".,:/-–", next(j)) && next(j) != 0 && unicode.IsDigit(next(j+1)) {
				j++
			}
			if isDash(next(j)) && unicode.IsLetter(next(j+1)) { // 10-minute, 1-to-1
				for j++; unicode.IsLetter(next(j)) || unicode.IsDigit(next(j)) || isDash(next(j)) && (unicode.IsLetter(next(j+1)) || unicode.IsDigit(next(j+1))); {
					j++
				}
				out = append(out, wordToken(rs[i:j], i))
				i = j
				continue
			}
			t := numberToken(rs[i:j], i)
			k := j
			for unicode.IsLetter(next(k)) {
				k++
			}
			switch suffix := strings.ToLower(string(rs[j:k])); suffix {
			case "st", "nd", "rd", "th":
				t.kind, t.to, j = ordinal, k, k
			case "am", "pm":
				t.kind, t.to, j = clock, k, k
			}
			out = append(out, t)
			i = j
		case unicode.IsLetter(r):
			j := i
			for unicode.IsLetter(next(j)) || unicode.IsDigit(next(j)) && (j-i > 1 || !strings.ContainsRune("xX", rs[i])) ||
				next(j) == '\'' && unicode.IsLetter(next(j+1)) || next(j) == '\'' && j > i && (next(j-1) == 's') && !unicode.IsLetter(next(j+1)) ||
				isDash(next(j)) && (unicode.IsLetter(next(j+1)) || unicode.IsDigit(next(j+1))) ||
				next(j) == '&' && unicode.IsLetter(next(j+1)) {
				j++
			}
			if k := weekdaySpan(rs[i:j]); k > 0 { // Mon-Fri
				out = append(out, wordToken(rs[i:i+k], i), token{text: "-", norm: "-", from: i + k, to: i + k + 1, kind: mark}, wordToken(rs[i+k+1:j], i+k+1))
			} else {
				out = append(out, wordToken(rs[i:j], i))
			}
			i = j
		default:
			s := string(r)
			if isDash(r) || r == '→' {
				s = "-"
			}
			out = append(out, token{text: s, norm: s, from: i, to: i + 1, kind: mark})
			i++
		}
	}
	return out
}

// weekdaySpan is where the dash stands between two days of the week, or 0.
func weekdaySpan(rs []rune) int {
	weekday := func(rs []rune) bool {
		s := strings.ToLower(string(rs))
		if len(s) < 3 {
			return false
		}
		switch s[:3] {
		case "mon", "tue", "wed", "thu", "fri", "sat", "sun":
			return len(s) < 6 || strings.HasSuffix(s, "day") || strings.HasSuffix(s, "days")
		}
		return false
	}
	for i, r := range rs {
		if isDash(r) && weekday(rs[:i]) && weekday(rs[i+1:]) {
			return i
		}
	}
	return 0
}

func wordToken(rs []rune, at int) token {
	s := strings.Map(func(r rune) rune {
		if isDash(r) {
			return '-'
		}
		return r
	}, string(rs))
	low := strings.ToLower(s)
	t := token{text: low, norm: low, from: at, to: at + len(rs), kind: word, title: unicode.IsUpper(rs[0])}
	caps := 0
	for _, r := range rs {
		if unicode.IsUpper(r) {
			caps++
		}
	}
	if parts := strings.Split(s, "-"); len(parts) > 1 && caps == len(parts) {
		each := true
		for _, p := range parts {
			first := []rune(p)
			each = each && len(first) > 2 && unicode.IsUpper(first[0])
		}
		if each {
			caps = 1 // Ellie-Mae
		}
	}
	if len(rs) > 4 && caps == 2 && (strings.HasPrefix(s, "Mc") || strings.HasPrefix(s, "Mac")) {
		caps = 1
	}
	t.upper = caps > 1 && !strings.Contains(low, "'") || caps > 1 && strings.HasSuffix(low, "'s")
	if v, ok := numberWord(low); ok {
		t.kind, t.value, t.norm = figure, v, "#"
		return t
	}
	if first, rest, ok := strings.Cut(low, "-"); ok {
		_, isNumber := numberWord(first)
		if isNumber || strings.Trim(first, "0123456789.") == "" {
			t.norm = "#-" + rest
		}
	} else if stem, ok := strings.CutSuffix(low, "'s"); ok {
		t.norm = stem
	} else if unicode.IsDigit(rs[len(rs)-1]) {
		t.norm = strings.TrimRight(low, "0123456789") + "#"
	}
	return t
}

func numberToken(rs []rune, at int) token {
	s := strings.ReplaceAll(string(rs), "–", "-")
	t := token{text: s, from: at, to: at + len(rs), kind: figure}
	t.norm = "#"
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("./-:,", r) })
	switch {
	case len(parts) == 3 && strings.Contains(s, "-") && strings.Contains(s, "."): // 9-9.20
		t.kind, t.norm = clock, "#:#"
	case len(parts) == 3 && strings.ContainsAny(s, "./-") && !strings.Contains(s, ","):
		t.kind = day
	case strings.Contains(s, ":"):
		t.norm = "#:#"
		if len(parts) == 2 && len(parts[1]) == 2 || len(parts) == 4 && strings.Contains(s, "-") { // 9:15, 9:30-9:50
			t.kind = clock
		}
	case len(parts) == 4 && strings.Contains(s, "-") && len(parts[1]) == 2 && len(parts[3]) == 2: // 9.30-9.50
		t.kind, t.norm = clock, "#:#"
	case strings.Contains(s, "-"):
		if s == "1-1" {
			t.norm = s
		}
		t.value = decimal(parts[0])
	case strings.Contains(s, "/"):
		t.value = decimal(parts[0])
	default:
		t.value = decimal(strings.ReplaceAll(s, ",", ""))
	}
	return t
}

func decimal(s string) float64 {
	v, scale, point := 0.0, 1.0, false
	for _, r := range s {
		switch {
		case r == '.':
			point = true
		case r >= '0' && r <= '9':
			v = v*10 + float64(r-'0')
			if point {
				scale *= 10
			}
		}
	}
	return v / scale
}

// numberWord reads seven, twenty and twenty-five.
func numberWord(s string) (float64, bool) {
	tens, unit, hyphen := strings.Cut(s, "-")
	v, ok := plainNumber(tens)
	if !hyphen || !ok {
		return v, ok && !hyphen
	}
	u, ok := plainNumber(unit)
	return v + u, ok && v >= 20 && u < 10
}

func plainNumber(s string) (float64, bool) {
	switch s {
	case "zero", "nought":
		return 0, true
	case "one":
		return 1, true
	case "two":
		return 2, true
	case "three":
		return 3, true
	case "four":
		return 4, true
	case "five":
		return 5, true
	case "six":
		return 6, true
	case "seven":
		return 7, true
	case "eight":
		return 8, true
	case "nine":
		return 9, true
	case "ten":
		return 10, true
	case "eleven":
		return 11, true
	case "twelve":
		return 12, true
	case "thirteen":
		return 13, true
	case "fourteen":
		return 14, true
	case "fifteen":
		return 15, true
	case "sixteen":
		return 16, true
	case "seventeen":
		return 17, true
	case "eighteen":
		return 18, true
	case "nineteen":
		return 19, true
	case "twenty":
		return 20, true
	case "thirty":
		return 30, true
	case "forty":
		return 40, true
	case "fifty":
		return 50, true
	case "sixty":
		return 60, true
	case "seventy":
		return 70, true
	case "eighty":
		return 80, true
	case "ninety":
		return 90, true
	case "hundred":
		return 100, true
	}
	return 0, false
}
