package ids

import (
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckUPN(t *testing.T) {
	tests := []struct {
		upn   string
		valid bool
	}{
		// Published vectors of python-stdnum (stdnum.gb.upn): an oracle that is not ours.
		{"B801200005001", true},
		{"A801200005001", false},
		{"X80120000A001", false},
		// Worked by hand; some help pages of record systems print the second as right.
		{"P207000016049", true},
		{"Q207000016049", false},
		// LA 929, establishment 0000: nobody's. The sum is 151, 13 over a multiple of 23.
		{"P929000026001", true},
		{"N929000026001", false},
		// Temporary ones: the last character counts 0 (A) to 22 (Z).
		{"A92900002600A", true},
		{"L92900002600Z", true},
		{"M92900002600Z", false},
		{"A92900002600I", false},
		{"A92900002600O", false},
		{"A92900002600S", false},
		{"A92900002600a", false},
		// Shape.
		{"", false},
		{"P92900002600", false},
		{"P9290000260011", false},
		{"p929000026001", false},
		{"P929 00026001", false},
		{"P929000026O01", false},
		{"1929000026001", false},
		{"P92900002600\n", false},
		{"P92900002600é", false},
		{" P92900002600", false},
		{"P９29000026", false},
	}
	for _, tt := range tests {
		if err := CheckUPN(tt.upn); (err == nil) != tt.valid {
			t.Errorf("CheckUPN(%q) = %v, want valid %t", tt.upn, err, tt.valid)
		}
	}
	// Which LA codes exist is dated data and not arithmetic: this one has a code
	// that never was, and a right check letter.
	if err := CheckUPN("E000200005001"); err != nil {
		t.Errorf("the check letter of an unknown authority's number: %v", err)
	}
}

// One character mistyped is always found, since 23 is prime and greater than
// every position and every difference of two digits. Only a letter and a digit
// that count the same in the last place (1 and B) cannot be told apart.
func TestASlipIsFound(t *testing.T) {
	good := []string{"P929000026001", "A92900002600A", "L92900002600Z"}
	for _, upn := range good {
		for i := range len(upn) {
			for c := byte(' '); c < 0x7f; c++ {
				b := []byte(upn)
				b[i] = c
				digit := func(c byte) bool { return '0' <= c && c <= '9' }
				if i == 12 && digit(c) != digit(upn[i]) {
					continue
				}
				if c != upn[i] && CheckUPN(string(b)) == nil {
					t.Errorf("%s passes, mistyped from %s", b, upn)
				}
			}
		}
	}
}

// There are four things to say, whatever the number: so none of them can hold it.
func TestTheErrorNeverRepeatsTheNumber(t *testing.T) {
	said := map[string]bool{}
	for _, bad := range []string{"", "P9290000260X1", "N929000026001", "p929000026001"} {
		said[CheckUPN(bad).Error()] = true
	}
	if len(said) != 4 {
		t.Fatalf("%d different errors, want 4", len(said))
	}
	rapid.Check(t, func(t *rapid.T) {
		upn := rapid.OneOf(rapid.StringMatching(`[A-Z][0-9]{11}[0-9A-Z]`), rapid.StringMatching(`[0-9]{3,20}`), rapid.StringMatching(`[A-Z][0-9A-Z ]{8,12}`)).Draw(t, "upn")
		if err := CheckUPN(upn); err != nil && !said[err.Error()] {
			t.Fatalf("for %q: %v", upn, err)
		}
	})
}

// What is told first where more than one thing is wrong.
func TestUPNFault(t *testing.T) {
	tests := []struct {
		upn  string
		want UPNFault
	}{
		{"P929000026001", 0},
		{"p929000026001", UPNCapitals},
		{"a92900002600A", UPNCapitals},
		{"A92900002600a", UPNCapitals},
		{"a92900002600a", UPNCapitals},
		{"n929000026001", UPNCharacters}, // in capitals it is wrong all the same
		{"N929000026001", UPNLetter},
		{"S929000026001", UPNCharacters},
		{"1929000026001", UPNCharacters},
		{"P929 00026001", UPNCharacters},
		{"P929 0000 26001", UPNLength},
		{"ß92900002600", UPNCharacters},
	}
	for _, tt := range tests {
		got := UPNFault(0)
		var e *UPNError
		if errors.As(CheckUPN(tt.upn), &e) {
			got = e.Fault
		}
		if got != tt.want {
			t.Errorf("%q: fault %d, want %d", tt.upn, got, tt.want)
		}
	}
}

func TestPartsOfAUPN(t *testing.T) {
	for upn, temporary := range map[string]bool{"P929000026001": false, "A92900002600A": true, "L92900002600Z": true, "": false} {
		if TemporaryUPN(upn) != temporary {
			t.Errorf("%q: temporary %t", upn, !temporary)
		}
	}
	if got := UPNAuthority("P929000026001") + UPNAuthority("P92"); got != "929" {
		t.Errorf("the authority is %q", got)
	}
}

// TestAgainstAnother compares with what another implementation says of each line of a
// file, a string, a tab and 1 or 0: testdata/e2e/90-numbers.sh at the root makes it.
func TestAgainstAnother(t *testing.T) {
	name := os.Getenv("SENDCTL_UPN_SAYS")
	if name == "" {
		t.Skip("run by testdata/e2e/90-numbers.sh")
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	valid, all := 0, 0
	for line := range strings.Lines(string(b)) {
		upn, says, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("line %d is none", all+1)
		}
		if good := CheckUPN(upn) == nil; good != (says == "1") {
			t.Errorf("%q: valid %t, the other says %s", upn, good, says)
		} else if good {
			valid++
		}
		all++
	}
	if valid < 1000 || all-valid < 1000 {
		t.Errorf("%d of %d are valid: the strings try nothing", valid, all)
	}
	t.Logf("%d strings, %d of them valid", all, valid)
}

func FuzzCheckUPN(f *testing.F) {
	f.Add("P929000026001")
	f.Add("A92900002600A")
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckUPN(s) == nil && (len(s) != 13 || strings.Trim(s[1:12], "0123456789") != "") {
			t.Fatalf("%q passes", s)
		}
	})
}
