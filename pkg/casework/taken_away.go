package casework

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Gone finds what a commit would take out of the record: files that the last
// commit holds and the index does not, seals and sealed files that would change,
// entries of the contact log that would change. One state of the folder alone
// cannot show this. staged lists the paths at which the two differ.
func (d *Desk) Gone(index fs.FS, staged []string) ([]diag.Finding, error) {
	return TakenAway(d.Repo.HeadFile, index, staged, "")
}

// TakenAway is Gone for any two states of the folder: was reads the earlier one, next is
// the later, and changed lists the paths at which they differ. rev names the earlier one
// in what is said of it; "" is the last commit.
func TakenAway(was func(p string) ([]byte, error), next fs.FS, changed []string, rev string) ([]diag.Finding, error) {
	var out []diag.Finding
	found := func(p, message, hint string) {
		out = append(out, diag.Finding{Rule: "taken-away", Severity: diag.Error, File: p, Message: message, Hint: hint})
	}
	back, would, be := "put it back: git restore --staged --worktree ", "would be", "would"
	if rev != "" {
		back, would, be = "put it back: git restore --source="+rev+" --staged --worktree ", "was", "did"
	}
	for _, p := range changed {
		if !strings.HasPrefix(p, "learners/") {
			continue
		}
		before, err := was(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // new
		}
		if err != nil {
			return nil, err
		}
		after, err := fs.ReadFile(next, p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found(p, "this file of the record "+would+" taken away", back+p)
			continue
		case err != nil:
			return nil, err
		}
		_, record := recordfile.KindAt(p)
		switch {
		case path.Ext(p) == seal.Extension:
			if !bytes.Equal(before, after) {
				found(p, "a seal never changes, and this one "+be, back+p)
			}
		case record:
			var state *StateError
			if err := onlyAdded(p, before, after); errors.As(err, &state) {
				found(p, "an entry of the contact log "+would+" changed or taken out", "put it back, and add another: sendctl contact")
			}
		}
	}
	return out, nil
}

// LostRecords tells of a folder that has no learners where git knows of some: somebody
// moved them away, and a folder that holds nothing would be found without fault.
func (d *Desk) LostRecords(f *folder.Folder) ([]diag.Finding, error) {
	if here, err := f.Learners(); err != nil || len(here) > 0 {
		return nil, err
	}
	index, err := d.Repo.IndexFS()
	if err != nil {
		return nil, err
	}
	known, err := fs.ReadDir(index, "learners")
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(known) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []diag.Finding{{Rule: "taken-away", Severity: diag.Error, File: "learners",
		Message: fmt.Sprintf("no learner's record is here, and git knows of %d", len(known)), Hint: "put them back: git restore learners"}}, nil
}
