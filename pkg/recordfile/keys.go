package recordfile

import (
	"maps"
	"slices"
	"sync"

	"github.com/sendctl/sendctl/schemas"
)

// Keys lists every key that any kind of record file knows, sorted: what may be
// shown of a line whose values are masked.
var Keys = sync.OnceValue(func() []string {
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
	return slices.Sorted(maps.Keys(all))
})
