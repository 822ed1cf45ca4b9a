package audit

import (
	"encoding/hex"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// finder finds out which of the seals at hand a checkpoint speaks of, from its
// count and its two sums alone.
//
// Most are plain by their time. A few are not: an act done offline is merged later
// with an earlier time, a clock runs ahead, a removed seal has no time any more.
// Whether some of up to `unsure` doubtful ones, added to the certain ones, give the
// checkpoint's sum is a system of 256 equations over bits, which has an answer or
// has none; with fewer unknowns than equations a chance answer is next to
// impossible, and the checkpoint's sha256 over the latest seals is compared besides.
type finder struct {
	cp      Checkpoint
	all     []known // those here in order of time, then the removed ones
	present int     // how many of them are here
	cut     int     // how many of those were recorded by the checkpoint's time
	seals   map[string][]Sealed
	before  []vector // before[i] is the sum of all[:i]
	want    vector
}

// unsure is how many seals may be in doubt at once: fewer than a hash has bits.
const unsure = 240

// windows is how many stretches of time are tried as the doubtful one.
const windows = 400

type vector [4]uint64

func (v vector) plus(w vector) vector {
	for i := range v {
		v[i] ^= w[i]
	}
	return v
}

func vectorOf(hexDigits string) (v vector) {
	b, err := hex.DecodeString(hexDigits)
	if err != nil || len(b) != 32 {
		return v
	}
	for i := range b {
		v[i/8] = v[i/8]<<8 | uint64(b[i])
	}
	return v
}

type known struct {
	hash, by string
	vector   vector
	recorded time.Time
	removed  bool
}

func newFinder(s State, cp Checkpoint) *finder {
	f := &finder{cp: cp, seals: s.Seals, want: vectorOf(cp.All)}
	seen := map[string]bool{}
	add := func(k known) {
		if seen[k.hash] {
			return
		}
		seen[k.hash] = true
		k.vector = vectorOf(strings.TrimPrefix(k.hash, "sha256:"))
		f.all = append(f.all, k)
	}
	for _, list := range s.Seals {
		for _, x := range list {
			add(known{hash: x.Hash, by: x.By, recorded: x.Recorded})
		}
	}
	f.present = len(f.all)
	slices.SortFunc(f.all, func(a, b known) int {
		if c := a.recorded.Compare(b.recorded); c != 0 {
			return c
		}
		return strings.Compare(a.hash, b.hash)
	})
	for h := range s.Removed {
		add(known{hash: h, removed: true})
	}
	slices.SortFunc(f.all[f.present:], func(a, b known) int { return strings.Compare(a.hash, b.hash) })
	f.cut = f.until(cp.Made) - (len(f.all) - f.present)
	f.before = make([]vector, len(f.all)+1)
	for i, k := range f.all {
		f.before[i+1] = f.before[i].plus(k.vector)
	}
	return f
}

// until is how many were recorded by a time, the removed ones all taken in.
func (f *finder) until(t time.Time) int {
	n := len(f.all) - f.present
	for _, k := range f.all[:f.present] {
		if !k.recorded.After(t) {
			n++
		}
	}
	return n
}

// exhaustive reports whether every choice of seals was weighed, so that finding
// none means that there is none.
func (f *finder) exhaustive() bool { return len(f.all) <= unsure }

// span is a run of f.all.
type span struct{ from, to int }

func (s span) len() int { return s.to - s.from }

// find gives the hashes of the seals that the checkpoint speaks of.
func (f *finder) find() (map[string]bool, bool) {
	if len(f.all) < f.cp.Seals {
		return nil, false
	}
	if f.exhaustive() {
		return f.solve(nil, []span{{0, len(f.all)}})
	}
	gone := span{f.present, len(f.all)}
	for _, removed := range []struct{ certain, doubtful []span }{
		{certain: []span{gone}}, {}, {doubtful: []span{gone}},
	} {
		left := unsure
		for _, s := range removed.doubtful {
			left -= s.len()
		}
		if left < unsure/4 || len(removed.certain)+len(removed.doubtful) > 0 && gone.len() == 0 {
			continue
		}
		// Around the checkpoint's own time first, then further and further back.
		to := min(f.present, f.cut+left/3)
		for range windows {
			from := max(0, to-left)
			certain := append(slices.Clone(removed.certain), span{0, from}, span{to, max(to, f.cut)})
			if holds, ok := f.solve(certain, append(slices.Clone(removed.doubtful), span{from, to})); ok {
				return holds, true
			}
			if from == 0 {
				break
			}
			to -= left / 2
		}
		if holds, ok := f.byPerson(removed.certain, removed.doubtful, left); ok {
			return holds, true
		}
	}
	return nil, false
}

// byPerson doubts the last seals of one person alone: who was long offline.
func (f *finder) byPerson(certain, doubtful []span, left int) (map[string]bool, bool) {
	of := map[string][]int{}
	for i, k := range f.all[:f.present] {
		of[k.by] = append(of[k.by], i)
	}
	if len(of) > windows {
		return nil, false
	}
	for _, places := range of {
		n, _ := slices.BinarySearch(places, f.cut)
		places = places[max(0, n-left*2/3):min(len(places), n+left/3)]
		sure := slices.Clone(certain)
		unsure := slices.Clone(doubtful)
		at := 0
		for _, i := range places {
			sure = append(sure, span{min(at, f.cut), min(i, f.cut)})
			unsure = append(unsure, span{i, i + 1})
			at = i + 1
		}
		sure = append(sure, span{min(at, f.cut), f.cut})
		if holds, ok := f.solve(sure, unsure); ok {
			return holds, true
		}
	}
	return nil, false
}

// solve looks for the doubtful seals that, with the certain ones, give the
// checkpoint's sum.
func (f *finder) solve(certain, doubtful []span) (map[string]bool, bool) {
	target, n := f.want, 0
	for _, s := range certain {
		target = target.plus(f.before[s.to]).plus(f.before[s.from])
		n += s.len()
	}
	var places []int
	for _, s := range doubtful {
		for i := s.from; i < s.to; i++ {
			places = append(places, i)
		}
	}
	if n > f.cp.Seals || n+len(places) < f.cp.Seals {
		return nil, false
	}
	chosen, ok := f.combination(places, target)
	if !ok || n+len(chosen) != f.cp.Seals {
		return nil, false
	}
	holds := make(map[string]bool, f.cp.Seals)
	removed := false
	take := func(k known) { holds[k.hash] = true; removed = removed || k.removed }
	for _, s := range certain {
		for _, k := range f.all[s.from:s.to] {
			take(k)
		}
	}
	for _, i := range chosen {
		take(f.all[i])
	}
	// What removed seals followed is not known any more, so the latest ones of then
	// cannot be told; the sum stands alone there.
	return holds, removed || f.latestOf(holds) == f.cp.Latest
}

func (f *finder) latestOf(holds map[string]bool) string {
	var tips []Tip
	for learner, list := range f.seals {
		var stood []Sealed
		for _, x := range list {
			if holds[x.Hash] {
				stood = append(stood, x)
			}
		}
		for _, h := range latest(stood) {
			tips = append(tips, Tip{learner, h})
		}
	}
	slices.SortFunc(tips, tipOrder)
	return digestOf(tips)
}

// combination solves for the places whose vectors add up to target, by Gauss's
// elimination over bits.
func (f *finder) combination(places []int, target vector) ([]int, bool) {
	type row struct {
		v, of vector // of: which of places are in it
	}
	rows := map[int]row{} // by leading bit
	reduce := func(r row) (row, int) {
		for {
			lead := leading(r.v)
			have, ok := rows[lead]
			if lead < 0 || !ok {
				return r, lead
			}
			r.v, r.of = r.v.plus(have.v), r.of.plus(have.of)
		}
	}
	for i, place := range places {
		r := row{v: f.all[place].vector}
		r.of[i/64] |= 1 << (i % 64)
		if r, lead := reduce(r); lead >= 0 {
			rows[lead] = r
		}
	}
	r, lead := reduce(row{v: target})
	if lead >= 0 {
		return nil, false
	}
	var out []int
	for i, place := range places {
		if r.of[i/64]>>(i%64)&1 == 1 {
			out = append(out, place)
		}
	}
	return out, true
}

// leading is the place of the first bit that is set, -1 for none.
func leading(v vector) int {
	for i, w := range v {
		if w != 0 {
			return 64*i + bits.LeadingZeros64(w)
		}
	}
	return -1
}
