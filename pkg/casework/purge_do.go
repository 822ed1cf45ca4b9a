package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/trail"
)

// A removal is decided with one step: git's transaction that moves every branch and
// tag at once. All that comes before leaves objects that nothing names. What comes
// after (index, files, reflogs, gc) is in a journal, and the next command finishes it.

const purgeFormat = "sendctl-purge/1"

// purgeJournal is all that finishing a removal needs. It holds the removal record and
// ids, nothing of a child's.
type purgeJournal struct {
	Format  string          `json:"format"`
	Folder  string          `json:"folder"` // the record folder, seen from the repository's top
	Cut     cut             `json:"cut"`
	Moves   []trail.RefMove `json:"moves"`
	Gone    []objects.ID    `json:"gone"`
	Author  trail.Ident     `json:"author"`
	Message string          `json:"message"`
	Files   []trail.File    `json:"files"`
}

// Purged says what a removal left behind.
type Purged struct {
	Done
	Objects int      // how many objects the repository holds now, every one of which was read
	Left    []string // files that nobody had recorded, left lying
}

// UnfinishedError says that a removal is decided and its last steps could not be done
// yet: the next command tries again.
type UnfinishedError struct{ Err error }

func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("the removal is recorded, but not everything is cleared away yet, and the next command goes on with it: %v", e.Err)
}
func (e *UnfinishedError) Unwrap() error { return e.Err }

// LeftError says that something of what was removed is still in the repository.
type LeftError struct{ Objects []string }

func (e *LeftError) Error() string {
	n := len(e.Objects)
	return fmt.Sprintf("the removal is recorded, but git still holds %s of what was removed (the first: %s); see what keeps it: git fsck --unreachable, git for-each-ref, git worktree list",
		report.Plural(n, "object", "objects"), e.Objects[0])
}

func (d *Desk) purgePath() string { return filepath.Join(d.Store.Private(), "purge.json") }

// purging reports whether a removal was cut off.
func (d *Desk) purging() bool {
	_, err := os.Stat(d.purgePath())
	return err == nil
}

// Purge carries a removal out, as shown: the history is rewritten, the removal record
// is its last commit, and nothing of what goes is left in the repository.
func (d *Desk) Purge(ctx context.Context, shown *Purging) (out Purged, err error) {
	release, err := d.Store.Lock(ctx, "purge", d.LockWait, d.Waiting)
	if err != nil {
		return out, err
	}
	defer release()
	if err := d.recoverLocked(ctx, d.LockWait); err != nil {
		return out, err
	}
	if err := d.mendUndone(ctx); err != nil {
		return out, err
	}
	a := &act{desk: d, name: "purge"}
	if a.Folder, err = d.open(&readOnce{under: d.Store.FS()}); err != nil {
		return out, err
	}
	if err := usable(a.Folder.Findings); err != nil {
		return out, err
	}
	if a.who, err = d.Who(); err != nil {
		return out, err
	}
	p, err := d.PlanPurge(ctx, a.Folder, shown.Purge)
	if err != nil {
		return out, err
	}
	if p.Text != shown.Text || !slices.Equal(p.Paths, shown.Paths) {
		return out, state("something of it was recorded in this moment; look at what would go, and run the command again")
	}
	if err := d.Approved(a.Folder, p); err != nil {
		return out, err
	}
	out.Done = Done{Act: a.name, Learner: p.Learner}
	if err := a.removalRecord(p, &out.Done); err != nil {
		return out, err
	}
	c := trail.Commit{Author: a.who, Committer: a.who, Message: a.message(a.sealTrailers())}
	if c.Sign, err = d.commitSign(); err != nil {
		return out, err
	}
	for _, ch := range a.changes {
		c.Files = append(c.Files, trail.File{Path: ch.Path, Data: ch.New})
		out.Paths = append(out.Paths, ch.Path)
	}
	w, moves, err := d.Repo.Remove(ctx, p.cut, c)
	if err != nil {
		return out, err
	}
	j := purgeJournal{Format: purgeFormat, Folder: d.Repo.Prefix(), Cut: p.cut, Moves: moves, Gone: w.Objects(), Author: a.who, Message: c.Message, Files: c.Files}
	b, err := json.Marshal(j)
	if err != nil {
		return out, err
	}
	if err := writePrivate(d.purgePath(), b); err != nil {
		return out, fmt.Errorf("write the journal of the removal: %w", err)
	}
	if err := d.Repo.MoveRefs(ctx, moves, a.who); err != nil {
		if moved, lookErr := d.anyMoved(moves); lookErr == nil && !moved {
			return out, errors.Join(err, os.Remove(d.purgePath()))
		}
		return out, &UnfinishedError{err}
	}
	if out.Commit, _, err = d.Repo.Head(); err != nil {
		return out, &UnfinishedError{err}
	}
	err = d.clearAway(ctx, j, &out)
	return out, err
}

