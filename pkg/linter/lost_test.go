package linter

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
)

// forbidding is a folder in which one file cannot be read.
type forbidding struct {
	fs.FS
	file string
}

func (f forbidding) Open(name string) (fs.File, error) {
	if name == f.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

// TestLost: a file that cannot be read is told of whatever was asked for in its record,
// and hides nothing of the others.
func TestLost(t *testing.T) {
	const at = "learners/rq62bfzs/identity.yaml"
	f, err := folder.Open(forbidding{madeUpSchool(t), at})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		paths          []string
		lost, learners int
	}{
		"all":                   {nil, 1, 2},
		"its record":            {[]string{"learners/rq62bfzs"}, 1, 0},
		"another file of it":    {[]string{"learners/rq62bfzs/learner.yaml"}, 1, 0},
		"another record":        {[]string{"learners/jv6fpqgg"}, 0, 1},
		"what bears on records": {[]string{"people.yaml"}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(t.Context(), f, Options{Day: date.MustParse("2026-11-22"), Paths: c.paths, List: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Lost) != c.lost || r.Learners != c.learners || len(r.Unmatched) > 0 {
				t.Errorf("lost %v, learners %d, unmatched %v", r.Lost, r.Learners, r.Unmatched)
			}
			// A baseline is not stale because nobody could look.
			judged := Options{Paths: c.paths}.Judged(r)
			if judged("review-overdue", "learners/rq62bfzs/cycles/x.yaml") && c.lost > 0 {
				t.Error("what was not read counts as judged")
			}
			told := slices.ContainsFunc(r.Findings, func(x diag.Finding) bool {
				return x.File == at && x.Rule == "file" && x.Severity == diag.Error
			})
			if told != (c.lost > 0) {
				t.Errorf("%+v", r.Findings)
			}
		})
	}
}
