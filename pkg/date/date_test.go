package date

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyDay draws days from the year 1 to 9999, the ends and leap days included.
func anyDay() *rapid.Generator[Date] {
	first, last := MustParse("0001-01-01"), MustParse("9999-12-31")
	return rapid.OneOf(
		rapid.SampledFrom([]Date{first, last, MustParse("2024-02-29"), MustParse("2023-08-31"), MustParse("2023-09-01")}),
		rapid.Custom(func(t *rapid.T) Date {
			return first.AddDays(rapid.IntRange(0, first.DaysUntil(last)).Draw(t, "day"))
		}),
	)
}

func TestParse(t *testing.T) {
	for _, s := range []string{"2025-11-21", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"} {
		d, err := Parse(s)
		if err != nil || d.String() != s {
			t.Errorf("Parse(%q) = %v, %v", s, d, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		"", " ", "2025-11-31", "2025-02-29", "1900-02-29", "2025-13-01", "2025-00-01", "2025-01-00",
		"2025-1-1", "25-11-21", "21-11-2025", "21/11/2025", "2025/11/21", "20251121", "2025-11-21T00:00:00Z",
		" 2025-11-21", "2025-11-21 ", "2025-11-21\n", "+2025-11-21", "-2025-11-21", "12025-11-21",
		"2025-11-2l", "٢٠٢٥-١١-٢١", "2025‐11‐21", "today",
	} {
		d, err := Parse(s)
		if err == nil || !d.IsZero() {
			t.Errorf("Parse(%q) = %v, %v, want an error", s, d, err)
			continue
		}
		if _, other := Parse("Jude"); err.Error() != other.Error() { // so it cannot repeat the value
			t.Errorf("Parse(%q): %v", s, err)
		}
	}
}

// asTheLibrary fails where Parse reads s otherwise than package time does.
func asTheLibrary(t testing.TB, s string) {
	t.Helper()
	d, err := Parse(s)
	day, wrong := time.Parse(time.DateOnly, s)
	if (err != nil) != (wrong != nil) {
		t.Fatalf("%q: %v; package time says: %v", s, err, wrong)
	}
	if err == nil && (d != Of(day) || d.String() != s) {
		t.Fatalf("%q is read as %q; package time has %v", s, d, day)
	}
}

func TestParseAsTheLibrary(t *testing.T) {
	for _, year := range []string{"0000", "0001", "1900", "2000", "2023", "2024", "9999"} {
		for month := range 15 {
			for day := range 34 {
				asTheLibrary(t, fmt.Sprintf("%s-%02d-%02d", year, month, day))
			}
		}
	}
}

// What is not given sorts as it always did, whatever it is compared with.
func TestCompareAsTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := []Date{anyDay().Draw(t, "a"), anyDay().Draw(t, "b"), {}, Date{}.AddDays(rapid.IntRange(-400, 400).Draw(t, "n"))}
		for _, d := range days {
			for _, e := range days {
				if got, want := d.Compare(e), d.time().Compare(e.time()); got != want {
					t.Fatalf("%v and %v: %d, want %d", d, e, got, want)
				}
			}
		}
	})
}

func TestMustParsePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a bad literal passed")
		}
	}()
	MustParse("2025-02-30")
}

