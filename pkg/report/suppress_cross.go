package report

import "slices"

// CrossCover is what of a table across two things is hidden.
type CrossCover struct {
	Rows, Columns LineCover // of the row and column totals, as the two lines alone have them
	Cell          [][]bool
}

// CoverCross says what is hidden of a table across two things. cells are the counts, row
// by row; rows and columns give the groups of the totals (their Counts are not read).
//
// The totals are hidden as CoverLine hides them where they stand alone, so that the table
// and the two lines can be published beside each other. A row without a small number is
// shown whole, and so is a column without one; where a row that has one crosses a column
// that has one, the cell is hidden, whatever it is. Here zeros are small, but for those of
// a row or column that is empty. Picking fewer cells, one by one, would be possible and
// tell too much: why this cell and not that one depends on what they hold.
//
// What is left to somebody who knows all that is shown is then seen from just that: every
// hidden cell must have room for floor numbers. Where one has not, all cells are hidden,
// and the table says no more than the two lines do.
func CoverCross(rows, columns Line, cells [][]int, floor int) CrossCover {
	floor = max(floor, leastFloor)
	rows.Counts, columns.Counts = make([]int, len(cells)), make([]int, width(cells))
	for i, row := range cells {
		for j, n := range row {
			rows.Counts[i] += n
			columns.Counts[j] += n
		}
	}
	c := CrossCover{Rows: CoverLine(rows, floor), Columns: CoverLine(columns, floor), Cell: make([][]bool, len(cells))}
	for i := range cells {
		c.Cell[i] = make([]bool, len(cells[i]))
	}
	emptyRow := func(i int) bool { return rows.Counts[i] == 0 && !c.Rows.Cell[i] }
	emptyColumn := func(j int) bool { return columns.Counts[j] == 0 && !c.Columns.Cell[j] }
	inRow, inColumn := slices.Clone(c.Rows.Cell), slices.Clone(c.Columns.Cell)
	for i, row := range cells {
		for j, n := range row {
			if n < floor && !emptyRow(i) && !emptyColumn(j) {
				inRow[i], inColumn[j] = true, true
			}
		}
	}
	if !slices.Contains(inRow, true) && !slices.Contains(inColumn, true) {
		return c
	}
	spareRow := spare(inRow, c.Rows.Cell, rows.Counts)
	spareColumn := spare(inColumn, c.Columns.Cell, columns.Counts)
	hide := func(all bool) {
		for i := range cells {
			for j := range cells[i] {
				c.Cell[i][j] = (all || inRow[i] && inColumn[j]) && !emptyRow(i) && !emptyColumn(j)
			}
		}
	}
	if hide(c.Rows.Total); c.Rows.Total {
		return c
	}
	g := newNetwork(rows, columns, cells, c)
	if !g.wide(floor, spareRow, spareColumn, width(cells)) {
		hide(true)
		g = newNetwork(rows, columns, cells, c)
	}
	for i, a := range g.arcs { // what the totals tell anyway, as where all are in one row
		if a.cell >= 0 && a.hidden && a.n >= floor && g.push(i, 1, false)+g.push(i, 1, true) == 0 {
			c.Cell[a.cell/width(cells)][a.cell%width(cells)] = false
		}
	}
	return c
}

// spare puts the first that has a total to be seen among those with a small number, and
// then the first that is not empty, until there are two: what is hidden alone in a row or
// column is told by its total. The first is always among them, so that it says nothing
// about what it holds.
func spare(in, hidden []bool, totals []int) (first int) {
	first = -1
	for i, n := range totals {
		if n > 0 && !hidden[i] {
			in[i], first = true, i
			break
		}
	}
	n := 0
	for _, is := range in {
		if is {
			n++
		}
	}
	for i := 0; i < len(in) && n < 2; i++ {
		if !in[i] && totals[i] > 0 {
			in[i] = true
			n++
		}
	}
	return first
}

func width(cells [][]int) int {
	if len(cells) == 0 {
		return 0
	}
	return len(cells[0])
}

// network is the table with its totals: everybody flows from the total into the rows,
// through the cells into the columns and back into a total. What a hidden count may be,
// given all that is shown, is how much more or less can be sent through it by way of other
// hidden ones: that is exact for whole numbers. Its nodes are the total on the side of the
// rows, the groups of rows, the rows, the columns, their groups, the total on their side.
type network struct {
	arcs []netArc
	at   [][]int // the arcs of each node, both ways
}

// netArc is a cell or a total.
type netArc struct {
	from, to int
	n, least int // least is what a reader takes it to be at least
	hidden   bool
	cell     int // which, counted row by row; -1 for a total
}

