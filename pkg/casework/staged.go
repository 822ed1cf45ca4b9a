package casework

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Gone finds what a commit would take out of the record: files that the last
// commit holds and the index does not, seals and sealed files that would change,
// entries of the contact log that would change. One state of the folder alone
// cannot show this. staged lists the paths at which the two differ.
func (d *Desk) Gone(index fs.FS, staged []string) ([]diag.Finding, error) {
	var out []diag.Finding
	found := func(p, message, hint string) {
		out = append(out, diag.Finding{Rule: "taken-away", Severity: diag.Error, File: p, Message: message, Hint: hint})
	}
	for _, p := range staged {
		if !strings.HasPrefix(p, "learners/") {
			continue
		}
		was, err := d.Repo.HeadFile(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // new
		}
		if err != nil {
			return nil, err
		}
		next, err := fs.ReadFile(index, p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found(p, "this file of the record would be taken away", "put it back: git restore --staged --worktree "+p)
			continue
		case err != nil:
			return nil, err
		}
		_, record := recordfile.KindAt(p)
		switch {
		case path.Ext(p) == seal.Extension:
			found(p, "a seal never changes, and this one would", "put it back: git restore --staged --worktree "+p)
		case record:
			var state *StateError
			if err := onlyAdded(p, was, next); errors.As(err, &state) {
				found(p, "an entry of the contact log would be changed or taken out", "put it back, and add another: sendctl contact")
			}
		}
	}
	return out, nil
}
