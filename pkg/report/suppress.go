package report

// Small numbers. A count of learners above 0 and below the floor is small: someone who
// knows the school may see in it who is meant. It is hidden, and so is enough beside it
// that it cannot be worked out. What is defended against is somebody who has all that is
// published, knows how cells are chosen here, and reckons without a mistake.
//
// Two rules make that hold and are easy to break:
//
//   - Which cell is hidden beside a small one is decided by the order of the columns and
//     by sums that are published anyway, never by picking the least loss: the choice would
//     tell something about what it hides. Whether one is enough is seen from the sum of
//     what is hidden; where it is not, two are hidden, and then the reader cannot tell
//     which of them is the small one.
//   - What is hidden on a day rests on that day's counts alone, not on what else is asked
//     for in the same run. So the same day looks the same in every run and every table,
//     and runs cannot be set against each other.
//
// Zeros: in a line of counts a 0 is shown. It is about nobody, most of them say no more
// than that a primary school has no year 9, and a line of 14 types of need would be
// empty without them. Where a whole line has to be hidden its zeros are hidden too, since
// they would say how many share what is left. In a table across two things zeros are
// small numbers like any other: there a 0 says of everybody in a known row that they are
// elsewhere ("all of year 3 have a plan").

// leastFloor is the floor below which hiding is idle: with 2, a hidden cell is a 1.
const leastFloor = 3

// Line is one day's counts that add up. Groups are parts of which the sum may be known
// from elsewhere, each the indices of its columns: stages by their usual census code.
type Line struct {
	Counts []int
	Groups [][]int // every column in one of them; nil is one group
	Also   []bool  // columns that are hidden unless they are 0, however many; nil is none
}

// LineCover is what of a line is hidden.
type LineCover struct {
	Total bool
	Group []bool // the sum of the group, and then all of its columns
	Cell  []bool
	whole []bool // of a group: all its columns are hidden, zeros too
}

func (l Line) total() (n int) {
	for _, c := range l.Counts {
		n += c
	}
	return n
}

func (l Line) groups() [][]int {
	if l.Groups != nil {
		return l.Groups
	}
	all := make([]int, len(l.Counts))
	for i := range all {
		all[i] = i
	}
	return [][]int{all}
}

// CoverLine says what of a line is hidden. Counts are not negative; a floor below 3 is
// taken for 3. A column that stands earlier is given up first, so columns that tell
// little should come first.
//
// Whoever knows the total, the groups' sums that are not hidden, the shown cells and this
// code is left with at least floor-1 numbers for every hidden cell, and for one that is
// small with all of 1 … floor-1; see the tests.
func CoverLine(l Line, floor int) LineCover {
	floor = max(floor, leastFloor)
	groups := l.groups()
	c := LineCover{Group: make([]bool, len(groups)), Cell: make([]bool, len(l.Counts)), whole: make([]bool, len(groups))}
	sums := make([]int, len(groups))
	for i, g := range groups {
		for _, at := range g {
			sums[i] += l.Counts[at]
		}
	}
	if c.Total = small(l.total(), floor); c.Total {
		for i := range c.Group {
			c.Group[i] = true
		}
	} else {
		c.Group, _ = covered(sums, nil, floor)
	}
	for i, g := range groups {
		counts, also := make([]int, len(g)), make([]bool, len(g))
		for j, at := range g {
			counts[j] = l.Counts[at]
			also[j] = l.Also != nil && l.Also[at]
		}
		hidden, whole := covered(counts, also, floor)
		c.whole[i] = whole || c.Group[i]
		for j, at := range g {
			c.Cell[at] = hidden[j] || c.Group[i]
		}
	}
	return c
}

func small(n, floor int) bool { return n > 0 && n < floor }

// covered is what is hidden of counts whose sum is known; whole says that it is all of
// them. also, where not nil, are those that are hidden like small ones.
//
// Beside the small ones the first of the others is hidden. It is at least floor, and its
// reader knows that: so the sum of the hidden must leave each small one free to be 1 or
// floor-1 with all others at their least, (floor-1) + 1·(small-1) + floor. Where it does
// not, the second of the others goes too, and either of the two may now be small.
//
// Where no number but 0 would be left, everything is hidden, whether that would have been
// enough or not: zeros known to be there, such as year 9 in a primary school, must not
// tell the one from the other.
func covered(counts []int, also []bool, floor int) (hidden []bool, whole bool) {
	hidden = make([]bool, len(counts))
	n, sum := 0, 0
	for i, c := range counts {
		if small(c, floor) || c > 0 && also != nil && also[i] {
			hidden[i] = true
			n++
			sum += c
		}
	}
	if n == 0 {
		return hidden, false
	}
	others := 0
	for i, c := range counts {
		if c < floor || hidden[i] {
			continue
		}
		if others == 2 || others == 1 && sum >= 2*floor-2+n {
			return hidden, false // and this one is shown
		}
		hidden[i] = true
		others++
		sum += c
	}
	for i := range hidden {
		hidden[i] = true
	}
	return hidden, true
}
