package trail

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// TestSourceAsGoGit reads every object, loose and packed, written by us and by
// git, and demands what go-git reads.
func TestSourceAsGoGit(t *testing.T) {
	b := newBox(t)
	r := b.open()
	big := strings.Repeat("a line of some length that repeats\n", 3000)
	b.record(r, "one", map[string]string{"a": "1", "d/big": big})
	b.record(r, "two", map[string]string{"a": "2", "d/big": big + "x", "empty": ""})
	b.git("gc", "-q")
	b.record(r, "three", map[string]string{"a": "3"})
	oracle := filesystem.NewStorage(osfs.New(r.CommonDir(), osfs.WithBoundOS()), cache.NewObjectLRUDefault())
	ours, err := r.objects()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(b.git("cat-file", "--batch-all-objects", "--batch-check")) {
		id := plumbing.NewHash(strings.Fields(line)[0])
		o, err := oracle.EncodedObject(plumbing.AnyObject, id)
		if err != nil {
			t.Fatal(err)
		}
		rd, err := o.Reader()
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(rd)
		if err != nil {
			t.Fatal(err)
		}
		kind, got, err := ours.Object(id)
		if err != nil || kind != o.Type() || !bytes.Equal(got, want) {
			t.Errorf("%s: %v %v, %d bytes, want %v, %d bytes", id, err, kind, len(got), o.Type(), len(want))
		}
		n++
	}
	if n < 12 {
		t.Errorf("only %d objects", n)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
