package term

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableStyling asks both consoles to understand escape sequences, which older
// Windows consoles do only on request; false where one of them refuses.
func enableStyling() bool {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		h := windows.Handle(f.Fd())
		var mode uint32
		if windows.GetConsoleMode(h, &mode) != nil ||
			windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) != nil {
			return false
		}
	}
	return true
}
