package casework

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
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

// Missing tells of files of the record that git knows and that do not lie in the folder
// on disk: somebody took them away past sendctl, and what is left may well be without
// fault. here lists, sorted, files that do lie there; wanted tells which paths are asked
// for.
func (d *Desk) Missing(ctx context.Context, disk fs.FS, here []string, wanted func(p string) bool) ([]diag.Finding, error) {
	var gone []string
	var odd error
	if err := d.Repo.Known(ctx, func(p []byte) {
		for len(here) > 0 && here[0] < string(p) {
			here = here[1:]
		}
		if len(here) > 0 && here[0] == string(p) || odd != nil {
			return
		}
		name := string(p)
		if !ofRecord(name) || !wanted(name) {
			return
		}
		if _, err := fs.Lstat(disk, name); errors.Is(err, fs.ErrNotExist) {
			gone = append(gone, name)
		} else if err != nil && !errors.Is(err, fs.ErrPermission) { // whoever reads the record tells of that
			odd = err
		}
	}); err != nil || odd != nil {
		return nil, cmp.Or(err, odd)
	}
	return tellMissing(disk, slices.Compact(gone)), nil
}

// ofRecord reports whether a path is one below which nothing is ever taken away by hand.
func ofRecord(p string) bool {
	first, _, below := strings.Cut(p, "/")
	return below && slices.Contains([]string{"learners", "keys", "removals", "seals"}, first)
}

// tellMissing tells of a folder that is gone once, by its own name.
func tellMissing(disk fs.FS, gone []string) []diag.Finding {
	empty := map[string]bool{}
	isGone := func(dir string) bool {
		is, known := empty[dir]
		if !known {
			entries, err := fs.ReadDir(disk, dir)
			is = errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0
			empty[dir] = is
		}
		return is
	}
	var out []diag.Finding
	for len(gone) > 0 {
		at, files := gone[0], 1
		for _, dir := range []string{"learners", path.Join(strings.SplitN(at, "/", 3)[:2]...), path.Dir(at)} {
			if strings.HasPrefix(at, dir+"/") && isGone(dir) {
				n := slices.IndexFunc(gone, func(p string) bool { return !strings.HasPrefix(p, dir+"/") })
				if n < 0 {
					n = len(gone)
				}
				if n > 1 {
					at, files = dir, n
					break
				}
			}
		}
		x := diag.Finding{Rule: "taken-away", Severity: diag.Error, File: at,
			Message: "this file of the record is not here, and git knows of it", Hint: "put it back: git restore " + at}
		if files > 1 {
			x.Message = fmt.Sprintf("nothing of it is here, and git knows of %d files", files)
		}
		out, gone = append(out, x), gone[files:]
	}
	return out
}
