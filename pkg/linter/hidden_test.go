package linter

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// TestOneBadFileHidesNoOther: a file of a format to come is told of, and so is what is
// wrong elsewhere, in the same learner's record too.
func TestOneBadFileHidesNoOther(t *testing.T) {
	disk := madeUp(t)
	change := func(name, was, is string) {
		b := bytes.Replace(disk[name].Data, []byte(was), []byte(is), 1)
		if bytes.Equal(b, disk[name].Data) {
			t.Fatalf("%s holds no %q", name, was)
		}
		disk[name] = &fstest.MapFile{Data: b}
	}
	newer := "learners/jv6fpqgg/advice/2026-06-26-xk6z.yaml"
	change(newer, "advice/v1", "advice/v9")
	change("learners/jv6fpqgg/identity.yaml", "born: 2017-03-08", "born: 08/03/2017")
	change("learners/kk4wfw4j/readings.yaml", "format:", "\tformat:")
	change("learners/rq62bfzs/learner.yaml", "joined:", "joind:")
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(t.Context(), f, Options{Day: schoolDay})
	if err != nil {
		t.Fatal(err)
	}
	if r.Version == nil || r.Version.File != newer || !r.Version.Newer {
		t.Errorf("the file of a format to come is not told of: %v", r.Version)
	}
	for _, want := range []string{newer + " format", "learners/jv6fpqgg/identity.yaml shape", "learners/kk4wfw4j/readings.yaml yaml-", "learners/rq62bfzs/learner.yaml unknown-key"} {
		if !slices.ContainsFunc(r.Findings, func(x diag.Finding) bool { return strings.HasPrefix(x.File+" "+x.Rule, want) }) {
			t.Errorf("%s is hidden by another", want)
		}
	}
}

// madeUp is the made-up school in memory.
func madeUp(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := fstest.MapFS{}
	from := os.DirFS("../../examples/thornelaw")
	must(t, fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, p)
		disk[p] = &fstest.MapFile{Data: b}
		return err
	}))
	return disk
}

// broken is a folder of which one file or folder cannot be read, whoever asks.
type broken struct {
	fstest.MapFS
	at string
}

func (b broken) Open(name string) (fs.File, error) {
	if name == b.at {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return b.MapFS.Open(name)
}

func (b broken) ReadFile(name string) ([]byte, error) {
	if name == b.at {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrPermission}
	}
	return b.MapFS.ReadFile(name)
}

func (b broken) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == b.at {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrPermission}
	}
	return b.MapFS.ReadDir(name)
}

// TestUnreadableIsNeverFine: whichever file or folder of the record cannot be read, the
// run ends with an error or finds one. Root reads everything, so no disk can show it
// wherever tests run.
func TestUnreadableIsNeverFine(t *testing.T) {
	disk := madeUp(t)
	places := map[string]bool{}
	for name := range disk {
		if name != ".gitattributes" && !strings.HasPrefix(name, ".sendctl/") && !strings.HasPrefix(name, ".vscode/") && !strings.Contains(name, "/attachments/") {
			places[name] = true
			if dir := path.Dir(name); dir != "." {
				places[dir] = true
			}
		}
	}
	if len(places) < 80 {
		t.Fatalf("only %d places", len(places))
	}
	for at := range places {
		f, err := folder.Open(broken{disk, at})
		if err != nil {
			continue
		}
		r, err := Run(t.Context(), f, Options{Day: schoolDay})
		if err == nil && diag.Worst(r.Findings) != diag.Error {
			t.Errorf("%s cannot be read, and nothing is said", at)
		}
	}
}
