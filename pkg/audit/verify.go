package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// Options say what is to be verified, and with what.
type Options struct {
	// Dir is the record folder. Verify opens its repository anew, so that every object
	// it reads is hashed.
	Dir string
	// Now is the time; it is kept with what is remembered.
	Now time.Time
	// Me is the person of people.yaml who asks, "" where that is not known: their own
	// acts that nobody else has yet may honestly be taken back.
	Me string
	// Checkpoints are the texts of checkpoints kept elsewhere.
	Checkpoints []Text
	// Since, a revision or a day (2026-11-22), walks only the history after it.
	Since string
	// Progress hears how far the work is; nil hears nothing.
	Progress func(what string, done, of int)
}

// Text is a file that was given, and its name.
type Text struct {
	Name string
	Text []byte
}

// Format is the version of the report's shape.
const Format = "sendctl-verify/1"

// Verify says what can be said of the trail of a record folder. The error is one of
// reading or of asking (*trail.RevisionError, *date.Error …); all that speaks of the
// trail is in the report.
func Verify(ctx context.Context, o Options) (Report, error) {
	v, err := open(o)
	if err != nil {
		return Report{}, err
	}
	v.ctx = ctx
	defer v.repo.Close()
	defer v.beside.Wait() // before what it reads is closed
	if err := v.run(ctx); err != nil {
		return Report{}, err
	}
	return v.report, nil
}

type verifier struct {
	Options
	ctx    context.Context
	repo   *trail.Repo
	store  *objects.Store
	walk   *walk
	fsys   fs.FS
	folder *folder.Folder
	head   objects.ID
	record objects.ID // the record folder's tree at HEAD
	disk   string
	sparse bool
	links  bool

	chains      map[string]*chain
	removed     map[string]string // by hash of a seal: the removal record that names it
	removedFrom map[string]string // by hash: the learner that record is about
	roster      *roster
	all         map[string]place // every seal at HEAD, by its hash

	removedOf  map[string][]learner.Removal // by learner
	goneHash   map[string]bool              // seals that the history has and HEAD has not
	goneOf     map[string]bool              // paths of what they sealed
	toldGone   map[string]bool              // seals of which it is told that they went
	headUnread bool                         // HEAD could not be read to its end
	remembered *Remembered
	branch     string // that is looked at; "" for a commit by itself
	older      bool   // a state is looked at that is older than what is remembered
	witnesses  []testimony
	coveredBy  map[string]map[string]bool

	beside  sync.WaitGroup
	changes []trail.Change // of the work tree, once beside is done
	unknown error          // why they could not be had

	absentMu sync.Mutex
	absent   map[objects.ID]bool // objects that are told of as missing

	mu       sync.Mutex
	found    []Finding
	unsealed []Finding // held back: the history may know their cause
	report   Report
}

func open(o Options) (*verifier, error) {
	repo, err := trail.Open(o.Dir)
	if err != nil {
		return nil, err
	}
	store, err := repo.Objects()
	if err != nil {
		repo.Close()
		return nil, err
	}
	store.Verify = true // this repo and its store are ours alone
	v := &verifier{Options: o, repo: repo, store: store, disk: repo.Root(), coveredBy: map[string]map[string]bool{}}
	if s, ok := repo.Config("core.sparsecheckout"); ok && s == "true" {
		v.sparse = true
	}
	v.report.Format = Format
	v.report.Findings = []Finding{}
	return v, nil
}

func (v *verifier) step(what string, done, of int) {
	if v.Progress != nil {
		v.Progress(what, done, of)
	}
}

// add takes a finding in.
func (v *verifier) add(f Finding) { v.found = append(v.found, f) }

func (v *verifier) note(kind, message string, args ...any) {
	v.add(Finding{Kind: kind, Weight: Note, Message: fmt.Sprintf(message, args...)})
}

// unshown is a branch of another place that came with a clone which shows none of it.
func (v *verifier) unshown() string {
	refs, _ := v.repo.Refs("refs/remotes/")
	for _, r := range refs {
		if _, branch, ok := strings.Cut(strings.TrimPrefix(r.Name, "refs/remotes/"), "/"); ok && branch != "HEAD" {
			return branch
		}
	}
	return ""
}

