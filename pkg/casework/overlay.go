package casework

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/store"
)

// overlay shows a folder as it will be once changes are written, so that an act
// is checked before it touches the disk.
type overlay struct {
	under   fs.FS
	changes []store.Change
}

func (o overlay) change(name string) (store.Change, bool) {
	for _, c := range o.changes {
		if c.Path == name {
			return c, true
		}
	}
	return store.Change{}, false
}

func (o overlay) Open(name string) (fs.File, error) {
	if c, ok := o.change(name); ok {
		if c.New == nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return &memFile{Reader: bytes.NewReader(c.New), info: memInfo{name: path.Base(name), size: int64(len(c.New))}}, nil
	}
	return o.under.Open(name)
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	if c, ok := o.change(name); ok && c.New != nil {
		return bytes.Clone(c.New), nil
	}
	return fs.ReadFile(o.under, name)
}

func (o overlay) Lstat(name string) (fs.FileInfo, error) { return o.Stat(name) }

func (o overlay) ReadLink(name string) (string, error) { return fs.ReadLink(o.under, name) }

func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if c, ok := o.change(name); ok {
		if c.New == nil {
			return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
		}
		return memInfo{name: path.Base(name), size: int64(len(c.New))}, nil
	}
	info, err := fs.Lstat(o.under, name)
	if err != nil && o.makes(name) {
		return memInfo{name: path.Base(name), dir: true}, nil
	}
	return info, err
}

// makes reports whether a change lies below the folder name.
func (o overlay) makes(name string) bool {
	return slices.ContainsFunc(o.changes, func(c store.Change) bool {
		return c.New != nil && strings.HasPrefix(c.Path, name+"/")
	})
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.under, name)
	if err != nil && !o.makes(name) {
		return nil, err
	}
	for _, c := range o.changes {
		rest, below := strings.CutPrefix(c.Path, name+"/")
		if name == "." {
			rest, below = c.Path, true
		}
		if !below {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		at := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() == first })
		switch {
		case at < 0 && c.New != nil:
			entries = append(entries, fs.FileInfoToDirEntry(memInfo{name: first, dir: deeper, size: int64(len(c.New))}))
		case at >= 0 && c.New == nil && !deeper:
			entries = slices.Delete(entries, at, at+1)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

type memFile struct {
	io.Reader
	info memInfo
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memFile) Close() error               { return nil }

type memInfo struct {
	name string
	size int64
	dir  bool
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return i.dir }
func (i memInfo) Sys() any           { return nil }
func (i memInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
