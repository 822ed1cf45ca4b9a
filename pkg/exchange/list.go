package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/sheet"
)

// List is a list of pupils as it was read.
type List struct {
	Pupils []Pupil
	Faults []Fault // of all rows, those of Pupils with them, by row and then as Fields are
	// Notes are what was taken otherwise than it stands: a unique pupil number in small
	// letters. They are no faults.
	Notes   []Fault
	Columns Columns
	// Ranked says that the list itself says the ranks of needs, which else follow from the
	// columns they stand in.
	Ranked bool

	from   sheet.Grid
	joined bool // with a table of needs
}

// Has reports whether the list says anything of a field. A table of needs says the types.
func (l List) Has(f Field) bool {
	_, ok := l.Columns.Of[f]
	return ok || l.joined && (f == Need1 || f == Need2)
}

// tooManyCells is said of a row that is wider than the headings.
const tooManyCells = "the row has more cells than there are headings, so that they may have slipped; put text that holds the separator in quotes, or take the cells away"

// ReadList reads the rows below the headings. A value that is no known code is kept as it
// came in the pupil, and is a Fault, so that import refuses it and preflight judges it.
// Blank rows are passed over. Whether two rows are one pupil is not looked at here.
func ReadList(g sheet.Grid, c Columns) List {
	l := List{Columns: c, from: g}
	if c.Row >= len(g.Rows) {
		return l
	}
	in := reader{columns: c, seen: map[Field]map[string]value{}}
	l.Ranked = l.Has(Need1Rank) || l.Has(Need2Rank)
	for _, f := range Fields() {
		if _, ok := c.Of[f]; ok {
			in.fields = append(in.fields, f)
		}
	}
	in.unsure = in.monthsFirst(g.Rows[c.Row+1:])
	for i, cells := range g.Rows[c.Row+1:] {
		in.row = c.Row + 2 + i
		if blank(cells) {
			continue
		}
		p := in.pupil(cells)
		if p.Faults = in.faults; len(in.faults) > 0 {
			l.Faults = append(l.Faults, in.faults...)
		}
		l.Notes = append(l.Notes, in.notes...)
		in.faults, in.notes = nil, nil
		if in.held {
			l.Pupils = append(l.Pupils, p)
		}
	}
	return l
}

