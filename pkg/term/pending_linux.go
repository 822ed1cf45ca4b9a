package term

import "golang.org/x/sys/unix"

// lineLimit is the longest line Linux passes on, in bytes: its line buffer has
// 4,096, and one is for the line end. Of a longer line the rest is dropped, so that
// one of exactly this length may be whole or not.
const lineLimit = 4095

// unfinished reports whether the beginning of a line is waiting at the terminal:
// the last line of a paste that did not end with a line break. In canonical mode
// the system keeps it to itself, so the mode is left and entered again at once;
// from then on what was there can be read and no longer be rubbed out.
func unfinished(fd int) bool {
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil || mode.Lflag&unix.ICANON == 0 {
		return false
	}
	peek := *mode
	peek.Lflag &^= unix.ICANON
	if unix.IoctlSetTermios(fd, unix.TCSETS, &peek) != nil {
		return false
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
	if back := unix.IoctlSetTermios(fd, unix.TCSETS, mode); back != nil {
		// Once more, and waiting: leaving the mode behind would take the line editing away.
		_ = unix.IoctlSetTermios(fd, unix.TCSETSW, mode)
	}
	return err == nil && n > 0
}
