package store

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// memory is a history that holds what commit put there.
type memory struct {
	files   map[string]string
	settled []string
}

func (m *memory) Head(p string) ([]byte, error) {
	if text, ok := m.files[p]; ok {
		return []byte(text), nil
	}
	return nil, nil
}

func (m *memory) Holds(_ string, changes []Change) (bool, error) {
	for _, c := range changes {
		text, ok := m.files[c.Path]
		if ok != (c.New != nil) || text != string(c.New) {
			return false, nil
		}
	}
	return len(changes) > 0, nil
}

func (m *memory) Settle(paths []string) error { m.settled = paths; return nil }

func (m *memory) commit(changes []Change) {
	for _, c := range changes {
		if c.New == nil {
			delete(m.files, c.Path)
		} else {
			m.files[c.Path] = string(c.New)
		}
	}
}

var start = map[string]string{"a": "one\n", "d/b": "two\n", "d/gone": "three\n"}

// changed is an act with one of everything: a changed file, a new one in new
// folders, one removed, one only to stay as it is.
func changed() []Change {
	return []Change{
		{Path: "a", Old: []byte("one\n"), New: []byte("ONE\n")},
		{Path: "d/b", Old: []byte("two\n"), New: []byte("two\n")},
		{Path: "d/gone", Old: []byte("three\n")},
		{Path: "n/e/w", New: []byte{}},
	}
}

var after = map[string]string{"a": "ONE\n", "d/b": "two\n", "n/e/w": ""}

func box(t *testing.T, inside bool) (*Store, *memory) {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "record")
	private := filepath.Join(dir, "private")
	if inside {
		private = filepath.Join(root, ".git", "sendctl")
	}
	m := &memory{files: map[string]string{}}
	for name, text := range start {
		p := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o777), os.WriteFile(p, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
		m.files[name] = text
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(root, "empty", "folder"), 0o777), os.MkdirAll(private, 0o700)); err != nil {
		t.Fatal(err)
	}
	s, err := Open(root, private)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, m
}

// listed gives every file with its bytes, of the record and of what lies beside it.
func listed(t *testing.T, s *Store) (record map[string]string, private []string) {
	t.Helper()
	record = map[string]string{}
	err := filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			return fs.SkipDir
		}
		if !d.IsDir() {
			b, err := os.ReadFile(p)
			rel, _ := filepath.Rel(s.dir, p)
			record[filepath.ToSlash(rel)] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(s.private)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		private = append(private, e.Name())
	}
	if _, err := os.Stat(filepath.Join(s.dir, "empty", "folder")); err != nil {
		t.Error("an empty folder that was there is gone")
	}
	if _, made := record["n/e/w"]; !made {
		if _, err := os.Stat(filepath.Join(s.dir, "n")); err == nil {
			t.Error("a folder that the act made is left")
		}
	}
	return record, private
}

// stepsOf runs an act that goes through and gives the names of its steps.
func stepsOf(t *testing.T) []string {
	s, m := box(t, true)
	var steps []string
	s.step = func(name string) error { steps = append(steps, name); return nil }
	if err := s.Apply("act", "", changed(), func() error { m.commit(changed()); return nil }); err != nil {
		t.Fatal(err)
	}
	record, private := listed(t, s)
	if diff := cmp.Diff(after, record); diff != "" || len(private) > 0 {
		t.Errorf("%s, %v", diff, private)
	}
	if len(steps) < 7 {
		t.Fatalf("steps: %v", steps)
	}
	return steps
}

type crash struct{}

// TestCrashAtEachStep leaves Apply where it is, at each of its steps, as a killed
// process does, and recovers: by a recovery that is itself left half-way, and a whole one.
func TestCrashAtEachStep(t *testing.T) {
	for _, inside := range []bool{true, false} {
		for _, at := range append(stepsOf(t), "in commit, before", "in commit, after") {
			s, m := box(t, inside)
			func() {
				defer func() {
					if r := recover(); r != nil && r != (crash{}) {
						panic(r)
					}
				}()
				s.step = func(name string) error {
					if name == at {
						panic(crash{})
					}
					return nil
				}
				_ = s.Apply("act", "", changed(), func() error {
					if at == "in commit, before" {
						panic(crash{})
					}
					m.commit(changed())
					if at == "in commit, after" {
						panic(crash{})
					}
					return nil
				})
				t.Errorf("%s: not reached", at)
			}()
			s.step = nil
			broken := errors.New("stop")
			if _, err := s.Recover(failing{m, broken}); err != nil && !errors.Is(err, broken) {
				t.Errorf("%s: %v", at, err)
			}
			got, err := s.Recover(m)
			if err != nil {
				t.Errorf("%s: %v", at, err)
			}
			whole := at == "committed" || at == "in commit, after"
			want := start
			if whole {
				want = after
			}
			record, private := listed(t, s)
			if diff := cmp.Diff(want, record); diff != "" || len(private) > 0 || s.Pending() {
				t.Errorf("%s: %s, %v", at, diff, private)
			}
			if at != "start" && (got == nil || got.Kept != whole || got.Act != "act" || len(got.Left) > 0) {
				t.Errorf("%s: recovered %+v", at, got)
			}
			if again, err := s.Recover(m); again != nil || err != nil {
				t.Errorf("%s: again %+v, %v", at, again, err)
			}
		}
	}
}

// failing is a history that cannot be settled.
type failing struct {
	*memory
	err error
}

func (f failing) Settle([]string) error { return f.err }

