package linter

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
)

// schoolDay is the day of the made-up school.
var schoolDay = date.MustParse("2026-11-22")

// school copies the made-up school.
func school(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "school")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "thornelaw"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

func run(t testing.TB, dir string, o Options) (Result, error) {
	t.Helper()
	disk, err := Disk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	f, err := folder.Open(disk)
	if err != nil {
		return Result{}, err
	}
	return Run(context.Background(), f, o)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, name, old, new string) {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	must(t, os.WriteFile(name, []byte(strings.Replace(string(b), old, new, 1)), 0o666))
}

func firstLearner(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "learners"))
	must(t, err)
	return entries[0].Name()
}

// The disk as it is read for speed holds what it holds, link or not.
func TestDiskIsTheDisk(t *testing.T) {
	dir := school(t)
	id := firstLearner(t, dir)
	at := filepath.Join(dir, "learners", id)
	links := os.Symlink("learner.yaml", filepath.Join(at, "link.yaml")) == nil
	if links {
		must(t, os.Symlink(t.TempDir(), filepath.Join(at, "out")))
	}
	ours, err := Disk(dir)
	must(t, err)
	defer ours.Close()
	theirs := os.DirFS(dir)
	err = fs.WalkDir(theirs, ".", func(p string, d fs.DirEntry, err error) error {
		must(t, err)
		want, err := d.Info()
		must(t, err)
		got, err := fs.Lstat(ours, p)
		if err != nil {
			t.Fatal(err)
		}
		if got.Mode().Type() != want.Mode().Type() || got.Mode().Perm() != want.Mode().Perm() || !got.ModTime().Equal(want.ModTime()) ||
			got.Name() != want.Name() || got.Mode().IsRegular() && got.Size() != want.Size() {
			t.Errorf("%s: %s, not %s", p, fs.FormatFileInfo(got), fs.FormatFileInfo(want))
		}
		switch {
		case d.IsDir():
			var list [2][]string
			for i, fsys := range []fs.FS{ours, theirs} {
				entries, err := fs.ReadDir(fsys, p)
				must(t, err)
				for _, e := range entries {
					list[i] = append(list[i], fs.FormatDirEntry(e))
				}
			}
			if diff := cmp.Diff(list[1], list[0]); diff != "" {
				t.Errorf("%s:\n%s", p, diff)
			}
		case d.Type().IsRegular():
			a, err := fs.ReadFile(ours, p)
			must(t, err)
			b, err := fs.ReadFile(theirs, p)
			must(t, err)
			if string(a) != string(b) {
				t.Errorf("%s is read otherwise", p)
			}
		}
		regular(t, ours, p, want, theirs)
		return nil
	})
	must(t, err)
	for _, p := range []string{"../x", "/etc/passwd", "learners/../sendctl.yaml", ""} {
		if _, err := fs.ReadFile(ours, p); err == nil {
			t.Errorf("%q was read", p)
		}
	}
	if links {
		if _, err := fs.ReadDir(ours, "learners/"+id+"/out"); err == nil {
			t.Error("a link out of the folder was followed")
		}
	}
	if _, err := fs.ReadFile(ours, "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// regular fails where a file read in one go is not what it is in two.
func regular(t *testing.T, ours FS, p string, want fs.FileInfo, theirs fs.FS) {
	t.Helper()
	reader, ok := ours.(folder.RegularReader)
	if !ok {
		return // nothing is gained on this system
	}
	const most = 2000 // bytes; some files are larger
	afresh(ours)
	info, b, err := reader.ReadRegular(p, most)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != want.Mode() || info.Mode().IsRegular() && info.Size() != want.Size() {
		t.Errorf("%s in one go: %s, not %s", p, fs.FormatFileInfo(info), fs.FormatFileInfo(want))
	}
	var told []byte
	if want.Mode().IsRegular() && want.Size() <= most {
		told, err = fs.ReadFile(theirs, p)
		must(t, err)
	}
	if string(b) != string(told) || cap(b) != len(b) {
		t.Errorf("%s in one go is read otherwise", p)
	}
}

// What is asked for is judged, with what it belongs to, and nothing that was not checked
// passes for sound.
func TestWhatIsJudged(t *testing.T) {
	dir := school(t)
	entries, err := os.ReadDir(filepath.Join(dir, "learners"))
	must(t, err)
	a, b := "learners/"+entries[0].Name(), "learners/"+entries[1].Name()
	must(t, os.WriteFile(filepath.Join(dir, a, "lost.txt"), []byte("x"), 0o666))
	must(t, os.WriteFile(filepath.Join(dir, "README.md"), []byte("x"), 0o666))
	all := len(rules.All())
	count := func(dir string) (n int) {
		must(t, filepath.WalkDir(filepath.Join("..", "..", "examples", "thornelaw", dir), func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (filepath.Ext(p) == ".yaml" || filepath.Ext(p) == ".seal") {
				n++
			}
			return err
		}))
		return n
	}
	for _, c := range []struct {
		paths     []string
		learners  int
		files     int
		whole     bool
		findings  []string
		unmatched []string
	}{
		{nil, len(entries), count("."), true, []string{a + "/lost.txt"}, nil},
		{[]string{a}, 1, count(a), false, []string{a + "/lost.txt"}, nil},
		{[]string{b}, 1, count(b), false, nil, nil},
		{[]string{a, b}, 2, count(a) + count(b), false, []string{a + "/lost.txt"}, nil},
		{[]string{a + "/learner.yaml"}, 1, 1, false, nil, nil},
		{[]string{a + "/lost.txt"}, 1, 0, false, []string{a + "/lost.txt"}, []string{a + "/lost.txt"}}, // a warning is no verdict
		{[]string{"learners"}, len(entries), count("learners"), true, []string{a + "/lost.txt"}, nil},
		{[]string{"people.yaml"}, 0, 1, true, nil, nil},
		{[]string{"README.md"}, 0, 0, false, nil, []string{"README.md"}},
		{[]string{a, "README.md"}, 1, count(a), false, []string{a + "/lost.txt"}, []string{"README.md"}},
		{[]string{a + "/cycles/none.yaml"}, 1, 0, false, nil, []string{a + "/cycles/none.yaml"}},
	} {
		r, err := run(t, dir, Options{Day: schoolDay, Paths: c.paths, List: true})
		must(t, err)
		var found []string
		for _, x := range r.Findings {
			if x.Rule == "file" {
				found = append(found, x.File)
			}
		}
		if r.Learners != c.learners || r.Files != c.files || len(r.Paths) != c.files || r.Whole != c.whole || (r.Rules == all) != c.whole && slices.ContainsFunc(rules.All(), func(x rules.Rule) bool { return x.Whole }) {
			t.Errorf("%v: %d learners, %d files, %d paths, whole %t, %d rules", c.paths, r.Learners, r.Files, len(r.Paths), r.Whole, r.Rules)
		}
		if diff := cmp.Diff(c.findings, found); diff != "" {
			t.Errorf("%v: findings\n%s", c.paths, diff)
		}
		if diff := cmp.Diff(c.unmatched, r.Unmatched); diff != "" {
			t.Errorf("%v: unmatched\n%s", c.paths, diff)
		}
	}
}

// Whatever cannot be read stops a run, with a cache that knows the file from before too.
func TestWhatCannotBeRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := school(t)
	at := filepath.Join(dir, "learners", firstLearner(t, dir))
	o := Options{Day: schoolDay, Cache: &Cache{Root: dir, Dir: t.TempDir(), Build: "x"}}
	for _, name := range []string{filepath.Join(at, "identity.yaml"), filepath.Join(at, "cycles"), at, filepath.Join(dir, "learners"), filepath.Join(dir, "sendctl.yaml")} {
		if _, err := run(t, dir, o); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		must(t, err)
		must(t, os.Chmod(name, 0))
		if r, err := run(t, dir, o); err == nil && len(r.Unread) == 0 {
			t.Errorf("%s cannot be read, and nothing was said", name)
		}
		must(t, os.Chmod(name, info.Mode().Perm()))
	}
}