// reader reads one row after another.
type reader struct {
	columns Columns
	fields  []Field
	unsure  map[Field]bool // dates of the column may have the month first
	seen    map[Field]map[string]value

	row    int
	held   bool // the row holds anything that is known of a pupil
	faults []Fault
	notes  []Fault
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// monthsFirst are the date columns where a value has the month first and none the day: a
// date there that can be read either way cannot be relied on.
func (in *reader) monthsFirst(rows [][]string) map[Field]bool {
	out := map[Field]bool{}
	for _, f := range in.fields {
		if !f.isDay() {
			continue
		}
		var month, day bool
		for _, cells := range rows {
			if cell := in.cell(cells, f); cell != "" {
				order := in.read(f, cell).order
				month, day = month || order == monthOnly, day || order == dayFirst
			}
		}
		out[f] = month && !day
	}
	return out
}

func (f Field) isDay() bool {
	return f == BirthDate || f == EntryDate || f == LeavingDate || f == ProvisionFrom
}

func (in *reader) cell(cells []string, f Field) string {
	if i := in.columns.Of[f]; i < len(cells) {
		return strings.TrimSpace(cells[i])
	}
	return ""
}

// read understands a cell, each of its kind once: a list of a school says SEN Support
// many times over.
func (in *reader) read(f Field, cell string) value {
	seen := in.seen[f]
	if seen == nil {
		seen = map[string]value{}
		in.seen[f] = seen
	}
	v, ok := seen[cell]
	if !ok {
		v = readField(f, cell)
		seen[cell] = v
	}
	return v
}

func readField(f Field, cell string) value {
	switch f {
	case UPN, FormerUPN:
		return readUPN(cell)
	case ULN:
		return readULN(cell)
	case BirthDate, EntryDate, LeavingDate, ProvisionFrom:
		return readDay(cell)
	case Sex:
		return readCode("sex", cell)
	case Ethnicity:
		return readCode("ethnicity", cell)
	case Status:
		return readCode("enrolment-status", cell)
	case Year:
		return readYear(cell)
	case Provision:
		return readCode("sen-provision", cell)
	case Need1, Need2:
		return readNeed(cell)
	case Need1Rank, Need2Rank:
		return readRank(cell)
	case SENUnit, Resourced, TopUp:
		return readYesNo(cell)
	}
	return readText(cell)
}

// pupil reads one row.
func (in *reader) pupil(cells []string) Pupil {
	p := Pupil{Row: in.row}
	in.held = false
	if n := len(in.columns.Headings); len(cells) > n && !blank(cells[n:]) {
		in.faults = append(in.faults, Fault{Row: in.row, Message: tooManyCells})
	}
	var since Step
	var needs [2]value
	var ranks [2]int
	for _, f := range in.fields {
		cell := in.cell(cells, f)
		if cell == "" {
			continue
		}
		in.held = true
		v := in.read(f, cell)
		if v.order == either && in.unsure[f] {
			v = value{text: cell, why: "this can be read in two ways, in a column where other days have the month first" + dayWanted}
		}
		if v.why != "" {
			in.faults = append(in.faults, in.about(f, v.why))
		}
		if v.note != "" {
			in.notes = append(in.notes, in.about(f, v.note))
		}
		switch f {
		case UPN:
			p.UPN = v.text
		case FormerUPN:
			p.FormerUPN = v.text
		case ULN:
			p.ULN = v.text
		case Surname:
			p.Surname = v.text
		case Forename:
			p.Forename = v.text
		case PreferredName:
			p.Preferred = v.text
		case BirthDate:
			p.Born = v.day
		case Sex:
			p.Sex = v.text
		case Ethnicity:
			p.Ethnicity = v.text
		case EntryDate:
			p.Entry = v.day
		case LeavingDate:
			p.Left = v.day
		case Status:
			p.Status = v.text
		case Year:
			p.Year = v.text
		case Provision:
			since.Code = v.text
		case ProvisionFrom:
			since.From = v.day
		case Need1:
			needs[0] = v
		case Need2:
			needs[1] = v
		case Need1Rank:
			ranks[0] = v.rank
		case Need2Rank:
			ranks[1] = v.rank
		default:
			if v.why == "" {
				p.indicate(f, v.yes)
			}
		}
	}
	if since.Code != "" {
		p.Steps = []Step{since}
	}
	for i, f := range []Field{Need1Rank, Need2Rank} {
		if _, said := in.columns.Of[f]; !said {
			ranks[i] = i + 1
		} else if ranks[i] > 0 && needs[i].text == "" && needs[i].codes == nil {
			p.Needs = append(p.Needs, Need{Rank: ranks[i]})
		}
		p.addNeeds(ranks[i], needs[i])
	}
	sortNeeds(p.Needs)
	if !in.held {
		in.faults = append(in.faults, Fault{Row: in.row, Message: "nothing that is known of a pupil stands in this row; take it away, such as a total"})
	}
	return p
}

func (in *reader) about(f Field, message string) Fault {
	return Fault{Row: in.row, Column: in.columns.Heading(f), Field: f, Message: message}
}

// addNeeds puts the types of one cell behind one another, from a rank on; 0 is none.
func (p *Pupil) addNeeds(rank int, v value) {
	codes := v.codes
	if len(codes) == 0 && v.text != "" {
		codes = []string{v.text}
	}
	for _, code := range codes {
		p.Needs = append(p.Needs, Need{Rank: rank, Type: code})
		if rank > 0 {
			rank++
		}
	}
}

func (p *Pupil) indicate(f Field, yes bool) {
	switch f {
	case SENUnit:
		p.SENUnit = &yes
	case Resourced:
		p.Resourced = &yes
	case TopUp:
		p.TopUp = &yes
	}
}

// KeyError says that a table of needs cannot be joined to the list of pupils.
type KeyError struct{ Reason string }

func (e *KeyError) Error() string { return "the table of needs: " + e.Reason }

// needsTable is the Fault.Table of a fault in a table of needs.
const needsTable = "needs"

// AddNeeds joins COLLECT's second table, one row for a need, to the pupils by a column that
// both have, such as pupilonrolltableid. What cannot be joined is a Fault with Table
// "needs" and its row there; a fault of a need that can be is one of its pupil too.
// The error is a *KeyError.
func AddNeeds(l *List, g sheet.Grid, key string) error {
	if h := cmp.Or(l.Columns.Heading(Need1), l.Columns.Heading(Need2)); h != "" {
		return &KeyError{fmt.Sprintf("the list of pupils has types of need itself, under %q; give one or the other", h)}
	}
	at, err := needColumns(g, key)
	if err != nil {
		return err
	}
	own := headed(l.Columns.Headings, key)
	if len(own) != 1 {
		return &KeyError{fmt.Sprintf("the list of pupils has %d columns headed %q, and one is needed to join the two", len(own), key)}
	}
	l.joined, l.Ranked = true, at.rank >= 0
	j := joiner{list: l, at: at, of: map[string][]int{}}
	for i, p := range l.Pupils {
		if cells := l.from.Rows[p.Row-1]; own[0] < len(cells) {
			if k := strings.TrimSpace(cells[own[0]]); k != "" {
				j.of[k] = append(j.of[k], i)
			}
		}
	}
	for i, cells := range g.Rows[at.row+1:] {
		if !blank(cells) {
			j.join(at.row+2+i, cells)
		}
	}
	for _, p := range l.Pupils {
		sortNeeds(p.Needs)
	}
	return nil
}

// sortNeeds puts needs in the order of their ranks, those without one last.
func sortNeeds(needs []Need) {
	slices.SortStableFunc(needs, func(a, b Need) int { return cmp.Compare(uint(a.Rank)-1, uint(b.Rank)-1) })
}

// needsAt is where a table of needs has what.
type needsAt struct {
	row, key, kind, rank int // rank is -1 where it has none
	headings             []string
}

// needColumns finds the headings of a table of needs.
func needColumns(g sheet.Grid, key string) (needsAt, error) {
	for i, row := range g.Rows[:min(HeadingRows, len(g.Rows))] {
		keys := headed(trimmed(row), key)
		if len(keys) == 0 {
			continue
		}
		at := needsAt{row: i, key: keys[0], kind: -1, rank: -1, headings: trimmed(row)}
		for c, h := range row {
			f := shipped().need[Fold(h)]
			to := map[Field]*int{needType: &at.kind, needRank: &at.rank}[f]
			if to == nil {
				continue
			}
			if *to >= 0 {
				return at, &KeyError{fmt.Sprintf("%q and %q may each be %s; take one away", at.headings[*to], at.headings[c], f.Words())}
			}
			*to = c
		}
		switch {
		case len(keys) > 1:
			return at, &KeyError{fmt.Sprintf("several columns are headed %q, and one is needed to join it", key)}
		case at.kind < 0:
			return at, &KeyError{"it has no column for the type of need, such as sentype"}
		}
		return at, nil
	}
	return needsAt{}, &KeyError{fmt.Sprintf("it has no heading %q in its first %d rows", key, HeadingRows)}
}

func trimmed(row []string) []string {
	out := make([]string, len(row))
	for i, c := range row {
		out[i] = strings.TrimSpace(c)
	}
	return out
}

// joiner gives the rows of a table of needs to their pupils.
type joiner struct {
	list *List
	at   needsAt
	of   map[string][]int // the pupils of a key
}

func (j *joiner) join(row int, cells []string) {
	cell := func(c int) string {
		if c >= 0 && c < len(cells) {
			return strings.TrimSpace(cells[c])
		}
		return ""
	}
	fault := func(c int, f Field, message string) Fault {
		return Fault{Table: needsTable, Row: row, Column: j.at.headings[c], Field: f, Message: message}
	}
	var found []Fault
	if len(cells) > len(j.at.headings) && !blank(cells[len(j.at.headings):]) {
		found = append(found, Fault{Table: needsTable, Row: row, Message: tooManyCells})
	}
	var n Need
	if k := cell(j.at.kind); k != "" {
		v := readCode("sen-type", k)
		n.Type = v.text
		if v.why != "" {
			found = append(found, fault(j.at.kind, needType, v.why))
		}
	}
	if k := cell(j.at.rank); k != "" {
		v := readRank(k)
		n.Rank = v.rank
		if v.why != "" {
			found = append(found, fault(j.at.rank, needRank, v.why))
		}
	}
	owner := -1
	switch at := j.of[cell(j.at.key)]; len(at) {
	case 0:
		found = append(found, fault(j.at.key, "", "no pupil of the list has this; add the pupil, or take the row away"))
	case 1:
		owner = at[0]
	default:
		found = append(found, fault(j.at.key, "", "several pupils of the list have this, so that nobody can say whose need it is; put it right in both"))
	}
	if owner >= 0 {
		p := &j.list.Pupils[owner]
		p.Needs = append(p.Needs, n)
		p.Faults = append(p.Faults, found...)
	}
	j.list.Faults = append(j.list.Faults, found...)
}
