package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Head is what of a learner is counted on a day. "" is not known.
type Head struct {
	Stage     string
	Provision string   // N, K or E
	Needs     []string // types, the main one first
	Year, Sex string
}

// StageOn is the stage a learner was at on a day: on the day of a move the new one, but on
// the day of leaving still the old one. "" where nothing tells.
func StageOn(f *folder.Folder, r *folder.Record, day date.Date) string {
	moves := r.Moved()
	if len(moves) == 0 {
		return r.Learner.Value.Stage
	}
	at := moves[0].Fixed.From
	for _, m := range moves {
		to, _ := f.Pathway.Value.Stage(m.Fixed.To)
		if m.Fixed.Date.Before(day) || m.Fixed.Date == day && !to.Away() {
			at = m.Fixed.To
		}
	}
	if s, ok := f.Pathway.Value.Stage(at); ok {
		return s.ID
	}
	return at
}

// The things that learners are counted by.
const (
	ByStage     = "stage"
	ByNeed      = "need" // the main one
	ByAnyNeed   = "any-need"
	ByYear      = "year"
	ByProvision = "provision"
	BySex       = "sex"
)

// CountedBy lists them.
func CountedBy() []string { return []string{ByStage, ByNeed, ByAnyNeed, ByYear, ByProvision, BySex} }

// Key is a column or a row: its code and what people read for it.
type Key struct {
	Key   string `json:"key"`
	Words string `json:"words"`
}

// unknown is the key of those of whom a thing is not known.
const unknown = "none"

// axis is one thing that is counted by. Its last key is unknown.
type axis struct {
	by    string
	keys  []Key
	order map[string]int
	// groups are the keys of a usual census code each, in the order of axisOf(ByProvision).
	groups [][]int
	sparse bool // a key nobody has is left out
}

func (a *axis) put(key, words string) {
	a.order[key] = len(a.keys)
	a.keys = append(a.keys, Key{key, words})
}

// at is the place of a value; one that is no key is not known.
func (a *axis) at(value string) int {
	if i, ok := a.order[value]; ok {
		return i
	}
	return len(a.keys) - 1
}

func axisOf(f *folder.Folder, by string, days []date.Date) (*axis, error) {
	a := &axis{by: by, order: map[string]int{}}
	if by == ByStage {
		codes := []string{"N", "K", "E"}
		a.groups = make([][]int, len(codes)+1)
		for _, s := range f.Pathway.Value.Stages {
			if s.Away() {
				continue
			}
			g := slices.Index(codes, s.SENProvision)
			if g < 0 {
				g = len(codes)
			}
			a.groups[g] = append(a.groups[g], len(a.keys))
			a.put(s.ID, string(s.Words))
		}
		a.groups[len(codes)] = append(a.groups[len(codes)], len(a.keys))
		a.put(unknown, "not known")
		return a, nil
	}
	name, none := "", "not recorded"
	switch by {
	case ByNeed, ByAnyNeed:
		name, none, a.sparse = "sen-type", "no need recorded", true
	case ByYear:
		name, none, a.sparse = "nc-year", "not known", true
	case ByProvision:
		name = "sen-provision"
	case BySex:
		name = "sex"
	default:
		return nil, fmt.Errorf("nothing is counted by %s", by)
	}
	list, err := recordfile.CodeList(name)
	if err != nil {
		return nil, err
	}
	for _, c := range list.Codes {
		if c.Use == "" && slices.ContainsFunc(days, func(d date.Date) bool {
			return slices.ContainsFunc(list.On(d), func(o pathway.Code) bool { return o.Code == c.Code })
		}) {
			a.put(c.Code, string(c.Words))
		}
	}
	a.put(unknown, none)
	return a, nil
}

// Tally counts learners by one thing on several days, or by two on one. It holds counts
// alone. Add is not for several goroutines at once.
type Tally struct {
	days  []Day
	by    []*axis
	also  []*axis // provision and need: what is hidden there decides what is elsewhere
	count []*dayCount
	floor int
}

// Day is a day on which learners are counted, and what it is in words: "autumn census".
type Day struct {
	On    date.Date
	Words string
}

// dayCount is what was counted on one day.
type dayCount struct {
	all   int
	lines map[string][]int // by thing
	cells [][]int          // across the two things
}

// NewTally prepares to count by one thing on several days, or by two on one. An error
// other than of what is asked for is a fault of the program.
func NewTally(f *folder.Folder, by []string, days []Day) (*Tally, error) {
	t := &Tally{days: days, floor: leastFloor}
	if n, ok := gate.Least(f, "small-number-floor"); ok {
		if n, err := strconv.Atoi(string(n)); err == nil {
			t.floor = max(t.floor, n)
		}
	} else {
		t.floor = usualFloor
	}
	on := make([]date.Date, len(days))
	for i, d := range days {
		on[i] = d.On
	}
	for _, thing := range by {
		a, err := axisOf(f, thing, on)
		if err != nil {
			return nil, err
		}
		t.by = append(t.by, a)
	}
	for _, thing := range []string{ByProvision, ByNeed} {
		a, err := axisOf(f, thing, on)
		if err != nil {
			return nil, err
		}
		t.also = append(t.also, a)
	}
	for range days {
		c := &dayCount{lines: map[string][]int{}}
		for _, a := range slices.Concat(t.by, t.also) {
			c.lines[a.by] = make([]int, len(a.keys))
		}
		if len(t.by) == 2 {
			for range t.by[0].keys {
				c.cells = append(c.cells, make([]int, len(t.by[1].keys)))
			}
		}
		t.count = append(t.count, c)
	}
	return t, nil
}

