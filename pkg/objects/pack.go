package objects

import (
	"bytes"
	"encoding/binary"
	"sync"
)

const (
	ofsDelta = 6
	refDelta = 7

	maxChain = 4096 // git's own limit on the depth of deltas is 4095
)

// pack is one pack and its index. The index is searched where it lies.
type pack struct {
	base  string // path without .idx or .pack
	idx   *region
	v1    bool
	count int64

	mu   sync.Mutex
	body *region // opened when first read
}

func openPack(base string) (*pack, error) {
	idx, err := openRegion(base + ".idx")
	if err != nil {
		return nil, err
	}
	p := &pack{base: base, idx: idx}
	if err := p.check(); err != nil {
		idx.close()
		return nil, err
	}
	return p, nil
}

// check reads the index's head and compares its size with the count it gives.
func (p *pack) check() error {
	head, err := p.idx.at(0, 8)
	if err != nil {
		return err
	}
	p.v1 = !bytes.Equal(head[:4], []byte{0xff, 't', 'O', 'c'})
	if v := binary.BigEndian.Uint32(head[4:]); !p.v1 && v != 2 {
		return p.idx.damaged(4, "version %d of a pack index is not known", v)
	}
	n, err := p.fan(255)
	if err != nil {
		return err
	}
	p.count = n
	need := p.names() + n*28 + 40
	if p.v1 {
		need = p.names() + n*24 + 40
	}
	if p.idx.size < need {
		return p.idx.damaged(0, "%d objects need %d bytes, there are %d", n, need, p.idx.size)
	}
	return nil
}

func (p *pack) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.idx.close()
	if p.body != nil {
		if e := p.body.close(); err == nil {
			err = e
		}
		p.body = nil
	}
	return err
}

// names is where the sorted ids begin.
func (p *pack) names() int64 {
	if p.v1 {
		return 1024
	}
	return 8 + 1024
}

// fan is the number of objects whose first byte is at most b.
func (p *pack) fan(b int) (int64, error) {
	raw, err := p.idx.at(p.names()-1024+4*int64(b), 4)
	if err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint32(raw)), nil
}

// name is the i-th id.
func (p *pack) name(i int64) ([]byte, error) {
	if p.v1 {
		return p.idx.at(p.names()+24*i+4, 20)
	}
	return p.idx.at(p.names()+20*i, 20)
}

// lower is the place of the first id that is not less than id.
func (p *pack) lower(id ID) (int64, error) {
	lo := int64(0)
	var err error
	if id[0] > 0 {
		if lo, err = p.fan(int(id[0]) - 1); err != nil {
			return 0, err
		}
	}
	hi, err := p.fan(int(id[0]))
	if err != nil {
		return 0, err
	}
	if lo > hi || hi > p.count {
		return 0, p.idx.damaged(p.names()-1024, "its fan-out does not rise")
	}
	// Ids are evenly spread: guess by the next four bytes until few are left, then halve.
	want := int64(binary.BigEndian.Uint32(id[1:]))
	low, high := int64(0), int64(1)<<32
	for guesses := 0; lo < hi; guesses++ {
		mid := lo + (hi-lo)/2
		if guesses < 6 && hi-lo > 8 && want >= low && want < high {
			mid = lo + int64(float64(hi-lo)*(float64(want-low)/float64(high-low)))
			mid = min(mid, hi-1)
		}
		name, err := p.name(mid)
		if err != nil {
			return 0, err
		}
		at := int64(binary.BigEndian.Uint32(name[1:]))
		if bytes.Compare(name, id[:]) < 0 {
			lo, low = mid+1, at
		} else {
			hi, high = mid, at+1
		}
	}
	return lo, nil
}

// find gives the place of an object in the pack.
func (p *pack) find(id ID) (int64, bool, error) {
	i, err := p.lower(id)
	if err != nil || i >= p.count {
		return 0, false, err
	}
	name, err := p.name(i)
	if err != nil || !bytes.Equal(name, id[:]) {
		return 0, false, err
	}
	off, err := p.offset(i)
	return off, err == nil, err
}

