package merge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// clash is one id given on both sides to two different entries of a list.
type clash struct {
	at    place
	id    string
	taken []string // every id of the list on any side
	o, t  *yamldoc.Node
}

// giveNewIDs finds ids that were given on both sides without knowing of each other,
// and gives one of the two entries another: both stand. Which one keeps its id is
// the same in every clone; what names the other one is changed with it.
func (w *whole) giveNewIDs() {
	var paths []string
	for p := range w.files {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		v := w.files[p]
		k, ok := recordfile.KindAt(p)
		if _, done := w.out[p]; done || !ok || v.ours == nil || v.theirs == nil || same3(v.base, v.ours) || same3(v.base, v.theirs) || same3(v.ours, v.theirs) {
			continue
		}
		o, _ := sound(p, k, v.ours)
		t, _ := sound(p, k, v.theirs)
		if o == nil || t == nil {
			continue
		}
		var base *yamldoc.Node
		if b, _ := yamldoc.Parse(p, v.base); b != nil {
			base = b.Root()
		}
		w.path = p
		found := clashes(k, place{}, base, o.Root(), t.Root())
		oursGive := seal.Hash([]byte(text(o.Root()))) > seal.Hash([]byte(text(t.Root())))
		for i := range found {
			w.separate(p, k, &found[i], oursGive)
		}
	}
}

// clashes lists the ids that mean two things, below one place of a file.
func clashes(k recordfile.Kind, at place, b, o, t *yamldoc.Node) []clash {
	if o == nil || t == nil || o.Kind != t.Kind {
		return nil
	}
	if o.Kind == yamldoc.Map {
		var out []clash
		for _, p := range o.Pairs {
			out = append(out, clashes(k, at.key(p.Key.Value), b.Get(p.Key.Value), p.Value, t.Get(p.Key.Value))...)
		}
		return out
	}
	if o.Kind != yamldoc.List || !drawn(k, at.keys) {
		return nil
	}
	var out []clash
	var taken []string
	for _, l := range []*yamldoc.Node{b, o, t} {
		if l == nil {
			continue
		}
		for _, it := range l.Items {
			if id := it.Get("id"); id != nil {
				taken = append(taken, id.Value)
			}
		}
	}
	for _, it := range o.Items {
		id := it.Get("id")
		if id == nil || id.Kind != yamldoc.Scalar {
			continue
		}
		x := itemWith(t, id.Value)
		if x != nil && itemWith(b, id.Value) == nil && !same(it, x) {
			out = append(out, clash{at: at, id: id.Value, taken: taken, o: it, t: x})
		}
	}
	for i := range out { // what one clash takes, the next may not
		out[i].taken = slices.Clone(taken)
	}
	return out
}

func itemWith(list *yamldoc.Node, id string) *yamldoc.Node {
	if list == nil || list.Kind != yamldoc.List {
		return nil
	}
	for _, it := range list.Items {
		if x := it.Get("id"); x != nil && x.Value == id {
			return it
		}
	}
	return nil
}

// separate gives one entry of a clash a new id.
func (w *whole) separate(p string, k recordfile.Kind, c *clash, oursGive bool) {
	giving := c.t
	if oursGive {
		giving = c.o
	}
	id := w.newID(p, c, giving)
	if !w.rename(p, k, c, id, oursGive, false) && !w.rename(p, k, c, id, !oursGive, false) {
		answer := w.ask(RuleSameID, place{append(slices.Clip(c.at.path), yamldoc.IDStep(c.id)), c.at.keys}, nil, c.o, c.t, Ours, Theirs)
		w.rename(p, k, c, id, answer == Theirs, true)
		return
	}
	w.note(RuleSameID, "", fmt.Sprintf("%s was given to two different entries of %s, once on each side; both stand, one of them as %s", c.id, last(c.at.keys), id))
}

