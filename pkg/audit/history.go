package audit

import (
	"bytes"
	"context"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
)

// history is what all the commits together say.
type history struct {
	seals   map[sight]*seen  // every seal that ever was, by learner and blob
	gone    []event          // a seal that a parent has and its child has not
	altered []event          // a sealed file that a child holds otherwise than its parent, or not at all
	files   map[string][]own // changes of sendctl.yaml and people.yaml

	later []objects.ID // while commits are read: parents, and where those of each commit end
	ends  []int
}

// sight is a seal as the trees show it.
type sight struct {
	learner string // or seal.Setting
	blob    objects.ID
}

// seen says where a seal came from.
type seen struct {
	name  string
	first []int32 // commits that brought it, that no parent of theirs has it of
}

// event is one change at a path between a commit and one parent.
type event struct {
	learner  string
	path     string // from the record folder
	commit   int32
	parent   int32
	was, now objects.ID // now is zero where it is gone
}

// own is a commit's change of one of the folder's own files against one parent.
type own struct {
	commit   int32
	parent   int32 // -1 for a root
	was, now objects.ID
}

// compare looks at what every commit changed against each of its parents, on all
// cores: stretches of the history at a time, since neighbours share their trees.
func (w *walk) compare(ctx context.Context, step func(done, of int)) error {
	w.link()
	h := &w.history
	h.seals, h.files = map[sight]*seen{}, map[string][]own{}
	const stretch = 128
	var mu sync.Mutex
	next, done := 0, 0
	var first error
	var wg sync.WaitGroup
	var trees hashed
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			d := &differ{store: w.store, hashed: &trees}
			for {
				mu.Lock()
				from := next
				next += stretch
				stop := first != nil || ctx.Err() != nil || from >= len(w.commits)
				mu.Unlock()
				if stop {
					return
				}
				to := min(from+stretch, len(w.commits))
				for i := from; i < to; i++ {
					if err := w.look(d, int32(i)); err != nil {
						mu.Lock()
						w.commits[i].cut = true // nothing is said of what it brings
						if fatal(err) {
							first = err
						} else {
							w.missing = append(w.missing, lost{err, w.commits[i].id})
						}
						mu.Unlock()
					}
				}
				mu.Lock()
				w.merge(d)
				done += to - from
				if step != nil {
					step(done, len(w.commits))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if first == nil {
		first = ctx.Err()
	}
	return first
}

// merge adds what a worker found; the caller holds the lock.
func (w *walk) merge(d *differ) {
	h := &w.history
	for _, b := range d.brought {
		s := h.seals[b.sight]
		if s == nil {
			s = &seen{name: b.name}
			h.seals[b.sight] = s
		}
		if b.first && len(s.first) < 8 {
			s.first = append(s.first, b.commit)
		}
		w.commits[b.commit].seals = true
	}
	h.gone = append(h.gone, d.gone...)
	h.altered = append(h.altered, d.altered...)
	w.missing = append(w.missing, d.lacks...)
	d.lacks = nil
	for name, list := range d.files {
		h.files[name] = append(h.files[name], list...)
	}
	d.brought, d.gone, d.altered, d.files = d.brought[:0], d.gone[:0], d.altered[:0], nil
}

// look compares one commit with its parents, a root with nothing.
func (w *walk) look(d *differ, n int32) error {
	c := &w.commits[n]
	d.commit = n
	if len(c.parents) == 0 {
		d.parent, d.parents = -1, 1
		return d.record(objects.ID{}, c.record)
	}
	d.parents = len(c.parents)
	from := len(d.brought)
	for _, p := range c.parents {
		d.parent = p
		if err := d.record(w.commits[p].record, c.record); err != nil {
			return err
		}
	}
	if d.parents > 1 { // a merge brings only what none of its parents has
		count := map[sight]int{}
		for _, b := range d.brought[from:] {
			count[b.sight]++
		}
		for i := from; i < len(d.brought); i++ {
			d.brought[i].first = count[d.brought[i].sight] >= d.parents
		}
	}
	return nil
}

// differ compares trees. Each worker has its own.
type differ struct {
	store          *objects.Store
	hashed         *hashed // of all workers; nil for none
	commit, parent int32
	parents        int
	recent         [8]verified
	at             int
	brought        []brought
	gone, altered  []event
	lacks          []lost // files that are not in the store
	files          map[string][]own
	depth          int
}

type brought struct {
	sight
	name   string
	commit int32
	first  bool
}

// verified is a tree whose bytes were hashed.
type verified struct {
	id  objects.ID
	raw []byte
}

// tree reads a tree, hashed once as long as it is used again soon. The zero id is
// the tree of nothing.
func (d *differ) tree(id objects.ID) ([]byte, error) {
	if id.IsZero() {
		return nil, nil
	}
	for i := range d.recent {
		if d.recent[i].id == id {
			return d.recent[i].raw, nil
		}
	}
	raw, known := d.hashed.get(id)
	if !known {
		var err error
		if raw, err = of(d.store, objects.Tree, id); err != nil {
			return nil, err
		}
		d.hashed.put(id, raw)
	}
	d.recent[d.at] = verified{id, raw}
	d.at = (d.at + 1) % len(d.recent)
	return raw, nil
}

// hashed keeps trees whose bytes were hashed and found to be what their id says. A
// learner's tree is met twice, as what a commit made and as what a later one changed,
// and between the two may lie hundreds of commits about others. It is safe for several
// goroutines at once; the zero value is ready, and nil holds nothing.
type hashed struct {
	mu         sync.Mutex
	fresh, old map[objects.ID][]byte // when fresh is full it becomes old, and old goes
	held       int                   // bytes in fresh
}

const (
	hashedBytes = 12 << 20 // of fresh, and so of old
	hashedTree  = 16 << 10 // larger ones are those above the learners, which only neighbours share
)

func (h *hashed) get(id objects.ID) ([]byte, bool) {
	if h == nil {
		return nil, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if raw, ok := h.fresh[id]; ok {
		return raw, true
	}
	raw, ok := h.old[id]
	if ok {
		h.add(id, raw)
	}
	return raw, ok
}

func (h *hashed) put(id objects.ID, raw []byte) {
	if h == nil || len(raw) > hashedTree {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.add(id, raw)
}

// add takes a tree in; the caller holds the lock.
func (h *hashed) add(id objects.ID, raw []byte) {
	const overhead = 100 // of an entry
	if h.held > hashedBytes || h.fresh == nil {
		h.old, h.fresh, h.held = h.fresh, map[objects.ID][]byte{}, 0
	}
	h.fresh[id] = raw
	h.held += len(raw) + overhead
}

// differing gives the entries that one tree has and the other has not, name, mode
// and id together. It does not rest on their order: a tree made by hand may have
// any.
func (d *differ) differing(a, b objects.ID) (removed, added []objects.TreeEntry, err error) {
	if a == b {
		return nil, nil, nil
	}
	x, err := d.tree(a)
	if err != nil {
		return nil, nil, err
	}
	y, err := d.tree(b)
	if err != nil {
		return nil, nil, err
	}
	head := samePrefix(x, y)
	tail := sameSuffix(x[head:], y[head:])
	// Entries that end within the equal head are the same.
	p := 0
	for p < head {
		_, rest, err := objects.NextEntry(x[p:])
		if err != nil {
			return nil, nil, broken(a, err)
		}
		if end := len(x) - len(rest); end <= head {
			p = end
			continue
		}
		break
	}
	// The equal tail is cut where entries of both end alike.
	x, y = x[p:], y[p:]
	for len(x) > tail || len(y) > tail || len(x) != len(y) {
		from, id, list := &x, a, &removed
		if len(y) > len(x) {
			from, id, list = &y, b, &added
		}
		e, rest, err := objects.NextEntry(*from)
		if err != nil {
			return nil, nil, broken(id, err)
		}
		*list = append(*list, e)
		*from = rest
	}
	removed, added = only(removed, added)
	return removed, added, nil
}

func broken(id objects.ID, err error) error {
	return &objects.DamagedError{Where: "git object " + id.String(), What: err.Error()}
}

// only takes out of both lists what both hold.
func only(removed, added []objects.TreeEntry) (r, a []objects.TreeEntry) {
	same := func(x, y objects.TreeEntry) bool {
		return x.ID == y.ID && objects.CanonMode(x.Mode) == objects.CanonMode(y.Mode) && bytes.Equal(x.Name, y.Name)
	}
	if len(removed) > 32 && len(added) > 32 {
		type key struct {
			name string
			mode uint32
			id   objects.ID
		}
		of := func(e objects.TreeEntry) key { return key{string(e.Name), objects.CanonMode(e.Mode), e.ID} }
		in := func(list []objects.TreeEntry) map[key]bool {
			m := make(map[key]bool, len(list))
			for _, e := range list {
				m[of(e)] = true
			}
			return m
		}
		had, has := in(removed), in(added)
		for _, e := range removed {
			if !has[of(e)] {
				r = append(r, e)
			}
		}
		for _, e := range added {
			if !had[of(e)] {
				a = append(a, e)
			}
		}
		return r, a
	}
	holds := func(list []objects.TreeEntry, e objects.TreeEntry) bool {
		for _, x := range list {
			if same(x, e) {
				return true
			}
		}
		return false
	}
	for _, e := range removed {
		if !holds(added, e) {
			r = append(r, e)
		}
	}
	for _, e := range added {
		if !holds(removed, e) {
			a = append(a, e)
		}
	}
	return r, a
}

func samePrefix(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for block := 512; i+block <= n && bytes.Equal(a[i:i+block], b[i:i+block]); {
		i += block
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

func sameSuffix(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for block := 512; i+block <= n && bytes.Equal(a[len(a)-i-block:len(a)-i], b[len(b)-i-block:len(b)-i]); {
		i += block
	}
	for i < n && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	return i
}

// record compares two states of the record folder.
func (d *differ) record(was, now objects.ID) error {
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	return pairs(removed, added, func(name string, a, b objects.TreeEntry) error {
		switch name {
		case "learners":
			return d.learners(subtree(a), subtree(b))
		case seal.Dir:
			return d.seals(seal.Setting, subtree(a), subtree(b))
		case "keys", "removals":
			return d.sealedFiles(seal.Setting, "", name, was, subtree(a), subtree(b))
		case "sendctl.yaml", "people.yaml":
			if d.files == nil {
				d.files = map[string][]own{}
			}
			d.files[name] = append(d.files[name], own{d.commit, d.parent, blob(a), blob(b)})
		}
		return d.there(blob(b))
	})
}

// pairs visits what differs by name. Where a tree holds a name twice, each is
// visited.
func pairs(removed, added []objects.TreeEntry, visit func(name string, was, now objects.TreeEntry) error) error {
	used := make([]bool, len(added))
	for _, r := range removed {
		now := objects.TreeEntry{}
		for i, a := range added {
			if !used[i] && bytes.Equal(a.Name, r.Name) {
				now, used[i] = a, true
				break
			}
		}
		if err := visit(string(r.Name), r, now); err != nil {
			return err
		}
	}
	for i, a := range added {
		if !used[i] {
			if err := visit(string(a.Name), objects.TreeEntry{}, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// subtree is the id of an entry that is a folder, else zero.
func subtree(e objects.TreeEntry) objects.ID {
	if e.IsTree() {
		return e.ID
	}
	return objects.ID{}
}

// blob is the id of an entry that is a file, else zero.
func blob(e objects.TreeEntry) objects.ID {
	if e.Mode&0o170000 == 0o100000 {
		return e.ID
	}
	return objects.ID{}
}

func (d *differ) learners(was, now objects.ID) error {
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	return pairs(removed, added, func(name string, a, b objects.TreeEntry) error {
		return d.learner(name, subtree(a), subtree(b))
	})
}

func (d *differ) learner(id string, was, now objects.ID) error {
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	return pairs(removed, added, func(name string, a, b objects.TreeEntry) error {
		switch {
		case name == seal.Dir:
			return d.seals(id, subtree(a), subtree(b))
		case !subtree(a).IsZero() || !subtree(b).IsZero():
			return d.sealedFiles(id, path.Join("learners", id), name, was, subtree(a), subtree(b))
		}
		return d.there(blob(b))
	})
}

// seals compares two seals folders.
func (d *differ) seals(learner string, was, now objects.ID) error {
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	dir := seal.Dir
	if learner != seal.Setting {
		dir = path.Join("learners", learner, seal.Dir)
	}
	return pairs(removed, added, func(name string, a, b objects.TreeEntry) error {
		if !strings.HasSuffix(name, seal.Extension) {
			return nil
		}
		old, fresh := blob(a), blob(b)
		if old == fresh {
			return nil // only its mode
		}
		if !old.IsZero() {
			d.gone = append(d.gone, event{learner, dir + "/" + name, d.commit, d.parent, old, fresh})
		}
		if err := d.there(fresh); err != nil {
			return err
		}
		if !fresh.IsZero() {
			d.brought = append(d.brought, brought{sight{learner, fresh}, name, d.commit, true})
		}
		return nil
	})
}

// sealedFiles compares two folders of files that may be sealed. above is the
// parent's tree in which its seals folder lies.
func (d *differ) sealedFiles(learner, base, dir string, above, was, now objects.ID) error {
	if d.depth > 32 {
		return nil
	}
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	return pairs(removed, added, func(name string, a, b objects.TreeEntry) error {
		if x, y := subtree(a), subtree(b); !x.IsZero() || !y.IsZero() {
			d.depth++
			defer func() { d.depth-- }()
			if err := d.sealedFiles(learner, base, dir+"/"+name, above, x, y); err != nil {
				return err
			}
		}
		old, fresh := blob(a), blob(b)
		if err := d.there(fresh); err != nil {
			return err
		}
		if old.IsZero() || old == fresh {
			return nil
		}
		is, err := d.isSealed(above, name)
		if err != nil || !is {
			return err
		}
		d.altered = append(d.altered, event{learner, path.Join(base, dir, name), d.commit, d.parent, old, fresh})
		return nil
	})
}

// there demands that a file a commit brought is in the store. Its bytes are read only
// where the verdict rests on them.
func (d *differ) there(id objects.ID) error {
	if id.IsZero() {
		return nil
	}
	ok, err := d.store.Has(id)
	if err == nil && !ok {
		d.lacks = append(d.lacks, lost{&objects.MissingError{ID: id}, objects.ID{}})
	}
	return err
}

// isSealed reports whether the seals folder in a tree holds one of the file of that
// name, by the id with which the name ends.
func (d *differ) isSealed(above objects.ID, name string) (bool, error) {
	stem := strings.TrimSuffix(name, path.Ext(name))
	file := stem[strings.LastIndexByte(stem, '-')+1:]
	if !ids.ValidFile(file) {
		return false, nil
	}
	raw, err := d.tree(above)
	if err != nil {
		return false, err
	}
	e, ok, err := objects.FindEntry(raw, seal.Dir)
	if err != nil || !ok || !e.IsTree() {
		return false, err
	}
	if raw, err = d.tree(e.ID); err != nil {
		return false, err
	}
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return false, broken(above, err)
		}
		n := string(e.Name)
		if strings.HasPrefix(n, file+"-") || strings.HasSuffix(n, seal.Second+file+seal.Extension) {
			return true, nil
		}
	}
	return false, nil
}
