package trail

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sendctl/sendctl/pkg/objects"
)

// CommitFS is the record folder as it was in a commit: the same readers work on
// history as on a disk. rev is a revision as Resolve knows it. It is an
// fs.ReadDirFS, fs.ReadFileFS, fs.StatFS and fs.ReadLinkFS, safe for several
// goroutines; every time in it is that of the commit. Symbolic links are not
// followed. It reads through the Repo, and not after the Repo's Close. A commit
// without the record folder gives an empty one.
func (r *Repo) CommitFS(rev string) (fs.FS, error) {
	store, err := r.openStore()
	if err != nil {
		return nil, fmt.Errorf("read the folder at %s: %w", rev, err)
	}
	fsys, err := r.commitFS(store, rev)
	if err != nil {
		return nil, fmt.Errorf("read the folder at %s: %w", rev, err)
	}
	return fsys, nil
}

func (r *Repo) commitFS(store *objects.Store, rev string) (fs.FS, error) {
	id, err := r.resolve(store, rev)
	if err != nil {
		return nil, err
	}
	raw, err := store.Of(objects.Commit, id)
	if err != nil {
		return nil, err
	}
	var h objects.Header
	if err := objects.ReadHeader(raw, &h); err != nil {
		return nil, fmt.Errorf("commit %s: %w", id, err)
	}
	top := place{objects.ModeTree, h.Tree}
	if r.prefix != "" {
		found, err := newPathTree(store, []string{strings.TrimSuffix(r.prefix, "/")}).places(h.Tree)
		if err != nil {
			return nil, err
		}
		top = found[0]
	}
	s := newSnapshot(store, time.Unix(h.Time, 0))
	s.list = func(dir string) ([]snapEntry, error) { return s.listTree(top, dir) }
	return s, nil
}

// snapshot is a folder that lies in git.
type snapshot struct {
	store *objects.Store
	when  time.Time
	// list gives a folder's entries by name; fs.ErrNotExist where there is no such folder.
	list func(dir string) ([]snapEntry, error)

	mu    sync.Mutex
	known map[string][]snapEntry
	held  int // entries in known
}

type snapEntry struct {
	name string
	place
}

func (e snapEntry) isDir() bool { return e.mode == objects.ModeTree || e.mode == objects.ModeCommit }

func newSnapshot(store *objects.Store, when time.Time) *snapshot {
	return &snapshot{store: store, when: when, known: map[string][]snapEntry{}}
}

// listTree lists a folder below top, which may be nothing.
func (s *snapshot) listTree(top place, dir string) ([]snapEntry, error) {
	s.mu.Lock()
	entries, ok := s.known[dir]
	s.mu.Unlock()
	if ok {
		return entries, nil
	}
	at := top
	if dir != "." {
		above, err := s.listTree(top, path.Dir(dir))
		if err != nil {
			return nil, err
		}
		i, ok := findSnap(above, path.Base(dir))
		if !ok || !above[i].isDir() {
			return nil, fs.ErrNotExist
		}
		at = above[i].place
	}
	if at.mode == objects.ModeTree {
		raw, err := s.store.Of(objects.Tree, at.id)
		if err != nil {
			return nil, err
		}
		for e, err := range objects.Entries(raw) {
			if err != nil {
				return nil, &objects.DamagedError{Where: "git object " + at.id.String(), What: err.Error()}
			}
			if name := string(e.Name); fs.ValidPath(name) && name != "." && !strings.Contains(name, "/") {
				entries = append(entries, snapEntry{name, place{objects.CanonMode(e.Mode), e.ID}})
			}
		}
	}
	sortSnap(entries)
	const most = 1 << 17
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held += len(entries) + 1; s.held > most {
		// The folder of all learners stays: it is asked for with every file, and alone may
		// have more entries than this.
		const large = 1 << 10
		maps.DeleteFunc(s.known, func(_ string, e []snapEntry) bool { return len(e) < large })
		s.held = len(entries) + 1
	}
	s.known[dir] = entries
	return entries, nil
}

// sortSnap sorts by name: git puts a folder where its name with a slash would be.
func sortSnap(entries []snapEntry) {
	slices.SortFunc(entries, func(a, b snapEntry) int { return cmp.Compare(a.name, b.name) })
}

func findSnap(entries []snapEntry, name string) (int, bool) {
	return slices.BinarySearchFunc(entries, name, func(e snapEntry, name string) int { return cmp.Compare(e.name, name) })
}