// newID is the next of a count (t3 after t2), or four letters made of what the entry
// says, the same in every clone.
func (w *whole) newID(p string, c *clash, entry *yamldoc.Node) string {
	prefix := strings.TrimRight(c.id, "0123456789")
	if _, err := strconv.Atoi(c.id[len(prefix):]); err == nil && len(c.id) < fileID {
		for n := 1; ; n++ {
			if id := prefix + strconv.Itoa(n); !slices.Contains(c.taken, id) && !w.given(p, c, id) {
				return id
			}
		}
	}
	for try := byte(0); ; try++ {
		if id := letters([]byte(text(entry)), fileID, try); !slices.Contains(c.taken, id) && !w.given(p, c, id) {
			return id
		}
	}
}

// given reports whether an id was given meanwhile in this list, by an earlier clash.
func (w *whole) given(p string, c *clash, id string) bool {
	for _, b := range [][]byte{w.files[p].ours, w.files[p].theirs} {
		doc, _ := yamldoc.Parse(p, b)
		if doc != nil && itemWith(doc.Find(c.at.path), id) != nil {
			return true
		}
	}
	return false
}

// rename gives the entry of one side a new id, and changes what names it: in its own
// file, and in the files that side has changed. It does nothing and says so where
// that is sealed, unless it is told to do what it can.
func (w *whole) rename(p string, k recordfile.Kind, c *clash, id string, ours, anyway bool) bool {
	bytesOf := func(v *versions) *[]byte {
		if ours {
			return &v.ours
		}
		return &v.theirs
	}
	changed := map[string][]byte{}
	keys, elsewhere := namedBy(c.at.keys)
	for q, v := range w.files {
		src := *bytesOf(v)
		kind, ok := recordfile.KindAt(q)
		if !ok || src == nil || q != p && (!elsewhere || same3(v.base, src)) {
			continue
		}
		doc, _ := sound(q, kind, src)
		if doc == nil {
			if q == p {
				return false
			}
			continue
		}
		var edits []yamldoc.Edit
		if q == p {
			at, ok := doc.Canonical(append(slices.Clip(c.at.path), yamldoc.IDStep(c.id), yamldoc.KeyStep("id")))
			if !ok {
				return false
			}
			edits = append(edits, yamldoc.Set(at, yamldoc.Code(id)))
		}
		owner := ""
		if q != p && last(c.at.keys) == "provision" {
			if owner = idOf(p); owner == "" {
				continue
			}
		}
		for _, at := range names(doc.Root(), nil, keys, c.id, owner) {
			edits = append(edits, yamldoc.Set(at, yamldoc.Code(id)))
		}
		if len(edits) == 0 {
			continue
		}
		if len(w.covered[q]) > 0 {
			if !anyway {
				return false
			}
			continue
		}
		next, err := doc.Edit(edits...)
		if err != nil {
			return false
		}
		changed[q] = next.Bytes()
	}
	for q, b := range changed {
		*bytesOf(w.files[q]) = b
	}
	return true
}

// names lists the places below n at which one of these keys gives the id, alone or in
// a list. Where an owner is given, only those of a group whose cycle it is count.
func names(n *yamldoc.Node, at yamldoc.Path, keys []string, id, owner string) []yamldoc.Path {
	var out []yamldoc.Path
	for _, p := range n.Pairs {
		here := at.Key(p.Key.Value)
		if slices.Contains(keys, p.Key.Value) && (owner == "" || n.Get("cycle") != nil && n.Get("cycle").Value == owner) {
			if p.Value.Kind == yamldoc.Scalar && p.Value.Value == id {
				out = append(out, here)
			}
			for i, it := range p.Value.Items {
				if it.Kind == yamldoc.Scalar && it.Value == id {
					out = append(out, here.Index(i))
				}
			}
		}
		out = append(out, names(p.Value, here, keys, id, owner)...)
	}
	for i, it := range n.Items {
		out = append(out, names(it, at.Index(i), keys, id, owner)...)
	}
	return out
}

// idOf is the id that a file's name bears, "" where it bears none.
func idOf(p string) string {
	name := strings.TrimSuffix(p[strings.LastIndexByte(p, '/')+1:], ".yaml")
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return ""
	}
	return name[i+1:]
}
