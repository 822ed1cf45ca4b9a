package objects

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

const (
	defaultLimit = 256 << 20 // bytes of one object
	cacheBytes   = 48 << 20  // of unpacked bases
	maxDirs      = 64        // object folders, alternates of alternates included
)

// Store reads the objects of one repository and of its alternates. It is safe for
// several goroutines at once; Close is not, and nothing may be read after it.
type Store struct {
	// Limit is the size in bytes beyond which an object is refused. Set it before the first read.
	Limit int64

	// Verify has every object hashed again when it is read. Set it before the first read.
	Verify bool

	common string
	dirs   []string // object folders, our own first

	mu     sync.Mutex // guards the loading of packs
	fault  error      // of the last index that could not be read
	packs  atomic.Pointer[[]*pack]
	recent atomic.Pointer[pack]
	cache  baseCache
	pool   sync.Pool // of *inflater
}

// Open opens the object store of the repository whose common folder (`.git`, for
// a linked worktree that of the main one) is commonDir. It follows
// objects/info/alternates; packs are looked at when first needed. An alternate
// that is gone is passed over, as git does.
func Open(commonDir string) (*Store, error) {
	own := filepath.Join(commonDir, "objects")
	info, err := os.Stat(own)
	if err != nil {
		return nil, fmt.Errorf("open git objects: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("open git objects: %s: not a folder", own)
	}
	s := &Store{Limit: defaultLimit, common: commonDir}
	s.cache.limit = cacheBytes
	s.pool.New = func() any { return new(inflater) }
	if err := s.addDir(own); err != nil {
		return nil, err
	}
	return s, nil
}

// addDir adds an object folder and, behind it, its alternates.
func (s *Store) addDir(dir string) error {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if len(s.dirs) >= maxDirs || slices.Contains(s.dirs, dir) {
		return nil
	}
	s.dirs = append(s.dirs, dir)
	f, err := os.Open(filepath.Join(dir, "info", "alternates"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open git objects: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSuffix(lines.Text(), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '"' {
			if plain, err := strconv.Unquote(line); err == nil {
				line = plain
			}
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(dir, line)
		}
		if info, err := os.Stat(line); err != nil || !info.IsDir() {
			continue
		}
		if err := s.addDir(line); err != nil {
			return err
		}
	}
	return lines.Err()
}

// Close lets go of every file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first error
	if list := s.packs.Load(); list != nil {
		for _, p := range *list {
			if err := p.close(); err != nil && first == nil {
				first = err
			}
		}
	}
	none := []*pack{}
	s.packs.Store(&none)
	s.recent.Store(nil)
	s.cache.clear()
	return first
}

// Object gives an object's kind and its bytes without the header. The bytes may
// be shared with a cache: they must not be changed. As git does, it takes them for
// what the id says, unless Verify is set. An object that is nowhere is a *MissingError;
// one damaged in every copy is a *DamagedError.
func (s *Store) Object(id ID) (Kind, []byte, error) {
	var kind Kind
	var data []byte
	err := s.find(id,
		func(p *pack, off int64) (err error) {
			kind, data, err = s.unpackAt(p, off)
			return err
		},
		func(path string) (err error) {
			kind, data, err = s.looseObject(path)
			return err
		})
	if gone(err) && id == EmptyTree() {
		return Tree, nil, nil // git has it built in and may never have written it
	}
	if err != nil {
		return 0, nil, err
	}
	if s.Verify && Hash(kind, data) != id {
		return 0, nil, &DamagedError{Where: "git object " + id.String(), What: "its bytes have another id"}
	}
	return kind, data, nil
}

// Verified is Object, with the bytes hashed again and compared with the id.
func (s *Store) Verified(id ID) (Kind, []byte, error) {
	kind, data, err := s.Object(id)
	if err != nil {
		return 0, nil, err
	}
	if s.Verify { // Object has compared them
		return kind, data, nil
	}
	if Hash(kind, data) != id {
		return 0, nil, &DamagedError{Where: "git object " + id.String(), What: "its bytes have another id"}
	}
	return kind, data, nil
}

// Hash is the id of an object.
func Hash(kind Kind, data []byte) ID {
	var head [32]byte
	h := sha1.New()
	h.Write(append(strconv.AppendInt(append(append(head[:0], kind.String()...), ' '), int64(len(data)), 10), 0))
	h.Write(data)
	var id ID
	h.Sum(id[:0])
	return id
}

// Of is Object for one wanted kind; another is a *KindError.
func (s *Store) Of(want Kind, id ID) ([]byte, error) {
	kind, data, err := s.Object(id)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, &KindError{ID: id, Got: kind, Want: want}
	}
	return data, nil
}

// Stat gives an object's kind and its size in bytes without unpacking it whole.
func (s *Store) Stat(id ID) (Kind, int64, error) {
	var kind Kind
	var size int64
	err := s.find(id,
		func(p *pack, off int64) (err error) {
			kind, size, err = s.statAt(p, off)
			return err
		},
		func(path string) (err error) {
			kind, size, err = s.looseStat(path)
			return err
		})
	if gone(err) && id == EmptyTree() {
		return Tree, 0, nil
	}
	return kind, size, err
}

func gone(err error) bool { return errors.As(err, new(*MissingError)) }

// Has reports whether an object is there. Damage is not looked for.
func (s *Store) Has(id ID) (bool, error) {
	err := s.find(id,
		func(*pack, int64) error { return nil },
		func(path string) error { _, err := os.Stat(path); return err })
	if gone(err) {
		return id == EmptyTree(), nil
	}
	return err == nil, err
}

// find offers each copy of an object until one reads well. Order: packs, loose
// files, then, as a repack may just have moved it, new packs and loose once more.
func (s *Store) find(id ID, packed func(*pack, int64) error, loose func(string) error) error {
	var fault error
	tryPacks := func(list []*pack) bool {
		try := func(p *pack) bool {
			off, ok, err := p.find(id)
			if err == nil && ok {
				if err = packed(p, off); err == nil {
					s.recent.Store(p)
					return true
				}
			}
			// A pack whose file went beside us is no fault: the object is in a newer one.
			if err != nil && fault == nil && !errors.Is(err, fs.ErrNotExist) {
				fault = err
			}
			return false
		}
		recent := s.recent.Load()
		if recent != nil && try(recent) {
			return true
		}
		for _, p := range list {
			if p != recent && try(p) {
				return true
			}
		}
		return false
	}
	tryLoose := func() bool {
		for _, dir := range s.dirs {
			err := loose(loosePath(dir, id))
			if err == nil {
				return true
			}
			if !errors.Is(err, fs.ErrNotExist) && fault == nil {
				fault = err
			}
		}
		return false
	}
	list, err := s.loaded()
	if err != nil {
		return err
	}
	if tryPacks(list) || tryLoose() {
		return nil
	}
	list, fresh, err := s.rescan()
	if err != nil {
		return err
	}
	if fresh && (tryPacks(list) || tryLoose()) {
		return nil
	}
	if fault != nil {
		return fault
	}
	return &MissingError{ID: id}
}

func (s *Store) loaded() ([]*pack, error) {
	if list := s.packs.Load(); list != nil {
		return *list, nil
	}
	list, _, err := s.rescan()
	return list, err
}

// rescan looks for packs that were not there before. Packs that went stay: what
// is mapped is still good, and somebody may be reading it.
func (s *Store) rescan() (list []*pack, fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := map[string]bool{}
	if old := s.packs.Load(); old != nil {
		list = slices.Clone(*old)
		for _, p := range list {
			known[p.base] = true
		}
	}
	for _, dir := range s.dirs {
		dir = filepath.Join(dir, "pack")
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, false, fmt.Errorf("read git packs: %w", err)
		}
		for _, e := range entries {
			name, ok := strings.CutSuffix(e.Name(), ".idx")
			base := filepath.Join(dir, name)
			if !ok || !strings.HasPrefix(name, "pack-") || known[base] {
				continue
			}
			p, err := openPack(base)
			if errors.Is(err, fs.ErrNotExist) {
				continue // went between the listing and now
			}
			if err != nil {
				// As git does: one bad index must not hide what the others hold.
				s.fault = err
				continue
			}
			list = append(list, p)
			fresh = true
		}
	}
	s.packs.Store(&list)
	return list, fresh, nil
}

