package linter

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
)

// settle lets the clock of the disk tick, so that what was written so far counts as
// settled.
func settle() { time.Sleep(25 * time.Millisecond) }

func cacheable(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("nothing is kept on this system")
	}
}

// same holds a run with a cache against one without.
func same(t interface {
	Helper()
	Fatalf(string, ...any)
	Errorf(string, ...any)
}, tb *testing.T, dir string, o Options) Result {
	t.Helper()
	kept, errKept := run(tb, dir, o)
	o.Cache = nil
	fresh, errFresh := run(tb, dir, o)
	if fmt.Sprint(errKept) != fmt.Sprint(errFresh) {
		t.Fatalf("with a cache: %v; without: %v", errKept, errFresh)
	}
	n := kept.Kept
	kept.Kept, fresh.Kept = 0, 0
	if diff := cmp.Diff(fresh, kept); diff != "" {
		t.Errorf("the cache says otherwise (-fresh +kept):\n%s", diff)
	}
	kept.Kept = n
	return kept
}

func TestSecondRunKeepsEverything(t *testing.T) {
	cacheable(t)
	dir := school(t)
	settle()
	o := Options{Day: schoolDay, List: true, Cache: &Cache{Root: dir, Dir: filepath.Join(t.TempDir(), "private"), Build: "x"}}
	if r := same(t, t, dir, o); r.Kept != 0 {
		t.Errorf("the first run kept %d of nothing", r.Kept)
	}
	r := same(t, t, dir, o)
	if r.Kept != r.Learners || r.Learners == 0 {
		t.Errorf("%d of %d learners were kept", r.Kept, r.Learners)
	}
	// One that changes is read again, and the others are not.
	edit(t, filepath.Join(dir, "learners", firstLearner(t, dir), "learner.yaml"), "stage: ", "stage:  ")
	if r := same(t, t, dir, o); r.Kept != r.Learners-1 {
		t.Errorf("%d of %d learners were kept", r.Kept, r.Learners)
	}
	settle()
	same(t, t, dir, o)
	if r := same(t, t, dir, o); r.Kept != r.Learners {
		t.Errorf("%d of %d learners were kept", r.Kept, r.Learners)
	}
	// Another program, and another setting, judge everything.
	other := o
	other.Cache = &Cache{Root: dir, Dir: o.Cache.Dir, Build: "y"}
	if r := same(t, t, dir, other); r.Kept != 0 {
		t.Errorf("%d verdicts of another program were taken over", r.Kept)
	}
	edit(t, filepath.Join(dir, "people.yaml"), "name: ", "name:  ")
	if r := same(t, t, dir, other); r.Kept != 0 {
		t.Errorf("%d verdicts by other people.yaml were taken over", r.Kept)
	}
	entries, err := os.ReadDir(o.Cache.Dir)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("%v lie about", entries)
	}
	if info, _ := entries[0].Info(); info.Mode().Perm() != 0o600 {
		t.Errorf("the cache may be read by others: %v", info.Mode())
	}
}

// What was changed in the very moment it was judged is judged again, however little of
// that shows.
func TestRacilyClean(t *testing.T) {
	cacheable(t)
	dir := school(t)
	o := Options{Day: schoolDay, Cache: &Cache{Root: dir, Dir: t.TempDir(), Build: "x"}}
	name := filepath.Join(dir, "learners", firstLearner(t, dir), "learner.yaml")
	info, err := os.Stat(name)
	must(t, err)
	for i := range 40 {
		b, err := os.ReadFile(name)
		must(t, err)
		if i%2 == 0 {
			b = bytes.Replace(b, []byte("learner/v1"), []byte("learnerrv1"), 1)
		} else {
			b = bytes.Replace(b, []byte("learnerrv1"), []byte("learner/v1"), 1)
		}
		must(t, os.WriteFile(name, b, 0o666))
		must(t, os.Chtimes(name, info.ModTime(), info.ModTime()))
		same(t, t, dir, o)
	}
}

