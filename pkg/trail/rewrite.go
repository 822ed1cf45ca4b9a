package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// Cut says what is taken out of a whole history. trail sees names and messages;
// what they mean is the caller's.
type Cut interface {
	// Entry judges one entry of a folder: whether it goes, with all below it. place is
	// what was answered, as below, for the folder itself ("" for the top of the tree):
	// folders of equal bytes and equal place are judged once. It must rest on
	// nothing else, or one history would be rewritten in two ways.
	Entry(place string, e objects.TreeEntry) (goes bool, below string)
	// Message gives what may stay of a commit's or a tag's message. lost says that
	// something went of what this commit itself had changed.
	Message(text []byte, lost bool) []byte
}

// RefMove is what becomes of one ref.
type RefMove struct {
	Name string     `json:"name"`
	Old  objects.ID `json:"old"`
	New  objects.ID `json:"new"` // zero: the ref is deleted
}

// Gone is one version of a file that goes.
type Gone struct {
	Path string // in the repository's trees
	ID   objects.ID
}

// Rewriting is what a Cut makes of the history, worked out before anything is changed.
type Rewriting struct {
	Commits   int // that are looked at
	Tainted   int // that hold some of it: their trees change
	Rewritten int // that get another id
	Emptied   int // that vanish, since they changed nothing else
	Unsigned  int // signatures of commits and tags that go
	Moves     []RefMove
	Blobs     []Gone // in order of path; one id may lie at several
	Stash     bool   // something put away with git stash holds it
	Shared    []Gone // blobs that lie at another place too, which stays: so do they

	trees   []objects.ID // that only what goes was below
	commits map[objects.ID]objects.ID
	keep    map[objects.ID]bool
}

// Of gives the id that a commit has afterwards; zero where it vanishes.
func (w *Rewriting) Of(commit objects.ID) objects.ID {
	if to, ok := w.commits[commit]; ok {
		return to
	}
	return commit
}

// Objects lists the ids of all files and folders that go and lie nowhere else.
func (w *Rewriting) Objects() []objects.ID {
	out := make([]objects.ID, 0, len(w.Blobs)+len(w.trees))
	for _, b := range w.Blobs {
		if !w.keep[b.ID] {
			out = append(out, b.ID)
		}
	}
	for _, id := range w.trees {
		if !w.keep[id] {
			out = append(out, id)
		}
	}
	return out
}

// Rewrite works out what a Cut makes of every branch, tag and note of the repository.
// Commits before the first that holds something of it keep their ids; of the others
// authors, dates, messages and merges stay, and signatures go. Nothing is written.
func (r *Repo) Rewrite(ctx context.Context, cut Cut) (*Rewriting, error) {
	return r.rewriteTo(ctx, cut, nil)
}

// rewriteTo also writes the new objects to a pack; nil is none.
func (r *Repo) rewriteTo(ctx context.Context, cut Cut, to *packing) (*Rewriting, error) {
	store, err := r.ownStore() // the shared one may be in the middle of something, and its packs go away with gc
	if err != nil {
		return nil, err
	}
	defer store.Close()
	w := &rewriter{
		store: store, cut: cut, to: to, trees: map[treeAt]treeAs{}, last: map[string]*judged{}, gone: map[objects.ID][]string{}, goneTrees: map[objects.ID]bool{},
		sums: map[objects.ID]objects.ID{}, made: map[objects.ID]objects.ID{}, emptied: map[objects.ID]bool{},
		out: &Rewriting{commits: map[objects.ID]objects.ID{}, keep: map[objects.ID]bool{}},
	}
	refs, err := r.Refs("refs/")
	if err != nil {
		return nil, err
	}
	if err := w.refs(ctx, refs); err != nil {
		return nil, err
	}
	if err := r.stashes(ctx, w); err != nil {
		return nil, err
	}
	for id, paths := range w.gone {
		for _, p := range paths {
			w.out.Blobs = append(w.out.Blobs, Gone{p, id})
		}
		if w.out.keep[id] {
			w.out.Shared = append(w.out.Shared, Gone{paths[0], id})
		}
	}
	for _, list := range [][]Gone{w.out.Blobs, w.out.Shared} {
		slices.SortFunc(list, func(a, b Gone) int {
			if c := strings.Compare(a.Path, b.Path); c != 0 {
				return c
			}
			return bytes.Compare(a.ID[:], b.ID[:])
		})
	}
	for id := range w.goneTrees {
		w.out.trees = append(w.out.trees, id)
	}
	slices.SortFunc(w.out.trees, func(a, b objects.ID) int { return bytes.Compare(a[:], b[:]) })
	return w.out, nil
}

