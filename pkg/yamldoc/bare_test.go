package yamldoc

import (
	"fmt"
	"testing"
	"time"
)

// inCalendar is held against the library of the language.
func TestInCalendar(t *testing.T) {
	for _, year := range []string{"0000", "0001", "1900", "2000", "2023", "2024", "9999"} {
		for month := range 14 {
			for day := range 33 {
				for _, form := range []string{"%s-%d-%d", "%s-%02d-%02d"} {
					s := fmt.Sprintf(form, year, month, day)
					day, err := time.Parse("2006-1-2", s)
					if got, want := inCalendar(s), err == nil && day.Year() != 0; got != want {
						t.Errorf("%s: %t, want %t", s, got, want)
					}
				}
			}
		}
	}
}
