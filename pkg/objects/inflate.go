package objects

import (
	"encoding/binary"
	"errors"
	"hash/adler32"
	"math/bits"
)

// inflater unpacks one zlib stream (RFC 1950, RFC 1951) from a slice into a
// slice of known size. Git's objects are small and their sizes are known before,
// which compress/flate, built for endless streams, can't use: it copies all
// through a window of its own. A test holds the two equal. Not for two at once.
type inflater struct {
	src  []byte
	pos  int
	bits uint64
	nb   uint

	lit, dist           huffman
	fixedLit, fixedDist huffman // built when first met
	lens                [320]uint8
	scratch             []byte // for who does not know the size before
}

var (
	errTruncated = errors.New("compressed bytes end too early")
	errCorrupt   = errors.New("compressed bytes make no sense")
	errTooMuch   = errors.New("more bytes than announced")
	errTooFew    = errors.New("fewer bytes than announced")
	errChecksum  = errors.New("checksum of the uncompressed bytes differs")
)

// maxRatio is the most that deflate can grow a stream, rounded up: 258 bytes from 2 bits.
const maxRatio = 1032

const (
	litBits  = 9
	distBits = 7
)

// huffman is a decoding table: 1<<primary entries, then tables for longer codes.
// An entry is symbol<<8 | length of its code; bit 31 marks a link, then
// symbol is where the further table begins and the low byte its bits. 0 is no code.
type huffman struct {
	table   []uint32
	primary uint
}

const link = 1 << 31

func (h *huffman) build(lens []uint8, primary uint) error {
	var count [16]int
	longest := uint(0)
	used := 0
	for _, l := range lens {
		count[l]++
		if l > 0 {
			used++
			longest = max(longest, uint(l))
		}
	}
	h.primary = primary
	size := 1 << primary
	if cap(h.table) < size {
		h.table = make([]uint32, size, 4*size)
	}
	h.table = h.table[:size]
	clear(h.table)
	var next [16]int
	code, left := 0, 1
	for l := 1; l < 16; l++ {
		left = left<<1 - count[l]
		if left < 0 {
			return errCorrupt
		}
		next[l] = code
		code = (code + count[l]) << 1
	}
	// An incomplete code is only allowed as none at all or one code of one bit.
	if left > 0 && (used > 1 || longest > 1) {
		return errCorrupt
	}
	for sym, l8 := range lens {
		l := uint(l8)
		if l == 0 {
			continue
		}
		c := uint32(bits.Reverse16(uint16(next[l])) >> (16 - l))
		next[l]++
		entry := uint32(sym)<<8 | uint32(l)
		if l <= primary {
			for i := int(c); i < size; i += 1 << l {
				h.table[i] = entry
			}
			continue
		}
		head := c & (1<<primary - 1)
		sub := longest - primary
		start := int(h.table[head] &^ link >> 8)
		if h.table[head] == 0 {
			start = len(h.table)
			for range 1 << sub {
				h.table = append(h.table, 0)
			}
			h.table[head] = link | uint32(start)<<8 | uint32(sub)
		}
		for i := int(c >> primary); i < 1<<sub; i += 1 << (l - primary) {
			h.table[start+i] = entry
		}
	}
	return nil
}

// fill tops the bit buffer up to at least 56 bits, or to the end of the input.
func (z *inflater) fill() {
	if len(z.src)-z.pos >= 8 {
		z.bits |= binary.LittleEndian.Uint64(z.src[z.pos:]) << (z.nb & 63)
		n := (63 - z.nb) >> 3
		z.pos += int(n)
		z.nb += n << 3
		return
	}
	for z.nb <= 56 && z.pos < len(z.src) {
		z.bits |= uint64(z.src[z.pos]) << z.nb
		z.pos++
		z.nb += 8
	}
}

func (z *inflater) take(n uint) (int, bool) {
	if n > z.nb {
		z.fill()
		if n > z.nb {
			return 0, false
		}
	}
	v := int(z.bits & (1<<n - 1))
	z.bits >>= n
	z.nb -= n
	return v, true
}

// symbol decodes one symbol; -1 for none. The caller has filled the buffer.
func (z *inflater) symbol(h *huffman) int {
	e := h.table[z.bits&(1<<h.primary-1)]
	if e&link != 0 {
		e = h.table[uint64(e&^link>>8)+z.bits>>h.primary&(1<<(e&0xff)-1)]
	}
	n := uint(e & 0xff)
	if e == 0 || n > z.nb {
		return -1
	}
	z.bits >>= n & 63
	z.nb -= n
	return int(e >> 8)
}

// unpack fills dst from the stream at the head of src and gives the length of
// the stream. When part is true it stops, without an error and without a
// checksum, once dst is full; otherwise dst must be filled exactly. written is
// how many bytes of dst hold.
func (z *inflater) unpack(dst, src []byte, part bool) (written, consumed int, err error) {
	if len(src) < 2 {
		return 0, 0, errTruncated
	}
	if src[0]&0x0f != 8 || src[0]>>4 > 7 || src[1]&0x20 != 0 || binary.BigEndian.Uint16(src)%31 != 0 {
		return 0, 0, errCorrupt
	}
	z.src, z.pos, z.bits, z.nb = src, 2, 0, 0
	defer func() { z.src = nil }()
	n := 0
	for last := false; !last; {
		head, ok := z.take(3)
		if !ok {
			return n, 0, errTruncated
		}
		last = head&1 != 0
		switch head >> 1 {
		case 0:
			n, err = z.stored(dst, n)
		case 1:
			if err = z.fixed(); err == nil {
				n, err = z.block(dst, n, &z.fixedLit, &z.fixedDist)
			}
		case 2:
			if err = z.dynamic(); err == nil {
				n, err = z.block(dst, n, &z.lit, &z.dist)
			}
		default:
			err = errCorrupt
		}
		if err == errTooMuch && part {
			return n, 0, nil
		}
		if err != nil {
			return n, 0, err
		}
	}
	z.pos -= int(z.nb >> 3) // whole bytes read ahead
	if n < len(dst) && !part {
		return n, 0, errTooFew
	}
	if len(src)-z.pos < 4 {
		return n, 0, errTruncated
	}
	if binary.BigEndian.Uint32(src[z.pos:]) != adler32.Checksum(dst[:n]) {
		return n, 0, errChecksum
	}
	return n, z.pos + 4, nil
}

