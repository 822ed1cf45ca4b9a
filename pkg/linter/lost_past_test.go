package linter

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// TestNoOwnFileHidesTheRecords: one of the folder's own files that is of a format to come or
// gone by, that cannot be read, or that is none, is told of once; the records are judged, as
// far as they can be without it, as where that file does not parse.
func TestNoOwnFileHidesTheRecords(t *testing.T) {
	slip := "learners/jv6fpqgg/identity.yaml" // told whatever else is wrong
	whole := madeUp(t)
	whole[slip] = &fstest.MapFile{Data: bytes.Replace(whole[slip].Data, []byte("born: 2017-03-08"), []byte("born: 08/03/2017"), 1)}
	told := func(fsys fs.FS, less string) []string {
		t.Helper()
		f, err := folder.OpenAnyway(fsys, nil)
		must(t, err)
		r, err := Run(t.Context(), f, Options{Day: schoolDay})
		must(t, err)
		var out []string
		for _, x := range r.Findings {
			if x.File != less {
				out = append(out, x.File+" "+x.Rule+" "+x.Path)
			}
		}
		return out
	}
	for _, name := range []string{"sendctl.yaml", "people.yaml", "pathway.yaml"} {
		torn := without(whole, name, []byte("a: [\n"))
		want := told(torn, name)
		if !slices.Contains(want, slip+" shape born") {
			t.Fatalf("%s: the slip is not told: %q", name, want)
		}
		newer := bytes.Replace(whole[name].Data, []byte("/v1"), []byte("/v2"), 1)
		for how, fsys := range map[string]fs.FS{
			"newer":      without(whole, name, newer),
			"older":      without(whole, name, bytes.Replace(newer, []byte("/v2"), []byte("/v0"), 1)),
			"unreadable": broken{whole, name},
			"a folder":   without(whole, name+"/x", nil),
		} {
			if diff := cmp.Diff(want, told(fsys, name)); diff != "" {
				t.Errorf("%s, %s: (-does not parse +this)\n%s", name, how, diff)
			}
			f, err := folder.OpenAnyway(fsys, nil)
			must(t, err)
			r, err := Run(t.Context(), f, Options{Day: schoolDay, Paths: []string{"learners/jv6fpqgg"}})
			must(t, err)
			n := 0
			for _, x := range r.Findings {
				if x.File == name {
					n++
				}
			}
			of := how == "newer" || how == "older"
			if n != 1 || of != (r.Version != nil) || (how == "unreadable") != slices.Equal(r.Unread, []string{name}) || len(r.Unmatched) > 0 {
				t.Errorf("%s, %s: told %d times, version %v, unread %v, unmatched %v", name, how, n, r.Version, r.Unread, r.Unmatched)
			}
			if of && r.Version.Newer != (how == "newer") {
				t.Errorf("%s, %s: %v", name, how, r.Version)
			}
			if _, err := folder.Open(fsys); of && err == nil {
				t.Errorf("%s, %s: whoever acts opens it", name, how)
			}
		}
	}
}

// without is a folder in which a file holds something else; one at name/x takes the place
// of the file name.
func without(disk fstest.MapFS, name string, b []byte) fstest.MapFS {
	out := fstest.MapFS{}
	for p, f := range disk {
		if p != name && !strings.HasPrefix(p, name+"/") && !strings.HasPrefix(name, p+"/") {
			out[p] = f
		}
	}
	out[name] = &fstest.MapFile{Data: b}
	return out
}

