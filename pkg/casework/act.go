package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// act is one act under way, from the moment the lock is held. Its edit gathers
// what shall be written; nothing touches the disk before everything is checked.
type act struct {
	desk   *Desk
	name   string // review, plan, note … : the commit's first word and Sendctl-Action
	Folder *folder.Folder
	Record *folder.Record // nil for an act on no learner, or on one that is only being made

	learner string
	date    date.Date // when it happened
	stage   string
	about   string // the rest of the subject line, of ids only, where there is no date and stage

	changes  []store.Change
	recorded []store.Change // what the last commit has of files that hold hand edits, where those are judged with the act
	seals    []sealing
	brings   learner.Key // the key that whoever acts adds to their own by this very act
	trailers []string    // lines of the message's last paragraph that only this act has
	// came says of an error in the files of the act that it came with them from
	// elsewhere: it is told, and does not stop the act. nil where nothing came.
	came func(diag.Finding) bool
	told []string

	who  trail.Ident
	base string // the last commit before the act's own
}

// Done is what an act left behind.
type Done struct {
	Act     string
	Learner string
	Many    []string // ids, where the act made several learners at once
	File    string   // id of the file made or changed, where it has one
	Paths   []string // what was written, slash paths from the folder's root
	Commit  string
	Seals   []string // hashes of the seals made
	// Handed says that git itself made the commit, because hooks or settings asked for it.
	Handed bool
	// Warnings are what is worth knowing although the act stands.
	Warnings []string
}

// do carries an act through: this is the one transaction of the house.
func (d *Desk) do(ctx context.Context, name, learnerID string, edit func(*act) error) (Done, error) {
	began := time.Now()
	release, err := d.Store.Lock(ctx, name, d.LockWait, d.Waiting)
	if err != nil {
		return Done{}, err
	}
	waited := time.Since(began)
	done, err := d.locked(ctx, name, learnerID, edit)
	release()
	if err == nil && waited > crowded {
		if err := d.linger(ctx); err != nil {
			done.Warnings = append(done.Warnings, fmt.Sprintf("It is recorded. Whether git took it back in the same moment could not be seen: %v", err))
		}
	}
	return done, err
}

// locked is do with the lock held.
func (d *Desk) locked(ctx context.Context, name, learnerID string, edit func(*act) error) (done Done, err error) {
	if err := d.recoverLocked(ctx, d.LockWait); err != nil {
		return done, err
	}
	if err := d.mendUndone(ctx); err != nil {
		return done, err
	}
	if err := d.settleMerge(ctx); err != nil {
		return done, err
	}
	a := &act{desk: d, name: name, learner: learnerID}
	if a.Folder, err = d.open(&readOnce{under: d.Store.FS()}); err != nil {
		return done, err
	}
	if name != fixAct {
		if err := usable(a.Folder.Findings); err != nil {
			return done, err
		}
	}
	if learnerID != "" {
		a.Record, err = d.Load(a.Folder, learnerID)
		var none *folder.NoLearnerError
		if err != nil && !errors.As(err, &none) {
			return done, err
		}
	}
	if name != "edit" && name != fixAct {
		if err := a.readable(); err != nil {
			return done, err
		}
	}
	if a.who, err = d.Who(); err != nil {
		return done, err
	}
	if err := edit(a); err != nil {
		return done, err
	}
	if err := a.refuseFuture(); err != nil {
		return done, err
	}
	if err := a.refuseSealed(); err != nil {
		return done, err
	}
	if name != "edit" { // an edit is itself a hand edit, and takes those of its file with it
		if err := a.settleHandEdits(ctx); err != nil {
			return done, err
		}
	}
	done = Done{Act: name, Learner: learnerID}
	if err := a.makeSeals(&done); err != nil {
		return done, err
	}
	if err := a.check(); err != nil {
		return done, err
	}
	if err := a.apply(ctx, &done); err != nil {
		return done, err
	}
	done.Warnings = append(done.Warnings, a.told...)
	a.remember(&done)
	return done, nil
}

// apply writes the act's files and records them, or leaves all as it was.
func (a *act) apply(ctx context.Context, done *Done) (err error) {
	if a.base, _, err = a.desk.Repo.Head(); err != nil {
		return err
	}
	return a.desk.Store.Apply(a.name, a.base, a.changes, func() error {
		a.clearEmpty()
		return a.commit(ctx, done)
	})
}

