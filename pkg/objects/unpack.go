package objects

import (
	"fmt"
	"slices"
)

// inflateAt appends the e.size bytes packed at e to dst.
func (s *Store) inflateAt(z *inflater, body *region, e entry, dst []byte) ([]byte, error) {
	room := body.size - 20 - e.data
	if e.size > s.Limit {
		return nil, &TooLargeError{Where: fmt.Sprintf("%s at %d", body.path, e.data), Size: e.size, Limit: s.Limit}
	}
	if room < 0 || e.size > maxRatio*room {
		return nil, body.damaged(e.data, "announces more than its bytes can hold")
	}
	start := len(dst)
	dst = slices.Grow(dst, int(e.size))[:start+int(e.size)]
	window := room
	if body.data == nil {
		// Without a mapping read what any ordinary stream needs first, then all there is.
		window = min(room, e.size+e.size/1000+64)
	}
	for {
		src, err := body.at(e.data, int(window))
		if err != nil {
			return nil, err
		}
		_, _, err = z.unpack(dst[start:], src, false)
		if err == errTruncated && window < room {
			window = min(room, window*16)
			continue
		}
		if err != nil {
			return nil, body.damaged(e.data, "%v", err)
		}
		return dst, nil
	}
}

// unpackAt gives the object at off, its deltas applied. The walk down to the base
// is a loop: a damaged pack may chain without end.
func (s *Store) unpackAt(p *pack, off int64) (Kind, []byte, error) {
	body, err := p.open()
	if err != nil {
		return 0, nil, err
	}
	if kind, data := s.cache.get(baseKey{p, off}); kind != 0 {
		return kind, data, nil
	}
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	var kind Kind
	var base []byte
	var few [16]entry
	var at [16]int64
	chain, places := few[:0], at[:0]
	for here := off; ; {
		if len(chain) > 0 {
			if kind, base = s.cache.get(baseKey{p, here}); kind != 0 {
				break
			}
		}
		e, err := p.entry(body, here)
		if err != nil {
			return 0, nil, err
		}
		if e.kind < ofsDelta {
			kind = e.kind
			if base, err = s.inflateAt(z, body, e, nil); err != nil {
				return 0, nil, err
			}
			if len(chain) > 0 {
				s.cache.put(baseKey{p, here}, kind, base)
			}
			break
		}
		if len(chain) == maxChain {
			return 0, nil, body.damaged(off, "its chain of deltas does not end")
		}
		chain, places = append(chain, e), append(places, here)
		here = e.base
	}
	var delta []byte
	for i := len(chain) - 1; i >= 0; i-- {
		if delta, err = s.inflateAt(z, body, chain[i], delta[:0]); err != nil {
			return 0, nil, err
		}
		from, to, instr, err := deltaSizes(delta)
		if err != nil || from != int64(len(base)) {
			return 0, nil, body.damaged(places[i], "its delta does not fit its base")
		}
		if to > s.Limit {
			return 0, nil, &TooLargeError{Where: fmt.Sprintf("%s at %d", body.path, places[i]), Size: to, Limit: s.Limit}
		}
		// An instruction of 4 bytes or more can copy at most 16 MiB, and nothing smaller copies more a byte.
		if to > int64(len(instr))<<24 {
			return 0, nil, body.damaged(places[i], "its delta announces more than it can make")
		}
		if base, err = applyDelta(make([]byte, 0, to), base, instr, to); err != nil {
			return 0, nil, body.damaged(places[i], "%v", err)
		}
		// History is read from one version to the next, each a delta of the one before.
		s.cache.put(baseKey{p, places[i]}, kind, base)
	}
	return kind, base, nil
}

// statAt gives kind and size of the object at off.
func (s *Store) statAt(p *pack, off int64) (Kind, int64, error) {
	body, err := p.open()
	if err != nil {
		return 0, 0, err
	}
	if kind, data := s.cache.get(baseKey{p, off}); kind != 0 {
		return kind, int64(len(data)), nil
	}
	size := int64(-1)
	for here, depth := off, 0; ; depth++ {
		e, err := p.entry(body, here)
		if err != nil {
			return 0, 0, err
		}
		if e.kind < ofsDelta {
			if size < 0 {
				size = e.size
			}
			return e.kind, size, nil
		}
		if depth == maxChain {
			return 0, 0, body.damaged(off, "its chain of deltas does not end")
		}
		if size < 0 {
			if size, err = s.deltaResult(body, e); err != nil {
				return 0, 0, err
			}
		}
		here = e.base
	}
}

// deltaResult reads the size of the result from the head of a delta.
func (s *Store) deltaResult(body *region, e entry) (int64, error) {
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	var head [20]byte
	for window := 1 << 10; ; window *= 16 {
		src, err := body.upTo(e.data, window)
		if err != nil {
			return 0, err
		}
		n, _, err := z.unpack(head[:min(e.size, int64(len(head)))], src, true)
		if err == errTruncated && len(src) == window {
			continue
		}
		if err != nil {
			return 0, body.damaged(e.data, "%v", err)
		}
		_, size, _, err := deltaSizes(head[:n])
		if err != nil {
			return 0, body.damaged(e.data, "%v", err)
		}
		return size, nil
	}
}
