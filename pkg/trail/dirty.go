package trail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Change is a path at which HEAD, the index and the work tree differ.
type Change struct {
	Path      string // relative to Root
	Staged    bool   // the index differs from HEAD
	Unstaged  bool   // the work tree differs from the index
	Untracked bool   // on disk only
	Deleted   bool   // not on disk
	Unmerged  bool   // a merge, rebase or cherry-pick stopped at it; Staged too
}

// HeadFile gives the bytes a path has in the last commit; fs.ErrNotExist when
// it has none or there is no commit.
func (r *Repo) HeadFile(p string) ([]byte, error) {
	full, err := r.full(p)
	if err != nil {
		return nil, err
	}
	if err := r.supported(); err != nil {
		return nil, err
	}
	h, err := r.head()
	if err != nil {
		return nil, err
	}
	tree, err := r.treeOf(h.id)
	if err != nil {
		return nil, err
	}
	e, err := r.newTrees().lookup(tree, full)
	if err != nil {
		return nil, err
	}
	if e.isZero() || e.mode&0o170000 != 0o100000 {
		return nil, fmt.Errorf("%s is not in the last commit: %w", p, fs.ErrNotExist)
	}
	b, err := r.object(e.id, plumbing.BlobObject)
	return bytes.Clone(b), err // the reader may still use its own
}

// Dirty compares HEAD, index and work tree at the given paths, and at all
// files below those that are folders; "" or "." is the whole record folder.
// It looks at nothing else on disk. Files that git ignores are left out.
func (r *Repo) Dirty(paths []string) ([]Change, error) {
	states, err := r.states(paths)
	if err != nil {
		return nil, err
	}
	var changes []Change
	var loose []string
	for _, s := range states {
		c := Change{Path: strings.TrimPrefix(s.path, r.prefix)}
		indexed := entry{}
		if s.held.counts() {
			indexed = s.held.entry
		}
		c.Staged = indexed != s.head || s.held.unmerged
		c.Deleted, c.Unmerged = !s.onDisk, s.held.unmerged
		switch {
		case s.held.isZero() && s.onDisk:
			c.Untracked = true
		case s.held.skipped:
		default:
			c.Unstaged = s.onDisk != !s.held.isZero() || s.onDisk && s.diskDiffers(r, s.held.entry)
		}
		if !c.Staged && !c.Unstaged && !c.Untracked {
			continue
		}
		if c.Untracked && !c.Staged {
			loose = append(loose, s.path)
		}
		changes = append(changes, c)
	}
	ignored, err := r.ignored(loose)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(changes, func(c Change) bool { return ignored[r.prefix+c.Path] }), nil
}

// state is what is known of one path.
type state struct {
	path   string
	head   entry
	held   held
	onDisk bool
	stat   statData
	info   fs.FileInfo
	// trusted: the entry is older than the index, so equal stat data mean
	// equal content.
	trusted bool
	level   bool // Recover: the work tree holds what HEAD holds
}

// diskDiffers compares the file with a blob: by git's stat data where they can
// be trusted, else by content.
func (s state) diskDiffers(r *Repo, e entry) bool {
	if s.info.Mode()&fs.ModeSymlink != 0 {
		to, err := os.Readlink(r.disk(s.path))
		return err != nil || e.mode != 0o120000 || makeObject(plumbing.BlobObject, []byte(filepath.ToSlash(to))).id != e.id
	}
	if e.mode&0o170000 != 0o100000 {
		return true
	}
	if all, err := r.effective(); err == nil && all.truth("core.filemode", true) && (e.mode == modeExecutable) != (s.info.Mode().Perm()&0o100 != 0) {
		return true
	}
	if s.held.entry == e && s.stat == s.held.stat && s.stat != (statData{}) && s.trusted {
		return false
	}
	data, err := os.ReadFile(r.disk(s.path))
	return err != nil || makeObject(plumbing.BlobObject, data).id != e.id
}