// clearEmpty removes the folders that are left empty by what the act took away: git
// keeps none, and an empty learners/ID would be taken for a learner's. Where the act
// is put back they are made again.
func (a *act) clearEmpty() {
	root, err := os.OpenRoot(a.desk.Repo.Root())
	if err != nil {
		return
	}
	defer root.Close()
	for _, c := range a.changes {
		if c.New != nil {
			continue
		}
		for dir := path.Dir(c.Path); dir != "." && root.Remove(filepath.FromSlash(dir)) == nil; dir = path.Dir(dir) {
		}
	}
}

// usable refuses to work on files with errors.
func usable(fs []diag.Finding) error {
	var bad []diag.Finding
	for _, f := range fs {
		if f.Severity == diag.Error {
			bad = append(bad, f)
		}
	}
	if len(bad) > 0 {
		return &recordfile.FaultsError{Findings: bad}
	}
	return nil
}

// write puts a new or changed file into the act. New bytes may hold no error
// that the old ones did not hold.
func (a *act) write(p string, next []byte) error {
	k, ok := recordfile.KindAt(p)
	if !ok {
		return fmt.Errorf("%s is no file of the record", p)
	}
	old, err := a.current(p)
	if err != nil {
		return err
	}
	_, after, err := recordfile.Parse(p, k, next)
	if err != nil {
		return err
	}
	if diag.Worst(after) == diag.Error {
		var before []diag.Finding
		if old != nil {
			if _, before, err = recordfile.Parse(p, k, old); err != nil {
				return err
			}
		}
		if fresh := newErrors(before, after); len(fresh) > 0 {
			return &recordfile.FaultsError{Findings: fresh}
		}
	}
	a.put(store.Change{Path: p, Old: old, New: next})
	return nil
}

// put adds a change, or replaces the act's earlier one of the same file.
func (a *act) put(c store.Change) {
	for i := range a.changes {
		if a.changes[i].Path == c.Path {
			a.changes[i].New = c.New
			return
		}
	}
	a.changes = append(a.changes, c)
}

// current gives the bytes now on disk, nil where there is no such file.
func (a *act) current(p string) ([]byte, error) {
	b, bad, err := a.Folder.ReadFile(p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p, err)
	}
	if bad != nil {
		return nil, &recordfile.FaultsError{Findings: []diag.Finding{*bad}}
	}
	return b, nil
}

// make writes a whole new file from a value. It never takes the place of one that
// is there: not of one that appeared in this moment, nor of one that could not be read.
func (a *act) make(p string, k recordfile.Kind, v any) error {
	old, err := a.current(p)
	if err != nil {
		return err
	}
	if old != nil {
		_, faults, err := recordfile.Parse(p, k, old)
		if err != nil {
			return err
		}
		if err := usable(faults); err != nil {
			return err
		}
		return &store.MovedError{Path: p}
	}
	b, err := recordfile.Bytes(p, k, v)
	if err != nil {
		return err
	}
	return a.write(p, b)
}

// newErrors lists the errors of after that before did not have, by rule, path and message.
func newErrors(before, after []diag.Finding) []diag.Finding {
	key := func(f diag.Finding) string { return f.Rule + "\x00" + f.File + "\x00" + f.Path + "\x00" + f.Message }
	had := map[string]int{}
	for _, f := range before {
		had[key(f)]++
	}
	var out []diag.Finding
	for _, f := range after {
		if f.Severity != diag.Error {
			continue
		}
		if had[key(f)] > 0 {
			had[key(f)]--
			continue
		}
		out = append(out, f)
	}
	return out
}

// refuseFuture stops an act dated after the day it is recorded: what has not
// happened cannot be recorded, whatever --today says.
func (a *act) refuseFuture() error {
	if day := date.Of(a.who.When); a.name != "create" && a.date.After(day) {
		return state("the date given, %s, is still to come; today is %s", a.date.Long(), day.Long())
	}
	return nil
}

