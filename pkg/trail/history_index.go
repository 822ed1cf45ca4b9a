package trail

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
)

// touched is the derived index: for each commit, its parents, its date and which
// keys it changed against each parent. A key is a learner's folder
// ("learners/ID") or another name at the top of the record folder. These are
// facts of commits, which never change, so the index holds for every branch and
// is only ever added to; and as it holds the graph itself, walking it gives
// exactly what walking the commits gives, merges and dates included.
//
// It is a cache under .git/sendctl: it may be deleted at any time, is rebuilt when it is
// anything but whole, and a folder that can't be written does without. What must be
// proved does not read it.
//
// The file, little-endian: the head (64 bytes: magic, checksum, seven sizes), then for n commits the
// times (8 bytes each), the parents (4), what they touch (4), the ids (20), a
// hash table of numbers by id (4 a slot), then the parents of merges (4), the ends
// of the keys (4), the prefix of the record folder, the keys, and the lists of
// keys (uvarints). Parents have lower numbers than their children.
type touched struct {
	base  indexFile
	extra []newFact // commits that the file does not have yet
	late  map[objects.ID]uint32
	keys  []string
	keyAt map[string]uint32 // nil until something is added
}

// newFact is a commit that is not in the file.
type newFact struct {
	id      objects.ID
	tree    objects.ID
	time    int64
	parents []uint32
	lists   [][]uint32 // keys by parent, one list for a root; sorted
}

const (
	indexMagic    = "sendctl history index 1\n" // 24 bytes; another layout, another number
	indexHeadSize = 64

	noParent = ^uint32(0)
	noKey    = 1<<31 - 1
	further  = 1 << 31 // the rest is a place in the parents of merges, or in the lists

	saveAfter = 64 // new commits that are worth writing the file again
)

// indexFile is the file as read; the sections are slices of one buffer.
type indexFile struct {
	n                          uint32
	times, parents, touch, ids []byte
	slots, more, keyEnds       []byte
	prefix, keyText, lists     []byte
}

func (r *Repo) touchedPath() string {
	name := "history.idx"
	if r.prefix != "" {
		name = fmt.Sprintf("history-%08x.idx", crc32.ChecksumIEEE([]byte(r.prefix)))
	}
	return filepath.Join(r.commonDir, "sendctl", name)
}

// openTouched opens the index and brings it up to p.from, or gives nil: then the
// commits themselves are walked, and say what is wrong.
func (r *Repo) openTouched(ctx context.Context, p *past) *touched {
	path := r.touchedPath()
	t := &touched{late: map[objects.ID]uint32{}}
	buf, err := os.ReadFile(path)
	found := err == nil && t.base.read(buf) && string(t.base.prefix) == r.prefix && t.readKeys()
	var temp *os.File
	if !found {
		// Building for one reading that can't be kept costs more than it saves.
		if temp, err = createPrivate(path); err != nil {
			return nil
		}
		defer func() {
			if temp != nil {
				temp.Close()
				os.Remove(temp.Name())
			}
		}()
		*t = touched{late: t.late, base: indexFile{prefix: []byte(r.prefix)}}
	}
	if err := t.grow(ctx, p); err != nil {
		return nil
	}
	if len(t.extra) == 0 || found && len(t.extra) < saveAfter {
		return t
	}
	if temp == nil {
		if temp, err = createPrivate(path); err != nil {
			return t
		}
	}
	name := temp.Name()
	_, err = temp.Write(t.encode())
	if e := temp.Close(); err == nil {
		err = e
	}
	temp = nil
	if err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		os.Remove(name)
	}
	return t
}

// createPrivate makes a temporary file beside path, in a folder for us alone.
func createPrivate(path string) (*os.File, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return os.CreateTemp(dir, filepath.Base(path)+".tmp-*")
}

