package linter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/folder"
)

// afresh has a disk read anew what it just read.
func afresh(fsys FS) {
	if d, ok := fsys.(*disk); ok {
		d.mu.Lock()
		d.recent = [len(d.recent)]recent{}
		d.mu.Unlock()
	}
}

// What cannot be read as a regular file is told of as it is by Lstat, and no pipe is waited for.
func TestWhatIsNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("file"), []byte("words"), 0o600))
	must(t, os.WriteFile(at("empty"), nil, 0o600))
	must(t, os.WriteFile(at("exact"), make([]byte, 100), 0o600))
	must(t, os.WriteFile(at("large"), make([]byte, 101), 0o600))
	must(t, os.WriteFile(at("shut"), []byte("words"), 0o000))
	must(t, os.Symlink("file", at("link")))
	must(t, os.Symlink("/etc", at("out")))
	must(t, os.Symlink("none", at("dangling")))
	must(t, syscall.Mkfifo(at("pipe"), 0o600))
	fsys, err := Disk(dir)
	must(t, err)
	defer fsys.Close()
	reader, ok := fsys.(folder.RegularReader)
	if !ok {
		t.Skip("the kernel does not let openat2 through")
	}
	if b, err := fs.ReadFile(fsys, "pipe"); err != nil || len(b) > 0 { // where a file that is sealed lay, say
		t.Errorf("a pipe nobody writes to: %q, %v", b, err)
	}
	for _, name := range []string{"file", "empty", "exact", "large", "shut", "link", "out", "out/passwd", "dangling", "pipe", ".", "none", "none/none", "file/none", "../x", ""} {
		info, b, err := reader.ReadRegular(name, 100)
		want, wrong := fs.Lstat(fsys, name)
		var told []byte
		if wrong == nil && want.Mode().IsRegular() && want.Size() <= 100 {
			afresh(fsys)
			told, wrong = fs.ReadFile(fsys, name)
		}
		if wrong != nil {
			if err == nil || errors.Is(err, fs.ErrNotExist) != errors.Is(wrong, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) != errors.Is(wrong, fs.ErrPermission) {
				t.Errorf("%q: %v, not %v", name, err, wrong)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if diff := cmp.Diff(fs.FormatFileInfo(want), fs.FormatFileInfo(info)); diff != "" || string(b) != string(told) {
			t.Errorf("%q holds %q, not %q\n%s", name, b, told, diff)
		}
	}
}

// A file that grew or shrank since its size was asked for is read to its end.
func TestReadToTheEnd(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	for _, size := range []int{0, 1, 5, 4096, 16 << 10, 40 << 10} {
		must(t, os.WriteFile(name, make([]byte, size), 0o600))
		for _, said := range []int{0, 1, 4, 5, 6, 4095, 4096, 4097, 50 << 10} {
			f, err := os.Open(name)
			must(t, err)
			b, err := readAll(int(f.Fd()), said)
			must(t, err)
			must(t, f.Close())
			if len(b) != size {
				t.Errorf("%d bytes of %d, said to be %d", len(b), size, said)
			}
		}
	}
}
