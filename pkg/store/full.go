package store

import (
	"errors"
	"syscall"
)

// fullDisk reports whether err says that there is no room, or that the disk failed.
func fullDisk(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EROFS)
}
