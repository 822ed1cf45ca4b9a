package ids

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCheckULN(t *testing.T) {
	tests := []struct {
		uln   string
		valid bool
	}{
		{"1234567899", true}, // 210, one over a multiple of 11
		{"9012345676", true}, // 202, four over
		{"1000000000", true}, // 10: the check digit is 0
		{"1234567898", false},
		{"0000000000", false}, // no remainder
		{NoULN, false},
		{"", false},
		{"123456789", false},
		{"12345678990", false},
		{"123 456789", false},
		{"123456789X", false},
		{"123456789\n", false},
		{"12345678é", false},
	}
	for _, tt := range tests {
		if err := CheckULN(tt.uln); (err == nil) != tt.valid {
			t.Errorf("CheckULN(%q) = %v, want valid %t", tt.uln, err, tt.valid)
		}
	}
}

// Every weight is less than 11, a prime: no digit can be mistyped for another, and no
// two neighbours can change places, unseen.
func TestASlipInAULNIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.StringMatching(`[0-9]{9}`).Draw(t, "first nine") + "0")
		for b[9] <= '9' && CheckULN(string(b)) != nil {
			b[9]++
		}
		if b[9] > '9' {
			t.Skip("no check digit fits")
		}
		i := rapid.IntRange(0, 9).Draw(t, "place")
		slip := append([]byte{}, b...)
		slip[i] = byte(rapid.IntRange('0', '9').Draw(t, "digit"))
		if slip[i] != b[i] && CheckULN(string(slip)) == nil {
			t.Fatalf("%s passes, mistyped from %s", slip, b)
		}
		if i = rapid.IntRange(0, 7).Draw(t, "pair"); b[i] != b[i+1] {
			swap := append([]byte{}, b...)
			swap[i], swap[i+1] = b[i+1], b[i]
			if CheckULN(string(swap)) == nil {
				t.Fatalf("%s passes, for %s", swap, b)
			}
		}
	})
}

func FuzzCheckULN(f *testing.F) {
	f.Add("1234567899")
	f.Add(NoULN)
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckULN(s) == nil && len(s) != 10 {
			t.Fatalf("%q passes", s)
		}
	})
}
