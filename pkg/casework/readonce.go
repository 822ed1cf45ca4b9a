package casework

import (
	"bytes"
	"io/fs"
	"sync"
)

// readOnce shows a folder in which every file is read once: what an act is worked
// out from is then what Store.Apply holds the disk against, even if somebody saves
// the file in between.
type readOnce struct {
	under fs.FS
	mu    sync.Mutex
	files map[string][]byte
}

func (o *readOnce) ReadFile(name string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if b, ok := o.files[name]; ok {
		return bytes.Clone(b), nil
	}
	b, err := fs.ReadFile(o.under, name)
	if err != nil {
		return nil, err
	}
	if o.files == nil {
		o.files = map[string][]byte{}
	}
	if b == nil {
		b = []byte{}
	}
	o.files[name] = b
	return bytes.Clone(b), nil
}

func (o *readOnce) Open(name string) (fs.File, error)          { return o.under.Open(name) }
func (o *readOnce) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(o.under, name) }
func (o *readOnce) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(o.under, name) }
func (o *readOnce) ReadLink(name string) (string, error)       { return fs.ReadLink(o.under, name) }
func (o *readOnce) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(o.under, name) }