// usualFloor is the floor where neither setting nor pathway has one.
const usualFloor = 5

// Floor is the least number that is shown outside the school.
func (t *Tally) Floor() int { return t.floor }

// Add counts one learner on the day of that index.
func (t *Tally) Add(day int, h Head) {
	c := t.count[day]
	c.all++
	counted := map[string]bool{}
	for _, a := range slices.Concat(t.by, t.also) {
		if counted[a.by] {
			continue
		}
		counted[a.by] = true
		for i, at := range a.places(h) {
			if line := c.lines[a.by]; !slices.Contains(a.places(h)[:i], at) {
				line[at]++
			}
		}
	}
	if c.cells != nil {
		c.cells[t.by[0].places(h)[0]][t.by[1].places(h)[0]]++
	}
}

// places are where a learner is counted: one place, but for several needs.
func (a *axis) places(h Head) []int {
	value := ""
	switch a.by {
	case ByAnyNeed:
		var out []int
		for _, n := range h.Needs {
			out = append(out, a.at(n))
		}
		if out != nil {
			return out
		}
	case ByNeed:
		if len(h.Needs) > 0 {
			value = h.Needs[0]
		}
	case ByStage:
		value = h.Stage
	case ByProvision:
		value = h.Provision
	case ByYear:
		value = h.Year
	case BySex:
		value = h.Sex
	}
	return []int{a.at(value)}
}

// line is one thing of a day, with what outsiders know of how its counts add up.
//
// Tables about one day are published one after the other, so they are hidden for a reader
// who has them all. They have the total in common. Beyond that a reader will take it that
// the census code follows from the stage, so stages add up to their code, which stands in
// another table; and that who has no need recorded has code N. Where N is hidden so are
// they, and where it is shown their number is taken for known.
func (t *Tally) line(c *dayCount, a *axis) Line {
	l := Line{Counts: c.lines[a.by], Groups: a.groups}
	if a.by != ByNeed {
		return l
	}
	provision := t.also[0]
	none := len(a.keys) - 1
	if cover := CoverLine(t.line(c, provision), t.floor); cover.Cell[provision.at("N")] {
		l.Also = make([]bool, len(a.keys))
		l.Also[none] = true
	} else if l.Counts[none] >= t.floor {
		types := make([]int, none)
		for i := range types {
			types[i] = i
		}
		l.Groups = [][]int{types, {none}}
	}
	return l
}

// cover is what of one thing of a day is hidden.
func (t *Tally) cover(c *dayCount, a *axis) LineCover {
	if a.by != ByAnyNeed {
		return CoverLine(t.line(c, a), t.floor)
	}
	// Who has several needs is counted for each: these add up to nothing, but none is less
	// than that of the same main need. So what is hidden there is hidden here.
	main := CoverLine(t.line(c, t.also[1]), t.floor)
	cover := LineCover{Total: main.Total, Cell: slices.Clone(main.Cell)}
	for i, n := range c.lines[a.by] {
		cover.Cell[i] = cover.Cell[i] || small(n, t.floor)
	}
	return cover
}

// Count is a number, or that it is not told.
type Count struct {
	Key    string `json:"key"`
	Count  *int   `json:"count"`            // nil: hidden
	Hidden string `json:"hidden,omitempty"` // why
}

// Text is the number, or the letter that stands for a hidden one.
func (c Count) Text() string {
	if c.Count == nil {
		return HiddenCount
	}
	return strconv.Itoa(*c.Count)
}

// HiddenCount is what stands for a hidden number, as in the tables of the DfE.
const HiddenCount = "c"

// InsideOnly is the mark of numbers none of which is hidden.
const InsideOnly = "for use inside the school only: small numbers are shown"

// NumbersRow is a day, or a row of a table across two things.
type NumbersRow struct {
	Key
	Cells []Count `json:"cells"` // in the order of the columns
	All   Count   `json:"all"`
}

// Numbers are how many learners there are.
type Numbers struct {
	Format  string       `json:"format"`
	Mark    string       `json:"mark,omitempty"`  // InsideOnly
	Floor   int          `json:"floor,omitempty"` // the least number that is shown; 0 where all are
	By      []string     `json:"by"`
	Day     date.Date    `json:"day,omitzero"` // of a table across two things
	Columns []Key        `json:"columns"`
	Rows    []NumbersRow `json:"rows"`
	Notes   []string     `json:"notes"`
}

