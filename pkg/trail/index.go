package trail

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// The index is spliced, not decoded: of 80,000 entries an act touches three.
// Format: gitformat-index(5).

const (
	statSize  = 40 // two times, dev, ino, mode, uid, gid, size: ten words
	fixedSize = 62 // the stat data, the id, the flags

	flagAssumeValid = 0x8000
	flagExtended    = 0x4000
	flagStage       = 0x3000
	flagName        = 0x0fff

	extSkipWorktree = 0x4000
	extIntentToAdd  = 0x2000
)

var errIndexEnds = errors.New("the index ends too early")

// rawIndex is an index file as read.
type rawIndex struct {
	buf        []byte // empty when there is no index yet
	version    uint32
	count      uint32
	written    time.Time // its mtime: entries not older may be racily clean
	entriesEnd int       // 0 until walked to the end
	lastPath   string    // of the last entry, once walked
	unhashed   bool      // index.skipHash: the trailer is all zero
}

// readIndex reads an index file; a missing one is empty, of version 2.
func readIndex(path string) (*rawIndex, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &rawIndex{version: 2}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	x := &rawIndex{buf: make([]byte, st.Size()), written: st.ModTime()}
	if _, err := io.ReadFull(f, x.buf); err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	return x, x.header()
}

// header checks and reads the first twelve bytes.
func (x *rawIndex) header() error {
	if len(x.buf) < 12+20 || string(x.buf[:4]) != "DIRC" {
		return errors.New("the index is damaged: it does not begin as one")
	}
	x.version, x.count = binary.BigEndian.Uint32(x.buf[4:]), binary.BigEndian.Uint32(x.buf[8:])
	if x.version < 2 || x.version > 4 {
		return refuse(fmt.Sprintf("the index has version %d", x.version), "sendctl knows 2, 3 and 4; `git update-index --index-version 4` changes it")
	}
	x.unhashed = bytes.Equal(x.buf[len(x.buf)-20:], make([]byte, 20))
	return nil
}

// indexEntry is one entry as met on a walk. path and raw are only good until
// the walk goes on.
type indexEntry struct {
	off, end int
	path     []byte
	raw      []byte // stat data, id, flags and extended flags
}

func (e indexEntry) flags() uint16 { return binary.BigEndian.Uint16(e.raw[60:]) }
func (e indexEntry) stage() int    { return int(e.flags()&flagStage) >> 12 }
func (e indexEntry) entry() entry {
	return entry{mode: binary.BigEndian.Uint32(e.raw[24:]), id: plumbing.Hash(e.raw[40:60])}
}

func (e indexEntry) extended() uint16 {
	if e.flags()&flagExtended == 0 {
		return 0
	}
	return binary.BigEndian.Uint16(e.raw[62:])
}

func (e indexEntry) intent() bool       { return e.extended()&extIntentToAdd != 0 }
func (e indexEntry) skipWorktree() bool { return e.extended()&extSkipWorktree != 0 }

// walk visits every entry in order. prev is the path of the entry before.
func (x *rawIndex) walk(visit func(e *indexEntry, prev []byte) error) error {
	if x.buf == nil {
		return nil
	}
	var (
		b      = x.buf[:len(x.buf)-20]
		at     = 12
		e      indexEntry
		prev   []byte
		names  [2][]byte // v4: the last two paths put together
		which  int
		packed = x.version == 4
	)
	for range x.count {
		if at+fixedSize > len(b) {
			return errIndexEnds
		}
		head := fixedSize
		flags := binary.BigEndian.Uint16(b[at+60:])
		if flags&flagExtended != 0 {
			if head += 2; x.version < 3 || at+head > len(b) {
				return errIndexEnds
			}
		}
		e.off, e.raw = at, b[at:at+head]
		if packed {
			strip, n := offsetVarint(b[at+head:])
			if n == 0 || strip > len(prev) {
				return errIndexEnds
			}
			from := at + head + n
			size := bytes.IndexByte(b[from:], 0)
			if size < 0 {
				return errIndexEnds
			}
			which ^= 1
			names[which] = append(append(names[which][:0], prev[:len(prev)-strip]...), b[from:from+size]...)
			e.path, e.end = names[which], from+size+1
		} else {
			size := int(flags & flagName)
			if size == flagName {
				if size = bytes.IndexByte(b[at+head:], 0); size < 0 {
					return errIndexEnds
				}
			}
			e.path = nil
			e.end = at + (head+size+8)&^7
			if e.end > len(b) {
				return errIndexEnds
			}
			e.path = b[at+head : at+head+size]
		}
		if err := visit(&e, prev); err != nil {
			return err
		}
		prev, at = e.path, e.end
	}
	x.entriesEnd, x.lastPath = at, string(prev)
	return nil
}

