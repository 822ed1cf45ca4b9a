package objects

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCommit(t *testing.T) {
	tree, p1, p2 := strings.Repeat("1", 40), strings.Repeat("2", 40), strings.Repeat("3", 40)
	raw := "tree " + tree + "\nparent " + p1 + "\nparent " + p2 + "\n" +
		"author A. Name <a@example.org> 1700000000 +0530\n" +
		"committer C <c@example.org> 1700000060 -0130\n" +
		"gpgsig -----BEGIN SSH SIGNATURE-----\n abc\n \n def\n -----END SSH SIGNATURE-----\n" +
		"encoding ISO-8859-1\nodd header\n with more\n\nsubject\n\nbody\n"
	got, err := ParseCommit([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	id := func(s string) ID { id, _ := ParseID(s); return id }
	want := &CommitInfo{
		Header:    Header{Tree: id(tree), Parents: []ID{id(p1), id(p2)}, Time: 1700000060},
		Author:    Ident{"A. Name", "a@example.org", 1700000000, 330},
		Committer: Ident{"C", "c@example.org", 1700000060, -90},
		Encoding:  "ISO-8859-1",
		Signature: []byte("-----BEGIN SSH SIGNATURE-----\nabc\n\ndef\n-----END SSH SIGNATURE-----"),
		Message:   []byte("subject\n\nbody\n"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := got.Author.When().Format("2006-01-02 15:04 -0700"); s != "2023-11-15 03:43 +0530" {
		t.Error(s)
	}
	for _, bad := range []string{"", "tree 123\n", "parent " + p1 + "\n", "tree " + strings.Repeat("g", 40) + "\n"} {
		if _, err := ParseCommit([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("tree 1111111111111111111111111111111111111111\nauthor A <> 1 +0000\ncommitter A <> 9 +9999\ngpgsig a\n b\n\nhi"))
	f.Add([]byte("object 1111111111111111111111111111111111111111\ntype commit\ntag x\n\nhi"))
	f.Add([]byte("100644 a\x0012345678901234567890"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ParseCommit(raw)
		TagTarget(raw)
		ParseIdent(raw)
		var first TreeEntry
		for e, err := range Entries(raw) {
			if err != nil {
				break
			}
			if first.Name == nil {
				first = e
			}
		}
		if first.Name != nil {
			if e, ok, err := FindEntry(raw, string(first.Name)); err != nil || !ok || e.ID != first.ID {
				t.Fatalf("the first entry is not found: %v %v", ok, err)
			}
		}
	})
}

func TestTreesAndTags(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 9)
	r.git("tag", "-a", "v1", "-m", "tag", "main~2")
	s := openStore(t, r.common())
	id := func(rev string) ID {
		id, err := ParseID(strings.TrimSpace(r.git("rev-parse", rev)))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	tag, err := s.Of(Tag, id("v1"))
	if err != nil {
		t.Fatal(err)
	}
	if target, kind, err := TagTarget(tag); err != nil || kind != Commit || target != id("main~2") {
		t.Fatalf("%s %s %v", target, kind, err)
	}
	tree, err := s.Of(Tree, id("main^{tree}"))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for e, err := range Entries(tree) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%06o tree %s\t%s\n", e.Mode, e.ID, e.Name)
	}
	if diff := cmp.Diff(r.git("ls-tree", "main"), got.String()); diff != "" {
		t.Error(diff)
	}
	e, ok, err := FindEntry(tree, "dir1")
	if err != nil || !ok || e.ID != id("main:dir1") || !e.IsTree() {
		t.Fatalf("%v %v %v", e, ok, err)
	}
	if _, ok, err := FindEntry(tree, "dir"); ok || err != nil {
		t.Fatalf("found what is not there: %v", err)
	}
}

func TestGraph(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 40)
	r.git("checkout", "-q", "-f", "main")
	for i, from := range []string{"main~5", "main~9", "main~20"} {
		r.git("checkout", "-q", "-b", fmt.Sprint("side", i), from)
		r.git("commit", "-q", "--allow-empty", "-m", "side")
	}
	r.git("checkout", "-q", "main")
	r.git("merge", "-q", "-s", "ours", "-m", "octopus", "side0", "side1", "side2")
	for _, args := range [][]string{
		{"commit-graph", "write", "--reachable"},
		{"commit-graph", "write", "--reachable", "--changed-paths"},
		{"commit-graph", "write", "--reachable", "--changed-paths", "--split=no-merge"},
		{"commit-graph", "write", "--reachable", "--split=no-merge"},
	} {
		r.git(args...)
		s := openStore(t, r.common())
		g := s.Graph()
		if g == nil {
			t.Fatalf("%v: no graph", args)
		}
		filters := slices.Contains(args, "--changed-paths")
		if filters && !g.HasFilters() {
			t.Fatalf("%v: no filters", args)
		}
		said := 0
		for _, line := range strings.Split(strings.TrimSpace(r.git("log", "--format=%H %ct %T %P", "main")), "\n") {
			f := strings.Fields(line)
			id, err := ParseID(f[0])
			if err != nil {
				t.Fatal(err)
			}
			n, ok := g.Find(id)
			if !ok || g.ID(n) != id {
				t.Fatalf("%s is not found", id)
			}
			var c GraphCommit
			if !g.Commit(n, &c) {
				t.Fatalf("%s does not read", id)
			}
			got := []string{id.String(), fmt.Sprint(c.Time), c.Tree.String()}
			for _, p := range c.Parents {
				got = append(got, g.ID(p).String())
			}
			if diff := cmp.Diff(f, got); diff != "" {
				t.Fatal(diff)
			}
			if len(f) != 4 {
				continue
			}
			changed := r.git("diff-tree", "-r", "-t", "--name-only", f[3], f[0])
			for _, path := range []string{"dir0", "dir1", "dir2/sub", "dir0/sub/file3.txt", "absent"} {
				unchanged := g.Unchanged(n, []PathKey{NewPathKey(path)})
				if unchanged {
					said++
				}
				if unchanged && strings.Contains("\n"+changed, "\n"+path+"\n") {
					t.Fatalf("%s changed %s: the filter denies it", id, path)
				}
			}
		}
		if filters && said < 50 {
			t.Errorf("%v: the filters said no only %d times", args, said)
		}
		if _, ok := g.Find(ID{9}); ok {
			t.Error("found what is not there")
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		r.git("commit", "-q", "--allow-empty", "-m", "one more")
	}
}

// FuzzDamagedGraph: whatever the bytes, no panic and no hang.
func FuzzDamagedGraph(f *testing.F) {
	r := newGitRepo(f)
	r.grow(0, 12)
	r.git("commit-graph", "write", "--reachable", "--changed-paths")
	good, err := os.ReadFile(filepath.Join(r.common(), "objects/info/commit-graph"))
	if err != nil {
		f.Fatal(err)
	}
	for at := range 60 {
		f.Add(uint16(at*31), uint32(0x80)<<(at%24), uint16(0))
	}
	f.Add(uint16(0), uint32(0), uint16(100))
	f.Fuzz(func(t *testing.T, at uint16, xor uint32, cut uint16) {
		bad := bytes.Clone(good)
		for i := range 4 {
			bad[(int(at)+i)%len(bad)] ^= byte(xor >> (8 * i))
		}
		path := filepath.Join(t.TempDir(), "graph")
		if err := os.WriteFile(path, bad[:len(bad)-int(cut)%len(bad)], 0o666); err != nil {
			t.Fatal(err)
		}
		g := openGraph([]string{path})
		if g == nil {
			return
		}
		defer g.Close()
		var c GraphCommit
		for n := range min(g.Len(), 50) {
			g.Find(g.ID(n))
			g.Commit(n, &c)
			g.Unchanged(n, []PathKey{NewPathKey("dir1"), NewPathKey("dir1/sub")})
		}
		g.Commit(g.Len(), &c)
		g.Unchanged(g.Len(), []PathKey{NewPathKey("x")})
	})
}