// stashes looks at what git stash put away: the first is a ref, the others lie in
// its reflog alone.
func (r *Repo) stashes(ctx context.Context, w *rewriter) error {
	raw, err := os.ReadFile(filepath.Join(r.commonDir, "logs", "refs", "stash"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the list of stashes: %w", err)
	}
	for line := range bytes.Lines(raw) {
		if len(line) < 82 {
			continue
		}
		id, err := objects.ParseID(string(line[41:81]))
		if err != nil {
			return fmt.Errorf("read the list of stashes: %w", err)
		}
		to, err := w.commit(ctx, id, false)
		if err != nil {
			return err
		}
		w.out.Stash = w.out.Stash || to != id
	}
	return nil
}

// rewriter is one Rewrite under way.
type rewriter struct {
	store *objects.Store
	cut   Cut
	to    *packing
	out   *Rewriting

	trees     map[treeAt]treeAs
	last      map[string]*judged      // large folders, by path
	gone      map[objects.ID][]string // paths
	goneTrees map[objects.ID]bool
	sums      map[objects.ID]objects.ID // of commits: what goes of their trees; only where something does
	made      map[objects.ID]objects.ID // new commits, and their trees
	emptied   map[objects.ID]bool       // old commits that vanish
}

type treeAt struct {
	id    objects.ID
	place string
}

// treeAs is what becomes of a tree: its new id, zero where nothing is left; and a sum
// of what went, zero for nothing.
type treeAs struct{ id, went objects.ID }

func (w *rewriter) refs(ctx context.Context, refs []Ref) error {
	// Notes are named for commits, so all commits must have their new ids by then.
	slices.SortStableFunc(refs, func(a, b Ref) int {
		return b2i(strings.HasPrefix(a.Name, "refs/notes/")) - b2i(strings.HasPrefix(b.Name, "refs/notes/"))
	})
	for _, ref := range refs {
		to, err := w.target(ctx, ref.ID, strings.HasPrefix(ref.Name, "refs/notes/"))
		if err != nil {
			return fmt.Errorf("%s: %w", ref.Name, err)
		}
		switch {
		case to == ref.ID:
			continue
		case ref.Name == "refs/stash":
			w.out.Stash = true
			continue
		case strings.HasPrefix(ref.Name, "refs/remotes/"), strings.HasPrefix(ref.Name, "refs/original/"):
			to = objects.ID{} // what a remote holds is not ours to say, and here nothing may lead to it
		}
		w.out.Moves = append(w.out.Moves, RefMove{Name: ref.Name, Old: ref.ID, New: to})
	}
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// target is what becomes of whatever a ref or a tag points at.
func (w *rewriter) target(ctx context.Context, id objects.ID, notes bool) (objects.ID, error) {
	kind, raw, err := w.store.Object(id)
	if err != nil {
		return id, err
	}
	switch kind {
	case objects.Commit:
		return w.commit(ctx, id, notes)
	case objects.Tree:
		as, err := w.tree(id, "", "", true)
		return as.id, err
	case objects.Tag:
		return w.tag(ctx, id, raw)
	}
	if _, gone := w.gone[id]; gone {
		return objects.ID{}, nil
	}
	w.out.keep[id] = true
	return id, nil
}

// commit is what becomes of a commit and, before it, of all that it comes from.
func (w *rewriter) commit(ctx context.Context, tip objects.ID, notes bool) (objects.ID, error) {
	type step struct {
		id      objects.ID
		parents []objects.ID
	}
	if to, ok := w.out.commits[tip]; ok {
		return to, nil
	}
	todo := []step{{id: tip}}
	for len(todo) > 0 {
		at := &todo[len(todo)-1]
		if _, done := w.out.commits[at.id]; done {
			todo = todo[:len(todo)-1]
			continue
		}
		if at.parents == nil {
			if err := ctx.Err(); err != nil {
				return tip, err
			}
			raw, err := w.store.Of(objects.Commit, at.id)
			if err != nil {
				return tip, err
			}
			var h objects.Header
			if err := objects.ReadHeader(raw, &h); err != nil {
				return tip, fmt.Errorf("commit %s: %w", at.id, err)
			}
			at.parents = append([]objects.ID{}, h.Parents...)
			if at.parents == nil {
				at.parents = []objects.ID{}
			}
		}
		var next objects.ID
		for len(at.parents) > 0 && next.IsZero() {
			if _, done := w.out.commits[at.parents[0]]; !done {
				next = at.parents[0]
			}
			at.parents = at.parents[1:]
		}
		if !next.IsZero() {
			todo = append(todo, step{id: next})
			continue
		}
		to, err := w.one(at.id, notes)
		if err != nil {
			return tip, err
		}
		w.out.commits[at.id] = to
		todo = todo[:len(todo)-1]
	}
	return w.out.commits[tip], nil
}

// one is what becomes of a commit whose parents are settled.
func (w *rewriter) one(id objects.ID, notes bool) (objects.ID, error) {
	raw, err := w.store.Of(objects.Commit, id)
	if err != nil {
		return id, err
	}
	var h objects.Header
	if err := objects.ReadHeader(raw, &h); err != nil {
		return id, fmt.Errorf("commit %s: %w", id, err)
	}
	w.out.Commits++
	var as treeAs
	if notes {
		as.id, err = w.notes(h.Tree)
	} else {
		as, err = w.tree(h.Tree, "", "", true)
	}
	if err != nil {
		return id, fmt.Errorf("commit %s: %w", id, err)
	}
	if as.id.IsZero() {
		as.id = objects.EmptyTree()
	}
	if !as.went.IsZero() {
		w.out.Tainted++
		w.sums[id] = as.went
	}
	var parents []objects.ID
	var before objects.ID // what went of the first parent's tree
	same := as.id == h.Tree
	for i, p := range h.Parents {
		to := w.out.commits[p]
		if i == 0 {
			before = w.sums[p]
		}
		same = same && to == p
		if !to.IsZero() && !slices.Contains(parents, to) {
			parents = append(parents, to)
		}
	}
	head, message := splitCommit(raw)
	lost := as.went != before && len(h.Parents) < 2
	text := w.messageOf(message, lost)
	if same && bytes.Equal(text, message) {
		return id, nil
	}
	var onto treeAs
	if len(parents) < 2 {
		if len(parents) == 1 {
			if onto.id, err = w.treeOf(parents[0]); err != nil {
				return id, err
			}
		} else {
			onto.id = objects.EmptyTree()
		}
		empty, err := w.wasEmpty(h)
		if err != nil {
			return id, err
		}
		if onto.id == as.id && (!empty || len(h.Parents) > len(parents)) {
			w.out.Emptied++
			w.emptied[id] = true
			if len(parents) == 0 {
				return objects.ID{}, nil
			}
			return parents[0], nil
		}
	}
	w.out.Rewritten++
	var b bytes.Buffer
	fmt.Fprintf(&b, "tree %s\n", as.id)
	for _, p := range parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	signed := false
	for _, line := range headerLines(head) {
		switch word, _, _ := bytes.Cut(line, []byte{' '}); string(word) {
		case "tree", "parent":
		case "gpgsig", "gpgsig-sha256", "mergetag":
			signed = true
		default:
			b.Write(line)
			b.WriteByte('\n')
		}
	}
	if signed {
		w.out.Unsigned++
	}
	b.WriteByte('\n')
	b.Write(text)
	to := objects.Hash(objects.Commit, b.Bytes())
	w.made[to] = as.id
	return to, w.put(objects.Commit, to, "", b.Bytes())
}

// wasEmpty reports whether a commit changed nothing to begin with.
func (w *rewriter) wasEmpty(h objects.Header) (bool, error) {
	if len(h.Parents) != 1 {
		return len(h.Parents) == 0 && h.Tree == objects.EmptyTree(), nil
	}
	raw, err := w.store.Of(objects.Commit, h.Parents[0])
	if err != nil {
		return false, err
	}
	var p objects.Header
	if err := objects.ReadHeader(raw, &p); err != nil {
		return false, err
	}
	return p.Tree == h.Tree, nil
}

// treeOf is the tree of a commit as it will be: one that was written a moment ago, or
// one that keeps its id.
func (w *rewriter) treeOf(id objects.ID) (objects.ID, error) {
	if t, ok := w.made[id]; ok {
		return t, nil
	}
	raw, err := w.store.Of(objects.Commit, id)
	if err != nil {
		return id, err
	}
	var h objects.Header
	err = objects.ReadHeader(raw, &h)
	return h.Tree, err
}

// splitCommit parts a commit's or tag's headers from its message.
func splitCommit(raw []byte) (head, message []byte) {
	if n := bytes.Index(raw, []byte("\n\n")); n >= 0 {
		return raw[:n+1], raw[n+2:]
	}
	return raw, nil
}

// headerLines are the headers, each with its continued lines.
func headerLines(head []byte) [][]byte {
	var out [][]byte
	for line := range bytes.Lines(head) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) > 0 && line[0] == ' ' && len(out) > 0 {
			out[len(out)-1] = append(append(out[len(out)-1], '\n'), line...)
			continue
		}
		out = append(out, slices.Clip(bytes.Clone(line)))
	}
	return out
}

