package ids

import (
	"fmt"
	"io"
	"strings"
)

// Alphabet is what ids are made of: no vowel, so no word; no 0, 1 or l, so
// nothing to misread on a printed page.
const Alphabet = "bcdfghjkmnpqrstvwxz23456789"

const (
	letters = 19 // the first 19 of Alphabet are letters; an id begins with one

	learnerLen = 8
	fileLen    = 4
)

// NewLearner draws a learner id of eight characters from r (crypto/rand.Reader,
// or a seeded reader for a demonstration).
func NewLearner(r io.Reader) (string, error) { return draw(r, learnerLen) }

// NewFile draws a file id of four characters from r.
func NewFile(r io.Reader) (string, error) { return draw(r, fileLen) }

// ValidLearner reports whether s has the shape of a learner id.
func ValidLearner(s string) bool { return valid(s, learnerLen) }

// ValidFile reports whether s has the shape of a file id.
func ValidFile(s string) bool { return valid(s, fileLen) }

func valid(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range n {
		if at := index(s[i]); at < 0 || i == 0 && at >= letters {
			return false
		}
	}
	return true
}

func index(c byte) int { return strings.IndexByte(Alphabet, c) }

func draw(r io.Reader, n int) (string, error) {
	out := make([]byte, 0, n)
	var b [1]byte
	for len(out) < n {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", fmt.Errorf("draw an id: %w", err)
		}
		size := len(Alphabet)
		if len(out) == 0 {
			size = letters
		}
		// Bytes past the last whole multiple are thrown away, so that every character is equally likely.
		if limit := 256 - 256%size; int(b[0]) < limit {
			out = append(out, Alphabet[int(b[0])%size])
		}
	}
	return string(out), nil
}
