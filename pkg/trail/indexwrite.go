package trail

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"time"
)

// writeIndexTemp writes the patched index to a file of ours, ready to be
// renamed. tree is nil when nothing is known of the new trees. seenAt is when
// the files of the edits were compared with what is committed.
func (r *Repo) writeIndexTemp(private string, x *rawIndex, edits []indexEdit, smudge map[int]bool, tree *cacheTree, seenAt time.Time) (string, error) {
	out, count, err := x.patch(edits, smudge)
	if err != nil {
		return "", fmt.Errorf("patch the index: %w", err)
	}
	reshaped := count != x.count
	err = x.extensions(func(name string, data []byte) error {
		switch name {
		case "TREE":
			if tree == nil {
				return nil
			}
			patched, err := tree.patch(data)
			if err != nil {
				return nil // only a cache: git makes it anew
			}
			data = patched
		case "UNTR":
			if reshaped {
				data = staleUntracked(data)
			}
		case "FSMN":
			if reshaped {
				return nil // it counts entries by position; git asks its monitor anew
			}
		case "EOIE", "IEOT":
			return nil // offsets for reading in parallel; git writes them again
		}
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		out = append(out, data...)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("patch the index: %w", err)
	}
	var tail []byte
	var hashing sync.WaitGroup
	hashing.Go(func() { tail = x.checksum(out) })
	tmp, err := writeTemp(private, "index", out, false, func() []byte { hashing.Wait(); return tail })
	if err != nil {
		return "", fmt.Errorf("write the index: %w", err)
	}
	r.matchMode(tmp)
	// A file changed right after we compared it may keep its stamp. Git looks
	// at the content of whatever is not older than the index, so the index
	// takes the stamp of the oldest such file.
	var stamp time.Time
	for _, e := range edits {
		if e.stat == (statData{}) {
			continue
		}
		if m := e.stat.mtime(); m.Unix() >= seenAt.Add(-tick).Unix() && (stamp.IsZero() || m.Before(stamp)) {
			stamp = m
		}
	}
	if !stamp.IsZero() {
		if err := os.Chtimes(tmp, stamp, stamp); err != nil {
			_ = os.Remove(tmp)
			return "", fmt.Errorf("write the index: %w", err)
		}
	}
	return tmp, nil
}

// matchMode gives the new index the permissions of the old one.
func (r *Repo) matchMode(tmp string) {
	if st, err := os.Stat(r.indexPath()); err == nil {
		_ = os.Chmod(tmp, st.Mode().Perm())
		return
	}
	r.share(tmp)
}

// staleUntracked marks the untracked cache as made under other rules: git then
// lists the folders again and keeps the cache. Layout: gitformat-index(5),
// "Untracked cache": a length and that many bytes of identification, two
// blocks of 36 bytes of stat data, 4 bytes of flags, then the id of
// info/exclude, which is what is changed here.
func staleUntracked(data []byte) []byte {
	size, n := offsetVarint(data)
	at := n + size + 36 + 36 + 4
	if n == 0 || at+20 > len(data) {
		return data
	}
	out := append([]byte(nil), data...)
	out[at] ^= 0xff
	return out
}
