package merge

import (
	"cmp"
	"path"
	"slices"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// sealsOf are the seals of one chain on the three sides, name to bytes.
type sealsOf struct{ base, ours, theirs map[string][]byte }

// covering is a seal that says what the bytes of a file are.
type covering struct {
	name  string // of the seal's file
	bytes []byte
	seal  seal.Seal
}

func (w *whole) sealDir() string { return path.Join(w.dir, seal.Dir) }

func (w *whole) readSeals() error {
	for _, x := range []struct {
		from side
		to   *map[string][]byte
	}{{w.trees.base, &w.seals.base}, {w.trees.ours, &w.seals.ours}, {w.trees.theirs, &w.seals.theirs}} {
		*x.to = map[string][]byte{}
		names, err := x.from.list(w.sealDir())
		if err != nil {
			return err
		}
		for _, name := range names {
			if path.Ext(name) != seal.Extension {
				continue
			}
			b, err := x.from.read(path.Join(w.sealDir(), name))
			if err != nil {
				return err
			}
			(*x.to)[name] = b
		}
	}
	return nil
}

// mergeSeals keeps every seal of either side, and holds every file to what its seal
// says.
func (w *whole) mergeSeals() {
	names := map[string]bool{}
	for _, m := range []map[string][]byte{w.seals.base, w.seals.ours, w.seals.theirs} {
		for name := range m {
			names[name] = true
		}
	}
	var sorted []string
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	w.covered = map[string][]covering{}
	for _, name := range sorted {
		w.mergeSeal(name)
	}
	var paths []string
	for p := range w.covered {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		w.sealedFile(p)
	}
}

// mergeSeal decides what stands under the name of one seal.
func (w *whole) mergeSeal(name string) {
	p := path.Join(w.sealDir(), name)
	w.path = p
	if b, done := w.out[p]; done && b == nil {
		return // removed for good
	}
	b, o, t := w.seals.base[name], w.seals.ours[name], w.seals.theirs[name]
	if w.learner != "" && w.gone(p, b, o, t) {
		w.settle(p, nil)
		return
	}
	stands := cmp.Or(string(o), string(t))
	switch {
	case b != nil && (!same3(b, o) || !same3(b, t)):
		if s, ok := w.movedBeside(name); ok {
			stands = string(s)
			break
		}
		w.note(RuleSealed, "", "this seal was changed or taken away on one side; a seal stays as it was recorded")
		stands = string(b)
		for _, x := range [][]byte{o, t} {
			if x != nil && !same3(x, b) {
				if s, err := seal.Parse(x); err == nil {
					w.secondSeal(name, x, s)
				}
			}
		}
	case o != nil && t != nil && !same3(o, t):
		first, second := o, t
		if later(o, t) {
			first, second = t, o
		}
		stands = string(first)
		if s, err := seal.Parse(second); err == nil {
			w.secondSeal(name, second, s)
		} else {
			// No seal at all: a person looks at it, and it is not lost.
			w.askWhole(RuleWholeFile, "Two different seals have this name, and one of them cannot be read. Which one stands?", b, o, t, Ours, Theirs)
		}
	}
	w.settle(p, []byte(stands))
	w.cover(name, []byte(stands))
}

// movedBeside gives the seal that took the place of the one both sides began with
// when that was put beside it by an earlier merge; false where none did.
func (w *whole) movedBeside(name string) (stands []byte, ok bool) {
	b := w.seals.base[name]
	for _, side := range []map[string][]byte{w.seals.ours, w.seals.theirs} {
		x := side[name]
		if x == nil || same3(x, b) {
			continue
		}
		moved := false
		for other, y := range side {
			of, word, _, beside := recordfile.Beside(path.Join(seal.Dir, other))
			moved = moved || beside && word == recordfile.Second && path.Base(of) == name && same3(y, b)
		}
		if !moved {
			return nil, false
		}
		if stands != nil && !same3(stands, x) {
			first, second := stands, x
			if later(first, second) {
				first, second = second, first
			}
			if s, err := seal.Parse(second); err == nil {
				w.secondSeal(name, second, s)
			}
			x = first
		}
		stands = x
	}
	return stands, stands != nil
}

// settle says what a path comes to.
func (w *whole) settle(p string, b []byte) {
	if _, known := w.out[p]; !known {
		if v := w.files[p]; v != nil {
			w.was[p] = v.ours
		} else {
			w.was[p] = w.ours(p)
		}
	}
	w.out[p] = b
}

func (w *whole) cover(name string, b []byte) {
	s, err := seal.Parse(b)
	if err != nil || s.Living() {
		return
	}
	p := path.Join(w.dir, s.Sealed(name))
	w.covered[p] = append(w.covered[p], covering{name, b, s})
}

// later reports whether the seal a gives way to b: it was recorded later, or, in the
// same second, has the greater hash. A seal that cannot be read gives way.
func later(a, b []byte) bool {
	x, errX := seal.Parse(a)
	y, errY := seal.Parse(b)
	switch {
	case (errX == nil) != (errY == nil):
		return errX != nil
	case errX == nil && !x.Recorded.Equal(y.Recorded):
		return x.Recorded.After(y.Recorded)
	}
	return seal.Hash(a) > seal.Hash(b)
}

// secondSeal puts a second seal of one act, and what it covers, beside the first.
func (w *whole) secondSeal(name string, b []byte, s seal.Seal) {
	if s.Living() { // its bytes are in the history
		w.settle(path.Join(w.sealDir(), besidePath(name, recordfile.Second, letters(b, fileID, 0))), b)
		return
	}
	from := path.Join(w.dir, s.Sealed(name))
	file := w.bytesFor(from, s)
	id := letters(b, fileID, 0)
	if file != nil && !w.taken(besidePath(name, recordfile.Second, letters(file, fileID, 0)), b) {
		id = letters(file, fileID, 0)
	}
	sealTo := besidePath(name, recordfile.Second, id)
	fileTo := besidePath(from, recordfile.Second, id)
	w.settle(path.Join(w.sealDir(), sealTo), b)
	if file != nil {
		w.settle(fileTo, file)
		w.path = from
		w.note(RuleSecond, fileTo, "this was recorded twice, once on each side. The one recorded first stands here, the other beside it as "+path.Base(fileTo)+"; a correction says which of the two is right")
	}
	if w.covered[from] == nil {
		w.covered[from] = []covering{} // looked at below, so that nothing stays there unsealed
	}
}

// taken reports whether another seal than b has that name, here or on any side: two
// people may have sealed the same bytes, and each seal is kept.
func (w *whole) taken(name string, b []byte) bool {
	for _, x := range [][]byte{w.out[path.Join(w.sealDir(), name)], w.seals.base[name], w.seals.ours[name], w.seals.theirs[name]} {
		if x != nil && !same3(x, b) {
			return true
		}
	}
	return false
}

// bytesFor finds the bytes that a seal covers on any side, nil where none has them.
func (w *whole) bytesFor(p string, s seal.Seal) []byte {
	v := w.at(p)
	for _, b := range [][]byte{v.ours, v.theirs, v.base} {
		if b != nil && s.Covers(b) {
			return b
		}
	}
	return nil
}

// ours reads a file of our side.
func (w *whole) ours(p string) []byte {
	b, err := w.trees.ours.read(p)
	w.err = cmp.Or(w.err, err)
	return b
}

// at gives the versions of a file, whether or not they differ.
func (w *whole) at(p string) *versions {
	if v := w.files[p]; v != nil {
		return v
	}
	v, err := w.trees.versions(p)
	if err != nil {
		w.err = cmp.Or(w.err, err)
		return &versions{}
	}
	return v
}

// sealedFile holds one file to the bytes that were sealed. What a side wrote into it
// beyond them goes beside it.
func (w *whole) sealedFile(p string) {
	v := w.files[p]
	if v == nil {
		return // the same on all three sides
	}
	if b, done := w.out[p]; done && b == nil {
		return
	}
	w.path = p
	by := w.covered[p]
	slices.SortFunc(by, func(a, b covering) int {
		if later(a.bytes, b.bytes) {
			return 1
		}
		return -1
	})
	var stands []byte
	var moved [][]byte // sealed, and beside already
	for _, c := range by {
		b := w.bytesFor(p, c.seal)
		switch {
		case b == nil:
		case stands == nil:
			stands = b
		case !same3(b, stands):
			w.secondSeal(c.name, c.bytes, c.seal)
			w.settle(path.Join(w.sealDir(), c.name), nil)
			moved = append(moved, b)
		}
	}
	if stands == nil {
		if len(by) > 0 {
			w.note(RuleSealed, "", "neither side holds what was sealed here; audit verify tells more")
		} else if v.ours != nil && v.theirs == nil || v.ours == nil && v.theirs != nil {
			w.settle(p, nil) // it went beside with its seal
		}
		return
	}
	w.settle(p, stands)
	for b := range w.out {
		if of, word, _, ok := recordfile.Beside(b); ok && word == recordfile.Second && of == p {
			moved = append(moved, w.out[b])
		}
	}
	for _, x := range [][]byte{v.ours, v.theirs} {
		if x == nil || same3(x, stands) || same3(x, v.base) || slices.ContainsFunc(moved, func(m []byte) bool { return same3(m, x) }) {
			continue
		}
		if w.holdsAll(p, v.base, x, stands) {
			continue
		}
		to := w.beside(p, recordfile.Late, x)
		if v.base != nil && same3(v.base, stands) {
			w.note(RuleLate, to, "this was sealed already when one side changed it past sendctl. What was sealed stands; the changed file is beside it as "+path.Base(to)+": find out who changed it and why, put what still counts where it belongs, then delete that file")
			continue
		}
		w.note(RuleLate, to, "this was recorded and sealed on one side while the other still wrote into it. What was sealed stands; what was written is beside it as "+path.Base(to)+": put what still counts where it belongs, then delete that file")
	}
	if v.ours == nil || v.theirs == nil {
		if v.base != nil {
			w.note(RuleSealed, "", "one side took this away, though it is sealed: it stays")
		}
	}
}

// holdsAll reports whether everything that x says beyond base is in sealed too.
func (w *whole) holdsAll(p string, base, x, sealed []byte) bool {
	k, ok := recordfile.KindAt(p)
	if !ok {
		return false
	}
	return len(missing(k, p, base, x, sealed, false)) == 0
}
