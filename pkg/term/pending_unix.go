//go:build unix

package term

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// arrived reports whether fd can be read without waiting, giving it up to wait to
// become so. At a terminal that means: a whole line is there. It is select and not
// poll because poll does not know terminals on some releases of macOS.
func arrived(fd int, wait time.Duration) bool {
	if fd < 0 || fd >= unix.FD_SETSIZE {
		return false
	}
	until := time.Now().Add(wait)
	for {
		var set unix.FdSet
		set.Set(fd)
		tv := unix.NsecToTimeval(int64(max(0, time.Until(until))))
		n, err := unix.Select(fd+1, &set, nil, nil, &tv)
		if errors.Is(err, unix.EINTR) { // the runtime's own signals do this
			continue
		}
		return err == nil && n > 0
	}
}
