package diagfmt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// writeJSON writes one value, laid out for people, and a line break.
func writeJSON(w io.Writer, value any) error {
	var b laying
	if err := b.add(value, 0); err != nil {
		return err
	}
	_, err := w.Write(append(b.out, '\n'))
	return err
}

// inParts has n things written on all cores, some in a row: what comes first in the list
// comes first in what is given. write appends those from a number up to another.
func inParts(n int, write func(to []byte, from, upto int) ([]byte, error)) ([][]byte, error) {
	const row = 256
	parts := make([][]byte, (n+row-1)/row)
	failed := make([]error, len(parts))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		wg.Go(func() {
			room := 0 // the next part will be about as long as the last one
			for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
				parts[i], failed[i] = write(make([]byte, 0, room), i*row, min(i*row+row, n))
				room = len(parts[i]) + len(parts[i])/8
			}
		})
	}
	wg.Wait()
	return parts, errors.Join(failed...)
}

// writeParts writes what was written in parts, one after the other.
func writeParts(w io.Writer, parts ...[]byte) error {
	if b, ok := w.(*bytes.Buffer); ok {
		size := 0
		for _, p := range parts {
			size += len(p)
		}
		b.Grow(size)
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// laying collects JSON laid out as json.Indent does it, two spaces a step. Characters
// that could steer a terminal are JSON escapes in it, which mean the same: JSON itself
// only does so below U+0020. Both is done in one go, since of very many findings it is
// most of the work that a second run has.
type laying struct {
	out  []byte
	room bytes.Buffer // for a value as it comes, on one line
	enc  *json.Encoder
}

// add appends a value that stands so many steps in.
func (l *laying) add(value any, depth int) error {
	if err := l.encode(value); err != nil {
		return err
	}
	line := l.room.Bytes()
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '"':
			i += l.text(line[i:]) - 1
		case '{', '[':
			if l.out = append(l.out, c); line[i+1] == c+2 { // the bracket that closes it
				i++
				l.out = append(l.out, c+2)
				continue
			}
			depth++
			l.next(depth)
		case '}', ']':
			depth--
			l.next(depth)
			l.out = append(l.out, c)
		case ',':
			l.out = append(l.out, c)
			l.next(depth)
		case ':':
			l.out = append(l.out, ':', ' ')
		default:
			l.out = append(l.out, c)
		}
	}
	return nil
}

// addLine appends a value on one line, with its end.
func (l *laying) addLine(value any) error {
	if err := l.encode(value); err != nil {
		return err
	}
	line := l.room.Bytes()
	for i := 0; i < len(line); i++ {
		if line[i] == '"' {
			i += l.text(line[i:]) - 1
		} else {
			l.out = append(l.out, line[i])
		}
	}
	l.out = append(l.out, '\n')
	return nil
}

func (l *laying) encode(value any) error {
	if l.enc == nil {
		l.enc = json.NewEncoder(&l.room)
		l.enc.SetEscapeHTML(false)
	}
	l.room.Reset()
	if err := l.enc.Encode(value); err != nil {
		return err
	}
	l.room.Truncate(l.room.Len() - 1) // the line break that it ends each value with
	return nil
}

// next begins the next line.
func (l *laying) next(depth int) {
	const some = "\n                " // as deep as findings go
	l.out = append(l.out, some[:min(1+2*depth, len(some))]...)
	for at := len(some); at < 1+2*depth; at++ {
		l.out = append(l.out, ' ')
	}
}

// text appends the text that line begins with, quotes and all, and gives its length.
func (l *laying) text(line []byte) int {
	plain := 0 // from here on nothing is appended yet
	for i := 1; ; {
		switch c := line[i]; {
		case c == '"':
			l.out = append(l.out, line[plain:i+1]...)
			return i + 1
		case c == '\\':
			i += 2
		case c < utf8.RuneSelf && c != 0x7f:
			i++
		default:
			r, n := utf8.DecodeRune(line[i:])
			if hazardous(r) {
				l.out = appendEscape(append(l.out, line[plain:i]...), r)
				plain = i + n
			}
			i += n
		}
	}
}

// appendEscape writes a character as one or two JSON escapes.
func appendEscape(to []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(to, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(to, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
}
