package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/report"
)

// attacker is an exact solver: whole numbers within bounds, under sums that are known.
type attacker struct {
	least, most []int
	was         []int // where to look first, which decides nothing
	sums        []sum
	steps       int
}

// sum says that the counts of plus are together as many as those of minus and known.
type sum struct {
	plus, minus []int
	known       int
}

func (a *attacker) count(least, most, was int) int {
	a.least, a.most, a.was = append(a.least, least), append(a.most, most), append(a.was, was)
	return len(a.was) - 1
}

// narrow draws the bounds together as far as each sum alone tells; false where nothing fits.
func (a *attacker) narrow(least, most []int) bool {
	for again := true; again; {
		again = false
		for _, s := range a.sums {
			from, to := -s.known, -s.known // of plus less minus less known, which is 0
			for _, i := range s.plus {
				from, to = from+least[i], to+most[i]
			}
			for _, i := range s.minus {
				from, to = from-most[i], to-least[i]
			}
			if from > 0 || to < 0 {
				return false
			}
			for _, i := range s.plus {
				if l := most[i] - to; l > least[i] {
					least[i], again = l, true
				}
				if m := least[i] - from; m < most[i] {
					most[i], again = m, true
				}
				if least[i] > most[i] {
					return false
				}
			}
			for _, i := range s.minus {
				if l := most[i] + from; l > least[i] {
					least[i], again = l, true
				}
				if m := least[i] + to; m < most[i] {
					most[i], again = m, true
				}
				if least[i] > most[i] {
					return false
				}
			}
			if again {
				break // from and to are no longer right
			}
		}
	}
	return true
}

// can reports whether anything fits.
func (a *attacker) can(least, most []int) bool {
	if a.steps++; a.steps > 200_000 {
		panic("too much to try")
	}
	if !a.narrow(least, most) {
		return false
	}
	pick := -1
	for i := range least {
		if least[i] < most[i] && (pick < 0 || most[i]-least[i] < most[pick]-least[pick]) {
			pick = i
		}
	}
	if pick < 0 {
		return true
	}
	var order []int
	for n := least[pick]; n <= most[pick]; n++ {
		order = append(order, n)
	}
	slices.SortStableFunc(order, func(x, y int) int { return max(x-a.was[pick], a.was[pick]-x) - max(y-a.was[pick], a.was[pick]-y) })
	for _, n := range order {
		l, m := slices.Clone(least), slices.Clone(most)
		l[pick], m[pick] = n, n
		if a.can(l, m) {
			return true
		}
	}
	return false
}

// numbers are what count i can be; no more than enough are looked for.
func (a *attacker) numbers(i, enough int) (out []int) {
	for n := a.least[i]; n <= a.most[i] && len(out) < enough; n++ {
		l, m := slices.Clone(a.least), slices.Clone(a.most)
		l[i], m[i] = n, n
		if a.can(l, m) {
			out = append(out, n)
		}
	}
	return out
}

// published gives the solver what is published of a table across two things and of the two
// lines of its totals. want is how many numbers each hidden count must be left with.
func (a *attacker) published(rows, columns report.Line, cells [][]int, c report.CrossCover, floor int) (want map[int]int) {
	want = map[int]int{}
	total := 0
	for _, row := range cells {
		for _, n := range row {
			total += n
		}
	}
	of := func(n int, hidden bool, least int) int {
		if !hidden {
			return a.count(n, n, n)
		}
		return a.count(least, total, n)
	}
	inRow, inColumn := make([][]int, len(cells)), make([][]int, len(cells[0]))
	rowSums, columnSums := make([]int, len(cells)), make([]int, len(cells[0]))
	for i, row := range cells {
		for j, n := range row {
			rowSums[i] += n
			columnSums[j] += n
			v := of(n, c.Cell[i][j], 0)
			inRow[i], inColumn[j] = append(inRow[i], v), append(inColumn[j], v)
			if c.Cell[i][j] {
				want[v] = floor - 1
			}
		}
	}
	side := func(l report.Line, cover report.LineCover, sums []int, in [][]int) {
		var tops []int
		none := 1
		if !slices.Contains(cover.Group, false) {
			none = 0 // zeros are hidden too
		}
		for g, group := range groupsOf(l) {
			is, least := 0, 0
			for _, i := range group {
				is += sums[i]
				if !cover.Cell[i] {
					least = 1
				}
			}
			var parts []int
			for _, i := range group {
				v := of(sums[i], cover.Cell[i], least)
				if cover.Cell[i] {
					want[v] = floor - 1
				}
				a.sums = append(a.sums, sum{plus: in[i], minus: []int{v}})
				parts = append(parts, v)
			}
			top := of(is, cover.Group[g], none)
			a.sums = append(a.sums, sum{plus: parts, minus: []int{top}})
			tops = append(tops, top)
		}
		a.sums = append(a.sums, sum{plus: tops, known: total})
	}
	side(rows, c.Rows, rowSums, inRow)
	side(columns, c.Columns, columnSums, inColumn)
	return want
}

