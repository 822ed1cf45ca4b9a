package linter

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Disk is the record folder on disk, for reading all of it: like os.Root it gives
// nothing that lies outside, and it asks the system for half as much. What was just read
// is read once: a file and its seal are judged by the same bytes.
//
// The list of learners is taken once and stays. Close it when done.
func Disk(dir string) (FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	d := &disk{FS: root.FS(), root: root, seed: maphash.MakeSeed()}
	d.rooms.New = func() any { return new([listRoom]byte) }
	if d.fd, err = unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err != nil {
		_ = root.Close()
		return nil, fmt.Errorf("open the record folder: %w", err)
	}
	fd, err := d.open(".", unix.O_DIRECTORY)
	if err != nil { // a kernel before 5.6, or a box that does not let it through
		_ = unix.Close(d.fd)
		return plain{root.FS(), root}, nil
	}
	_ = unix.Close(fd)
	return d, nil
}

type disk struct {
	fs.FS // os.Root's, for what is asked for seldom
	root  *os.Root
	fd    int

	rooms sync.Pool // of *[listRoom]byte, for lists of folders

	mu       sync.Mutex
	learners []fs.DirEntry
	seed     maphash.Seed
	sums     [64]uint64 // of the names of recent, by which they are looked for
	recent   [64]recent // what was read last, in turn
	next     int
}

type recent struct {
	name string
	b    []byte
}

const listRoom = 32 << 10 // bytes

// Close ends the use of the folder.
func (d *disk) Close() error { return errors.Join(unix.Close(d.fd), d.root.Close()) }

// open opens what lies in the folder: no link leads out of it.
func (d *disk) open(name string, flags uint64) (int, error) {
	how := unix.OpenHow{Flags: unix.O_RDONLY | unix.O_CLOEXEC | flags, Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_MAGICLINKS}
	for {
		fd, err := unix.Openat2(d.fd, name, &how)
		if err != unix.EINTR && err != unix.EAGAIN {
			return fd, err
		}
	}
}

// Lstat describes a file, or the link itself.
func (d *disk) Lstat(name string) (fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrInvalid}
	}
	var st unix.Stat_t
	for {
		err := unix.Fstatat(d.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil {
			return infoOf(name, &st), nil
		}
		if err != unix.EINTR {
			return nil, absent(&fs.PathError{Op: "lstat", Path: name, Err: err})
		}
	}
}

// Stat describes a file, or what a link leads to.
func (d *disk) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }

// ReadLink gives where a link leads.
func (d *disk) ReadLink(name string) (string, error) { return fs.ReadLink(d.FS, name) }

// ReadFile reads a file. What it gives may be given to another reader too, and is not to
// be written to. No pipe is waited for: it holds nothing.
func (d *disk) ReadFile(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	sum := maphash.String(d.seed, name)
	if b, ok := d.again(sum, name); ok {
		return b, nil
	}
	fd, err := d.open(name, unix.O_NONBLOCK)
	if err != nil {
		return nil, absent(&fs.PathError{Op: "open", Path: name, Err: err})
	}
	b, err := readAll(fd, 0)
	_ = unix.Close(fd)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	d.keep(sum, name, b)
	return b, nil
}

// ReadRegular is Lstat, and ReadFile where that tells of a regular file of at most most
// bytes, in one go: it is looked up once. See folder.RegularReader.
func (d *disk) ReadRegular(name string, most int64) (fs.FileInfo, []byte, error) {
	if !fs.ValidPath(name) {
		return nil, nil, &fs.PathError{Op: "lstat", Path: name, Err: fs.ErrInvalid}
	}
	// It is opened before it is known what it is: a link is not followed, and no pipe waited for.
	fd, err := d.open(name, unix.O_NOFOLLOW|unix.O_NONBLOCK)
	if err != nil { // a link, nothing at all, or what nobody may read
		info, err := d.Lstat(name)
		if err != nil || !info.Mode().IsRegular() || info.Size() > most {
			return info, nil, err
		}
		b, err := d.ReadFile(name)
		return info, b, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, nil, &fs.PathError{Op: "lstat", Path: name, Err: err}
	}
	i := infoOf(name, &st)
	if !i.Mode().IsRegular() || i.Size() > most {
		return i, nil, nil
	}
	sum := maphash.String(d.seed, name)
	if b, ok := d.again(sum, name); ok {
		return i, b, nil
	}
	b, err := readAll(fd, int(i.Size()))
	if err != nil {
		return nil, nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	d.keep(sum, name, b)
	return i, b, nil
}

// again gives what was just read of a file.
func (d *disk) again(sum uint64, name string) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, other := range d.sums {
		if other == sum && d.recent[i].name == name {
			return d.recent[i].b, true
		}
	}
	return nil, false
}

