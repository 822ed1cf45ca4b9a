package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
	"github.com/sendctl/sendctl/pkg/trail"
)

// Remembered is what a clone keeps of the last time its trail was proven: every seal
// that was here. It lies in sendctl's private folder in the file "remembered":
//
//	sendctl-remembered/1
//	time 2026-11-22T10:30:00Z
//	head 40 hex digits
//	by grimes                     who asked, where that was known
//	branch main                   the branch that was looked at; none for a commit by itself
//	bk7m2xqt 64 hex digits k4f7-review.seal    one line for each seal, sorted
//
// The file is replaced whole; one that cannot be read counts as none.
type Remembered struct {
	Time   time.Time
	Head   string
	By     string
	Branch string
	Seals  map[string][]string // by learner or seal.Setting: hashes, sorted
	Names  map[string]string   // by hash: what the seal's file was called, where that is known
}

const (
	rememberedFile   = "remembered"
	rememberedFormat = "sendctl-remembered/1"
)

// Count is how many seals are remembered.
func (r Remembered) Count() int {
	n := 0
	for _, list := range r.Seals {
		n += len(list)
	}
	return n
}

// Recall reads what the clone with that private folder (trail.Repo.PrivateDir)
// remembers; ok is false where that is nothing.
func Recall(private string) (r Remembered, ok bool, err error) {
	f, err := os.Open(filepath.Join(private, rememberedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("read what was remembered: %w", err)
	}
	defer f.Close()
	r.Seals, r.Names = map[string][]string{}, map[string]string{}
	lines := bufio.NewScanner(f)
	if !lines.Scan() || lines.Text() != rememberedFormat {
		return r, false, nil
	}
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), " ")
		switch key {
		case "time":
			if r.Time, err = time.Parse(time.RFC3339, value); err != nil {
				return r, false, nil
			}
		case "head":
			r.Head = value
		case "branch":
			r.Branch = value
		case "by":
			r.By = value
		default:
			hash, name, _ := strings.Cut(value, " ")
			r.Seals[key] = append(r.Seals[key], "sha256:"+hash)
			if name != "" {
				r.Names["sha256:"+hash] = name
			}
		}
	}
	if err := lines.Err(); err != nil {
		return r, false, fmt.Errorf("read what was remembered: %w", err)
	}
	return r, true, nil
}

// Remember keeps r, in place of what was remembered before.
func Remember(private string, r Remembered) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ntime %s\nhead %s\n", rememberedFormat, r.Time.UTC().Format(time.RFC3339), r.Head)
	if r.By != "" {
		fmt.Fprintf(&b, "by %s\n", r.By)
	}
	if r.Branch != "" {
		fmt.Fprintf(&b, "branch %s\n", r.Branch)
	}
	for _, learner := range slices.Sorted(maps.Keys(r.Seals)) {
		list := slices.Clone(r.Seals[learner])
		slices.Sort(list)
		for _, hash := range slices.Compact(list) {
			b.WriteString(strings.TrimSpace(learner+" "+strings.TrimPrefix(hash, "sha256:")+" "+r.Names[hash]) + "\n")
		}
	}
	if err := os.MkdirAll(private, 0o700); err != nil {
		return fmt.Errorf("remember what was proven: %w", err)
	}
	name := filepath.Join(private, rememberedFile)
	tmp, err := os.CreateTemp(private, rememberedFile+".tmp-*") // made with 0600
	if err != nil {
		return fmt.Errorf("remember what was proven: %w", err)
	}
	_, err = tmp.Write(b.Bytes())
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("remember what was proven: %w", err)
	}
	return nil
}

