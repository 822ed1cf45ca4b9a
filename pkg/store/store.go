package store

import (
	"bytes"
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
	step    func(string) error // called at every step by the crash tests; nil otherwise
}

// Open opens the record folder at dir; private is sendctl's own folder, outside
// the record (.git/sendctl), for the lock, the journal and the drafts.
func Open(dir, private string) (*Store, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	return &Store{root: root, dir: dir, private: private}, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// FS reads the folder; links that lead out of it are refused.
func (s *Store) FS() fs.FS { return s.root.FS() }

// Private is sendctl's own folder.
func (s *Store) Private() string { return s.private }

// Change is one file to be written: Old is what was read (nil where there was no
// file), New what shall be there (nil to remove it).
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
		if !bytes.Equal(now, c.Old) || (now == nil) != (c.Old == nil) {
			return &MovedError{Path: c.Path}
		}
	}
	return nil
}

// read gives a file's bytes, nil where there is none.
func (s *Store) read(p string) ([]byte, error) {
	b, err := s.root.ReadFile(filepath.FromSlash(p))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", p, err)
	case b == nil:
		b = []byte{}
	}
	return b, nil
}

// replace puts every New in its place: all are written beside their targets and
// made durable first, so that a full disk is met before any file is touched.
func (s *Store) replace(changes []Change) (err error) {
	temps := make([]string, len(changes))
	defer func() {
		if err != nil {
			for _, t := range temps {
				if t != "" {
					_ = s.root.Remove(t)
				}
			}
		}
	}()
	for _, c := range changes {
		if err := s.root.MkdirAll(filepath.FromSlash(path.Dir(c.Path)), 0o777); err != nil {
			return fmt.Errorf("make the folder of %s: %w", c.Path, err)
		}
	}
	if err := s.at("folders"); err != nil {
		return err
	}
	errs := make([]error, len(changes))
	var wg sync.WaitGroup // written at once, so that the disk can make them durable together
	for i, c := range changes {
		if c.New == nil {
			continue
		}
		temps[i] = filepath.FromSlash(path.Join(path.Dir(c.Path), tempName(c.Path)))
		wg.Go(func() { errs[i] = s.writeNew(temps[i], c) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if err := s.at("written"); err != nil {
		return err
	}
	for i, c := range changes {
		name := filepath.FromSlash(c.Path)
		if c.New == nil {
			err = s.root.Remove(name)
		} else {
			err = s.root.Rename(temps[i], name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("write %s: %w", c.Path, err)
		}
		if err := s.at(fmt.Sprintf("replaced %d", i)); err != nil {
			return err
		}
	}
	return nil
}

// tempName begins with a dot, so that no listing takes it for a record file.
func tempName(p string) string { return ".sendctl-" + path.Base(p) + ".tmp" }

func (s *Store) writeNew(temp string, c Change) error {
	mode := fs.FileMode(0o666)
	if info, err := s.root.Stat(filepath.FromSlash(c.Path)); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	_, err = io.Copy(f, bytes.NewReader(c.New))
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", c.Path, err)
	}
	return nil
}

func (s *Store) at(step string) error {
	if s.step == nil {
		return nil
	}
	return s.step(step)
}
