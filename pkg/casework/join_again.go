package casework

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/sendctl/sendctl/pkg/merge"
	"github.com/sendctl/sendctl/pkg/trail"
)

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
	j.answered = append(j.answered, res.Answered...)
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
