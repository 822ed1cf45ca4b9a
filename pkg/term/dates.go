package term

import (
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

// readDate understands a day as people in the UK write it: 2025-11-21, today,
// yesterday, 21/11/2025, 21.11.25, 21 Nov 2025, 21st November 2025. Day comes
// before month, always; a year of two figures is in this century.
func readDate(text string, today date.Date) (date.Date, bool) {
	switch t := strings.ToLower(text); t {
	case "today":
		return today, !today.IsZero()
	case "yesterday":
		return today.AddDays(-1), !today.IsZero()
	}
	if d, err := date.Parse(text); err == nil {
		return d, true
	}
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r == '/' || r == '.' || r == '-' || r == ' ' || r == ',' || r == '\u00a0'
	})
	if len(parts) != 3 || text[0] < '0' || text[0] > '9' { // -1/2/2025 is a slip, not a day
		return date.Date{}, false
	}
	day, ok := readDay(parts[0])
	if !ok {
		return date.Date{}, false
	}
	month, ok := readMonth(parts[1])
	if !ok {
		return date.Date{}, false
	}
	year, ok := figures(parts[2])
	switch {
	case ok && len(parts[2]) == 2:
		year += 2000
	case !ok || len(parts[2]) != 4:
		return date.Date{}, false
	}
	d := date.New(year, month, day)
	if d.Day() != day || d.Month() != month { // 31 February was carried over
		return date.Date{}, false
	}
	return d, true
}

func readDay(text string) (int, bool) {
	for _, end := range []string{"st", "nd", "rd", "th"} {
		text = strings.TrimSuffix(text, end)
	}
	n, ok := figures(text)
	return n, ok && n >= 1 && n <= 31
}

// readMonth takes a number or the beginning of a name, of three letters at least.
func readMonth(text string) (time.Month, bool) {
	if n, ok := figures(text); ok {
		return time.Month(n), n >= 1 && n <= 12
	}
	if len(text) < 3 {
		return 0, false
	}
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), text) {
			return m, true
		}
	}
	return 0, text == "sept"
}

// figures reads digits alone: Atoi would take a sign.
func figures(text string) (int, bool) {
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
