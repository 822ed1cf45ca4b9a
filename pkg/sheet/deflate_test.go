package sheet

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pack compresses b in writes of these sizes, over and over.
func pack(t testing.TB, b []byte, sizes ...int) []byte {
	t.Helper()
	var out bytes.Buffer
	p := newPacker(&out)
	for i := 0; len(b) > 0; i++ {
		n := len(b)
		if len(sizes) > 0 {
			n = min(n, sizes[i%len(sizes)])
		}
		if got, err := p.Write(b[:n]); err != nil || got != n {
			t.Fatalf("%d of %d bytes taken: %v", got, n, err)
		}
		b = b[n:]
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t testing.TB, packed []byte) []byte {
	t.Helper()
	in := bytes.NewReader(packed)
	b, err := io.ReadAll(flate.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if in.Len() > 0 {
		t.Fatalf("%d bytes stand after the end", in.Len())
	}
	return b
}

func TestPackerAtTheEdges(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	noise := make([]byte, reach+1) // no repeat of 4 bytes worth speaking of
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	many := func(b []byte, n int) []byte { return bytes.Repeat(b, n) }
	for name, b := range map[string][]byte{
		"nothing":                      nil,
		"three bytes":                  []byte("abc"),
		"every byte":                   all,
		"one byte for long":            many([]byte("a"), 5*reach),
		"as far back as is allowed":    append(noise[:reach:reach], noise[:300]...),
		"further back":                 append(noise[:reach+1:reach+1], noise[:300]...),
		"noise over and over":          many(noise, 12),
		"exactly what is held at once": many([]byte("abcdefgh"), 4*reach/8),
		"one byte more":                append(many([]byte("abcdefgh"), 4*reach/8), 'x'),
		"repeats of every size":        sizes(),
	} {
		t.Run(name, func(t *testing.T) {
			packed := pack(t, b)
			if !bytes.Equal(b, unpack(t, packed)) {
				t.Error("it is not what was packed")
			}
			if !bytes.Equal(packed, pack(t, b, 1, 7, 4096, 70_000)) {
				t.Error("other writes give other bytes")
			}
			if most := len(b)*9/8 + 8; len(packed) > most {
				t.Errorf("%d bytes become %d", len(b), len(packed))
			}
		})
	}
	if n := len(pack(t, many([]byte(`<c r="A1" t="inlineStr"><is><t>x</t></is></c>`), 10_000))); n > 5000 {
		t.Errorf("450,000 bytes of one cell become %d: repeats are not found", n)
	}
}

// sizes has repeats of 3 to 300 bytes, at many distances.
func sizes() []byte {
	var b bytes.Buffer
	text := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 5)
	for n := 3; n <= 300; n++ {
		b.WriteString(text[:n])
		b.WriteByte(byte(n))
		b.WriteByte(byte(n >> 8))
	}
	return b.Bytes()
}

func TestAnythingPackedComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var b []byte
		for range rapid.IntRange(0, 40).Draw(rt, "pieces") {
			piece := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(rt, "piece")
			if at := rapid.IntRange(0, 2*len(b)+1).Draw(rt, "from"); at < len(b) {
				piece = b[at:] // again what was there
			}
			b = append(b, bytes.Repeat(piece, rapid.IntRange(1, 30).Draw(rt, "times"))...)
			b = b[:min(len(b), 7*reach)]
		}
		packed := pack(t, b)
		if !bytes.Equal(b, unpack(t, packed)) {
			rt.Fatal("it is not what was packed")
		}
		if !bytes.Equal(packed, pack(t, b, rapid.SliceOfN(rapid.IntRange(1, 200_000), 1, 3).Draw(rt, "writes")...)) {
			rt.Fatal("other writes give other bytes")
		}
	})
}
