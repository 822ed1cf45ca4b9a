package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// JournalFormat is the first thing read of a journal. An act of another version
// is left to that version: half-known, it would be put right by half.
const JournalFormat = "sendctl-journal/1"

// journal is what an act is about to do, kept until it is done.
type journal struct {
	Format  string   `json:"format"`
	Folder  string   `json:"folder"` // the record folder, seen from the private one: one repository may hold several
	Act     string   `json:"act"`
	Base    string   `json:"base"` // the last commit before the act; "" for none
	Made    []string `json:"made"` // folders that were not there before, outermost first
	Changes []Change `json:"changes"`
}

func (s *Store) journalPath() string { return filepath.Join(s.private, "journal.json") }

// folder is where the record folder lies, seen from the private one, so that a
// repository may be moved with a journal in it.
func (s *Store) folder() string {
	rel, err := filepath.Rel(s.private, s.dir)
	if err != nil {
		return s.dir
	}
	return filepath.ToSlash(rel)
}

// Apply carries out changes as one: it writes the journal, replaces the files,
// calls commit, and forgets the journal. base is the last commit before the act.
// Where anything fails, the files are put back as they were. After a crash,
// Recover does the same from the journal. Once commit has come back without an
// error the act stands, and nothing is reported as failed.
func (s *Store) Apply(act, base string, changes []Change, commit func() error) error {
	if err := s.Unmoved(changes); err != nil {
		return err
	}
	j := journal{Format: JournalFormat, Folder: s.folder(), Act: act, Base: base, Made: s.missing(changes), Changes: changes}
	b, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := s.at("start"); err != nil {
		return err
	}
	if err := writeWhole(s.journalPath(), b); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	done := 0
	err = s.at("journal")
	if err == nil {
		done, err = s.replace(changes)
	}
	if err == nil {
		err = s.at("replaced")
	}
	if err == nil {
		err = commit()
	}
	if err != nil {
		var keep MovedError
		if moved := (*MovedError)(nil); errors.As(err, &moved) {
			keep = *moved
		}
		left, back := s.putBack(changes[:done], nil)
		if back != nil {
			return errors.Join(err, back) // the journal stays, and the next command tries again
		}
		if s.sweep(changes) != nil {
			return err // likewise
		}
		s.prune(j.Made)
		for _, p := range left {
			if p != keep.Path {
				err = errors.Join(err, fmt.Errorf("%s was changed meanwhile and is left as it is", p))
			}
		}
		if len(left) > 0 {
			_, aside := s.setAside()
			return errors.Join(err, aside)
		}
		return errors.Join(err, s.forget())
	}
	if s.at("committed") != nil {
		return nil
	}
	if s.sweep(changes) == nil {
		_ = s.forget()
	} // a journal that stays is found to be carried out, next time, and clears what lies about
	return nil
}

func (s *Store) forget() error {
	if err := os.Remove(s.journalPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the journal: %w", err)
	}
	return nil
}

// setAside keeps a journal that could not be followed in full under another name:
// it holds bytes that may lie nowhere else.
func (s *Store) setAside() (string, error) {
	name := filepath.Join(s.private, "cut-off-"+time.Now().UTC().Format("20060102T150405.000000000")+".json")
	if err := os.Rename(s.journalPath(), name); err != nil {
		return "", fmt.Errorf("set the journal aside: %w", err)
	}
	return name, nil
}

// Pending reports whether an act was cut off half-way.
func (s *Store) Pending() bool {
	for _, name := range []string{s.journalPath(), s.journalPath() + ".tmp"} {
		if _, err := os.Stat(name); err == nil {
			return true
		}
	}
	return false
}

// History is what Recover asks of the record's history.
type History interface {
	// Head gives the bytes that the last commit holds at a path; nil for none.
	Head(path string) ([]byte, error)
	// Holds reports whether a commit since base holds all of the changes.
	Holds(base string, changes []Change) (bool, error)
	// Settle puts right what the act left in the history's own files, once the
	// record's are as they should be.
	Settle(paths []string) error
}

// Recovered says what Recover did with an act that was cut off.
type Recovered struct {
	Act   string
	Paths []string
	Kept  bool     // the commit was there: the act was carried through; else all was put back
	Left  []string // files that somebody changed since: left as they are
	Aside string   // where the journal is kept when something was left or could not be read
}

// JournalError says that the journal of an act that was cut off is not for this
// program or this folder to follow.
type JournalError struct{ Why string }

func (e *JournalError) Error() string { return "an act was cut off half-way here: " + e.Why }