func (v *verifier) run(ctx context.Context) error {
	id, branch, err := v.repo.Head()
	if err != nil {
		return err
	}
	v.branch = branch
	if err := v.redirected(); err != nil {
		return err
	}
	if id == "" {
		do := "record something first: sendctl help"
		if branch := v.unshown(); branch != "" {
			do = "this copy has records that it does not show yet: git checkout " + branch + ", then sendctl init"
		}
		v.add(Finding{Kind: "nothing", Weight: CannotTell, Message: "there is no commit yet, so there is nothing to check", Do: do})
		return v.finish()
	}
	if v.head, err = objects.ParseID(id); err != nil {
		return err
	}
	v.report.Head = id
	if v.walk, err = newWalk(v.store, v.repo); err != nil {
		return err
	}
	raw, err := of(v.store, objects.Commit, v.head)
	if err == nil {
		var h objects.Header
		if err = objects.ReadHeader(raw, &h); err == nil {
			v.record, err = v.walk.below(h.Tree)
		}
	}
	if err != nil {
		if fatal(err) {
			return err
		}
		v.missingObject(err, id)
		return v.finish()
	}
	// The work tree is looked at while one core alone reads the commits.
	v.beside.Go(func() { v.changes, v.unknown = v.repo.Dirty([]string{""}) })
	if v.fsys, err = v.repo.CommitFS(id); err != nil {
		if fatal(err) {
			return err
		}
		v.missingObject(err, id)
		return v.finish()
	}
	if err := v.cutOff(); err != nil {
		return err
	}
	stop, err := v.since()
	if err != nil {
		return err
	}
	if err := v.walk.run(ctx, v.head, stop, func(done, of int) { v.step("Reading the history", done, of) }); err != nil {
		return err
	}
	for _, l := range v.walk.missing {
		at := ""
		if !l.commit.IsZero() {
			at = l.commit.String()
		}
		v.missingObject(l.err, at)
	}
	v.report.Checked.Commits = len(v.walk.commits)
	if err := v.readHead(ctx); err != nil {
		if fatal(err) {
			return err
		}
		v.missingObject(err, id)
		v.headUnread = true
	}
	for _, c := range v.chains {
		v.report.Checked.Seals += len(c.seals)
	}
	if v.folder == nil && len(v.walk.history.seals) == 0 && len(v.walk.history.files["sendctl.yaml"]) == 0 && len(v.walk.missing) == 0 {
		return folder.ErrNotFolder
	}
	if err := v.judge(branch); err != nil {
		return err
	}
	return v.finish()
}

// judge weighs what the history and HEAD say against each other. The order matters:
// what is removed, then whose keys count, then the seals.
func (v *verifier) judge(branch string) error {
	v.judgeRemovals()
	if err := v.judgeUnion(); err != nil {
		return err
	}
	if err := v.judgeRoster(); err != nil {
		return err
	}
	v.recall()
	if err := v.judgeCheckpoints(); err != nil {
		return err
	}
	v.judgeChains()
	v.judgeSignatures()
	if err := v.judgeClaims(); err != nil {
		return err
	}
	if err := v.judgeStamp(); err != nil {
		return err
	}
	// What went is told once, by whoever knows most of it.
	for _, judge := range []func() error{v.judgeMemory, v.judgeShared, func() error { return v.judgeReflog(branch) }, v.judgeOrphan} {
		if err := judge(); err != nil {
			return err
		}
	}
	return v.uncommitted()
}

func (v *verifier) redirected() error {
	where, err := v.repo.Redirected()
	if err != nil {
		return err
	}
	for _, w := range where {
		do := "look at it and take it away: rm .git/info/grafts"
		if id, ok := strings.CutPrefix(w, "refs/replace/"); ok {
			do = "look at it, then take it away: git replace -d " + id
		}
		v.add(Finding{Kind: "redirected", Weight: Broken, File: w, Message: "git shows people here another history than was recorded", Do: do})
	}
	return nil
}

