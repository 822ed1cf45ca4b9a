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
	"github.com/sendctl/sendctl/pkg/trail"
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
	back, would, all, be := "put it back: git restore --staged --worktree ", "would be", "would be", "would"
	if rev != "" {
		back, would, all, be = "put it back: git restore --source="+rev+" --staged --worktree ", "was", "were", "did"
	}
	var gone []string
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
			gone = append(gone, p)
			continue
		case err != nil: // a link, or what nobody may read: whoever reads the record tells of that
			continue
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
	return append(out, tellGone(next, gone, "this file of the record "+would+" taken away", "all %d files of it "+all+" taken away", back)...), nil
}

// Amiss is what git knows of a folder on disk that the files there do not show.
type Amiss struct {
	Gone     []diag.Finding // files of the record that are not here, or that the next commit would take away
	Unmerged []diag.Finding // files in which a merge has not ended
	LeftOut  int            // how many learners a sparse checkout leaves out, in whole or in part
}

// Missing tells of files of the record that git knows and that do not lie in the folder
// on disk: somebody took them away past sendctl, and what is left may well be without
// fault. Likewise of those that the next commit would take away, and of those that a merge
// left as they are. here lists, sorted, files that do lie there; wanted tells which paths
// are asked for.
func (d *Desk) Missing(ctx context.Context, disk fs.FS, here []string, wanted func(p string) bool) (Amiss, error) {
	var out Amiss
	var gone, removed, kept, unmerged []string
	var odd error
	left := map[string]bool{}
	lies := func(name string) bool {
		_, err := fs.Lstat(disk, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) { // whoever reads the record tells of that
			odd = cmp.Or(odd, err)
		}
		return !errors.Is(err, fs.ErrNotExist)
	}
	if err := d.Repo.Known(ctx, func(p []byte, how trail.Held) {
		if how == trail.Tracked {
			for len(here) > 0 && here[0] < string(p) {
				here = here[1:]
			}
			if len(here) > 0 && here[0] == string(p) {
				return
			}
		}
		name := string(p)
		switch {
		case odd != nil || !wanted(name):
		case how == trail.Unmerged:
			if _, record := recordfile.KindAt(name); record || ofRecord(name) {
				unmerged = append(unmerged, name)
			}
		case !ofRecord(name):
		case how == trail.LeftOut:
			if who := strings.SplitN(name, "/", 3); who[0] == "learners" {
				left[who[1]] = true
			}
		case how == trail.Removed && lies(name):
			kept = append(kept, name)
		case how == trail.Removed:
			removed = append(removed, name)
		case !lies(name):
			gone = append(gone, name)
		}
	}); err != nil || odd != nil {
		return Amiss{}, cmp.Or(err, odd)
	}
	out.LeftOut = len(left)
	out.Gone = slices.Concat(tellMissing(disk, gone, "put it back: git restore "),
		tellMissing(disk, removed, "put it back: git restore --staged --worktree "), tellLeaving(kept))
	for _, p := range slices.Compact(unmerged) {
		out.Unmerged = append(out.Unmerged, diag.Finding{Rule: "file", Severity: diag.Error, File: p,
			Message: "git is in the middle of a merge here, so this file may be neither side", Hint: "take the merge back: git merge --abort; then merge by meaning: sendctl sync"})
	}
	return out, nil
}

// tellLeaving tells once of files that are here, and that the next commit would take away.
func tellLeaving(files []string) []diag.Finding {
	if len(files) == 0 {
		return nil
	}
	x := diag.Finding{Rule: "taken-away", Severity: diag.Error, File: files[0],
		Message: "the next commit would take this file of the record away", Hint: "keep it: git restore --staged " + files[0]}
	if n := len(files) - 1; n > 0 {
		x.Message = fmt.Sprintf("the next commit would take this file of the record away, and %d more", n)
		x.Hint = "keep them: git reset"
	}
	return []diag.Finding{x}
}

// ofRecord reports whether a path is one below which nothing is ever taken away by hand.
func ofRecord(p string) bool {
	first, _, below := strings.Cut(p, "/")
	return below && slices.Contains([]string{"learners", "keys", "removals", "seals"}, first)
}

// tellMissing tells of files that git knows and that are not here.
func tellMissing(disk fs.FS, gone []string, back string) []diag.Finding {
	return tellGone(disk, gone, "this file of the record is not here, and git knows of it", "nothing of it is here, and git knows of %d files", back)
}

// tellGone tells of files, sorted, that are not in a state of the folder: of a folder that
// is gone once, by its own name. one and many say so, many with the number of files; back
// and the name are what puts it back.
func tellGone(next fs.FS, gone []string, one, many, back string) []diag.Finding {
	empty := map[string]bool{}
	isGone := func(dir string) bool {
		is, known := empty[dir]
		if !known {
			entries, err := fs.ReadDir(next, dir)
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
		x := diag.Finding{Rule: "taken-away", Severity: diag.Error, File: at, Message: one, Hint: back + at}
		if files > 1 {
			x.Message = fmt.Sprintf(many, files)
		}
		out, gone = append(out, x), gone[files:]
	}
	return out
}
