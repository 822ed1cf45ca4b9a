package ids

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"math"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestAlphabet(t *testing.T) {
	if at := strings.IndexAny(Alphabet, "aeiouyl01"); at >= 0 {
		t.Errorf("%q could spell a word or be misread", Alphabet[at])
	}
	seen := map[byte]bool{}
	for i := range len(Alphabet) {
		c := Alphabet[i]
		if seen[c] {
			t.Errorf("%q is there twice", c)
		}
		seen[c] = true
		if letter := 'a' <= c && c <= 'z'; letter != (i < letters) {
			t.Errorf("%q is on the wrong side of the letters", c)
		}
	}
}

func TestNewIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes"))
		learner, err := NewLearner(r)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			return
		}
		if !ValidLearner(learner) || ValidFile(learner) {
			t.Fatalf("%q is drawn for a learner", learner)
		}
		file, err := NewFile(r)
		if err == nil && (!ValidFile(file) || ValidLearner(file)) {
			t.Fatalf("%q is drawn for a file", file)
		}
	})
}

func TestValid(t *testing.T) {
	tests := []struct {
		id            string
		learner, file bool
	}{
		{"bk7m2xqt", true, false},
		{"k4f7", false, true},
		{"", false, false},
		{"7k4f", false, false},      // begins with a digit
		{"k4f", false, false},       // too short
		{"k4f77", false, false},     // neither
		{"K4f7", false, false},      // a capital
		{"k4f1", false, false},      // 1 and l are one on paper
		{"k4fa", false, false},      // a vowel
		{"k4fé", false, false},      // five bytes
		{"é4f", false, false},       // four bytes
		{"k4f\x00", false, false},   //
		{"bk7m2xq\n", false, false}, //
		{"bk7m-xqt", false, false},
	}
	for _, tt := range tests {
		if ValidLearner(tt.id) != tt.learner || ValidFile(tt.id) != tt.file {
			t.Errorf("%q: learner %t, file %t", tt.id, ValidLearner(tt.id), ValidFile(tt.id))
		}
	}
}

// A real source gives different ids; a seeded one gives the same ones again, as
// a demonstration needs.
func TestSources(t *testing.T) {
	a, errA := NewLearner(rand.Reader)
	b, errB := NewLearner(rand.Reader)
	if errA != nil || errB != nil || a == b {
		t.Errorf("%q, %v and %q, %v", a, errA, b, errB)
	}
	var seed [32]byte
	first, _ := NewLearner(mathrand.NewChaCha8(seed))
	again, _ := NewLearner(mathrand.NewChaCha8(seed))
	if first != again || first == "" {
		t.Errorf("%q, then %q", first, again)
	}
	broken := errors.New("broken")
	if _, err := NewFile(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("NewFile() = %v, want %v", err, broken)
	}
}

// Every byte value once in each place: each character must come equally often.
// With a plain remainder the first nine of 27 would come ten times and not nine.
func TestEveryCharacterIsEquallyLikely(t *testing.T) {
	first, later := map[byte]int{}, map[byte]int{}
	for v := range 256 {
		// The byte under test, then bytes that always fill up the rest.
		if id, err := NewFile(bytes.NewReader([]byte{byte(v), 0, 0, 0})); err == nil {
			first[id[0]]++
		}
		if id, err := NewFile(bytes.NewReader([]byte{0, byte(v), 0, 0})); err == nil {
			later[id[1]]++
		}
	}
	check := func(counts map[byte]int, alphabet string) {
		t.Helper()
		for i := range len(alphabet) {
			if got, want := counts[alphabet[i]], 256/len(alphabet); got != want {
				t.Errorf("%q comes %d times in 256, want %d", alphabet[i], got, want)
			}
		}
		if len(counts) != len(alphabet) {
			t.Errorf("%d characters came, want %d", len(counts), len(alphabet))
		}
	}
	check(first, Alphabet[:letters])
	check(later, Alphabet)
}

// On a seeded source, a chi-squared sum over all characters of many ids, which a
// lopsided draw would push far out.
func TestUniform(t *testing.T) {
	r := mathrand.NewChaCha8([32]byte{1})
	const n = 20_000
	counts := map[byte]int{}
	for range n {
		id, err := NewLearner(r)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(id); i++ {
			counts[id[i]]++
		}
	}
	expected, sum := float64(n*(learnerLen-1))/float64(len(Alphabet)), 0.0
	for i := range len(Alphabet) {
		sum += math.Pow(float64(counts[Alphabet[i]])-expected, 2) / expected
	}
	if sum > 60 { // 26 degrees of freedom: one in ten thousand is past 60
		t.Errorf("chi-squared is %.1f", sum)
	}
}
