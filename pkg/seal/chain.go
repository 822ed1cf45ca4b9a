package seal

import (
	"maps"
	"slices"
)

// Link is one file of a seals folder as it was read.
type Link struct {
	Name string // of the file
	Hash string // of its bytes, as its successors name it
	Seal Seal   // what it says; empty where Err is not nil
	Err  error  // why it is no seal: *TooNewError or *SyntaxError
}

// Sealed is the path, within the learner's folder, of the file whose bytes it covers.
func (l *Link) Sealed() string { return l.Seal.Sealed(l.Name) }

// Chain is a seals folder as it was read, in order of name. Whoever asks it more than one
// thing reads it once.
type Chain []Link

// ChainOf reads the files of a seals folder, name to bytes.
func ChainOf(seals map[string][]byte) Chain {
	out := make(Chain, 0, len(seals))
	for _, name := range slices.Sorted(maps.Keys(seals)) {
		s, err := Parse(seals[name])
		out = append(out, Link{Name: name, Hash: Hash(seals[name]), Seal: s, Err: err})
	}
	return out
}

// Sound visits the seals that can be read.
func (all Chain) Sound(visit func(*Link) bool) {
	for i := range all {
		if all[i].Err == nil && !visit(&all[i]) {
			return
		}
	}
}