// read cuts the file into its sections; false for anything but a whole index.
func (f *indexFile) read(buf []byte) bool {
	if len(buf) < indexHeadSize || string(buf[:len(indexMagic)]) != indexMagic {
		return false
	}
	sum := binary.LittleEndian.Uint32(buf[24:])
	if crc32.Checksum(buf[28:], crc32.MakeTable(crc32.Castagnoli)) != sum {
		return false
	}
	var sizes [7]uint32
	for i := range sizes {
		sizes[i] = binary.LittleEndian.Uint32(buf[28+4*i:])
	}
	f.n = sizes[0]
	n := uint64(f.n)
	buf = buf[indexHeadSize:]
	whole := true
	cut := func(size uint64) []byte {
		if size > uint64(len(buf)) {
			whole = false
			return nil
		}
		part := buf[:size:size]
		buf = buf[size:]
		return part
	}
	f.times, f.parents, f.touch, f.ids = cut(8*n), cut(4*n), cut(4*n), cut(20*n)
	f.slots, f.more, f.keyEnds = cut(4*uint64(sizes[1])), cut(4*uint64(sizes[2])), cut(4*uint64(sizes[3]))
	f.prefix, f.keyText, f.lists = cut(uint64(sizes[4])), cut(uint64(sizes[5])), cut(uint64(sizes[6]))
	slots := uint64(sizes[1])
	return whole && len(buf) == 0 && slots&(slots-1) == 0 && slots > n
}

func (t *touched) readKeys() bool {
	from := uint32(0)
	text := string(t.base.keyText)
	t.keys = make([]string, 0, len(t.base.keyEnds)/4)
	for i := 0; i < len(t.base.keyEnds); i += 4 {
		end := binary.LittleEndian.Uint32(t.base.keyEnds[i:])
		if end < from || uint64(end) > uint64(len(text)) {
			return false
		}
		t.keys = append(t.keys, text[from:end])
		from = end
	}
	return true
}

// number gives the number of a commit.
func (t *touched) number(id objects.ID) (uint32, bool) {
	if n, ok := t.late[id]; ok {
		return n, true
	}
	f := &t.base
	if f.n == 0 {
		return 0, false
	}
	mask := uint32(len(f.slots)/4) - 1
	at := binary.LittleEndian.Uint32(id[:])
	for range mask + 1 {
		at &= mask
		n := binary.LittleEndian.Uint32(f.slots[4*at:])
		if n >= f.n { // an empty slot
			return 0, false
		}
		if objects.ID(f.ids[20*n:20*n+20]) == id {
			return n, true
		}
		at++
	}
	return 0, false
}

func (t *touched) id(n uint32) objects.ID {
	if n < t.base.n {
		return objects.ID(t.base.ids[20*n : 20*n+20])
	}
	return t.extra[n-t.base.n].id
}

func (t *touched) time(n uint32) int64 {
	if n < t.base.n {
		return int64(binary.LittleEndian.Uint64(t.base.times[8*n:]))
	}
	return t.extra[n-t.base.n].time
}

func (t *touched) size() uint32 { return t.base.n + uint32(len(t.extra)) }

var errIndexOdd = fmt.Errorf("sendctl's history index makes no sense: delete .git/sendctl/history*.idx")

// parents appends the numbers of a commit's parents to buf.
func (t *touched) parents(n uint32, buf []uint32) ([]uint32, error) {
	if n >= t.base.n {
		return append(buf, t.extra[n-t.base.n].parents...), nil
	}
	p := binary.LittleEndian.Uint32(t.base.parents[4*n:])
	switch {
	case p == noParent:
		return buf, nil
	case p&further == 0:
		buf = append(buf, p)
	default:
		rest := t.base.more
		at := uint64(p&^further) * 4
		if at >= uint64(len(rest)) {
			return nil, errIndexOdd
		}
		count := binary.LittleEndian.Uint32(rest[at:])
		rest = rest[at+4:]
		if uint64(count)*4 > uint64(len(rest)) {
			return nil, errIndexOdd
		}
		for i := range count {
			buf = append(buf, binary.LittleEndian.Uint32(rest[4*i:]))
		}
	}
	for _, p := range buf {
		if p >= n {
			return nil, errIndexOdd
		}
	}
	return buf, nil
}

// wanted says of each key whether it matters: not, maybe (something below it is
// asked for), surely.
type wanted []uint8

const (
	wantMaybe  = 1
	wantSurely = 2
)

