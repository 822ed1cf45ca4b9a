package cost

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
)

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

// Number is the amount as record files hold it.
func (p Pence) Number() learner.Number { return learner.Number(p.Pounds()) }

// Parse reads an amount in pounds, such as 16.40. A part of a penny is rounded,
// half a penny up. ok is false where it is not a plain decimal number.
func Parse(n learner.Number) (p Pence, ok bool) {
	v, ok := exact(n)
	if !ok {
		return 0, false
	}
	return pence(v)
}

// exact reads a plain decimal number. Powers of ten are left out on purpose: a
// mistyped 1e999999 would take all the memory there is.
func exact(n learner.Number) (*big.Rat, bool) {
	s := strings.TrimPrefix(string(n), "-")
	whole, part, dotted := strings.Cut(s, ".")
	if whole == "" || dotted && part == "" || len(s) > 20 || strings.Trim(whole+part, "0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

// given is exact of an amount that cannot be negative; "" and nonsense are not given.
func given(n learner.Number) (*big.Rat, bool) {
	v, ok := exact(n)
	return v, ok && v.Sign() >= 0
}

// pence rounds pounds to pence, half a penny up. ok is false beyond what Pence holds.
func pence(pounds *big.Rat) (Pence, bool) {
	v := new(big.Rat).Mul(pounds, big.NewRat(100, 1))
	v.Add(v, big.NewRat(1, 2))
	// Div rounds towards the floor, since a Denom is never negative.
	n := new(big.Int).Div(v.Num(), v.Denom())
	if !n.IsInt64() {
		return 0, false
	}
	return Pence(n.Int64()), true
}

func product(of ...*big.Rat) *big.Rat {
	v := big.NewRat(1, 1)
	for _, f := range of {
		v.Mul(v, f)
	}
	return v
}
