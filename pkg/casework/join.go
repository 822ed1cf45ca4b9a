package casework

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/store"
	"github.com/sendctl/sendctl/pkg/trail"
)

// joining works out what two histories of the folder come to, from git's objects
// alone: neither disk nor index is looked at, and nothing is written.
type joining struct {
	desk    *Desk
	ctx     context.Context
	answers map[string]merge.Choice

	head, theirs string // commits; theirs is "" where only our own side is put right

	forward   bool              // the branch only moves on to theirs
	changes   map[string][]byte // against head; nil bytes delete
	exec      map[string]bool   // new files that may be run
	settled   []string          // merges made past sendctl that are put right by this
	sound     []string          // those that were looked at and are as they should be
	questions []merge.Question  // open
	notes     []merge.Note      //
	fresh     []diag.Finding    // errors that neither side had alone
	in, out   []string          // commits that each side has alone
}

// sight is the folder as a commit has it, with changes on top.
type sight struct {
	commit  string
	under   fs.FS
	changes map[string][]byte
}

func (s sight) fs() fs.FS {
	if s.under == nil {
		return nil
	}
	if len(s.changes) == 0 {
		return s.under
	}
	return overlay{s.under, changeList(s.changes)}
}

func changeList(m map[string][]byte) []store.Change {
	var out []store.Change
	for _, p := range slices.Sorted(maps.Keys(m)) {
		out = append(out, store.Change{Path: p, New: m[p]})
	}
	return out
}

func (j *joining) at(commit string) (sight, error) {
	fsys, err := j.desk.Repo.CommitFS(commit)
	return sight{commit: commit, under: fsys, changes: map[string][]byte{}}, err
}

// work does it: both sides are put right where a merge made past sendctl lost
// something, and then brought together.
func (j *joining) work() error {
	ours, err := j.at(j.head)
	if err != nil {
		return err
	}
	j.changes, j.exec = map[string][]byte{}, map[string]bool{}
	if j.theirs != "" {
		if j.in, err = j.desk.Repo.Beyond(j.ctx, j.theirs, j.head); err != nil {
			return err
		}
		if j.out, err = j.desk.Repo.Beyond(j.ctx, j.head, j.theirs); err != nil {
			return err
		}
	}
	if err := j.right(&ours, nil); err != nil {
		return err
	}
	if len(j.in) == 0 {
		j.changes = ours.changes
		return j.look(ours, ours)
	}
	theirs, err := j.at(j.theirs)
	if err != nil {
		return err
	}
	bases, err := j.desk.Repo.MergeBases(j.ctx, j.head, j.theirs)
	if err != nil {
		return err
	}
	if err := j.refuseRemoved(ours, theirs); err != nil {
		return err
	}
	if len(bases) == 0 {
		if err := j.refuseStrange(ours, theirs); err != nil {
			return err
		}
	}
	if err := j.right(&theirs, []string{j.head}); err != nil {
		return err
	}
	if len(j.out) == 0 && len(j.settled) == 0 && len(j.questions) == 0 {
		if j.forward, err = j.sealsStand(ours, theirs); err != nil {
			return err
		}
		if j.forward {
			return j.take(theirs)
		}
	}
	base, paths, err := j.base(bases, 0)
	if err != nil {
		return err
	}
	for _, side := range []sight{ours, theirs} {
		more, err := j.differing(bases, side)
		if err != nil {
			return err
		}
		paths = append(paths, more...)
	}
	res, err := j.trees(base, ours.fs(), theirs.fs(), paths)
	if err != nil {
		return err
	}
	j.questions = append(j.questions, res.Questions...)
	j.notes = append(j.notes, res.Notes...)
	maps.Copy(j.changes, ours.changes)
	for _, c := range res.Changes {
		j.changes[c.Path] = c.Bytes
	}
	if err := j.modes(bases); err != nil {
		return err
	}
	return j.look(ours, theirs)
}

// sealsStand reports whether moving on to theirs changes nothing that was sealed:
// only then may the branch simply move. What merging leaves as it is, because it is
// sealed, is left as it is here as well, by a commit that brings both together.
func (j *joining) sealsStand(ours, theirs sight) (bool, error) {
	diff, err := j.desk.Repo.Differences(j.head, j.theirs)
	if err != nil {
		return false, err
	}
	old := false // something that stands here would change or go
	var paths []string
	for _, d := range diff {
		if err := ordinary(d); err != nil {
			return false, err
		}
		old = old || !d.From.IsZero()
		paths = append(paths, d.Path)
	}
	if !old {
		return true, nil
	}
	res, err := merge.Trees(ours.fs(), ours.fs(), theirs.fs(), merge.Options{Paths: paths})
	if err != nil {
		return false, err
	}
	becomes := map[string][]byte{}
	for _, c := range res.Changes {
		becomes[c.Path] = c.Bytes
	}
	asked := map[string]bool{}
	for _, q := range res.Questions {
		asked[q.Path] = true
	}
	for _, d := range diff {
		now, changes := becomes[d.Path]
		if !changes {
			if now, err = readAll(ours.fs(), d.Path); err != nil {
				return false, err
			}
		}
		want, err := readAll(theirs.fs(), d.Path)
		if err != nil {
			return false, err
		}
		if !equal(now, want) && !asked[d.Path] {
			return false, nil
		}
	}
	return true, nil
}

