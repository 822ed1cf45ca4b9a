package sheet

import (
	"bufio"
	"encoding/binary"
	"io"
	"math/bits"
)

// What DEFLATE (RFC 1951) allows, and how hard is looked.
const (
	reach    = 1 << 15 // bytes that a repeat may lie back
	shortest = 4       // bytes of a repeat that is worth it, and that are hashed; 3 are allowed
	longest  = 258     // bytes of a repeat
	looks    = 16      // earlier places with the same hash that are looked at
)

// packer compresses what is written to it as one block of DEFLATE with the fixed codes.
// It is here so that a workbook has the same bytes for ever: compress/flate makes smaller
// ones, up to half the size, but each release of Go may make others. The bytes depend on what
// is written alone, not on how many writes it comes in.
type packer struct {
	out  *bufio.Writer
	in   []byte // first what a repeat may refer to, then what is not packed yet
	done int    // in[:done] is packed
	// The places in in, from 1: of every hash the last, of every place the one before it
	// with the same hash.
	last   [reach]int32
	before [reach]int32
	bits   uint64 // that are no whole byte yet
	n      int    // how many
}

func newPacker(w io.Writer) *packer {
	p := &packer{out: bufio.NewWriter(w), in: make([]byte, 0, 4*reach)}
	p.put(0b011, 3) // the last block, and its codes are the fixed ones
	return p
}

func (p *packer) Write(b []byte) (int, error) {
	written := 0
	for {
		n := copy(p.in[len(p.in):cap(p.in)], b)
		p.in = p.in[:len(p.in)+n]
		b = b[n:]
		written += n
		if len(p.in) < cap(p.in) {
			return written, nil
		}
		p.pack(longest)
		p.slide()
		if _, err := p.out.Write(nil); err != nil {
			return written, err
		}
	}
}

// Close ends the block. It does not close what the packer writes to.
func (p *packer) Close() error {
	p.pack(0)
	p.code(0, 7) // the end of the block
	p.put(0, 7)  // and of its last byte
	return p.out.Flush()
}

// pack packs until rest bytes are left, which repeats may still run into.
func (p *packer) pack(rest int) {
	for p.done < len(p.in)-rest {
		size, back := p.repeat()
		if size < shortest {
			p.literal(p.in[p.done])
			size = 1
		} else {
			p.copied(size, back)
		}
		for range size {
			p.remember()
			p.done++
		}
	}
}

func (p *packer) hash(at int) uint32 {
	return binary.LittleEndian.Uint32(p.in[at:]) * 2654435761 >> (32 - 15)
}

func (p *packer) remember() {
	if p.done+shortest <= len(p.in) {
		h := p.hash(p.done)
		p.before[p.done%reach] = p.last[h]
		p.last[h] = int32(p.done + 1)
	}
}

// repeat is how many bytes from here on stood before, and how far back.
func (p *packer) repeat() (size, back int) {
	if p.done+shortest > len(p.in) {
		return 0, 0
	}
	here := p.in[p.done:min(p.done+longest, len(p.in))]
	at := int(p.last[p.hash(p.done)]) - 1
	for look := 0; look < looks && at >= 0 && p.done-at <= reach; look++ {
		if p.in[at+size] == here[size] { // else it is no longer than what is found
			if n := same(p.in[at:], here); n > size {
				if size, back = n, p.done-at; n == len(here) {
					break
				}
			}
		}
		at = int(p.before[at%reach]) - 1
	}
	return size, back
}

// same is with how many bytes of here there begins, which is no shorter.
func same(there, here []byte) int {
	n := 0
	for ; n+8 <= len(here); n += 8 {
		if x := binary.LittleEndian.Uint64(there[n:]) ^ binary.LittleEndian.Uint64(here[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < len(here) && there[n] == here[n] {
		n++
	}
	return n
}

// slide makes room: no repeat refers to the first half any more.
func (p *packer) slide() {
	const by = 2 * reach
	n := copy(p.in, p.in[by:])
	p.in = p.in[:n]
	p.done -= by
	for i := range p.last {
		p.last[i] = max(p.last[i]-by, 0)
		p.before[i] = max(p.before[i]-by, 0)
	}
}

// put adds the n lowest bits of v, which are 16 at most, the lowest first.
func (p *packer) put(v uint32, n int) {
	p.bits |= uint64(v) << p.n
	for p.n += n; p.n >= 8; p.n -= 8 {
		_ = p.out.WriteByte(byte(p.bits)) // an error stays with out
		p.bits >>= 8
	}
}

// code adds a code of n bits, which unlike numbers have the highest first.
func (p *packer) code(v uint16, n int) { p.put(uint32(bits.Reverse16(v)>>(16-n)), n) }

func (p *packer) literal(c byte) {
	if c < 144 {
		p.code(0x30+uint16(c), 8)
		return
	}
	p.code(0x190+uint16(c-144), 9)
}

// copied adds a repeat: codes for its size and how far back it lies, each with the bits
// that the code leaves open.
func (p *packer) copied(size, back int) {
	if size == longest {
		p.code(0xc0+285-280, 8)
	} else {
		n := size - 3
		open := max(bits.Len(uint(n))-3, 0)
		if c := uint16(257 + open<<2 + n>>open); c < 280 {
			p.code(c-256, 7)
		} else {
			p.code(0xc0+c-280, 8)
		}
		p.put(uint32(n&(1<<open-1)), open)
	}
	n := back - 1
	open := max(bits.Len(uint(n))-2, 0)
	p.code(uint16(open<<1+n>>open), 5)
	p.put(uint32(n&(1<<open-1)), open)
}
