package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/trail"
)

// copied reports whether commits that were recorded after a dropped seal were made
// again without it: w is the walk of what only the old state rests on. Whoever takes
// back their last act with git reset leaves nothing that came after it; whoever cuts
// one out of the middle keeps the rest, with its days and its files, under new ids.
func (v *verifier) copied(w *walk, gone []sight) (bool, error) {
	type same struct {
		author  string
		seconds int64
	}
	var known map[same][]int32
	dropped := map[int32]bool{}
	for _, s := range gone {
		for _, n := range w.history.seals[s].first {
			dropped[n] = true
		}
	}
	for i := range w.commits {
		c := &w.commits[i]
		n := int32(i)
		if _, in := v.walk.at[c.id]; in || dropped[n] || c.cut || len(c.parents) != 1 {
			continue
		}
		after, before := false, w.ancestors(n)
		for d := range dropped {
			after = after || before[d]
		}
		if !after {
			continue
		}
		if known == nil {
			known = map[same][]int32{}
			for j := range v.walk.commits {
				x := &v.walk.commits[j]
				k := same{v.walk.names.list[x.author], x.seconds}
				known[k] = append(known[k], int32(j))
			}
		}
		for _, j := range known[same{w.names.list[c.author], c.seconds}] {
			is, err := v.sameChange(w, n, j)
			if err != nil || is {
				return is, err
			}
		}
	}
	return false, nil
}

// sameChange reports whether a commit of another walk and one of HEAD's brought a
// file in common, byte for byte: the ids that sendctl draws make two acts differ.
func (v *verifier) sameChange(w *walk, n, j int32) (bool, error) {
	a, b := &w.commits[n], &v.walk.commits[j]
	if a.record == b.record || len(a.parents) != 1 || len(b.parents) != 1 {
		return false, nil
	}
	d := &differ{store: v.store}
	mine, theirs := map[objects.ID]bool{}, map[objects.ID]bool{}
	if err := d.blobs(w.commits[a.parents[0]].record, a.record, mine); err != nil {
		return false, err
	}
	if err := d.blobs(v.walk.commits[b.parents[0]].record, b.record, theirs); err != nil {
		return false, err
	}
	for id := range mine {
		if theirs[id] {
			return true, nil
		}
	}
	return false, nil
}

// blobs adds the files that one state has and another before it has not.
func (d *differ) blobs(was, now objects.ID, out map[objects.ID]bool) error {
	removed, added, err := d.differing(was, now)
	if err != nil {
		return err
	}
	removed, added = slices.Clone(removed), slices.Clone(added)
	if d.depth > 32 {
		return nil
	}
	d.depth++
	defer func() { d.depth-- }()
	return pairs(removed, added, func(_ string, a, b objects.TreeEntry) error {
		if t := subtree(b); !t.IsZero() {
			return d.blobs(subtree(a), t, out)
		}
		if id := blob(b); !id.IsZero() {
			out[id] = true
		}
		return nil
	})
}

// judgeOrphan finds another root: a branch, or an older state of this clone, that
// shares seals with HEAD and no commit, and has seals which HEAD has not. Whoever
// begins a history anew may leave out of it what they like, and nothing of it says so.
func (v *verifier) judgeOrphan() error {
	if len(v.walk.missing) > 0 || len(v.walk.border) > 0 || v.Since != "" || v.folder == nil {
		return nil
	}
	type state struct {
		name string
		id   objects.ID
	}
	var states []state
	refs, err := v.repo.Refs("refs/")
	if err != nil {
		return nil
	}
	for _, r := range refs {
		for _, kind := range []string{"refs/heads/", "refs/remotes/", "refs/tags/"} {
			if strings.HasPrefix(r.Name, kind) {
				states = append(states, state{strings.TrimPrefix(r.Name, kind), r.ID})
			}
		}
	}
	steps, err := v.repo.Steps("")
	if err != nil {
		steps = nil
	}
	for _, s := range slices.Backward(steps) {
		states = append(states, state{"", s.To}, state{"", s.From})
	}
	seen := map[objects.ID]bool{}
	for _, s := range states {
		if s.id.IsZero() || seen[s.id] {
			continue
		}
		seen[s.id] = true
		related, err := v.related(s.id, seen)
		if err != nil {
			return err
		}
		if related {
			continue
		}
		f, ok, err := v.leftOut(s.id)
		if err != nil || !ok {
			if err != nil && fatal(err) {
				return err
			}
			continue
		}
		name := s.name
		if name == "" {
			name = s.id.String()[:12]
		}
		f.Do = "compare the two: git log " + name + "; bring back what is missing: git merge --allow-unrelated-histories " + name
		v.add(f)
		return nil
	}
	return nil
}

// related reports whether a commit and HEAD rest on a common one. All that it passes
// is marked as seen.
func (v *verifier) related(from objects.ID, seen map[objects.ID]bool) (bool, error) {
	stack := []objects.ID{from}
	passed := map[objects.ID]bool{}
	var h objects.Header
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if passed[id] {
			continue
		}
		passed[id] = true
		if _, ok := v.walk.at[id]; ok {
			return true, nil
		}
		raw, err := v.store.Of(objects.Commit, id)
		if err != nil {
			if fatal(err) {
				return false, err
			}
			return true, nil // not all of it is here: nothing can be said
		}
		if err := objects.ReadHeader(raw, &h); err != nil {
			return true, nil
		}
		seen[id] = true
		stack = append(stack, h.Parents...)
	}
	return false, nil
}

