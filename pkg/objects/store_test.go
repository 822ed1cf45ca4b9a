package objects

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func openStore(t testing.TB, common string) *Store {
	t.Helper()
	s, err := Open(common)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// agree demands that s reads every object as git does.
func agree(t *testing.T, s *Store, r *gitRepo) {
	t.Helper()
	list := r.all()
	if len(list) == 0 {
		t.Fatal("git knows no object")
	}
	for _, o := range list {
		kind, data, err := s.Verified(o.id)
		if err != nil {
			t.Fatalf("%s: %v", o.id, err)
		}
		if kind != o.kind || !bytes.Equal(data, o.data) {
			t.Fatalf("%s: %s of %d bytes, git has a %s of %d", o.id, kind, len(data), o.kind, len(o.data))
		}
		kind, size, err := s.Stat(o.id)
		if err != nil || kind != o.kind || size != int64(len(o.data)) {
			t.Fatalf("stat %s: %s %d %v", o.id, kind, size, err)
		}
	}
	s.cache.clear()
	for _, o := range list {
		if kind, size, err := s.Stat(o.id); err != nil || kind != o.kind || size != int64(len(o.data)) {
			t.Fatalf("cold stat %s: %s %d %v", o.id, kind, size, err)
		}
	}
}

func TestStoreReadsWhatGitReads(t *testing.T) {
	cases := map[string]func(r *gitRepo){
		"one pack":    func(r *gitRepo) { r.grow(0, 60) },
		"loose":       func(r *gitRepo) { r.grow(0, 20); r.loosen() },
		"deep deltas": func(r *gitRepo) { r.grow(0, 200); r.git("repack", "-adfq", "--depth=150", "--window=60") },
		"ref deltas": func(r *gitRepo) {
			r.grow(0, 80)
			r.git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50")
		},
		"index version 1": func(r *gitRepo) {
			r.grow(0, 30)
			r.git("-c", "pack.indexVersion=1", "repack", "-adfq")
		},
		"two packs and loose": func(r *gitRepo) {
			r.grow(0, 30)
			r.grow(30, 30)
			r.feed("loose", "hash-object", "-w", "--stdin")
			r.git("tag", "-a", "v1", "-m", "a tag")
		},
		"multi-pack index": func(r *gitRepo) {
			r.grow(0, 30)
			r.grow(30, 30)
			r.git("multi-pack-index", "write")
		},
		"far offsets": func(r *gitRepo) {
			r.grow(0, 10)
			packs, _ := filepath.Glob(filepath.Join(r.common(), "objects/pack/*.pack"))
			r.git("index-pack", "--index-version=2,0x40", "-o", strings.TrimSuffix(packs[0], "pack")+"idx", packs[0])
		},
		"sizes and compressions": func(r *gitRepo) {
			for _, size := range []int{0, 1, 100, 70_000, 1 << 20} {
				r.feed(strings.Repeat("x", size), "hash-object", "-w", "--stdin")
				noise := make([]byte, size)
				for i, x := 0, uint32(size+1); i < size; i++ {
					x = x*1664525 + 1013904223
					noise[i] = byte(x >> 24)
				}
				for _, level := range []string{"0", "1", "9"} {
					r.feed(string(noise)+level, "-c", "core.compression="+level, "hash-object", "-w", "--stdin")
				}
			}
		},
	}
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			r := newGitRepo(t)
			make(r)
			agree(t, openStore(t, r.common()), r)
		})
		// The same where files can't be mapped.
		t.Run(name+", not mapped", func(t *testing.T) {
			r := newGitRepo(t)
			make(r)
			s := openStore(t, r.common())
			list, err := s.loaded()
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				unmap(t, p.idx)
				if _, err := p.open(); err != nil {
					t.Fatal(err)
				}
				unmap(t, p.body)
			}
			agree(t, s, r)
		})
	}
}

func unmap(t *testing.T, r *region) {
	t.Helper()
	if r.data != nil {
		if err := unmapFile(r.data); err != nil {
			t.Fatal(err)
		}
	}
	r.data = nil
	if r.file == nil {
		f, err := os.Open(r.path)
		if err != nil {
			t.Fatal(err)
		}
		r.file = f
	}
}

