package recordfile

import (
	"sync"

	"github.com/sendctl/sendctl/schemas"
)

// Known reports whether a word is a key of some kind of record file: what may be shown of
// a line whose values are masked.
func Known(key string) bool { return keys()[key] }

var keys = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	seen := map[*shape]bool{}
	var walk func(*shape)
	walk = func(s *shape) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, p := range s.Properties {
			all[p.key] = true
			walk(p.shape)
		}
		walk(s.Items)
	}
	for _, k := range schemas.Kinds() {
		if s, err := shapeOf(Kind(k)); err == nil {
			walk(s)
		}
	}
	return all
})