// Nothing that lies where the cache should is trusted unless it is whole.
func TestOddCaches(t *testing.T) {
	cacheable(t)
	dir := school(t)
	settle()
	private := t.TempDir()
	o := Options{Day: schoolDay, Cache: &Cache{Root: dir, Dir: private, Build: "x"}}
	name := filepath.Join(private, cacheName)
	_, err := run(t, dir, o)
	must(t, err)
	whole, err := os.ReadFile(name)
	must(t, err)
	for _, odd := range [][]byte{nil, []byte("x"), whole[:len(whole)/2], whole[:len(whole)-1], append(slices.Clone(whole), 0), bytes.Replace(whole, []byte("verdicts/2"), []byte("verdicts/1"), 1)} {
		must(t, os.WriteFile(name, odd, 0o600))
		if r := same(t, t, dir, o); r.Kept != 0 {
			t.Errorf("%d verdicts were taken out of a torn cache of %d bytes", r.Kept, len(odd))
		}
	}
	for i := 0; i < len(whole); i += len(whole) / 50 {
		odd := slices.Clone(whole)
		odd[i] ^= 0x41
		must(t, os.WriteFile(name, odd, 0o600))
		if r := same(t, t, dir, o); r.Kept != 0 {
			t.Errorf("a bit is wrong at %d, and %d verdicts were taken", i, r.Kept)
		}
	}
	must(t, os.Remove(name))
	must(t, os.Mkdir(name, 0o700)) // cannot be written either
	same(t, t, dir, o)
	must(t, os.Remove(name))
	must(t, os.Symlink(filepath.Join(dir, "sendctl.yaml"), name))
	same(t, t, dir, o)
	if b, err := os.ReadFile(filepath.Join(dir, "sendctl.yaml")); err != nil || bytes.HasPrefix(b, []byte(cacheMagic)) {
		t.Error("a link was written through")
	}
	file := filepath.Join(private, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, nowhere := range []string{file, filepath.Join(file, "x")} {
		o.Cache = &Cache{Root: dir, Dir: nowhere, Build: "x"}
		same(t, t, dir, o)
	}
}

func FuzzDecode(f *testing.F) {
	judges := [32]byte{1}
	head := len(cacheMagic) + len(judges) + crc32.Size
	f.Add(encode(judges, []*kept{{id: "bk7m2xqt", day: numberOf(date.MustParse("2026-01-02")), paths: packPaths("learners/bk7m2xqt", []string{"", "learner.yaml"}, []string{"learners/bk7m2xqt/learner.yaml"}), fileCount: 1, verdict: "\x00\x00"}})[head:])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, body []byte) {
		// With a sum that fits, as if the body had been written by us.
		b := append([]byte(cacheMagic), judges[:]...)
		b = append(binary.BigEndian.AppendUint32(b, crc32.Checksum(body, castagnoli())), body...)
		for _, k := range decode(bytes.NewReader(b), int64(len(b)), judges) {
			for name := range eachPath(k.paths) {
				_ = name
			}
		}
	})
}

// What is written is read again, to the last byte.
func TestEncodeDecode(t *testing.T) {
	judges := [32]byte{1}
	text := rapid.StringN(0, 40, -1)
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(text, 0, 9, rapid.ID[string]).Draw(t, "ids")
		slices.Sort(ids)
		want := make([]kept, len(ids))
		var all []*kept
		for i, id := range ids {
			want[i] = kept{id: id, day: dayNumber(rapid.Uint64().Draw(t, "day")), until: dayNumber(rapid.Uint64().Draw(t, "until")), sum: [16]byte{byte(i)},
				paths: packPaths("learners/x", []string{"", text.Draw(t, "name")}, nil), fileCount: rapid.IntRange(0, 999).Draw(t, "files"), verdict: text.Draw(t, "verdict")}
			all = append(all, &want[i])
		}
		b := encode(judges, all)
		if diff := cmp.Diff(want, decode(bytes.NewReader(b), int64(len(b)), judges), cmp.AllowUnexported(kept{})); diff != "" {
			t.Fatal(diff)
		}
		for i := range b {
			odd := slices.Clone(b)
			odd[i] ^= 1
			if decode(bytes.NewReader(odd), int64(len(odd)), judges) != nil {
				t.Fatalf("byte %d of %d is another, and that does not show", i, len(b))
			}
		}
	})
}

