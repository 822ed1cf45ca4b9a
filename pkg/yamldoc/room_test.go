package yamldoc

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is read into a room, used over and over, is what is read anew each time; and of
// what was read before a Clear nothing is left, so that whoever held on to it would
// read nothing, or of another file, and not what only seems right.
func TestRoomReadsWhatParseReads(t *testing.T) {
	pieces := append(slices.Clone(excerpts(t)), tricky()...)
	rapid.Check(t, func(t *rapid.T) {
		room := &Room{}
		for range rapid.IntRange(1, 4).Draw(t, "lots") {
			type read struct {
				doc, fresh *Doc
			}
			var lot []read
			for range rapid.IntRange(1, 30).Draw(t, "files") {
				src := rapid.SampledFrom(pieces).Draw(t, "text")
				if rapid.Bool().Draw(t, "with a slip") {
					src = mutate(t, src)
				}
				doc, found := room.Parse("x.yaml", []byte(src))
				fresh, told := Parse("x.yaml", []byte(src))
				if diff := cmp.Diff(told, found); diff != "" || (doc == nil) != (fresh == nil) {
					t.Fatalf("%q: %s", src, diff)
				}
				if doc != nil {
					lot = append(lot, read{doc, fresh})
				}
			}
			for _, x := range lot { // only now: none was read over by a later one
				if !reflect.DeepEqual(x.doc.root, x.fresh.root) {
					t.Fatalf("another tree:\n%s\n%q", cmp.Diff(x.fresh.root, x.doc.root, cmp.AllowUnexported(Node{}, Pair{})), x.doc.src)
				}
			}
			var held []*Node
			for _, p := range room.slabs.nodes.pieces[:room.slabs.nodes.used] {
				held = append(held, &p[0], &p[len(p)/2])
			}
			room.Clear()
			for _, n := range held {
				if !reflect.DeepEqual(n, &Node{}) {
					t.Fatalf("left over: %v", n)
				}
			}
		}
	})
}

// A file made to be large leaves no memory behind.
func TestRoomStaysSmall(t *testing.T) {
	room := &Room{}
	large := []byte("a:\n")
	for len(large) < MaxSize-100 {
		large = append(large, "  - [b, c, {d: e}, f, g]\n"...)
	}
	if _, found := room.Parse("x.yaml", large); len(found) > 0 {
		t.Fatal(found)
	}
	room.Clear()
	if n := len(room.slabs.nodes.pieces); n > mostPieces {
		t.Errorf("%d pieces are kept, not %d", n, mostPieces)
	}
	if n := cap(room.reader.openPairs) + cap(room.reader.openItems); n > mostOpen {
		t.Errorf("room for %d open entries is kept", n)
	}
}