// TestFileForFolder: a file where a folder belongs is told of there, and what was in the
// folder is missed as if the folder were gone: it stops no run.
func TestFileForFolder(t *testing.T) {
	const jude = "learners/jv6fpqgg/"
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS("../../examples/thornelaw")))
	for _, at := range []string{jude + "cycles", jude + "advice", jude + "seals", jude + "moves", jude + "attachments", jude + "requests", "keys", "removals", "seals", "learners"} {
		t.Run(at, func(t *testing.T) {
			here, aside := filepath.Join(dir, at), filepath.Join(t.TempDir(), "aside")
			switch err := os.Rename(here, aside); {
			case err == nil:
				defer func() { must(t, os.Rename(aside, here)) }()
			case !os.IsNotExist(err):
				t.Fatal(err)
			}
			found := func() (out []string, r Result) {
				fsys, err := Disk(dir)
				must(t, err)
				defer fsys.Close()
				f, err := folder.OpenAnyway(fsys, nil)
				must(t, err)
				r, err = Run(t.Context(), f, Options{Day: schoolDay})
				must(t, err)
				for _, x := range r.Findings {
					if x.File != at {
						out = append(out, x.File+" "+x.Rule+" "+x.Path)
					}
				}
				return out, r
			}
			gone, _ := found()
			must(t, os.WriteFile(here, []byte("x"), 0o600))
			defer os.Remove(here)
			is, r := found()
			if diff := cmp.Diff(gone, is); diff != "" {
				t.Errorf("(-folder gone +file in its place)\n%s", diff)
			}
			if len(r.Lost)+len(r.Unread) > 0 || !slices.ContainsFunc(r.Findings, func(x diag.Finding) bool {
				return x.File == at && x.Severity == diag.Error && strings.Contains(x.Message, "a folder belongs here")
			}) {
				t.Errorf("lost %v, unread %v, found %+v", r.Lost, r.Unread, r.Findings)
			}
			fsys, err := Disk(dir)
			must(t, err)
			defer fsys.Close()
			if _, err := fs.Lstat(fsys, at+"/x"); !os.IsNotExist(err) {
				t.Errorf("what would lie in it: %v", err)
			}
		})
	}
}

// TestUnreadHidesNoOther: whatever of a record cannot be read is told of once, with the shape
// of the record's other files, and nothing that only follows; the record is not judged.
func TestUnreadHidesNoOther(t *testing.T) {
	const jude = "learners/jv6fpqgg"
	disk := madeUp(t)
	slips := []string{jude + "/identity.yaml", jude + "/readings.yaml", jude + "/contacts.yaml"}
	for _, p := range slips {
		if disk[p] == nil {
			t.Fatal(p)
		}
		disk[p] = &fstest.MapFile{Data: append(slices.Clone(disk[p].Data), "unheard_of: 1\n"...)}
	}
	odd := jude + "/cycles/\xff.yaml"
	for _, c := range []struct {
		name  string
		at    string
		slips int
	}{
		{"a cycle", jude + "/cycles/2025-09-29-initial-concerns-gxqf.yaml", 3},
		{"the front sheet", jude + "/identity.yaml", 2},
		{"learner.yaml", jude + "/learner.yaml", 3},
		{"a folder", jude + "/moves", 3},
		{"seals", jude + "/seals", 0}, // nobody knows what may be mended
		{"all of it", jude, 0},
		{"a name that is no text", odd, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var fsys fs.FS = broken{disk, c.at}
			if c.at == odd {
				dir := t.TempDir()
				must(t, os.CopyFS(dir, disk))
				if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(odd)), []byte("x: 1\n"), 0o600); err != nil {
					t.Skip("there can be no such name here:", err)
				}
				on, err := Disk(dir)
				must(t, err)
				defer on.Close()
				fsys = on
			} else if _, err := fs.Stat(disk, c.at); err != nil {
				t.Fatal(err)
			}
			f, err := folder.OpenAnyway(fsys, nil)
			must(t, err)
			r, err := Run(t.Context(), f, Options{Day: schoolDay})
			must(t, err)
			told, slipped := 0, 0
			for _, x := range r.Findings {
				switch {
				case x.File == c.at && x.Rule == "file":
					told++
				case x.Rule == "unknown-key" && slices.Contains(slips, x.File):
					slipped++
				case strings.HasPrefix(x.File, jude):
					t.Errorf("%s %s %s", x.File, x.Rule, x.Message)
				}
			}
			if told != 1 || slipped != c.slips || !slices.Equal(r.Lost, []string{"jv6fpqgg"}) || !slices.Equal(r.Unread, []string{c.at}) || r.Learners != 2 {
				t.Errorf("told %d, slips %d, lost %v, unread %q, learners %d", told, slipped, r.Lost, r.Unread, r.Learners)
			}
			if _, err := Fixes(f, r.Findings); err != nil {
				t.Error(err)
			}
			if _, err := f.Load("jv6fpqgg"); err == nil {
				t.Error("whoever acts loads it")
			}
		})
	}
}

// TestLearnersUnread: where learners/ cannot be listed that is told, and nothing that a rule
// would miss among all learners.
func TestLearnersUnread(t *testing.T) {
	f, err := folder.OpenAnyway(broken{madeUp(t), "learners"}, nil)
	must(t, err)
	r, err := Run(t.Context(), f, Options{Day: schoolDay})
	must(t, err)
	if len(r.Findings) != 1 || r.Findings[0].File != "learners" || r.Whole || !slices.Equal(r.Unread, []string{"learners"}) || r.Learners != 0 {
		t.Errorf("%+v", r)
	}
}
