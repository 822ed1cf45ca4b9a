//go:build unix

package trail

import (
	"errors"
	"syscall"
)

// alive says whether a process of that number runs; another user's counts.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || !errors.Is(err, syscall.ESRCH)
}

// stillOpenElsewhere is about Windows only.
func stillOpenElsewhere(error) bool { return false }
