package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/seal"
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

	changes []store.Change
	seals   []sealing
	who     trail.Ident
	base    string // the last commit before the act's own
}

// sealing is a file of the act that shall be sealed.
type sealing struct {
	file, path, act string
	date            date.Date
}

// Done is what an act left behind.
type Done struct {
	Act     string
	Learner string
	File    string   // id of the file made or changed, where it has one
	Paths   []string // what was written, slash paths from the folder's root
	Commit  string
	Seals   []string // hashes of the seals made
	// Handed says that git itself made the commit, because hooks or settings asked for it.
	Handed bool
	// Warnings are what is worth knowing although the act stands.
	Warnings []string
}

// SealedError says that a file is sealed, so that only a correction may speak against it.
type SealedError struct{ Path, File, Learner string }

func (e *SealedError) Error() string {
	return fmt.Sprintf("%s is sealed and never changes; to put a value right: sendctl correct %s %s", e.Path, e.Learner, e.File)
}

// HandEditsError says that files of the act hold hand edits that were never committed.
type HandEditsError struct{ Paths []string }

func (e *HandEditsError) Error() string {
	return fmt.Sprintf("%s changed by hand and not yet recorded; to record that first, as an edit of its own, add --with-edits",
		strings.Join(e.Paths, ", "))
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
	a := &act{desk: d, name: name, learner: learnerID}
	if a.Folder, err = folder.Open(&readOnce{under: d.Store.FS()}); err != nil {
		return done, err
	}
	if err := usable(a.Folder.Findings); err != nil {
		return done, err
	}
	if learnerID != "" {
		a.Record, err = d.Load(a.Folder, learnerID)
		var none *folder.NoLearnerError
		if err != nil && !errors.As(err, &none) {
			return done, err
		}
	}
	if name != "edit" {
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
	a.remember(&done)
	return done, nil
}

// apply writes the act's files and records them, or leaves all as it was.
func (a *act) apply(ctx context.Context, done *Done) (err error) {
	if a.base, _, err = a.desk.Repo.Head(); err != nil {
		return err
	}
	return a.desk.Store.Apply(a.name, a.base, a.changes, func() error { return a.commit(ctx, done) })
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

// seal asks for the file to be sealed as the act is written.
func (a *act) seal(file, p, act string, on date.Date) {
	a.seals = append(a.seals, sealing{file: file, path: p, act: act, date: on})
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
// be the open one, and another would be begun beside it.
func (a *act) readable() error {
	if a.Record == nil {
		return nil
	}
	for _, c := range a.Record.Cycles {
		if c.Doc != nil {
			continue
		}
		var bad []diag.Finding
		for _, f := range a.Record.Findings {
			if f.File == c.Path {
				bad = append(bad, f)
			}
		}
		return &recordfile.FaultsError{Findings: bad}
	}
	return nil
}

// refuseSealed stops an act that would change a sealed file.
func (a *act) refuseSealed() error {
	if a.Record == nil {
		return nil
	}
	for name, b := range a.Record.Seals {
		s, err := seal.Parse(b)
		p := path.Join(a.Record.Dir, s.Path)
		if err != nil {
			// A seal that was damaged still says by its name what it is the seal of.
			s.File, _, _ = strings.Cut(name, "-")
			for _, c := range a.changes {
				if strings.HasSuffix(c.Path, "-"+s.File+".yaml") {
					p = c.Path
				}
			}
		} else if s.Living() {
			continue
		}
		for _, c := range a.changes {
			if c.Path == p || c.Path == path.Join(a.Record.Dir, "seals", name) {
				return &SealedError{Path: p, File: s.File, Learner: a.Record.ID}
			}
		}
	}
	return nil
}

// settleHandEdits commits hand edits of the act's files on their own first, if
// whoever acts agrees, so that the act's commit holds only the act.
func (a *act) settleHandEdits(ctx context.Context) error {
	var known []string
	for _, c := range a.changes {
		if c.Old != nil {
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
	id, lookErr := recorded{d, context.WithoutCancel(ctx)}.find(base, changes)
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

// makeSeals adds a seal file for every file the act seals.
func (a *act) makeSeals(done *Done) error {
	if len(a.seals) == 0 {
		return nil
	}
	me, err := a.desk.Me(a.Folder)
	if err != nil {
		return err
	}
	signer, err := a.signer()
	if err != nil {
		return err
	}
	chain := map[string][]byte{}
	if a.Record != nil {
		for name, b := range a.Record.Seals {
			chain[name] = b
		}
	}
	for _, want := range a.seals {
		salt, err := seal.NewSalt(a.desk.Random)
		if err != nil {
			return err
		}
		dir := path.Join("learners", a.learner)
		s := seal.Seal{
			Learner: a.learner, File: want.file, Path: strings.TrimPrefix(want.path, dir+"/"),
			SHA256: strings.TrimPrefix(seal.Hash(a.bytesOf(want.path)), "sha256:"),
			Act:    want.act, Date: want.date, Recorded: a.who.When, By: me.ID,
			Previous: seal.Tips(chain), Salt: salt,
		}
		if demo := a.Folder.Setting.Value.Demonstration; demo != nil {
			s.Demonstration = demo.Today
		}
		if signer != nil {
			if s, err = s.Signed(signer); err != nil {
				return fmt.Errorf("sign the seal: %w", err)
			}
		}
		if err := s.Valid(); err != nil {
			return fmt.Errorf("the seal of %s: %w", want.path, err)
		}
		p := path.Join(dir, "seals", s.Name())
		old, err := a.current(p)
		if err != nil {
			return err
		}
		if old != nil {
			return &SealedError{Path: want.path, File: want.file, Learner: a.learner}
		}
		b := s.Bytes()
		chain[s.Name()] = b
		a.put(store.Change{Path: p, New: b})
		done.Seals = append(done.Seals, seal.Hash(b))
		done.File = want.file
	}
	return nil
}

// NoSignatureError says that this folder demands signatures and nothing can sign.
type NoSignatureError struct{}

func (*NoSignatureError) Error() string {
	return "this folder demands signed records (require_signatures in sendctl.yaml) and git is not set up to sign; set up a key with:\n  git config gpg.format ssh\n  git config user.signingkey ~/.ssh/id_ed25519.pub"
}

func (a *act) signer() (seal.Signer, error) {
	var s seal.Signer
	if a.desk.Signer != nil {
		var err error
		if s, err = a.desk.Signer(); err != nil {
			return nil, err
		}
	}
	if s == nil && a.Folder.Setting.Value.RequireSignatures {
		return nil, &NoSignatureError{}
	}
	return s, nil
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
	var before []diag.Finding
	if a.Record != nil {
		before = rules.Learner(a.Folder, a.Record)
	}
	after, err := a.Folder.Again(overlay{a.Folder.FS(), a.changes}, a.Record)
	if err != nil {
		return err
	}
	if err := usable(newErrors(a.Folder.Findings, after.Findings)); err != nil {
		return err
	}
	if a.learner == "" {
		return nil
	}
	r, err := after.Load(a.learner)
	if err != nil {
		return err
	}
	today := date.Of(a.who.When)
	now := append(rules.Learner(after, r), rules.NotYet(r, today)...)
	if a.Record != nil {
		before = append(before, rules.NotYet(a.Record, today)...)
	}
	if fresh := newErrors(before, diag.Sort(now)); len(fresh) > 0 {
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

func (a *act) sealTrailers() []string {
	var out []string
	for _, s := range a.seals {
		out = append(out, "Sendctl-Seals: "+s.path+" "+seal.Hash(a.bytesOf(s.path)))
	}
	return out
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
	lines = append(lines, seals...)
	add("Sendctl-Format", "1")
	return strings.Join(lines, "\n") + "\n"
}

// commitSign gives the signer of commits where git is set up to sign them by SSH;
// nil leaves the decision to trail (which hands over to git where it must).
func (d *Desk) commitSign() (func([]byte) ([]byte, error), error) {
	if v, _ := d.Repo.Config("commit.gpgsign"); v != "true" || d.Signer == nil {
		return nil, nil
	}
	s, err := d.Signer()
	if err != nil || s == nil {
		return nil, err
	}
	return func(payload []byte) ([]byte, error) { return s.Sign(payload, "git") }, nil
}