// Recover finishes an act that was cut off: where the history holds it, it is
// carried through, else every file is put back. A file that somebody changed since
// is left alone. The caller holds the lock. It gives nil where nothing was pending.
// It may itself be cut off at any point and called again.
func (s *Store) Recover(past History) (*Recovered, error) {
	b, err := os.ReadFile(s.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(s.journalPath() + ".tmp")
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	var j journal
	if err := json.Unmarshal(b, &j); err != nil {
		// It was whole before any file was touched, so the disk has lost it since. What lies on disk stays.
		aside, err := s.setAside()
		return &Recovered{Act: "", Aside: aside}, err
	}
	switch {
	case j.Format != JournalFormat:
		return nil, &JournalError{fmt.Sprintf("its journal is of another version of sendctl (%q, this one writes %q); run that version once, then this one", j.Format, JournalFormat)}
	case j.Folder != s.folder():
		return nil, &JournalError{fmt.Sprintf("in another record folder of this repository (%s); run a command there first", filepath.Clean(filepath.Join(s.private, j.Folder)))}
	}
	out := &Recovered{Act: j.Act}
	for _, c := range j.Changes {
		out.Paths = append(out.Paths, c.Path)
	}
	if out.Kept, err = past.Holds(j.Base, j.Changes); err != nil {
		return nil, err
	}
	if out.Kept {
		err = s.finish(j.Changes, past)
	} else {
		out.Left, err = s.putBack(j.Changes, past)
	}
	if err != nil {
		return nil, err
	}
	if err := s.sweep(j.Changes); err != nil {
		return nil, err
	}
	if !out.Kept {
		s.prune(j.Made)
	}
	touched := slices.Clone(out.Paths)
	for _, c := range j.Changes {
		touched = append(touched, filepath.ToSlash(tempName(c.Path))) // somebody may have staged it
		if s.inside == "" {
			touched = append(touched, filepath.ToSlash(s.oldName(c.Path)))
		}
	}
	if err := past.Settle(touched); err != nil {
		return nil, err
	}
	if len(out.Left) > 0 {
		out.Aside, err = s.setAside()
		return out, err
	}
	return out, s.forget()
}

// finish makes the files on disk what the commit holds: one that still holds its
// old bytes, though the last commit has the new ones, was not yet in place.
func (s *Store) finish(changes []Change, past History) error {
	var todo []Change
	for _, c := range changes {
		now, err := s.read(c.Path)
		if err != nil {
			return err
		}
		head, err := past.Head(c.Path)
		if err != nil {
			return err
		}
		if same(now, c.Old) && same(head, c.New) {
			todo = append(todo, c)
		}
	}
	_, err := s.replace(todo)
	return err
}

// putBack undoes what replace did, file by file. A file that holds neither the old
// nor the new bytes was changed by somebody and is left alone, and listed; but one
// that is just as the last commit has it was put there by git, and is in order.
// past is nil in the middle of an act, when the last commit is not yet another.
func (s *Store) putBack(changes []Change, past History) (left []string, err error) {
	for _, c := range changes {
		now, err := s.read(c.Path)
		if err != nil {
			return left, err
		}
		if same(now, c.Old) {
			continue
		}
		if past != nil {
			head, err := past.Head(c.Path)
			if err != nil {
				return left, err
			}
			if same(now, head) {
				continue
			}
		}
		if !same(now, c.New) {
			left = append(left, c.Path)
			continue
		}
		if err := s.restore(c); err != nil {
			return left, fmt.Errorf("put %s back: %w", c.Path, err)
		}
	}
	return left, nil
}

// restore puts one old file back: the very file, where it still has its second name.
func (s *Store) restore(c Change) error {
	name := filepath.FromSlash(c.Path)
	if c.Old == nil {
		return s.root.Remove(name)
	}
	if err := s.root.Rename(s.oldName(c.Path), name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	if err := s.writeBeside(Change{Path: c.Path, New: c.Old}); err != nil {
		return err
	}
	return s.root.Rename(tempName(c.Path), name)
}

// sweep removes half-written files and the second names of old ones.
func (s *Store) sweep(changes []Change) error {
	for _, c := range changes {
		for _, name := range []string{tempName(c.Path), s.oldName(c.Path)} {
			if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) && !notFolder(err) {
				return fmt.Errorf("clear up beside %s: %w", c.Path, err)
			}
		}
	}
	return nil
}

// notFolder: a file lies where a folder of the path should be, so nothing lies below.
func notFolder(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

// missing lists the folders that the changes need and that are not there.
func (s *Store) missing(changes []Change) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range changes {
		var up []string
		for d := filepath.Dir(filepath.FromSlash(c.Path)); d != "." && d != "/" && !seen[d]; d = filepath.Dir(d) {
			seen[d] = true
			if _, err := s.root.Stat(d); err == nil {
				break
			}
			up = append(up, filepath.ToSlash(d))
		}
		for i := len(up) - 1; i >= 0; i-- {
			out = append(out, up[i])
		}
	}
	return out
}

// prune removes the folders that the act made; one that holds something stays.
func (s *Store) prune(made []string) {
	for i := len(made) - 1; i >= 0; i-- {
		_ = s.root.Remove(filepath.FromSlash(made[i]))
	}
}

// writeWhole replaces a file of sendctl's own, which nobody else writes at the
// same time: it is there whole or as it was before. A half-written one has the
// same name every time, so that none is left lying.
func writeWhole(name string, data []byte) error {
	temp := name + ".tmp"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err
}

func same(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }
