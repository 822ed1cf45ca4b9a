package objects

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

func loosePath(dir string, id ID) string {
	var name [41]byte
	hex.Encode(name[:2], id[:1])
	name[2] = filepath.Separator
	hex.Encode(name[3:], id[1:])
	return dir + string(filepath.Separator) + string(name[:])
}

// looseObject reads a loose object: one zlib stream of "kind size NUL bytes".
func (s *Store) looseObject(path string) (Kind, []byte, error) {
	raw, err := s.looseFile(path)
	if err != nil {
		return 0, nil, err
	}
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	if z.scratch == nil {
		z.scratch = make([]byte, 1<<15)
	}
	// Most objects are small: unpacked at one go, before their size is known.
	n, used, err := z.unpack(z.scratch, raw, true)
	if err != nil {
		return 0, nil, &DamagedError{Where: path, What: err.Error()}
	}
	kind, head, size, err := s.looseHeader(path, z.scratch[:n], len(raw))
	if err != nil {
		return 0, nil, err
	}
	all := z.scratch[:n]
	if used == 0 {
		all = make([]byte, int64(head)+size)
		if _, used, err = z.unpack(all, raw, false); err != nil {
			return 0, nil, &DamagedError{Where: path, What: err.Error()}
		}
	} else {
		all = bytes.Clone(all)
	}
	switch {
	case int64(len(all)-head) != size:
		return 0, nil, &DamagedError{Where: path, What: "its size is not the one announced"}
	case used != len(raw):
		return 0, nil, &DamagedError{Where: path, What: "bytes after the end of the object"}
	}
	return kind, all[head:], nil
}

// looseStat reads no more than the header.
func (s *Store) looseStat(path string) (Kind, int64, error) {
	raw, err := s.looseFile(path)
	if err != nil {
		return 0, 0, err
	}
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	var buf [32]byte
	n, _, err := z.unpack(buf[:], raw, true)
	if err != nil {
		return 0, 0, &DamagedError{Where: path, What: err.Error()}
	}
	kind, _, size, err := s.looseHeader(path, buf[:n], len(raw))
	return kind, size, err
}

func (s *Store) looseFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// What does not shrink grows by 5 bytes in 16 KiB; half as much again is more than any writer adds.
	if limit := s.Limit; info.Size() > limit+limit/2+1024 {
		return nil, &TooLargeError{Where: path, Size: info.Size(), Limit: limit}
	}
	raw := make([]byte, info.Size())
	if _, err := io.ReadFull(f, raw); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return raw, nil
}

// looseHeader reads the header at the head of an object and gives its length;
// packed is how many bytes the file has.
func (s *Store) looseHeader(path string, b []byte, packed int) (kind Kind, length int, size int64, err error) {
	head, _, ok := bytes.Cut(b[:min(len(b), 32)], []byte{0})
	word, digits, ok2 := bytes.Cut(head, []byte{' '})
	size, err = strconv.ParseInt(string(digits), 10, 64)
	kind = kindOf(string(word))
	// The canonical form only: "+5" or "05" would be another object with the same meaning.
	if !ok || !ok2 || err != nil || kind == 0 || strconv.FormatInt(size, 10) != string(digits) || size < 0 {
		return 0, 0, 0, &DamagedError{Where: path, What: "no object header"}
	}
	if size > s.Limit {
		return 0, 0, 0, &TooLargeError{Where: path, Size: size, Limit: s.Limit}
	}
	if size > maxRatio*int64(packed) {
		return 0, 0, 0, &DamagedError{Where: path, What: "announces more than its bytes can hold"}
	}
	return kind, len(head) + 1, size, nil
}
