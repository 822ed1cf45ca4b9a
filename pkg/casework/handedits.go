package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// HandEditsError says that files of the act hold hand edits that were never committed.
type HandEditsError struct{ Paths []string }

func (e *HandEditsError) Error() string {
	return fmt.Sprintf("%s changed by hand and not yet recorded; to record that first, as an edit of its own, add --with-edits",
		strings.Join(e.Paths, ", "))
}

// settleHandEdits commits hand edits of the act's files on their own first, if
// whoever acts agrees, so that the act's commit holds only the act.
func (a *act) settleHandEdits(ctx context.Context) error {
	var known []string
	for _, c := range a.changes {
		// What the act records as it lies, such as an attachment, is no edit of its own.
		if c.Old != nil && !bytes.Equal(c.Old, c.New) {
			known = append(known, c.Path)
		}
	}
	if len(known) == 0 {
		return nil
	}
	dirty, err := a.desk.Repo.Dirty(known)
	if err != nil || len(dirty) == 0 {
		return err
	}
	edits := trail.Commit{Author: a.who, Committer: a.who}
	var paths []string
	var same []store.Change
	for _, ch := range dirty {
		for _, c := range a.changes {
			if c.Path == ch.Path {
				paths = append(paths, c.Path)
				edits.Files = append(edits.Files, trail.File{Path: c.Path, Data: c.Old})
				same = append(same, store.Change{Path: c.Path, Old: c.Old, New: c.Old})
			}
		}
	}
	if len(paths) == 0 {
		return nil
	}
	if a.desk.HandEdits == nil {
		return &HandEditsError{Paths: paths}
	}
	yes, err := a.desk.HandEdits(paths)
	if err != nil {
		return err
	}
	if !yes {
		return &HandEditsError{Paths: paths}
	}
	first := &act{desk: a.desk, name: "edit", learner: a.learner, about: fileNames(paths)}
	edits.Message = first.message(nil)
	if edits.Sign, err = a.desk.commitSign(); err != nil {
		return err
	}
	base, _, err := a.desk.Repo.Head()
	if err != nil {
		return err
	}
	return a.desk.Store.Apply(handEdits, base, same, func() error {
		_, err := a.desk.record(ctx, edits, base, same)
		return err
	})
}

// record is Repo.Record, but believes the history rather than an error: a git that
// was asked to commit may fail, or be stopped, after it has.
func (d *Desk) record(ctx context.Context, c trail.Commit, base string, changes []store.Change) (trail.Result, error) {
	res, err := d.Repo.Record(ctx, c, nil)
	if err == nil || errors.Is(err, trail.ErrNoChange) {
		return res, err
	}
	id, lookErr := d.recorded(context.WithoutCancel(ctx)).find(base, changes)
	if lookErr != nil || id == "" {
		return res, err
	}
	return trail.Result{ID: id, HandedOver: true, Warning: "It is recorded, but git ended with an error: " + err.Error()}, nil
}

func fileNames(paths []string) string {
	var out []string
	for _, p := range paths {
		out = append(out, path.Base(p))
	}
	return strings.Join(out, " ")
}
