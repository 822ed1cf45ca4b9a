package ids

import (
	"errors"
	"strings"
)

const upnLetters = "ABCDEFGHJKLMNPQRTUVWXYZ" // no I, O or S

// CheckUPN says what is wrong with a unique pupil number, or nil. The check
// letter is the sum of positions 2 to 13, each times its position, modulo 23
// (DfE validation rules 1510, 1540, 1550); a letter in position 13 marks a
// temporary number and counts by its place in the alphabet without I, O, S.
// The error never repeats the number.
func CheckUPN(s string) error {
	if len(s) != 13 {
		return errors.New("a UPN has 13 characters: a letter, 11 digits, and a digit or letter")
	}
	sum := 0
	for i := 1; i < 13; i++ {
		c := s[i]
		v := int(c - '0')
		if c < '0' || c > '9' {
			v = strings.IndexByte(upnLetters, c)
			if i != 12 || v < 0 {
				return errors.New("characters 2 to 12 of a UPN are digits, and the last is a digit or a capital letter other than I, O or S")
			}
		}
		sum += v * (i + 1)
	}
	if upnLetters[sum%23] != s[0] {
		return errors.New("the check letter of the UPN is wrong: one of its characters was mistyped")
	}
	return nil
}
