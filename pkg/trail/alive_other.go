//go:build !unix

package trail

import (
	"errors"
	"io/fs"
	"os"
)

// alive says whether a process of that number runs.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}

// stillOpenElsewhere: Windows denies creating a file that someone is just
// deleting or reading; waiting helps.
func stillOpenElsewhere(err error) bool { return errors.Is(err, fs.ErrPermission) }
