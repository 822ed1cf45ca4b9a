package trail

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSpoken: what git keeps beside the files is read, the newest first and no more
// than asked for.
func TestSpoken(t *testing.T) {
	h := newHistRepo(t)
	h.write("a.txt", "1")
	h.git("add", ".")
	h.git("commit", "-q", "-m", "First")
	h.write("a.txt", "2")
	h.git("commit", "-q", "-a", "-m", "Second\n\nWith a body.\n\nSigned-off-by: A")
	h.git("branch", "anna/plan")
	h.git("tag", "v1")
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	read := func(most int) []string {
		all, err := r.Spoken(context.Background(), most)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, x := range all {
			if len(x.ID) != 40 {
				t.Errorf("%s without an id: %q", x.Of, x.ID)
			}
			out = append(out, x.Of+": "+x.Words)
		}
		return out
	}
	refs := []string{"branch: anna/plan", "branch: main", "tag: v1"}
	second := "commit: Second\n\nWith a body.\n\nSigned-off-by: A"
	if diff := cmp.Diff(append([]string{second, "commit: First\n\n"}, refs...), read(10)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(append([]string{second}, refs...), read(1)); diff != "" {
		t.Error(diff)
	}
}

// TestSpokenOfNothing: a repository without a commit says nothing, and that is no error.
func TestSpokenOfNothing(t *testing.T) {
	h := newHistRepo(t)
	r, err := Open(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := r.Spoken(context.Background(), 10); err != nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
}