func (d *disk) keep(sum uint64, name string, b []byte) {
	d.mu.Lock()
	d.sums[d.next], d.recent[d.next] = sum, recent{name, b}
	d.next = (d.next + 1) % len(d.recent)
	d.mu.Unlock()
}

// readAll reads a file to its end, which mostly is where its size said.
func readAll(fd, size int) ([]byte, error) {
	b := make([]byte, size+1)
	n := 0
	for {
		if n == len(b) {
			b = append(b, make([]byte, max(len(b), 16<<10))...)
		}
		m, err := unix.Read(fd, b[n:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case m == 0:
			return b[:n:n], nil
		default:
			n += m
			if n == size { // there was room for more, and it is a regular file
				return b[:n:n], nil
			}
		}
	}
}

// ReadDir lists a folder by name.
func (d *disk) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "learners" {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.learners != nil {
			return slices.Clone(d.learners), nil
		}
	}
	fd, err := d.open(name, unix.O_DIRECTORY)
	if err != nil {
		return nil, absent(&fs.PathError{Op: "open", Path: name, Err: err})
	}
	defer unix.Close(fd)
	found := make([]entry, 0, 8)
	room := d.rooms.Get().(*[listRoom]byte)
	defer d.rooms.Put(room)
	for {
		n, err := unix.ReadDirent(fd, room[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
		}
		if n == 0 {
			break
		}
		if found, err = d.entries(found, name, room[:n]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	list := make([]fs.DirEntry, len(found))
	for i := range found {
		list[i] = &found[i]
	}
	if name == "learners" {
		d.learners = slices.Clone(list)
	}
	return list, nil
}

// entries reads what getdents64(2) gave: inode and offset of 8 bytes each, 2 of length,
// one of type, and the name with a zero byte.
func (d *disk) entries(list []entry, dir string, b []byte) ([]entry, error) {
	const nameAt = 19
	for text := string(b); len(text) > nameAt; { // the names are cut from it
		size := int(text[16]) | int(text[17])<<8
		if size <= nameAt || size > len(text) {
			return nil, &fs.PathError{Op: "readdir", Path: dir, Err: errors.New("the system gave half an entry")}
		}
		name, _, _ := strings.Cut(text[nameAt:size], "\x00")
		kind := text[18]
		text = text[size:]
		if name == "." || name == ".." {
			continue
		}
		e := entry{d: d, dir: dir, name: name}
		switch kind {
		case unix.DT_REG:
		case unix.DT_DIR:
			e.mode = fs.ModeDir
		case unix.DT_LNK:
			e.mode = fs.ModeSymlink
		default: // a device, a pipe, or a disk that does not say
			i, err := d.Lstat(path.Join(dir, name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			e.mode = i.Mode().Type()
		}
		list = append(list, e)
	}
	return list, nil
}

type entry struct {
	d         *disk
	dir, name string
	mode      fs.FileMode
}

func (e *entry) Name() string               { return e.name }
func (e *entry) IsDir() bool                { return e.mode.IsDir() }
func (e *entry) Type() fs.FileMode          { return e.mode }
func (e *entry) Info() (fs.FileInfo, error) { return e.d.Lstat(path.Join(e.dir, e.name)) }
func (e *entry) String() string             { return fs.FormatDirEntry(e) }

type info struct {
	name    string
	size    int64 // bytes
	mode    fs.FileMode
	changed unix.Timespec
}

// infoOf is what the system says of the file at a path.
func infoOf(name string, st *unix.Stat_t) *info {
	return &info{name: path.Base(name), size: st.Size, mode: modeOf(st.Mode), changed: st.Mtim}
}

func (i *info) Name() string       { return i.name }
func (i *info) Size() int64        { return i.size }
func (i *info) Mode() fs.FileMode  { return i.mode }
func (i *info) ModTime() time.Time { return time.Unix(i.changed.Unix()) }
func (i *info) IsDir() bool        { return i.mode.IsDir() }
func (i *info) Sys() any           { return nil }

func modeOf(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & syscall.S_IFMT {
	case syscall.S_IFREG:
	case syscall.S_IFDIR:
		m |= fs.ModeDir
	case syscall.S_IFLNK:
		m |= fs.ModeSymlink
	case syscall.S_IFIFO:
		m |= fs.ModeNamedPipe
	case syscall.S_IFSOCK:
		m |= fs.ModeSocket
	default:
		m |= fs.ModeDevice
	}
	return m
}