// Several at once leave a cache that one of them wrote, and all say the same.
func TestRunsAtOnce(t *testing.T) {
	cacheable(t)
	dir := school(t)
	settle()
	o := Options{Day: schoolDay, Workers: 2, Cache: &Cache{Root: dir, Dir: t.TempDir(), Build: "x"}}
	want, err := run(t, dir, Options{Day: schoolDay})
	must(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 3 {
				got, err := run(t, dir, o)
				got.Kept = 0
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("%v\n%s", err, diff)
				}
			}
		})
	}
	wg.Wait()
	if r := same(t, t, dir, o); r.Kept != r.Learners {
		t.Errorf("%d of %d learners were kept", r.Kept, r.Learners)
	}
}

// Whatever happens to a folder between two runs, the second says what it would have said
// without the first.
func TestKeptIsFresh(t *testing.T) {
	cacheable(t)
	small := school(t)
	entries, err := os.ReadDir(filepath.Join(small, "learners"))
	must(t, err)
	for _, e := range entries { // two records are enough to tell them apart
		if files, _ := filepath.Glob(filepath.Join(small, "learners", e.Name(), "*", "*")); len(files) > 30 {
			must(t, os.RemoveAll(filepath.Join(small, "learners", e.Name())))
		}
	}
	most := 0
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "school")
		must(t, err)
		must(t, os.CopyFS(dir, os.DirFS(small)))
		w := world{t: t, dir: dir, outside: t.TempDir()}
		o := Options{Day: schoolDay, List: true, Cache: &Cache{Root: dir, Dir: t.TempDir(), Build: "x"}}
		steps := rapid.IntRange(1, 3).Draw(rt, "steps")
		for range steps {
			if rapid.Bool().Draw(rt, "settled") {
				settle()
			}
			most = max(most, same(rt, t, dir, o).Kept)
			for range rapid.IntRange(0, 3).Draw(rt, "changes") {
				w.change(rt)
			}
			switch rapid.SampledFrom([]string{"day", "build", "same", "same"}).Draw(rt, "judges") {
			case "day":
				o.Day = schoolDay.AddDays(rapid.SampledFrom([]int{-400, -30, -1, 0, 1, 7, 29, 200, 900}).Draw(rt, "day"))
			case "build":
				o.Cache.Build = rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "build")
			}
		}
		most = max(most, same(rt, t, dir, o).Kept)
		must(t, os.RemoveAll(dir))
	})
	if most == 0 {
		t.Error("nothing was ever kept, so nothing was tried")
	}
}

// world is a record folder that things happen to.
type world struct {
	t            *testing.T
	dir, outside string
}

// pick gives a file below a folder, "" where there is none.
func (w world) pick(rt *rapid.T, below, ending string) string {
	var all []string
	_ = filepath.WalkDir(filepath.Join(w.dir, below), func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(p, ending) {
			all = append(all, p)
		}
		return nil
	})
	if len(all) == 0 {
		return ""
	}
	return rapid.SampledFrom(all).Draw(rt, "file")
}

