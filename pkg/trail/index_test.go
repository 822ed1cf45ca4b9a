package trail

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/go-git/go-git/v5/plumbing"
	gitindex "github.com/go-git/go-git/v5/plumbing/format/index"
)

// makeIndex builds an index of that version through patch itself.
func makeIndex(t *rapid.T, version uint32, paths []string) *rawIndex {
	edits := make([]indexEdit, 0, len(paths))
	for _, p := range paths {
		edits = append(edits, indexEdit{path: p, entry: entry{modeFile, plumbing.Hash(sha1.Sum([]byte(p)))}})
	}
	x := &rawIndex{version: version}
	out, _, err := x.patch(edits, nil)
	if err != nil {
		t.Fatal(err)
	}
	return reopen(t, append(out, x.checksum(out)...))
}

func reopen(t *rapid.T, b []byte) *rawIndex {
	return &rawIndex{buf: b, version: binary.BigEndian.Uint32(b[4:]), count: binary.BigEndian.Uint32(b[8:])}
}

func list(t *rapid.T, x *rawIndex) map[string]entry {
	got := map[string]entry{}
	last := ""
	err := x.walk(func(e *indexEntry, prev []byte) error {
		if string(prev) != last || string(e.path) <= last && last != "" {
			t.Fatalf("%q comes after %q, told %q", e.path, last, prev)
		}
		last = string(e.path)
		got[last] = e.entry()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if x.entriesEnd != len(x.buf)-20 {
		t.Fatalf("entries end at %d of %d", x.entriesEnd, len(x.buf))
	}
	return got
}

// TestPatchAnyIndex: whatever is set and taken away, the index then holds just
// that, in order, and go-git reads the same.
func TestPatchAnyIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("ab-./é")), 1, 9, -1)
		version := rapid.SampledFrom([]uint32{2, 3, 4}).Draw(t, "version")
		have := rapid.SliceOfNDistinct(name, 0, 30, rapid.ID[string]).Draw(t, "have")
		slices.Sort(have)
		x := makeIndex(t, version, have)
		want := list(t, x)
		if len(want) != len(have) {
			t.Fatalf("%d of %d entries", len(want), len(have))
		}
		var edits []indexEdit
		touched := rapid.SliceOfNDistinct(rapid.OneOf(name, rapid.SampledFrom(append(have, "a"))), 0, 12, rapid.ID[string]).Draw(t, "touched")
		slices.Sort(touched)
		for _, p := range touched {
			e := indexEdit{path: p}
			if rapid.Bool().Draw(t, "set") {
				e.entry = entry{modeExecutable, plumbing.Hash(sha1.Sum([]byte("new" + p)))}
				want[p] = e.entry
			} else {
				delete(want, p)
			}
			edits = append(edits, e)
		}
		out, count, err := x.patch(edits, nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x.checksum(out)...)
		got := list(t, reopen(t, out))
		if !maps.Equal(want, got) || int(count) != len(want) {
			t.Fatalf("%d entries: %v, want %v", count, got, want)
		}
		var theirs gitindex.Index
		if err := gitindex.NewDecoder(bytes.NewReader(out)).Decode(&theirs); err != nil {
			t.Fatal(err)
		}
		for _, e := range theirs.Entries {
			if want[e.Name].id != e.Hash {
				t.Fatalf("go-git reads %s otherwise", e.Name)
			}
		}
		if len(theirs.Entries) != len(want) {
			t.Fatalf("go-git reads %d of %d entries", len(theirs.Entries), len(want))
		}
	})
}

func FuzzIndex(f *testing.F) {
	for _, version := range []uint32{2, 3, 4} {
		x := &rawIndex{version: version}
		out, _, err := x.patch([]indexEdit{{path: "a/b", entry: entry{mode: modeFile}}, {path: "a/c", entry: entry{mode: modeFile}}}, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append(out, x.checksum(out)...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x := &rawIndex{buf: b}
		if x.header() != nil {
			return
		}
		if _, _, err := x.patch([]indexEdit{{path: "a/bc", entry: entry{mode: modeFile}}}, nil); err != nil {
			return
		}
		_ = x.extensions(func(name string, data []byte) error {
			if name == "TREE" {
				_, _ = newCacheTree(map[string][2]plumbing.Hash{"": {}}, nil).patch(data)
			}
			return nil
		})
	})
}

// TestUnhashedIndexStays: index.skipHash leaves zeros where the checksum goes.
func TestUnhashedIndexStays(t *testing.T) {
	b := newBox(t)
	r := b.open()
	b.record(r, "one", map[string]string{"a": "1"})
	raw, err := os.ReadFile(r.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	clear(raw[len(raw)-20:])
	if err := os.WriteFile(r.indexPath(), raw, 0o666); err != nil {
		t.Fatal(err)
	}
	b.record(r, "two", map[string]string{"a": "2", "b": "2"})
	raw, err = os.ReadFile(r.indexPath())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw[len(raw)-20:], make([]byte, 20)) {
		t.Error("a checksum was written")
	}
	if got := b.git("status", "--porcelain"); got != "" {
		t.Error(got)
	}
}

// TestRacyEntriesAreSeen: a file changed within the same stamp as the index,
// with the same size, must still show as changed after our index is newer.
func TestRacyEntriesAreSeen(t *testing.T) {
	b := newBox(t)
	b.write("other", "one")
	b.write("a", "1")
	b.git("add", "-A")
	b.git("commit", "-qm", "start")
	now := time.Now().Add(-time.Minute).Truncate(time.Second)
	stamp := func(p string) {
		if err := os.Chtimes(p, now, now); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(b.dir, "other")
	stamp(other)
	b.git("update-index", "--refresh")
	stamp(filepath.Join(b.dir, ".git/index"))
	b.git("config", "core.trustctime", "false") // as if it were the same tick
	b.write("other", "two")
	stamp(other)
	b.record(b.open(), "act", map[string]string{"a": "2"})
	b.clean(" M other")
}

// TestChangedRightAfter: the file is edited again while it is committed, to
// the same size within the same stamp. Git must show it.
func TestChangedRightAfter(t *testing.T) {
	for _, step := range []string{"index locked", "objects written", "prepared", "index written"} {
		b := newBox(t)
		r := b.open()
		b.record(r, "start", map[string]string{"a": "1"})
		b.git("config", "core.trustctime", "false")
		b.write("a", "2")
		p := filepath.Join(b.dir, "a")
		st, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		r.hook.at = func(s string) error {
			if s == step {
				b.write("a", "3")
				return os.Chtimes(p, st.ModTime(), st.ModTime())
			}
			return nil
		}
		if _, err := r.Record(b.Context(), b.act(r, "act", map[string]string{"a": "2"}), nil); err != nil {
			t.Fatal(err)
		}
		b.clean(" M a")
		if got := b.git("show", "HEAD:a"); got != "2" {
			t.Errorf("committed %q", got)
		}
	}
}

// TestStatusNeedNotLook: after an act git finds each entry up to date by its
// stat data alone.
func TestStatusNeedNotLook(t *testing.T) {
	b := newBox(t)
	r := b.open()
	for i := range 3 {
		p := fmt.Sprintf("d/f%d", i)
		b.write(p, "x")
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(b.dir, p), old, old); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Record(b.Context(), b.act(r, "act", map[string]string{p: "x"}), nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.git("diff-files", "--name-only"); got != "" {
		t.Errorf("git has to look at %q", got)
	}
	if got := b.git("ls-files", "--debug", "d/f0"); !strings.Contains(got, "size: 1") {
		t.Errorf("%s", got)
	}
}