// take is moving on to theirs: every path at which it differs from the head.
func (j *joining) take(theirs sight) error {
	diff, err := j.desk.Repo.Differences(j.head, j.theirs)
	if err != nil {
		return err
	}
	for _, d := range diff {
		if err := ordinary(d); err != nil {
			return err
		}
		if d.To.IsZero() {
			j.changes[d.Path] = nil
			continue
		}
		if j.changes[d.Path], err = readAll(theirs.fs(), d.Path); err != nil {
			return err
		}
	}
	return nil
}

// ordinary refuses what only git itself can bring in.
func ordinary(d trail.Difference) error {
	switch {
	case !trail.Safe(d.Path):
		return &trail.RefusedError{What: "the other copy", Why: "it holds a path that reaches into git's own folder, which nobody makes by chance; nothing was taken over"}
	case d.Outside:
		return &trail.RefusedError{What: d.Path, Why: "it changed in the other copy and does not belong to the record folder; bring it in with `git merge`, and then run sendctl sync"}
	case d.Mode&0o170000 != 0o100000:
		return &trail.RefusedError{What: d.Path, Why: "it is no ordinary file; bring it in with `git merge`, and then run sendctl sync"}
	}
	return nil
}

func readAll(fsys fs.FS, p string) ([]byte, error) {
	b, err := fs.ReadFile(fsys, p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && b == nil {
		b = []byte{}
	}
	return b, err
}

// trees is merge.Trees with the answers that were given.
func (j *joining) trees(base, ours, theirs fs.FS, paths []string) (merge.Result, error) {
	slices.Sort(paths)
	return merge.Trees(base, ours, theirs, merge.Options{Paths: slices.Compact(paths), Answers: j.answers})
}

// differing lists the paths at which a side differs from any of the bases.
func (j *joining) differing(bases []string, side sight) ([]string, error) {
	var out []string
	for _, b := range orNone(bases) {
		diff, err := j.desk.Repo.Differences(b, side.commit)
		if err != nil {
			return nil, err
		}
		for _, d := range diff {
			if d.Outside {
				continue
			}
			out = append(out, d.Path)
		}
	}
	for p := range side.changes {
		out = append(out, p)
	}
	return out, nil
}

func orNone(bases []string) []string {
	if len(bases) == 0 {
		return []string{""}
	}
	return bases
}

// modes finds new files of theirs that may be run, and refuses what is no ordinary
// file of the record folder.
func (j *joining) modes(bases []string) error {
	for _, b := range orNone(bases)[:1] {
		diff, err := j.desk.Repo.Differences(b, j.theirs)
		if err != nil {
			return err
		}
		for _, d := range diff {
			if err := ordinary(d); err != nil {
				return err
			}
			if d.Mode == objects.ModeExec && d.From.IsZero() {
				j.exec[d.Path] = true
			}
		}
	}
	return nil
}

// base is what two sides began with. Where they have several such commits, those
// are brought together first, as git does; what is open between them does not
// matter here.
func (j *joining) base(bases []string, depth int) (fs.FS, []string, error) {
	if len(bases) == 0 {
		return nil, nil, nil
	}
	at, err := j.at(bases[0])
	if err != nil || len(bases) == 1 || depth > 4 {
		return at.fs(), nil, err
	}
	var all []string
	for _, next := range bases[1:] {
		below, err := j.desk.Repo.MergeBases(j.ctx, bases[0], next)
		if err != nil {
			return nil, nil, err
		}
		under, paths, err := j.base(below, depth+1)
		if err != nil {
			return nil, nil, err
		}
		other, err := j.at(next)
		if err != nil {
			return nil, nil, err
		}
		for _, side := range []sight{at, other} {
			more, err := j.differing(below, side)
			if err != nil {
				return nil, nil, err
			}
			paths = append(paths, more...)
		}
		res, err := merge.Trees(under, at.fs(), other.fs(), merge.Options{Paths: once(paths)})
		if err != nil {
			return nil, nil, err
		}
		for _, c := range res.Changes {
			at.changes[c.Path] = c.Bytes
		}
		all = append(all, paths...)
	}
	return at.fs(), once(all), nil
}

func once(paths []string) []string {
	slices.Sort(paths)
	return slices.Compact(paths)
}

// look judges the outcome: what neither side had alone is told, and what nobody
// could read is refused.
func (j *joining) look(ours, theirs sight) error {
	if len(j.changes) == 0 {
		return nil
	}
	now := overlay{ours.under, changeList(j.changes)}
	for p, b := range j.changes {
		k, ok := recordfile.KindAt(p)
		if !ok || b == nil {
			continue
		}
		_, found, err := recordfile.Parse(p, k, b)
		if err != nil {
			return err
		}
		if diag.Worst(found) != diag.Error {
			continue
		}
		var before []diag.Finding
		for _, side := range []sight{ours, theirs} {
			was, err := readAll(side.fs(), p)
			if err != nil {
				return err
			}
			if was == nil {
				continue
			}
			_, old, err := recordfile.Parse(p, k, was)
			if err != nil {
				return err
			}
			before = append(before, old...)
		}
		if broken := newErrors(before, found); len(broken) > 0 && len(j.questions) == 0 {
			return &recordfile.FaultsError{Findings: broken}
		}
	}
	var err error
	j.fresh, err = j.findings(now, ours, theirs)
	return err
}

// findings are the errors of the learners that the outcome changes which neither
// side had.
func (j *joining) findings(now fs.FS, ours, theirs sight) ([]diag.Finding, error) {
	whose := map[string]bool{}
	for p := range j.changes {
		whose[learnerOf(p)] = true
	}
	today := date.Of(j.desk.Now())
	errorsOf := func(fsys fs.FS, id string) ([]diag.Finding, error) {
		f, err := folder.Open(fsys)
		if errors.Is(err, folder.ErrNotFolder) {
			return nil, nil
		}
		if err != nil || id == "" {
			if err != nil {
				return nil, err
			}
			return f.Findings, nil
		}
		r, err := f.Load(id)
		var none *folder.NoLearnerError
		if errors.As(err, &none) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return append(rules.Every(f, r), rules.NotYet(r, today)...), nil
	}
	var out []diag.Finding
	for _, id := range slices.Sorted(maps.Keys(whose)) {
		after, err := errorsOf(now, id)
		if err != nil {
			return nil, err
		}
		if diag.Worst(after) != diag.Error {
			continue
		}
		for _, side := range []sight{ours, theirs} {
			before, err := errorsOf(side.fs(), id)
			if err != nil {
				return nil, err
			}
			after = newErrors(before, after)
		}
		out = append(out, after...)
	}
	return diag.Sort(out), nil
}

// learnerOf is the learner a path belongs to; "" for the setting.
func learnerOf(p string) string {
	rest, ok := strings.CutPrefix(p, "learners/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// Merges that were not made by sendctl.

// settles is the trailer that names a merge put right; made says who made a merge.
const (
	settles  = "Sendctl-Settles"
	actionIs = "Sendctl-Action"
	syncing  = "sync"
)

// byUs reports whether a commit says of itself that sync made it.
func byUs(message string) bool {
	for _, t := range trail.Trailers(message) {
		if t.Key == actionIs && t.Value == syncing {
			return true
		}
	}
	return false
}

// right puts right, in memory, what merges made past sendctl lost on the way to a
// side: each is done again by meaning and compared. not are commits whose history
// has been looked at.
func (j *joining) right(side *sight, not []string) error {
	all, err := j.desk.Repo.Merges(j.ctx, side.commit, not...)
	if err != nil {
		return err
	}
	known := j.desk.knownMerges()
	var todo []trail.Joined
	for _, m := range all {
		if !known[m.ID] && !byUs(m.Message) {
			todo = append(todo, m)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	done, err := j.settledBefore(side.commit)
	if err != nil {
		return err
	}
	for _, m := range todo {
		if done[m.ID] {
			j.sound = append(j.sound, m.ID)
			continue
		}
		if err := j.again(side, m); err != nil {
			return fmt.Errorf("look at the merge %s again: %w", m.ID[:12], err)
		}
	}
	return nil
}

// settledBefore are the merges that a commit on the way put right already.
func (j *joining) settledBefore(commit string) (map[string]bool, error) {
	out := map[string]bool{}
	for e, err := range j.desk.Repo.HistoryOf(j.ctx, trail.Query{From: commit}) {
		if err != nil {
			return nil, err
		}
		for _, t := range e.Trailers {
			if t.Key == settles {
				out[t.Value] = true
			}
		}
	}
	return out, nil
}

// again does one merge again by meaning, and carries the difference to side.
func (j *joining) again(side *sight, m trail.Joined) error {
	was, err := j.at(m.ID)
	if err != nil {
		return err
	}
	should, paths, questions, notes, err := j.redo(m, was)
	if err != nil {
		return err
	}
	diff, err := j.desk.Repo.Differences(m.ID, side.commit)
	if err != nil {
		return err
	}
	for _, d := range diff {
		if !d.Outside {
			paths = append(paths, d.Path)
		}
	}
	for p := range side.changes {
		paths = append(paths, p)
	}
	res, err := j.trees(was.fs(), side.fs(), should.fs(), paths)
	if err != nil {
		return err
	}
	if len(res.Changes) == 0 && len(questions) == 0 && len(res.Questions) == 0 {
		j.sound = append(j.sound, m.ID)
		return nil
	}
	j.settled = append(j.settled, m.ID)
	j.questions = append(append(j.questions, questions...), res.Questions...)
	j.notes = append(append(j.notes, notes...), res.Notes...)
	for _, c := range res.Changes {
		side.changes[c.Path] = c.Bytes
	}
	return nil
}

// redo gives what a merge should have held. A question that the merge itself
// answers, because it took the other side's value or both, is answered by that.
func (j *joining) redo(m trail.Joined, was sight) (sight, []string, []merge.Question, []merge.Note, error) {
	at, err := j.at(m.Parents[0])
	if err != nil {
		return at, nil, nil, nil, err
	}
	var all []string
	var questions []merge.Question
	var notes []merge.Note
	for i, parent := range m.Parents[1:] {
		other, err := j.at(parent)
		if err != nil {
			return at, nil, nil, nil, err
		}
		// Of an octopus, the first parents have been brought together already.
		var bases []string
		for _, p := range m.Parents[:i+1] {
			b, err := j.desk.Repo.MergeBases(j.ctx, p, parent)
			if err != nil {
				return at, nil, nil, nil, err
			}
			bases = append(bases, b...)
		}
		bases = once(bases)
		base, paths, err := j.base(bases, 0)
		if err != nil {
			return at, nil, nil, nil, err
		}
		for _, s := range []sight{at, other, was} {
			more, err := j.differing(bases, s)
			if err != nil {
				return at, nil, nil, nil, err
			}
			paths = append(paths, more...)
		}
		paths = once(paths)
		try := func(answers map[string]merge.Choice) (merge.Result, error) {
			return merge.Trees(base, at.fs(), other.fs(), merge.Options{Paths: paths, Answers: answers})
		}
		answers := maps.Clone(j.answers)
		if answers == nil {
			answers = map[string]merge.Choice{}
		}
		res, err := try(answers)
		if err != nil {
			return at, nil, nil, nil, err
		}
		for _, q := range res.Questions {
			for _, c := range q.Choices {
				if c == merge.Ours {
					continue
				}
				one := maps.Clone(answers)
				one[q.ID] = c
				guess, err := try(one)
				if err != nil {
					return at, nil, nil, nil, err
				}
				if as, err := j.agrees(guess, was, q.Path); err != nil {
					return at, nil, nil, nil, err
				} else if as {
					answers[q.ID] = c
					break
				}
			}
		}
		if len(res.Questions) > 0 {
			if res, err = try(answers); err != nil {
				return at, nil, nil, nil, err
			}
		}
		questions, notes, all = append(questions, res.Questions...), append(notes, res.Notes...), append(all, paths...)
		for _, c := range res.Changes {
			at.changes[c.Path] = c.Bytes
		}
	}
	// From here on it is seen against the merge, not against its first parent.
	should := sight{commit: m.ID, under: was.under, changes: map[string][]byte{}}
	for _, p := range once(all) {
		want, err := readAll(at.fs(), p)
		if err != nil {
			return at, nil, nil, nil, err
		}
		have, err := readAll(was.under, p)
		if err != nil {
			return at, nil, nil, nil, err
		}
		if !equal(want, have) {
			should.changes[p] = want
		}
	}
	return should, once(all), questions, notes, nil
}

// agrees reports whether an outcome has at p what the merge has there.
func (j *joining) agrees(r merge.Result, was sight, p string) (bool, error) {
	have, err := readAll(was.under, p)
	if err != nil {
		return false, err
	}
	for _, c := range r.Changes {
		if c.Path == p {
			return equal(c.Bytes, have), nil
		}
	}
	return false, nil
}

// knownMerges are those looked at before in this clone: a cache, which may be
// deleted at any time.
func (d *Desk) knownMerges() map[string]bool {
	out := map[string]bool{}
	b, err := os.ReadFile(filepath.Join(d.Store.Private(), "merges"))
	if err != nil {
		return out
	}
	for id := range strings.FieldsSeq(string(b)) {
		out[id] = true
	}
	return out
}

func (d *Desk) rememberMerges(ids []string) {
	if len(ids) == 0 {
		return
	}
	f, err := os.OpenFile(filepath.Join(d.Store.Private(), "merges"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(strings.Join(ids, "\n") + "\n")
	_ = f.Close()
}
