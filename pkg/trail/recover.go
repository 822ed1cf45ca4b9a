package trail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Recover clears up after a sendctl that was stopped half-way; call it under
// sendctl's own lock. It removes git locks that such a sendctl left (never one
// of git's, of a living process or of another machine) and its temporary
// files. Then, for the given paths and those below them, where the work tree
// holds what HEAD holds but the index does not, the index is brought level
// with HEAD; and where index.lock was left, also where the index holds what
// the work tree holds: then the index had been written and the branch not yet
// moved, so that the act is to be an edit not yet staged. Anything else stays.
func (r *Repo) Recover(ctx context.Context, paths []string) error {
	if err := r.supported(); err != nil {
		return err
	}
	r.clearTemps()
	locks := []string{r.indexPath(), filepath.Join(r.gitDir, "HEAD")}
	if h, err := r.head(); err == nil && h.ref != "" {
		locks = append(locks, filepath.Join(r.commonDir, filepath.FromSlash(h.ref)))
	}
	heads := filepath.Join(r.commonDir, "refs", "heads")
	_ = filepath.WalkDir(heads, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".lock") {
			locks = append(locks, strings.TrimSuffix(p, ".lock"))
		}
		return nil
	})
	interrupted := false
	for _, l := range locks {
		b, err := os.ReadFile(l + ".lock")
		if err != nil || !abandoned(b) {
			continue
		}
		interrupted = interrupted || l == r.indexPath()
		if err := os.Remove(l + ".lock"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a lock that sendctl left: %w", err)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	if behind, err := r.behind(paths, interrupted); err != nil || len(behind) == 0 {
		return err
	}
	held, err := r.takeLock(ctx, r.indexPath())
	if err != nil {
		return err
	}
	defer held.release()
	behind, err := r.behind(paths, interrupted) // once more, now that nothing moves
	if err != nil || len(behind) == 0 {
		return err
	}
	x, err := readIndex(r.indexPath())
	if err != nil {
		return err
	}
	var edits []indexEdit
	var names []string
	for _, s := range behind {
		e := indexEdit{path: s.path, entry: s.head}
		if s.level {
			e.stat = s.stat
		}
		edits = append(edits, e)
		names = append(names, s.path)
	}
	_, smudge, err := r.look(x, names)
	if err != nil {
		return err
	}
	private, err := r.privateDir()
	if err != nil {
		return err
	}
	if err := x.checkExtensions(); err != nil {
		return err
	}
	tmp, err := r.writeIndexTemp(private, x, edits, smudge, nil, time.Now())
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, r.indexPath()); err != nil {
		_ = os.Remove(tmp)
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}

// behind lists paths whose index entry is not HEAD's though the work tree is
// (level) or, where an act was interrupted, though nothing but the index knows
// of the change.
func (r *Repo) behind(paths []string, interrupted bool) ([]state, error) {
	states, err := r.states(paths)
	if err != nil {
		return nil, err
	}
	same := func(s state, e entry) bool {
		return e.isZero() && !s.onDisk || !e.isZero() && s.onDisk && !s.diskDiffers(r, e)
	}
	var list []state
	for _, s := range states {
		indexed := entry{}
		if s.held.counts() {
			indexed = s.held.entry
		}
		if s.held.unmerged || s.held.skipped {
			continue
		}
		if s.held.intent && s.head.isZero() {
			list = append(list, s) // announced to a git commit that never was
			continue
		}
		if indexed == s.head {
			continue
		}
		s.level = same(s, s.head)
		if s.level || interrupted && same(s, indexed) {
			list = append(list, s)
		}
	}
	return list, nil
}

// clearTemps removes files of ours whose process is gone.
func (r *Repo) clearTemps() {
	list, err := os.ReadDir(r.PrivateDir())
	if err != nil {
		return
	}
	for _, e := range list {
		f := strings.Split(e.Name(), "-") // tmp-KIND-PID-RANDOM
		if len(f) != 4 || f[0] != "tmp" {
			continue
		}
		pid, err := strconv.Atoi(f[2])
		if err != nil || pid == os.Getpid() {
			continue
		}
		// A number that another process got since: a day settles it.
		st, err := e.Info()
		if err == nil && (!alive(pid) || ended(pid) || time.Since(st.ModTime()) > 24*time.Hour) {
			_ = os.Remove(filepath.Join(r.PrivateDir(), e.Name()))
		}
	}
}
