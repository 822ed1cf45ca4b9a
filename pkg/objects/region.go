package objects

import (
	"fmt"
	"io"
	"os"
)

// region is a file that is read in place: mapped where the system can, else read
// piece by piece. Git replaces such files by rename and never cuts them short, so
// a mapping stays good when a repack beside us unlinks the name.
type region struct {
	path string
	size int64
	data []byte   // the mapping, or nil
	file *os.File // where there is no mapping
}

func openRegion(path string) (*region, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	r := &region{path: path, size: info.Size()}
	if data, err := mapFile(f, r.size); err == nil && data != nil {
		r.data = data
		f.Close()
		return r, nil
	}
	r.file = f
	return r, nil
}

func (r *region) close() error {
	if r.data != nil {
		data := r.data
		r.data = nil
		return unmapFile(data)
	}
	if r.file != nil {
		return r.file.Close()
	}
	return nil
}

// at gives n bytes at off. They may be the mapping itself: read only, and not
// beyond close.
func (r *region) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > r.size || int64(n) > r.size-off {
		return nil, &DamagedError{Where: r.path, What: fmt.Sprintf("%d bytes at %d are beyond its end at %d", n, off, r.size)}
	}
	if r.data != nil {
		return r.data[off : off+int64(n) : off+int64(n)], nil
	}
	buf := make([]byte, n)
	if r.file == nil {
		return nil, os.ErrClosed
	}
	if _, err := io.ReadFull(io.NewSectionReader(r.file, off, int64(n)), buf); err != nil {
		return nil, fmt.Errorf("read %s: %w", r.path, err)
	}
	return buf, nil
}

// upTo is at, with fewer bytes where the file ends.
func (r *region) upTo(off int64, n int) ([]byte, error) {
	if off >= 0 && off <= r.size && int64(n) > r.size-off {
		n = int(r.size - off)
	}
	return r.at(off, n)
}

func (r *region) damaged(off int64, format string, args ...any) error {
	return &DamagedError{Where: fmt.Sprintf("%s at %d", r.path, off), What: fmt.Sprintf(format, args...)}
}

// Look calls use with all bytes of a file that git replaces by rename and never cuts
// short, such as its index: mapped where the system can. They are to be read alone, and
// only until use returns.
func Look(path string, use func(b []byte) error) error {
	r, err := openRegion(path)
	if err != nil {
		return err
	}
	defer r.close()
	b, err := r.at(0, int(r.size))
	if err != nil {
		return err
	}
	return use(b)
}
