package term

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a real pseudo-terminal: the kernel's line editing, limits and echo
// are what the prompter has to get right, and no fake has them.
type terminal struct {
	t      *testing.T
	master *os.File
	slave  *os.File

	mu    sync.Mutex
	seen  bytes.Buffer
	since int // what was seen before the last keys
}

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, master: master, slave: slave}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := master.Read(b)
			term.mu.Lock()
			term.seen.Write(b[:n])
			term.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { slave.Close(); master.Close() })
	return term
}

// streams are those of a program on the terminal.
func (tt *terminal) streams() *Streams {
	return &Streams{In: tt.slave, Out: tt.slave, Err: tt.slave, InTTY: true, OutTTY: true, ErrTTY: true, Width: 80}
}

// drained waits until all that was written has come through.
func (tt *terminal) drained() {
	tt.t.Helper()
	if _, err := tt.slave.WriteString(endMark); err != nil {
		tt.t.Fatal(err)
	}
	tt.await("the end", func(s string) bool { return strings.HasSuffix(s, endMark) })
	tt.mu.Lock()
	tt.seen.Truncate(tt.seen.Len() - len(endMark))
	tt.mu.Unlock()
}

const endMark = "\x00"

// text is everything on the screen so far.
func (tt *terminal) text() string {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return strings.ReplaceAll(tt.seen.String(), "\r\n", "\n")
}

// await waits until what came since the last keys satisfies want.
func (tt *terminal) await(what string, want func(string) bool) {
	tt.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		tt.mu.Lock()
		since := tt.seen.String()[tt.since:]
		tt.mu.Unlock()
		if want(since) {
			return
		}
		if time.Now().After(end) {
			tt.t.Fatalf("waited in vain for %s; on the screen:\n%s", what, tt.text())
		}
	}
}

// prompted waits for a prompt.
func (tt *terminal) prompted() {
	tt.t.Helper()
	tt.await("a prompt", func(s string) bool { return strings.HasSuffix(s, "> ") })
}

// shows waits for text.
func (tt *terminal) shows(text string) {
	tt.t.Helper()
	tt.await(text, func(s string) bool { return strings.Contains(strings.ReplaceAll(s, "\r\n", "\n"), text) })
}

// keys presses keys, without Enter.
func (tt *terminal) keys(keys string) {
	tt.t.Helper()
	tt.mu.Lock()
	tt.since = tt.seen.Len()
	tt.mu.Unlock()
	if _, err := tt.master.WriteString(keys); err != nil {
		tt.t.Fatal(err)
	}
}

// answer waits for a prompt and types lines.
func (tt *terminal) answer(lines ...string) {
	tt.t.Helper()
	for _, line := range lines {
		tt.prompted()
		tt.keys(line + "\n")
	}
}

// canonical reports whether the terminal edits lines and echoes.
func (tt *terminal) canonical() bool {
	mode, err := unix.IoctlGetTermios(int(tt.slave.Fd()), unix.TCGETS)
	if err != nil {
		tt.t.Fatal(err)
	}
	return mode.Lflag&unix.ICANON != 0 && mode.Lflag&unix.ECHO != 0 && mode.Lflag&unix.ISIG != 0
}
