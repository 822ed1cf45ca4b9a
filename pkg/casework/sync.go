package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// Syncing is how two copies of the folder shall be brought together.
type Syncing struct {
	Remote string // the name git has for the other place; "" is the one there is
	// Answers are those given beforehand, by the question's id.
	Answers map[string]merge.Choice
	// Ask is asked what is still open; nil means that there is nobody to ask.
	Ask    func([]Open) (map[string]merge.Choice, error)
	NoPush bool
	// Terminal says that git may ask for a password; Talk hears what git says meanwhile.
	Terminal bool
	Talk     io.Writer

	used map[string]bool // questions that Answers held the answer to
}

// Synced is what bringing together came to.
type Synced struct {
	Remote, Branch string
	Base, Head     string // the last commit before, and now
	Finished       bool   // a `git merge` that had stopped was finished
	Settled        []string
	In, Out        []Passed
	Merged         bool // both sides had gone on, and a merge was recorded
	Forwarded      bool // only the other had
	Pushed         bool
	Paths          []string
	Notes          []merge.Note
	Findings       []diag.Finding // errors that the two have only together, or that what goes out brings
	Warnings       []string
}

// Open is a question, and who wrote the file last on either side.
type Open struct {
	merge.Question
	Here, There Wrote
}

// Wrote is who recorded something in a file last, and when; zero where nobody did.
type Wrote struct {
	Who string
	On  date.Date
}

// Passed is how many commits passed from one copy to the other, by learner.
type Passed struct {
	Learner string `json:"learner,omitempty"` // "" is the setting itself
	Acts    int    `json:"acts"`
}

// QuestionsError says what has to be decided before two copies can be brought together.
type QuestionsError struct {
	Questions []merge.Question
	Stray     []string // answers that were given to questions nobody asks
}

func (e *QuestionsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s to be answered, and there is nobody to ask; nothing was changed, here or there. Give:", count(len(e.Questions), "question has", "questions have"))
	for _, q := range e.Questions {
		var words []string
		for _, c := range q.Choices {
			words = append(words, string(c))
		}
		where := q.Path
		if q.At != "" {
			where += " " + q.At
		}
		fmt.Fprintf(&b, "\n  --answer %s=%s   %s", q.ID, strings.Join(words, "|"), where)
	}
	return b.String()
}

// NoRemoteError says that there is no other place to keep in step with.
type NoRemoteError struct {
	Typed string
	Known []string
}

func (e *NoRemoteError) Error() string {
	switch {
	case e.Typed != "":
		return fmt.Sprintf("git knows no other place called %s; there are: %s", e.Typed, strings.Join(e.Known, ", "))
	case len(e.Known) > 0:
		return "git knows several other places; say which: sendctl sync " + strings.Join(e.Known, " | ")
	}
	return "git knows no other place to keep in step with; add one:\n  git remote add origin ADDRESS\n  sendctl sync allow origin --because \"...\""
}

// rounds bounds how often everything is done again because somebody else was first.
const rounds = 8

