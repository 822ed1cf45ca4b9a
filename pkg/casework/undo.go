package casework

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// undoesTrailer names, in the message of an act that takes another back, the commit
// of that other.
const undoesTrailer = "Sendctl-Undoes"

// Undoing is an act that may be taken back, and what that would do.
type Undoing struct {
	Entry   trail.Entry
	Act     string
	Learner string   // "" for an act on the folder
	Paths   []string // every file the act changed
	Removes []string // of them, those it made: they go
	Back    []string // those that get the bytes they had before
}

// Undoable finds the act that Undo would take back: the last one of that learner, or
// of the whole folder for "". It refuses (a *StateError) where there is none, where
// that act sealed something, and where a file of it was changed since.
func (d *Desk) Undoable(ctx context.Context, id string) (Undoing, error) {
	u, _, err := d.undoing(ctx, id)
	return u, err
}

// Undo records that the act u is taken back: its files are as they were before it.
// Every check of an act holds, so that it may be refused with findings.
func (d *Desk) Undo(ctx context.Context, id string, u Undoing) (Done, error) {
	return d.do(ctx, "undo", u.Learner, func(a *act) error {
		now, changes, err := d.undoing(ctx, id)
		if err != nil {
			return err
		}
		if now.Entry.ID != u.Entry.ID {
			return state("something else was recorded in this moment, and is now the last act; run the command again")
		}
		a.date, a.about = date.Of(a.who.When), u.Act
		a.trailers = []string{undoesTrailer + ": " + u.Entry.ID}
		a.changes = append(a.changes, changes...)
		return a.checkWhole(u)
	})
}

// checkWhole is, for an act taken back, what check is for one that adds: the record may
// go altogether, and what the setting says may be named by any learner's file.
func (a *act) checkWhole(u Undoing) error {
	var whose []string
	switch {
	case u.Act == importAct: // whom it made is gone altogether, and nobody else's files name them
		for _, p := range u.Paths {
			if path.Base(p) == "learner.yaml" {
				a.trailers = append(a.trailers, "Sendctl-Learner: "+path.Base(path.Dir(p)))
			}
		}
		return nil
	case u.Learner == "":
		all, err := a.Folder.Learners()
		if err != nil {
			return err
		}
		whose = all
	case a.Record != nil && a.emptied():
		a.learner = "" // nothing of the record is left to be checked
		a.trailers = append([]string{"Sendctl-Learner: " + u.Learner}, a.trailers...)
		a.about = u.Learner + " " + a.about
		return nil
	default:
		return nil // check looks at this one
	}
	after, err := a.Folder.Again(overlay{a.Folder.FS(), a.changes}, nil)
	if err != nil {
		return err
	}
	var fresh []diag.Finding
	for _, id := range whose {
		was, err := a.Folder.Load(id)
		if err != nil {
			return err
		}
		r, err := after.Load(id)
		if err != nil {
			return err
		}
		fresh = append(fresh, newErrors(rules.Every(a.Folder, was), rules.Every(after, r))...)
	}
	return usable(fresh)
}

// emptied reports whether the act takes away every file of its record.
func (a *act) emptied() bool {
	left := false
	_ = fs.WalkDir(overlay{a.Folder.FS(), a.changes}, a.Record.Dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			left = true
			return fs.SkipAll
		}
		return nil
	})
	return !left
}

// undoing finds what may be taken back, with the changes that do it.
func (d *Desk) undoing(ctx context.Context, id string) (Undoing, []store.Change, error) {
	q := trail.Query{}
	if id != "" {
		q.Paths = []string{path.Join("learners", id)}
	}
	undone := map[string]bool{}
	for e, err := range d.Repo.HistoryOf(ctx, q) {
		if err != nil {
			return Undoing{}, nil, err
		}
		u := Undoing{Entry: e, Act: trailer(e, "Sendctl-Action"), Learner: trailer(e, "Sendctl-Learner")}
		switch {
		case u.Act == "" || u.Act == "repair" || len(e.Parents) > 1:
			continue // made with git, or no act of its own: what it changed is seen below
		case u.Act == "undo":
			undone[trailer(e, undoesTrailer)] = true
			continue
		case undone[e.ID]:
			continue
		case u.Act == importAct && id != "":
			return u, nil, state("the last act on %s is the import that made it, with others: sendctl undo, without a learner, takes the whole import back while nothing else was recorded since; sendctl purge %s removes this one", id, id)
		case u.Act == importAct:
			u.Learner = "" // it is nobody's alone
		}
		changes, err := d.takesBack(&u)
		return u, changes, err
	}
	if id == "" {
		return Undoing{}, nil, state("there is no act to take back")
	}
	return Undoing{}, nil, state("there is no act of %s to take back", id)
}

