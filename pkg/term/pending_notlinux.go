//go:build unix && !linux

package term

// lineLimit is MAX_CANON of macOS and the BSDs: bytes at which a line is full.
const lineLimit = 1023

// unfinished can't be told here: leaving and entering canonical mode, as on
// Linux, prints the waiting input a second time.
func unfinished(int) bool { return false }