// Forget drops what a clone remembered, and says what that was.
func Forget(private string) (Remembered, bool, error) {
	r, ok, err := Recall(private)
	if err != nil {
		return r, ok, err
	}
	if err := os.Remove(filepath.Join(private, rememberedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, ok, fmt.Errorf("forget what was remembered: %w", err)
	}
	return r, ok, nil
}

// remember keeps the seals of a proven HEAD. Where others can see some of the
// history, one's own acts that they cannot see yet are left out: those may honestly
// be taken back.
func (v *verifier) remember() error {
	r := Remembered{Time: v.Now, Head: v.report.Head, By: v.Me, Branch: v.branch, Seals: map[string][]string{}, Names: map[string]string{}}
	shared, some, err := v.shared()
	if err != nil {
		return err
	}
	for id, c := range v.chains {
		for i := range c.seals {
			h := &c.seals[i]
			if some && !shared[sight{id, h.blob}] && (v.Me == "" || h.By == v.Me) {
				continue
			}
			r.Seals[id] = append(r.Seals[id], h.hash)
			r.Names[h.hash] = h.name
		}
	}
	return Remember(v.repo.PrivateDir(), r)
}

// shared lists the seals that remote-tracking refs hold; some is false where there
// are no such refs.
func (v *verifier) shared() (map[sight]bool, bool, error) {
	refs, err := v.repo.Refs("refs/remotes/")
	if err != nil || len(refs) == 0 {
		return nil, false, err
	}
	out := map[sight]bool{}
	done := map[objects.ID]bool{}
	d := &differ{store: v.store}
	for _, ref := range refs {
		if done[ref.ID] {
			continue
		}
		done[ref.ID] = true
		tree, err := v.recordOf(ref.ID)
		if err != nil {
			if fatal(err) {
				return nil, true, err
			}
			continue
		}
		// What differs from HEAD is little; all else they hold alike.
		d.brought, d.gone, d.altered, d.files = nil, nil, nil, nil
		if err := d.record(tree, v.record); err != nil {
			if fatal(err) {
				return nil, true, err
			}
			continue
		}
		lacks := map[sight]bool{}
		for _, b := range d.brought {
			lacks[b.sight] = true
		}
		for id, c := range v.chains {
			for i := range c.seals {
				if s := (sight{id, c.seals[i].blob}); !lacks[s] {
					out[s] = true
				}
			}
		}
	}
	return out, true, nil
}

// recordOf is the record folder's tree in a commit.
func (v *verifier) recordOf(id objects.ID) (objects.ID, error) {
	raw, err := of(v.store, objects.Commit, id)
	if err != nil {
		return objects.ID{}, err
	}
	var h objects.Header
	if err := objects.ReadHeader(raw, &h); err != nil {
		return objects.ID{}, broken(id, err)
	}
	return v.walk.below(h.Tree)
}

// judgeMemory holds HEAD against what this clone remembers.
func (v *verifier) judgeMemory() error {
	if v.remembered == nil {
		return nil
	}
	r := *v.remembered
	var gone []string
	for _, learner := range slices.Sorted(maps.Keys(r.Seals)) {
		for _, hash := range r.Seals[learner] {
			stands := false
			if c := v.chains[learner]; c != nil { // not by here: the same seal may lie with another learner too
				_, stands = c.byHash[hash]
			}
			if stands || v.isRemoved(learner, hash) || v.goneHash[hash] || v.incomplete(learner) {
				continue
			}
			gone = append(gone, learner+" "+hash)
		}
	}
	if older, err := v.onlyOlder(r, gone); err != nil {
		return err
	} else if older {
		v.older = true
		v.note("older-state", "an older state is checked out here: the branch %s holds %s more", r.Branch, plural(len(gone), "one seal", "%d seals"))
		return nil
	}
	if len(gone) > 0 {
		for _, g := range gone {
			_, hash, _ := strings.Cut(g, " ")
			v.newlyGone([]string{hash})
		}
		first, hash, _ := strings.Cut(gone[0], " ")
		v.add(Finding{Kind: "remembered-gone", Weight: Broken, Learner: whose(first), File: sealPath(first, r.Names[hash]), Seal: hash, Commit: r.Head, When: r.Time,
			Message: plural(len(gone), "a seal was here when this clone was last proven, and is gone from the history", "%d seals were here when this clone was last proven, and are gone from the history"),
			Do:      fmt.Sprintf("get back what was here then: git branch found %.12s, and merge it; if they are meant to be gone: sendctl audit verify --forget", r.Head)})
	}
	return v.sinceRemembered(r)
}

// onlyOlder reports whether another state than that of the remembered branch is
// looked at, and the branch still holds all that is missed here: nothing went.
func (v *verifier) onlyOlder(r Remembered, gone []string) (bool, error) {
	if len(gone) == 0 || r.Branch == "" || r.Branch == v.branch {
		return false, nil
	}
	id, err := v.repo.Resolve("refs/heads/" + r.Branch)
	if err != nil {
		return false, nil // the branch is gone: that is no older state of it
	}
	there, ok := v.stateAt(v.state(), id)
	if !ok {
		return false, nil
	}
	for _, g := range gone {
		learner, hash, _ := strings.Cut(g, " ")
		if !slices.ContainsFunc(there.Seals[learner], func(s Sealed) bool { return s.Hash == hash }) {
			return false, nil
		}
	}
	return true, nil
}

// sealPath is where a seal of that name lies.
func sealPath(learner, name string) string {
	return shownPath((&held{name: name}).at(learner))
}

// sinceRemembered finds a seal that claims to be older than the last proof, by whoever
// asked for that, and was not there: unless it came from elsewhere.
func (v *verifier) sinceRemembered(r Remembered) error {
	if r.By == "" {
		return nil
	}
	head, err := objects.ParseID(r.Head)
	if err != nil {
		return nil
	}
	n, ok := v.walk.at[head]
	if !ok {
		return nil
	}
	shared, some, err := v.shared()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, list := range r.Seals {
		for _, h := range list {
			known[h] = true
		}
	}
	then := v.walk.ancestors(n)
	for _, id := range slices.Sorted(maps.Keys(v.chains)) {
		c := v.chains[id]
		for i := range c.seals {
			h := &c.seals[i]
			if h.unread != nil || h.By != r.By || known[h.hash] || !h.Recorded.Before(r.Time.Add(-ownDrift)) {
				continue
			}
			s := sight{id, h.blob}
			seen := v.walk.history.seals[s]
			if seen == nil || some && shared[s] || len(seen.first) == 0 {
				continue
			}
			if slices.ContainsFunc(seen.first, func(first int32) bool { return then[first] || !v.walk.restsOn(first, n) }) {
				continue
			}
			made, err := v.madeHere(seen.first, s, head)
			if err != nil {
				return err
			}
			if !made {
				v.add(v.by(Finding{Kind: "came-later", Weight: Note, Learner: whose(id), File: h.covers(id), Seal: h.hash,
					Message: "this was recorded before this clone was last proven, and came here after that"}, seen.first[0]))
				continue
			}
			v.add(v.by(Finding{Kind: "backdated", Weight: Broken, Learner: whose(id), File: h.covers(id), Seal: h.hash,
				Message: "this says it was recorded before this clone was last proven, and was committed here after that",
				Do:      "ask " + h.By + " when it was recorded"}, seen.first[0]))
		}
	}
	return nil
}

// madeHere reports whether git's own log says that a seal was committed in this clone
// after it stood at a commit, and nothing older of this clone holds it: then it did
// not come from another computer or another branch. The log is read by its order: its
// times are whatever the person's environment said.
func (v *verifier) madeHere(first []int32, s sight, then objects.ID) (bool, error) {
	steps, err := v.repo.Steps("")
	if err != nil {
		return false, err
	}
	refs, err := v.repo.Refs("refs/")
	if err != nil {
		return false, err
	}
	var before []objects.ID // what this clone had then, or has beside HEAD
	for _, ref := range refs {
		if ref.Name != "refs/heads/"+v.branch {
			before = append(before, ref.ID)
		}
	}
	made, stood := false, len(steps)
	for stood > 0 && steps[stood-1].To != then {
		stood--
	}
	for i, step := range steps {
		if i < stood {
			before = append(before, step.To)
		} else if strings.HasPrefix(step.What, "commit: ") && slices.ContainsFunc(first, func(n int32) bool { return v.walk.commits[n].id == step.To }) {
			made = true
		}
	}
	for i := len(before) - 1; made && i >= 0; i-- {
		tree, err := v.recordOf(before[i])
		if err != nil {
			continue // no commit, or not here any more
		}
		if in, err := v.holds(tree, s); err == nil && in {
			return false, nil
		}
	}
	return made, nil
}

// restsOn reports whether commit n rests on old.
func (w *walk) restsOn(n, old int32) bool {
	if w.children == nil {
		w.children = map[int32][]bool{}
	}
	if w.children[n] == nil {
		if len(w.children) > 64 {
			clear(w.children)
		}
		w.children[n] = w.ancestors(n)
	}
	return w.children[n][old]
}

// judgeReflog is the weak memory of a clone that was never proven: what git itself
// remembers of where the branch was. Acts taken back whole before anybody saw them
// are nobody's business; a history rewritten to drop some and keep others is.
func (v *verifier) judgeReflog(branch string) error {
	if branch == "" {
		return nil
	}
	steps, err := v.repo.Steps(branch)
	if err != nil {
		return nil
	}
	if n := len(steps); n > 0 && steps[n-1].To != v.head {
		steps = append(steps, trail.Step{From: steps[n-1].To, To: v.head})
	}
	back := map[string]bool{}
	for _, step := range steps {
		if _, ok := v.walk.at[step.From]; ok || step.From.IsZero() {
			continue // HEAD rests on it
		}
		if err := v.rewritten(step, back); err != nil {
			if fatal(err) {
				return err
			}
		}
	}
	if n := len(back); n > 0 {
		v.note("taken-back", "%s", plural(n, "one sealed act was taken back on this machine, as git's own log says", "%d sealed acts were taken back on this machine, as git's own log says"))
	}
	return nil
}

// rewritten looks at one step of a branch that was no step forward.
func (v *verifier) rewritten(step trail.Step, back map[string]bool) error {
	old, new := step.From, step.To
	before, err := v.olderThan(new)
	if err != nil {
		return err
	}
	if before[old] {
		return nil
	}
	// The seals that the commits brought which only old rests on.
	w := &walk{store: v.store, folder: v.walk.folder, border: v.walk.border, at: map[objects.ID]int32{}}
	if err := w.run(v.ctx, old, func(id objects.ID, _ int64) bool { return before[id] }, nil); err != nil {
		return err
	}
	var mine []sight
	base := map[sight]bool{}
	for s, seen := range w.history.seals {
		fresh := false
		for _, n := range seen.first {
			fresh = fresh || !before[w.commits[n].id]
			if before[w.commits[n].id] {
				base[s] = true
			}
		}
		if fresh {
			mine = append(mine, s)
		}
	}
	slices.SortFunc(mine, func(a, b sight) int {
		return cmp.Or(strings.Compare(a.learner, b.learner), bytes.Compare(a.blob[:], b.blob[:]))
	})
	next, err := v.recordOf(new)
	if err != nil {
		return err
	}
	var here, gone []sight
	var hashes []string
	kept := 0
	for _, s := range mine {
		if base[s] {
			continue
		}
		b, err := of(v.store, objects.Blob, s.blob)
		if err != nil {
			continue
		}
		hash := seal.Hash(b)
		if v.isRemoved(s.learner, hash) || v.goneHash[hash] {
			continue
		}
		if in, err := v.holds(next, s); err == nil && in {
			kept++
		}
		if at, _ := v.here(hash); at != nil {
			here = append(here, s)
		} else {
			gone = append(gone, s)
			hashes = append(hashes, hash)
		}
	}
	if len(gone) == 0 || kept == len(here)+len(gone) {
		return nil
	}
	if !slices.ContainsFunc(hashes, func(h string) bool { return !v.toldGone[h] }) {
		return nil
	}
	if len(here) == 0 {
		if kept, err := v.copied(w, gone); err != nil && fatal(err) {
			return err
		} else if kept {
			v.newlyGone(hashes)
			v.add(Finding{Kind: "rewritten", Weight: Broken, Learner: whose(gone[0].learner), Commit: old.String(),
				Message: plural(len(gone), "the history was rewritten on this machine: a sealed act was cut out of it, and what was recorded after it was kept", "the history was rewritten on this machine: %d sealed acts were cut out of it, and what was recorded after them was kept"),
				Do:      fmt.Sprintf("get back what was here: git branch found %.12s, then git merge found", old.String())})
			return nil
		}
		others, err := v.notTheirs(gone, step.Email)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			v.add(Finding{Kind: "taken-out", Weight: CannotTell, Learner: whose(others[0].learner), Commit: old.String(),
				Message: plural(len(others), "what somebody else recorded was taken out of the history on this machine", "%d acts that somebody else recorded were taken out of the history on this machine"),
				Do:      fmt.Sprintf("ask whoever did that; to get it back: git branch found %.12s, then git merge found", old.String())})
			return nil
		}
		for _, s := range gone {
			back[s.blob.String()] = true
		}
		return nil
	}
	v.newlyGone(hashes)
	v.add(Finding{Kind: "rewritten", Weight: Broken, Learner: whose(gone[0].learner), Commit: old.String(),
		Message: plural(len(gone), "the history was rewritten on this machine: a sealed act was dropped, and others of the same time were kept", "the history was rewritten on this machine: %d sealed acts were dropped, and others of the same time were kept"),
		Do:      fmt.Sprintf("get back what was here: git branch found %.12s, then git merge found", old.String())})
	return nil
}

