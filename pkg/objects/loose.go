package objects

import (
	"bytes"
	"encoding/hex"
	"fmt"
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
	kind, size, raw, err := s.looseHead(path)
	if err != nil {
		return 0, nil, err
	}
	head := len(looseHeader(kind, size))
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	all := make([]byte, int64(head)+size)
	_, used, err := z.unpack(all, raw, false)
	if err != nil {
		return 0, nil, &DamagedError{Where: path, What: err.Error()}
	}
	if used != len(raw) {
		return 0, nil, &DamagedError{Where: path, What: "bytes after the end of the object"}
	}
	return kind, all[head:], nil
}

// looseHead reads the file and the header of the object within.
func (s *Store) looseHead(path string) (Kind, int64, []byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, 0, nil, err
	}
	// What does not shrink grows by 5 bytes in 16 KiB; half as much again is more than any writer adds.
	if limit := s.Limit; info.Size() > limit+limit/2+1024 {
		return 0, 0, nil, &TooLargeError{Where: path, Size: info.Size(), Limit: limit}
	}
	raw := make([]byte, info.Size())
	for n := 0; n < len(raw); {
		m, err := f.Read(raw[n:])
		n += m
		if err != nil {
			return 0, 0, nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	z := s.pool.Get().(*inflater)
	defer s.pool.Put(z)
	var buf [32]byte
	n, _, err := z.unpack(buf[:], raw, true)
	if err != nil {
		return 0, 0, nil, &DamagedError{Where: path, What: err.Error()}
	}
	word, rest, ok := bytes.Cut(buf[:n], []byte{' '})
	digits, _, ok2 := bytes.Cut(rest, []byte{0})
	size, err := strconv.ParseInt(string(digits), 10, 64)
	kind := kindOf(string(word))
	// The canonical form only: "+5" or "05" would be another object with the same meaning.
	if !ok || !ok2 || err != nil || kind == 0 || !bytes.HasPrefix(buf[:n], []byte(looseHeader(kind, size))) {
		return 0, 0, nil, &DamagedError{Where: path, What: "no object header"}
	}
	if size > s.Limit {
		return 0, 0, nil, &TooLargeError{Where: path, Size: size, Limit: s.Limit}
	}
	if size > maxRatio*int64(len(raw)) {
		return 0, 0, nil, &DamagedError{Where: path, What: "announces more than its bytes can hold"}
	}
	return kind, size, raw, nil
}

func looseHeader(kind Kind, size int64) string {
	return kind.String() + " " + strconv.FormatInt(size, 10) + "\x00"
}
