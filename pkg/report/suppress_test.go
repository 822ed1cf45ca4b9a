package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/report"
)

// tables gives every table of n counts that add up to total.
func tables(n, total int, each func([]int)) {
	at := make([]int, n)
	var fill func(i, left int)
	fill = func(i, left int) {
		if i == n-1 {
			at[i] = left
			each(at)
			return
		}
		for at[i] = 0; at[i] <= left; at[i]++ {
			fill(i+1, left-at[i])
		}
	}
	fill(0, total)
}

// published is what leaves the school of a line, as one string.
func published(l report.Line, floor int) string {
	c := report.CoverLine(l, floor)
	var b strings.Builder
	total := 0
	for i, n := range l.Counts {
		total += n
		if c.Cell[i] {
			b.WriteString("c ")
		} else {
			fmt.Fprint(&b, n, " ")
		}
	}
	for i, g := range l.Groups { // what another table about the day may say
		sum := 0
		for _, at := range g {
			sum += l.Counts[at]
		}
		if c.Group[i] {
			b.WriteString("|c")
		} else {
			fmt.Fprint(&b, "|", sum)
		}
	}
	if c.Total {
		b.WriteString("= c")
	} else {
		fmt.Fprint(&b, "= ", total)
	}
	return b.String()
}

// possible is what somebody is left with who knows the code: for every publication, the
// numbers that each cell has in some table that is published so.
type possible map[string][]map[int]bool

func (p possible) add(l report.Line, floor int) {
	key := published(l, floor)
	if p[key] == nil {
		p[key] = make([]map[int]bool, len(l.Counts)+1)
		for i := range p[key] {
			p[key][i] = map[int]bool{}
		}
	}
	total := 0
	for i, n := range l.Counts {
		p[key][i][n] = true
		total += n
	}
	p[key][len(l.Counts)][total] = true
}

// Somebody who knows the code, and everything that is published, tries all tables there
// are: every hidden cell that is small may be anything from 1 to floor-1, and no hidden
// cell has fewer numbers left than that.
func TestCoverLineKnowingTheCode(t *testing.T) {
	shapes := []struct {
		n, most int
		groups  [][]int
	}{
		{1, 40, nil}, {2, 60, nil}, {3, 40, nil}, {4, 24, nil}, {5, 16, nil},
		{2, 40, [][]int{{0}, {1}}}, {3, 28, [][]int{{0}, {1}, {2}}}, {3, 28, [][]int{{0, 2}, {1}}},
		{4, 24, [][]int{{0, 1}, {2, 3}}}, {4, 24, [][]int{{0}, {1, 2}, {3}}}, {5, 16, [][]int{{0, 1}, {2, 3}, {4}}},
	}
	for floor := 3; floor <= 10; floor++ {
		for _, s := range shapes {
			p := possible{}
			for total := range s.most + 1 {
				tables(s.n, total, func(counts []int) { p.add(report.Line{Counts: counts, Groups: s.groups}, floor) })
			}
			for key, cells := range p {
				hidden := strings.Fields(key)[:s.n]
				for i, left := range cells[:s.n] {
					if hidden[i] != "c" {
						if len(left) != 1 || slices.ContainsFunc(numbers(left), func(n int) bool { return n > 0 && n < floor }) {
							t.Fatalf("floor %d, %q: cell %d is shown and small", floor, key, i)
						}
						continue
					}
					if len(left) < floor-1 {
						t.Fatalf("floor %d, %v, %q: cell %d can only be %v", floor, s.groups, key, i, numbers(left))
					}
					if isSmall := slices.ContainsFunc(numbers(left), func(n int) bool { return n > 0 && n < floor }); isSmall && !all(left, floor) && !strings.HasSuffix(key, "= c") {
						t.Fatalf("floor %d, %v, %q: cell %d can only be %v", floor, s.groups, key, i, numbers(left))
					}
				}
				if strings.HasSuffix(key, "= c") && !all(cells[s.n], floor) {
					t.Fatalf("floor %d, %q: the total can only be %v", floor, key, numbers(cells[s.n]))
				}
			}
		}
	}
}

func numbers(m map[int]bool) []int {
	var out []int
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// all reports whether every small number is among them.
func all(m map[int]bool, floor int) bool {
	for n := 1; n < floor; n++ {
		if !m[n] {
			return false
		}
	}
	return true
}

// Somebody who has been told which hidden cells are small reckons intervals.
func TestCoverLineKnowingWhichAreSmall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		floor := rapid.IntRange(3, 10).Draw(t, "floor")
		counts := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, floor), rapid.IntRange(0, 60), rapid.Just(0)), 1, 20).Draw(t, "counts")
		c := report.CoverLine(report.Line{Counts: counts}, floor)
		hiddenSum, n, zeros := 0, 0, false
		for i, x := range counts {
			if x > 0 && x < floor && !c.Cell[i] {
				t.Fatalf("%v: %d is shown", counts, x)
			}
			if c.Cell[i] {
				n++
				hiddenSum += x
				zeros = zeros || x == 0
			}
		}
		if n == 0 || c.Total || !slices.Contains(c.Cell, false) {
			return // where all is hidden nobody can tell which are small: see above
		}
		if zeros {
			t.Fatalf("%v: a zero hidden beside what is shown", counts)
		}
		for i, x := range counts {
			if !c.Cell[i] {
				continue
			}
			least, most := 0, 0 // of the others that are hidden
			for j, y := range counts {
				if j == i || !c.Cell[j] {
					continue
				}
				least++
				if y < floor {
					most += floor - 1
				} else {
					most += hiddenSum
				}
			}
			from, to := max(1, hiddenSum-most), hiddenSum-least
			if x < floor {
				to = min(to, floor-1)
			}
			if to-from+1 < floor-1 {
				t.Fatalf("%v, floor %d: cell %d lies in %d..%d", counts, floor, i, from, to)
			}
		}
	})
}
