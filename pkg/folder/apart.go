package folder

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/seal"
)

// Apart reports whether two sealed files, by their ids, were recorded by people of whom
// neither knew the other's, in two copies of the folder: neither seal comes after the other.
func (r *Record) Apart(a, b string) bool {
	k := r.knowing()
	return len(k.of[a]) > 0 && len(k.of[b]) > 0 && !k.after(a, b) && !k.after(b, a)
}

// Later reports whether a seal of file a comes after one of file b: whoever recorded a
// had b before them.
func (r *Record) Later(a, b string) bool { return r.knowing().after(a, b) }

// knowing is what the seals of a record say of which act knew of which.
type knowing struct {
	of   map[string][]string // the hashes of a file's seals, by its id
	seal map[string]seal.Seal
}

func (r *Record) knowing() knowing {
	k := knowing{map[string][]string{}, map[string]seal.Seal{}}
	for _, raw := range r.Seals {
		if s, err := seal.Parse(raw); err == nil {
			sum := seal.Hash(raw)
			k.seal[sum] = s
			k.of[s.File] = append(k.of[s.File], sum)
		}
	}
	return k
}

// after reports whether a seal of file a comes after one of file b.
func (k knowing) after(a, b string) bool {
	seen := map[string]bool{}
	for todo := slices.Clone(k.of[a]); len(todo) > 0; {
		sum := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[sum] {
			continue
		}
		seen[sum] = true
		if slices.Contains(k.of[b], sum) {
			return a != b
		}
		todo = append(todo, k.seal[sum].Previous...)
	}
	return false
}