// Sync fetches, brings both sides together by meaning, records it as one commit,
// and pushes; it never forces. Before that it finishes a `git merge` that stopped.
//
// Errors: *QuestionsError, *NoRemoteError, *RemovedError, *StrangeError,
// *trail.RefusedError (a place that is not allowed, git's own refusals), and
// those of every act. After an error nothing was recorded, or what was recorded is
// whole and only not yet sent, as the error then says.
func (d *Desk) Sync(ctx context.Context, w Syncing) (Synced, error) {
	var out Synced
	var err error
	if out.Base, out.Branch, err = d.Repo.Head(); err != nil {
		return out, err
	}
	if err := d.wholeClone(out.Base, out.Branch); err != nil {
		return out, err
	}
	w.used = map[string]bool{}
	given := maps.Clone(w.Answers)
	if given == nil {
		given = map[string]merge.Choice{}
	}
	unfinished, err := d.unfinished()
	if err != nil {
		return out, err
	}
	for _, theirs := range unfinished {
		if err := d.bring(ctx, w, given, theirs, true, &out); err != nil {
			return out, err
		}
		out.Finished = true
	}
	if len(unfinished) > 0 {
		_ = os.Remove(d.mergingNote())
	}
	remote, err := d.remote(ctx, w.Remote)
	var none *NoRemoteError
	if errors.As(err, &none) && w.Remote == "" && len(none.Known) == 0 {
		// A folder that is kept in one place alone may have had two branches brought together in it.
		if e := d.bring(ctx, w, given, "", false, &out); e != nil {
			return out, e
		}
		if out.Finished || len(out.Settled) > 0 {
			return d.synced(w, out)
		}
		return out, err
	}
	if err != nil {
		return out, err
	}
	out.Remote = remote.Name
	var behind *trail.BehindError
	for n := range rounds {
		if err := d.allowed(remote); err != nil {
			return out, err
		}
		theirs, err := d.Repo.Fetch(ctx, remote.Name, out.Branch, w.Terminal, w.Talk)
		var empty *trail.NoBranchError
		if errors.As(err, &empty) {
			theirs, err = "", nil
		}
		if err != nil {
			return out, unreachable(err, "")
		}
		if err := d.bring(ctx, w, given, theirs, false, &out); err != nil {
			return out, err
		}
		head, _, err := d.Repo.Head()
		if err != nil {
			return out, err
		}
		if head == theirs || w.NoPush {
			return d.synced(w, out)
		}
		if err := d.outgoing(theirs, head, &out); err != nil {
			return out, err
		}
		err = d.Repo.Push(ctx, remote.Name, out.Branch, w.Terminal, w.Talk)
		if errors.As(err, &behind) {
			// Somebody who sends at this moment is done soon; a git that was killed there is not.
			select {
			case <-ctx.Done():
				return out, ctx.Err()
			case <-time.After(time.Duration(n) * 50 * time.Millisecond):
			}
			continue
		}
		if err != nil {
			return out, unreachable(err, "What came in is recorded here; what stands here was not sent. ")
		}
		out.Pushed = true
		if theirs == "" { // all of it was new there
			all, err := d.Repo.Beyond(ctx, head)
			if err != nil {
				return out, err
			}
			if out.Out, err = d.passed(all); err != nil {
				return out, err
			}
		}
		return d.synced(w, out)
	}
	if behind.Lock != "" {
		return out, &trail.RefusedError{What: "what stands here was not sent to " + remote.Name, Why: "a lock of git's there stays taken: " + behind.Lock + ". Where no git is running there any more, it was left by one that was killed: remove that file, and run sendctl sync again"}
	}
	return out, &trail.BusyError{Lock: remote.Name, Holder: "others who send something all the time"}
}

func (d *Desk) synced(w Syncing, out Synced) (Synced, error) {
	var err error
	for _, id := range w.stray(nil) {
		out.Warnings = append(out.Warnings, "No question "+id+" was asked, so the answer to it was not used.")
	}
	out.Head, _, err = d.Repo.Head()
	out.Settled = once(out.Settled)
	out.Paths = once(out.Paths)
	return out, err
}

// unreachable puts what git said about another place in the way of the command.
func unreachable(err error, before string) error {
	var far *trail.ReachError
	if errors.As(err, &far) {
		return &trail.RefusedError{What: fmt.Sprintf("git could not %s %s", far.What, far.Remote), Why: before + "It said: " + far.Said}
	}
	return err
}

// wholeClone refuses what cannot be brought together with certainty.
func (d *Desk) wholeClone(head, branch string) error {
	if err := d.Repo.Halfway(); err != nil {
		return err
	}
	switch border, err := d.Repo.Border(); {
	case err != nil:
		return err
	case len(border) > 0:
		return &trail.RefusedError{What: "this is a shallow clone", Why: "its history is cut off, so two sides of it cannot be compared; `git fetch --unshallow` brings the rest"}
	case d.Repo.Promised():
		return &trail.RefusedError{What: "this is a partial clone", Why: "what is missing cannot be compared; `git fetch --refetch --no-filter` brings everything"}
	case branch == "":
		return &trail.RefusedError{What: "HEAD is detached", Why: "there is no branch to bring anything to; `git switch` to one"}
	case head == "":
		return state("nothing is recorded in this folder yet, so there is nothing to bring together")
	}
	return nil
}

