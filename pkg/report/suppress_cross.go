package report

import "slices"

// CrossCover is what of a table across two things is hidden.
type CrossCover struct {
	Rows, Columns LineCover // of the row and column totals, as the two lines alone have them
	Cell          [][]bool
	// Whole says that the table could not be protected otherwise: all of it is hidden, its
	// totals too, except for that of everybody.
	Whole bool
}

// CoverCross says what is hidden of a table across two things. cells are the counts, row
// by row; rows and columns give the groups of the totals (their Counts are not read).
//
// The totals are hidden as CoverLine hides them where they stand alone, so that the table
// and the two lines can be published beside each other. Every cell below the floor is
// hidden, zeros too except in a row or column that is empty.
//
// The table with its totals is a network: everybody flows from the total into the rows,
// through the cells into the columns and back into a total. What a hidden cell may be,
// given all that is shown, is then how much more or less can be sent through it by way of
// other hidden cells, which is exact for whole numbers. Cells are hidden, the fewest first,
// until each small cell and each hidden total has room for floor-1 numbers, for a reader
// who has been told which hidden cells are small.
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
	if c.Rows.Total {
		return c.hideAll()
	}
	g := newNetwork(rows, columns, cells, c, floor)
	for _, known := range []int{floor, 0} {
		for i := range g.arcs {
			if g.guarded(i) {
				g.protect(i, known)
			}
		}
	}
	for i := range g.arcs {
		if g.guarded(i) && g.room(i, 0, false) < floor-2 {
			return c.hideAll()
		}
	}
	for _, a := range g.arcs {
		if a.row >= 0 {
			c.Cell[a.row][a.column] = a.hidden
		}
	}
	return c
}

func width(cells [][]int) int {
	if len(cells) == 0 {
		return 0
	}
	return len(cells[0])
}

func (c CrossCover) hideAll() CrossCover {
	c.Whole = true
	for _, l := range [][]bool{c.Rows.Cell, c.Columns.Cell, c.Rows.Group, c.Columns.Group} {
		for i := range l {
			l[i] = true
		}
	}
	for _, row := range c.Cell {
		for i := range row {
			row[i] = true
		}
	}
	return c
}

// network is the table with its totals. Its nodes are the total on the side of the rows,
// the groups of rows, the rows, the columns, their groups, the total on their side.
type network struct {
	floor, total int
	arcs         []netArc
	at           [][]int // the arcs of each node, both ways
}

// netArc is a cell or a total. row is -1 but for a cell.
type netArc struct {
	from, to, row, column int
	n                     int
	hidden                bool
	free                  bool // nobody can tell whether it is small: a total of a line all of which is hidden
	zero                  bool // may be 0, as far as a reader knows
	open                  bool // may be hidden
}

func newNetwork(rows, columns Line, cells [][]int, c CrossCover, floor int) *network {
	g := &network{floor: floor, total: rows.total()}
	node := 0
	next := func() int { node++; return node - 1 }
	// side puts in the totals of one side and gives the node of each.
	side := func(l Line, cover LineCover, top int, down bool) []int {
		nodes := make([]int, len(l.Counts))
		add := func(from, to, n int, hidden, whole bool) {
			if !down {
				from, to = to, from
			}
			g.arcs = append(g.arcs, netArc{from: from, to: to, row: -1, n: n, hidden: hidden, free: whole, zero: whole})
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
			empty := rows.Counts[i] == 0 && !c.Rows.Cell[i] || columns.Counts[j] == 0 && !c.Columns.Cell[j]
			g.arcs = append(g.arcs, netArc{from: of[i], to: to[j], row: i, column: j, n: n, hidden: n < floor && !empty, zero: true, open: n >= floor})
		}
	}
	g.at = make([][]int, node)
	for i, a := range g.arcs {
		g.at[a.from] = append(g.at[a.from], i)
		g.at[a.to] = append(g.at[a.to], i)
	}
	return g
}

// guarded reports whether a reader must not find out what the count is.
func (g *network) guarded(i int) bool {
	a := g.arcs[i]
	return a.hidden && (a.n < g.floor || a.row < 0)
}

// bounds are the least and the most that a reader takes a hidden count for. known is the
// least that one which is not small is taken for.
func (g *network) bounds(a netArc, known int) (least, most int) {
	least, most = 1, g.total
	if a.zero {
		least = 0
	}
	switch {
	case a.free:
	case a.n < g.floor:
		most = g.floor - 1
	default:
		least = max(least, known)
	}
	return least, most
}

// protect hides more until a count has room enough, or hides nothing where that cannot be.
func (g *network) protect(i, known int) {
	if g.room(i, known, false) >= g.floor-2 {
		return
	}
	before := slices.Clone(g.arcs)
	if g.room(i, known, true) < g.floor-2 {
		g.arcs = before
	}
}

// room is how far a hidden count may lie from what it is, upwards and downwards together,
// as far as a reader can tell; no more than floor-2 is looked for. hide lets cells be
// hidden on the way.
func (g *network) room(i, known int, hide bool) int {
	least, most := g.bounds(g.arcs[i], known)
	up := g.push(i, min(most-g.arcs[i].n, g.floor-2), known, hide, false)
	down := g.push(i, min(g.arcs[i].n-least, g.floor-2-up), known, hide, true)
	return up + down
}

// push sends up to want more through an arc, or as much less, round by way of other hidden
// arcs, and gives how much of it found its way.
func (g *network) push(i, want, known int, hide, less bool) (done int) {
	n := make([]int, len(g.arcs)) // what each arc would hold
	for j, a := range g.arcs {
		n[j] = a.n
	}
	from, to := g.arcs[i].to, g.arcs[i].from
	if less {
		from, to = to, from
	}
	for done < want {
		way := g.way(i, from, to, n, known, hide)
		if way == nil {
			break
		}
		step := want - done
		for _, w := range way {
			step = min(step, g.left(w, n, known))
		}
		for _, w := range way {
			g.arcs[w.arc].hidden = true
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

// left is how much can still be sent along a step.
func (g *network) left(w wayStep, n []int, known int) int {
	least, most := g.bounds(g.arcs[w.arc], known)
	if w.back {
		return n[w.arc] - least
	}
	return most - n[w.arc]
}

// way is a way from one node to another on which the fewest cells are newly hidden; none
// where hide is false. Of several it is the one that comes first in the table's order.
func (g *network) way(not, from, to int, n []int, known int, hide bool) []wayStep {
	const far = 1 << 30
	cost := make([]int, len(g.at))
	came := make([]wayStep, len(g.at))
	for i := range cost {
		cost[i] = far
	}
	cost[from] = 0
	for now, later := []int{from}, []int(nil); len(now)+len(later) > 0; {
		if len(now) == 0 {
			now, later = later, nil
		}
		at := now[0]
		now = now[1:]
		for _, i := range g.at[at] {
			a := g.arcs[i]
			if i == not || !a.hidden && !(hide && a.open) {
				continue
			}
			w, next := wayStep{i, a.to == at}, a.to
			if w.back {
				next = a.from
			}
			price := 0
			if !a.hidden {
				price = 1
			}
			if cost[at]+price >= cost[next] || g.left(w, n, known) <= 0 {
				continue
			}
			cost[next], came[next] = cost[at]+price, w
			if price == 0 {
				now = append(now, next)
			} else {
				later = append(later, next)
			}
		}
	}
	if cost[to] == far {
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
