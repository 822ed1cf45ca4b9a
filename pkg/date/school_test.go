package date_test

import (
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
)

// School days are counted in term, and where the terms end every weekday counts.
func TestAfterSchoolDays(t *testing.T) {
	span := func(from, to string) date.Span { return date.Span{From: date.MustParse(from), To: date.MustParse(to)} }
	terms := []date.Span{span("2026-09-03", "2026-12-18"), span("2027-01-05", "2027-03-25")}
	half := []date.Span{span("2026-10-24", "2026-11-01")}
	for _, tt := range []struct {
		from string
		n    int
		want string
		ok   bool
	}{
		{"2026-09-14", 15, "2026-10-05", true},  // three weeks of five days
		{"2026-10-12", 15, "2026-11-09", true},  // over half-term
		{"2026-12-11", 15, "2027-01-18", true},  // over Christmas: 5 days, then 10
		{"2026-12-19", 1, "2027-01-05", true},   // from a Saturday in the holiday
		{"2027-03-24", 15, "2027-04-14", false}, // the terms end: one day of term, then weekdays
		{"2027-05-01", 15, "2027-05-21", false}, // beyond all terms, from a Saturday
		{"2026-08-01", 1, "2026-09-03", true},   // before the first term there is no school
	} {
		got, ok := date.MustParse(tt.from).AfterSchoolDays(tt.n, terms, half)
		if got.String() != tt.want || ok != tt.ok {
			t.Errorf("%d after %s: %s, %t; want %s, %t", tt.n, tt.from, got, ok, tt.want, tt.ok)
		}
	}
	if got, ok := date.MustParse("2026-09-14").AfterSchoolDays(15, nil, nil); got.String() != "2026-10-05" || ok {
		t.Errorf("without terms: %s, %t", got, ok)
	}
}
