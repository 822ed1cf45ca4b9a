package date

import "time"

// CensusDays are the days of the school census in a calendar year: the third Thursday of
// January (spring) and of May (summer), and the first of October (autumn). The DfE can
// move a day, so this is where to begin, not what decides.
func CensusDays(year int) [3]Date {
	return [3]Date{thursday(year, time.January, 3), thursday(year, time.May, 3), thursday(year, time.October, 1)}
}

// thursday is the n-th Thursday of a month.
func thursday(year int, month time.Month, n int) Date {
	first := New(year, month, 1)
	return first.AddDays((int(time.Thursday-first.At(0, 0).Weekday())+7)%7 + 7*(n-1))
}