func (p *pack) offset(i int64) (int64, error) {
	if p.v1 {
		raw, err := p.idx.at(p.names()+24*i, 4)
		if err != nil {
			return 0, err
		}
		return int64(binary.BigEndian.Uint32(raw)), nil
	}
	raw, err := p.idx.at(p.names()+24*p.count+4*i, 4)
	if err != nil {
		return 0, err
	}
	off := binary.BigEndian.Uint32(raw)
	if off&(1<<31) == 0 {
		return int64(off), nil
	}
	at := p.names() + 28*p.count + 8*int64(off&^(1<<31))
	if at > p.idx.size-48 {
		return 0, p.idx.damaged(at, "a far offset is beyond the table")
	}
	if raw, err = p.idx.at(at, 8); err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(raw) &^ (1 << 63)), nil
}

// from offers the ids from low upwards until yield has enough.
func (p *pack) from(low ID, yield func(ID) bool) error {
	i, err := p.lower(low)
	for ; err == nil && i < p.count; i++ {
		var name []byte
		if name, err = p.name(i); err == nil && !yield(ID(name)) {
			return nil
		}
	}
	return err
}

// open opens the pack itself, once, and checks that the index belongs to it.
func (p *pack) open() (*region, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.body != nil {
		return p.body, nil
	}
	body, err := openRegion(p.base + ".pack")
	if err != nil {
		return nil, err
	}
	if err := p.checkBody(body); err != nil {
		body.close()
		return nil, err
	}
	p.body = body
	return body, nil
}

func (p *pack) checkBody(body *region) error {
	head, err := body.at(0, 12)
	if err != nil {
		return err
	}
	if v := binary.BigEndian.Uint32(head[4:]); string(head[:4]) != "PACK" || v != 2 && v != 3 {
		return body.damaged(0, "not a pack of version 2 or 3")
	}
	if n := binary.BigEndian.Uint32(head[8:]); int64(n) != p.count {
		return body.damaged(8, "it holds %d objects, its index %d", n, p.count)
	}
	sum, err := body.at(body.size-20, 20)
	if err != nil {
		return err
	}
	want, err := p.idx.at(p.idx.size-40, 20)
	if err != nil {
		return err
	}
	if !bytes.Equal(sum, want) {
		return body.damaged(body.size-20, "its index is of another pack")
	}
	return nil
}

// entry is the head of one object in a pack.
type entry struct {
	kind Kind  // or ofsDelta, refDelta
	size int64 // of what is packed: the object, or the delta
	base int64 // where a delta's base is
	data int64 // where the zlib stream begins
}

func (p *pack) entry(body *region, off int64) (entry, error) {
	if off < 12 || off >= body.size-20 {
		return entry{}, body.damaged(off, "no object can begin there")
	}
	raw, err := body.upTo(off, 10+20)
	if err != nil {
		return entry{}, err
	}
	c := raw[0]
	e := entry{kind: Kind(c >> 4 & 7), size: int64(c & 15)}
	i := 1
	for shift := 4; c&0x80 != 0; shift += 7 {
		if i == len(raw) || shift > 53 {
			return entry{}, body.damaged(off, "its size makes no sense")
		}
		c = raw[i]
		i++
		e.size |= int64(c&0x7f) << shift
	}
	switch e.kind {
	case Commit, Tree, Blob, Tag:
	case ofsDelta:
		back := int64(0)
		for first := true; ; first = false {
			if i == len(raw) || back > 1<<48 {
				return entry{}, body.damaged(off, "its base makes no sense")
			}
			c = raw[i]
			i++
			if !first {
				back++
			}
			back = back<<7 | int64(c&0x7f)
			if c&0x80 == 0 {
				break
			}
		}
		if e.base = off - back; back <= 0 || e.base < 12 {
			return entry{}, body.damaged(off, "its base lies outside the pack")
		}
	case refDelta:
		if len(raw)-i < 20 {
			return entry{}, body.damaged(off, "its base is cut off")
		}
		base, ok, err := p.find(ID(raw[i : i+20]))
		if err != nil {
			return entry{}, err
		}
		if !ok {
			return entry{}, body.damaged(off, "its base is not in the pack")
		}
		e.base = base
		i += 20
	default:
		return entry{}, body.damaged(off, "%s is not known", e.kind)
	}
	e.data = off + int64(i)
	return e, nil
}
