package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Draft is what a person has typed so far, kept outside the record and the history.
type Draft struct {
	Name string    // "review-bk7m2xqt-k4f7"
	At   time.Time // last answer
	Data []byte
}

func (s *Store) draftPath(name string) string {
	return filepath.Join(s.private, "drafts", name+".json")
}

// KeepDraft saves a draft whole, readable by its owner alone.
func (s *Store) KeepDraft(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Join(s.private, "drafts"), 0o700); err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	if err := writeWhole(s.draftPath(name), data); err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	return nil
}

// Draft reads a draft; ok is false when there is none.
func (s *Store) Draft(name string) (d Draft, ok bool, err error) {
	p := s.draftPath(name)
	info, err := os.Stat(p)
	if errors.Is(err, os.ErrNotExist) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read the draft: %w", err)
	}
	b, err := os.ReadFile(p)
	if err != nil {
		return d, false, fmt.Errorf("read the draft: %w", err)
	}
	return Draft{Name: name, At: info.ModTime(), Data: b}, true, nil
}

// DropDraft removes a draft, and what a killed process left half-written of it;
// none there is fine.
func (s *Store) DropDraft(name string) error {
	if half, err := filepath.Glob(filepath.Join(filepath.Dir(s.draftPath(name)), "."+name+".json*")); err == nil {
		for _, h := range half {
			_ = os.Remove(h)
		}
	}
	if err := os.Remove(s.draftPath(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the draft: %w", err)
	}
	return nil
}

// Drafts lists the names of the drafts kept here.
func (s *Store) Drafts() []string {
	entries, err := os.ReadDir(filepath.Join(s.private, "drafts"))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			out = append(out, name)
		}
	}
	return out
}