// readable stops an act on a record one of whose cycles cannot be read at all: it may
// be the open one, and another would be begun beside it. Without learner.yaml only what
// was said and done in a cycle is recorded: what is sealed beside it, such as how ready
// a request was, would be worked out from nothing.
func (a *act) readable() error {
	if a.Record == nil {
		return nil
	}
	if a.Record.Learner.Doc == nil && !slices.Contains([]string{"note", "contact", "plan", "review", "correct"}, a.name) {
		return a.unread(a.Record.Learner.Path)
	}
	for _, c := range a.Record.Cycles {
		if c.Doc == nil {
			return a.unread(c.Path)
		}
	}
	return nil
}

// unread is the error of a file of the learner's that cannot be read at all.
func (a *act) unread(p string) error {
	e := &recordfile.FaultsError{}
	for _, f := range a.Record.Findings {
		if f.File == p {
			e.Findings = append(e.Findings, f)
		}
	}
	return e
}

func (a *act) bytesOf(p string) []byte {
	for _, c := range a.changes {
		if c.Path == p {
			return c.New
		}
	}
	return nil
}

// check refuses an act after which the learner's record would hold an error that
// it does not hold now.
func (a *act) check() error {
	was, record := a.Folder, a.Record
	if len(a.recorded) > 0 {
		var err error
		if was, err = a.Folder.Again(overlay{a.Folder.FS(), a.recorded}, a.Record); err != nil {
			return err
		}
		if record != nil {
			if record, err = was.Load(a.learner); err != nil {
				return err
			}
		}
	}
	var before []diag.Finding
	if record != nil {
		before = rules.Every(was, record)
	}
	after, err := a.Folder.Again(overlay{a.Folder.FS(), a.changes}, a.Record)
	if err != nil {
		return err
	}
	if err := usable(newErrors(was.Findings, after.Findings)); err != nil {
		return err
	}
	today := date.Of(a.who.When)
	if a.learner == "" {
		return usable(newErrors(rules.Setting(was, today), rules.Setting(after, today)))
	}
	r, err := after.Load(a.learner)
	if err != nil {
		return err
	}
	now := append(rules.Every(after, r), rules.NotYet(r, today)...)
	if record != nil {
		before = append(before, rules.NotYet(record, today)...)
	}
	fresh := newErrors(before, diag.Sort(now))
	if a.came != nil {
		for _, x := range fresh {
			if a.came(x) {
				a.told = append(a.told, x.File+": "+x.Message)
			}
		}
		fresh = slices.DeleteFunc(fresh, a.came)
	}
	if len(fresh) > 0 {
		return &recordfile.FaultsError{Findings: fresh}
	}
	return nil
}

// commit records the act's files in the history.
func (a *act) commit(ctx context.Context, done *Done) error {
	c := trail.Commit{Author: a.who, Committer: a.who, Message: a.message(a.sealTrailers())}
	var err error
	if c.Sign, err = a.desk.commitSign(); err != nil {
		return err
	}
	for _, ch := range a.changes {
		c.Files = append(c.Files, trail.File{Path: ch.Path, Data: ch.New, Delete: ch.New == nil})
		done.Paths = append(done.Paths, ch.Path)
	}
	res, err := a.desk.record(ctx, c, a.base, a.changes)
	if errors.Is(err, trail.ErrNoChange) {
		return nil // the files are as the last commit has them, and stay so; there is no commit to speak of
	}
	if err != nil {
		done.Paths = nil
		return err
	}
	done.Commit, done.Handed = res.ID, res.HandedOver
	if res.Warning != "" {
		done.Warnings = append(done.Warnings, res.Warning)
	}
	return nil
}

// message is the commit's message: a subject and trailers of ids, dates, stages
// and hashes. It holds no name; one could never be taken back.
func (a *act) message(seals []string) string {
	words := []string{a.name + ":"}
	for _, w := range []string{a.learner, a.date.String(), a.stage, a.about} {
		if w != "" {
			words = append(words, w)
		}
	}
	lines := []string{strings.Join(words, " "), "", "Sendctl-Action: " + a.name}
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, key+": "+value)
		}
	}
	add("Sendctl-Learner", a.learner)
	add("Sendctl-Date", a.date.String())
	add("Sendctl-Stage", a.stage)
	lines = append(append(lines, seals...), a.trailers...)
	add("Sendctl-Format", "1")
	return strings.Join(lines, "\n") + "\n"
}
