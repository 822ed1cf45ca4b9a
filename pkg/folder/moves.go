package folder

import (
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// Moved is a change of stage as it was sealed, and as its corrections put it right.
type Moved struct {
	recordfile.File[learner.Move]
	Fixed learner.Move
}

// Follows reports whether m begins where the other ended, as either was sealed or
// put right: two files cannot be put right in one moment.
func (m Moved) Follows(before Moved) bool {
	return slices.ContainsFunc([]string{m.Value.From, m.Fixed.From}, func(from string) bool {
		return from == before.Value.To || from == before.Fixed.To
	})
}

// Moved lists the moves that can be read, in the order in which they were made.
func (r *Record) Moved() []Moved {
	var out []Moved
	for _, m := range r.Moves {
		if m.Doc != nil {
			fixed, _ := Corrected(r, m)
			out = append(out, Moved{m, fixed})
		}
	}
	return out
}

// orderMoves puts the moves in the order in which they were made: by date and, on
// one day, so that each begins where the one before ended; else in the order in
// which they were recorded. Those that cannot be read come first.
func (r *Record) orderMoves() {
	if len(r.Moves) < 2 {
		return
	}
	left := r.Moved()
	var recorded map[string]time.Time
	slices.SortStableFunc(left, func(a, b Moved) int {
		if c := a.Fixed.Date.Compare(b.Fixed.Date); c != 0 {
			return c
		}
		if recorded == nil {
			recorded = r.recorded() // two on one day are rare
		}
		return recorded[a.Value.ID].Compare(recorded[b.Value.ID])
	})
	out := slices.DeleteFunc(slices.Clone(r.Moves), func(m recordfile.File[learner.Move]) bool { return m.Doc != nil })
	var last *Moved
	for len(left) > 0 {
		n := 1
		for n < len(left) && left[n].Fixed.Date == left[0].Fixed.Date {
			n++
		}
		for _, m := range r.oneDay(left[:n], last) {
			out, last = append(out, m.File), &m
		}
		left = left[n:]
	}
	r.Moves = out
}

// mostTried is how many moves of one day are tried in every order: nobody makes more,
// and a folder made to waste time gains nothing.
const mostTried = 6

// oneDay puts the moves of one day in order, as they follow on the last one before.
// given is in the order of recording, which decides between two ways that both hold.
func (r *Record) oneDay(given []Moved, last *Moved) []Moved {
	if len(given) < 2 {
		return given
	}
	firsts := given
	if last == nil { // the first of all follows on none, if there is such a one
		follows := func(m Moved) bool { return slices.ContainsFunc(given, m.Follows) }
		firsts = slices.Concat(slices.DeleteFunc(slices.Clone(given), follows), slices.DeleteFunc(slices.Clone(given), func(m Moved) bool { return !follows(m) }))
	}
	if len(given) <= mostTried {
		if way := chained(firsts, last); way != nil {
			return way
		}
	}
	var out []Moved
	k := r.knowing()
	for left := slices.Clone(firsts); len(left) > 0; {
		// One of two that were made apart from each other comes out of line, but none
		// comes before what whoever made it knew of.
		ready := func(m Moved) bool {
			return !slices.ContainsFunc(left, func(o Moved) bool { return k.after(m.Value.ID, o.Value.ID) })
		}
		i := -1
		if last != nil {
			i = slices.IndexFunc(left, func(m Moved) bool { return m.Follows(*last) && ready(m) })
		}
		if i < 0 {
			i = max(0, slices.IndexFunc(left, ready))
		}
		m := left[i]
		out, last = append(out, m), &m
		left = slices.Delete(left, i, i+1)
	}
	return out
}

// chained is the first order of the moves in which each follows on the one before,
// nil where there is none.
func chained(left []Moved, last *Moved) []Moved {
	if len(left) == 0 {
		return []Moved{}
	}
	for i, m := range left {
		if last != nil && !m.Follows(*last) {
			continue
		}
		if rest := chained(slices.Concat(left[:i], left[i+1:]), &m); rest != nil {
			return slices.Insert(rest, 0, m)
		}
	}
	return nil
}

// recorded is the moment at which each file was sealed, by its id.
func (r *Record) recorded() map[string]time.Time {
	out := map[string]time.Time{}
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil {
			out[s.File] = s.Recorded
		}
	}
	return out
}
