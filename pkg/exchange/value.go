package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
)

// value is one cell as it was understood. why says what is wrong with it and what to do,
// note how it was taken where it may be taken otherwise; neither ever holds the cell.
type value struct {
	text  string    // the code, or the words; where why is set, as it came
	codes []string  // several codes of one cell, in its order
	day   date.Date // of a date
	yes   bool      // of an indicator
	rank  int
	// month says which of two numbers a date with slashes is: see dayOrder.
	order dayOrder
	why   string
	note  string
}

// dayOrder says of a date such as 03/04/2025 whether it can be read one way alone.
type dayOrder uint8

const (
	certain   dayOrder = iota // no matter, as in 2025-04-03 or 04/04/2025
	dayFirst                  // 31/01/2025
	either                    // 03/04/2025
	monthOnly                 // 01/31/2025, which is a fault
)

// longestText is the most characters of a name.
const longestText = 200

// readText takes a name as it is.
func readText(cell string) value {
	v := value{text: cell}
	switch {
	case utf8.RuneCountInString(cell) > longestText:
		v.why = fmt.Sprintf("this is longer than %d characters; shorten it, or see whether the columns have slipped", longestText)
	case strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		v.why = "this holds a line break or another character that is not text; type it again"
	case strings.ContainsFunc(cell, unseen):
		v.why = "this holds a character that cannot be seen, such as one that turns the direction of writing, so that it looks like a different name; type it again"
	}
	return v
}

// unseen reports a character that changes how a text reads, or is found, and shows
// nothing itself. The joiners of Arabic and Indian scripts belong to the spelling.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
}

// readUPN takes a unique pupil number, in capitals.
func readUPN(cell string) value {
	v := value{text: strings.ToUpper(cell)}
	if err := ids.CheckUPN(v.text); err != nil {
		return value{text: cell, why: err.Error() + "; look it up in the school's own system"}
	}
	if v.text != cell {
		v.note = "this is written in small letters, and taken in capitals"
	}
	return v
}

func readULN(cell string) value {
	v := value{text: cell}
	if err := ids.CheckULN(cell); err != nil {
		v.why = err.Error() + "; look it up in the school's own system"
	}
	return v
}

// readCode takes a code of a list, or words for one.
func readCode(list, cell string) value {
	l := shipped().lists[list]
	key := Fold(cell)
	if code, ok := l.code[key]; ok {
		return value{text: code}
	}
	if code, ok := l.loose[key]; ok {
		return value{text: code, note: "this may mean another code too, and is taken for " + code}
	}
	if l.former[key] {
		return value{text: cell, why: "this is a code that the census takes no more; " + l.instead}
	}
	return value{text: cell, why: "this is no code that is known, nor words for one; " + l.instead}
}

// readYear takes a National Curriculum year: Year 4, Y4, 04.
func readYear(cell string) value {
	v := readCode("nc-year", cell)
	if v.why == "" {
		return v
	}
	digits := Fold(whole(cell)) // 1/2 is no year 12: Fold keeps figures apart
	for _, prefix := range []string{"ncyear", "nationalcurriculumyear", "yeargroup", "year", "ncy", "yr", "y"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			digits = rest
			break
		}
	}
	if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= 14 && len(digits) <= 2 {
		return value{text: strconv.Itoa(n)}
	}
	v.why = "this is no National Curriculum year that is known; write N1, N2, R, 1 to 14, or X where the curriculum is not followed"
	return v
}

// readNeed takes a type of need, or several of one cell.
func readNeed(cell string) value {
	v := readCode("sen-type", cell)
	if v.why == "" {
		return v
	}
	parts := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;/|+\n", r) })
	if len(parts) < 2 {
		return v
	}
	several := value{note: "this holds several types of need, taken in the order in which they stand"}
	for _, part := range parts {
		one := readCode("sen-type", part)
		if one.why != "" {
			return v
		}
		several.codes = append(several.codes, one.text)
	}
	return several
}