// Prefix gives the ids that begin with the hexadecimal digits of prefix (4 to 40),
// sorted, each once; at most 4096 from a place, more than any repository has of four digits.
func (s *Store) Prefix(prefix string) ([]ID, error) {
	prefix = strings.ToLower(prefix)
	if len(prefix) < 4 || len(prefix) > 40 || strings.Trim(prefix, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("abbreviated object id: 4 to 40 hexadecimal digits are needed")
	}
	if _, err := s.loaded(); err != nil {
		return nil, err
	}
	list, _, err := s.rescan()
	if err != nil {
		return nil, err
	}
	low, err := ParseID(prefix + strings.Repeat("0", 40-len(prefix)))
	if err != nil {
		return nil, err
	}
	const enough = 1 << 12
	var found []ID
	left := enough
	add := func(id ID) bool {
		if !strings.HasPrefix(id.String(), prefix) {
			return false
		}
		found = append(found, id)
		left--
		return left > 0
	}
	for _, p := range list {
		left = enough
		if err := p.from(low, add); err != nil {
			return nil, err
		}
	}
	for _, dir := range s.dirs {
		entries, err := os.ReadDir(filepath.Join(dir, prefix[:2]))
		if err != nil {
			continue
		}
		left = enough
		for _, e := range entries {
			if id, err := ParseID(prefix[:2] + e.Name()); err == nil && left > 0 {
				add(id)
			}
		}
	}
	slices.SortFunc(found, func(a, b ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(found), nil
}
