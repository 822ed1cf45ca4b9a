package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
)

// Store is a record folder on disk, open for writing.
type Store struct {
	root    *os.Root
	dir     string
	private string
	inside  string             // private seen from the root, where it lies below it
	step    func(string) error // called at every step by the crash tests; nil otherwise
}

// Open opens the record folder at dir; private is sendctl's own folder, outside
// the record (.git/sendctl), for the lock, the journal and the drafts.
func Open(dir, private string) (*Store, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	s := &Store{root: root, dir: dir, private: private}
	if rel, err := filepath.Rel(dir, private); err == nil && filepath.IsLocal(rel) {
		s.inside = rel
	}
	return s, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// FS reads the folder; links that lead out of it are refused.
func (s *Store) FS() fs.FS { return s.root.FS() }

// Private is sendctl's own folder.
func (s *Store) Private() string { return s.private }

// Change is one file to be written: Old is what was read (nil where there was no
// file), New what shall be there (nil to remove it). Where both are the same the
// file is not touched and only has to stay so until the commit.
type Change struct {
	Path string
	Old  []byte
	New  []byte
}

// MovedError says that a file changed between reading and writing.
type MovedError struct{ Path string }

func (e *MovedError) Error() string {
	return e.Path + " was changed by someone else in this moment: nothing was recorded, run the command again"
}

// Unmoved checks that every file still holds the bytes that were read.
func (s *Store) Unmoved(changes []Change) error {
	for _, c := range changes {
		now, err := s.read(c.Path)
		if err != nil {
			return err
		}
		if !same(now, c.Old) {
			return &MovedError{Path: c.Path}
		}
	}
	return nil
}

// read gives a file's bytes, nil where there is none.
func (s *Store) read(p string) ([]byte, error) {
	b, err := s.root.ReadFile(filepath.FromSlash(p))
	switch {
	case errors.Is(err, fs.ErrNotExist), notFolder(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", p, err)
	case b == nil:
		b = []byte{}
	}
	return b, nil
}

// atOnce is how many files are written side by side: each waits for the disk in a
// thread of its own and with a file open, and an import writes twenty thousand.
const atOnce = 64

// replace puts every New in its place, and says how many it put there. All are
// written beside their targets and made durable first, so that a full disk is met
// before any file is touched; and the old file keeps a second name until the act
// is done, so that putting it back needs no room on the disk.
func (s *Store) replace(changes []Change) (done int, err error) {
	for _, c := range changes {
		if same(c.Old, c.New) {
			continue
		}
		if err := s.root.MkdirAll(filepath.FromSlash(path.Dir(c.Path)), 0o777); err != nil {
			return 0, fmt.Errorf("make the folder of %s: %w", c.Path, err)
		}
	}
	if err := s.at("folders"); err != nil {
		return 0, err
	}
	errs := make([]error, len(changes))
	var wg sync.WaitGroup // written at once, so that the disk can make them durable together
	slots := make(chan struct{}, atOnce)
	for i, c := range changes {
		if same(c.Old, c.New) {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() { errs[i] = s.writeNew(c); <-slots })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	if err := s.at("written"); err != nil {
		return 0, err
	}
	for i, c := range changes {
		if err := s.Unmoved(changes[i : i+1]); err != nil {
			return i, err
		}
		switch name := filepath.FromSlash(c.Path); {
		case same(c.Old, c.New):
			continue
		case c.New == nil:
			err = s.root.Remove(name)
		default:
			err = s.root.Rename(tempName(c.Path), name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return i, fmt.Errorf("write %s: %w", c.Path, err)
		}
		// An editor that had the file open may have written into it in the very moment.
		if was, err := s.root.ReadFile(s.oldName(c.Path)); err == nil && c.Old != nil && !bytes.Equal(was, c.Old) {
			return i + 1, &MovedError{Path: c.Path}
		}
		if err := s.at(fmt.Sprintf("replaced %d", i)); err != nil {
			return i + 1, err
		}
	}
	return len(changes), nil
}

// tempName is the name of the half-written file. It begins with a dot, so that no
// listing takes it for a record file.
func tempName(p string) string { return beside(p, ".tmp") }

// oldName is the second name of the old file: in sendctl's own folder, where no
// "git add" finds it, if that lies below the record folder, as it nearly always does.
func (s *Store) oldName(p string) string {
	if s.inside == "" {
		return beside(p, ".old")
	}
	sum := sha256.Sum256([]byte(p))
	return filepath.Join(s.inside, "old-"+hex.EncodeToString(sum[:8]))
}

func beside(p, end string) string {
	return filepath.FromSlash(path.Join(path.Dir(p), ".sendctl-"+path.Base(p)+end))
}

// writeNew writes the new bytes beside the file, with its permissions, and gives
// the old file its second name.
func (s *Store) writeNew(c Change) error {
	if c.New != nil {
		if err := s.writeBeside(c); err != nil {
			return fmt.Errorf("write %s: %w", c.Path, err)
		}
	}
	if c.Old == nil {
		return nil
	}
	old := s.oldName(c.Path)
	if err := s.root.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	// A disk that knows no second names (FAT), or has .git on another disk, goes without; a full one stops here.
	if err := s.root.Link(filepath.FromSlash(c.Path), old); fullDisk(err) {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	return nil
}

func (s *Store) writeBeside(c Change) error {
	temp := tempName(c.Path)
	// One that lies there was left by a killed process, or is a link that leads elsewhere.
	if err := s.root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if info, e := s.root.Stat(filepath.FromSlash(c.Path)); e == nil {
		err = f.Chmod(info.Mode().Perm()) // whatever the umask leaves
	}
	if err == nil {
		_, err = io.Copy(f, bytes.NewReader(c.New))
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func (s *Store) at(step string) error {
	if s.step == nil {
		return nil
	}
	return s.step(step)
}