// bring brings theirs, a commit that is here, together with our side, under the
// lock; "" only puts our own side right. stopped says that git stopped in the middle
// of this very merge.
func (d *Desk) bring(ctx context.Context, w Syncing, given map[string]merge.Choice, theirs string, stopped bool, out *Synced) error {
	for range rounds {
		open, err := d.tryBring(ctx, given, w.used, theirs, stopped, out)
		var moved *trail.MovedError
		switch {
		case errors.As(err, &moved):
			continue
		case err != nil:
			return err
		case len(open) == 0:
			return nil
		case w.Ask == nil:
			return &QuestionsError{Questions: questionsOf(open), Stray: w.stray(open)}
		}
		// Nobody is kept waiting while a person thinks: the lock is free meanwhile.
		answers, err := w.Ask(open)
		if err != nil {
			return err
		}
		more := false
		for id, c := range answers {
			more = more || given[id] != c
			given[id] = c
		}
		if !more {
			return &QuestionsError{Questions: questionsOf(open), Stray: w.stray(open)}
		}
	}
	return &trail.BusyError{Lock: filepath.Join(d.Repo.GitDir(), "HEAD"), Holder: "others who record something all the time"}
}

func (d *Desk) tryBring(ctx context.Context, given map[string]merge.Choice, used map[string]bool, theirs string, stopped bool, out *Synced) ([]Open, error) {
	release, err := d.Store.Lock(ctx, "sync", d.LockWait, d.Waiting)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := d.recoverLocked(ctx, d.LockWait); err != nil {
		return nil, err
	}
	if !stopped {
		if err := d.mendUndone(ctx); err != nil {
			return nil, err
		}
	}
	head, _, err := d.Repo.Head()
	if err != nil {
		return nil, err
	}
	j := &joining{desk: d, ctx: ctx, answers: given, head: head, theirs: theirs}
	if err := j.work(); err != nil {
		return nil, err
	}
	for _, id := range j.answered {
		used[id] = true
	}
	if len(j.questions) > 0 {
		return j.open(distinct(j.questions))
	}
	if len(j.changes) == 0 && len(j.in) == 0 && len(j.settled) == 0 {
		d.rememberMerges(j.sound)
		if stopped {
			return nil, d.giveUp(ctx, j)
		}
		return nil, d.tally(j, out)
	}
	if stopped {
		if err := d.giveUp(ctx, j); err != nil {
			return nil, err
		}
	} else if yes, err := d.settleBefore(ctx, j); err != nil {
		return nil, err
	} else if yes {
		return nil, &trail.MovedError{Base: head} // on what is recorded now
	}
	if err := d.write(ctx, j, out); err != nil {
		return nil, err
	}
	d.rememberMerges(append(j.sound, j.settled...))
	return nil, d.tally(j, out)
}

// stray lists the answers to questions that nobody asked so far.
func (w Syncing) stray(open []Open) []string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w.Answers)) {
		if !w.used[id] && !slices.ContainsFunc(open, func(o Open) bool { return o.ID == id }) {
			out = append(out, id)
		}
	}
	return out
}

func questionsOf(open []Open) []merge.Question {
	var out []merge.Question
	for _, o := range open {
		out = append(out, o.Question)
	}
	return out
}

// open says of each question who wrote the file last on either side.
func (j *joining) open(questions []merge.Question) ([]Open, error) {
	var out []Open
	for _, q := range questions {
		o := Open{Question: q}
		for _, side := range []struct {
			commit string
			to     *Wrote
		}{{j.head, &o.Here}, {j.theirs, &o.There}} {
			if side.commit == "" {
				continue
			}
			for c, err := range j.desk.Repo.HistoryOf(j.ctx, trail.Query{From: side.commit, Paths: []string{q.Path}}) {
				if err != nil {
					return nil, err
				}
				*side.to = Wrote{Who: c.Author.Name, On: date.Of(c.Author.When)}
				break
			}
		}
		out = append(out, o)
	}
	return out, nil
}

