package merge

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// merging is the merging of one file, value by value.
type merging struct {
	*asking
	kind recordfile.Kind
}

// merged is what a value comes to: a whole value of one side, or a map or list of
// our side with some of its entries changed, dropped or added.
type merged struct {
	whole *yamldoc.Node // a whole value; nil for a map or list put together
	ours  *yamldoc.Node // our map or list, to be changed
	fresh bool          // whole is not what our file holds at this place
	pairs []mergedPair
	items []mergedItem
}

type mergedPair struct {
	key   string
	value *merged
}

// mergedItem is one entry of a list; at is its place in our list, -1 for a new one.
type mergedItem struct {
	at    int
	value *merged
}

// place is where a value stands: as a path, and as the keys alone.
type place struct {
	path yamldoc.Path
	keys string
}

func (p place) key(k string) place {
	if p.keys == "" {
		return place{p.path.Key(k), k}
	}
	return place{p.path.Key(k), p.keys + "." + k}
}

// item is the place of an entry, by its id where it has one.
func (p place) item(i int, n *yamldoc.Node) place {
	if id := n.Get("id"); id != nil && id.Value != "" {
		return place{append(slices.Clip(p.path), yamldoc.IDStep(id.Value)), p.keys}
	}
	return place{p.path.Index(i), p.keys}
}

func keep(n *yamldoc.Node) *merged {
	if n == nil {
		return nil
	}
	return &merged{whole: n}
}

func take(n *yamldoc.Node) *merged {
	if n == nil {
		return nil
	}
	return &merged{whole: n, fresh: true}
}

// value merges one value; nil is one that is not there.
func (m *merging) value(at place, base, ours, theirs *yamldoc.Node) *merged {
	b, o, t := something(base), something(ours), something(theirs)
	switch {
	case same(o, t) || same(b, t):
		return keep(ours)
	case listed(b) && listed(o) && listed(t) && !inOnePiece(at.keys):
		return m.list(at, b, ours, theirs)
	case o != nil && t != nil && o.Kind == yamldoc.Map && t.Kind == yamldoc.Map:
		if b != nil && b.Kind != yamldoc.Map {
			b = nil
		}
		return m.mapOf(at, b, o, t)
	case same(b, o):
		return take(written(theirs))
	case o == nil || t == nil:
		return m.deleted(at, b, ours, theirs)
	}
	return m.twoValues(at, b, o, t)
}

// listed reports whether a value is a list or nothing.
func listed(n *yamldoc.Node) bool { return n == nil || n.Kind == yamldoc.List }

// written gives a value that can be written: an empty list can, a key without a
// value cannot.
func written(n *yamldoc.Node) *yamldoc.Node {
	if n == nil || n.Kind == yamldoc.Scalar && n.Tag == yamldoc.Null {
		return nil
	}
	return n
}

// deleted asks about what one side took out and the other changed; until it is
// answered the changed one stays.
func (m *merging) deleted(at place, b, o, t *yamldoc.Node) *merged {
	answer := m.ask(RuleDeleted, at, b, something(o), something(t), Ours, Theirs)
	if answer == Ours || answer == "" && something(o) != nil {
		return keep(o)
	}
	return take(written(t))
}

func (m *merging) twoValues(at place, b, o, t *yamldoc.Node) *merged {
	rule := RuleTwoValues
	if m.kind == recordfile.Learner && at.keys == "stage" {
		rule = RuleStage
	}
	choices := []Choice{Ours, Theirs}
	if prose(o) && prose(t) {
		choices = append(choices, Both)
	}
	switch m.ask(rule, at, b, o, t, choices...) {
	case Theirs:
		return take(t)
	case Both:
		return take(&yamldoc.Node{Kind: yamldoc.Scalar, Tag: yamldoc.Str, Style: o.Style, Value: joined(o.Value, t.Value)})
	}
	return keep(o)
}

// prose reports whether a value is words a person wrote, of which more can stand.
func prose(n *yamldoc.Node) bool {
	return n.Kind == yamldoc.Scalar && n.Tag == yamldoc.Str && strings.Contains(strings.TrimSpace(n.Value), " ")
}

// joined puts two texts after one another.
func joined(a, b string) string {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	switch {
	case strings.Contains(a+b, "\n"):
		return a + "\n" + b
	case strings.ContainsAny(a[len(a)-1:], ".!?"):
		return a + " " + b
	}
	return a + "; " + b
}

func (m *merging) mapOf(at place, b, o, t *yamldoc.Node) *merged {
	out := &merged{ours: o}
	for _, p := range o.Pairs {
		k := p.Key.Value
		if v := m.value(at.key(k), b.Get(k), p.Value, t.Get(k)); v != nil {
			out.pairs = append(out.pairs, mergedPair{k, v})
		}
	}
	for i, p := range t.Pairs {
		k := p.Key.Value
		if o.Get(k) != nil {
			continue
		}
		v := m.value(at.key(k), b.Get(k), nil, p.Value)
		if v == nil {
			continue
		}
		// After the nearest key before it that there is.
		to := 0
		for j := i - 1; j >= 0 && to == 0; j-- {
			to = 1 + slices.IndexFunc(out.pairs, func(x mergedPair) bool { return x.key == t.Pairs[j].Key.Value })
		}
		for to > 0 && to < len(out.pairs) && t.Get(out.pairs[to].key) == nil {
			to++ // after what we added there
		}
		if to == 0 {
			to = len(out.pairs)
		}
		out.pairs = slices.Insert(out.pairs, to, mergedPair{k, v})
	}
	return out
}