// removalRecord writes what stays, and its seal, into the act.
func (a *act) removalRecord(p *Purging, done *Done) error {
	me, err := a.desk.Me(a.Folder)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, name := range a.Folder.Files() {
		for _, word := range strings.Split(strings.TrimSuffix(path.Base(name), path.Ext(name)), "-") {
			taken[word] = true
		}
	}
	id, err := a.desk.newFileID(taken)
	if err != nil {
		return err
	}
	a.date, a.about = date.Of(a.who.When), id
	rec := p.removal(a.date, id, me.ID)
	at := path.Join("removals", a.date.String()+"-"+id+".yaml")
	if err := a.make(at, recordfile.Removal, rec); err != nil {
		return err
	}
	a.seal(id, at, a.name, a.date)
	if err := a.makeSeals(done); err != nil {
		return err
	}
	return a.check()
}

// writePrivate replaces a file of sendctl's own, whole and durable.
func writePrivate(name string, b []byte) error {
	f, err := os.OpenFile(name+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(name + ".tmp")
		return err
	}
	return os.Rename(name+".tmp", name)
}

// anyMoved reports whether a ref is where the removal puts it.
func (d *Desk) anyMoved(moves []trail.RefMove) (bool, error) {
	refs, err := d.Repo.Refs("refs/")
	if err != nil {
		return false, err
	}
	at := map[string]objects.ID{}
	for _, ref := range refs {
		at[ref.Name] = ref.ID
	}
	return slices.ContainsFunc(moves, func(m trail.RefMove) bool { return at[m.Name] == m.New }), nil
}

// finishPurge carries a removal that was cut off to its end. The caller holds the lock.
func (d *Desk) finishPurge(ctx context.Context) error {
	b, err := os.ReadFile(d.purgePath())
	if errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(d.purgePath() + ".tmp")
		return nil
	}
	if err != nil {
		return err
	}
	var j purgeJournal
	if err := json.Unmarshal(b, &j); err != nil || j.Format != purgeFormat {
		return &UnfinishedError{fmt.Errorf("its journal (%s) is of another version of sendctl, or damaged; run that version once", d.purgePath())}
	}
	if j.Folder != d.Repo.Prefix() {
		return &UnfinishedError{fmt.Errorf("it is one of another record folder of this repository (%s); run a command there first", j.Folder)}
	}
	// A ref that was moved meanwhile is rewritten as it is now.
	var out Purged
	if err := d.moveAll(ctx, &j); err != nil {
		return &UnfinishedError{err}
	}
	if err := d.clearAway(ctx, j, &out); err != nil {
		return err
	}
	d.say("A removal had been cut off; it is whole now, and nothing of what was removed is left here.")
	return nil
}