// cutOff tells of a clone that does not hold the whole history.
func (v *verifier) cutOff() error {
	if len(v.walk.border) > 0 {
		v.add(Finding{Kind: "shallow", Weight: CannotTell, Message: "this copy holds only the end of the history (a shallow clone), so what came before cannot be checked",
			Do: "git fetch --unshallow"})
	}
	if v.repo.Promised() {
		v.add(Finding{Kind: "partial", Weight: CannotTell, Message: "this copy leaves objects of the history behind on purpose (a partial clone), so not all of it can be checked here",
			Do: "clone it whole: git clone without --filter; or here: git fetch --refetch --no-filter, then take promisor and partialclonefilter out of .git/config"})
	}
	return nil
}

func (v *verifier) missingObject(err error, commit string) {
	v.tellMissing(err, "", func(f Finding) {
		f.Commit = commit
		v.add(f)
	})
}

// tellMissing tells of an object that is not there or is damaged.
func (v *verifier) tellMissing(err error, learner string, tell func(Finding)) {
	var missing *objects.MissingError
	var damaged *objects.DamagedError
	x := Finding{Kind: "missing", Weight: CannotTell, Learner: learner}
	if errors.As(err, &missing) && v.repo.Promised() {
		return // told of as a partial clone
	}
	switch {
	case errors.As(err, &missing):
		if !v.first(missing.ID) {
			return
		}
		x.Message = "a part of the history is not in this copy (git object " + missing.ID.String() + ")"
		x.Do = "fetch it from another copy: git fetch --refetch"
	case errors.As(err, &damaged) && strings.Contains(damaged.What, "another id"):
		x.Kind, x.Weight = "forged-object", Broken
		x.Message = "what is stored here is not what its name says (" + strings.ReplaceAll(damaged.Where, v.repo.CommonDir(), ".git") + "): it was changed past git"
		x.Do = "clone again from another copy, and compare"
	default:
		x.Kind = "damaged"
		x.Message = "a part of the history is damaged in this copy: " + strings.ReplaceAll(err.Error(), v.repo.CommonDir(), ".git")
		x.Do = "git fsck says more; clone again from another copy"
	}
	tell(x)
}

// first reports whether an object was not told of yet.
func (v *verifier) first(id objects.ID) bool {
	v.absentMu.Lock()
	defer v.absentMu.Unlock()
	if v.absent == nil {
		v.absent = map[objects.ID]bool{}
	}
	was := v.absent[id]
	v.absent[id] = true
	return !was
}

// finish sorts, weighs and counts.
func (v *verifier) finish() error {
	v.cause()
	fs := v.found
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(weight(a.Weight), weight(b.Weight)), strings.Compare(a.Learner, b.Learner), strings.Compare(a.File, b.File),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Seal, b.Seal), strings.Compare(a.Commit, b.Commit), strings.Compare(a.Message, b.Message))
	})
	fs = slices.CompactFunc(fs, func(a, b Finding) bool { return a == b })
	if v.report.Checked.Seals == 0 && !slices.ContainsFunc(fs, func(f Finding) bool { return f.Weight != Note }) {
		fs = append([]Finding{{Kind: "nothing", Weight: CannotTell, Message: "nothing here is sealed yet, so there is nothing that could be proven",
			Do: "the first review, move or agreed passport seals something: sendctl help review"}}, fs...)
	}
	v.report.Verdict = Proven
	for _, f := range fs {
		if f.Weight != Note && weight(f.Weight) < weight(v.report.Verdict) {
			v.report.Verdict = f.Weight
		}
	}
	v.report.Findings = append(v.report.Findings, fs...)
	if v.folder != nil {
		if demo := v.folder.Setting.Value.Demonstration; demo != nil {
			v.report.Demonstration = demo.Today.String()
		}
	}
	if v.report.Verdict == Proven && !v.older {
		if err := v.remember(); err != nil {
			v.report.Findings = append(v.report.Findings, Finding{Kind: "not-remembered", Weight: Note,
				Message: "what was proven could not be kept for next time: this disk cannot be written"})
		}
	}
	return nil
}

