//go:build linux || darwin

package linter

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// signatures tells by what the disk says of a learner's files whether any of them may
// have been touched: kind, rights, owner, size, number, and the moments of the last
// change of the bytes and of the file. The last of these nobody can set.
type signatures struct {
	root  string // the record folder
	at    int    // learners/, open
	since int64  // nanoseconds: what changed at or after this may have changed again, and not show it
}

// newSignatures begins to look at a record folder. probe is a file written this very
// moment: its time is now by the clock that files have.
func newSignatures(root, probe string) (*signatures, error) {
	var st unix.Stat_t
	if err := unix.Lstat(probe, &st); err != nil {
		return nil, fmt.Errorf("look at %s: %w", probe, err)
	}
	at, err := unix.Open(filepath.Join(root, "learners"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("look at learners: %w", err)
	}
	return &signatures{root: root, at: at, since: st.Mtim.Nano()}, nil
}

func (s *signatures) close() { _ = unix.Close(s.at) }

// statSize is how many bytes each file adds to what is summed up.
const statSize = 8 * 7

// lookAt appends what the disk says of a path below learners/.
func (s *signatures) lookAt(to []byte, name string) ([]byte, bool, error) {
	var st unix.Stat_t
	for {
		err := unix.Fstatat(s.at, name, &st, unix.AT_SYMLINK_NOFOLLOW)
		if err == nil {
			break
		}
		if err != unix.EINTR {
			return to, false, err
		}
	}
	changed, modified := st.Ctim.Nano(), st.Mtim.Nano()
	to = binary.LittleEndian.AppendUint64(to, uint64(st.Mode))
	to = binary.LittleEndian.AppendUint64(to, uint64(st.Size))
	to = binary.LittleEndian.AppendUint64(to, uint64(st.Ino))
	to = binary.LittleEndian.AppendUint64(to, uint64(modified))
	to = binary.LittleEndian.AppendUint64(to, uint64(changed))
	to = binary.LittleEndian.AppendUint64(to, uint64(st.Uid)<<32|uint64(st.Gid))
	to = binary.LittleEndian.AppendUint64(to, uint64(st.Nlink))
	tick := int64(0)
	if changed%1e9 == 0 {
		tick = 2e9 // a disk that counts in whole seconds, or in twos
	}
	return to, changed+tick < s.since, nil
}

// of gives the signature of a learner's folder and the names it is made of, which begin
// with that of the folder itself, "". It is not settled where something in it changed so
// lately that a further change might not show. It is to be taken before the files are read.
func (s *signatures) of(id string) (sum [16]byte, names []string, settled bool, err error) {
	settled = true
	var stats []byte
	var walk func(rel string) error
	walk = func(rel string) error {
		full := id
		if rel != "" {
			full += "/" + rel
		}
		var old bool
		if stats, old, err = s.lookAt(stats, full); err != nil {
			return err
		}
		settled = settled && old
		names = append(names, rel)
		if binary.LittleEndian.Uint64(stats[len(stats)-statSize:])&unix.S_IFMT != unix.S_IFDIR {
			return nil
		}
		entries, err := os.ReadDir(filepath.Join(s.root, "learners", filepath.FromSlash(full)))
		if err != nil {
			return err
		}
		for _, e := range entries {
			below := e.Name()
			if rel != "" {
				below = rel + "/" + below
			}
			if err := walk(below); err != nil {
				return err
			}
		}
		return nil
	}
	err = walk("")
	h := sha256.Sum256(stats)
	return [16]byte(h[:16]), names, settled, err
}

// again gives the signature made of paths in the record folder that of found. A folder
// among them bears another one where a name came to it or left it. stats is room to work in.
func (s *signatures) again(paths string, stats []byte) (sum [16]byte, _ []byte, ok bool) {
	stats = stats[:0]
	for p := range eachPath(paths) {
		var err error
		if stats, _, err = s.lookAt(stats, strings.TrimPrefix(p, "learners/")); err != nil {
			return sum, stats, false
		}
	}
	h := sha256.Sum256(stats)
	return [16]byte(h[:16]), stats, true
}