func TestRunStops(t *testing.T) {
	dir := school(t)
	disk, err := Disk(dir)
	must(t, err)
	defer disk.Close()
	f, err := folder.Open(disk)
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, f, Options{Day: schoolDay}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever is kept can be kept: every type in it comes back as it went.
func TestPack(t *testing.T) {
	for _, want := range []any{
		diag.Suppressed{Finding: diag.Finding{Rule: "r", Severity: diag.Warning, File: "f", Path: "p[0]", Message: "m", Hint: "h", Value: "v", Fixable: true,
			Span: diag.Span{Start: diag.Pos{Line: 1, Col: 2, Offset: 3}}, Related: []diag.Related{{File: "g"}, {Path: "q"}}}, How: "waived", At: &diag.Related{File: "a"}},
		fill(reflect.TypeFor[rules.Facts]()).Interface(),
		fill(reflect.TypeFor[diag.Suppressed]()).Interface(),
		[]diag.Finding{{}, {}},
	} {
		b := pack(nil, reflect.ValueOf(want))
		got := reflect.New(reflect.TypeOf(want))
		u := unpacking{rest: string(b)}
		u.value(got.Elem())
		if u.torn || u.rest != "" || !reflect.DeepEqual(got.Elem().Interface(), want) {
			t.Errorf("%+v came back as %+v", want, got.Elem())
		}
		for n := range b { // what is cut off is known to be
			u := unpacking{rest: string(b[:n])}
			u.value(reflect.New(reflect.TypeOf(want)).Elem())
			if !u.torn {
				t.Errorf("%d of %d bytes pass for the whole", n, len(b))
				break
			}
		}
	}
}

// fill gives every part of a type a value that is not zero.
func fill(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("é" + t.Name())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(-77)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(200)
	case reflect.Slice:
		v.Set(reflect.Append(v, fill(t.Elem()), fill(t.Elem())))
	case reflect.Pointer:
		v.Set(fill(t.Elem()).Addr())
	case reflect.Struct:
		if t == dateType() {
			return reflect.ValueOf(date.MustParse("1999-12-31"))
		}
		for i := range v.NumField() {
			v.Field(i).Set(fill(t.Field(i).Type))
		}
	}
	return v
}