// messageOf is what stays of a message; ids of commits that got others are put right.
func (w *rewriter) messageOf(text []byte, lost bool) []byte {
	out := w.cut.Message(text, lost)
	for i := 0; i+40 <= len(out); i++ {
		n := 0
		for i+n < len(out) && isHexDigit(out[i+n]) {
			n++
		}
		if n == 40 {
			if id, err := objects.ParseID(string(out[i : i+40])); err == nil {
				if to, ok := w.out.commits[id]; ok && to != id && !to.IsZero() {
					out = append(append(bytes.Clone(out[:i]), to.String()...), out[i+40:]...)
				}
			}
		}
		i += n
	}
	return out
}

func isHexDigit(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// notes is what becomes of a tree of git notes: each note goes on to the new id of
// what it is about, or goes with it. What is no note stays.
func (w *rewriter) notes(id objects.ID) (objects.ID, error) {
	type note struct {
		mode uint32
		name string
		id   objects.ID
	}
	var list []note
	changed := false
	var read func(id objects.ID, at string) error
	read = func(id objects.ID, at string) error {
		raw, err := w.store.Of(objects.Tree, id)
		if err != nil {
			return err
		}
		for e, err := range objects.Entries(raw) {
			if err != nil {
				return err
			}
			name := at + string(e.Name)
			if e.IsTree() {
				if err := read(e.ID, name); err != nil {
					return err
				}
				continue
			}
			if about, err := objects.ParseID(name); err == nil {
				to, known := w.out.commits[about]
				_, gone := w.gone[about]
				if gone && !w.out.keep[about] || w.goneTrees[about] && !w.out.keep[about] || w.emptied[about] {
					changed = true
					w.gone[e.ID] = append(w.gone[e.ID], "a note of git's")
					continue
				}
				if known && to != about {
					changed, name = true, to.String()
				}
			}
			list = append(list, note{e.Mode, name, e.ID})
			w.out.keep[e.ID] = true
		}
		return nil
	}
	if err := read(id, ""); err != nil {
		return id, err
	}
	if !changed {
		w.out.keep[id] = true
		return id, nil
	}
	slices.SortFunc(list, func(a, b note) int { return strings.Compare(a.name, b.name) })
	list = slices.CompactFunc(list, func(a, b note) bool { return a.name == b.name })
	var b []byte
	for _, n := range list {
		b = fmt.Appendf(b, "%o %s\x00", n.mode, n.name)
		b = append(b, n.id[:]...)
	}
	to := objects.Hash(objects.Tree, b)
	w.out.keep[to] = true
	return to, w.put(objects.Tree, to, "", b)
}

// tag is what becomes of an annotated tag.
func (w *rewriter) tag(ctx context.Context, id objects.ID, raw []byte) (objects.ID, error) {
	at, _, err := objects.TagTarget(raw)
	if err != nil {
		return id, fmt.Errorf("tag %s: %w", id, err)
	}
	to, err := w.target(ctx, at, false)
	if err != nil || to.IsZero() {
		return to, err
	}
	head, message := splitCommit(raw)
	text := w.messageOf(message, false)
	if to == at && bytes.Equal(text, message) {
		return id, nil
	}
	for _, begin := range []string{"-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----", "-----BEGIN PGP MESSAGE-----"} {
		if n := bytes.Index(append([]byte("\n"), text...), []byte("\n"+begin)); n >= 0 {
			text = text[:n]
			w.out.Unsigned++
		}
	}
	var b bytes.Buffer
	for _, line := range headerLines(head) {
		switch word, _, _ := bytes.Cut(line, []byte{' '}); string(word) {
		case "object":
			fmt.Fprintf(&b, "object %s\n", to)
		case "gpgsig", "gpgsig-sha256":
			w.out.Unsigned++
		default:
			b.Write(line)
			b.WriteByte('\n')
		}
	}
	b.WriteByte('\n')
	b.Write(text)
	out := objects.Hash(objects.Tag, b.Bytes())
	return out, w.put(objects.Tag, out, "", b.Bytes())
}

func (w *rewriter) put(kind objects.Kind, id objects.ID, path string, data []byte) error {
	if w.to == nil {
		return nil
	}
	return w.to.put(kind, id, path, data)
}
