package audit

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
)

// onDisk compares a sealed file or a seal with what lies in the work tree.
func (v *verifier) onDisk(p string, want []byte, tell func(Finding)) {
	if v.disk == "" {
		return
	}
	name := filepath.Join(v.disk, filepath.FromSlash(p))
	info, err := os.Lstat(name)
	back := "see what was changed: git diff HEAD -- " + p + "; put it back: git checkout HEAD -- " + p
	x := Finding{Kind: "changed-on-disk", Weight: Broken, File: p, Do: back}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if v.sparse {
			return
		}
		x.Message = "this sealed file was taken away on this disk"
		if path.Ext(p) == seal.Extension {
			x.Message = "this seal was taken away on this disk"
		}
	case err != nil:
		x.Weight, x.Message = CannotTell, "this file cannot be read on this disk"
	case !info.Mode().IsRegular():
		if v.links && info.Mode()&fs.ModeSymlink == 0 {
			return
		}
		x.Message = "on this disk this is no plain file any more"
	default:
		if info.Size() == int64(len(want)) {
			b, err := os.ReadFile(name)
			if err == nil && string(b) == string(want) {
				return
			}
			if err != nil {
				x.Weight, x.Message, x.Do = CannotTell, "this file cannot be read on this disk", ""
				tell(x)
				return
			}
		}
		x.Message = "this was sealed, and was changed on this disk since the last commit"
	}
	tell(x)
}

// agreedOnDisk looks at documents that are as they were agreed, and on this disk are
// not: a new version is being written, or the agreed one was changed by hand.
func (v *verifier) agreedOnDisk(id string, agreed []string, files map[string][]byte, tell func(Finding)) {
	changed := slices.DeleteFunc(agreed, func(p string) bool {
		b, err := os.ReadFile(filepath.Join(v.disk, filepath.FromSlash(p)))
		return err == nil && string(b) == string(files[path.Base(p)])
	})
	if len(changed) == 0 {
		return
	}
	f, err := folder.Open(os.DirFS(v.disk))
	if err != nil {
		return
	}
	r, err := f.Load(id)
	if err != nil {
		return
	}
	for _, x := range rules.Unsealed(f, r) {
		if slices.Contains(changed, x.File) {
			tell(Finding{Kind: "changed-on-disk", Weight: Broken, File: x.File, Message: x.Message,
				Do: "see what was changed: git diff HEAD -- " + x.File + "; put it back: git checkout HEAD -- " + x.File})
		}
	}
}
