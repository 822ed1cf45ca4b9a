package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// HeldError says that someone else is writing. Holder is what they said of
// themselves: process, machine, act and since when; never a name from a record.
type HeldError struct{ Holder string }

func (e *HeldError) Error() string {
	if e.Holder == "" {
		return "someone else is writing in this folder: try again in a moment"
	}
	return "someone else is writing in this folder (" + e.Holder + "): try again in a moment"
}

// Lock takes the folder's one lock, waiting up to wait for it; waiting is called
// once, with the holder, when a second has passed. The lock goes with the
// process: a killed one leaves none behind.
func (s *Store) Lock(ctx context.Context, act string, wait time.Duration, waiting func(holder string)) (release func(), err error) {
	if err := os.MkdirAll(s.private, 0o700); err != nil {
		return nil, fmt.Errorf("make sendctl's own folder: %w", err)
	}
	l := flock.New(filepath.Join(s.private, "lock"))
	started, told := time.Now(), false
	for {
		got, err := l.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the record folder: %w", err)
		}
		if got {
			break
		}
		since := time.Since(started)
		if since >= wait {
			return nil, &HeldError{Holder: s.holder()}
		}
		if since > time.Second && !told && waiting != nil {
			waiting(s.holder())
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	// The holder's note is beside the lock, because a locked file cannot be read on every system.
	note := filepath.Join(s.private, "holder")
	host, _ := os.Hostname()
	text := fmt.Sprintf("process %d on %s, sendctl %s, since %s", os.Getpid(), host, act, time.Now().Format(time.TimeOnly))
	_ = os.WriteFile(note, []byte(text), 0o600) // only a courtesy to who waits
	return func() {
		_ = os.Remove(note)
		_ = l.Unlock()
	}, nil
}

// holder reads the note; whoever has just taken the lock may be about to write it.
func (s *Store) holder() string {
	for range 10 {
		b, err := os.ReadFile(filepath.Join(s.private, "holder"))
		if text := strings.TrimSpace(string(b)); err == nil && text != "" {
			return text
		}
		time.Sleep(time.Millisecond)
	}
	return ""
}
