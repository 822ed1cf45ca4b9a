package learner

import (
	"strconv"
	"strings"
)

// Words is text a person wrote. It is kept as they wrote it, trimmed at both
// ends, and is always in block style or quotes in a file: never bare in flow
// style, where a comma would lose part of it.
type Words string

// Number is a number as it was written, so that 16.40 stays 16.40. "" is not given.
type Number string

// Float is the number's value; ok is false when it is not given or not a number.
func (n Number) Float() (v float64, ok bool) {
	v, err := strconv.ParseFloat(string(n), 64)
	return v, err == nil
}

// Int is the number's value where it is whole; ok is false otherwise.
func (n Number) Int() (v int, ok bool) {
	v, err := strconv.Atoi(string(n))
	return v, err == nil
}

// Count writes a whole number as a Number.
func Count(n int) Number { return Number(strconv.Itoa(n)) }

// Clean trims what a person typed: white space at both ends, and line ends made plain.
func Clean(s string) Words {
	return Words(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")))
}

// Scalar is a single value of whatever kind a file holds at some place, as it is
// written there: a number, a code, a date or words.
type Scalar string

// Restricted marks a piece that not everyone may read.
type Restricted bool
