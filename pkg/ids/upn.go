package ids

import "strings"

const upnLetters = "ABCDEFGHJKLMNPQRTUVWXYZ" // no I, O or S

// UPNFault is what is wrong with a unique pupil number.
type UPNFault int

// The faults of a UPN, in the order in which they are looked for.
const (
	UPNLength     UPNFault = iota + 1 // not 13 characters
	UPNCharacters                     // a letter or a figure where the other belongs, or one that is never used
	UPNLetter                         // the check letter does not fit the rest
	UPNCapitals                       // right, but written with small letters
)

// UPNError says what is wrong with a unique pupil number, and never repeats it.
type UPNError struct{ Fault UPNFault }

func (e *UPNError) Error() string {
	switch e.Fault {
	case UPNLength:
		return "a UPN has 13 characters and no spaces: a letter, 11 digits, and a digit or letter"
	case UPNCharacters:
		return "a UPN begins with a capital letter, characters 2 to 12 are digits, and the last is a digit or a capital letter; I, O and S are never used"
	case UPNCapitals:
		return "the letters of a UPN are capitals"
	}
	return "the check letter of the UPN is wrong: one of its characters was mistyped"
}

// CheckUPN says what is wrong with a unique pupil number, or nil; the error is a
// *UPNError. The check letter is the sum of positions 2 to 13, each times its position,
// modulo 23 (DfE validation rules 1510, 1540, 1550); a letter in position 13 marks a
// temporary number and counts by its place in the alphabet without I, O, S. Which
// authorities there are is dated data, and not looked at here: see UPNAuthority.
func CheckUPN(s string) error {
	fault := upnFault(s)
	if fault == UPNCharacters && upnFault(capitals(s)) == 0 {
		fault = UPNCapitals
	}
	if fault == 0 {
		return nil
	}
	return &UPNError{fault}
}

// capitals turns the small letters of a to z only: others would change the length.
func capitals(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func upnFault(s string) UPNFault {
	if len(s) != 13 {
		return UPNLength
	}
	if strings.IndexByte(upnLetters, s[0]) < 0 {
		return UPNCharacters
	}
	sum := 0
	for i := 1; i < 13; i++ {
		c := s[i]
		v := int(c - '0')
		if c < '0' || c > '9' {
			v = strings.IndexByte(upnLetters, c)
			if i != 12 || v < 0 {
				return UPNCharacters
			}
		}
		sum += v * (i + 1)
	}
	if upnLetters[sum%23] != s[0] {
		return UPNLetter
	}
	return 0
}

// TemporaryUPN reports whether a sound UPN is a temporary one, which ends in a letter.
func TemporaryUPN(s string) bool { return len(s) == 13 && (s[12] < '0' || s[12] > '9') }

// UPNAuthority is the number of the local authority in which a sound UPN was given,
// characters 2 to 4; "" where s is too short to hold one.
func UPNAuthority(s string) string {
	if len(s) < 4 {
		return ""
	}
	return s[1:4]
}