// states gathers every path at or below the given ones, from HEAD, index and disk.
func (r *Repo) states(paths []string) ([]state, error) {
	if err := r.supported(); err != nil {
		return nil, err
	}
	full := make([]string, 0, len(paths))
	for _, p := range paths {
		p = strings.TrimSuffix(p, "/")
		if p == "" || p == "." {
			full = append(full, strings.TrimSuffix(r.prefix, "/"))
			continue
		}
		f, err := r.full(p)
		if err != nil {
			return nil, err
		}
		full = append(full, f)
	}
	slices.Sort(full)
	full = slices.Compact(full)
	all := map[string]*state{}
	at := func(p string) *state {
		s := all[p]
		if s == nil {
			s = &state{path: p}
			all[p] = s
		}
		return s
	}
	h, err := r.head()
	if err != nil {
		return nil, err
	}
	base, err := r.treeOf(h.id)
	if err != nil {
		return nil, err
	}
	t := r.newTrees()
	x, err := readIndex(r.indexPath())
	if err != nil {
		return nil, err
	}
	for _, p := range full {
		e := entry{mode: modeTree, id: base}
		if p != "" {
			if e, err = t.lookup(base, p); err != nil {
				return nil, err
			}
		}
		if err := t.files(e, p, func(p string, e entry) { at(p).head = e }); err != nil {
			return nil, err
		}
		if err := r.diskFiles(p, func(p string, st fs.FileInfo) {
			s := at(p)
			s.onDisk, s.info, s.stat = true, st, fileStat(st)
		}); err != nil {
			return nil, err
		}
	}
	shared := sharedPrefix(full)
	err = x.walk(func(e *indexEntry, _ []byte) error {
		// Of 80,000 entries all but a few end at the first question.
		if !bytes.HasPrefix(e.path, shared) || !within(full, e.path) || e.entry().mode == modeGitlink {
			return nil
		}
		s := at(string(e.path))
		unmerged := s.held.unmerged || e.stage() != 0
		s.held = held{entry: e.entry(), off: e.off, stat: readStat(e.raw), unmerged: unmerged, intent: e.intent(), skipped: e.skipWorktree()}
		s.trusted = s.held.stat.mtime().Before(x.written.Add(-tick))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := x.checkExtensions(); err != nil {
		return nil, err
	}
	list := make([]state, 0, len(all))
	for _, s := range all {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b state) int { return strings.Compare(a.path, b.path) })
	return list, nil
}

// sharedPrefix is what all of the sorted roots begin with.
func sharedPrefix(roots []string) []byte {
	if len(roots) == 0 {
		return nil
	}
	first, last := roots[0], roots[len(roots)-1]
	n := 0
	for n < len(first) && n < len(last) && first[n] == last[n] {
		n++
	}
	return []byte(first[:n])
}

// within says whether p is one of the sorted roots or below one.
func within(roots []string, p []byte) bool {
	// The last root not after p may be a sibling ("a-b" before "a/c" has the
	// root "a" further back), so each root on the way up is looked for.
	for end := len(p); ; {
		if _, ok := slices.BinarySearchFunc(roots, p[:end], func(a string, b []byte) int { return strings.Compare(a, string(b)) }); ok {
			return true
		}
		i := bytes.LastIndexByte(p[:end], '/')
		if i < 0 {
			return len(roots) > 0 && roots[0] == ""
		}
		end = i
	}
}

// files visits every file of a tree entry; a submodule has none.
func (t *trees) files(e entry, at string, visit func(string, entry)) error {
	if e.isZero() || e.mode == modeGitlink {
		return nil
	}
	if !e.isTree() {
		visit(at, e)
		return nil
	}
	b, err := t.tree(e.id)
	if err != nil {
		return err
	}
	for len(b) > 0 {
		mode, name, id, rest, err := nextEntry(b)
		if err != nil {
			return fmt.Errorf("tree of %q: %w", at, err)
		}
		if err := t.files(entry{mode: mode, id: plumbing.Hash(id)}, path.Join(at, string(name)), visit); err != nil {
			return err
		}
		b = rest
	}
	return nil
}

// diskFiles visits what is on disk at or below a path: files and links, not
// other repositories.
func (r *Repo) diskFiles(p string, visit func(string, fs.FileInfo)) error {
	st, err := os.Lstat(r.disk(p))
	if errors.Is(err, fs.ErrNotExist) || err != nil && notFolder(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", p, err)
	}
	if !st.IsDir() {
		visit(p, st)
		return nil
	}
	list, err := os.ReadDir(r.disk(p))
	if err != nil {
		return fmt.Errorf("look at %s: %w", p, err)
	}
	for _, e := range list {
		if strings.EqualFold(e.Name(), ".git") {
			if p != "" && p+"/" != r.prefix {
				return nil // a repository within
			}
			continue
		}
		child := path.Join(p, e.Name())
		if e.IsDir() {
			if _, err := os.Lstat(filepath.Join(r.disk(child), ".git")); err == nil {
				continue
			}
			if err := r.diskFiles(child, visit); err != nil {
				return err
			}
			continue
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look at %s: %w", child, err)
		}
		if st.Mode().IsRegular() || st.Mode()&fs.ModeSymlink != 0 {
			visit(child, st)
		}
	}
	return nil
}

// notFolder: a file lies where a folder of the path should be.
func notFolder(err error) bool { return strings.Contains(err.Error(), "not a directory") }

// ignored asks git which of these untracked files it ignores. Without git,
// none: showing too much is the safer fault.
func (r *Repo) ignored(paths []string) (map[string]bool, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	out, err := r.git(strings.NewReader(strings.Join(paths, "\x00")+"\x00"), nil, "check-ignore", "-z", "--stdin")
	var missing *RefusedError
	if errors.As(err, &missing) {
		return nil, nil
	}
	if err != nil && len(out) == 0 && !exitedWith(err, 1) {
		return nil, err
	}
	set := map[string]bool{}
	for p := range strings.SplitSeq(string(out), "\x00") {
		set[p] = true
	}
	return set, nil
}