func TestWriting(t *testing.T) {
	tests := []struct {
		d                Date
		iso, long, short string
	}{
		{Date{}, "", "", ""},
		{New(2025, time.November, 21), "2025-11-21", "21 November 2025", "21 Nov 2025"},
		{New(2025, time.September, 1), "2025-09-01", "1 September 2025", "1 Sep 2025"},
		{New(2025, time.February, 29), "2025-03-01", "1 March 2025", "1 Mar 2025"},
	}
	for _, tt := range tests {
		if diff := cmp.Diff([]string{tt.iso, tt.long, tt.short}, []string{tt.d.String(), tt.d.Long(), tt.d.Short()}); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOfTakesTheDayWhereItWas(t *testing.T) {
	late := time.Date(2025, 3, 31, 23, 30, 0, 0, time.UTC)
	bst := time.FixedZone("BST", 60*60)
	if got := Of(late).String(); got != "2025-03-31" {
		t.Errorf("in UTC it is %s", got)
	}
	if got := Of(late.In(bst)).String(); got != "2025-04-01" {
		t.Errorf("an hour east it is %s", got)
	}
}

func TestZero(t *testing.T) {
	if !(Date{}).IsZero() || MustParse("0001-01-01").IsZero() {
		t.Error("only the zero Date is not given")
	}
	if !(Date{}).Before(MustParse("0001-01-01")) {
		t.Error("not given sorts first")
	}
}

func TestAt(t *testing.T) {
	want := time.Date(2025, 11, 21, 16, 20, 0, 0, time.UTC)
	if got := MustParse("2025-11-21").At(16, 20); !got.Equal(want) {
		t.Errorf("At() = %s", got)
	}
}

func TestDaysUntil(t *testing.T) {
	tests := []struct {
		from, to string
		want     int
	}{
		{"2026-09-14", "2026-10-26", 42}, // six weeks, over the end of summer time
		{"2026-09-14", "2027-02-01", 140},
		{"2024-02-28", "2024-03-01", 2},
		{"2025-03-01", "2025-02-28", -1},
		{"1625-03-01", "2025-03-01", 146097}, // one whole turn of the calendar
	}
	for _, tt := range tests {
		if got := MustParse(tt.from).DaysUntil(MustParse(tt.to)); got != tt.want {
			t.Errorf("from %s to %s: %d days, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := anyDay().Draw(t, "d"), anyDay().Draw(t, "e")
		if back, err := Parse(d.String()); err != nil || back != d {
			t.Fatalf("%s is read as %s, %v", d, back, err)
		}
		n := d.DaysUntil(e)
		if got := d.AddDays(n); got != e {
			t.Fatalf("%s and %d days is %s, want %s", d, n, got, e)
		}
		if n != -e.DaysUntil(d) {
			t.Fatalf("%d days there, %d back", n, e.DaysUntil(d))
		}
		if d.Before(e) != (n > 0) || d.After(e) != (n < 0) || (d == e) != (n == 0) {
			t.Fatalf("the order of %s and %s is not that of the days between", d, e)
		}
		// One spelling, so that lists sort for people and machines alike.
		if got := strings.Compare(d.String(), e.String()); got != d.Compare(e) {
			t.Fatalf("%s and %s sort otherwise as text", d, e)
		}
		if want := time.Weekday((int(d.At(0, 0).Weekday()) + n%7 + 7) % 7); e.At(0, 0).Weekday() != want {
			t.Fatalf("%s is a %s, want %s", e, e.At(0, 0).Weekday(), want)
		}
	})
}

func TestJSON(t *testing.T) {
	type record struct{ Opened, Closed Date }
	in := record{Opened: MustParse("2025-09-29")}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `{"Opened":"2025-09-29","Closed":""}` {
		t.Fatalf("%s, %v", b, err)
	}
	var out record
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("read back as %v, %v", out, err)
	}
	kept := in.Opened
	if err := kept.UnmarshalText([]byte("29.9.2025")); err == nil || kept != in.Opened {
		t.Errorf("after a bad text the date is %v, %v", kept, err)
	}
}

func TestSchoolYear(t *testing.T) {
	tests := []struct {
		day  string
		want int
	}{
		{"2025-08-31", 2024},
		{"2025-09-01", 2025},
		{"2026-01-01", 2025},
		{"1999-12-31", 1999},
		{"2009-10-01", 2009},
	}
	for _, tt := range tests {
		if got := MustParse(tt.day).SchoolYear(); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.day, got, tt.want)
		}
	}
}

