//go:build !windows

package term

// enableStyling reports whether the terminal understands styling; outside
// Windows TERM has said so already.
func enableStyling() bool { return true }
