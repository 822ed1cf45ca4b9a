package diagfmt

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Diff writes how a file would change as a unified diff with three lines round each
// change. What the file says is masked in it unless opt.ShowValues.
func Diff(w io.Writer, file string, was, now []byte, opt Options) error {
	a, b := lined(was, opt), lined(now, opt)
	steps := shortest(a.raw, b.raw)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "--- %s\n+++ %s\n", visible(file), visible(file))
	for from := 0; from < len(steps); {
		for from < len(steps) && steps[from].kind == ' ' {
			from++
		}
		if from == len(steps) {
			break
		}
		start, end := max(0, from-around), from
		for quiet := 0; end < len(steps) && quiet <= 2*around; end++ {
			if quiet++; steps[end].kind != ' ' {
				quiet = 0
			}
		}
		for end > from && steps[end-1].kind == ' ' {
			end--
		}
		end = min(len(steps), end+around)
		hunk(out, a, b, steps[start:end])
		from = end
	}
	return out.Flush()
}

// around is how many unchanged lines a diff shows before and after a change.
const around = 3

// mostCompared is how many pairs of lines are compared to find the shortest diff. What
// is longer is shown as taken out and put in whole.
const mostCompared = 1 << 22

// text is a file by lines: raw to compare, shown to print.
type text struct{ raw, shown []string }

func lined(src []byte, opt Options) text {
	var t text
	for _, l := range bytes.SplitAfter(src, []byte("\n")) {
		if len(l) > 0 {
			t.raw = append(t.raw, string(l))
		}
	}
	bare := make([]string, len(t.raw))
	for i, l := range t.raw {
		bare[i] = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(l, "\n"), "\r"), "\uFEFF")
	}
	quoted := inQuotes(bare)
	for i := range bare {
		switch {
		case opt.ShowValues:
			t.shown = append(t.shown, visible(bare[i]))
		default:
			t.shown = append(t.shown, maskLine(bare, quoted, i, func(key string) bool { return opt.Known != nil && opt.Known(key) }))
		}
	}
	return t
}

// step is one line of a diff: ' ' of both, '-' of the first, '+' of the second; the
// numbers count from 0 and are where it stands, or would.
type step struct {
	kind byte
	a, b int
}

// shortest gives the steps from a to b with the fewest lines taken out and put in.
// What is alike at both ends is left out of the search, which then is small: record
// files have some hundred lines, and of those few change.
func shortest(a, b []string) []step {
	var out []step
	i, end := 0, 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		out = append(out, step{' ', i, i})
		i++
	}
	for end < len(a)-i && end < len(b)-i && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	n, m := len(a)-i-end, len(b)-i-end
	if n > 0 && m > mostCompared/n {
		for x := range n {
			out = append(out, step{'-', i + x, i})
		}
		for y := range m {
			out = append(out, step{'+', i + n, i + y})
		}
		n, m = 0, 0
	}
	left := make([][]int, n+1) // how many lines a[i+x:] and b[i+y:] have in common, in order
	for x := range left {
		left[x] = make([]int, m+1)
	}
	for x := n - 1; x >= 0; x-- {
		for y := m - 1; y >= 0; y-- {
			if a[i+x] == b[i+y] {
				left[x][y] = left[x+1][y+1] + 1
			} else {
				left[x][y] = max(left[x+1][y], left[x][y+1])
			}
		}
	}
	x, y := 0, 0
	for x < n || y < m {
		switch {
		case x < n && y < m && a[i+x] == b[i+y]:
			out = append(out, step{' ', i + x, i + y})
			x, y = x+1, y+1
		case x < n && (y == m || left[x+1][y] >= left[x][y+1]):
			out = append(out, step{'-', i + x, i + y})
			x++
		default:
			out = append(out, step{'+', i + x, i + y})
			y++
		}
	}
	for k := range end {
		out = append(out, step{' ', len(a) - end + k, len(b) - end + k})
	}
	return out
}

func hunk(w io.Writer, a, b text, steps []step) {
	olds, news := 0, 0
	for _, s := range steps {
		if s.kind != '+' {
			olds++
		}
		if s.kind != '-' {
			news++
		}
	}
	place := func(at, n int) string {
		if n == 0 {
			return fmt.Sprintf("%d,0", at)
		}
		return fmt.Sprintf("%d,%d", at+1, n)
	}
	fmt.Fprintf(w, "@@ -%s +%s @@\n", place(steps[0].a, olds), place(steps[0].b, news))
	for _, s := range steps {
		raw, shown := "", ""
		if s.kind == '+' {
			raw, shown = b.raw[s.b], b.shown[s.b]
		} else {
			raw, shown = a.raw[s.a], a.shown[s.a]
		}
		fmt.Fprintf(w, "%s\n", strings.TrimRight(string(s.kind)+shown, " "))
		if !strings.HasSuffix(raw, "\n") {
			fmt.Fprintln(w, `\ No newline at end of file`)
		}
	}
}