func distinct(qs []merge.Question) []merge.Question {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(qs), func(q merge.Question) bool {
		if seen[q.ID] {
			return true
		}
		seen[q.ID] = true
		return false
	})
}

// tally adds what this round came to.
func (d *Desk) tally(j *joining, out *Synced) error {
	in, err := d.passed(j.in)
	if err != nil {
		return err
	}
	mine, err := d.passed(j.out)
	if err != nil {
		return err
	}
	out.In, out.Out = addPassed(out.In, in), mine
	out.Settled = append(out.Settled, j.settled...)
	out.Notes = append(out.Notes, j.notes...)
	out.Findings = append(out.Findings, j.fresh...)
	out.Merged = out.Merged || !j.forward && len(j.in) > 0
	out.Forwarded = out.Forwarded || j.forward
	for p := range j.changes {
		out.Paths = append(out.Paths, p)
	}
	return nil
}

func addPassed(a, b []Passed) []Passed {
	for _, x := range b {
		i := slices.IndexFunc(a, func(y Passed) bool { return y.Learner == x.Learner })
		if i < 0 {
			a = append(a, x)
		} else {
			a[i].Acts += x.Acts
		}
	}
	slices.SortFunc(a, func(x, y Passed) int { return strings.Compare(x.Learner, y.Learner) })
	return a
}

// passed counts commits by the learner they name; merges are nobody's act.
func (d *Desk) passed(commits []string) ([]Passed, error) {
	acts := map[string]int{}
	for _, id := range commits {
		c, err := d.Repo.Joining(id)
		if err != nil {
			return nil, err
		}
		if len(c.Parents) > 1 {
			continue
		}
		who, several := "", false
		for _, t := range trail.Trailers(c.Message) {
			if t.Key == "Sendctl-Learner" {
				several = several || who != ""
				who = t.Value
			}
		}
		if several { // an import is nobody's act alone
			who = ""
		}
		acts[who]++
	}
	var out []Passed
	for _, id := range slices.Sorted(maps.Keys(acts)) {
		out = append(out, Passed{Learner: id, Acts: acts[id]})
	}
	return out, nil
}

// settleBefore sees to it that the files to be written are as they were recorded:
// hand edits of them are recorded on their own, if whoever acts agrees.
func (d *Desk) settleBefore(ctx context.Context, j *joining) (recorded bool, err error) {
	var paths []string
	for p := range j.changes {
		paths = append(paths, p)
	}
	if len(paths) == 0 {
		return false, nil
	}
	dirty, err := d.Repo.Dirty(once(paths))
	if err != nil {
		return false, err
	}
	a := &act{desk: d, name: syncing}
	if a.who, err = d.Who(); err != nil {
		return false, err
	}
	if a.Folder, err = d.open(&readOnce{under: d.Store.FS()}); err != nil {
		return false, err
	}
	seals := map[string]bool{}
	for _, x := range dirty {
		want, ours := j.changes[x.Path]
		if !ours {
			continue // a folder's other files
		}
		now, err := readAll(d.Store.FS(), x.Path)
		if err != nil {
			return false, err
		}
		was, err := recordedHead(d, ctx, x.Path)
		if err != nil {
			return false, err
		}
		switch {
		case equal(now, was):
			continue // only staged otherwise: Record says so
		case was == nil && equal(now, want):
			continue // it lies here already as it will be
		case was == nil:
			return false, state("%s lies here and is not recorded, and the other copy has a file of this name; move it elsewhere, or record it first", x.Path)
		case now == nil:
			return false, state("%s is recorded and gone from the folder; put it back first: git restore %s", x.Path, x.Path)
		}
		if err := sealedAs(j, x.Path, seals); err != nil {
			return false, err
		}
		a.learner = learnerOf(x.Path)
		a.changes = append(a.changes, store.Change{Path: x.Path, Old: now, New: want})
	}
	if len(a.changes) == 0 {
		return false, nil
	}
	return true, a.settleHandEdits(ctx)
}

func recordedHead(d *Desk, ctx context.Context, p string) ([]byte, error) {
	return d.recorded(ctx).Head(p)
}

