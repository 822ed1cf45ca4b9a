package trail

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/objects"
)

// oracleRepo has loose objects, two packs with deltas and an alternate.
func oracleRepo(t *testing.T) *histRepo {
	other := newHistRepo(t)
	other.build(manyCommits(30))
	r := newHistRepo(t)
	alternates := filepath.Join(other.dir, ".git/objects") + "\n"
	if err := os.WriteFile(filepath.Join(r.dir, ".git/objects/info/alternates"), []byte(alternates), 0o666); err != nil {
		t.Fatal(err)
	}
	long := func(i int) string {
		var b strings.Builder
		for line := range 200 {
			fmt.Fprintf(&b, "line %d, version %d\n", line, (i+line)/150)
		}
		return b.String()
	}
	for i := range 12 {
		r.write("learners/a/long", long(i*10))
		r.write(fmt.Sprintf("learners/l%d/x", i), "x")
		r.git("add", ".")
		r.git("commit", "-q", "-m", fmt.Sprintf("commit %d\n\nbody: of it", i))
		switch i {
		case 4, 8:
			r.git("repack", "-dfq", "--depth=20") // what was loose becomes one more pack
		}
	}
	r.git("tag", "-a", "-m", "a tag", "v1")
	return r
}

// TestObjectsEqualGoGit reads everything with go-git and with pkg/objects, as
// bytes and, for commits and trees, as what they mean.
func TestObjectsEqualGoGit(t *testing.T) {
	r := oracleRepo(t)
	storage := filesystem.NewStorageWithOptions(osfs.New(filepath.Join(r.dir, ".git"), osfs.WithBoundOS()), cache.NewObjectLRUDefault(),
		filesystem.Options{AlternatesFS: osfs.New("/", osfs.WithBoundOS())})
	store, err := objects.Open(filepath.Join(r.dir, ".git"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	source := &storeSource{store}
	kinds := map[plumbing.ObjectType]int{}
	for _, line := range words(r.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")) {
		id := plumbing.NewHash(line)
		want, err := storage.EncodedObject(plumbing.AnyObject, id)
		if err != nil {
			t.Fatal(err)
		}
		reader, err := want.Reader()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		kind, data, err := source.Object(id)
		if err != nil || kind != want.Type() || !bytes.Equal(data, raw) {
			t.Fatalf("%s: %v of %d bytes, go-git has %v of %d: %v", id, kind, len(data), want.Type(), len(raw), err)
		}
		kinds[kind]++
		switch kind {
		case plumbing.CommitObject:
			c := &object.Commit{}
			if err := c.Decode(want); err != nil {
				t.Fatal(err)
			}
			ours, err := objects.ParseCommit(data)
			if err != nil {
				t.Fatal(err)
			}
			say := func(tree, parents, message any, name string, email string, when string) string {
				return fmt.Sprintf("%s|%s|%s|%s|%s|%s", tree, parents, message, name, email, when)
			}
			theirs := say(c.TreeHash, c.ParentHashes, c.Message, c.Author.Name, c.Author.Email, c.Author.When.Format("-0700 2006 15:04:05"))
			mine := say(ours.Tree, ours.Parents, ours.Message, ours.Author.Name, ours.Author.Email, ours.Author.When().Format("-0700 2006 15:04:05"))
			if diff := cmp.Diff(theirs, mine); diff != "" {
				t.Error(diff)
			}
		case plumbing.TreeObject:
			tree := &object.Tree{}
			if err := tree.Decode(want); err != nil {
				t.Fatal(err)
			}
			var mine, theirs []string
			for _, e := range tree.Entries {
				theirs = append(theirs, fmt.Sprintf("%o %s %s", uint32(e.Mode), e.Name, e.Hash))
			}
			for e, err := range objects.Entries(data) {
				if err != nil {
					t.Fatal(err)
				}
				mine = append(mine, fmt.Sprintf("%o %s %s", e.Mode, e.Name, e.ID))
			}
			if diff := cmp.Diff(theirs, mine); diff != "" {
				t.Error(diff)
			}
		}
	}
	for _, kind := range []plumbing.ObjectType{plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject} {
		if kinds[kind] == 0 {
			t.Errorf("no %v was read", kind)
		}
	}
	if _, _, err := source.Object(plumbing.NewHash("11")); err == nil {
		t.Error("read what is not there")
	}
}
