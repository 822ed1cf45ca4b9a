package store

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
)

// Recent is one act recorded lately: its commit, and the hash of every file as
// the act left it.
type Recent struct {
	Commit string            `json:"commit"`
	Files  map[string]string `json:"files"`
}

// recentKept is how many acts are remembered. One that changed more than recentFiles is
// remembered only until the next: every act reads the list.
const (
	recentKept  = 100
	recentFiles = 1000
)

func (s *Store) recentPath() string { return filepath.Join(s.private, "recent.json") }

// Recent lists the acts recorded lately, the latest last. It is a convenience,
// not a record: where it cannot be read it is empty.
func (s *Store) Recent() []Recent {
	b, err := os.ReadFile(s.recentPath())
	if err != nil {
		return nil
	}
	var out []Recent
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}

// Remember adds an act to those recorded lately. The caller holds the lock.
func (s *Store) Remember(r Recent) {
	all := slices.DeleteFunc(s.Recent(), func(r Recent) bool { return len(r.Files) > recentFiles })
	all = append(all, r)
	if len(all) > recentKept {
		all = all[len(all)-recentKept:]
	}
	b, err := json.Marshal(all)
	if err != nil {
		return
	}
	// Not made durable: after a power cut git's own processes are gone as well.
	tmp := s.recentPath() + ".tmp"
	if os.WriteFile(tmp, b, 0o600) == nil {
		_ = os.Rename(tmp, s.recentPath())
	}
}