func TestStoreFollowsAlternates(t *testing.T) {
	a := newGitRepo(t)
	a.grow(0, 20)
	b := newGitRepo(t)
	b.git("commit", "-q", "--allow-empty", "-m", "only in b")
	rel, err := filepath.Rel(filepath.Join(b.common(), "objects"), filepath.Join(a.common(), "objects"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(r *gitRepo, lines string) {
		if err := os.WriteFile(filepath.Join(r.common(), "objects/info/alternates"), []byte(lines), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(b, "# comment\n"+rel+"\n/nowhere/at/all\n")
	c := newGitRepo(t)
	write(c, filepath.Join(b.common(), "objects")+"\n")
	agree(t, openStore(t, c.common()), c)
	write(a, filepath.Join(c.common(), "objects")+"\n") // a ring must end
	openStore(t, c.common())
}

func TestStoreSeesARepackBesideIt(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 20)
	r.loosen()
	s := openStore(t, r.common())
	list := r.all()
	if _, _, err := s.Object(list[0].id); err != nil {
		t.Fatal(err)
	}
	r.git("repack", "-adq")
	agree(t, s, r)
	r.grow(20, 20)
	r.git("repack", "-adq")
	agree(t, s, r)
}

func TestStoreMissing(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 5)
	s := openStore(t, r.common())
	id := ID{1, 2, 3}
	_, _, err := s.Object(id)
	var missing *MissingError
	if !errors.As(err, &missing) || missing.ID != id {
		t.Fatalf("got %v", err)
	}
	if ok, err := s.Has(id); ok || err != nil {
		t.Fatalf("has: %v %v", ok, err)
	}
	if ok, err := s.Has(r.all()[0].id); !ok || err != nil {
		t.Fatalf("has: %v %v", ok, err)
	}
	if _, err := s.Of(Tag, r.all()[0].id); !errors.As(err, new(*KindError)) {
		t.Fatalf("of another kind: %v", err)
	}
}

func TestStoreRefusesTooLarge(t *testing.T) {
	r := newGitRepo(t)
	loose, err := ParseID(strings.TrimSpace(r.feed(strings.Repeat("y", 5000), "hash-object", "-w", "--stdin")))
	if err != nil {
		t.Fatal(err)
	}
	for _, packed := range []bool{false, true} {
		if packed {
			r.feed(loose.String(), "pack-objects", "-q", filepath.Join(r.common(), "objects/pack/pack"))
			r.git("prune-packed", "-q")
		}
		s := openStore(t, r.common())
		s.Limit = 4999
		if _, _, err := s.Object(loose); !errors.As(err, new(*TooLargeError)) {
			t.Fatalf("packed %v: %v", packed, err)
		}
		s.Limit = 5000
		if _, _, err := s.Object(loose); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPrefix(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 60)
	r.feed("loose", "hash-object", "-w", "--stdin")
	s := openStore(t, r.common())
	list := r.all()
	for _, o := range list {
		for _, n := range []int{4, 5, 6, 40} {
			prefix := o.id.String()[:n]
			want := 0
			for _, other := range list {
				if strings.HasPrefix(other.id.String(), prefix) {
					want++
				}
			}
			got, err := s.Prefix(prefix)
			if err != nil || len(got) != want {
				t.Fatalf("%s: %d ids, want %d: %v", prefix, len(got), want, err)
			}
		}
	}
	for _, bad := range []string{"", "abc", "abcg", strings.Repeat("a", 41)} {
		if _, err := s.Prefix(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// damaged gives the files of a small repository with one pack.
func packFiles(t testing.TB) (r *gitRepo, list []object, idx, body string) {
	r = newGitRepo(t)
	r.grow(0, 12)
	r.git("repack", "-adfq", "--depth=20")
	packs, err := filepath.Glob(filepath.Join(r.common(), "objects/pack/*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	for _, f := range []string{packs[0], strings.TrimSuffix(packs[0], "pack") + "idx"} {
		if err := os.Chmod(f, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return r, r.all(), strings.TrimSuffix(packs[0], "pack") + "idx", packs[0]
}

// FuzzDamagedPack: whatever the bytes, no panic, and Verified never gives another object.
func FuzzDamagedPack(f *testing.F) {
	_, list, idx, body := packFiles(f)
	raw := map[string][]byte{}
	for _, name := range []string{idx, body} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		raw[name] = b
	}
	for at := range 40 {
		f.Add(at%2 == 0, uint16(at*97), uint32(1)<<(at%32), uint16(0))
	}
	f.Add(true, uint16(0), uint32(0), uint16(50))
	f.Add(false, uint16(8+4*255), uint32(0xffffffff), uint16(0))
	f.Add(false, uint16(8+4*255), uint32(0), uint16(1000))
	f.Fuzz(func(t *testing.T, inPack bool, at uint16, xor uint32, cut uint16) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "objects/pack"), 0o777); err != nil {
			t.Fatal(err)
		}
		for name, b := range raw {
			b = bytes.Clone(b)
			if inPack == strings.HasSuffix(name, ".pack") {
				for i := range 4 {
					b[(int(at)+i)%len(b)] ^= byte(xor >> (8 * i))
				}
				b = b[:len(b)-int(cut)%len(b)]
			}
			if err := os.WriteFile(filepath.Join(dir, "objects/pack", filepath.Base(name)), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		s := openStore(t, dir)
		s.Limit = 1 << 20
		for _, o := range list {
			kind, data, err := s.Verified(o.id)
			if err == nil && (kind != o.kind || !bytes.Equal(data, o.data)) {
				t.Fatalf("%s read as something else", o.id)
			}
			s.Stat(o.id)
		}
	})
}

func TestDamagedLooseObjects(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 2)
	r.loosen()
	list := r.all()
	s := openStore(t, r.common())
	for _, o := range list {
		path := loosePath(filepath.Join(r.common(), "objects"), o.id)
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(good); at += 3 {
			bad := bytes.Clone(good)
			bad[at] ^= 0x11
			for _, b := range [][]byte{bad, good[:at], append(bytes.Clone(good), 'x')} {
				if err := os.WriteFile(path, b, 0o666); err != nil {
					t.Fatal(err)
				}
				if _, _, err := s.Verified(o.id); !errors.As(err, new(*DamagedError)) {
					t.Fatalf("byte %d of %d: %v", at, len(good), err)
				}
			}
		}
		if err := os.WriteFile(path, good, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStoreByManyAtOnce(t *testing.T) {
	r := newGitRepo(t)
	r.grow(0, 40)
	r.git("repack", "-adfq", "--depth=30")
	list := r.all()
	s := openStore(t, r.common())
	s.Verify = true
	s.cache.limit = 20_000 // so that things go while others look
	faults := make(chan error, 4)
	for k := range 4 {
		go func() {
			for i := range list {
				o := list[(i*7+k*31)%len(list)]
				if _, data, err := s.Object(o.id); err != nil || !bytes.Equal(data, o.data) {
					faults <- fmt.Errorf("%s: %w", o.id, err)
					return
				}
				s.Stat(o.id)
			}
			faults <- nil
		}()
	}
	for range 4 {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
}

// A good copy elsewhere is read where one is damaged, and a wrong one is known by its hash.
func TestStoreTakesTheGoodCopy(t *testing.T) {
	r, list, _, body := packFiles(t)
	good, err := os.ReadFile(body)
	if err != nil {
		t.Fatal(err)
	}
	r.loosen()
	bad := bytes.Clone(good)
	for i := 12; i < len(bad)-20; i += 5 {
		bad[i] ^= 0xff
	}
	if err := os.WriteFile(body, bad, 0o666); err != nil {
		t.Fatal(err)
	}
	r2 := newGitRepo(t)
	r2.grow(0, 12)
	r2.git("repack", "-adfq", "--depth=20")
	idx, err := filepath.Glob(filepath.Join(r2.common(), "objects/pack/*.idx"))
	if err != nil || len(idx) != 1 {
		t.Fatal(idx, err)
	}
	raw, err := os.ReadFile(idx[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(strings.TrimSuffix(body, "pack")+"idx", raw, 0o666); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, r.common())
	for _, o := range list {
		if _, data, err := s.Verified(o.id); err != nil || !bytes.Equal(data, o.data) {
			t.Fatal(err)
		}
	}
	one, other := list[0], list[1]
	raw, err = os.ReadFile(loosePath(filepath.Join(r.common(), "objects"), one.id))
	if err != nil {
		t.Fatal(err)
	}
	swapped := loosePath(filepath.Join(r.common(), "objects"), other.id)
	if err := errors.Join(os.Remove(swapped), os.WriteFile(swapped, raw, 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Verified(other.id); !errors.As(err, new(*DamagedError)) {
		t.Errorf("another object under its name: %v", err)
	}
}
