package termtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Prompt is how every prompt ends.
const Prompt = "> "

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// Terminal is a pseudo-terminal of 80 columns. The kernel's line editing, limits
// and echo are what a prompter has to get right, and no fake has them.
type Terminal struct {
	// Side is the side a program reads and writes.
	Side *os.File

	t      testing.TB
	master *os.File

	mu    sync.Mutex
	seen  bytes.Buffer
	since int // what was seen before the last keys
}

// Open makes a terminal, closed when t ends.
func Open(t testing.TB) *Terminal {
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
	tt := &Terminal{t: t, master: master, Side: slave}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := master.Read(b)
			tt.mu.Lock()
			tt.seen.Write(b[:n])
			tt.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { slave.Close(); master.Close() })
	return tt
}

// Command puts cmd on the terminal, as its own session, so that Ctrl-C typed there
// reaches it. The caller starts it.
func (tt *Terminal) Command(cmd *exec.Cmd) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tt.Side, tt.Side, tt.Side
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
}

// Drained waits until all that was written has come through.
func (tt *Terminal) Drained() {
	tt.t.Helper()
	if _, err := tt.Side.WriteString(endMark); err != nil {
		tt.t.Fatal(err)
	}
	tt.Await("the end", func(s string) bool { return strings.HasSuffix(s, endMark) })
	tt.mu.Lock()
	tt.seen.Truncate(tt.seen.Len() - len(endMark))
	tt.mu.Unlock()
}

const endMark = "\x00"

// Text is everything on the screen so far.
func (tt *Terminal) Text() string {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return strings.ReplaceAll(tt.seen.String(), "\r\n", "\n")
}

// Await waits until what came since the last keys satisfies want.
func (tt *Terminal) Await(what string, want func(string) bool) {
	tt.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		tt.mu.Lock()
		since := tt.seen.String()[tt.since:]
		tt.mu.Unlock()
		if want(since) {
			return
		}
		if time.Now().After(end) {
			tt.t.Fatalf("waited in vain for %s; on the screen:\n%s", what, tt.Text())
		}
	}
}

// Prompted waits for a prompt.
func (tt *Terminal) Prompted() {
	tt.t.Helper()
	tt.Await("a prompt", func(s string) bool { return strings.HasSuffix(s, Prompt) })
}

// Shows waits for text.
func (tt *Terminal) Shows(text string) {
	tt.t.Helper()
	tt.Await(text, func(s string) bool { return strings.Contains(strings.ReplaceAll(s, "\r\n", "\n"), text) })
}

// Keys presses keys, without Enter.
func (tt *Terminal) Keys(keys string) {
	tt.t.Helper()
	tt.mu.Lock()
	tt.since = tt.seen.Len()
	tt.mu.Unlock()
	if _, err := tt.master.WriteString(keys); err != nil {
		tt.t.Fatal(err)
	}
}

// Answer waits for a prompt and types lines.
func (tt *Terminal) Answer(lines ...string) {
	tt.t.Helper()
	for _, line := range lines {
		tt.Prompted()
		tt.Keys(line + "\n")
	}
}

// Canonical reports whether the terminal edits lines and echoes.
func (tt *Terminal) Canonical() bool {
	mode, err := unix.IoctlGetTermios(int(tt.Side.Fd()), unix.TCGETS)
	if err != nil {
		tt.t.Fatal(err)
	}
	return mode.Lflag&unix.ICANON != 0 && mode.Lflag&unix.ECHO != 0 && mode.Lflag&unix.ISIG != 0
}
