package ids

import "errors"

// NoULN is what some returns for further education take where there is no unique
// learner number yet. The school census does not, and it has no right check digit.
const NoULN = "9999999999"

// CheckULN says what is wrong with a unique learner number, or nil. It has ten digits.
// The first nine count 10, 9 … 2 times; the sum leaves a remainder by 11 that is not 0,
// and the last digit is 10 less that remainder (DfE validation rule 1575). The error
// never repeats the number.
func CheckULN(s string) error {
	if len(s) != 10 {
		return errors.New("a ULN has ten digits and no spaces")
	}
	sum := 0
	for i := range 10 {
		if s[i] < '0' || s[i] > '9' {
			return errors.New("a ULN has digits only")
		}
		if i < 9 {
			sum += int(s[i]-'0') * (10 - i)
		}
	}
	if s == NoULN {
		return errors.New("ten nines stand for no ULN, and are none")
	}
	if r := sum % 11; r == 0 || 10-r != int(s[9]-'0') {
		return errors.New("the check digit of the ULN is wrong: one of its digits was mistyped")
	}
	return nil
}
