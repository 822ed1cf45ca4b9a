package merge

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// something gives n, or nil where it says nothing: not there, no value, or a map or
// list of nothing.
func something(n *yamldoc.Node) *yamldoc.Node {
	if n == nil || n.Kind == yamldoc.Scalar && (n.Tag == yamldoc.Null || n.Tag == yamldoc.Str && strings.TrimSpace(n.Value) == "") {
		return nil
	}
	switch n.Kind {
	case yamldoc.Map:
		if !slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return something(p.Value) != nil }) {
			return nil
		}
	case yamldoc.List:
		if len(n.Items) == 0 {
			return nil
		}
	}
	return n
}

// same reports whether a and b say the same. The order of the keys of a map says
// nothing, nor does a key without a value, nor blanks round a text; the order of a
// list does.
func same(a, b *yamldoc.Node) bool {
	a, b = something(a), something(b)
	if a == nil || b == nil || a == b {
		return a == b
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case yamldoc.Scalar:
		return a.Tag == b.Tag && strings.TrimSpace(a.Value) == strings.TrimSpace(b.Value)
	case yamldoc.List:
		return slices.EqualFunc(a.Items, b.Items, same)
	}
	n := 0
	for _, p := range a.Pairs {
		if something(p.Value) == nil {
			continue
		}
		n++
		if !same(p.Value, b.Get(p.Key.Value)) {
			return false
		}
	}
	for _, p := range b.Pairs {
		if something(p.Value) != nil {
			n--
		}
	}
	return n == 0
}

// text spells a value so that two say the same exactly when their texts are equal.
func text(n *yamldoc.Node) string {
	var b strings.Builder
	spell(&b, n)
	return b.String()
}

func spell(b *strings.Builder, n *yamldoc.Node) {
	n = something(n)
	switch {
	case n == nil:
		b.WriteByte('~')
	case n.Kind == yamldoc.Scalar:
		v := strings.TrimSpace(n.Value)
		b.WriteString(strconv.Itoa(int(n.Tag)) + ":" + strconv.Itoa(len(v)) + ":" + v)
	case n.Kind == yamldoc.List:
		b.WriteByte('[')
		for _, it := range n.Items {
			spell(b, it)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	default:
		pairs := slices.Clone(n.Pairs)
		slices.SortFunc(pairs, func(x, y yamldoc.Pair) int { return strings.Compare(x.Key.Value, y.Key.Value) })
		b.WriteByte('{')
		for _, p := range pairs {
			if something(p.Value) != nil {
				b.WriteString(strconv.Quote(p.Key.Value) + "=")
				spell(b, p.Value)
				b.WriteByte(',')
			}
		}
		b.WriteByte('}')
	}
}

// shown is a value as a person reads it in a question.
func shown(n *yamldoc.Node) string {
	n = something(n)
	if n == nil {
		return ""
	}
	if n.Kind == yamldoc.Scalar {
		return strings.TrimSpace(n.Value)
	}
	b, err := yamldoc.Encode(valueOf(n))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(b), "\n")
}

// valueOf gives what was read as something to write, in the style it was read in.
func valueOf(n *yamldoc.Node) yamldoc.Value {
	switch n.Kind {
	case yamldoc.Map:
		var pairs []yamldoc.KV
		for _, p := range n.Pairs {
			if something(p.Value) != nil {
				pairs = append(pairs, yamldoc.KV{Key: p.Key.Value, Value: valueOf(p.Value)})
			}
		}
		if n.Style == yamldoc.FlowColl {
			return yamldoc.FlowMap(pairs...)
		}
		return yamldoc.MapOf(pairs...)
	case yamldoc.List:
		var items []yamldoc.Value
		for _, it := range n.Items {
			items = append(items, valueOf(it))
		}
		if n.Style == yamldoc.FlowColl {
			return yamldoc.FlowList(items...)
		}
		return yamldoc.ListOf(items...)
	}
	switch {
	case n.Tag == yamldoc.Null:
		return yamldoc.Words("")
	case n.Tag != yamldoc.Str:
		return yamldoc.Raw(n.Value)
	case n.Style == yamldoc.Plain && !strings.Contains(n.Value, " "):
		return yamldoc.Code(n.Value)
	}
	return yamldoc.Words(n.Value)
}
