package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// Git's own `git commit` reads the index before it locks it. One that read just
// before an act and wrote just after it puts the old index back; its commit
// fails, because the branch has moved, and the next try commits the old index:
// the act is in the history, and its files are taken out of it again, while on
// disk they are as they were recorded. Plain gits do this to each other too.
// Nothing on our side can keep git from it, so it is looked for and put right:
// under the lock ahead of every act, and after an act that had to wait its turn.

const (
	crowded    = 3 * time.Millisecond  // a wait for the lock that says others are at work
	quietFor   = 60 * time.Millisecond // how long the branch must stand still after such an act
	lingerMost = 1500 * time.Millisecond
)

// remember notes an act that was recorded, so that it can be missed.
func (a *act) remember(done *Done) {
	r := store.Recent{Commit: done.Commit, Files: map[string]string{}}
	for _, c := range a.changes {
		r.Files[c.Path] = digest(c.New)
	}
	a.desk.Store.Remember(r)
}

func digest(b []byte) string {
	if b == nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// mendUndone records again what a git commit made in the same moment took back.
// The caller holds the lock.
func (d *Desk) mendUndone(ctx context.Context) error {
	recent := d.Store.Recent()
	head, _, err := d.Repo.Head()
	if err != nil || len(recent) == 0 || recent[len(recent)-1].Commit == head {
		return err
	}
	undone, all, err := d.undone(ctx, recent)
	if err != nil {
		return err
	}
	// Where only the index was put back, it is brought level before git commits it.
	if err := d.Repo.Recover(ctx, all); err != nil || len(undone) == 0 {
		return err
	}
	who, err := d.Who()
	if err != nil {
		return err
	}
	a := &act{desk: d, name: "repair", about: "recorded again", who: who, changes: undone}
	var done Done
	if err := a.commit(ctx, &done); err != nil {
		return err
	}
	a.remember(&done)
	d.say(fmt.Sprintf("A git commit made in the same moment had taken what an earlier act recorded out of the history again (%s); it is recorded once more.", fileNames(pathsOf(undone))))
	return nil
}

// undone finds the files of recent acts that lie on disk as they were recorded,
// and that the history, although it holds the act, no longer has so.
func (d *Desk) undone(ctx context.Context, recent []store.Recent) (undone []store.Change, all []string, err error) {
	seen := map[string]bool{}
	last := d.recorded(ctx)
	for _, r := range slices.Backward(recent) {
		for _, p := range slices.Sorted(maps.Keys(r.Files)) {
			if seen[p] || r.Files[p] == "" {
				continue
			}
			seen[p] = true
			all = append(all, p)
			b, err := fs.ReadFile(d.Store.FS(), p)
			if err != nil || digest(b) != r.Files[p] {
				continue // changed or gone since, by a person or by git's own hand: theirs to record
			}
			in, err := last.Head(p)
			if err != nil {
				return nil, nil, err
			}
			if digest(in) == r.Files[p] {
				continue
			}
			// A person who took the act back (git reset) did it on purpose.
			if there, err := d.reaches(ctx, r.Commit, p); err != nil {
				return nil, nil, err
			} else if there {
				undone = append(undone, store.Change{Path: p, Old: in, New: b})
			}
		}
	}
	return undone, all, nil
}

// reaches reports whether the history still holds the commit that changed p.
func (d *Desk) reaches(ctx context.Context, commit, p string) (bool, error) {
	for e, err := range d.Repo.HistoryOf(ctx, trail.Query{Paths: []string{p}}) {
		if err != nil {
			return false, err
		}
		if e.ID == commit {
			return true, nil
		}
	}
	return false, nil
}

// linger waits, after an act among others at work, until the branch stands still,
// and sees to it that the act is not taken back meanwhile.
func (d *Desk) linger(ctx context.Context) error {
	last, _, err := d.Repo.Head()
	if err != nil {
		return err
	}
	quiet := time.Now()
	for end := time.Now().Add(lingerMost); time.Now().Before(end) && time.Since(quiet) < quietFor; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(quietFor / 3):
		}
		head, _, err := d.Repo.Head()
		if err != nil || head == last {
			continue
		}
		last, quiet = head, time.Now()
		release, err := d.Store.Lock(ctx, "repair", lingerMost, nil)
		if err != nil {
			return nil // someone else is at work, and looks for the same
		}
		err = d.mendUndone(ctx)
		release()
		if err != nil {
			return err
		}
	}
	return nil
}

func pathsOf(changes []store.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, c.Path)
	}
	return out
}
