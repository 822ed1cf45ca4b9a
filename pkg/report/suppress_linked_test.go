package report

import (
	"slices"
	"testing"
)

// linked is a made-up way to count: five stages, three codes, two types of need. Whoever
// is at a stage has its code, and who has code N has no need recorded.
func linked(floor int) (t *Tally, provision, stage, need *axis) {
	keys := func(by string, names ...string) *axis {
		a := &axis{by: by, order: map[string]int{}}
		for _, n := range names {
			a.put(n, n)
		}
		return a
	}
	provision, need = keys(ByProvision, "N", "K", "E", unknown), keys(ByNeed, "SLCN", "ASD", unknown)
	stage = keys(ByStage, "universal", "concerns", "passport", "plan", "ehcp", unknown)
	stage.groups = [][]int{{0, 1}, {2, 3}, {4}, {5}}
	return &Tally{floor: floor, also: []*axis{provision, need}}, provision, stage, need
}

// schools gives every school of that many learners; without types of need where they are
// not wanted.
func schools(total int, types bool, each func(*dayCount)) {
	for u := range total + 1 {
		for c := range total - u + 1 {
			for p := range total - u - c + 1 {
				for l := range total - u - c - p + 1 {
					e := total - u - c - p - l
					for slcn := range p + l + e + 1 {
						each(&dayCount{all: total, lines: map[string][]int{
							ByProvision: {u + c, p + l, e, 0}, ByStage: {u, c, p, l, e, 0}, ByNeed: {slcn, p + l + e - slcn, u + c},
						}})
						if !types {
							break
						}
					}
				}
			}
		}
	}
}

const gone = 255 // a hidden cell in a publication

func publish(t *Tally, d *dayCount, axes ...*axis) (shown, counts []byte) {
	for _, a := range axes {
		cover := t.cover(d, a)
		for i, n := range d.lines[a.by] {
			counts = append(counts, byte(n))
			if cover.Cell[i] {
				n = gone
			}
			shown = append(shown, byte(n))
		}
	}
	return shown, counts
}

// Somebody who knows the code has the tables by stage and by provision of one day, and
// takes it that the code follows from the stage, as here is so. They try every school:
// whatever they see, a hidden number that may be small may be floor-1 different ones.
func TestStageBesideProvisionKnowingTheCode(t *testing.T) {
	for _, s := range []struct{ floor, most int }{{3, 22}, {4, 20}, {5, 20}, {6, 20}} {
		tally, provision, stage, _ := linked(s.floor)
		for total := s.floor; total <= s.most; total++ {
			left := map[string][]map[byte]bool{}
			schools(total, false, func(d *dayCount) {
				shown, counts := publish(tally, d, provision, stage)
				of := left[string(shown)]
				if of == nil {
					for range counts {
						of = append(of, map[byte]bool{})
					}
					left[string(shown)] = of
				}
				for i, n := range counts {
					of[i][n] = true
				}
			})
			for key, of := range left {
				for i, m := range of {
					if can := among(m); key[i] == gone && narrow(can, s.floor) {
						t.Fatalf("%+v, total %d: cell %d of %q can only be %v", s, total, i, key, can)
					}
				}
			}
		}
	}
}

// The same with the table by main need as well, for somebody who reckons with sums alone.
func TestNeedBesideStageAndProvision(t *testing.T) {
	for _, s := range []struct{ floor, total int }{{3, 7}, {3, 9}, {4, 9}, {5, 8}} {
		tally, provision, stage, need := linked(s.floor)
		var all [][]byte
		shown := map[string]bool{}
		schools(s.total, true, func(d *dayCount) {
			key, counts := publish(tally, d, provision, stage, need)
			all = append(all, counts)
			shown[string(key)] = true
		})
		for key := range shown {
			of := make([]map[byte]bool, len(key))
			for i := range of {
				of[i] = map[byte]bool{}
			}
			for _, counts := range all {
				if !slices.ContainsFunc(numbered(key), func(i int) bool { return counts[i] != key[i] }) {
					for i, n := range counts {
						of[i][n] = true
					}
				}
			}
			for i, m := range of {
				if can := among(m); key[i] == gone && narrow(can, s.floor) {
					t.Fatalf("%+v: cell %d of %q can only be %v", s, i, key, can)
				}
			}
		}
	}
}

func numbered(key string) (at []int) {
	for i := range len(key) {
		if key[i] != gone {
			at = append(at, i)
		}
	}
	return at
}

func among(m map[byte]bool) (can []int) {
	for n := range m {
		can = append(can, int(n))
	}
	slices.Sort(can)
	return can
}

// narrow reports whether a number that may be small is too nearly known. A 0 that everybody
// knows is none.
func narrow(can []int, floor int) bool {
	return len(can) < floor-1 && can[0] < floor && !slices.Equal(can, []int{0})
}
