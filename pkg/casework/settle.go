package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/trail"
)

// A `git merge` that stopped is finished, and one that was made past sendctl is put
// right where it lost something.

// mergingNote keeps which merge is being finished, from the moment git's own is
// taken back until ours is recorded.
func (d *Desk) mergingNote() string { return filepath.Join(d.Store.Private(), "merging") }

// unfinished lists the commits that a `git merge` which stopped was to bring in.
func (d *Desk) unfinished() ([]string, error) {
	list, err := d.Repo.Unfinished()
	if err != nil || len(list) > 0 {
		return list, err
	}
	b, err := os.ReadFile(d.mergingNote())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	head, _, err := d.Repo.Head()
	if err != nil {
		return nil, err
	}
	for _, id := range strings.Fields(string(b)) {
		// Somebody may have finished it by other means since, or thrown it away.
		if more, err := d.Repo.Beyond(context.Background(), id, head); err == nil && len(more) > 0 {
			list = append(list, id)
		}
	}
	return list, nil
}

// giveUp takes git's own merge back, once it is certain that nothing in it was made
// by hand.
func (d *Desk) giveUp(ctx context.Context, j *joining) error {
	list, err := d.Repo.Unfinished()
	if err != nil || len(list) == 0 {
		return err
	}
	if err := d.refuseHandMade(ctx, j); err != nil {
		return err
	}
	if err := os.WriteFile(d.mergingNote(), []byte(strings.Join(list, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("note which merge is under way: %w", err)
	}
	return d.Repo.GiveUp(ctx)
}

// refuseHandMade finds files of a merge under way that neither git nor the driver
// left as they are.
func (d *Desk) refuseHandMade(ctx context.Context, j *joining) error {
	dirty, err := d.Repo.Dirty([]string{"."})
	if err != nil {
		return err
	}
	theirs, err := j.at(j.theirs)
	if err != nil {
		return err
	}
	bases, err := d.Repo.MergeBases(ctx, j.head, j.theirs)
	if err != nil {
		return err
	}
	base, _, err := j.base(bases, 0)
	if err != nil {
		return err
	}
	var made []string
	for _, x := range dirty {
		if x.Untracked && !x.Staged {
			continue
		}
		now, err := readAll(d.Store.FS(), x.Path)
		if err != nil {
			return err
		}
		was, err := recordedHead(d, ctx, x.Path)
		if err != nil {
			return err
		}
		other, err := readAll(theirs.fs(), x.Path)
		if err != nil {
			return err
		}
		want, changed := j.changes[x.Path]
		if equal(now, was) || equal(now, other) || changed && equal(now, want) || bytes.Contains(now, []byte("<<<<<<< ")) {
			continue
		}
		var before []byte
		if base != nil {
			if before, err = readAll(base, x.Path); err != nil {
				return err
			}
		}
		if byMeaning, _, _, err := merge.File(x.Path, before, was, other); err == nil && equal(now, byMeaning) {
			continue
		}
		if byLine, err := d.Repo.MergeText(ctx, before, was, other); err != nil {
			return err
		} else if equal(now, byLine) {
			continue
		}
		made = append(made, x.Path)
	}
	if len(made) == 0 {
		return nil
	}
	return state("a merge is under way, and %s was changed by hand in it. To keep that, finish it with git: git add and git commit, and sendctl then looks whether anything was lost. To let sendctl do it, take the merge back first: git merge --abort", strings.Join(made, ", "))
}

// Stopped refuses to go on while a `git merge` stands that stopped half-way.
func (d *Desk) Stopped() error {
	stopped, err := d.Repo.Unfinished()
	if err == nil && len(stopped) > 0 {
		return &trail.RefusedError{What: "a merge is under way in this folder", Why: "two copies of it are being brought together, and that stopped half-way; finish it first: sendctl sync"}
	}
	return err
}

// settleMerge is called ahead of every act: where the last commit is a merge made
// past sendctl, it is put right if no question is open.
func (d *Desk) settleMerge(ctx context.Context) error {
	if err := d.Stopped(); err != nil {
		return err
	}
	head, _, err := d.Repo.Head()
	if err != nil || head == "" {
		return err
	}
	last, err := d.Repo.Joining(head)
	if err != nil {
		return err
	}
	if len(last.Parents) < 2 || byUs(last.Message) || d.knownMerges()[head] {
		return nil
	}
	j := &joining{desk: d, ctx: ctx, head: head}
	ours, err := j.at(head)
	if err != nil {
		return err
	}
	j.changes = map[string][]byte{}
	if err := j.again(&ours, last); err != nil {
		return fmt.Errorf("look at the merge %.12s again: %w", head, err)
	}
	if len(j.questions) > 0 {
		return state("two copies of this folder were brought together past sendctl, and %s open; answer first: sendctl sync", count(len(distinct(j.questions)), "question is", "questions are"))
	}
	if j.changes = ours.changes; len(j.settled) > 0 {
		if err := j.look(ours, ours); err != nil {
			return err
		}
		if yes, err := d.settleBefore(ctx, j); err != nil {
			return err
		} else if yes {
			return d.settleMerge(ctx) // that recorded something: the merge is no longer the last commit
		}
		var out Synced
		if err := d.write(ctx, j, &out); err != nil {
			return err
		}
		d.say("Two copies of this folder were brought together past sendctl, and something was lost in it or doubled: " + strings.Join(slices.Sorted(maps.Keys(j.changes)), ", ") + ". It is put right by a commit of its own.")
	}
	d.rememberMerges(append(j.sound, j.settled...))
	return nil
}
