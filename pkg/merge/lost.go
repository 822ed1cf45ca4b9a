package merge

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Lost lists what either side added or changed since base that is neither in merged,
// nor beside it, nor in what was asked or noted: nothing, ever. It is the check of
// the soak tests; each line names a path and a place.
func Lost(base, ours, theirs, merged fs.FS, asked []Question, notes []Note) []string {
	after, err := everything(merged)
	if err != nil {
		return []string{err.Error()}
	}
	before, err := everything(base)
	if err != nil {
		return []string{err.Error()}
	}
	l := losses{before: before, after: after, asked: asked, notes: notes, hashes: map[string]bool{}}
	for _, b := range after {
		l.hashes[seal.Hash(b)] = true
	}
	for _, x := range []fs.FS{ours, theirs} {
		files, err := everything(x)
		if err != nil {
			return []string{err.Error()}
		}
		for p, b := range files {
			if old, was := before[p]; !was || !same3(old, b) {
				l.file(p, b)
			}
		}
	}
	slices.Sort(l.out)
	return slices.Compact(l.out)
}

func everything(f fs.FS) (map[string][]byte, error) {
	out := map[string][]byte{}
	paths, err := differing(nil, f)
	if err != nil {
		return nil, err
	}
	for _, p := range paths {
		if out[p], err = (side{f}).read(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type losses struct {
	before, after map[string][]byte
	hashes        map[string]bool // of every file after
	asked         []Question
	notes         []Note
	out           []string
}

func (l *losses) file(p string, b []byte) {
	if l.hashes[seal.Hash(b)] { // here, or beside it whole
		return
	}
	for _, n := range l.notes {
		if (n.Rule == RuleLiving || n.Rule == RuleRemoved) && n.Path == p {
			return
		}
	}
	for _, q := range l.asked {
		if q.Path == p && q.At == "" {
			return
		}
	}
	k, ok := recordfile.KindAt(p)
	now, there := l.after[p]
	if !ok || !there {
		l.out = append(l.out, p)
		return
	}
	renamed := slices.ContainsFunc(l.notes, func(n Note) bool { return n.Rule == RuleSameID && n.Learner == learnerOf(p) }) ||
		slices.ContainsFunc(l.asked, func(q Question) bool { return q.Rule == RuleSameID && q.Learner == learnerOf(p) })
	for _, m := range missing(k, p, l.before[p], b, now, renamed) {
		if !slices.ContainsFunc(l.asked, func(q Question) bool { return q.Path == p && m.askedBy(q) }) {
			l.out = append(l.out, strings.TrimSuffix(p+": "+m.at, ": "))
		}
	}
}

// lost is a value that is missing: its place, that place by keys alone, and what it says.
type lost struct{ at, keys, says string }

// askedBy reports whether a question is about the value. Entries without an id may
// stand elsewhere in the list of the other side.
func (m lost) askedBy(q Question) bool {
	at, err := yamldoc.ParsePath(q.At)
	if err != nil {
		return false
	}
	var keys []string
	for _, s := range at {
		if s.IsKey() {
			keys = append(keys, s.Key)
		}
	}
	return within(m.at, q.At) || strings.Join(keys, ".") == m.keys && (q.Ours == m.says || q.Theirs == m.says)
}

func within(at, above string) bool {
	rest, ok := strings.CutPrefix(at, above)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// missing lists the places at which x says something beyond base that now does not
// say. What cannot be read is missing whole, as "". renamed says that ids may have
// been given anew, so that an entry counts whatever ids it bears and names.
func missing(k recordfile.Kind, p string, base, x, now []byte, renamed bool) []lost {
	if same3(x, now) {
		return nil
	}
	dx, _ := yamldoc.Parse(p, x)
	dn, _ := yamldoc.Parse(p, now)
	if dx == nil || dn == nil {
		return []lost{{}}
	}
	var root *yamldoc.Node
	if db, _ := yamldoc.Parse(p, base); db != nil {
		root = db.Root()
	}
	c := comparing{kind: k, renamed: renamed}
	c.value(place{}, root, dx.Root(), dn.Root())
	return c.out
}

type comparing struct {
	kind    recordfile.Kind
	renamed bool
	out     []lost
}

func (c *comparing) value(at place, b, x, now *yamldoc.Node) {
	x = something(x)
	switch {
	case x == nil || same(b, x) || same(x, now):
	case x.Kind == yamldoc.Scalar || now != nil && now.Kind != x.Kind:
		if now != nil && now.Kind == yamldoc.Scalar && prose(x) && strings.Contains(now.Value, strings.TrimSpace(x.Value)) {
			return // both stand, one after the other
		}
		c.out = append(c.out, lost{at.path.String(), at.keys, shown(x)})
	case x.Kind == yamldoc.Map:
		if b != nil && b.Kind != yamldoc.Map {
			b = nil
		}
		for _, p := range x.Pairs {
			c.value(at.key(p.Key.Value), b.Get(p.Key.Value), p.Value, now.Get(p.Key.Value))
		}
	default:
		c.list(at, b, x, now)
	}
}

func (c *comparing) list(at place, b, x, now *yamldoc.Node) {
	keys := knownBy(c.kind, at.keys, b, x, now)
	was, has := index(keys[0], b), index(keys[2], now)
	for i, key := range keys[1] {
		it := x.Items[i]
		if something(it) == nil {
			continue
		}
		if c.renamed && was[key] == nil && slices.ContainsFunc(itemsOf(now), func(n *yamldoc.Node) bool { return same(nameless(at, it), nameless(at, n)) }) {
			continue
		}
		if here := at.item(i, it); was[key] == nil && has[key] == nil {
			c.out = append(c.out, lost{here.path.String(), here.keys, shown(it)})
		} else {
			c.value(here, was[key], it, has[key])
		}
	}
}

func index(keys []known, list *yamldoc.Node) map[known]*yamldoc.Node {
	out := map[known]*yamldoc.Node{}
	for i, key := range keys {
		out[key] = list.Items[i]
	}
	return out
}

// nameless is an entry without its id and what it names by ids.
func nameless(at place, n *yamldoc.Node) *yamldoc.Node {
	if n.Kind != yamldoc.Map {
		return nil
	}
	out := &yamldoc.Node{Kind: yamldoc.Map}
	for _, p := range n.Pairs {
		if k := p.Key.Value; !slices.Contains([]string{"id", "for", "cites", "told", "target", "provision"}, k) || last(at.keys) == "contacts" && k == "told" {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return out
}