// entry is one entry of a list on the three sides; nil where it is not.
type entry struct {
	b, o, t *yamldoc.Node
	at      int // in ours
}

// lists are the entries of a list on the three sides.
type lists struct {
	entries          map[known]*entry
	results          map[known]*merged
	inOurs, inTheirs []known
}

// list merges lists, any of which may be nothing; ours and theirs are what stands in
// the files, base is nil or a list.
func (m *merging) list(at place, base, ours, theirs *yamldoc.Node) *merged {
	o, t := something(ours), something(theirs)
	l := lists{entries: map[known]*entry{}, results: map[known]*merged{}}
	keys := knownBy(m.kind, at.keys, base, o, t)
	of := func(side int, list *yamldoc.Node, put func(e *entry, i int, n *yamldoc.Node)) []known {
		for i, k := range keys[side] {
			if l.entries[k] == nil {
				l.entries[k] = &entry{at: -1}
			}
			put(l.entries[k], i, list.Items[i])
		}
		return keys[side]
	}
	inBase := of(0, base, func(e *entry, _ int, n *yamldoc.Node) { e.b = n })
	l.inOurs = of(1, o, func(e *entry, i int, n *yamldoc.Node) { e.o, e.at = n, i })
	l.inTheirs = of(2, t, func(e *entry, _ int, n *yamldoc.Node) { e.t = n })
	for _, keys := range [][]known{l.inOurs, l.inTheirs} {
		for i, k := range keys {
			if _, done := l.results[k]; !done {
				e := l.entries[k]
				n := e.o
				if n == nil {
					n = e.t
				}
				if l.results[k] = m.stays(e); l.results[k] == nil {
					l.results[k] = m.value(at.item(i, n), e.b, e.o, e.t)
				}
			}
		}
	}
	m.changedTwice(at, inBase, l.entries)

	items, ok := l.arranged(same(base, o))
	switch {
	case !ok:
		return take(t)
	case len(items) == 0 && (ours == nil || theirs == nil):
		return nil
	case len(items) == 0 && o == nil:
		return keep(ours)
	case o == nil:
		all := merged{ours: &yamldoc.Node{Kind: yamldoc.List, Style: t.Style}, items: items}
		if n := all.node(); !same(n, t) {
			return take(n)
		}
		return take(t) // as it is written there
	}
	return &merged{ours: o, items: items}
}

// arranged puts the entries in order: ours with theirs between, or, where only the
// other side changed the list, in their order; false where that is not our order.
func (l lists) arranged(unchanged bool) (out []mergedItem, ok bool) {
	if unchanged {
		before := -1
		for _, k := range l.inTheirs {
			e, v := l.entries[k], l.results[k]
			if v == nil {
				continue
			}
			if e.at >= 0 && e.at < before {
				return nil, false
			}
			before = max(before, e.at)
			out = append(out, mergedItem{e.at, v})
		}
		return out, true
	}
	for _, k := range l.inOurs {
		if v := l.results[k]; v != nil {
			out = append(out, mergedItem{l.entries[k].at, v})
		}
	}
	for _, k := range l.inTheirs {
		if e := l.entries[k]; e.at < 0 && l.results[k] != nil {
			out = slices.Insert(out, placeFor(out, e.t), mergedItem{-1, l.results[k]})
		}
	}
	return out, true
}

// changedTwice tells of undated things that are known by nothing but themselves and
// were changed on both sides: both stand now.
func (m *merging) changedTwice(at place, inBase []known, entries map[known]*entry) {
	gone := 0
	for _, k := range inBase {
		e := entries[k]
		if k[0] == '=' && e.o == nil && e.t == nil && e.b.Kind == yamldoc.Map {
			gone++
		}
	}
	if gone == 0 {
		return
	}
	ours, theirs := 0, 0
	for _, e := range entries {
		switch {
		case e.b == nil && e.o != nil && e.t == nil:
			ours++
		case e.b == nil && e.t != nil && e.o == nil:
			theirs++
		}
	}
	if ours > 0 && theirs > 0 {
		m.note(RuleBothChanged, "", "an entry of "+at.path.String()+" was changed on both sides, and both versions stand now: take out the one that is not right")
	}
}

// placeFor is where a new entry goes: in order where the list is in order, after
// those of the same day, else at the end.
func placeFor(items []mergedItem, n *yamldoc.Node) int {
	for _, key := range order() {
		v := n.Get(key)
		if something(v) == nil {
			continue
		}
		to, before := len(items), (*yamldoc.Node)(nil)
		for i, it := range items {
			x := it.value.node().Get(key)
			if something(x) == nil || before != nil && after(before, x) {
				return len(items)
			}
			if before = x; after(x, v) && to == len(items) {
				to = i
			}
		}
		return to
	}
	return len(items)
}

// after reports whether a, a day or a number, comes after b.
func after(a, b *yamldoc.Node) bool {
	x, y := a.Value, b.Value
	if a.Tag == yamldoc.Int && b.Tag == yamldoc.Int && len(x) != len(y) {
		return len(x) > len(y)
	}
	return x > y
}

// node gives the value as one tree.
func (v *merged) node() *yamldoc.Node {
	switch {
	case v == nil:
		return nil
	case v.whole != nil:
		return v.whole
	}
	out := *v.ours
	out.Pairs, out.Items = nil, nil
	for _, p := range v.pairs {
		out.Pairs = append(out.Pairs, yamldoc.Pair{
			Key: &yamldoc.Node{Kind: yamldoc.Scalar, Tag: yamldoc.Str, Value: p.key}, Value: p.value.node()})
	}
	for _, it := range v.items {
		out.Items = append(out.Items, it.value.node())
	}
	return &out
}