// sealedAs refuses to record a hand edit of a sealed file.
func sealedAs(j *joining, p string, known map[string]bool) error {
	id := learnerOf(p)
	if !known[id] {
		known[id] = true
		f, err := j.desk.open(&readOnce{under: j.desk.Store.FS()})
		if err != nil {
			return err
		}
		if id == "" {
			return nil
		}
		r, err := j.desk.Load(f, id)
		if err != nil {
			return err
		}
		a := &act{desk: j.desk, Folder: f, Record: r}
		for q := range j.changes {
			if learnerOf(q) == id {
				now, err := readAll(j.desk.Store.FS(), q)
				if err != nil {
					return err
				}
				was, err := recordedHead(j.desk, j.ctx, q)
				if err != nil {
					return err
				}
				if was != nil && !equal(now, was) {
					a.changes = append(a.changes, store.Change{Path: q})
				}
			}
		}
		return a.refuseSealed()
	}
	return nil
}

// write writes what the two sides come to and records it as one commit.
func (d *Desk) write(ctx context.Context, j *joining, out *Synced) error {
	who, err := d.Who()
	if err != nil {
		return err
	}
	var changes []store.Change
	c := trail.Commit{Author: who, Committer: who, Base: j.head}
	for _, p := range slices.Sorted(maps.Keys(j.changes)) {
		if !trail.Safe(p) {
			return &trail.RefusedError{What: "the other copy", Why: "it holds a path that reaches into git's own folder, which nobody makes by chance; nothing was taken over"}
		}
		was, err := recordedHead(d, ctx, p)
		if err != nil {
			return err
		}
		want := j.changes[p]
		if equal(was, want) && !j.forward {
			continue
		}
		now, err := readAll(d.Store.FS(), p)
		if err != nil {
			return err
		}
		if !equal(now, was) && equal(now, want) {
			was = now // it lies here already
		}
		changes = append(changes, store.Change{Path: p, Old: was, New: want})
		c.Files = append(c.Files, trail.File{Path: p, Data: want, Delete: want == nil, Exec: j.exec[p]})
	}
	done := Done{Act: syncing}
	commit := func() error {
		if j.forward {
			res, err := d.Repo.Forward(ctx, j.head, j.theirs, who, "forward to "+j.theirs[:12])
			done.Commit = res.ID
			return err
		}
		c.Message = j.message()
		if len(j.in) > 0 {
			c.Parents = []string{j.theirs}
		}
		c.Empty = true
		var err error
		if c.Sign, err = d.commitSign(); err != nil {
			return err
		}
		res, err := d.Repo.Record(ctx, c, nil)
		if errors.Is(err, trail.ErrNoChange) {
			return nil
		}
		done.Commit = res.ID
		if res.Warning != "" {
			out.Warnings = append(out.Warnings, res.Warning)
		}
		return err
	}
	if err := d.Store.Apply(syncing, j.head, changes, commit); err != nil {
		return err
	}
	(&act{desk: d, changes: changes}).remember(&done)
	if len(j.in) > 0 {
		if err := d.Repo.PostMerge(ctx); err != nil {
			out.Warnings = append(out.Warnings, "It is recorded; the hook post-merge then said: "+err.Error())
		}
	}
	return nil
}

// message is that of the commit: ids only.
func (j *joining) message() string {
	whose := map[string]bool{}
	for p := range j.changes {
		if id := learnerOf(p); id != "" {
			whose[id] = true
		}
	}
	about := count(len(whose), "learner", "learners")
	switch {
	case len(whose) == 1:
		about = slices.Collect(maps.Keys(whose))[0]
	case len(whose) == 0:
		about = "record folder"
	}
	lines := []string{syncing + ": " + about, "", actionIs + ": " + syncing}
	if len(whose) == 1 {
		lines = append(lines, "Sendctl-Learner: "+about)
	}
	for _, id := range once(slices.Clone(j.settled)) {
		lines = append(lines, settles+": "+id)
	}
	return strings.Join(append(lines, "Sendctl-Format: 1"), "\n") + "\n"
}
