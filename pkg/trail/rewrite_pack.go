package trail

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/sendctl/sendctl/pkg/objects"
)

const (
	deepest   = 40       // deltas upon each other
	basesKept = 96 << 20 // bytes of trees kept to make deltas against
	worthIt   = 512      // bytes from which a tree is worth a delta
)

// packing writes a pack object by object. A tree is stored as what differs from the
// last one of the same path: a folder of ten thousand learners, rewritten for every
// commit, would fill a disk otherwise.
type packing struct {
	repo  *Repo
	file  *os.File
	out   *bufio.Writer
	at    uint64
	list  []packed
	seen  map[objects.ID]bool
	bases map[string]base
	kept  int
	z     *zlib.Writer
	buf   bytes.Buffer
}

// base is the last tree written of a path.
type base struct {
	id    objects.ID
	data  []byte
	depth int
}

func (r *Repo) newPacking() (*packing, error) {
	dir := filepath.Join(r.commonDir, "objects", "pack")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	f, err := createTemp(dir, "tmp_pack_")
	if err != nil {
		return nil, err
	}
	p := &packing{repo: r, file: f, out: bufio.NewWriterSize(f, 1<<20), seen: map[objects.ID]bool{}, bases: map[string]base{}}
	p.z = zlib.NewWriter(&p.buf)
	p.at = 12
	_, err = p.out.Write(append([]byte("PACK"), 0, 0, 0, 2, 0, 0, 0, 0)) // how many is put in at the end
	return p, err
}

// drop leaves nothing behind.
func (p *packing) drop() {
	p.file.Close()
	os.Remove(p.file.Name())
}

func (p *packing) put(kind objects.Kind, id objects.ID, path string, data []byte) error {
	if p.seen[id] {
		return nil
	}
	p.seen[id] = true
	p.buf.Reset()
	p.z.Reset(&p.buf)
	var head []byte
	depth := 0
	was, ok := p.bases[path]
	var delta []byte
	if ok = ok && kind == objects.Tree && was.depth < deepest; ok {
		delta = deltaOf(was.data, data)
		ok = len(delta) < len(data)/2
	}
	if ok {
		depth = was.depth + 1
		head = packHead(7, len(delta)) // by the id of its base
		head = append(head, was.id[:]...)
		_, _ = p.z.Write(delta)
	} else {
		head = packHead(byte(kind), len(data))
		_, _ = p.z.Write(data)
	}
	if err := p.z.Close(); err != nil {
		return err
	}
	if kind == objects.Tree && len(data) >= worthIt {
		p.kept += len(data) - len(was.data)
		p.bases[path] = base{id, data, depth}
		if p.kept > basesKept {
			clear(p.bases)
			p.kept = 0
		}
	}
	crc := crc32.Update(crc32.ChecksumIEEE(head), crc32.IEEETable, p.buf.Bytes())
	p.list = append(p.list, packed{plumbing.Hash(id), crc, p.at})
	p.at += uint64(len(head) + p.buf.Len())
	if _, err := p.out.Write(head); err != nil {
		return err
	}
	_, err := p.out.Write(p.buf.Bytes())
	return err
}

// packHead is the head of an object in a pack: its kind and its size.
func packHead(kind byte, n int) []byte {
	var out []byte
	c := kind<<4 | byte(n&15)
	for n >>= 4; n > 0; n >>= 7 {
		out = append(out, c|0x80)
		c = byte(n & 0x7f)
	}
	return append(out, c)
}

// deltaOf says how data comes from base: what both begin with, what is between, and
// what both end with. Two versions of a folder differ in one entry or two.
func deltaOf(base, data []byte) []byte {
	n := min(len(base), len(data))
	front := 0
	for front < n && base[front] == data[front] {
		front++
	}
	back := 0
	for back < n-front && base[len(base)-1-back] == data[len(data)-1-back] {
		back++
	}
	out := binary.AppendUvarint(nil, uint64(len(base)))
	out = binary.AppendUvarint(out, uint64(len(data)))
	out = copyFrom(out, 0, front)
	for mid := data[front : len(data)-back]; len(mid) > 0; {
		k := min(len(mid), 127)
		out = append(append(out, byte(k)), mid[:k]...)
		mid = mid[k:]
	}
	return copyFrom(out, len(base)-back, back)
}

// copyFrom adds the command to copy n bytes of the base.
func copyFrom(out []byte, at, n int) []byte {
	for n > 0 {
		k := min(n, 0xffff)
		op := len(out)
		out = append(out, 0x80)
		for i := range 4 {
			if b := byte(at >> (8 * i)); b != 0 {
				out[op] |= 1 << i
				out = append(out, b)
			}
		}
		for i := range 2 {
			if b := byte(k >> (8 * i)); b != 0 {
				out[op] |= 0x10 << i
				out = append(out, b)
			}
		}
		at, n = at+k, n-k
	}
	return out
}

// finish makes the pack durable and gives it its name; git sees it from then on.
func (p *packing) finish() error {
	if len(p.list) == 0 {
		p.drop()
		return nil
	}
	defer p.drop() // nothing there once renamed
	if err := p.out.Flush(); err != nil {
		return err
	}
	if _, err := p.file.WriteAt(binary.BigEndian.AppendUint32(nil, uint32(len(p.list))), 8); err != nil {
		return err
	}
	again, err := os.Open(p.file.Name())
	if err != nil {
		return err
	}
	h := sha1.New()
	_, err = io.Copy(h, again)
	if err := errors.Join(err, again.Close()); err != nil {
		return err
	}
	sum := h.Sum(nil)
	if _, err := p.file.WriteAt(sum, int64(p.at)); err != nil {
		return err
	}
	if err := errors.Join(p.file.Sync(), p.file.Close()); err != nil {
		return err
	}
	dir := filepath.Dir(p.file.Name())
	idx, err := createTemp(dir, "tmp_idx_")
	if err != nil {
		return err
	}
	defer os.Remove(idx.Name())
	_, err = idx.Write(packIndex(p.list, sum))
	if err == nil {
		err = idx.Sync()
	}
	if err := errors.Join(err, idx.Close()); err != nil {
		return err
	}
	p.repo.share(p.file.Name())
	p.repo.share(idx.Name())
	name := filepath.Join(dir, fmt.Sprintf("pack-%x", sum))
	if err := os.Rename(p.file.Name(), name+".pack"); err != nil {
		return err
	}
	return os.Rename(idx.Name(), name+".idx")
}
