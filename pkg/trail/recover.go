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
// holds what HEAD holds but the index does not, the index is brought level:
// that is a commit made whose index was not written. Anything else stays.
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
	for _, l := range locks {
		b, err := os.ReadFile(l + ".lock")
		if err != nil || !abandoned(b) {
			continue
		}
		if err := os.Remove(l + ".lock"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a lock that sendctl left: %w", err)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	if behind, err := r.behind(paths); err != nil || len(behind) == 0 {
		return err
	}
	held, err := r.takeLock(ctx, r.indexPath())
	if err != nil {
		return err
	}
	defer held.release()
	behind, err := r.behind(paths) // once more, now that nothing moves
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
		edits = append(edits, indexEdit{path: s.path, entry: s.head, stat: s.stat})
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

// behind lists paths whose work tree is HEAD's and whose index entry is not.
func (r *Repo) behind(paths []string) ([]state, error) {
	states, err := r.states(paths)
	if err != nil {
		return nil, err
	}
	var list []state
	for _, s := range states {
		indexed := entry{}
		if s.held.counts() {
			indexed = s.held.entry
		}
		if indexed == s.head || s.held.unmerged || s.held.skipped {
			continue
		}
		if s.head.isZero() && !s.onDisk || !s.head.isZero() && s.onDisk && !s.diskDiffers(r, s.head) {
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
		if err == nil && (!alive(pid) || time.Since(st.ModTime()) > 24*time.Hour) {
			_ = os.Remove(filepath.Join(r.PrivateDir(), e.Name()))
		}
	}
}