// offsetVarint reads git's offset encoding; n is 0 when it does not end.
func offsetVarint(b []byte) (v, n int) {
	for i, c := range b {
		if i > 8 {
			break
		}
		if i > 0 {
			v = (v + 1) << 7
		}
		v |= int(c & 0x7f)
		if c&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

func appendOffsetVarint(b []byte, v int) []byte {
	var tmp [10]byte
	i := len(tmp) - 1
	tmp[i] = byte(v & 0x7f)
	for v >>= 7; v != 0; v >>= 7 {
		v--
		i--
		tmp[i] = 0x80 | byte(v&0x7f)
	}
	return append(b, tmp[i:]...)
}

// extensions visits what follows the entries; walk must have been done.
func (x *rawIndex) extensions(visit func(name string, data []byte) error) error {
	if x.buf == nil {
		return nil
	}
	b := x.buf[x.entriesEnd : len(x.buf)-20]
	for len(b) > 0 {
		if len(b) < 8 {
			return errIndexEnds
		}
		size := binary.BigEndian.Uint32(b[4:])
		if uint64(len(b)-8) < uint64(size) {
			return errIndexEnds
		}
		if err := visit(string(b[:4]), b[8:8+size]); err != nil {
			return err
		}
		b = b[8+size:]
	}
	return nil
}

// checkExtensions refuses what we cannot keep true.
func (x *rawIndex) checkExtensions() error {
	return x.extensions(func(name string, _ []byte) error {
		switch {
		case name == "link":
			return refuse("the index is split in two", "sendctl cannot write that; `git update-index --no-split-index` joins it")
		case name == "sdir":
			return refuse("the index is sparse", "sendctl cannot write that; `git sparse-checkout disable` or `git config index.sparse false` and `git status` make it whole")
		case name[0] < 'A' || name[0] > 'Z':
			return refuse("the index has the part "+name, "sendctl does not know it and may not leave it out; update sendctl")
		}
		return nil
	})
}

// indexEdit sets or takes away one entry. Edits are sorted by path.
type indexEdit struct {
	path string
	entry
	stat statData
}

// statData is what git keeps of lstat, in the order of the index, without the
// mode: ctime, mtime (seconds, nanoseconds), dev, ino, -, uid, gid, size.
// All zero means "look again".
type statData [10]uint32

func (s statData) mtime() time.Time { return time.Unix(int64(s[2]), int64(s[3])) }

// patch gives the new entries part and how many there are. smudge lists the
// offsets of entries whose size must read 0, so that git looks again.
func (x *rawIndex) patch(edits []indexEdit, smudge map[int]bool) (out []byte, count uint32, err error) {
	var (
		last   []byte // the path written last
		mark   = 12   // start of what is not copied yet
		redo   bool   // v4: the next entry no longer follows its old neighbour
		packed = x.version == 4
		extra  = 0
	)
	for _, e := range edits {
		extra += fixedSize + len(e.path) + 16
	}
	count = x.count
	out = make([]byte, 12, len(x.buf)+extra+12+64)
	flush := func(to int) {
		out = append(out, x.buf[mark:to]...)
		mark = to
	}
	put := func(e indexEdit) {
		var raw [fixedSize]byte
		for i, w := range e.stat {
			binary.BigEndian.PutUint32(raw[4*i:], w)
		}
		binary.BigEndian.PutUint32(raw[24:], e.mode)
		copy(raw[40:], e.id[:])
		binary.BigEndian.PutUint16(raw[60:], uint16(min(len(e.path), flagName)))
		out = appendEntry(out, raw[:], []byte(e.path), last, packed)
		last = append(last[:0], e.path...)
	}
	err = x.walk(func(e *indexEntry, prev []byte) error {
		if len(edits) == 0 && !redo && len(smudge) == 0 {
			return nil
		}
		for len(edits) > 0 && edits[0].path < string(e.path) {
			if !edits[0].isZero() {
				flush(e.off)
				if packed && !redo {
					last = append(last[:0], prev...)
				}
				put(edits[0])
				count++
				redo = true
			}
			edits = edits[1:]
		}
		switch {
		case len(edits) > 0 && edits[0].path == string(e.path) && e.stage() == 0:
			flush(e.off)
			mark = e.end
			if packed && !redo {
				last = append(last[:0], prev...)
			}
			if edits[0].isZero() {
				count--
				redo = true
			} else {
				put(edits[0])
				redo = false
			}
			edits = edits[1:]
		case packed && redo:
			flush(e.off)
			mark = e.end
			start := len(out)
			out = appendEntry(out, e.raw, e.path, last, true)
			if smudge[e.off] {
				clearSize(out[start:])
			}
			redo = false
		case smudge[e.off]:
			flush(e.end)
			clearSize(out[len(out)-(e.end-e.off):])
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	if x.buf != nil {
		if packed && !redo && len(edits) > 0 {
			last = append(last[:0], x.lastPath...)
		}
		flush(x.entriesEnd)
	}
	for _, e := range edits {
		if !e.isZero() {
			put(e)
			count++
		}
	}
	copy(out, "DIRC")
	binary.BigEndian.PutUint32(out[4:], x.version)
	binary.BigEndian.PutUint32(out[8:], count)
	return out, count, nil
}

func clearSize(entry []byte) { clear(entry[36:40]) }

func appendEntry(out, raw, path, prev []byte, packed bool) []byte {
	start := len(out)
	out = append(out, raw...)
	if packed {
		n := 0
		for n < len(path) && n < len(prev) && path[n] == prev[n] {
			n++
		}
		out = appendOffsetVarint(out, len(prev)-n)
		out = append(out, path[n:]...)
		return append(out, 0)
	}
	out = append(out, path...)
	pad := (len(out)-start+8)&^7 - (len(out) - start)
	return append(out, make([]byte, pad)...)
}

// checksum is what an index ends with.
func (x *rawIndex) checksum(out []byte) []byte {
	if x.unhashed {
		return make([]byte, 20)
	}
	sum := sha1.Sum(out)
	return sum[:]
}

func (r *Repo) indexPath() string { return filepath.Join(r.gitDir, "index") }