// readYesNo takes an indicator.
func readYesNo(cell string) value {
	switch Fold(whole(cell)) {
	case "true", "t", "yes", "y", "1":
		return value{yes: true}
	case "false", "f", "no", "n", "0":
		return value{}
	}
	return value{text: cell, why: "this is neither yes nor no; write true or false"}
}

// readRank takes the rank of a need: 1 or 1.0.
func readRank(cell string) value {
	n, err := strconv.Atoi(whole(cell))
	if err != nil || n < 1 || n > 99 {
		return value{text: cell, why: "this is no rank; write 1 for the main need, 2 for the second"}
	}
	return value{rank: n}
}

// whole takes from a number the point and zeros that a program put behind it.
func whole(s string) string {
	s = strings.TrimSpace(s)
	if head, zeros, found := strings.Cut(s, "."); found && zeros != "" && strings.Trim(zeros, "0") == "" {
		return head
	}
	return s
}

const dayWanted = "; write it as 31/01/2025 or 2025-01-31"

// readDay takes a day in one of the ways in which school systems and people write one.
// A day stands before its month, unless the year stands before both.
func readDay(cell string) value {
	bad := func(why string) value { return value{text: cell, why: why + dayWanted} }
	text, clock := cell, ""
	if i := strings.IndexByte(cell, ':'); i > 0 {
		j := strings.LastIndexAny(cell[:i], " T")
		if j < 0 {
			return bad("this is no day")
		}
		text, clock = strings.TrimSpace(cell[:j]), strings.TrimSpace(cell[j+1:])
	}
	// Midnight is how programs print a day. Any other hour may be a day of another time
	// zone: half past eleven on the day before.
	if strings.Trim(clock, "0:.") != "" {
		return bad("this holds a time of day, so that its day is not certain")
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' || r == ',' })
	if len(parts) != 3 {
		if strings.Trim(text, "0123456789.") == "" {
			return bad("this is a bare number, as a spreadsheet keeps a day; give the column the format of a date")
		}
		return bad("this is no day")
	}
	y, m, d := parts[2], parts[1], parts[0]
	named := strings.Trim(m, "0123456789") != ""
	slashed := !named
	if len(d) == 4 {
		y, d = d, y
		slashed = false
	}
	year, yerr := number(y)
	day, derr := number(d)
	month, merr := number(m)
	if named {
		month, merr = monthNamed(m)
	}
	switch {
	case slashed && len(y) == 2 && yerr == nil && merr == nil && derr == nil:
		return bad("this has a year of two figures")
	case named && len(y) <= 2 && yerr == nil && merr == nil && derr == nil:
		return bad("this has a year of two figures")
	case yerr != nil || merr != nil || derr != nil || len(y) != 4 || len(d) > 2:
		return bad("this is no day")
	case slashed && month > 12 && day <= 12 && month <= 31:
		v := bad("this has the month before the day")
		v.order = monthOnly
		return v
	case month < 1 || month > 12:
		return bad("this is no day")
	case year < 1900 || year > 2100:
		return bad("this has a year that cannot be meant")
	}
	on := date.New(year, time.Month(month), day)
	if on.Day() != day || day < 1 {
		return bad("this is no day of the calendar")
	}
	v := value{day: on}
	switch {
	case !slashed || day == month:
	case day > 12:
		v.order = dayFirst
	default:
		v.order = either
	}
	return v
}

// number is a number of at most four figures and nothing else.
func number(s string) (int, error) {
	if s == "" || len(s) > 4 || strings.Trim(s, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(s)
}

// monthNamed is a month by its English name or the first three letters of it.
func monthNamed(s string) (int, error) {
	s = strings.ToLower(s)
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if s == name || s == name[:3] || m == time.September && s == "sept" {
			return int(m), nil
		}
	}
	return 0, strconv.ErrSyntax
}
