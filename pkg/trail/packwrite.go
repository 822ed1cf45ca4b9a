package trail

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
)

// packFrom is how many new objects go into one pack instead of a file each: an
// import of a school is then two files to sync, not ten thousand. Git's own
// border on receiving is 100 (transfer.unpackLimit).
const packFrom = 100

// packed is where an object lies in a pack.
type packed struct {
	id     plumbing.Hash
	crc    uint32
	offset uint64
}

// writePack stores the objects as one pack with its index (gitformat-pack(5),
// both of version 2), synced before they get their names, the index last: until
// it is there git does not see the pack.
func (r *Repo) writePack(objects []newObject) (int64, error) {
	dir := filepath.Join(r.commonDir, "objects", "pack")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return 0, err
	}
	pack, err := createTemp(dir, "tmp_pack_")
	if err != nil {
		return 0, err
	}
	defer os.Remove(pack.Name()) // nothing there once renamed
	defer pack.Close()
	list, sum, size, err := packTo(pack, objects)
	if err == nil {
		err = pack.Sync()
	}
	if err = errors.Join(err, pack.Close()); err != nil {
		return 0, err
	}
	index := packIndex(list, sum)
	idx, err := createTemp(dir, "tmp_idx_")
	if err != nil {
		return 0, err
	}
	defer os.Remove(idx.Name())
	defer idx.Close()
	_, err = idx.Write(index)
	if err == nil {
		err = idx.Sync()
	}
	if err = errors.Join(err, idx.Close()); err != nil {
		return 0, err
	}
	if err := r.hook.reach("objects half written"); err != nil {
		return 0, err
	}
	if err := r.hook.reach("objects written"); err != nil {
		return 0, err
	}
	r.share(pack.Name())
	r.share(idx.Name())
	name := filepath.Join(dir, fmt.Sprintf("pack-%x", sum))
	if err := os.Rename(pack.Name(), name+".pack"); err != nil {
		return 0, err
	}
	if err := os.Rename(idx.Name(), name+".idx"); err != nil {
		return 0, err
	}
	return size + int64(len(index)), nil
}

func createTemp(dir, prefix string) (*os.File, error) {
	for try := 0; ; try++ {
		// The prefix is git's own, so that `git gc` clears a leftover away.
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%s%08x", prefix, rand.Uint32())), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
		if errors.Is(err, os.ErrExist) && try < 100 {
			continue
		}
		if err == nil && runtime.GOOS == "windows" {
			err = f.Chmod(0o444)
		}
		return f, err
	}
}

// packTo writes a pack without deltas: what an import brings is small.
func packTo(to io.Writer, objects []newObject) (list []packed, sum []byte, size int64, err error) {
	hash := sha1.New()
	file := bufio.NewWriterSize(to, 1<<20)
	out := io.MultiWriter(file, hash)
	head := binary.BigEndian.AppendUint32(append([]byte("PACK"), 0, 0, 0, 2), uint32(len(objects)))
	if _, err := out.Write(head); err != nil {
		return nil, nil, 0, err
	}
	size = int64(len(head))
	list = make([]packed, 0, len(objects))
	var z compressors
	var b bytes.Buffer
	for _, o := range objects {
		b.Reset()
		n := len(o.data)
		c := byte(o.kind)<<4 | byte(n&15)
		for n >>= 4; n > 0; n >>= 7 {
			b.WriteByte(c | 0x80)
			c = byte(n & 0x7f)
		}
		b.WriteByte(c)
		w, err := z.to(&b, o)
		if err != nil {
			return nil, nil, 0, err
		}
		_, _ = w.Write(o.data)
		if err := w.Close(); err != nil {
			return nil, nil, 0, err
		}
		list = append(list, packed{o.id, crc32.ChecksumIEEE(b.Bytes()), uint64(size)})
		if _, err := out.Write(b.Bytes()); err != nil {
			return nil, nil, 0, err
		}
		size += int64(b.Len())
	}
	sum = hash.Sum(nil)
	_, err = file.Write(sum)
	return list, sum, size + 20, errors.Join(err, file.Flush())
}

// packIndex is the index of a pack.
func packIndex(list []packed, sum []byte) []byte {
	slices.SortFunc(list, func(a, b packed) int { return bytes.Compare(a.id[:], b.id[:]) })
	out := append([]byte("\xfftOc"), 0, 0, 0, 2)
	for first := range 256 {
		n, _ := slices.BinarySearchFunc(list, first+1, func(p packed, want int) int { return cmp.Compare(int(p.id[0]), want) })
		out = binary.BigEndian.AppendUint32(out, uint32(n))
	}
	for _, p := range list {
		out = append(out, p.id[:]...)
	}
	for _, p := range list {
		out = binary.BigEndian.AppendUint32(out, p.crc)
	}
	var large []byte
	for _, p := range list {
		at := uint32(p.offset)
		if p.offset >= 1<<31 {
			at = 1<<31 | uint32(len(large)/8)
			large = binary.BigEndian.AppendUint64(large, p.offset)
		}
		out = binary.BigEndian.AppendUint32(out, at)
	}
	out = append(append(out, large...), sum...)
	end := sha1.Sum(out)
	return append(out, end[:]...)
}