func (w world) change(rt *rapid.T) {
	what := rapid.SampledFrom([]string{"append", "same-size", "line", "delete", "rename", "add", "attach", "chmod", "link", "link-folder", "replace", "swap", "folder", "setting", "people", "waive", "seal", "touch"}).Draw(rt, "what")
	p := w.pick(rt, "learners", "")
	if p == "" {
		return
	}
	info, err := os.Stat(p)
	must(w.t, err)
	b, err := os.ReadFile(p)
	must(w.t, err)
	write := func(p string, b []byte) { must(w.t, os.WriteFile(p, b, 0o666)) }
	spoil := func(b []byte) []byte { // one figure or letter becomes another
		b = slices.Clone(b)
		var at []int
		for i, c := range b {
			if c >= '0' && c <= '8' || c >= 'a' && c <= 'y' {
				at = append(at, i)
			}
		}
		if len(at) > 0 {
			b[rapid.SampledFrom(at).Draw(rt, "at")]++
		}
		return b
	}
	switch what {
	case "append":
		write(p, append(b, "# x\n"...))
	case "same-size":
		write(p, spoil(b))
		must(w.t, os.Chtimes(p, info.ModTime(), info.ModTime()))
	case "replace": // as an editor does, with the time of the old one
		write(p+".new", spoil(b))
		must(w.t, os.Chtimes(p+".new", info.ModTime(), info.ModTime()))
		must(w.t, os.Rename(p+".new", p))
	case "line":
		lines := bytes.SplitAfter(b, []byte("\n"))
		i := rapid.IntRange(0, len(lines)-1).Draw(rt, "line")
		write(p, bytes.Join(slices.Delete(lines, i, i+1), nil))
	case "delete":
		must(w.t, os.Remove(p))
	case "rename":
		must(w.t, os.Rename(p, strings.TrimSuffix(p, ".yaml")+rapid.SampledFrom([]string{"x.yaml", ".yml", "z"}).Draw(rt, "ending")))
	case "add":
		write(filepath.Join(filepath.Dir(p), rapid.SampledFrom([]string{"2026-01-02-x-zzzz.yaml", "note.txt", ".hidden"}).Draw(rt, "name")), b)
	case "attach":
		at := filepath.Join(filepath.Dir(p), "attachments", "deep")
		must(w.t, os.MkdirAll(at, 0o777))
		write(filepath.Join(at, "report.pdf"), b)
	case "chmod":
		must(w.t, os.Chmod(p, rapid.SampledFrom([]fs.FileMode{0o600, 0o644, 0o755}).Draw(rt, "mode")))
	case "link":
		to := filepath.Join(w.outside, "copy")
		write(to, b)
		must(w.t, os.Remove(p))
		must(w.t, os.Symlink(to, p))
	case "link-folder":
		to := filepath.Join(w.outside, fmt.Sprint(time.Now().UnixNano()))
		dir := filepath.Dir(p)
		must(w.t, os.Rename(dir, to))
		must(w.t, os.Symlink(to, dir))
	case "swap":
		q := w.pick(rt, "learners", path.Base(filepath.ToSlash(p)))
		if q != "" && q != p {
			must(w.t, os.Rename(p, p+".new"))
			must(w.t, os.Rename(q, p))
			must(w.t, os.Rename(p+".new", q))
		}
	case "folder":
		rel, err := filepath.Rel(w.dir, p)
		must(w.t, err)
		from := filepath.Join(w.dir, "learners", strings.Split(filepath.ToSlash(rel), "/")[1])
		if to := filepath.Join(w.dir, "learners", rapid.SampledFrom([]string{"bk7m2xqt", "cm3x8rtq", "Lost"}).Draw(rt, "to")); from != to {
			_ = os.Rename(from, to)
		}
	case "setting":
		p := filepath.Join(w.dir, "sendctl.yaml")
		b, err := os.ReadFile(p)
		must(w.t, err)
		if !bytes.Contains(b, []byte("\nlimits:")) {
			b = append(b, "limits:\n  - {id: review-weeks, value: 1}\n"...)
		}
		write(p, spoil(b))
	case "people":
		p := filepath.Join(w.dir, "people.yaml")
		b, err := os.ReadFile(p)
		must(w.t, err)
		write(p, spoil(b))
	case "waive":
		if p := w.pick(rt, "learners", "learner.yaml"); p != "" {
			b, err := os.ReadFile(p)
			must(w.t, err)
			rule := rapid.SampledFrom([]string{"parents-told-late", "review-overdue", "strengths-missing", "upn-unique", "no-such-rule"}).Draw(rt, "rule")
			until := rapid.SampledFrom([]string{"2026-11-22", "2026-11-25", "2027-03-01"}).Draw(rt, "until")
			write(p, fmt.Appendf(b, "waivers:\n  - {rule: %s, because: agreed, by: eyre, from: 2026-11-01, until: %s}\n", rule, until))
		}
	case "seal":
		if p := w.pick(rt, "learners", ".seal"); p != "" {
			b, err := os.ReadFile(p)
			must(w.t, err)
			write(p, spoil(b))
		}
	case "touch":
		must(w.t, os.Chtimes(p, info.ModTime().Add(time.Hour), info.ModTime().Add(time.Hour)))
	}
}
