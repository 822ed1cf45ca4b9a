package linter

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// FS is a record folder to be read until it is closed.
type FS interface {
	fs.FS
	io.Closer
}

// plain is what os.Root gives.
type plain struct {
	fs.FS
	root *os.Root
}

func (p plain) Close() error                          { return p.root.Close() }
func (p plain) Stat(name string) (fs.FileInfo, error) { return fs.Stat(p.FS, name) }
func (p plain) ReadLink(name string) (string, error)  { return fs.ReadLink(p.FS, name) }

func (p plain) Lstat(name string) (fs.FileInfo, error) {
	info, err := fs.Lstat(p.FS, name)
	return info, absent(err)
}

func (p plain) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(p.FS, name)
	return b, absent(err)
}

func (p plain) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(p.FS, name)
	return list, absent(err)
}

// absent says of what would lie in a folder, or of the folder itself, that it is not there
// where a file lies in the folder's place: as wherever it was taken away, whoever misses it
// tells so.
func absent(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) && at.Err == syscall.ENOTDIR {
		return &fs.PathError{Op: at.Op, Path: at.Path, Err: fs.ErrNotExist}
	}
	return err
}