// takesBack works out the changes that undo an act.
func (d *Desk) takesBack(u *Undoing) ([]store.Change, error) {
	var err error
	if u.Paths, err = d.Repo.Changed(u.Entry.ID); err != nil {
		return nil, err
	}
	if err := u.allowed(); err != nil {
		return nil, err
	}
	after, err := d.Repo.CommitFS(u.Entry.ID)
	if err != nil {
		return nil, err
	}
	before, err := d.Repo.CommitFS(u.Entry.Parents[0])
	if err != nil {
		return nil, err
	}
	var out []store.Change
	last := d.recorded(context.Background())
	for _, p := range u.Paths {
		left, err := bytesIn(after, p)
		if err != nil {
			return nil, err
		}
		was, err := bytesIn(before, p)
		if err != nil {
			return nil, err
		}
		on, err := bytesIn(d.Store.FS(), p)
		if err != nil {
			return nil, err
		}
		head, err := last.Head(p)
		if err != nil {
			return nil, err
		}
		if !equal(on, left) || !equal(head, left) {
			return nil, state("%s was changed again after the last act (%s of %s), so that act cannot be taken back whole; put it right with: sendctl edit", p, u.Act, date.Of(u.Entry.Committer.When).Long())
		}
		if equal(was, left) {
			continue // only its mode changed
		}
		out = append(out, store.Change{Path: p, Old: on, New: was})
		if was == nil {
			u.Removes = append(u.Removes, p)
		} else {
			u.Back = append(u.Back, p)
		}
	}
	if u.Act == importAct {
		if err := untouched(d.Store.FS(), u.Paths); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, state("the last act (%s) changed no file's words, so there is nothing to take back", u.Act)
	}
	return out, nil
}

// allowed refuses acts that sealed something, and the one that made the folder.
func (u *Undoing) allowed() error {
	at := slices.IndexFunc(u.Paths, func(p string) bool { return path.Ext(p) == seal.Extension })
	switch {
	case u.Act == "init" || len(u.Entry.Parents) == 0:
		return state("the last act made the folder itself, and is not taken back; to begin anew, begin another folder")
	case at >= 0 && path.Dir(u.Paths[at]) == "seals":
		return state("the last act (%s) is sealed in the folder's own chain, and what is sealed is never taken back; a key is taken out of use with: sendctl people revoke-key", u.Act)
	case at >= 0:
		file, _, _ := strings.Cut(path.Base(u.Paths[at]), "-")
		whose := strings.Split(u.Paths[at], "/")
		id := u.Learner
		if len(whose) > 1 {
			id = whose[1]
		}
		return state("the last act (%s) sealed something, and what is sealed is never taken back; put a value right beside it: sendctl correct %s %s. If it stands on the wrong child: sendctl purge %s %s", u.Act, id, file, id, file)
	}
	return nil
}

// bytesIn reads a whole file, of whatever size; nil where there is none.
func bytesIn(fsys fs.FS, p string) ([]byte, error) {
	b, err := fs.ReadFile(fsys, p)
	switch {
	case errors.Is(err, fs.ErrNotExist), err != nil && notADir(fsys, p):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", p, err)
	case b == nil:
		return []byte{}, nil
	}
	return bytes.Clone(b), nil
}

// notADir: a file lies where a folder of the path should be.
func notADir(fsys fs.FS, p string) bool {
	info, err := fs.Stat(fsys, path.Dir(p))
	return err == nil && !info.IsDir()
}

// trailer is the value of the first trailer with that key, "" for none.
func trailer(e trail.Entry, key string) string {
	for _, t := range e.Trailers {
		if t.Key == key {
			return t.Value
		}
	}
	return ""
}

// Undone reads, of an act that took another back, the commit of that other; "" for
// any other entry.
func Undone(e trail.Entry) string {
	if trailer(e, "Sendctl-Action") != "undo" {
		return ""
	}
	return trailer(e, undoesTrailer)
}
