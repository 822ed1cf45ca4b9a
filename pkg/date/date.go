package date

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil day. The zero Date is "not given" and prints as "".
// It is comparable with ==.
type Date struct {
	year  int
	month time.Month
	day   int
}

// New gives the day y-m-d; a day outside its month is carried over, as time.Date does.
func New(y int, m time.Month, d int) Date {
	return Of(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// Of gives the civil day of t in t's own location.
func Of(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Parse reads an ISO day such as 2025-11-21, and nothing else: one spelling
// keeps every file and every list in the same order for people and machines.
func Parse(s string) (Date, error) {
	// By hand, and held against time.Parse by a test: a record is little but dates, and
	// each is read several times.
	y, m, d := digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2)
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' || y < 0 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Date{}, fmt.Errorf("not a date: write it as YYYY-MM-DD, for example 2025-11-21")
	}
	return Date{y, time.Month(m), d}, nil
}

// digits is the number that the n bytes of s from i on spell, -1 where they spell none.
func digits(s string, i, n int) int {
	if len(s) < i+n {
		return -1
	}
	out := 0
	for _, c := range []byte(s[i : i+n]) {
		if c < '0' || c > '9' {
			return -1
		}
		out = out*10 + int(c-'0')
	}
	return out
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// MustParse is Parse for literals in code and tests; it panics on a bad one.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d == Date{} }

// Year is the calendar year.
func (d Date) Year() int { return d.year }

// Month is the calendar month.
func (d Date) Month() time.Month { return d.month }

// Day is the day of the month, from 1.
func (d Date) Day() int { return d.day }

// String gives the ISO form, 2025-11-21; "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	y, m := d.year, int(d.month)
	if y < 0 || y > 9999 {
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d.day)
	}
	figure := func(n int) byte { return byte('0' + n%10) } // by hand, like Parse
	return string([]byte{figure(y / 1000), figure(y / 100), figure(y / 10), figure(y), '-', figure(m / 10), figure(m), '-', figure(d.day / 10), figure(d.day)})
}

// Long gives the form for sentences, 21 November 2025; "" for the zero Date.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.day, d.month, d.year)
}

// Short gives the form for tables, 21 Nov 2025; "" for the zero Date.
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", d.day, d.month.String()[:3], d.year)
}

// Compare is negative, zero or positive as d is before, on or after e.
func (d Date) Compare(e Date) int {
	if d.month == 0 || e.month == 0 { // not given, which is no day of the calendar
		return d.time().Compare(e.time())
	}
	return cmp.Or(cmp.Compare(d.year, e.year), cmp.Compare(d.month, e.month), cmp.Compare(d.day, e.day))
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays gives the day n days later (earlier where n is negative).
func (d Date) AddDays(n int) Date {
	if day := d.day + n; d.month != 0 && day >= 1 && day <= daysIn(d.year, int(d.month)) {
		return Date{d.year, d.month, day} // most are of the same month, and need no calendar
	}
	return Of(d.time().AddDate(0, 0, n))
}

// DaysUntil is the number of days from d to e, negative where e is earlier.
func (d Date) DaysUntil(e Date) int {
	// Not by time.Duration, which ends after 292 years: a mistyped century must still count right.
	return int((e.time().Unix() - d.time().Unix()) / (24 * 60 * 60))
}

// At gives the moment of d at hour:minute in UTC.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, 0, 0, time.UTC)
}

func (d Date) time() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// MarshalText gives the ISO form, so that JSON carries dates as people write them.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(b))
	if err == nil {
		*d = parsed
	}
	return err
}
