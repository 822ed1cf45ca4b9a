package term

import (
	"io"
	"os"
	"strings"
	"time"

	xterm "golang.org/x/term"
)

// Widths in columns.
const (
	unknownWidth = 80 // where nobody can tell
	proseWidth   = 80 // longer lines of prose are hard to read
	leastWidth   = 20 // below this, wrapping does more harm than good
)

// Streams are where a command reads and writes, and what may be written there.
// The fields are plain so that a flag (--no-color, --accessible) can change them
// after OS, and a test can make its own.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer

	InTTY, OutTTY, ErrTTY bool

	// Width is the columns for prose: those of the terminal, at most 80; 80 where unknown.
	Width int
	// Columns is the columns of the whole terminal, for tables; 0 means Width.
	Columns int
	// Color allows styling. It is false with NO_COLOR, TERM=dumb, or where Out or
	// Err is no terminal: a styled text does not know which of the two it goes to.
	Color bool
	// Accessible means: no cursor movement, no glyphs, no styling, a heartbeat line
	// in place of a progress bar.
	Accessible bool
	// Now is the clock of Progress; nil means time.Now.
	Now func() time.Time

	lines *lineReader // shared by all prompters, so that none takes lines meant for another
}

// OS gives the streams of this process. getenv is asked for NO_COLOR (any value
// but the empty one, see no-color.org), TERM and ACCESSIBLE ("1", "true", "yes").
func OS(getenv func(string) string) *Streams {
	s := &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY:  xterm.IsTerminal(int(os.Stdin.Fd())),
		OutTTY: xterm.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY: xterm.IsTerminal(int(os.Stderr.Fd())),
		Width:  unknownWidth,
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if w, _, err := xterm.GetSize(int(f.Fd())); err == nil && w > 0 {
			s.Columns = w
			s.Width = min(w, proseWidth)
			break
		}
	}
	switch strings.ToLower(getenv("ACCESSIBLE")) {
	case "1", "true", "yes", "on":
		s.Accessible = true
	}
	s.Color = s.OutTTY && s.ErrTTY && !s.Accessible &&
		getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" && enableStyling()
	return s
}

// proseColumns is Width made usable.
func (s *Streams) proseColumns() int {
	if s.Width <= 0 {
		return proseWidth
	}
	return max(leastWidth, min(s.Width, proseWidth))
}

// tableColumns is the room a table has.
func (s *Streams) tableColumns() int {
	if s.Columns > 0 {
		return max(leastWidth, s.Columns)
	}
	return s.proseColumns()
}

func (s *Streams) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}