func (z *inflater) stored(dst []byte, n int) (int, error) {
	z.take(z.nb & 7)
	size, ok := z.take(16)
	inverse, ok2 := z.take(16)
	if !ok || !ok2 {
		return n, errTruncated
	}
	if size != inverse^0xffff {
		return n, errCorrupt
	}
	z.pos -= int(z.nb >> 3)
	z.bits, z.nb = 0, 0
	if len(z.src)-z.pos < size {
		return n, errTruncated
	}
	if got := copy(dst[n:], z.src[z.pos:z.pos+size]); got < size {
		return n + got, errTooMuch
	}
	z.pos += size
	return n + size, nil
}

func (z *inflater) fixed() error {
	if z.fixedDist.table != nil {
		return nil
	}
	lens := z.lens[:288]
	for i := range lens {
		switch {
		case i < 144:
			lens[i] = 8
		case i < 256:
			lens[i] = 9
		case i < 280:
			lens[i] = 7
		default:
			lens[i] = 8
		}
	}
	if err := z.fixedLit.build(lens, litBits); err != nil {
		return err
	}
	lens = z.lens[:32]
	for i := range lens {
		lens[i] = 5
	}
	return z.fixedDist.build(lens, distBits)
}

func (z *inflater) dynamic() error {
	v, ok := z.take(14)
	if !ok {
		return errTruncated
	}
	nlit, ndist, nclen := v&31+257, v>>5&31+1, v>>10+4
	if nlit > 286 || ndist > 30 {
		return errCorrupt
	}
	var order [19]uint8
	for i, at := range [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		if i >= nclen {
			break
		}
		l, ok := z.take(3)
		if !ok {
			return errTruncated
		}
		order[at] = uint8(l)
	}
	if err := z.dist.build(order[:], distBits); err != nil {
		return err
	}
	lens := z.lens[:nlit+ndist]
	for i := 0; i < len(lens); {
		z.fill()
		sym := z.symbol(&z.dist)
		switch {
		case sym < 0:
			if z.nb < 7 {
				return errTruncated
			}
			return errCorrupt
		case sym < 16:
			lens[i] = uint8(sym)
			i++
			continue
		}
		var value uint8
		var extra, base int
		switch sym {
		case 16:
			if i == 0 {
				return errCorrupt
			}
			value, extra, base = lens[i-1], 2, 3
		case 17:
			extra, base = 3, 3
		default:
			extra, base = 7, 11
		}
		more, ok := z.take(uint(extra))
		if !ok {
			return errTruncated
		}
		for range base + more {
			if i == len(lens) {
				return errCorrupt
			}
			lens[i] = value
			i++
		}
	}
	if lens[256] == 0 {
		return errCorrupt
	}
	if err := z.lit.build(lens[:nlit], litBits); err != nil {
		return err
	}
	return z.dist.build(lens[nlit:], distBits)
}

// block decodes symbols until the end of the block.
func (z *inflater) block(dst []byte, n int, lit, dists *huffman) (int, error) {
	for {
		if z.nb < 48 { // the longest length and distance with their extra bits
			z.fill()
		}
		sym := z.symbol(lit)
		if sym < 256 {
			if sym < 0 {
				return n, z.bad()
			}
			if n == len(dst) {
				return n, errTooMuch
			}
			dst[n] = byte(sym)
			n++
			continue
		}
		if sym == 256 {
			return n, nil
		}
		length, extra := lengthOf(sym - 257)
		more, ok := z.take(extra)
		if length == 0 || !ok {
			return n, z.bad()
		}
		length += more
		d := z.symbol(dists)
		if d < 0 || d > 29 {
			return n, z.bad()
		}
		dist, extra := d+1, uint(0)
		if d > 3 {
			extra = uint(d>>1) - 1
			dist = (2+d&1)<<extra + 1
		}
		if more, ok = z.take(extra); !ok {
			return n, errTruncated
		}
		dist += more
		if dist > n {
			return n, errCorrupt
		}
		room := len(dst) - n
		full := length > room
		length = min(length, room)
		if dist >= length {
			copy(dst[n:n+length], dst[n-dist:])
		} else {
			for i := n; i < n+length; i++ {
				dst[i] = dst[i-dist]
			}
		}
		n += length
		if full {
			return n, errTooMuch
		}
	}
}

func (z *inflater) bad() error {
	if z.pos >= len(z.src) && z.nb < 48 {
		return errTruncated
	}
	return errCorrupt
}

// lengthOf gives the base and the extra bits of a length symbol less 257; 0 for none.
func lengthOf(i int) (base int, extra uint) {
	switch {
	case i < 8:
		return i + 3, 0
	case i < 28:
		extra = uint(i>>2) - 1
		return (4+i&3)<<extra + 3, extra
	case i == 28:
		return 258, 0
	}
	return 0, 0
}
