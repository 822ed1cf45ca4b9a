package cost

import "strconv"

// Pence is an amount of money.
type Pence int64

// Pounds writes an amount as files hold it, 1640.00.
func (p Pence) Pounds() string {
	s := strconv.FormatInt(int64(p), 10)
	neg := ""
	if p < 0 {
		neg, s = "-", s[1:]
	}
	for len(s) < 3 {
		s = "0" + s
	}
	return neg + s[:len(s)-2] + "." + s[len(s)-2:]
}
