package trail

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// share widens the permissions of a file or folder just made under .git as
// core.sharedRepository asks, so that a colleague's git can go on from there.
func (r *Repo) share(path string) {
	all, err := r.effective()
	if err != nil {
		return
	}
	v, ok := all.get("core.sharedrepository")
	if !ok {
		return
	}
	var widen fs.FileMode
	exact := false
	switch strings.ToLower(v) {
	case "group", "true", "1", "yes", "on":
		widen = 0o660
	case "all", "world", "everybody", "2":
		widen = 0o664
	default:
		n, err := strconv.ParseUint(v, 8, 32)
		if err != nil || n < 0o600 || n > 0o777 {
			return // umask, false
		}
		widen, exact = fs.FileMode(n)&0o666, true
	}
	st, err := os.Lstat(path)
	if err != nil {
		return
	}
	mode := st.Mode().Perm()
	if mode&0o200 == 0 {
		widen &^= 0o222 // objects stay read-only
	}
	if st.IsDir() || mode&0o100 != 0 {
		widen |= widen & 0o444 >> 2
	}
	if exact {
		mode = widen
	}
	mode |= widen
	if st.IsDir() {
		mode |= fs.ModeSetgid
	}
	_ = os.Chmod(path, mode)
}
