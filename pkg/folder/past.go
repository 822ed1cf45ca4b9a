package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// past is what was read past by whoever only judges: see OpenAnyway and LoadInto.
type past struct {
	versions []*recordfile.VersionError
	unread   []string
}

// unread tells of a file or folder that cannot be read, where that is read past; else it
// gives the error.
func (f *Folder) unread(name string, err error, findings *[]diag.Finding) error {
	why := (*fs.PathError)(nil)
	if f.past == nil || !errors.As(err, &why) {
		return fmt.Errorf("read %s: %w", name, err)
	}
	x := diag.Finding{Rule: "file", Severity: diag.Error, File: name,
		Message: "this cannot be read, so what rests on it was not checked: " + why.Err.Error(), Hint: "see who may read it, and whether the disk is sound"}
	if !utf8.ValidString(name) {
		x.Message, x.Hint = "the name of this file is no text in UTF-8, so it was not read, and what rests on it was not checked", "give it a name of small letters, figures and hyphens, as sendctl help records shows"
	}
	f.past.unread = append(f.past.unread, name)
	*findings = append(*findings, x)
	return nil
}

// isFile tells of a file that lies where a folder of the setting's own must, where that is
// read past.
func (f *Folder) isFile(name string) bool {
	if f.past == nil {
		return false
	}
	info, err := fs.Lstat(f.fsys, name)
	if err != nil || info.IsDir() || info.Mode()&fs.ModeSymlink != 0 {
		return false
	}
	f.Findings = append(f.Findings, notFolder(name))
	return true
}

func notFolder(name string) diag.Finding {
	return diag.Finding{Rule: "file", Severity: diag.Error, File: name,
		Message: "this is a file, and a folder belongs here", Hint: "take it out, or give it another name; if files were lost with the folder, put them back from the history"}
}

// listed looks whether the learners can be listed and reached, and tells where not.
func (f *Folder) listed() error {
	const dir = "learners"
	entries, err := fs.ReadDir(f.fsys, dir)
	if i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return ids.ValidLearner(e.Name()) }); err == nil && i >= 0 {
		// A folder may be listed and not entered.
		if _, shut := fs.Lstat(f.fsys, path.Join(dir, entries[i].Name())); errors.Is(shut, fs.ErrPermission) {
			err = shut
		}
	}
	if err == nil {
		return nil
	}
	if f.barred = true; f.isFile(dir) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.unread(dir, err, &f.Findings)
}

// readPast settles what was read past: of a folder that cannot be entered at all it tells
// once, and what could not be read is not counted as looked at.
func (r *Record) readPast(p past) {
	if r.Unread = p.unread; len(r.Unread) == 0 {
		return
	}
	if slices.Contains(r.Unread, r.Dir) || r.allUnread() {
		unread := func(x diag.Finding) bool { return slices.Contains(r.Unread, x.File) }
		x := r.Findings[slices.IndexFunc(r.Findings, unread)]
		x.File = r.Dir
		r.Findings = diag.Sort(append(slices.DeleteFunc(r.Findings, unread), x))
		r.Unread = []string{r.Dir}
	}
	r.Files = slices.DeleteFunc(r.Files, func(p string) bool { return below(p, r.Unread) })
}

func below(p string, these []string) bool {
	return slices.ContainsFunc(these, func(at string) bool { return p == at || strings.HasPrefix(p, at+"/") })
}

// SealsListed reports whether it is known what of the record is sealed.
func (r *Record) SealsListed() bool { return !below(r.path("seals"), r.Unread) }

// allUnread reports whether nothing at all of a record can be read, though it is there.
func (r *Record) allUnread() bool {
	return len(r.Files) > 1 && !slices.ContainsFunc(r.Files, func(p string) bool { return !slices.Contains(r.Unread, p) })
}