func TestYearGroup(t *testing.T) {
	const summer, autumn = "2017-08-31", "2017-09-01" // one day apart, one year group apart
	tests := []struct {
		born, on string
		want     string
	}{
		{summer, "2018-08-31", "E1"},
		{summer, "2018-09-01", "E2"},
		{summer, "2019-08-31", "E2"},
		{summer, "2019-09-01", "N1"},
		{summer, "2021-08-31", "N2"},
		{summer, "2021-09-01", "R"}, // the day after the fourth birthday
		{summer, "2022-08-31", "R"},
		{summer, "2022-09-01", "1"},
		{autumn, "2021-09-01", "N2"}, // the fourth birthday itself
		{autumn, "2022-08-31", "N2"},
		{autumn, "2022-09-01", "R"},
		{autumn, "2023-09-01", "1"},
		{"2017-03-08", "2025-11-21", "4"},
		{"2008-02-29", "2026-06-01", "13"},
		{"2008-02-29", "2026-09-01", "14"},
	}
	for _, tt := range tests {
		if got := MustParse(tt.on).YearGroup(MustParse(tt.born).Reception()); got != tt.want {
			t.Errorf("born %s, on %s: year %s, want %s", tt.born, tt.on, got, tt.want)
		}
	}
	// A summer-born child whose parents chose Reception a year later stays with that cohort.
	if got := MustParse("2022-09-01").YearGroup(MustParse(summer).Reception() + 1); got != "R" {
		t.Errorf("a year later: %s", got)
	}
}

func TestYearGroupsGoUpOnFirstSeptember(t *testing.T) {
	order := []string{"E1", "E2", "N1", "N2", "R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"}
	rapid.Check(t, func(t *rapid.T) {
		born := MustParse("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(t, "born"))
		day := born.AddDays(rapid.IntRange(0, 18*365).Draw(t, "day"))
		now, next := slices.Index(order, day.YearGroup(born.Reception())), slices.Index(order, day.AddDays(1).YearGroup(born.Reception()))
		if now < 0 || next < 0 {
			t.Fatalf("no such year group on %s", day)
		}
		first := day.AddDays(1).Month() == time.September && day.AddDays(1).Day() == 1
		want := now
		if first && day.AddDays(1).SchoolYear() > born.Reception()-4 { // "E1" is all that comes before
			want++
		}
		if next != want {
			t.Fatalf("from %s on %s to %s the day after", order[now], day, order[next])
		}
		if start := New(born.Reception(), time.September, 1).Age(born); start != 4 && !(born.Month() == time.September && born.Day() == 1 && start == 5) {
			t.Fatalf("born %s: %d years old when Reception begins", born, start)
		}
	})
}

func TestAge(t *testing.T) {
	tests := []struct {
		born, on string
		want     int
	}{
		{"2017-03-08", "2025-03-07", 7},
		{"2017-03-08", "2025-03-08", 8},
		{"2017-03-08", "2025-02-28", 7},
		{"2017-03-08", "2025-04-01", 8},
		{"2017-03-08", "2017-03-08", 0},
		{"2016-02-29", "2025-02-28", 8},
		{"2016-02-29", "2025-03-01", 9},
		{"2016-02-29", "2024-02-28", 7},
		{"2016-02-29", "2024-02-29", 8},
		{"2017-03-08", "2017-03-07", -1}, // not born yet
	}
	for _, tt := range tests {
		if got := MustParse(tt.on).Age(MustParse(tt.born)); got != tt.want {
			t.Errorf("born %s, on %s: %d, want %d", tt.born, tt.on, got, tt.want)
		}
	}
}

func TestAgeGoesUpOnBirthdays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		born := MustParse("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(t, "born"))
		n := rapid.IntRange(1, 30).Draw(t, "age")
		birthday := New(born.Year()+n, born.Month(), born.Day())
		if birthday.Age(born) != n || birthday.AddDays(-1).Age(born) != n-1 {
			t.Fatalf("born %s: %d on %s, %d the day before", born, birthday.Age(born), birthday, birthday.AddDays(-1).Age(born))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2025-11-21", "2025-2-29", "0000-00-00", "0000-02-29", "1900-02-29", "2025-04-31", "", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { asTheLibrary(t, s) })
}