// newlyGone reports whether not all of these seals are told of as gone; from now on
// they are.
func (v *verifier) newlyGone(hashes []string) bool {
	if v.toldGone == nil {
		v.toldGone = map[string]bool{}
	}
	fresh := false
	for _, h := range hashes {
		fresh = fresh || !v.toldGone[h]
		v.toldGone[h] = true
	}
	return fresh
}

// weight orders the verdicts, the gravest first.
func weight(v Verdict) int {
	return slices.Index([]Verdict{Broken, CannotTell, Note, Proven}, v)
}

// since gives where the walk ends.
func (v *verifier) since() (cut, error) {
	if v.Since == "" {
		return nil, nil
	}
	if d, err := date.Parse(v.Since); err == nil {
		from, err := time.Parse(time.DateOnly, d.String())
		if err != nil {
			return nil, err
		}
		v.report.Since = v.Since
		return func(_ objects.ID, seconds int64) bool { return seconds < from.Unix() }, nil
	}
	id, err := v.repo.Resolve(v.Since)
	if err != nil {
		return nil, err
	}
	v.report.Since = id
	from, err := objects.ParseID(id)
	if err != nil {
		return nil, err
	}
	before, err := v.olderThan(from)
	if err != nil {
		return nil, err
	}
	return func(id objects.ID, _ int64) bool { return before[id] }, nil
}

// olderThan lists a commit and all it rests on, as far as that can be read.
func (v *verifier) olderThan(from objects.ID) (map[objects.ID]bool, error) {
	out := map[objects.ID]bool{}
	stack := []objects.ID{from}
	var h objects.Header
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if out[id] {
			continue
		}
		raw, err := v.store.Of(objects.Commit, id)
		if err != nil {
			if fatal(err) {
				return nil, err
			}
			continue
		}
		out[id] = true
		if v.walk.border[id] {
			continue
		}
		if err := objects.ReadHeader(raw, &h); err != nil {
			continue
		}
		stack = append(stack, h.Parents...)
	}
	return out, nil
}

func whose(learner string) string {
	if learner == seal.Setting {
		return ""
	}
	return learner
}

// uncommitted looks at what is staged or changed by hand. Where it is not sealed that
// is nobody's business; what is staged of a sealed file would go with the next commit.
func (v *verifier) uncommitted() error {
	v.beside.Wait()
	if v.unknown != nil {
		return nil // an index that is unmerged or of another kind: HEAD and the disk were read
	}
	sealed := map[string]string{} // path to learner
	for id, c := range v.chains {
		for i := range c.seals {
			h := &c.seals[i]
			sealed[h.at(id)] = id
			if h.unread == nil && !h.Living() {
				sealed[h.covers(id)] = id
			}
		}
	}
	others := 0
	for _, x := range v.changes {
		id, is := sealed[x.Path]
		switch {
		case is && x.Unmerged:
			v.add(Finding{Kind: "merge-under-way", Weight: CannotTell, Learner: whose(id), File: x.Path, Message: "a merge, rebase or cherry-pick stopped here at something sealed, and is not finished",
				Do: "finish it with: sendctl sync; or take it back with git merge --abort, git rebase --abort or git cherry-pick --abort"})
		case is && x.Staged:
			v.add(Finding{Kind: "changed-staged", Weight: Broken, Learner: whose(id), File: x.Path, Message: "this was sealed, and what is staged for the next commit is not that",
				Do: "take it back: git restore --staged " + x.Path})
		case !is:
			others++
		}
	}
	if others > 0 {
		v.note("not-recorded", "%s", plural(others, "one file is changed here and not yet recorded; it was not checked", "%d files are changed here and not yet recorded; they were not checked"))
	}
	return nil
}

// recall reads what this clone remembers; what cannot be read is as if it were not
// there.
func (v *verifier) recall() {
	r, ok, err := Recall(v.repo.PrivateDir())
	if err != nil || !ok {
		return
	}
	v.remembered = &r
	t := testimony{made: r.Time, holds: map[string]bool{}}
	for _, list := range r.Seals {
		for _, hash := range list {
			t.holds[hash] = true
		}
	}
	v.witnesses = append(v.witnesses, t)
}
