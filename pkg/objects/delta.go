package objects

import "errors"

var errDelta = errors.New("delta makes no sense")

// deltaSizes reads the head of a delta: the sizes of its base and its result in bytes.
func deltaSizes(delta []byte) (base, result int64, rest []byte, err error) {
	if base, delta, err = deltaSize(delta); err != nil {
		return 0, 0, nil, err
	}
	if result, delta, err = deltaSize(delta); err != nil {
		return 0, 0, nil, err
	}
	return base, result, delta, nil
}

func deltaSize(b []byte) (int64, []byte, error) {
	var n int64
	for i, c := range b {
		if i > 7 {
			break
		}
		n |= int64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return n, b[i+1:], nil
		}
	}
	return 0, nil, errDelta
}

// applyDelta appends what the instructions make of base to dst, which must come
// out exactly size bytes longer.
func applyDelta(dst, base, instr []byte, size int64) ([]byte, error) {
	end := len(dst) + int(size)
	for len(instr) > 0 {
		op := instr[0]
		instr = instr[1:]
		if op == 0 {
			return nil, errDelta
		}
		if op < 0x80 {
			n := int(op)
			if n > len(instr) || n > end-len(dst) {
				return nil, errDelta
			}
			dst = append(dst, instr[:n]...)
			instr = instr[n:]
			continue
		}
		var off, n uint32
		for i := range 7 {
			if op>>i&1 == 0 {
				continue
			}
			if len(instr) == 0 {
				return nil, errDelta
			}
			if i < 4 {
				off |= uint32(instr[0]) << (8 * i)
			} else {
				n |= uint32(instr[0]) << (8 * (i - 4))
			}
			instr = instr[1:]
		}
		if n == 0 {
			n = 0x10000
		}
		if uint64(off)+uint64(n) > uint64(len(base)) || int64(n) > int64(end-len(dst)) {
			return nil, errDelta
		}
		dst = append(dst, base[off:int(off)+int(n)]...)
	}
	if len(dst) != end {
		return nil, errDelta
	}
	return dst, nil
}
