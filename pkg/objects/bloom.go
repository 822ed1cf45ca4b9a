package objects

import "encoding/binary"

// PathKey is a path made ready to be asked of the changed-path filters.
type PathKey struct {
	hash  [2][2]uint32 // by version of the filter, less one
	plain bool         // ASCII only
}

// NewPathKey makes the key of a slash path without a slash at either end.
func NewPathKey(path string) PathKey {
	const seed0, seed1 = 0x293ae76f, 0x7e646e2c
	k := PathKey{plain: true}
	for i := range len(path) {
		k.plain = k.plain && path[i] < 0x80
	}
	// Version 1 hashes bytes above 0x7f by the sign of the writer's char, which differs between
	// machines; for ASCII the versions are equal.
	k.hash[1] = [2]uint32{murmur3(seed0, path), murmur3(seed1, path)}
	k.hash[0] = k.hash[1]
	return k
}

// Unchanged reports that commit n certainly changed nothing at or under any of
// the paths against its first parent (against nothing, for a root). False says
// nothing: without filters it is always false.
func (g *Graph) Unchanged(n uint32, paths []PathKey) bool {
	l := g.layer(n)
	if l == nil || l.bloom.size == 0 || n-l.start >= l.count || len(paths) == 0 {
		return false
	}
	i := int64(n - l.start)
	from := uint32(0)
	if i > 0 {
		b, err := l.file.at(l.bloomAt.off+4*i-4, 4)
		if err != nil {
			return false
		}
		from = binary.BigEndian.Uint32(b)
	}
	b, err := l.file.at(l.bloomAt.off+4*i, 4)
	if err != nil {
		return false
	}
	to := binary.BigEndian.Uint32(b)
	// No bytes mean "not computed".
	if to <= from || int64(to) > l.bloom.size-12 {
		return false
	}
	filter, err := l.file.at(l.bloom.off+12+int64(from), int(to-from))
	if err != nil {
		return false
	}
	for _, k := range paths {
		if !k.plain && l.hashVersion == 1 || l.maybe(filter, k) {
			return false
		}
	}
	return true
}

func (l *layer) maybe(filter []byte, k PathKey) bool {
	size := uint64(len(filter)) * 8
	h := k.hash[l.hashVersion-1]
	for i := range l.hashes {
		at := uint64(h[0]+i*h[1]) % size
		if filter[at/8]>>(at%8)&1 == 0 {
			return false
		}
	}
	return true
}

// HasFilters reports whether any commit may have a changed-path filter.
func (g *Graph) HasFilters() bool {
	for _, l := range g.layers {
		if l.bloom.size > 0 {
			return true
		}
	}
	return false
}

func murmur3(seed uint32, s string) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	rotl := func(v uint32, n uint) uint32 { return v<<n | v>>(32-n) }
	n := len(s)
	for ; len(s) >= 4; s = s[4:] {
		k := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
		seed ^= rotl(k*c1, 15) * c2
		seed = rotl(seed, 13)*5 + 0xe6546b64
	}
	var k uint32
	for i := len(s) - 1; i >= 0; i-- {
		k = k<<8 | uint32(s[i])
	}
	if len(s) > 0 {
		seed ^= rotl(k*c1, 15) * c2
	}
	seed ^= uint32(n)
	seed = (seed ^ seed>>16) * 0x85ebca6b
	seed = (seed ^ seed>>13) * 0xc2b2ae35
	return seed ^ seed>>16
}