// find gives what lies at name.
func (s *snapshot) find(op, name string) (snapEntry, error) {
	if !fs.ValidPath(name) {
		return snapEntry{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return snapEntry{".", place{mode: objects.ModeTree}}, nil
	}
	above, err := s.list(path.Dir(name))
	if err != nil {
		return snapEntry{}, &fs.PathError{Op: op, Path: name, Err: err}
	}
	i, ok := findSnap(above, path.Base(name))
	if !ok {
		return snapEntry{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return above[i], nil
}

// content reads a file, or for a link where it points to.
func (s *snapshot) content(op, name string, e snapEntry) ([]byte, error) {
	data, err := s.store.Of(objects.Blob, e.id)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return bytes.Clone(data), nil // the store may share it
}

var errLink = errors.New("a symbolic link is not followed")

// Open opens a file or folder.
func (s *snapshot) Open(name string) (fs.File, error) {
	e, err := s.find("open", name)
	if err != nil {
		return nil, err
	}
	if e.isDir() {
		entries, err := s.list(name)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return &snapDir{info: snapInfo{fsys: s, e: e}, path: name, rest: entries}, nil
	}
	if e.mode == objects.ModeSymlink {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errLink}
	}
	data, err := s.content("open", name, e)
	if err != nil {
		return nil, err
	}
	f := &snapFile{info: snapInfo{fsys: s, e: e}}
	f.Reader.Reset(data)
	return f, nil
}

// ReadDir lists a folder by name.
func (s *snapshot) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := s.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !e.isDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a folder")}
	}
	entries, err := s.list(name)
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return s.dirEntries(entries), nil
}

func (s *snapshot) dirEntries(entries []snapEntry) []fs.DirEntry {
	out := make([]fs.DirEntry, len(entries))
	for i, e := range entries {
		out[i] = snapInfo{fsys: s, e: e}
	}
	return out
}

// ReadFile reads a whole file.
func (s *snapshot) ReadFile(name string) ([]byte, error) {
	e, err := s.find("read", name)
	if err != nil {
		return nil, err
	}
	switch {
	case e.isDir():
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a folder")}
	case e.mode == objects.ModeSymlink:
		return nil, &fs.PathError{Op: "read", Path: name, Err: errLink}
	}
	return s.content("read", name, e)
}

// Stat describes a file or folder; of a link, the link.
func (s *snapshot) Stat(name string) (fs.FileInfo, error) {
	e, err := s.find("stat", name)
	if err != nil {
		return nil, err
	}
	return snapInfo{fsys: s, e: e}.withSize()
}

// Lstat is Stat.
func (s *snapshot) Lstat(name string) (fs.FileInfo, error) { return s.Stat(name) }

// ReadLink gives where a link points to.
func (s *snapshot) ReadLink(name string) (string, error) {
	e, err := s.find("readlink", name)
	if err != nil {
		return "", err
	}
	if e.mode != objects.ModeSymlink {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	data, err := s.content("readlink", name, e)
	return string(data), err
}

// snapInfo is an fs.DirEntry and, once its size is known, an fs.FileInfo.
type snapInfo struct {
	fsys *snapshot
	e    snapEntry
	size int64
}

func (i snapInfo) Name() string               { return path.Base(i.e.name) }
func (i snapInfo) IsDir() bool                { return i.e.isDir() }
func (i snapInfo) Type() fs.FileMode          { return i.Mode().Type() }
func (i snapInfo) Info() (fs.FileInfo, error) { return i.withSize() }
func (i snapInfo) Size() int64                { return i.size }
func (i snapInfo) ModTime() time.Time         { return i.fsys.when }
func (i snapInfo) Sys() any                   { return nil }
func (i snapInfo) String() string             { return fs.FormatDirEntry(i) }

func (i snapInfo) Mode() fs.FileMode {
	switch {
	case i.IsDir():
		return fs.ModeDir | 0o555
	case i.e.mode == objects.ModeSymlink:
		return fs.ModeSymlink | 0o777
	case i.e.mode == objects.ModeExec:
		return 0o555
	}
	return 0o444
}

func (i snapInfo) withSize() (fs.FileInfo, error) {
	if !i.IsDir() {
		_, size, err := i.fsys.store.Stat(i.e.id)
		if err != nil {
			return nil, &fs.PathError{Op: "stat", Path: i.e.name, Err: err}
		}
		i.size = size
	}
	return i, nil
}

type snapFile struct {
	bytes.Reader
	info snapInfo
}

func (f *snapFile) Stat() (fs.FileInfo, error) {
	f.info.size = f.Reader.Size()
	return f.info, nil
}

func (f *snapFile) Close() error { return nil }

type snapDir struct {
	info snapInfo
	path string
	rest []snapEntry
}

func (d *snapDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *snapDir) Close() error               { return nil }

func (d *snapDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.path, Err: errors.New("is a folder")}
}

func (d *snapDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(d.rest) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.rest) {
		n = len(d.rest)
	}
	some := d.info.fsys.dirEntries(d.rest[:n])
	d.rest = d.rest[n:]
	return some, nil
}
