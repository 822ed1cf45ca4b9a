package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/merge"
)

// A record of many files that was removed is told once; two things of one learner, and
// one thing of two learners, stay apart.
func TestNotesGathered(t *testing.T) {
	note := func(id, p, says string) merge.Note {
		return merge.Note{Rule: "r", Learner: id, Path: p, Says: says}
	}
	got := gathered([]merge.Note{
		note("a", "learners/a/1.yaml", "gone"), note("a", "learners/a/2.yaml", "gone"), note("a", "learners/a/1.yaml", "gone"),
		note("a", "learners/a/3.yaml", "late"), note("b", "learners/b/1.yaml", "gone"),
		note("", "people.yaml", "gone"), note("", "sendctl.yaml", "gone"),
	})
	want := []merge.Note{
		note("a", "learners/a, 2 files", "gone"), note("a", "learners/a/3.yaml", "late"), note("b", "learners/b/1.yaml", "gone"),
		note("", "people.yaml", "gone"), note("", "sendctl.yaml", "gone"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gathered (-want +got):\n%s", diff)
	}
}
