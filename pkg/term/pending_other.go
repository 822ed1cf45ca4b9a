//go:build !unix

package term

import (
	"math"
	"time"
)

// lineLimit: a Windows console passes long lines on in pieces.
const lineLimit = math.MaxInt

// arrived can't be told on Windows: the count of console events holds released
// keys and mouse moves too, and waiting for a line that never comes would be worse
// than not joining a paste.
func arrived(int, time.Duration) bool { return false }

func unfinished(int) bool { return false }