// One file that was piped in says what the same file says in its folder, or less: the
// made-up school has no fault, and neither has any file of it by itself.
func TestAloneIsSilentOnWhatIsSound(t *testing.T) {
	dir := filepath.Join("..", "..", "examples", "thornelaw")
	n := 0
	must(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, p)
		kind, ok := recordfile.KindAt(filepath.ToSlash(rel))
		if err != nil || d.IsDir() || !ok {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		r, err := Alone(nil, kind, src, Options{Day: schoolDay})
		must(t, err)
		for _, x := range r.Findings {
			t.Errorf("%s: %s [%s]", rel, x.Message, x.Rule)
		}
		n++
		return nil
	}))
	if n < 20 {
		t.Errorf("only %d files", n)
	}
}

func TestAlone(t *testing.T) {
	for _, c := range []struct {
		kind recordfile.Kind
		src  string
		want []string
	}{
		{recordfile.Cycle, "", []string{"yaml-empty"}},
		{recordfile.Cycle, "format: learner/v1\n", []string{"format"}},
		{recordfile.Identity, "format: identity/v1\nlearner: bk7m2xqt\nname: Zed\nborn: 2015-02-31\n", []string{"yaml-no-such-date"}},
		{recordfile.Identity, "format: identity/v1\nlearner: bk7m2xqt\nname: Zed\nborn: 2015-02-11\nupn: A929000019001\n", []string{"upn-check-letter"}},
		{recordfile.People, "format: people/v1\npeople:\n  - {id: a1, name: A, role: x\n", []string{"yaml-syntax"}},
		// Within its own plan, and what its words say; that no adult is called a1 is not known here.
		{recordfile.Cycle, "format: cycle/v1\nlearner: bk7m2xqt\nid: ab3d\nopened: 2026-09-02\nstage: sen-support-plan\nresponsible_teacher: a1\nprevious: ab3c\nplan:\n  date: 2026-09-02\n  targets:\n    - {id: t1, area: cognition-and-learning, outcome: will get better at reading, due: 2026-12-16}\n  provision:\n    - {id: p1, for: [t9], what: reading}\n    - {id: p1, for: [t1], what: reading}\n",
			[]string{"target-vague-verb", "references", "references"}},
	} {
		r, err := Alone(nil, c.kind, []byte(c.src), Options{Day: schoolDay})
		must(t, err)
		var got []string
		for _, x := range r.Findings {
			got = append(got, x.Rule)
			if x.File != Stdin || x.Value != "" {
				t.Errorf("%s: %+v", c.kind, x)
			}
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: found %v, not %s", c.kind, got, w)
			}
		}
	}
	if _, err := Alone(nil, recordfile.Cycle, []byte("format: cycle/v9\n"), Options{}); err == nil {
		t.Error("a format of the future was judged")
	}
}