// moveAll moves what is still to be moved. Where somebody recorded more in between,
// that is rewritten too, and the removal record put on top of it.
func (d *Desk) moveAll(ctx context.Context, j *purgeJournal) error {
	refs, err := d.Repo.Refs("refs/")
	if err != nil {
		return err
	}
	at := map[string]objects.ID{}
	for _, ref := range refs {
		at[ref.Name] = ref.ID
	}
	var todo []trail.RefMove
	for _, m := range j.Moves {
		if at[m.Name] == m.Old {
			todo = append(todo, m)
		}
	}
	if err := d.Repo.MoveRefs(ctx, todo, j.Author); err != nil {
		return err
	}
	for range 5 {
		w, err := d.Repo.Rewrite(ctx, j.Cut)
		if err != nil {
			return err
		}
		recorded := true
		for _, f := range j.Files {
			b, err := d.Repo.HeadFile(f.Path)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			recorded = recorded && bytes.Equal(b, f.Data)
		}
		if len(w.Moves) == 0 && recorded {
			return nil
		}
		again, moves, err := d.Repo.Remove(ctx, j.Cut, trail.Commit{Author: j.Author, Committer: j.Author, Message: j.Message, Files: j.Files})
		if err != nil {
			return err
		}
		j.Gone = append(j.Gone, again.Objects()...)
		if err := d.Repo.MoveRefs(ctx, moves, j.Author); err != nil {
			return err
		}
	}
	return errors.New("the branch is being moved all the time; stop whatever writes here")
}

// clearAway does what comes after the refs, step by step; each may be done again.
func (d *Desk) clearAway(ctx context.Context, j purgeJournal, out *Purged) error {
	d.lastFolder, d.lastRecord = nil, nil
	var on []string
	for _, f := range j.Files {
		on = append(on, f.Path)
	}
	var err error
	if out.Left, err = d.Repo.ClearFiles(ctx, j.Cut, on); err != nil {
		return &UnfinishedError{err}
	}
	if err := d.clearPrivate(j.Cut); err != nil {
		return &UnfinishedError{err}
	}
	if err := d.Repo.Expire(ctx); err != nil {
		return &UnfinishedError{err}
	}
	read, left, err := d.Repo.Left(ctx, j.Cut, j.Gone)
	if err != nil {
		return &UnfinishedError{err}
	}
	if len(left) > 0 {
		return &UnfinishedError{&LeftError{left}}
	}
	out.Objects = read
	return os.Remove(d.purgePath())
}

// clearPrivate clears sendctl's own folder of what goes: drafts, what cut-off acts left,
// what it remembers of late acts, its indexes.
func (d *Desk) clearPrivate(c cut) error {
	top := d.Store.Private()
	err := filepath.WalkDir(top, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name := e.Name()
		gone := strings.HasPrefix(name, "recent.json") || strings.HasPrefix(name, "history") || strings.HasPrefix(name, "verdicts") || strings.HasPrefix(name, "old-") || strings.HasPrefix(name, "tmp-")
		if !gone && name != "purge.json" && name != "lock" && name != "holder" {
			if gone, err = c.keptIn(p, name); err != nil {
				return err
			}
		}
		if gone {
			return os.Remove(p)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// keptIn reports whether a file of sendctl's own is about what goes.
func (c cut) keptIn(p, name string) (bool, error) {
	if c.whole() && strings.Contains(name, c.Learner) {
		return true, nil
	}
	draft := filepath.Base(filepath.Dir(p)) == "drafts"
	if !draft && !strings.HasPrefix(name, "cut-off-") {
		return false, nil
	}
	if draft && strings.Contains(name, c.Learner) {
		// review-LEARNER-FILE.json: a draft of what goes, or that cites it.
		for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '.' }) {
			if ids.ValidFile(word) && slices.Contains(c.Files, word) {
				return true, nil
			}
		}
	}
	b, err := os.ReadFile(p)
	if err != nil {
		return false, err
	}
	if !bytes.Contains(b, []byte(c.Learner)) {
		return false, nil
	}
	if c.whole() || slices.ContainsFunc(c.Paths, func(at string) bool { return bytes.Contains(b, []byte(at)) }) {
		return true, nil
	}
	return slices.ContainsFunc(c.Files, func(id string) bool { return bytes.Contains(b, []byte("-"+id)) }), nil
}