// Numbers gives what was counted, small numbers hidden but for inside.
func (t *Tally) Numbers(inside bool) Numbers {
	v := Numbers{Format: "sendctl-numbers/1", Rows: []NumbersRow{}}
	reason := "fewer than " + strconv.Itoa(t.floor) + ", or hidden so that such a number cannot be worked out"
	if len(t.by) == 2 {
		reason = "fewer than " + strconv.Itoa(t.floor) + " or none, or hidden so that such a number cannot be worked out"
	}
	told := func(key string, n int, hidden bool) Count {
		if hidden && !inside {
			return Count{Key: key, Hidden: reason}
		}
		return Count{Key: key, Count: &n}
	}
	for _, a := range t.by {
		v.By = append(v.By, a.by)
	}
	columns := t.by[len(t.by)-1]
	row := func(key Key, counts []int, hidden []bool, all int, allHidden bool) {
		r := NumbersRow{Key: key, All: told("all", all, allHidden)}
		for j, n := range counts {
			r.Cells = append(r.Cells, told(columns.keys[j].Key, n, hidden[j]))
		}
		v.Rows = append(v.Rows, r)
	}
	v.Columns = slices.Clone(columns.keys)
	if len(t.by) == 1 {
		for i, c := range t.count {
			cover := t.cover(c, columns)
			row(Key{t.days[i].On.String(), t.days[i].Words}, c.lines[columns.by], cover.Cell, c.all, cover.Total)
		}
	} else {
		v.Day = t.days[0].On
		c := t.count[0]
		cover := CoverCross(t.line(c, t.by[0]), t.line(c, columns), c.cells, t.floor)
		for i, key := range t.by[0].keys {
			row(key, c.cells[i], cover.Cell[i], c.lines[t.by[0].by][i], cover.Rows.Cell[i])
		}
		v.Rows = slices.DeleteFunc(v.Rows, func(r NumbersRow) bool {
			return r.All.Text() == "0" && (t.by[0].sparse || r.Key.Key == unknown)
		})
		row(Key{"all", "all"}, c.lines[columns.by], cover.Columns.Cell, c.all, cover.Rows.Total)
	}
	v.leaveOutEmpty(columns)
	v.note(t, inside, reason)
	return v
}

// leaveOutEmpty takes out columns in which nothing but 0 is shown.
func (v *Numbers) leaveOutEmpty(a *axis) {
	for j := len(v.Columns) - 1; j >= 0; j-- {
		if !a.sparse && v.Columns[j].Key != unknown || slices.ContainsFunc(v.Rows, func(r NumbersRow) bool { return r.Cells[j].Text() != "0" }) {
			continue
		}
		v.Columns = slices.Delete(v.Columns, j, j+1)
		for i := range v.Rows {
			v.Rows[i].Cells = slices.Delete(v.Rows[i].Cells, j, j+1)
		}
	}
}

func (v *Numbers) note(t *Tally, inside bool, reason string) {
	v.Notes = []string{}
	if inside {
		v.Mark = InsideOnly
	} else {
		v.Floor = t.floor
		if v.hides() {
			v.Notes = append(v.Notes, HiddenCount+" = "+reason+".")
		}
	}
	v.Notes = append(v.Notes, "Counted are learners on roll on the day who have a record here. Those without special educational needs (N) may have none, so their number is not that of the whole school.")
	for _, by := range v.By {
		switch by {
		case ByNeed:
			v.Notes = append(v.Notes, "Need is the main one.")
		case ByAnyNeed:
			v.Notes = append(v.Notes, "A learner with several needs is counted for each, so the numbers of a row are together more than all.")
		}
	}
}

func (v *Numbers) hides() bool {
	return slices.ContainsFunc(v.Rows, func(r NumbersRow) bool {
		return r.All.Count == nil || slices.ContainsFunc(r.Cells, func(c Count) bool { return c.Count == nil })
	})
}

// Grid is the numbers as a table of text: a heading, then the rows, the notes in a last
// column, so that no copy of a row goes without what its letters mean.
func (v Numbers) Grid() (heading []string, rows [][]string) {
	heading = []string{"day", "what"}
	if len(v.By) == 2 {
		heading = []string{"day", v.By[0], "words"}
	}
	for _, k := range v.Columns {
		heading = append(heading, k.Title())
	}
	heading = append(heading, "all", "note")
	for i, r := range v.Rows {
		row := []string{r.Key.Key, r.Words}
		if len(v.By) == 2 {
			row = append([]string{v.Day.String()}, row...)
		}
		for _, c := range append(slices.Clone(r.Cells), r.All) {
			row = append(row, c.Text())
		}
		var notes []string
		if v.Mark != "" {
			notes = append(notes, v.Mark+".")
		}
		for j, n := range v.Notes {
			if i == 0 || j == 0 && slices.Contains(row, HiddenCount) {
				notes = append(notes, n)
			}
		}
		rows = append(rows, append(row, strings.Join(notes, " ")))
	}
	return heading, rows
}

// Title is a key with its words: "K (SEN support)".
func (k Key) Title() string {
	switch k.Words {
	case "", k.Key:
		return k.Key
	case "year " + k.Key:
		return k.Words
	}
	return k.Key + " (" + k.Words + ")"
}