// TestFailureAtEachStep has each step fail: all is as before, at once, but after the
// commit, when the act stands and only the clearing up is left to the next.
func TestFailureAtEachStep(t *testing.T) {
	stop := errors.New("stop")
	for _, at := range append(stepsOf(t), "commit") {
		s, m := box(t, true)
		s.step = func(name string) error {
			if name == at {
				return stop
			}
			return nil
		}
		err := s.Apply("act", "", changed(), func() error {
			if at == "commit" {
				return stop
			}
			m.commit(changed())
			return nil
		})
		want := start
		if at == "committed" {
			want = after
			if err != nil {
				t.Errorf("%s: an act that stands is called failed: %v", at, err)
			}
			if got, err := s.Recover(m); err != nil || got == nil || !got.Kept {
				t.Errorf("%s: %+v, %v", at, got, err)
			}
		} else if !errors.Is(err, stop) {
			t.Errorf("%s: %v", at, err)
		}
		record, private := listed(t, s)
		if diff := cmp.Diff(want, record); diff != "" || len(private) > 0 {
			t.Errorf("%s: %s, %v", at, diff, private)
		}
	}
}

// Somebody saves a file between the check and the writing, or while git commits.
func TestSavedMeanwhile(t *testing.T) {
	for _, at := range []string{"start", "written", "replaced 0"} {
		s, _ := box(t, true)
		p, text := "a", "mine\n"
		if at == "replaced 0" {
			p = "d/gone"
		}
		s.step = func(name string) error {
			if name == at {
				return os.WriteFile(filepath.Join(s.dir, filepath.FromSlash(p)), []byte(text), 0o666)
			}
			return nil
		}
		err := s.Apply("act", "", changed(), func() error { t.Errorf("%s: committed", at); return nil })
		var moved *MovedError
		if !errors.As(err, &moved) || moved.Path != p {
			t.Errorf("%s: %v", at, err)
		}
		want := map[string]string{"a": "one\n", "d/b": "two\n", "d/gone": "three\n"}
		want[p] = text
		record, private := listed(t, s)
		if diff := cmp.Diff(want, record); diff != "" || len(private) > 0 {
			t.Errorf("%s: %s, %v", at, diff, private)
		}
	}

	s, _ := box(t, true)
	stop := errors.New("stop")
	err := s.Apply("act", "", changed(), func() error {
		return errors.Join(stop, os.WriteFile(filepath.Join(s.dir, "a"), []byte("mine\n"), 0o666))
	})
	record, private := listed(t, s)
	if !errors.Is(err, stop) || !strings.Contains(err.Error(), "a was changed meanwhile") || record["a"] != "mine\n" || record["d/gone"] != "three\n" {
		t.Errorf("%v, %v", err, record)
	}
	if len(private) != 1 || !strings.HasPrefix(private[0], "cut-off-") {
		t.Errorf("what the act wrote is not kept: %v", private)
	}
}

// A link where the half-written file goes leads nobody elsewhere.
func TestLinkInTheWay(t *testing.T) {
	s, _ := box(t, true)
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("untouched"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{outside, "d/b"} {
		_ = os.Remove(filepath.Join(s.dir, ".sendctl-a.tmp"))
		if err := os.Symlink(to, filepath.Join(s.dir, ".sendctl-a.tmp")); err != nil {
			t.Skip("no links here:", err)
		}
		now, _ := s.read("a")
		if err := s.Apply("act", "", []Change{{Path: "a", Old: now, New: append(now, 'x')}}, func() error { return nil }); err != nil {
			t.Error(err)
		}
	}
	b, _ := os.ReadFile(outside)
	if two, _ := s.read("d/b"); string(b) != "untouched" || string(two) != "two\n" {
		t.Errorf("%q %q", b, two)
	}
	if err := s.Apply("act", "", []Change{{Path: "../x", New: []byte("x")}}, func() error { return nil }); err == nil {
		t.Error("a path out of the folder is written")
	}
}

// The journal holds every byte of an act, be it empty, missing or no text at all.
func TestJournalKeepsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.OneOf(rapid.Just([]byte(nil)), rapid.Just([]byte{}), rapid.SliceOf(rapid.Byte()))
		in := journal{Format: JournalFormat, Changes: []Change{{Path: "x", Old: some.Draw(t, "old"), New: some.Draw(t, "new")}}}
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out journal
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		if !same(in.Changes[0].Old, out.Changes[0].Old) || !same(in.Changes[0].New, out.Changes[0].New) {
			t.Fatalf("%#v became %#v", in, out)
		}
	})
}

func TestLock(t *testing.T) {
	s, _ := box(t, true)
	release, err := s.Lock(context.Background(), "review", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Lock(context.Background(), "note", 0, nil)
	var held *HeldError
	if !errors.As(err, &held) || !strings.Contains(held.Error(), "sendctl review") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Lock(ctx, "note", time.Hour, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	release()
	if release, err = s.Lock(context.Background(), "note", 0, nil); err != nil {
		t.Fatal(err)
	}
	release()

	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			release, err := s.Lock(context.Background(), "note", time.Minute, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			inside.Add(-1)
			release()
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestDrafts(t *testing.T) {
	s, _ := box(t, true)
	if _, ok, err := s.Draft("review-x"); ok || err != nil {
		t.Errorf("%t, %v", ok, err)
	}
	for _, text := range []string{"one", "two"} {
		if err := s.KeepDraft("review-x", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(s.private, "drafts", ".review-x.json123")
	if err := os.WriteFile(half, []byte("t"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, ok, err := s.Draft("review-x")
	if !ok || err != nil || string(d.Data) != "two" || d.At.IsZero() {
		t.Errorf("%+v, %t, %v", d, ok, err)
	}
	if diff := cmp.Diff([]string{"review-x"}, s.Drafts()); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(s.private, "drafts", "review-x.json"))
	if err != nil || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	for range 2 {
		if err := s.DropDraft("review-x"); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(half); err == nil || len(s.Drafts()) > 0 {
		t.Error("something of the draft is left")
	}
}