// against is the most that any key matters that commit n changed against its
// k-th parent (for a root against nothing, k is 0).
func (t *touched) against(n uint32, k int, want wanted) (uint8, error) {
	if n >= t.base.n {
		most := uint8(0)
		for _, key := range t.extra[n-t.base.n].lists[k] {
			most = max(most, want[key])
		}
		return most, nil
	}
	v := binary.LittleEndian.Uint32(t.base.touch[4*n:])
	if v&further == 0 {
		if v == noKey {
			return 0, nil
		}
		if k > 0 || int(v) >= len(want) {
			return 0, errIndexOdd
		}
		return want[v], nil
	}
	at := uint64(v &^ further)
	if at > uint64(len(t.base.lists)) {
		return 0, errIndexOdd
	}
	rest := t.base.lists[at:]
	for i := 0; ; i++ {
		count, size := binary.Uvarint(rest)
		if size <= 0 {
			return 0, errIndexOdd
		}
		rest = rest[size:]
		key, most := uint64(0), uint8(0)
		for range count {
			step, size := binary.Uvarint(rest)
			if size <= 0 {
				return 0, errIndexOdd
			}
			rest = rest[size:]
			key += step
			if i == k {
				if key >= uint64(len(want)) {
					return 0, errIndexOdd
				}
				most = max(most, want[key])
			}
		}
		if i == k {
			return most, nil
		}
	}
}

// want works out which keys matter for the paths of p.
func (t *touched) want(p *past) wanted {
	want := make(wanted, len(t.keys))
	for _, full := range p.paths {
		rel, inside := strings.CutPrefix(full+"/", p.prefix)
		rel = strings.TrimSuffix(rel, "/")
		if !inside || rel == "" { // the record folder itself
			for i := range want {
				want[i] = wantSurely
			}
			return want
		}
		key, much := rel, uint8(wantSurely)
		parts := strings.SplitN(rel, "/", 4)
		switch {
		case parts[0] == learnersDir && len(parts) > 2:
			key, much = parts[0]+"/"+parts[1], wantMaybe
		case parts[0] != learnersDir && len(parts) > 1:
			key, much = parts[0], wantMaybe
		}
		for i, k := range t.keys {
			if k == key || rel == learnersDir && strings.HasPrefix(k, learnersDir+"/") {
				want[i] = max(want[i], much)
			}
		}
	}
	return want
}

// learnersDir is the folder whose members have keys of their own.
const learnersDir = "learners"

// walk is pastWalk.run over the index.
func (t *touched) walk(ctx context.Context, p *past, visit func(objects.ID) error) error {
	start, ok := t.number(p.from)
	if !ok {
		return errIndexOdd
	}
	want := t.want(p)
	paths := newPathTree(p.store, p.paths)
	seen := make([]bool, t.size())
	var queue byDate[uint32]
	var few [2]uint32
	seen[start] = true
	queue.push(t.time(start), start)
	var follow []uint32
	for steps := 0; queue.len() > 0; steps++ {
		if steps&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := queue.pop()
		// Most of history is one line without the path in it: no queue, no dates.
		for queue.len() == 0 && n < t.base.n {
			v := binary.LittleEndian.Uint32(t.base.touch[4*n:])
			next := binary.LittleEndian.Uint32(t.base.parents[4*n:])
			if v&further != 0 || next >= n || int(v) < len(want) && want[v] != 0 || v != noKey && int(v) >= len(want) || seen[next] {
				break
			}
			seen[next] = true
			n = next
		}
		parents, err := t.parents(n, few[:0])
		if err != nil {
			return err
		}
		same := false
		follow = append(follow[:0], parents...)
		for k := range max(1, len(parents)) {
			much, err := t.against(n, k, want)
			if err != nil {
				return err
			}
			if much == wantMaybe {
				if much, err = t.compare(p, paths, n, parents, k); err != nil {
					return err
				}
			}
			if much == 0 {
				same = true
				if len(parents) > 0 {
					follow = append(follow[:0], parents[k])
				}
				break
			}
		}
		for _, next := range follow {
			if !seen[next] {
				seen[next] = true
				queue.push(t.time(next), next)
			}
		}
		if same {
			continue
		}
		if err := visit(t.id(n)); err != nil {
			return err
		}
	}
	return nil
}

// compare looks into the trees themselves.
func (t *touched) compare(p *past, paths *pathTree, n uint32, parents []uint32, k int) (uint8, error) {
	var h objects.Header
	if err := p.header(t.id(n), &h); err != nil {
		return 0, err
	}
	mine, err := paths.places(h.Tree)
	if err != nil {
		return 0, err
	}
	theirs := make([]place, paths.count)
	if len(parents) > 0 {
		if err := p.header(t.id(parents[k]), &h); err != nil {
			return 0, err
		}
		if theirs, err = paths.places(h.Tree); err != nil {
			return 0, err
		}
	}
	if slices.Equal(mine, theirs) {
		return 0, nil
	}
	return wantSurely, nil
}
