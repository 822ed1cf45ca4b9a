package trail

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/go-git/go-git/v5/plumbing"
)

// newObject is an object not yet in the repository.
type newObject struct {
	id   plumbing.Hash
	kind plumbing.ObjectType
	data []byte
}

// makeObject names data as git does.
func makeObject(kind plumbing.ObjectType, data []byte) newObject {
	h := sha1.New()
	h.Write(objectHeader(kind, len(data)))
	h.Write(data)
	o := newObject{kind: kind, data: data}
	h.Sum(o.id[:0])
	return o
}

func objectHeader(kind plumbing.ObjectType, size int) []byte {
	b := append([]byte(kind.String()), ' ')
	b = strconv.AppendInt(b, int64(size), 10)
	return append(b, 0)
}

// writeObjects stores objects so that they survive a power cut: all temporary
// files are written and synced side by side (the disk then does it in one go),
// and only then get their names. It returns the bytes added.
func (r *Repo) writeObjects(objects []newObject) (int64, error) {
	var missing []newObject
	seen := map[plumbing.Hash]bool{}
	for _, o := range objects {
		if seen[o.id] {
			continue
		}
		seen[o.id] = true
		if _, err := os.Lstat(r.looseObject(o.id)); err == nil {
			continue
		}
		missing = append(missing, o)
	}
	if len(missing) >= packFrom {
		added, err := r.writePack(missing)
		if err != nil {
			return 0, fmt.Errorf("write objects: %w", err)
		}
		return added, nil
	}
	var (
		temps = make([]string, len(missing))
		errs  = make([]error, len(missing))
		added atomic.Int64
		next  atomic.Int64
		wg    sync.WaitGroup
		slots = make(chan struct{}, 32) // files open at once
	)
	for range min(len(missing), runtime.GOMAXPROCS(0), 4) {
		wg.Go(func() {
			var z compressors
			for {
				i := int(next.Add(1)) - 1
				if i >= len(missing) {
					return
				}
				slots <- struct{}{}
				f, err := r.writeLooseTemp(&z, missing[i], &added)
				if f == nil {
					errs[i] = err
					<-slots
					continue
				}
				temps[i] = f.Name()
				// Waiting for the disk costs nothing: all wait together.
				wg.Go(func() {
					if err == nil {
						err = f.Sync()
					}
					errs[i] = errors.Join(err, f.Close())
					<-slots
					if i == 1 && errs[i] == nil {
						errs[i] = r.hook.reach("objects half written")
					}
				})
			}
		})
	}
	wg.Wait()
	err := errors.Join(errs...)
	if err == nil {
		err = r.hook.reach("objects written")
	}
	for i, o := range missing {
		if err == nil {
			// Another process may have been first: the same name means the
			// same bytes.
			r.share(temps[i])
			err = r.renameInto(temps[i], r.looseObject(o.id))
		}
		if err != nil && temps[i] != "" {
			_ = os.Remove(temps[i])
		}
	}
	if err != nil {
		return 0, fmt.Errorf("write objects: %w", err)
	}
	return added.Load(), nil
}

func (r *Repo) looseObject(id plumbing.Hash) string {
	hex := id.String()
	return filepath.Join(r.commonDir, "objects", hex[:2], hex[2:])
}

// bigTree is the size from which trees are stored without looking for
// repetitions: object ids have none, and the search is most of the time.
const bigTree = 32 << 10

// compressors are one worker's, used again and again: making one costs more
// than packing a small file.
type compressors struct{ plain, huffman *zlib.Writer }

func (c *compressors) to(w io.Writer, o newObject) (*zlib.Writer, error) {
	which, level := &c.plain, zlib.BestSpeed // git's own level for loose objects
	if o.kind == plumbing.TreeObject && len(o.data) >= bigTree {
		which, level = &c.huffman, zlib.HuffmanOnly
	}
	if *which == nil {
		var err error
		if *which, err = zlib.NewWriterLevel(w, level); err != nil {
			return nil, err
		}
		return *which, nil
	}
	(*which).Reset(w)
	return *which, nil
}

// writeLooseTemp writes an object to a file that has no name yet that git
// would read. All go to one folder: on ext4 and its like the inodes then lie
// together, which makes syncing them one or two writes.
func (r *Repo) writeLooseTemp(z *compressors, o newObject, added *atomic.Int64) (*os.File, error) {
	var b bytes.Buffer
	w, err := z.to(&b, o)
	if err != nil {
		return nil, err
	}
	_, _ = w.Write(objectHeader(o.kind, len(o.data)))
	_, _ = w.Write(o.data)
	if err := w.Close(); err != nil {
		return nil, err
	}
	f, err := createTemp(filepath.Join(r.commonDir, "objects"), "tmp_obj_")
	if err != nil {
		return nil, err
	}
	n, err := f.Write(b.Bytes())
	added.Add(int64(n))
	return f, err
}

// renameInto makes the folder if need be; git removes empty ones at any time.
func (r *Repo) renameInto(from, to string) error {
	err := os.Rename(from, to)
	for try := 0; errors.Is(err, fs.ErrNotExist) && try < 10; try++ {
		if err = os.MkdirAll(filepath.Dir(to), 0o777); err == nil {
			r.share(filepath.Dir(to))
			err = os.Rename(from, to)
		}
	}
	return err
}