// leftOut compares HEAD with an unrelated state of the same record.
func (v *verifier) leftOut(id objects.ID) (Finding, bool, error) {
	tree, err := v.recordOf(id)
	if err != nil {
		return Finding{}, false, err
	}
	there, ok := v.stateAt(v.state(), id.String())
	if !ok || tree.IsZero() {
		return Finding{}, false, nil
	}
	common := false
	var gone []string
	f := Finding{Kind: "rewritten", Weight: Broken, Commit: id.String()}
	for learner, list := range there.Seals {
		for _, s := range list {
			at, _ := v.here(s.Hash)
			switch {
			case at != nil:
				common = true
			case v.isRemoved(learner, s.Hash) || v.goneHash[s.Hash]:
			default:
				gone = append(gone, s.Hash)
				if f.Seal == "" || s.Hash < f.Seal {
					f.Learner, f.File, f.Seal, f.Who, f.When = whose(learner), sealPath(learner, s.Name), s.Hash, s.By, s.Recorded
				}
			}
		}
	}
	if !common || len(gone) == 0 || !v.newlyGone(gone) {
		return f, false, nil
	}
	f.Message = plural(len(gone), "this history was begun anew beside the one that was here, and a seal of that was left out of it",
		"this history was begun anew beside the one that was here, and %d seals of that were left out of it, this one first")
	return f, true, nil
}

// judgeShared finds what a server had on this branch and has not any more: what was
// shared is nobody's to take back, and this clone saw it there.
func (v *verifier) judgeShared() error {
	if v.branch == "" || v.folder == nil {
		return nil
	}
	refs, err := v.repo.Refs("refs/remotes/")
	if err != nil {
		return nil
	}
	for _, r := range refs {
		if !strings.HasSuffix(r.Name, "/"+v.branch) || strings.Count(strings.TrimPrefix(r.Name, "refs/remotes/"), "/") != 1+strings.Count(v.branch, "/") {
			continue
		}
		steps, err := v.repo.Steps(r.Name)
		if err != nil {
			continue
		}
		for _, step := range steps {
			if step.From.IsZero() || step.From == step.To {
				continue
			}
			if err := v.forced(r, step); err != nil {
				if fatal(err) {
					return err
				}
			}
		}
	}
	return nil
}

// forced looks at one step of a server's branch, as this clone saw it.
func (v *verifier) forced(r trail.Ref, step trail.Step) error {
	if _, ok := v.walk.at[step.From]; ok {
		return nil // HEAD rests on it
	}
	before, err := v.olderThan(r.ID)
	if err != nil || before[step.From] {
		return err
	}
	had, ok := v.stateAt(v.state(), step.From.String())
	if !ok {
		return nil
	}
	has, ok := v.stateAt(v.state(), r.ID.String())
	if !ok {
		return nil
	}
	var gone []string
	f := Finding{Kind: "rewritten", Weight: Broken, Commit: step.From.String()}
	for learner, list := range had.Seals {
		for _, s := range list {
			if at, _ := v.here(s.Hash); at != nil || has.Has(learner, s.Hash) || v.isRemoved(learner, s.Hash) || v.goneHash[s.Hash] {
				continue
			}
			gone = append(gone, s.Hash)
			if f.Seal == "" || s.Hash < f.Seal {
				f.Learner, f.File, f.Seal, f.Who, f.When = whose(learner), sealPath(learner, s.Name), s.Hash, s.By, s.Recorded
			}
		}
	}
	if len(gone) == 0 || !v.newlyGone(gone) {
		return nil
	}
	f.Message = plural(len(gone), "the history was rewritten on the server: this seal was there, and no removal record names it",
		"the history was rewritten on the server: %d seals were there, this one first, and no removal record names them")
	f.Do = fmt.Sprintf("ask who pushed with --force; to get it back: git branch found %.12s, then git merge found", step.From.String())
	v.add(f)
	return nil
}

// tellGaps tells once for a learner of the seals that follow what is nowhere in the
// history of HEAD, and where else here that lies, if it does.
func (v *verifier) tellGaps(id string, open []Finding) {
	if len(open) == 0 {
		return
	}
	f := slices.MinFunc(open, func(a, b Finding) int {
		return cmp.Or(a.When.Compare(b.When), strings.Compare(a.File, b.File))
	})
	f.Kind, f.Weight = "seal-gone", Broken
	f.Message = "the seal of this file follows one that is neither here nor anywhere in the history: the history was rewritten, or that part of it was never brought here"
	if n := len(open); n > 1 {
		f.Message += fmt.Sprintf("; so do %d of this chain, this one first", n)
	}
	f.Do = "fetch from every copy there is (git fetch --all), merge the branch that has it, then run this again"
	refs, err := v.repo.Refs("refs/")
	if err != nil {
		refs = nil
	}
	for _, r := range refs {
		name, ok := strings.CutPrefix(r.Name, "refs/heads/")
		if !ok {
			name, ok = strings.CutPrefix(r.Name, "refs/remotes/")
		}
		if !ok || r.ID == v.head {
			continue
		}
		if s, ok := v.stateAt(State{Seals: v.state().Seals}, r.ID.String()); ok && s.Has(id, f.Seal) {
			f.Message = "the seal of this file follows one that is not in this history: a part of what was recorded was brought here without what came before it"
			f.Do = "the branch " + name + " has it; bring all of it here: git merge " + name
			break
		}
	}
	v.add(f)
}
