package trail

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKnown: every kind of index that git writes says the same, and what a sparse
// checkout leaves out is not told.
func TestKnown(t *testing.T) {
	for name, c := range map[string]struct {
		git  [][]string
		want []string
	}{
		"plain":         {nil, []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml"}},
		"version 4":     {[][]string{{"update-index", "--index-version", "4"}}, []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml"}},
		"split":         {[][]string{{"update-index", "--split-index"}}, []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml"}},
		"taken out":     {[][]string{{"rm", "-q", "--cached", "records/a.yaml"}}, []string{"learners/x/b.yaml", "learners/y/c.yaml"}},
		"sparse":        {[][]string{{"sparse-checkout", "set", "--cone", "--no-sparse-index", "records/learners/x"}}, []string{"a.yaml", "learners/x/b.yaml"}},
		"sparse index":  {[][]string{{"sparse-checkout", "set", "--cone", "--sparse-index", "records/learners/x"}}, []string{"a.yaml", "learners/x/b.yaml"}},
		"meant to come": {[][]string{{"add", "--intent-to-add", "records/new.yaml"}}, []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistRepo(t)
			for _, p := range []string{"records/a.yaml", "records/learners/x/b.yaml", "records/learners/y/c.yaml", "other/d.yaml"} {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(h.dir, p)), 0o777); err != nil {
					t.Fatal(err)
				}
				h.write(p, p)
			}
			h.git("add", ".")
			h.git("commit", "-q", "-m", "First")
			h.write("records/new.yaml", "")
			for _, args := range c.git {
				h.git(args...)
			}
			r, err := Open(filepath.Join(h.dir, "records"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if err := r.Known(context.Background(), func(p []byte) { got = append(got, string(p)) }); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestKnownOfNothing: where nothing was ever added there is no index.
func TestKnownOfNothing(t *testing.T) {
	h := newHistRepo(t)
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Known(context.Background(), func(p []byte) { t.Errorf("%s", p) }); err != nil {
		t.Error(err)
	}
}
