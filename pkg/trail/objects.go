package trail

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
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
	var (
		temps = make([]string, len(missing))
		errs  = make([]error, len(missing))
		added atomic.Int64
		next  atomic.Int64
		wg    sync.WaitGroup
	)
	for range min(len(missing), 16) {
		wg.Go(func() {
			var z compressors
			for {
				i := int(next.Add(1)) - 1
				if i >= len(missing) {
					return
				}
				var n int64
				temps[i], n, errs[i] = r.writeLooseTemp(&z, missing[i])
				added.Add(n)
				if errs[i] == nil && i == 1 {
					errs[i] = r.hook.reach("objects half written")
				}
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
			// Link or rename, either way another process may have been first:
			// the same name means the same bytes.
			err = os.Rename(temps[i], r.looseObject(o.id))
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

func (r *Repo) writeLooseTemp(z *compressors, o newObject) (name string, size int64, err error) {
	var b bytes.Buffer
	w, err := z.to(&b, o)
	if err != nil {
		return "", 0, err
	}
	_, _ = w.Write(objectHeader(o.kind, len(o.data)))
	_, _ = w.Write(o.data)
	if err := w.Close(); err != nil {
		return "", 0, err
	}
	dir := filepath.Dir(r.looseObject(o.id))
	var f *os.File
	for range 100 {
		// The name is git's own, so that `git gc` clears a leftover away.
		name = filepath.Join(dir, fmt.Sprintf("tmp_obj_%08x", rand.Uint32()))
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
		if errors.Is(err, fs.ErrNotExist) {
			if err = os.MkdirAll(dir, 0o777); err != nil {
				return "", 0, err
			}
			continue
		}
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return "", 0, err
	}
	_, err = f.Write(b.Bytes())
	if err == nil {
		err = f.Sync()
	}
	if err == nil && runtime.GOOS == "windows" {
		err = os.Chmod(name, 0o444)
	}
	return name, int64(b.Len()), errors.Join(err, f.Close())
}

// inflate reads a loose object's file.
func inflate(file []byte) (plumbing.ObjectType, []byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(file))
	if err != nil {
		return 0, nil, err
	}
	var head [64]byte
	n, err := io.ReadAtLeast(z, head[:], 1)
	for err == nil && bytes.IndexByte(head[:n], 0) < 0 && n < len(head) {
		var m int
		m, err = z.Read(head[n:])
		n += m
	}
	end := bytes.IndexByte(head[:n], 0)
	if end < 0 {
		return 0, nil, errors.New("bad header")
	}
	name, length, _ := bytes.Cut(head[:end], []byte{' '})
	kind, err := plumbing.ParseObjectType(string(name))
	if err != nil {
		return 0, nil, err
	}
	size, err := strconv.Atoi(string(length))
	if err != nil || size < n-end-1 {
		return 0, nil, errors.New("bad size")
	}
	data := make([]byte, size)
	got := copy(data, head[end+1:n])
	if _, err := io.ReadFull(z, data[got:]); err != nil {
		return 0, nil, err
	}
	return kind, data, nil
}
