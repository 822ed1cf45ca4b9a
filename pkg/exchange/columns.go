package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// Columns is which column of a list means what.
type Columns struct {
	Of       map[Field]int // the column, from 0
	Headings []string      // of all columns, as the list has them, trimmed
	Unused   []string      // those that mean nothing here, blank ones left out
	Row      int           // the row of the headings, from 0
}

// Heading is the heading of a field's column, "" where the list has none.
func (c Columns) Heading(f Field) string {
	if i, ok := c.Of[f]; ok {
		return c.Headings[i]
	}
	return ""
}

// UnknownFieldError says that no field has the name that was typed.
type UnknownFieldError struct{ Typed string }

func (e *UnknownFieldError) Error() string {
	var names []string
	for _, f := range Fields() {
		names = append(names, string(f))
	}
	if near := diag.DidYouMean(e.Typed, names); near != "" {
		return fmt.Sprintf("there is no field %q%s", e.Typed, near)
	}
	return fmt.Sprintf("there is no field %q; the fields are: %s", e.Typed, strings.Join(names, ", "))
}

// UnknownHeadingError says that the list has no heading that was given for a field.
type UnknownHeadingError struct {
	Field    Field
	Typed    string
	Headings []string
}

func (e *UnknownHeadingError) Error() string {
	if near := diag.DidYouMean(e.Typed, e.Headings); near != "" {
		return fmt.Sprintf("the list has no heading %q for %s%s", e.Typed, e.Field, near)
	}
	return fmt.Sprintf("the list has no heading %q for %s; its headings are: %s", e.Typed, e.Field, strings.Join(e.Headings, ", "))
}

// AmbiguousColumnError says that several columns may be meant by one field.
type AmbiguousColumnError struct {
	Field    Field
	Headings []string // two at least, in the list's order
}

func (e *AmbiguousColumnError) Error() string {
	var quoted []string
	for _, h := range e.Headings {
		quoted = append(quoted, fmt.Sprintf("%q", h))
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(e.Headings)))); n < len(e.Headings) {
		return fmt.Sprintf("several columns of the list are headed %s, and each may be %s; give them different headings in the list", quoted[0], e.Field)
	}
	return fmt.Sprintf("%s may each be %s; say which: --column %s=%q", strings.Join(quoted, " and "), e.Field, e.Field, e.Headings[0])
}

// NoHeadingsError says that no row of a list looks like its headings.
type NoHeadingsError struct{}

func (*NoHeadingsError) Error() string {
	return fmt.Sprintf("none of the first %d rows of the list holds headings that are known, such as UPN, Surname, Date of birth; "+
		"write them in, or say what yours mean: --column upn=HEADING", HeadingRows)
}

// HeadingRows is how many rows from the top are looked at for the headings: school
// systems print titles above them.
const HeadingRows = 20

// Locate finds the row of a list that holds its headings, and matches them. Nothing is
// quoted of a list where none is found: its first row may be a pupil.
func Locate(g sheet.Grid, said map[Field]string) (Columns, error) {
	best, most := -1, 0
	for i, row := range g.Rows[:min(HeadingRows, len(g.Rows))] {
		if n := likeness(row, said); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		for f := range said {
			if !slices.Contains(Fields(), f) {
				return Columns{}, &UnknownFieldError{string(f)}
			}
		}
		return Columns{}, &NoHeadingsError{}
	}
	c, err := Match(g.Rows[best], said)
	c.Row = best
	return c, err
}

// likeness is how many fields the cells of a row are headings for; 0 for one alone beside
// others, which may be chance: Sen is a surname too. No pupil is called UPN.
func likeness(row []string, said map[Field]string) int {
	fields := map[Field]bool{}
	cells, met := 0, 0
	for _, cell := range row {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		cells++
		f, ok := shipped().heading[Fold(cell)]
		for want, heading := range said {
			if heading != "" && Fold(heading) == Fold(cell) {
				f, ok = want, true
			}
		}
		if ok {
			fields[f] = true
			met++
		}
	}
	if met < 2 && met < cells && !fields[UPN] {
		return 0
	}
	return len(fields)
}

// Match says which column means what, by schemas/columns.yaml and, before it, by what was
// said: the heading of a field, as the list has it or without regard to case, blanks and
// punctuation. A field for which "" is said has no column. The errors are
// *UnknownFieldError, *UnknownHeadingError and *AmbiguousColumnError; Columns.Headings is
// there with an error too.
func Match(headings []string, said map[Field]string) (Columns, error) {
	c := Columns{Of: map[Field]int{}}
	for _, h := range headings {
		c.Headings = append(c.Headings, strings.TrimSpace(h))
	}
	k := shipped()
	taken := map[int]bool{}
	for _, f := range slices.Sorted(maps.Keys(said)) {
		if !slices.Contains(k.fields, f) {
			return c, &UnknownFieldError{string(f)}
		}
		typed := strings.TrimSpace(said[f])
		if typed == "" {
			continue
		}
		at := headed(c.Headings, typed)
		switch len(at) {
		case 0:
			return c, &UnknownHeadingError{Field: f, Typed: typed, Headings: named(c.Headings)}
		case 1:
			c.Of[f] = at[0]
			taken[at[0]] = true
		default:
			return c, &AmbiguousColumnError{Field: f, Headings: pick(c.Headings, at)}
		}
	}
	may := map[Field][]int{}
	for i, h := range c.Headings {
		f, ok := k.heading[Fold(h)]
		if _, settled := said[f]; ok && !settled && !taken[i] {
			may[f] = append(may[f], i)
		}
	}
	for _, f := range k.fields {
		if len(may[f]) > 1 {
			return c, &AmbiguousColumnError{Field: f, Headings: pick(c.Headings, may[f])}
		}
		if len(may[f]) == 1 {
			c.Of[f] = may[f][0]
		}
	}
	used := slices.Collect(maps.Values(c.Of))
	for i, h := range c.Headings {
		if h != "" && !slices.Contains(used, i) {
			c.Unused = append(c.Unused, h)
		}
	}
	return c, nil
}

// headed are the columns with a heading: exactly that, else one that is like it.
func headed(headings []string, typed string) (at []int) {
	for _, same := range []func(h string) bool{
		func(h string) bool { return h == typed },
		func(h string) bool { return h != "" && Fold(h) == Fold(typed) },
	} {
		for i, h := range headings {
			if same(h) {
				at = append(at, i)
			}
		}
		if len(at) > 0 {
			return at
		}
	}
	return nil
}

func pick(headings []string, at []int) (out []string) {
	for _, i := range at {
		out = append(out, headings[i])
	}
	return out
}

func named(headings []string) []string {
	return slices.DeleteFunc(slices.Clone(headings), func(h string) bool { return h == "" })
}
