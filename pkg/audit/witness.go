package audit

import (
	"errors"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/objects"
	"github.com/sendctl/sendctl/pkg/seal"
)

// state is what HEAD holds, for comparing with checkpoints.
func (v *verifier) state() State {
	s := State{Head: v.report.Head, First: v.firstCommit(), Seals: map[string][]Sealed{}, Removed: v.removed}
	if v.folder != nil {
		if demo := v.folder.Setting.Value.Demonstration; demo != nil {
			s.Demonstration = demo.Today.String()
		}
	}
	for id, c := range v.chains {
		for i := range c.seals {
			s.Seals[id] = append(s.Seals[id], c.seals[i].sealed())
		}
		inOrder(s.Seals[id])
	}
	s.At = func(commit string) (State, bool) { return v.stateAt(s, commit) }
	return s
}

func (h *held) sealed() Sealed {
	return Sealed{Hash: h.hash, Name: h.name, Previous: h.Previous, Recorded: h.Recorded, By: h.By, Signed: h.key != "", Key: h.key}
}

// stateAt is the state of another commit: that of HEAD, less and more what differs.
func (v *verifier) stateAt(now State, commit string) (State, bool) {
	id, err := objects.ParseID(commit)
	if err != nil {
		return State{}, false
	}
	tree, err := v.recordOf(id)
	if err != nil {
		return State{}, false
	}
	d := &differ{store: v.store}
	if err := d.record(tree, v.record); err != nil {
		return State{}, false
	}
	lacks := map[sight]bool{}
	touched := map[string]bool{}
	for _, b := range d.brought {
		lacks[b.sight], touched[b.learner] = true, true
	}
	more := map[string][]Sealed{}
	for _, e := range d.gone {
		b, err := of(v.store, objects.Blob, e.was)
		if err != nil {
			return State{}, false
		}
		more[e.learner] = append(more[e.learner], sealedOf(baseName(e.path), b))
		touched[e.learner] = true
	}
	s := State{Head: commit, Demonstration: now.Demonstration, Removed: now.Removed, At: now.At, Seals: map[string][]Sealed{}}
	for learner, list := range now.Seals {
		if !touched[learner] {
			s.Seals[learner] = list
		}
	}
	for learner := range touched {
		list := more[learner]
		if c := v.chains[learner]; c != nil {
			for i := range c.seals {
				if !lacks[sight{learner, c.seals[i].blob}] {
					list = append(list, c.seals[i].sealed())
				}
			}
		}
		inOrder(list)
		list = slices.CompactFunc(list, func(a, b Sealed) bool { return a.Hash == b.Hash })
		if len(list) > 0 {
			s.Seals[learner] = list
		}
	}
	return s, true
}

func baseName(p string) string {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] == '/' {
			return p[i+1:]
		}
	}
	return p
}

// past is what checkpoints are compared with.
func (v *verifier) past() Past {
	p := Past{State: v.report.State, Maker: v.maker, Follows: v.follows}
	if v.folder != nil {
		p.Setting = string(v.folder.Setting.Value.Name)
	}
	p.Folder = FolderHint(v.firstCommit())
	return p
}

// firstCommit is the id of the commit that the first parents end at; "" where that
// was not read.
func (v *verifier) firstCommit() string {
	n := int32(0)
	for len(v.walk.commits) > 0 {
		c := &v.walk.commits[n]
		if c.cut {
			return ""
		}
		if len(c.parents) == 0 {
			return c.id.String()
		}
		n = c.parents[0]
	}
	return ""
}

// maker reports whether a key was that person's on that day.
func (v *verifier) maker(person, public string, on date.Date) bool {
	if v.roster == nil {
		return false
	}
	mine := v.keysOf(&chain{}, person)
	if len(mine) == 0 {
		return true // nobody knows their key
	}
	return slices.ContainsFunc(mine, func(e entry) bool { return e.public == plain(public) && e.valid(on) })
}

// follows reports whether every commit that first brought a seal rests on another.
func (v *verifier) follows(hash, commit string) (yes, known bool) {
	id, err := objects.ParseID(commit)
	if err != nil {
		return false, false
	}
	n, ok := v.walk.at[id]
	if !ok {
		return false, false
	}
	at, h := v.here(hash)
	if at == nil {
		return false, false
	}
	seen := v.walk.history.seals[sight{at.whose, h.blob}]
	if seen == nil || len(seen.first) == 0 {
		return false, false
	}
	for _, first := range seen.first {
		if first == n || !v.walk.restsOn(first, n) {
			return false, true
		}
	}
	return true, true
}

// judgeCheckpoints compares HEAD with the checkpoints that were given.
func (v *verifier) judgeCheckpoints() error {
	v.report.State = v.state()
	var all []Named
	for _, n := range v.Checkpoints {
		c, err := ParseCheckpoint(n.Text)
		if err != nil {
			var other *CheckpointError
			if !errors.As(err, &other) {
				return err
			}
			v.add(Finding{Kind: "checkpoint-unreadable", Weight: CannotTell, Message: "checkpoint " + n.Name + " cannot be read: " + err.Error(),
				Do: "give the text as it was kept, from its first line to its last"})
			continue
		}
		all = append(all, Named{n.Name, c})
	}
	v.report.Checked.Checkpoints = len(all)
	if len(all) == 0 {
		return nil
	}
	found, contradict := v.past().CompareAll(all)
	for i, c := range found {
		v.found = append(v.found, c.Findings...)
		if c.Extends && !c.Foreign {
			v.witnesses = append(v.witnesses, testimony{made: all[i].Checkpoint.Made, key: c.Key, holds: c.Holds})
		}
	}
	v.found = append(v.found, contradict...)
	return nil
}

// testimony is what a checkpoint, or this clone's own memory, says was there at a
// time.
type testimony struct {
	made  time.Time
	key   string
	holds map[string]bool
}

// witnessed reports whether something from before a revocation, not signed with the
// revoked key, shows that a seal was there.
func (v *verifier) witnessed(hash, revoked string, before time.Time) bool {
	return slices.ContainsFunc(v.witnesses, func(t testimony) bool {
		return t.made.Before(before) && t.key != revoked && t.holds[hash]
	})
}

// covered lists the seals that a revocation says were there when it was recorded:
// those that it names, and all that they rest on.
func (v *verifier) covered(x revocation) map[string]bool {
	if out, ok := v.coveredBy[x.file]; ok {
		return out
	}
	out := map[string]bool{}
	for _, hash := range x.Covers {
		if at, _ := v.here(hash); at != nil {
			v.rests(at, []string{hash}, out)
		}
	}
	// A removal may have taken a link out of the chain: then what is recorded before
	// the revocation counts.
	for hash := range out {
		if v.removed[hash] == "" {
			continue
		}
		for _, c := range v.chains {
			if !slices.ContainsFunc(c.seals, func(h held) bool { return slices.Contains(h.Previous, hash) }) {
				continue
			}
			for i := range c.seals {
				if c.seals[i].Recorded.Before(x.recorded) {
					out[c.seals[i].hash] = true
				}
			}
		}
	}
	// The setting's own chain: what the revocation itself follows.
	if own := v.chains[seal.Setting]; own != nil {
		for i := range own.seals {
			if own.seals[i].unread == nil && own.seals[i].Sealed(own.seals[i].name) == x.file {
				v.rests(own, append([]string{own.seals[i].hash}, own.seals[i].Previous...), out)
			}
		}
	}
	v.coveredBy[x.file] = out
	return out
}
