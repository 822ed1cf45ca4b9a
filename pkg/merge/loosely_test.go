package merge

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// loosely spells a value without the order of its entries.
func loosely(n *yamldoc.Node) string {
	n = something(n)
	switch {
	case n == nil:
		return "~"
	case n.Kind == yamldoc.Scalar:
		return text(n)
	}
	var parts []string
	for _, it := range n.Items {
		parts = append(parts, loosely(it))
	}
	for _, p := range n.Pairs {
		if something(p.Value) != nil {
			parts = append(parts, p.Key.Value+"="+loosely(p.Value))
		}
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, "\n ") + "}"
}
