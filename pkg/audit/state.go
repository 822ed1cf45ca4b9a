package audit

import (
	"cmp"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/seal"
)

// Sealed is one seal as a state of the folder holds it.
type Sealed struct {
	Hash     string // "sha256:…" of the seal's own bytes
	Name     string // file name within the seals folder
	Previous []string
	Recorded time.Time
	By       string
	Signed   bool   // it bears a signature; whether that holds is not said here
	Key      string // the public key that the signature names, "" for none
}

// State is what one commit holds of seals: all that a checkpoint speaks of.
type State struct {
	Head          string // commit id
	First         string // id of the commit that the first parents end at, "" where that was not read
	Demonstration string // the day of a made-up folder, "" elsewhere
	// Seals are those of every learner, by id, and of the setting itself, under
	// seal.Setting; each list in order of recording, then hash. A seal that cannot be
	// read has its hash and name alone.
	Seals map[string][]Sealed
	// Removed are the hashes of seals that a removal record names which is itself
	// sealed, and the path of that record.
	Removed map[string]string
	// At gives the state of another commit, where that is still in the store: ok is
	// false where it is not, or cannot be read whole. Removed and At are those of
	// the state it was asked of.
	At func(commit string) (s State, ok bool)
}

// Count is how many seals there are.
func (s State) Count() int {
	n := 0
	for _, list := range s.Seals {
		n += len(list)
	}
	return n
}

// Has reports whether the seal of that hash is there, with that learner (or
// seal.Setting).
func (s State) Has(learner, hash string) bool {
	return slices.ContainsFunc(s.Seals[learner], func(x Sealed) bool { return x.Hash == hash })
}

// Latest gives, for every learner and the setting, the sorted hashes of the seals
// that no other names as its previous.
func (s State) Latest() map[string][]string {
	out := make(map[string][]string, len(s.Seals))
	for learner, list := range s.Seals {
		if tips := latest(list); len(tips) > 0 {
			out[learner] = tips
		}
	}
	return out
}

func latest(list []Sealed) []string {
	named := make(map[string]bool, len(list))
	for _, x := range list {
		for _, p := range x.Previous {
			named[p] = true
		}
	}
	var out []string
	for _, x := range list {
		if !named[x.Hash] {
			out = append(out, x.Hash)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sealedOf reads one seal's bytes for a State.
func sealedOf(name string, b []byte) Sealed {
	x := Sealed{Hash: seal.Hash(b), Name: name}
	s, err := seal.Parse(b)
	if err != nil {
		return x
	}
	x.Previous, x.Recorded, x.By, x.Signed = s.Previous, s.Recorded, s.By, s.Signature != nil
	if x.Signed {
		x.Key, _ = seal.SignedBy(s)
	}
	return x
}

// inOrder sorts as State.Seals says.
func inOrder(list []Sealed) {
	slices.SortFunc(list, func(a, b Sealed) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.Hash, b.Hash))
	})
}
