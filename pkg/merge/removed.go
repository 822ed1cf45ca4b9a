package merge

import (
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// removed is what the removal records of either side say is gone for good.
type removed struct {
	learners map[string]bool
	files    map[string][]string // ids, by learner
	seals    map[string]bool     // hashes
}

func (t *trees) readRemovals() error {
	t.removed = removed{map[string]bool{}, map[string][]string{}, map[string]bool{}}
	for _, s := range []side{t.ours, t.theirs} {
		names, err := s.list("removals")
		if err != nil {
			return err
		}
		for _, name := range names {
			p := path.Join("removals", name)
			if path.Ext(p) != ".yaml" {
				continue
			}
			b, err := s.read(p)
			if err != nil {
				return err
			}
			f, _, err := recordfile.Read[learner.Removal](p, recordfile.Removal, b)
			if err != nil || f.Doc == nil {
				continue // validate and verify say so
			}
			v := f.Value
			for _, h := range v.Seals {
				t.removed.seals[h] = true
			}
			switch v.What {
			case "learner":
				t.removed.learners[v.Learner] = true
			case "file":
				t.removed.files[v.Learner] = append(t.removed.files[v.Learner], v.Files...)
			}
		}
	}
	return nil
}

// dropRemoved takes in nothing of what was removed for good.
func (w *whole) dropRemoved() {
	if w.learner == "" {
		return
	}
	for p, v := range w.files {
		if !w.gone(p, v.ours, v.theirs) {
			continue
		}
		w.out[p] = nil
		if v.ours != nil || v.theirs != nil {
			w.path = p
			w.note(RuleRemoved, "", "this was removed for good, and a copy still held it: it is not taken in again. Clone that copy anew, for its history holds it still")
		}
	}
}

// gone reports whether a file of the learner, with these bytes on the sides that have
// it, was removed for good.
func (w *whole) gone(p string, sides ...[]byte) bool {
	if w.trees.removed.learners[w.learner] {
		return true
	}
	name := path.Base(p)
	if of, _, _, ok := recordfile.Beside(p); ok {
		name = path.Base(of)
	}
	id := idOf(name)
	if path.Ext(p) == seal.Extension {
		id, _, _ = strings.Cut(name, "-")
		if slices.ContainsFunc(sides, func(b []byte) bool { return b != nil && w.trees.removed.seals[seal.Hash(b)] }) {
			return true
		}
	}
	return slices.Contains(w.trees.removed.files[w.learner], id)
}

// keepRecord keeps a whole record that one side took out, as undoing its creation does,
// and into which the other side wrote meanwhile: half of it would be no record.
func (w *whole) keepRecord() {
	sheet := w.dir + "/identity.yaml"
	v := w.files[sheet]
	if w.learner == "" || v == nil || v.base == nil || (v.ours == nil) == (v.theirs == nil) {
		return
	}
	if b, done := w.out[sheet]; done && b == nil {
		return // removed for good
	}
	there := func(v *versions) []byte { return v.theirs }
	if v.theirs == nil {
		there = func(v *versions) []byte { return v.ours }
	}
	wrote := false
	for _, v := range w.files {
		wrote = wrote || there(v) != nil && !same3(there(v), v.base)
	}
	if !wrote {
		return
	}
	for p, v := range w.files {
		if _, done := w.out[p]; !done && (v.ours == nil || v.theirs == nil) && there(v) != nil {
			w.out[p] = there(v)
		}
	}
	w.path = sheet
	w.note(RuleDeleted, "", "this record was taken out on one side, and the other wrote into it: so all of it stays; whoever took it out can do so again")
}
