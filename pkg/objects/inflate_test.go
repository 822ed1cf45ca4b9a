package objects

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"
)

func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := zlib.NewWriterLevel(&buf, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// FuzzInflateStream: any bytes read as compress/zlib reads them, or are refused as it refuses them.
func FuzzInflateStream(f *testing.F) {
	for _, s := range []string{"", "a", strings.Repeat("ab", 400), "the quick brown fox " + strings.Repeat("jumps ", 30)} {
		for _, level := range []int{zlib.NoCompression, zlib.BestSpeed, zlib.BestCompression, zlib.HuffmanOnly} {
			f.Add(deflated(f, []byte(s), level))
		}
	}
	z := new(inflater)
	f.Fuzz(func(t *testing.T, src []byte) {
		const limit = 1 << 20
		in := bytes.NewReader(src)
		var want []byte
		r, err := zlib.NewReader(in)
		if err == nil {
			want, err = io.ReadAll(io.LimitReader(r, limit+1))
		}
		if len(want) > limit {
			return
		}
		if err != nil {
			if _, _, ours := z.unpack(make([]byte, len(want)), src, false); ours == nil {
				t.Fatalf("accepted what compress/zlib refuses: %v", err)
			}
			return
		}
		got := make([]byte, len(want))
		n, used, err := z.unpack(got, src, false)
		if err != nil || n != len(want) || !bytes.Equal(got, want) {
			t.Fatalf("%d of %d bytes: %v", n, len(want), err)
		}
		if used != len(src)-in.Len() {
			t.Fatalf("used %d bytes, compress/zlib %d", used, len(src)-in.Len())
		}
		if _, _, err := z.unpack(make([]byte, len(want)+1), src, false); err != errTooFew {
			t.Fatalf("one byte too few: %v", err)
		}
		if len(want) > 0 {
			if _, _, err := z.unpack(got[:len(want)-1], src, false); err != errTooMuch {
				t.Fatalf("one byte too many: %v", err)
			}
			head := make([]byte, len(want)/2)
			if n, _, err := z.unpack(head, src, true); err != nil || !bytes.Equal(head[:n], want[:n]) || n != len(head) {
				t.Fatalf("the first half: %d bytes, %v", n, err)
			}
		}
	})
}

// FuzzInflateData: what was compressed comes back, at every level.
func FuzzInflateData(f *testing.F) {
	f.Add([]byte("some text, some text"), uint8(6), uint16(3))
	f.Add([]byte{0, 1, 2, 3}, uint8(0), uint16(500))
	f.Add([]byte("zzzz"), uint8(9), uint16(20000))
	z := new(inflater)
	f.Fuzz(func(t *testing.T, data []byte, level uint8, times uint16) {
		if len(data) > 0 {
			data = bytes.Repeat(data, 1+int(times)*8/len(data)%2000)
		}
		src := deflated(t, data, int(level)%12-2)
		got := make([]byte, len(data))
		n, used, err := z.unpack(got, src, false)
		if err != nil || n != len(data) || used != len(src) || !bytes.Equal(got, data) {
			t.Fatalf("%d of %d bytes, %d of %d used: %v", n, len(data), used, len(src), err)
		}
	})
}
