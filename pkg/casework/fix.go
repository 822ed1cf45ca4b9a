package casework

import (
	"bytes"
	"context"
	"path"

	"github.com/sendctl/sendctl/pkg/store"
)

// fixAct is the name of an act that puts faults of spelling right. Unlike the others
// it may begin where files of the folder hold errors: those are what it is for.
const fixAct = "fix"

// Rewrite is one file put right: the bytes that were looked at, and those it gets.
type Rewrite struct {
	Path      string
	Was, Next []byte
}

// Fix records rewrites of files of one learner, or with "" of the folder's own, in one
// commit. Nothing is written where a file was changed since it was looked at
// (*store.MovedError), is sealed (*SealedError) or agreed (*StateError), or would come
// to hold an error that it does not hold now. Hand edits of the same files that were
// never recorded are recorded first, on their own, where that is agreed to.
func (d *Desk) Fix(ctx context.Context, id string, rewrites []Rewrite) (Done, error) {
	done, err := d.do(ctx, fixAct, id, func(a *act) error {
		var paths []string
		for _, x := range rewrites {
			now, err := a.current(x.Path)
			if err != nil {
				return err
			}
			if now == nil || !bytes.Equal(now, x.Was) {
				return &store.MovedError{Path: x.Path}
			}
			if a.Record == nil && id != "" {
				return state("%s is in no record of the learner it lies with", x.Path)
			}
			if a.Record != nil {
				if s := sealOf(a.Record, x.Path); s != nil {
					return &SealedError{Path: x.Path, File: s.File, Learner: a.Record.ID}
				}
				if agreedHere(a.Record, x.Path) != "" {
					return state("%s is agreed, and an agreed version never changes", path.Base(x.Path))
				}
			}
			if err := onlyAdded(x.Path, x.Was, x.Next); err != nil {
				return err
			}
			if err := a.write(x.Path, x.Next); err != nil {
				return err
			}
			paths = append(paths, x.Path)
		}
		if len(paths) == 0 {
			return &NothingError{}
		}
		a.about = fileNames(paths)
		return nil
	})
	if err == nil && done.Commit == "" {
		return done, &NothingError{Undone: true}
	}
	return done, err
}
