package linter

import (
	"bytes"
	"io/fs"
	"os"
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
	disk := fstest.MapFS{}
	from := os.DirFS("../../examples/thornelaw")
	if err := fs.WalkDir(from, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, p)
		disk[p] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
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
	for _, want := range []string{newer + " format", "learners/jv6fpqgg/identity.yaml shape", "learners/kk4wfw4j/readings.yaml yaml-", "learners/rq62bfzs/learner.yaml unknown-key", "learners/rq62bfzs/learner.yaml missing"} {
		if !slices.ContainsFunc(r.Findings, func(x diag.Finding) bool { return strings.HasPrefix(x.File+" "+x.Rule, want) }) {
			t.Errorf("%s is hidden by another", want)
		}
	}
}
