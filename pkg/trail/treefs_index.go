package trail

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// IndexFS is the record folder as it is staged: what the next commit would
// hold. It is an FS as CommitFS gives; every time in it is when the index was
// written. An index that is split, sparse or unmerged is a *RefusedError.
//
// In a hook of `git commit PATH` or `git commit -a` what is committed is another
// index, named by GIT_INDEX_FILE; that one is read when it lies in this work
// tree's git folder.
func (r *Repo) IndexFS() (fs.FS, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, fmt.Errorf("read what is staged: %w", err)
	}
	fsys, err := r.indexFS(store)
	if err != nil {
		return nil, fmt.Errorf("read what is staged: %w", err)
	}
	return fsys, nil
}

func (r *Repo) indexFS(store *objects.Store) (fs.FS, error) {
	file := r.stagedPath()
	x, err := readIndex(file)
	if err != nil {
		return nil, err
	}
	dirs := map[string][]snapEntry{".": nil}
	var odd error // a split index has entries without a name: that is said first
	err = x.walk(func(e *indexEntry, _ []byte) error {
		rel, ok := strings.CutPrefix(string(e.path), r.prefix)
		if !ok && len(e.path) > 0 || e.intent() {
			return nil
		}
		at := e.entry()
		switch {
		case e.stage() != 0:
			return refuse(rel, "it is unmerged; finish the merge or give it up with `git merge --abort`")
		case at.isTree():
			return refuse("the index is sparse", "`git sparse-checkout disable` makes it whole")
		case !fs.ValidPath(rel) || rel == ".":
			odd = &objects.DamagedError{Where: file, What: "a path that no tree can hold"}
			return nil
		}
		putSnap(dirs, rel, place{objects.CanonMode(at.mode), objects.ID(at.id)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := x.checkExtensions(); err != nil {
		return nil, err
	}
	if odd != nil {
		return nil, odd
	}
	for _, entries := range dirs {
		sortSnap(entries)
	}
	s := newSnapshot(store, x.written)
	s.list = func(dir string) ([]snapEntry, error) {
		entries, ok := dirs[dir]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return entries, nil
	}
	return s, nil
}

func (r *Repo) stagedPath() string {
	name := os.Getenv("GIT_INDEX_FILE")
	if name == "" {
		return r.indexPath()
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.top, name) // where git runs its hooks
	}
	// A hook of another repository may have started us.
	if !sameDir(filepath.Dir(name), r.gitDir) {
		return r.indexPath()
	}
	return name
}

func sameDir(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// putSnap adds an entry, and above it the folders that are not there yet.
func putSnap(dirs map[string][]snapEntry, name string, at place) {
	dir := path.Dir(name)
	if _, ok := dirs[dir]; !ok {
		putSnap(dirs, dir, place{mode: objects.ModeTree})
	}
	dirs[dir] = append(dirs[dir], snapEntry{path.Base(name), at})
	if at.mode == objects.ModeTree || at.mode == objects.ModeCommit {
		dirs[name] = nil
	}
}
