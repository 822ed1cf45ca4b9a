package trail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKnown: every kind of index that git writes says the same, with what a sparse checkout
// leaves out, what was removed and what is not merged yet.
func TestKnown(t *testing.T) {
	all := []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml"}
	removed := []string{"learners/x/b.yaml", "learners/y/c.yaml", "a.yaml removed"}
	sparse := []string{"a.yaml", "learners/x/b.yaml", "learners/y/c.yaml left out"}
	for name, c := range map[string]struct {
		git  [][]string
		want []string
	}{
		"plain":                  {nil, all},
		"no tree cache":          {[][]string{{"update-index", "--force-remove", "records/a.yaml"}, {"update-index", "--add", "records/a.yaml"}}, all},
		"version 4":              {[][]string{{"update-index", "--index-version", "4"}}, all},
		"split":                  {[][]string{{"update-index", "--split-index"}}, all},
		"removed":                {[][]string{{"rm", "-q", "--cached", "records/a.yaml"}}, removed},
		"removed from the disk":  {[][]string{{"rm", "-q", "records/a.yaml"}}, removed},
		"removed, in version 4":  {[][]string{{"update-index", "--index-version", "4"}, {"rm", "-q", "--cached", "records/a.yaml"}}, removed},
		"removed, split":         {[][]string{{"update-index", "--split-index"}, {"rm", "-q", "--cached", "records/a.yaml"}}, removed},
		"removed, and written":   {[][]string{{"rm", "-q", "--cached", "records/a.yaml"}, {"write-tree"}}, removed},
		"removed, and committed": {[][]string{{"rm", "-q", "--cached", "records/a.yaml"}, {"commit", "-q", "-m", "Second"}}, removed[:2]},
		"removed elsewhere":      {[][]string{{"rm", "-q", "--cached", "other/d.yaml"}}, all},
		"sparse":                 {[][]string{{"sparse-checkout", "set", "--cone", "--no-sparse-index", "records/learners/x"}}, sparse},
		"sparse index":           {[][]string{{"sparse-checkout", "set", "--cone", "--sparse-index", "records/learners/x"}}, sparse},
		"meant to come":          {[][]string{{"add", "--intent-to-add", "records/new.yaml"}}, all},
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
			if err := r.Known(context.Background(), func(p []byte, how Held) {
				got = append(got, string(p)+map[Held]string{LeftOut: " left out", Unmerged: " unmerged", Removed: " removed"}[how])
			}); err != nil {
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
	if err := r.Known(context.Background(), func(p []byte, _ Held) { t.Errorf("%s", p) }); err != nil {
		t.Error(err)
	}
}

// TestKnownUnmerged: a merge that has not ended leaves several sides of a file.
func TestKnownUnmerged(t *testing.T) {
	h := newHistRepo(t)
	h.write("a.yaml", "one\n")
	h.git("add", ".")
	h.git("commit", "-q", "-m", "First")
	side := "100644 " + strings.TrimSpace(h.git("rev-parse", "HEAD:a.yaml")) + " %d\ta.yaml\n"
	h.feed("0 "+strings.Repeat("0", 40)+"\ta.yaml\n"+fmt.Sprintf(side+side+side, 1, 2, 3), "update-index", "--index-info")
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []Held
	if err := r.Known(context.Background(), func(_ []byte, how Held) { got = append(got, how) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Held{Unmerged, Unmerged, Unmerged}, got); diff != "" {
		t.Error(diff)
	}
}

// TestKnownWithoutIndex: whoever takes the index away takes away every file.
func TestKnownWithoutIndex(t *testing.T) {
	h := newHistRepo(t)
	h.write("a.yaml", "one\n")
	h.git("add", ".")
	h.git("commit", "-q", "-m", "First")
	if err := os.Remove(filepath.Join(h.dir, ".git/index")); err != nil {
		t.Fatal(err)
	}
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := r.Known(context.Background(), func(p []byte, how Held) {
		if how == Removed {
			got = append(got, string(p))
		}
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a.yaml"}, got); diff != "" {
		t.Error(diff)
	}
}
