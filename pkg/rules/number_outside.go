package rules

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// numberOutside: a number that is one child's for life names them as surely as a name.
var numberOutside = Rule{
	Name: "number-outside", ID: "SEN1503", Severity: diag.Warning,
	About:  "No file but identity.yaml holds the UPN, the ULN or the date of birth, and none an NHS number.",
	Source: "record property 8; UK GDPR, article 25",
	check: func(l *look) {
		who := l.record.Identity.Value
		numbers := numbersOf(l.record)
		year := []byte(strconv.Itoa(who.Born.Year()))
		var born []string
		for _, d := range l.written() {
			file := d.tree.Bytes()
			var here []string
			for _, n := range numbers {
				if bytes.Contains(file, []byte(n)) {
					here = append(here, n)
				}
			}
			if !who.Born.IsZero() && bytes.Contains(file, year) {
				if born == nil {
					born = birthdays(who.Born)
				}
				here = append(here, born...)
			}
			health := healthNumber(file)
			if len(here) == 0 && !health {
				continue
			}
			for _, v := range d.texts {
				switch {
				case slices.ContainsFunc(here, func(n string) bool { return alone(v.Value, n) }):
					l.find(d.doc, d.place(v), "this holds a number or the date of birth, which only identity.yaml may hold", l.instead(d.doc, "take it out, or write the age"))
				case health && healthNumber([]byte(v.Value)):
					l.find(d.doc, d.place(v), "this holds an NHS number, which no file of the record may hold", l.instead(d.doc, "take it out"))
				}
			}
		}
	},
}

func numbersOf(r *folder.Record) []string {
	var out []string
	for _, n := range []string{r.Identity.Value.UPN, r.Identity.Value.FormerUPN, r.Identity.Value.ULN} {
		if len(n) >= 10 {
			out = append(out, n)
		}
	}
	return out
}

func upnsOf(r *folder.Record) []name {
	var out []name
	for _, n := range numbersOf(r) {
		out = append(out, name{words: []string{n}})
	}
	return out
}

// birthdays are the ways in which people write a date of birth, all with the year in four
// figures.
func birthdays(born date.Date) []string {
	y, m, d := born.Year(), int(born.Month()), born.Day()
	month := born.Month().String()
	out := []string{born.String()}
	for _, day := range []string{fmt.Sprint(d), fmt.Sprintf("%02d", d)} {
		for _, no := range []string{fmt.Sprint(m), fmt.Sprintf("%02d", m)} {
			for _, between := range []string{"/", ".", "-"} {
				out = append(out, fmt.Sprint(day, between, no, between, y))
			}
		}
	}
	th := "th"
	switch {
	case d%10 == 1 && d != 11:
		th = "st"
	case d%10 == 2 && d != 12:
		th = "nd"
	case d%10 == 3 && d != 13:
		th = "rd"
	}
	for _, name := range []string{month, month[:3]} {
		out = append(out, fmt.Sprintf("%d %s %d", d, name, y), fmt.Sprintf("%d%s %s %d", d, th, name, y), fmt.Sprintf("%d%s of %s %d", d, th, name, y),
			fmt.Sprintf("%s %d, %d", name, d, y), fmt.Sprintf("%s %d %d", name, d, y))
	}
	return out
}

// alone reports whether a text holds something with neither a letter nor a figure next to it.
func alone(text, what string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], what)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(what)
		if (i == 0 || !plainLetter(text[i-1])) && (end == len(text) || !plainLetter(text[end])) {
			return true
		}
		from = end
	}
}

func plainLetter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

// healthNumber reports whether a text holds an NHS number as letters print it: three
// figures, three and four, of which the last is the check figure of the others.
func healthNumber(text []byte) bool {
	for i := 0; i+12 <= len(text); i++ {
		switch c := text[i+11]; { // by the last of twelve most of a text is passed over
		case c == ' ' || c == '-': // at best the eighth of a number
			i += 4 - 1
			continue
		case c < '0' || c > '9':
			i += 12 - 1
			continue
		}
		between := text[i+3]
		if between != ' ' && between != '-' || text[i+7] != between || strings.IndexByte("34679", text[i]) < 0 {
			continue
		}
		if i > 0 && (plainLetter(text[i-1]) || text[i-1] == '-' || text[i-1] == '.') || i+12 < len(text) && (plainLetter(text[i+12]) || text[i+12] == '-') {
			continue
		}
		sum, n := 0, 0
		for j, c := range text[i : i+12] {
			if j == 3 || j == 7 {
				continue
			}
			if c < '0' || c > '9' {
				break
			}
			if n++; n < 10 {
				sum += int(c-'0') * (11 - n)
			}
		}
		if check := (11 - sum%11) % 11; n == 10 && check == int(text[i+11]-'0') {
			return true
		}
	}
	return false
}
