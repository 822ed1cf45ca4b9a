package trail

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// held is what the index holds at one path.
type held struct {
	entry
	off      int
	stat     statData
	unmerged bool
	intent   bool // git add -N: a name without content
	skipped  bool // left out of the work tree by a sparse checkout
}

// counts says whether the entry is content that a commit would take.
func (h held) counts() bool { return !h.isZero() && !h.intent }

// look finds the paths (sorted, full) in the index in one walk, refuses what
// lies across them (a file where a folder is needed, or the reverse), and
// tells which entries must be smudged: see racy.
func (r *Repo) look(x *rawIndex, paths []string) (found map[string]held, smudge map[int]bool, err error) {
	type target struct {
		path string
		is   byte // 'p' one of the paths, 'a' a folder above, 'u' everything under
	}
	targets := make([]target, 0, 5*len(paths))
	above := map[string]bool{}
	for _, p := range paths {
		targets = append(targets, target{p, 'p'}, target{p + "/", 'u'})
		for i, c := range []byte(p) {
			if c == '/' && !above[p[:i]] {
				above[p[:i]] = true
				targets = append(targets, target{p[:i], 'a'})
			}
		}
	}
	slices.SortFunc(targets, func(a, b target) int { return strings.Compare(a.path, b.path) })
	found = map[string]held{}
	smudge = map[int]bool{}
	written := uint32(x.written.Unix())
	err = x.walk(func(e *indexEntry, _ []byte) error {
		for len(targets) > 0 && targets[0].path < string(e.path) {
			if targets[0].is == 'u' && strings.HasPrefix(string(e.path), targets[0].path) {
				return refuse(strings.TrimSuffix(targets[0].path, "/"), "the index has it as a folder, so it cannot be committed as a file")
			}
			targets = targets[1:]
		}
		if len(targets) > 0 && targets[0].path == string(e.path) {
			if targets[0].is == 'a' {
				return refuse(targets[0].path, "the index has it as a file, so nothing can be committed below it")
			}
			h := held{entry: e.entry(), off: e.off, stat: readStat(e.raw), unmerged: e.stage() != 0, intent: e.intent(), skipped: e.skipWorktree()}
			if old, ok := found[string(e.path)]; ok {
				h.unmerged = h.unmerged || old.unmerged
			}
			found[string(e.path)] = h
			return nil
		}
		if binary.BigEndian.Uint32(e.raw[8:]) >= written && e.stage() == 0 {
			if r.changedUnseen(x, e) {
				smudge[e.off] = true
			}
		}
		return nil
	})
	return found, smudge, err
}

func readStat(raw []byte) (s statData) {
	for i := range s {
		s[i] = binary.BigEndian.Uint32(raw[4*i:])
	}
	return s
}

// tick is the coarsest step with which kernels stamp files.
const tick = 20 * time.Millisecond

// changedUnseen looks at an entry not older than the index itself ("racily
// clean", see git's technical/racy-git): its file may have changed within the
// same stamp. Git knows that from the index's own time, which we are about to
// move on; so, as git does on writing, such an entry loses its size and git
// looks at the content again. Most git builds compare whole seconds.
func (r *Repo) changedUnseen(x *rawIndex, e *indexEntry) bool {
	switch mode := e.entry().mode; {
	case mode&0o170000 != 0o100000, e.intent(), e.skipWorktree():
		return false // links and submodules: git compares those by content anyway
	}
	s := readStat(e.raw)
	if s[9] == 0 {
		return false
	}
	path := r.disk(string(e.path))
	st, err := os.Lstat(path)
	if err != nil {
		return false // gone: git sees that without our help
	}
	if now := fileStat(st); now != s {
		return true
	}
	if s[3] != 0 && s.mtime().Before(x.written.Add(-tick)) && s.mtime().Before(time.Now().Add(-tick)) {
		return false
	}
	data, err := os.ReadFile(path)
	return err != nil || makeObject(plumbing.BlobObject, data).id != e.entry().id
}
