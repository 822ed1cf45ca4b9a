package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// settle is how long after a line the next must have come to belong to the same
// paste. A paste arrives within a few milliseconds; no hand is that fast.
const settle = 30 * time.Millisecond

// settleMore is the same once lines have come together: over a slow connection a
// paste arrives in parts.
const settleMore = 150 * time.Millisecond

// lineReader reads lines from a terminal in its ordinary (canonical) mode, in
// which the system lets the person correct the line until Enter. There is one for
// each Streams: what was read ahead would be lost to a second one.
type lineReader struct {
	from  io.Reader
	buf   []byte
	ended bool       // the end of input was met and not yet told
	busy  chan chunk // not nil while a read is under way; it outlives a cancelled wait
}

type chunk struct {
	data []byte
	err  error
}

// lines gives the one reader of s.
func (s *Streams) reader() *lineReader {
	if s.lines == nil {
		s.lines = &lineReader{from: s.In}
	}
	return s.lines
}

// line gives the next line without its end. A last line without an end is a line
// too; after it, and at the end of input (Ctrl-D), comes io.EOF. At a terminal one
// can go on after that.
func (l *lineReader) line(ctx context.Context) (string, error) {
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if i := bytes.IndexByte(l.buf, '\n'); i >= 0 {
			text := string(l.buf[:i])
			l.buf = l.buf[i+1:]
			return strings.TrimSuffix(text, "\r"), nil
		}
		if l.ended {
			if len(l.buf) > 0 {
				text := string(l.buf)
				l.buf = nil
				return text, nil
			}
			l.ended = false
			return "", io.EOF
		}
		if err := l.more(ctx); err != nil {
			return "", err
		}
	}
}

// more reads once. The read runs beside the wait, since nothing can call it back:
// when ctx ends first, what it brings is there for the next call.
func (l *lineReader) more(ctx context.Context) error {
	if l.busy == nil {
		l.busy = make(chan chunk, 1)
		go func(done chan<- chunk, from io.Reader) {
			b := make([]byte, 64<<10)
			n, err := from.Read(b)
			done <- chunk{b[:n], err}
		}(l.busy, l.from)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case c := <-l.busy:
		l.busy = nil
		l.buf = append(l.buf, c.data...)
		switch {
		case errors.Is(c.err, io.EOF):
			l.ended = true
		case c.err != nil:
			return c.err
		}
		return nil
	}
}

// waiting is what has arrived after the last line.
type waiting uint8

const (
	nothing   waiting = iota
	partLine          // the beginning of a line, without its end
	wholeLine         // one line or more
)

// waiting looks whether more input has come already, giving it wait to come.
func (l *lineReader) waiting(ctx context.Context, wait time.Duration) waiting {
	f, ok := l.from.(*os.File)
	for {
		switch {
		case bytes.IndexByte(l.buf, '\n') >= 0:
			return wholeLine
		case l.ended || !ok || l.busy != nil:
			return nothing
		case arrived(int(f.Fd()), wait):
			if l.more(ctx) != nil {
				return nothing
			}
		case len(l.buf) > 0 || unfinished(int(f.Fd())):
			return partLine
		default:
			return nothing
		}
	}
}
