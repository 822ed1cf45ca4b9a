package linter

import (
	"io"
	"io/fs"
	"os"
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

func (p plain) Close() error                               { return p.root.Close() }
func (p plain) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(p.FS, name) }
func (p plain) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(p.FS, name) }
func (p plain) ReadLink(name string) (string, error)       { return fs.ReadLink(p.FS, name) }
func (p plain) ReadFile(name string) ([]byte, error)       { return fs.ReadFile(p.FS, name) }
func (p plain) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.FS, name) }
