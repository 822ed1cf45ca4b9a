package trail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A lock of git's is a file PATH.lock that nobody may create twice. Git writes
// the new content into it and renames it into place. We put one line into it
// that says whose it is, and rename another file into place while we hold it,
// so that a lock left by a killed sendctl can be told from one of git's.

// lockMark begins the line in our locks: "sendctl PID HOST BOOT STARTED".
const lockMark = "sendctl "

type lock struct{ path string }

// lockLine names this process such that another one on the same machine can
// tell whether it still lives.
func lockLine() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "-"
	}
	pid := os.Getpid()
	return fmt.Sprintf("%s%d %s %s %s\n", lockMark, pid, strings.ReplaceAll(host, " ", "-"), bootID(), started(pid))
}

// takeLock creates path+".lock", waiting for whoever holds it for as long as
// r.patience, and returns a *BusyError after that.
func (r *Repo) takeLock(ctx context.Context, path string) (*lock, error) {
	dir, err := r.privateDir()
	if err != nil {
		return nil, err
	}
	line := lockLine()
	tmp, err := writeTemp(dir, "lock", []byte(line), false, nil)
	if err != nil {
		return nil, fmt.Errorf("prepare a lock: %w", err)
	}
	defer os.Remove(tmp)
	target := path + ".lock"
	deadline := time.Now().Add(r.patience)
	for wait := time.Millisecond; ; wait = min(wait*3/2, 50*time.Millisecond) {
		err := createLock(tmp, target, line)
		if err == nil {
			return &lock{path: target}, nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			// Git removes empty branch folders at any time.
			if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
				return nil, fmt.Errorf("make the folder of %s: %w", target, err)
			}
		} else if !errors.Is(err, fs.ErrExist) && !stillOpenElsewhere(err) {
			return nil, fmt.Errorf("take %s: %w", target, err)
		}
		if time.Now().After(deadline) {
			return nil, &BusyError{Lock: target, Holder: holder(target)}
		}
		// Jitter: several waiters must not come back in step.
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait/2 + rand.N(wait)):
		}
	}
}

// createLock makes target with its content in one step by linking to it; where
// the disk has no hard links, create-exclusive and write are two.
func createLock(tmp, target, line string) error {
	err := os.Link(tmp, target)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

func (l *lock) release() { _ = os.Remove(l.path) }

// holder says in words who holds a lock.
func holder(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return "git or another program"
	}
	if !strings.HasPrefix(string(b), lockMark) {
		return "git or another program"
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return "sendctl"
	}
	if abandoned(b) {
		return "a sendctl that was stopped half-way (process " + f[1] + ")"
	}
	return "another sendctl (process " + f[1] + ")"
}

// abandoned says whether the content of a lock is ours and its process is
// certainly gone. Where it cannot be told, it is not.
func abandoned(content []byte) bool {
	f := strings.Fields(string(content))
	if len(f) != 5 || f[0] != strings.TrimSpace(lockMark) {
		return false
	}
	if host, err := os.Hostname(); err != nil || strings.ReplaceAll(host, " ", "-") != f[2] {
		return false // a shared disk, perhaps: that process is not ours to judge
	}
	if f[3] != bootID() {
		return true
	}
	pid, err := strconv.Atoi(f[1])
	if err != nil {
		return false
	}
	return !alive(pid) || ended(pid) || f[4] != started(pid)
}

// bootID tells one start of the machine from the next; "-" where unknown.
func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "-"
	}
	return strings.TrimSpace(string(b))
}

// started tells two processes apart that got the same number; "-" where unknown.
func started(pid int) string {
	if f := procStat(pid); len(f) >= 20 {
		return f[19]
	}
	return "-"
}

// ended reports whether a process has ended and only waits for its parent to take
// notice. In a container whose first process never does, that lasts for ever.
func ended(pid int) bool {
	f := procStat(pid)
	return len(f) > 0 && (f[0] == "Z" || f[0] == "X")
}

// procStat gives what Linux says of a process, from its state on; nil elsewhere
// and where there is none.
func procStat(pid int) []string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil
	}
	// The second field is the command in brackets and may hold anything.
	s := string(b)
	return strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
}

// writeTemp writes a file of ours whose name holds our process number, so that
// Recover can clear it away. tail, which may be nil, gives what follows data;
// it may take its time.
func writeTemp(dir, kind string, data []byte, sync bool, tail func() []byte) (string, error) {
	for {
		name := filepath.Join(dir, fmt.Sprintf("tmp-%s-%d-%08x", kind, os.Getpid(), rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(data)
		if tail != nil {
			if end := tail(); err == nil {
				_, err = f.Write(end)
			}
		}
		if err == nil && sync {
			err = f.Sync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(name)
			return "", err
		}
		return name, nil
	}
}
