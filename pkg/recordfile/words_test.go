package recordfile

import (
	"testing"

	"github.com/sendctl/sendctl/schemas"
)

// TestEveryPatternOfAHintIsOfASchema keeps the words for a form with the form: of a pattern
// that changed nothing would be said any more.
func TestEveryPatternOfAHintIsOfASchema(t *testing.T) {
	used := map[string]bool{}
	seen := map[*shape]bool{}
	var walk func(s *shape)
	walk = func(s *shape) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		used[s.Pattern] = true
		for _, p := range s.Properties {
			walk(p.shape)
		}
		walk(s.Items)
	}
	for _, kind := range schemas.Kinds() {
		s, err := shapeOf(Kind(kind))
		if err != nil {
			t.Fatal(err)
		}
		walk(s)
	}
	for pattern := range patternWords {
		if !used[pattern] {
			t.Errorf("no schema has the pattern %s", pattern)
		}
	}
}
