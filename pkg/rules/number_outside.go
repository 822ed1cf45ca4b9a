package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/ids"
)

// numberOutside: a number that is one child's for life names them as surely as a name.
var numberOutside = Rule{
	Name: "number-outside", ID: "SEN1503", Severity: diag.Warning,
	About:  "Only identity.yaml holds the UPN, the ULN and the date of birth, and no file holds an NHS or National Insurance number.",
	Source: "records: only identity.yaml says who the child is; UK GDPR, article 25 (protection by design)",
	check: func(l *look) {
		numbers, born := numbersOf(l.record), l.record.Identity.Value.Born
		var days []string  // on which the learner was born, in the ways in which it is written
		var years []string // with which these end or begin
		if !born.IsZero() {
			short := shortYear(born)
			years = []string{strconv.Itoa(born.Year()), "/" + short, "." + short, strconv.Itoa(int(born.Month())) + "-" + short}
		}
		for _, d := range l.written() {
			var here []string
			for _, n := range numbers {
				if d.mayHold(n) {
					here = append(here, n)
				}
			}
			if slices.ContainsFunc(years, d.mayHold) {
				if days == nil {
					days = birthdays(born)
				}
				here = append(here, days...)
			}
			l.numbersIn(d, func(text string) bool {
				return slices.ContainsFunc(here, func(n string) bool { return alone(text, n) })
			})
		}
	},
	setting: func(l *look) {
		for _, d := range l.fronts() {
			l.numbersIn(d, func(string) bool { return false })
		}
	},
}

// numbersIn finds the numbers of a file that name somebody: those by which own knows the
// learner, and those that are plainly a number of that kind.
func (l *look) numbersIn(d docTexts, own func(text string) bool) {
	for p := range d.passages {
		if !figures(p.words) {
			continue
		}
		kind := numberIn(p.words)
		switch {
		case kind == upnNumber, kind == noNumber && own(p.words):
			l.findIn(d, p, "this contains a UPN, a ULN or the date of birth, which only identity.yaml may hold", l.instead(d.doc, "take it out, or write the age"))
		case kind == healthNumber:
			l.findIn(d, p, "this contains an NHS number, which no file of the record may hold", l.instead(d.doc, "take it out"))
		case kind == insuranceNumber:
			l.findIn(d, p, "this contains a National Insurance number, which no file of the record may hold", l.instead(d.doc, "take it out"))
		}
	}
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

func shortYear(d date.Date) string { return fmt.Sprintf("%02d", d.Year()%100) }

// birthdays are the ways in which people write a date of birth: in figures with the year
// in four or in two, in words with four.
func birthdays(born date.Date) []string {
	y, m, d := born.Year(), int(born.Month()), born.Day()
	month := born.Month().String()
	out := []string{born.String()}
	for _, day := range []string{fmt.Sprint(d), fmt.Sprintf("%02d", d)} {
		for _, no := range []string{fmt.Sprint(m), fmt.Sprintf("%02d", m)} {
			for _, between := range []string{"/", ".", "-"} {
				out = append(out, fmt.Sprint(day, between, no, between, y), fmt.Sprint(day, between, no, between, shortYear(born)))
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

// alone reports whether a text holds something with neither a letter nor a figure next to
// it, nor a mark that makes it part of a longer number: 1.8.3.17.
func alone(text, what string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], what)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(what)
		if !partOf(text[:i], true) && !partOf(text[end:], false) {
			return true
		}
		from = end
	}
}

// partOf reports whether what stands before or behind a number makes it part of a longer
// word or number.
func partOf(text string, before bool) bool {
	at := func(i int) byte {
		if i >= len(text) {
			return 0
		}
		if before {
			return text[len(text)-1-i]
		}
		return text[i]
	}
	return plainLetter(at(0)) || strings.IndexByte("./-", at(0)) >= 0 && figure(at(1))
}

func plainLetter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

// numberKind is a kind of number that is one person's for life.
type numberKind uint8

const (
	noNumber numberKind = iota
	upnNumber
	healthNumber
	insuranceNumber
)

// numberIn finds a number of a person in a text by its form, and by its check figure or
// letter where it has one.
func numberIn(text string) numberKind {
	for i := 0; i < len(text); i++ {
		if !figure(text[i]) {
			continue
		}
		end := i + 1
		for end < len(text) && figure(text[end]) {
			end++
		}
		switch end - i {
		case 11, 12: // behind a letter
			if from, to := i-1, i+12; from >= 0 && to <= len(text) && plainLetter(text[from]) && !partOf(text[:from], true) && !partOf(text[to:], false) && isUPN(text[from:to]) {
				return upnNumber
			}
		case 10:
			if isHealthNumber(text, i, end, text[i:end]) {
				return healthNumber
			}
		case 3: // as letters print it: 943 476 5919
			if to := i + 12; to <= len(text) && (text[i+3] == ' ' || text[i+3] == '-') && text[i+7] == text[i+3] && isHealthNumber(text, i, to, text[i:i+3]+text[i+4:i+7]+text[i+8:to]) {
				return healthNumber
			}
		case 6:
			if to := end + 1; isInsuranceNumber(text, i-2, to) {
				return insuranceNumber
			}
		case 2: // QQ 12 34 56 C
			if to := i + 10; i > 2 && to <= len(text) && text[i-1] == ' ' && text[i+2] == ' ' && text[i+5] == ' ' && text[i+8] == ' ' &&
				allFigures(text[i+3:i+5]+text[i+6:i+8]) && isInsuranceNumber(text, i-3, to) {
				return insuranceNumber
			}
		}
		i = end
	}
	return noNumber
}

func allFigures(text string) bool { return strings.Trim(text, "0123456789") == "" }

func isUPN(text string) bool {
	var fault *ids.UPNError
	err := ids.CheckUPN(text)
	return err == nil || errors.As(err, &fault) && fault.Fault == ids.UPNCapitals
}

// isHealthNumber reports whether ten figures of a text are an NHS number: the last is the
// check figure of the others, and nothing says that they count or name something else.
func isHealthNumber(text string, from, to int, ten string) bool {
	if !allFigures(ten) || strings.IndexByte("34679", ten[0]) < 0 || partOf(text[:from], true) || partOf(text[to:], false) || from > 0 && text[from-1] == '-' {
		return false
	}
	sum := 0
	for i := range 9 {
		sum += int(ten[i]-'0') * (10 - i)
	}
	return (11-sum%11)%11 == int(ten[9]-'0') && !phrasesOf("what-is-counted").has(wordBefore(text, from))
}

// isInsuranceNumber reports whether two capital letters stand at a place of a text, and
// before another a letter from A to D, with what is between them alone.
func isInsuranceNumber(text string, from, to int) bool {
	return from >= 0 && to <= len(text) && upper(text[from]) && upper(text[from+1]) && text[to-1] >= 'A' && text[to-1] <= 'D' &&
		!partOf(text[:from], true) && !partOf(text[to:], false)
}
