package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"
)

// journal is what an act is about to do, kept until it is done.
type journal struct {
	Act     string   `json:"act"`
	Changes []Change `json:"changes"`
}

func (s *Store) journalPath() string { return filepath.Join(s.private, "journal.json") }

// Apply carries out changes as one: it writes the journal, replaces the files,
// calls commit, and forgets the journal. Where anything fails, the files are put
// back as they were. After a crash, Recover does the same from the journal.
func (s *Store) Apply(act string, changes []Change, commit func() error) error {
	if err := s.Unmoved(changes); err != nil {
		return err
	}
	b, err := json.Marshal(journal{Act: act, Changes: changes})
	if err != nil {
		return err
	}
	if err := s.at("start"); err != nil {
		return err
	}
	if err := maybe.WriteFile(s.journalPath(), b, 0o600); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	err = s.at("journal")
	if err == nil {
		err = s.replace(changes)
	}
	if err == nil {
		err = commit()
	}
	if err != nil {
		if back := s.putBack(changes); back != nil {
			return errors.Join(err, back)
		}
		return errors.Join(err, s.forget())
	}
	if err := s.at("committed"); err != nil {
		return err
	}
	return s.forget()
}

func (s *Store) forget() error {
	if err := os.Remove(s.journalPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the journal: %w", err)
	}
	return nil
}

// Pending reports whether an act was cut off half-way.
func (s *Store) Pending() bool {
	_, err := os.Stat(s.journalPath())
	return err == nil
}

// Recovered says what Recover did with an act that was cut off.
type Recovered struct {
	Act   string
	Paths []string
	Kept  bool // the commit was there: the act was carried through; else all was put back
}

// Recover finishes an act that was cut off. committed reports whether the history
// already holds the bytes of that file: then the act is carried through, else
// every file is put back. The caller holds the lock. It gives nil where nothing
// was pending.
func (s *Store) Recover(committed func(path string, want []byte) (bool, error)) (*Recovered, error) {
	b, err := os.ReadFile(s.journalPath())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	var j journal
	if err := json.Unmarshal(b, &j); err != nil {
		// The journal is made durable before any file is touched, so one that cannot be read means nothing was begun.
		return nil, s.forget()
	}
	out := &Recovered{Act: j.Act, Kept: len(j.Changes) > 0}
	for _, c := range j.Changes {
		out.Paths = append(out.Paths, c.Path)
		in, err := committed(c.Path, c.New)
		if err != nil {
			return nil, err
		}
		out.Kept = out.Kept && in
	}
	if out.Kept {
		err = s.finish(j.Changes)
	} else {
		err = s.putBack(j.Changes)
	}
	if err != nil {
		return nil, err
	}
	return out, s.forget()
}

// finish makes the files on disk what the commit holds, unless a person changed one since.
func (s *Store) finish(changes []Change) error {
	var todo []Change
	for _, c := range changes {
		now, err := s.read(c.Path)
		if err != nil {
			return err
		}
		if same(now, c.Old) && !same(now, c.New) {
			todo = append(todo, c)
		}
	}
	s.sweep(changes)
	return s.replace(todo)
}

// putBack undoes what replace did, file by file; a file that holds neither the
// old nor the new bytes was changed by a person and is left alone, and said.
func (s *Store) putBack(changes []Change) error {
	var todo []Change
	var odd []error
	for _, c := range changes {
		now, err := s.read(c.Path)
		if err != nil {
			return err
		}
		switch {
		case same(now, c.Old):
		case same(now, c.New):
			todo = append(todo, Change{Path: c.Path, Old: c.New, New: c.Old})
		default:
			odd = append(odd, fmt.Errorf("%s was changed since and is left as it is", c.Path))
		}
	}
	s.sweep(changes)
	if err := s.replace(todo); err != nil {
		return fmt.Errorf("put the files back: %w", err)
	}
	s.prune(changes)
	return errors.Join(odd...)
}

// sweep removes half-written files.
func (s *Store) sweep(changes []Change) {
	for _, c := range changes {
		_ = s.root.Remove(filepath.FromSlash(filepath.Join(filepath.Dir(c.Path), tempName(c.Path))))
	}
}

// prune removes folders that the act made and that are empty again.
func (s *Store) prune(changes []Change) {
	for _, c := range changes {
		if c.Old != nil {
			continue
		}
		for d := filepath.Dir(filepath.FromSlash(c.Path)); d != "." && d != "/"; d = filepath.Dir(d) {
			if s.root.Remove(d) != nil { // a folder that holds something stays
				break
			}
		}
	}
}

func same(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }
