package casework

import (
	"context"
	"errors"
	"io/fs"
	"maps"
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
	answered  []string          // ids of the questions that had their answer
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
	j.answered = append(j.answered, res.Answered...)
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
	return merge.Trees(base, ours, theirs, merge.Options{Paths: once(paths), Answers: j.answers})
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

// once sorts a copy: Compact empties the end of the slice it is given, and its owner
// would go on with empty paths.
func once(paths []string) []string {
	paths = slices.Clone(paths)
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

// faultsAt are the findings of one learner, or of the folder's own files for "", as a
// folder has them; none where there is no such folder or learner.
func faultsAt(fsys fs.FS, id string, today date.Date) ([]diag.Finding, error) {
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

// findings are the errors of the learners that the outcome changes which neither
// side had.
func (j *joining) findings(now fs.FS, ours, theirs sight) ([]diag.Finding, error) {
	whose := map[string]bool{}
	for p := range j.changes {
		whose[learnerOf(p)] = true
	}
	today := date.Of(j.desk.Now())
	var out []diag.Finding
	for _, id := range slices.Sorted(maps.Keys(whose)) {
		after, err := faultsAt(now, id, today)
		if err != nil {
			return nil, err
		}
		if diag.Worst(after) != diag.Error {
			continue
		}
		for _, side := range []sight{ours, theirs} {
			before, err := faultsAt(side.fs(), id, today)
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
