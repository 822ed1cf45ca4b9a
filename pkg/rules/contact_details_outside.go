package rules

import (
	"bytes"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// contactDetailsOutside: how to reach somebody stands in one place, or an old number
// lives on in the others.
var contactDetailsOutside = Rule{
	Name: "contact-details-outside", ID: "SEN1504", Severity: diag.Warning,
	About:  "E-mail addresses and telephone numbers stand in identity.yaml and people.yaml, and in no text.",
	Source: "record property 8; UK GDPR, article 5(1)(c)",
	check: func(l *look) {
		for _, d := range docsOf(l.record) {
			file := d.tree.Bytes()
			mail := bytes.IndexByte(file, '@') >= 0
			texts(d, func(at yamldoc.Path, v *yamldoc.Node) {
				if mail && address(v.Value) || telephone(v.Value) {
					l.find(d, at.String(), "this holds an e-mail address or a telephone number", l.instead(d, "write it under contact in identity.yaml, or in people.yaml, and take it out here"))
				}
			})
		}
	},
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
