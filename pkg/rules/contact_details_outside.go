package rules

import (
	"bytes"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

// contactDetailsOutside: how to reach somebody stands in one place, or an old number
// lives on in the others.
var contactDetailsOutside = Rule{
	Name: "contact-details-outside", ID: "SEN1504", Severity: diag.Warning,
	About:  "E-mail addresses, telephone numbers and postcodes stand in identity.yaml and people.yaml, and in no text.",
	Source: "record property 8; UK GDPR, article 5(1)(c)",
	check: func(l *look) {
		for _, d := range l.written() {
			mail := bytes.IndexByte(d.tree.Bytes(), '@') >= 0
			for _, v := range d.texts {
				if mail && address(v.Value) || figures(v.Value) && (telephone(v.Value) || postcode(v.Value)) {
					l.find(d.doc, d.place(v), "this holds an e-mail address, a telephone number or a postcode", l.instead(d.doc, "write it under contact in identity.yaml, or in people.yaml, and take it out here"))
				}
			}
		}
	},
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

// telephone reports whether a text holds a telephone number of this country: ten or
// eleven figures in groups, the first of them 01, 02, 03, 07 or 08, or after +44.
func telephone(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '0' && c != '+' {
			continue
		}
		if i > 0 && (plainLetter(text[i-1]) || strings.IndexByte("./:-+", text[i-1]) >= 0) {
			continue
		}
		rest := text[i:]
		figures := 0
		if tail, ok := strings.CutPrefix(rest, "+44"); ok {
			rest, figures = tail, 1
		} else if len(rest) < 2 || strings.IndexByte("12378", rest[1]) < 0 {
			continue
		}
		j := 0
		for ; j < len(rest); j++ {
			if rest[j] >= '0' && rest[j] <= '9' {
				figures++
				continue
			}
			if strings.IndexByte(" -()", rest[j]) >= 0 && j+1 < len(rest) && (rest[j+1] >= '0' && rest[j+1] <= '9' || strings.IndexByte("()", rest[j+1]) >= 0) {
				continue
			}
			break
		}
		if (figures == 10 || figures == 11) && (j == len(rest) || !plainLetter(rest[j])) {
			return true
		}
	}
	return false
}

// postcode reports whether a text holds a postcode as it is printed: capital letters, and
// a space before the last three.
func postcode(text string) bool {
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	figure := func(c byte) bool { return c >= '0' && c <= '9' }
	last := func(c byte) bool { return upper(c) && strings.IndexByte("CIKMOV", c) < 0 }
	for from := 0; ; {
		i := strings.IndexByte(text[from:], ' ')
		if i < 0 {
			return false
		}
		i += from
		from = i + 1
		if i+4 > len(text) || !figure(text[i+1]) || i+3 >= len(text) || !last(text[i+2]) || !last(text[i+3]) || i+4 < len(text) && plainLetter(text[i+4]) {
			continue
		}
		start := i
		for start > 0 && plainLetter(text[start-1]) {
			start--
		}
		out := text[start:i]
		letters := 0
		for letters < len(out) && upper(out[letters]) {
			letters++
		}
		if letters < 1 || letters > 2 || !strings.Contains(postcodeAreas, " "+out[:letters]+" ") || ordinal(text[i+1:i+4]) {
			continue
		}
		switch rest := out[letters:]; len(rest) {
		case 1:
			if figure(rest[0]) {
				return true
			}
		case 2:
			if figure(rest[0]) && (figure(rest[1]) || upper(rest[1])) {
				return true
			}
		}
	}
}

// postcodeAreas are what postcodes begin with; ZZ and the like are none, and neither is
// the KS of a key stage.
const postcodeAreas = " AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE "

// ordinal reports whether the last three are a place in a row: group B2 3RD.
func ordinal(last string) bool { return last == "1ST" || last == "2ND" || last == "3RD" }