// notTheirs lists the seals that somebody else made than the person with that e-mail
// address, and that nothing else here holds: what is on a server, or on another
// branch, was only not taken along.
func (v *verifier) notTheirs(gone []sight, email string) ([]sight, error) {
	if email == "" || v.folder == nil {
		return nil, nil
	}
	who, _ := v.folder.PersonByEmail(email)
	var out []sight
	for _, s := range gone {
		b, err := of(v.store, objects.Blob, s.blob)
		if err != nil {
			continue
		}
		if made, err := seal.Parse(b); err == nil && made.By != who.ID {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	refs, err := v.repo.Refs("refs/")
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		if strings.HasPrefix(ref.Name, "refs/original/") {
			continue // what a rewriting keeps of what it took out
		}
		tree, err := v.recordOf(ref.ID)
		if err != nil {
			continue
		}
		out = slices.DeleteFunc(out, func(s sight) bool { in, err := v.holds(tree, s); return err == nil && in })
	}
	return out, nil
}

// holds reports whether a record folder's tree holds a seal, under whatever name.
func (v *verifier) holds(tree objects.ID, s sight) (bool, error) {
	dirs := []string{seal.Dir}
	if s.learner != seal.Setting {
		dirs = []string{"learners", s.learner, seal.Dir}
	}
	for _, name := range dirs {
		if tree.IsZero() {
			return false, nil
		}
		e, ok, err := v.entry(tree, name)
		if err != nil || !ok {
			return false, err
		}
		tree = subtree(e)
	}
	if tree.IsZero() {
		return false, nil
	}
	raw, err := of(v.store, objects.Tree, tree)
	if err != nil {
		return false, err
	}
	for e, err := range objects.Entries(raw) {
		if err != nil {
			return false, err
		}
		if e.ID == s.blob {
			return true, nil
		}
	}
	return false, nil
}
