package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// handEdits is the act, in the journal, of recording hand edits ahead of another act.
const handEdits = "hand edits"

// Recover puts right an act that was cut off, if there is one, and says so. It is
// called ahead of everything that reads, and stands in nobody's way: where another
// writer or git is at work, the folder cannot be written, or the journal is not for
// us to follow, it leaves that to the next act, which does not go on without.
func (d *Desk) Recover(ctx context.Context) error {
	if !d.Store.Pending() && !d.purging() {
		return nil
	}
	release, err := d.Store.Lock(ctx, "recovery", 0, nil)
	var held *store.HeldError
	if errors.As(err, &held) {
		return nil // that writer is in the middle of it, and recovers for itself if it must
	}
	if err == nil {
		defer release()
		err = d.recoverLocked(ctx, 0)
	}
	var busy *trail.BusyError
	var journal *store.JournalError
	var unfinished *UnfinishedError
	switch {
	case errors.As(err, &unfinished): // also where a lock that a killed git left is the reason: it is named
		d.say(err.Error())
		return nil
	case errors.As(err, &busy):
		return nil
	case errors.As(err, &journal), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		d.say(err.Error())
		return nil
	}
	return err
}

func (d *Desk) say(sentence string) {
	if d.Said != nil {
		d.Said(sentence)
	}
}

// recoverLocked does the work of Recover, with the lock held. A git that is at
// work is waited for up to wait.
func (d *Desk) recoverLocked(ctx context.Context, wait time.Duration) error {
	if err := d.finishPurge(ctx); err != nil {
		return err
	}
	if d.Store.Pending() {
		if err := d.awaitGit(ctx, wait); err != nil {
			return err
		}
	}
	done, err := d.Store.Recover(d.recorded(ctx))
	if err != nil {
		return err
	}
	if done == nil {
		// An act that was cut off before its journal, or one of another kind, may have left a lock.
		return d.Repo.Recover(ctx, nil)
	}
	name := func(paths []string) string { return strings.Join(paths, ", ") }
	switch {
	case done.Act == "":
		d.say(fmt.Sprintf("The last command was cut off, and what it kept to put itself right cannot be read any more. It is set aside in %s; look at the folder with: git status", done.Aside))
	case done.Kept && done.Act == handEdits:
		d.say(fmt.Sprintf("The last command was cut off after it had recorded your hand edits of %s, and before anything else.", name(done.Paths)))
	case done.Kept:
		d.say("The last command was cut off after it had recorded; it is whole now.")
	case len(done.Left) > 0:
		d.say(fmt.Sprintf("The last command was cut off and nothing of it was recorded. %s changed since and is left as it is; what the command wrote is kept in %s", name(done.Left), done.Aside))
	default:
		d.say("The last command was cut off; nothing of it was recorded, and the files are as they were before it.")
	}
	return nil
}

// awaitGit waits while git holds the index. A git that sendctl had asked to commit
// lives on when sendctl is killed, with its hooks running: files that were put back
// under its hands would differ from what it is about to record.
func (d *Desk) awaitGit(ctx context.Context, wait time.Duration) error {
	lock := filepath.Join(d.Repo.GitDir(), "index.lock")
	for end := time.Now().Add(wait); ; {
		b, err := os.ReadFile(lock)
		if err != nil || strings.HasPrefix(string(b), "sendctl ") {
			return nil // none, or one of our own, which trail judges
		}
		if time.Now().After(end) {
			return &trail.BusyError{Lock: lock, Holder: "git, which may be finishing a sendctl that was cut off"}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// recorded is the history as the store asks for it; see Desk.recorded.
type recorded struct {
	desk *Desk
	ctx  context.Context
	last *lastSeen
}

// lastSeen is the last commit once it was asked for many files: each by itself costs a
// look through the list of all learners.
type lastSeen struct {
	asked int
	id    string
	fsys  fs.FS
}

func (d *Desk) recorded(ctx context.Context) recorded { return recorded{d, ctx, &lastSeen{}} }

// oneByOne is for how many files the last commit is not opened as a whole.
const oneByOne = 16

// file reads a file of the last commit, as it is in this moment.
func (p recorded) file(name string) ([]byte, error) {
	repo := p.desk.Repo
	if p.last.asked++; p.last.asked <= oneByOne {
		return repo.HeadFile(name)
	}
	id, _, err := repo.Head()
	if err != nil || id == "" {
		return repo.HeadFile(name)
	}
	if p.last.id != id {
		if p.last.fsys, err = repo.CommitFS(id); err != nil {
			return nil, err
		}
		p.last.id = id
	}
	b, err := fs.ReadFile(p.last.fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return repo.HeadFile(name) // a link, which is no file of the record
	}
	return b, err
}

// Head gives the bytes of the last commit.
func (p recorded) Head(name string) ([]byte, error) {
	b, err := p.file(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case b == nil && err == nil:
		b = []byte{}
	}
	return b, err
}

// Holds reports whether find finds a commit.
func (p recorded) Holds(base string, changes []store.Change) (bool, error) {
	id, err := p.find(base, changes)
	return id != "", err
}

// find gives the commit that holds all of the changes: the head, or where more was
// recorded since (by git, past sendctl), one that came after base; "" for none.
func (p recorded) find(base string, changes []store.Change) (string, error) {
	head, _, err := p.desk.Repo.Head()
	if err != nil || len(changes) == 0 {
		return "", err
	}
	all := true
	var paths []string
	for _, c := range changes {
		b, err := p.Head(c.Path)
		if err != nil {
			return "", err
		}
		all = all && equal(b, c.New)
		paths = append(paths, c.Path)
	}
	switch {
	case all:
		return head, nil
	case head == base || head == "":
		return "", nil
	}
	before := map[string]bool{} // what was there already says nothing about the act
	if base != "" {
		for e, err := range p.desk.Repo.HistoryOf(p.ctx, trail.Query{From: base, Paths: paths}) {
			if err != nil {
				return "", err
			}
			before[e.ID] = true
		}
	}
	for e, err := range p.desk.Repo.History(p.ctx, paths...) {
		if err != nil {
			return "", err
		}
		if before[e.ID] {
			continue
		}
		if in, err := p.commitHolds(e.ID, changes); err != nil || in {
			return e.ID, err
		}
	}
	return "", nil
}

func (p recorded) commitHolds(id string, changes []store.Change) (bool, error) {
	fsys, err := p.desk.Repo.CommitFS(id)
	if err != nil {
		return false, err
	}
	for _, c := range changes {
		b, err := fs.ReadFile(fsys, c.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		if err == nil && b == nil {
			b = []byte{}
		}
		if !equal(b, c.New) {
			return false, nil
		}
	}
	return true, nil
}

// Settle clears what a killed trail left.
func (p recorded) Settle(paths []string) error { return p.desk.Repo.Recover(p.ctx, paths) }

func equal(a, b []byte) bool { return (a == nil) == (b == nil) && string(a) == string(b) }