func newNetwork(rows, columns Line, cells [][]int, c CrossCover) *network {
	g := &network{}
	node := 0
	next := func() int { node++; return node - 1 }
	// side puts in the totals of one side and gives the node of each.
	side := func(l Line, cover LineCover, top int, down bool) []int {
		nodes := make([]int, len(l.Counts))
		add := func(from, to, n int, hidden, whole bool) {
			if !down {
				from, to = to, from
			}
			least := 1
			if whole { // zeros are hidden too
				least = 0
			}
			g.arcs = append(g.arcs, netArc{from: from, to: to, n: n, least: least, hidden: hidden, cell: -1})
		}
		everything := !slices.Contains(cover.Group, false)
		for i, group := range l.groups() {
			at, sum := next(), 0
			for _, j := range group {
				nodes[j] = next()
				add(at, nodes[j], l.Counts[j], cover.Cell[j], cover.whole[i])
				sum += l.Counts[j]
			}
			add(top, at, sum, cover.Group[i], everything)
		}
		return nodes
	}
	above := next()
	of := side(rows, c.Rows, above, true)
	below := next()
	to := side(columns, c.Columns, below, false)
	for i, row := range cells {
		for j, n := range row {
			g.arcs = append(g.arcs, netArc{from: of[i], to: to[j], n: n, hidden: c.Cell[i][j], cell: i*len(row) + j})
		}
	}
	g.at = make([][]int, node)
	for i, a := range g.arcs {
		g.at[a.from] = append(g.at[a.from], i)
		g.at[a.to] = append(g.at[a.to], i)
	}
	return g
}

// wide reports whether every hidden cell has room for floor numbers, and whether each row
// and column, but for the spare ones, has a hidden cell that is free to be any small number
// or 0: that one of them is small is known, and must not tell which or how many.
func (g *network) wide(floor, spareRow, spareColumn, width int) bool {
	rows, columns := map[int]bool{}, map[int]bool{} // whether such a cell was found
	for i, a := range g.arcs {
		if !a.hidden || a.cell < 0 {
			continue
		}
		least := a.n - g.push(i, a.n, true)
		most := a.n + g.push(i, floor, false) // or more
		if least < floor && most-least < floor-1 {
			return false
		}
		row, column := a.cell/width, a.cell%width
		free := least == 0 && most >= floor-1
		rows[row] = rows[row] || free || row == spareRow
		columns[column] = columns[column] || free || column == spareColumn
	}
	for _, found := range []map[int]bool{rows, columns} {
		for _, is := range found {
			if !is {
				return false
			}
		}
	}
	return true
}

// push sends up to want more through an arc, or as much less, round by way of other hidden
// arcs, and gives how much of it found its way.
func (g *network) push(i, want int, less bool) (done int) {
	n := make([]int, len(g.arcs)) // what each arc would hold
	for j, a := range g.arcs {
		n[j] = a.n
	}
	from, to := g.arcs[i].to, g.arcs[i].from
	if less {
		from, to = to, from
		want = min(want, n[i]-g.arcs[i].least)
	}
	for done < want {
		way := g.way(i, from, to, n)
		if way == nil {
			break
		}
		step := want - done
		for _, w := range way {
			if w.back {
				step = min(step, n[w.arc]-g.arcs[w.arc].least)
			}
		}
		for _, w := range way {
			if w.back {
				n[w.arc] -= step
			} else {
				n[w.arc] += step
			}
		}
		done += step
	}
	return done
}

// wayStep is an arc that is gone along, or against: back.
type wayStep struct {
	arc  int
	back bool
}

// way is a way from one node to another along hidden arcs and against those that still
// hold more than their least; nil where there is none.
func (g *network) way(not, from, to int, n []int) []wayStep {
	came := make([]wayStep, len(g.at))
	seen := make([]bool, len(g.at))
	seen[from] = true
	for queue := []int{from}; len(queue) > 0 && !seen[to]; queue = queue[1:] {
		for _, i := range g.at[queue[0]] {
			a := g.arcs[i]
			w, next := wayStep{i, a.to == queue[0]}, a.to
			if w.back {
				next = a.from
			}
			if i == not || !a.hidden || seen[next] || w.back && n[i] <= a.least {
				continue
			}
			seen[next], came[next] = true, w
			queue = append(queue, next)
		}
	}
	if !seen[to] {
		return nil
	}
	var way []wayStep
	for at := to; at != from; {
		w := came[at]
		way = append(way, w)
		if at = g.arcs[w.arc].from; w.back {
			at = g.arcs[w.arc].to
		}
	}
	return way
}
