package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// contactDetailsOutside: how to reach somebody stands in one place, or an old number
// lives on in the others.
var contactDetailsOutside = Rule{
	Name: "contact-details-outside", ID: "SEN1504", Severity: diag.Warning,
	About:  "E-mail addresses, phone numbers, postcodes and home addresses are kept in identity.yaml, and staff e-mail addresses in people.yaml; no text contains any.",
	Source: "records: only identity.yaml says who the child is; UK GDPR, article 5(1)(c) (no more data than needed)",
	check: func(l *look) {
		for _, d := range l.written() {
			l.contactsIn(d, l.instead(d.doc, "write it under contact in identity.yaml, or an adult's e-mail address in people.yaml, and take it out here"))
		}
	},
	setting: func(l *look) {
		for _, d := range l.fronts() {
			l.contactsIn(d, "take it out: the school's own system has it")
		}
	},
}

func (l *look) contactsIn(d docTexts, hint string) {
	mail := d.mayHold("@")
	for p := range d.passages {
		if !(mail && address(p.words) || figures(p.words) && (telephone(p.words) || postcode(p.words) || house(p.words))) {
			continue
		}
		if p.value == nil || !hasAddress(d.place(p.value)) {
			l.findIn(d, p, "this contains an e-mail address, a phone number, a postcode or a home address", hint)
		}
	}
}

// figures reports whether a text holds any: most hold none.
func figures(text string) bool {
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			return true
		}
	}
	return false
}

// address reports whether a text holds an e-mail address.
func address(text string) bool {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '@')
		if i < 0 {
			return false
		}
		i += from
		from = i + 1
		if i == 0 || !plainLetter(text[i-1]) || from == len(text) || !plainLetter(text[from]) {
			continue
		}
		end := from
		for end < len(text) && (plainLetter(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		if dot := strings.IndexByte(text[from:end], '.'); dot > 0 && from+dot+2 < end {
			return true
		}
	}
}

// hasAddress reports whether a place of the folder's own files is for an address: of an
// adult, of a copy of the folder, of whoever made a key. No other file has these keys.
func hasAddress(at string) bool {
	return slices.ContainsFunc([]string{".email", ".url", ".public"}, func(key string) bool { return strings.HasSuffix(at, key) })
}

// telephone reports whether a text holds a telephone number of this country: ten or
// eleven figures in groups, the first of them 01, 02, 03, 07 or 08, or after +44 or 0044.
func telephone(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '0' && c != '+' {
			continue
		}
		if i > 0 && (plainLetter(text[i-1]) || strings.IndexByte("./-+", text[i-1]) >= 0) || i > 1 && text[i-1] == ':' && figure(text[i-2]) {
			continue
		}
		rest := text[i:]
		figures := 0
		if tail, ok := cutAbroad(rest); ok {
			rest, figures = tail, 1
		} else if len(rest) < 2 || strings.IndexByte("12378", rest[1]) < 0 {
			continue
		}
		j := 0
		for ; j < len(rest); j++ {
			if figure(rest[j]) {
				figures++
			} else if strings.IndexByte(" -()", rest[j]) < 0 || !goesOn(rest[j+1:]) {
				break
			}
		}
		if (figures == 10 || figures == 11) && (j == len(rest) || !plainLetter(rest[j])) {
			return true
		}
	}
	return false
}

// cutAbroad cuts off what a number begins with for whoever rings from abroad, with a 0 in
// brackets behind it, which nobody dials then.
func cutAbroad(text string) (rest string, ok bool) {
	for _, code := range []string{"+44", "0044"} {
		if rest, ok = strings.CutPrefix(text, code); ok {
			bare, _ := strings.CutPrefix(strings.TrimLeft(rest, " "), "(0)")
			return bare, true
		}
	}
	return text, false
}

// goesOn reports whether a figure follows, with at most two marks before it.
func goesOn(text string) bool {
	for i := 0; i < len(text) && i < 3; i++ {
		if figure(text[i]) {
			return true
		}
		if strings.IndexByte(" -()", text[i]) < 0 {
			return false
		}
	}
	return false
}

func figure(c byte) bool { return c >= '0' && c <= '9' }

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// postcode reports whether a text holds a postcode as it is printed, in capital letters,
// with a space before the last three; or without it, where it has six characters or
// seven: of five there are too many that mean something else.
func postcode(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		// Few letters follow on a figure: so it is the last three that are looked for.
		if !figure(text[i]) || !inward(text[i+1]) || !inward(text[i+2]) || i == 0 || i+3 < len(text) && plainLetter(text[i+3]) {
			continue
		}
		end := i
		if text[i-1] == ' ' {
			end--
		}
		start := end
		for start > 0 && plainLetter(text[start-1]) {
			start--
		}
		if outward(text[start:end]) && (end < i || end-start >= 3) && !ordinal(text[i:i+3]) {
			return true
		}
	}
	return false
}

// inward reports whether a letter may be one of the last two of a postcode.
func inward(c byte) bool { return upper(c) && strings.IndexByte("CIKMOV", c) < 0 }

// outward reports whether this is the first half of a postcode.
func outward(text string) bool {
	letters := 0
	for letters < len(text) && upper(text[letters]) {
		letters++
	}
	if letters < 1 || letters > 2 || !strings.Contains(postcodeAreas, " "+text[:letters]+" ") {
		return false
	}
	switch rest := text[letters:]; len(rest) {
	case 1:
		return figure(rest[0])
	case 2:
		return figure(rest[0]) && (figure(rest[1]) || upper(rest[1]))
	}
	return false
}

// house reports whether a text says where somebody lives, as in 14 Mill Lane: a number, one
// to three words with capital letters, and what a street is called.
func house(text string) bool {
	streets := phrasesOf("streets")
	for at := 0; ; {
		i := strings.IndexAny(text[at:], "0123456789")
		if i < 0 {
			return false
		}
		start := at + i
		end := start
		for end < len(text) && figure(text[end]) {
			end++
		}
		at = end
		if end < len(text) && plainLetter(text[end]) && (end+1 == len(text) || !plainLetter(text[end+1])) {
			end++ // 14a
		}
		if start > 0 && (plainLetter(text[start-1]) || text[start-1] == '.' || text[start-1] == '-') || at-start > 4 || phrasesOf("what-is-counted").has(wordBefore(text, start)) {
			continue
		}
		for n := range 4 {
			w, ok := nextWord(text, end)
			if !ok || text[end:w.start] != " " && (n != 0 || text[end:w.start] != ", ") || !capital(text[w.start:w.end]) {
				break
			}
			if n > 0 && streets.has(strings.ToLower(text[w.start:w.end])) {
				return true
			}
			end = w.end
		}
	}
}

// wordBefore is the word before a place of a text, in small letters.
func wordBefore(text string, at int) string {
	before := strings.TrimRight(text[:at], " .:#(")
	start := len(before)
	for start > 0 && plainLetter(before[start-1]) {
		start--
	}
	return strings.ToLower(before[start:])
}

// postcodeAreas are what postcodes begin with; ZZ and the like are none, and neither is
// the KS of a key stage.
const postcodeAreas = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "

// ordinal reports whether the last three are a place in a row: group B2 3RD.
func ordinal(last string) bool { return last == "1ST" || last == "2ND" || last == "3RD" }