func groupsOf(l report.Line) [][]int {
	if l.Groups != nil {
		return l.Groups
	}
	var g []int
	for i := range l.Counts {
		g = append(g, i)
	}
	return [][]int{g}
}

func drawCells(t *rapid.T, floor int) (cells [][]int) {
	height, width := rapid.IntRange(1, 5).Draw(t, "height"), rapid.IntRange(1, 4).Draw(t, "width")
	same := rapid.IntRange(0, 2*floor).Draw(t, "same")
	kind := rapid.SampledFrom([]*rapid.Generator[int]{
		rapid.IntRange(0, floor+2), rapid.IntRange(0, 2*floor), rapid.IntRange(0, 2), rapid.Just(same),
		rapid.OneOf(rapid.Just(0), rapid.IntRange(0, floor), rapid.IntRange(floor, 3*floor)),
	}).Draw(t, "kind")
	for range height {
		cells = append(cells, rapid.SliceOfN(kind, width, width).Draw(t, "row"))
	}
	return cells
}

func drawGroups(t *rapid.T, n int) [][]int {
	if n < 2 || rapid.Bool().Draw(t, "one group") {
		return nil
	}
	cut := rapid.IntRange(1, n-1).Draw(t, "cut")
	var a, b []int
	for i := range n {
		if i < cut {
			a = append(a, i)
		} else {
			b = append(b, i)
		}
	}
	return [][]int{a, b}
}

// An exact solver that has the table and the two lines of its totals finds no hidden count.
func TestCoverCrossBesideItsLines(t *testing.T) {
	whole, part, open := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		floor := rapid.IntRange(3, 10).Draw(t, "floor")
		cells := drawCells(t, floor)
		rows := report.Line{Counts: make([]int, len(cells)), Groups: drawGroups(t, len(cells))}
		columns := report.Line{Counts: make([]int, len(cells[0])), Groups: drawGroups(t, len(cells[0]))}
		c := report.CoverCross(rows, columns, cells, floor)
		for i, row := range cells {
			for j, n := range row {
				if n > 0 && n < floor && !c.Cell[i][j] {
					t.Fatalf("%v: %d is shown", cells, n)
				}
			}
		}
		switch {
		case c.Rows.Total:
			return
		case !strings.Contains(fmt.Sprint(c.Cell), "false"):
			whole++
		case !strings.Contains(fmt.Sprint(c.Cell), "true"):
			open++
		default:
			part++
		}
		var a attacker
		for i, enough := range a.published(rows, columns, cells, c, floor) {
			if left := a.numbers(i, enough); len(left) < enough {
				t.Fatalf("floor %d, %v: hidden %v, rows %v, columns %v: count %d can only be %v", floor, cells, c.Cell, c.Rows.Cell, c.Columns.Cell, i, left)
			}
		}
	})
	t.Logf("all hidden %d, in part %d, nothing %d", whole, part, open)
	if whole == 0 || part == 0 || open == 0 {
		t.Error("the tables are all of one kind")
	}
}

// Somebody who knows the code tries every table: whatever is published together with the
// two lines, a cell that can be small can be floor-1 numbers at least.
func TestCoverCrossKnowingTheCode(t *testing.T) {
	for _, s := range []struct{ floor, height, width, most int }{
		{3, 2, 2, 20}, {4, 2, 2, 20}, {5, 2, 2, 24}, {6, 2, 2, 24}, {3, 2, 3, 17}, {4, 2, 3, 12}, {3, 3, 3, 8}, {3, 2, 4, 9}, // 36, 22, 12 and 14 hold too, in a minute
	} {
		for total := s.floor; total <= s.most; total++ {
			left := map[string][]map[int]bool{}
			tables(s.height*s.width, total, func(counts []int) {
				var cells [][]int
				for row := range slices.Chunk(counts, s.width) {
					cells = append(cells, row)
				}
				key := string(publishedCross(cells, s.floor))
				if left[key] == nil {
					left[key] = make([]map[int]bool, len(counts))
					for i := range counts {
						left[key][i] = map[int]bool{}
					}
				}
				for i, n := range counts {
					left[key][i][n] = true
				}
			})
			for key, cells := range left {
				for i, m := range cells {
					least := slices.Min(numbers(m))
					if key[i] == hidden && len(m) < s.floor-1 && least < s.floor {
						t.Fatalf("%+v, total %d: cell %d of %q can only be %v", s, total, i, key, numbers(m))
					}
				}
			}
		}
	}
}

const hidden = 255

// publishedCross is what leaves the school of a table and its two lines.
func publishedCross(cells [][]int, floor int) []byte {
	c := report.CoverCross(report.Line{}, report.Line{}, cells, floor)
	var out []byte
	add := func(n int, hide bool) {
		if hide {
			n = hidden
		}
		out = append(out, byte(n))
	}
	columns := make([]int, len(cells[0]))
	rows := make([]int, len(cells))
	for i, row := range cells {
		for j, n := range row {
			add(n, c.Cell[i][j])
			rows[i] += n
			columns[j] += n
		}
	}
	for i, n := range rows {
		add(n, c.Rows.Cell[i])
	}
	for j, n := range columns {
		add(n, c.Columns.Cell[j])
	}
	return out
}
