package cli

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// listedB are the pupils of the list alone, or of the later day, that are listed.
func (d comparison) listedB(all bool) []census.One {
	if all || d.list == "" {
		return d.OnlyB
	}
	return slices.DeleteFunc(slices.Clone(d.OnlyB), func(o census.One) bool { return o.Away == nil && o.Like == "" && !o.SEN() })
}

// totalLine is total as a sentence.
func (d comparison) totalLine() string {
	text := d.total()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// total sums a difference up.
func (d comparison) total() string {
	differ, unsure := 0, 0
	for _, p := range d.Differing {
		if len(p.Changes) > 0 {
			differ++
		} else {
			unsure++
		}
	}
	if d.None() {
		return "no difference: " + plural(d.Alike, "learner is alike", "learners are alike")
	}
	parts := []string{plural(d.Alike, "learner is alike", "learners are alike")}
	for _, x := range []struct {
		n         int
		one, many string
	}{
		{differ, "differs", "differ"},
		{unsure, "could not be compared whole", "could not be compared whole"},
		{len(d.OnlyA), "is only in " + d.onlyIn(true), "are only in " + d.onlyIn(true)},
		{len(d.listedB(false)), "is only in " + d.onlyIn(false), "are only in " + d.onlyIn(false)},
		{len(d.Unclear), "group cannot be told apart", "groups cannot be told apart"},
	} {
		if x.n > 0 {
			parts = append(parts, plural(x.n, x.one, x.many))
		}
	}
	return strings.Join(parts, ", ")
}

// onlyIn is a side as what stands behind "only in".
func (d comparison) onlyIn(a bool) string {
	switch {
	case d.list == "" && a:
		return "the roll of " + d.a
	case d.list == "":
		return "the roll of " + d.b
	case a:
		return d.a
	}
	return d.b
}

// item is a field in words, as a sentence has it.
func itemWords(f exchange.Field) string {
	if f == census.Needs {
		return "the types of need"
	}
	return strings.TrimPrefix(f.Words(), "whether there is ")
}

// valueWords is a value of a Change in words.
func valueWords(f exchange.Field, v string) string {
	switch {
	case v == "":
		return "nothing"
	case f == exchange.BirthDate || f == exchange.EntryDate || f == exchange.LeavingDate || f == exchange.ProvisionFrom:
		if day, err := date.Parse(v); err == nil {
			return day.Long()
		}
	case v == "true":
		return "yes"
	case v == "false":
		return "no"
	}
	return v
}

func fullName(p census.Pupil) string {
	if name := strings.TrimSpace(p.Forename + " " + p.Surname); name != "" {
		return name
	}
	if p.Preferred != "" {
		return p.Preferred
	}
	return "no name"
}

// who names a pupil with where to find them.
func whoIs(p census.Pupil, row int, more ...string) string {
	var in []string
	if p.Learner != "" {
		in = append(in, p.Learner)
	}
	if row > 0 {
		in = append(in, "row "+strconv.Itoa(row))
	}
	return fullName(p) + " (" + list(append(in, more...)) + ")"
}

// changeWords tells one item that differs.
func (d comparison) changeWords(c census.Change) string {
	a, b := valueWords(c.Item, c.A), valueWords(c.Item, c.B)
	if d.list == "" {
		return fmt.Sprintf("%s: was %s, is %s", itemWords(c.Item), a, b)
	}
	return fmt.Sprintf("%s: %s in the folder, %s in the list", itemWords(c.Item), a, b)
}

func (d comparison) pairWords(p census.Pair) string {
	var more []string
	if p.By != census.ByUPN && p.By != census.ByLearner {
		more = append(more, "matched by "+p.By.Words())
	}
	var out []string
	for _, c := range p.Changes {
		out = append(out, d.changeWords(c))
	}
	for _, u := range p.Unsure {
		what := "the row"
		if u.Item != "" {
			what = itemWords(u.Item)
		}
		out = append(out, what+": not compared, since what the list has cannot be taken")
	}
	return whoIs(p.A, p.Row, more...) + ": " + strings.Join(out, "; ") + "."
}

// aloneWords tells why somebody is on one side alone, as far as that is known.
func (d comparison) aloneWords(o census.One, a bool) string {
	text := whoIs(o.Pupil, o.Row)
	var why string
	switch p := o.Pupil; {
	case d.list == "" && a && !p.Left.IsZero():
		why = "last on roll on " + p.Left.Long()
	case d.list == "" && !a && p.Entry.After(d.from):
		why = "on roll since " + p.Entry.Long()
	case o.Away != nil:
		text = whoIs(*o.Away, o.Row)
		switch away := *o.Away; {
		case away.Status == "G":
			why = "has a record as a guest, whom the census does not count"
		case away.Entry.After(d.day):
			why = "has a record, and joins on " + away.Entry.Long()
		case !away.Left.IsZero():
			why = "has a record, and was last on roll on " + away.Left.Long()
		default:
			why = "has a record, and is not on roll"
		}
		if p.Provision != "" {
			why += "; SEN provision in the list: " + p.Provision
		}
	case d.list != "" && p.Provision != "":
		why = "SEN provision " + p.Provision
	case d.list != "" && len(p.Needs) > 0:
		why = "with a type of need"
	}
	if o.Like != "" {
		why = strings.TrimPrefix(why+"; has the name of "+o.Like+", who is only in the folder, so see whether the date of birth is right in both", "; ")
	}
	if why != "" {
		text += ": " + why
	}
	return text + "."
}

func unclearWords(u census.Unclear) string {
	var ours []string
	for _, p := range u.A {
		ours = append(ours, whoIs(p, 0))
	}
	return "By " + u.By.Words() + ", " + list(ours) + " may be " + rowsInWords(u.Rows) + " of the list: put right what several have, and compare again."
}

// lines are the difference in sentences.
func (d comparison) lines(all bool) []render.Line {
	var out []render.Line
	head := func(text string) { out = append(out, render.Line{}, render.Line{Text: text, Tone: render.Heading}) }
	item := func(text string) { out = append(out, render.Line{Text: "- " + text, Indent: 2}) }
	out = append(out, render.Line{Text: d.about()})
	out = append(out, render.Line{Text: d.totalLine()})
	if d.MovedUp > 0 {
		out = append(out, render.Line{Text: plural(d.MovedUp, "is in the year that follows, as it should be.", "are in the year that follows, as it should be.")})
	}
	var changed, unsure []census.Pair
	for _, p := range d.Differing {
		if len(p.Changes) > 0 {
			changed = append(changed, p)
		} else {
			unsure = append(unsure, p)
		}
	}
	if len(changed) > 0 {
		head("Different:")
		for _, p := range changed {
			item(d.pairWords(p))
		}
	}
	if len(unsure) > 0 {
		head("Not compared whole:")
		for _, p := range unsure {
			item(d.pairWords(p))
		}
	}
	if len(d.OnlyA) > 0 {
		head("Only in " + d.onlyIn(true) + ":")
		for _, o := range d.OnlyA {
			item(d.aloneWords(o, true))
		}
	}
	listed := d.listedB(all)
	if len(listed) > 0 {
		head("Only in " + d.onlyIn(false) + ":")
		for _, o := range listed {
			item(d.aloneWords(o, false))
		}
	}
	if len(d.Unclear) > 0 {
		head("Not to be told apart:")
		for _, u := range d.Unclear {
			item(unclearWords(u))
		}
	}
	if d.list == "" {
		return out
	}
	var rest []string
	if n := len(d.OnlyB) - len(listed); n > 0 && d.hasSEN {
		rest = append(rest, plural(n, "pupil of the list has no SEN there and no record here", "pupils of the list have no SEN there and no record here")+"; --all lists them.")
	} else if n > 0 {
		rest = append(rest, plural(n, "pupil of the list has no record here", "pupils of the list have no record here")+". The list has no column for SEN provision, so nobody can say who of them should have one; --all lists them.")
	}
	if d.Aside > 0 {
		rest = append(rest, plural(d.Aside, "pupil of the list is on no roll that day by the list itself, and has no record here.", "pupils of the list are on no roll that day by the list itself, and have no record here."))
	}
	if len(rest) > 0 {
		out = append(out, render.Line{})
		for _, r := range rest {
			out = append(out, render.Line{Text: r})
		}
	}
	return out
}

// about says what was compared with what, and in which items.
func (d comparison) about() string {
	if d.list == "" {
		if d.from == d.day {
			return "The census of " + d.day.Long() + ", " + d.a + " and " + d.b + "."
		}
		return "The census of " + d.a + " and that of " + d.b + "."
	}
	var by []string
	for _, k := range []census.Key{census.ByUPN, census.ByFormerUPN, census.ByULN, census.ByName} {
		if n := d.By[k]; n > 0 {
			by = append(by, fmt.Sprintf("%d by %s", n, k.Words()))
		}
	}
	text := "The folder on " + d.day.Long() + " and the list " + d.list + ": "
	if len(by) == 0 {
		return text + "nobody is on both."
	}
	var items []string
	for _, f := range d.Items {
		items = append(items, string(f))
	}
	return text + "matched " + list(by) + ". Compared: " + list(items) + "."
}

// diffRow is one row of the difference as a table.
type diffRow struct {
	what    string
	p       census.Pupil
	row     int
	item    string
	a, b    string
	by      census.Key
	remarks string
}

// diffColumns are the headings of the table; short ones fit a terminal.
func diffColumns(a, b string, short bool) []string {
	if short {
		return []string{"what", "id", "row", "name", "item", a, b}
	}
	return []string{"what", "id", "row", "UPN", "surname", "forename", "item", a, b, "matched by", "remark"}
}

func (r diffRow) cells(short bool) []string {
	row := ""
	if r.row > 0 {
		row = strconv.Itoa(r.row)
	}
	by := ""
	if r.by != "" {
		by = r.by.Words()
	}
	if short {
		return []string{r.what, r.p.Learner, row, fullName(r.p), r.item, r.a, r.b}
	}
	return []string{r.what, r.p.Learner, row, r.p.UPN, r.p.Surname, r.p.Forename, r.item, r.a, r.b, by, r.remarks}
}

// rows are the difference as a table: one row for each item that differs, and for each
// pupil of one side alone.
func (d comparison) rows(all bool) iter.Seq[diffRow] {
	return func(yield func(diffRow) bool) {
		for _, p := range d.Differing {
			r := diffRow{p: p.A, row: p.Row, by: p.By}
			for _, c := range p.Changes {
				r.what, r.item, r.a, r.b = "differs", string(c.Item), c.A, c.B
				if !yield(r) {
					return
				}
			}
			for _, u := range p.Unsure {
				x := diffRow{what: "not compared", p: p.A, row: p.Row, by: p.By, item: string(u.Item), remarks: u.Message}
				if !yield(x) {
					return
				}
			}
		}
		for _, o := range d.OnlyA {
			if !yield(diffRow{what: "only in " + d.onlyIn(true), p: o.Pupil, item: string(exchange.Provision), a: o.Provision}) {
				return
			}
		}
		for _, o := range d.listedB(all) {
			r := diffRow{what: "only in " + d.onlyIn(false), p: o.Pupil, row: o.Row, item: string(exchange.Provision), b: o.Provision, by: o.By}
			if o.Away != nil {
				r.p.Learner, r.remarks = o.Away.Learner, "has a record, and is not on roll"
			} else if o.Like != "" {
				r.remarks = "has the name of " + o.Like
			}
			if !yield(r) {
				return
			}
		}
		for _, u := range d.Unclear {
			for _, p := range u.A {
				if !yield(diffRow{what: "cannot be told apart", p: p, by: u.By, remarks: rowsInWords(u.Rows) + " of the list"}) {
					return
				}
			}
		}
	}
}

// sheet is the difference as a table for office programs.
func (d comparison) sheet(all bool) sheet.Table {
	about := map[string]string{
		"what": "What is so: differs, only on one side, not compared, cannot be told apart.", "id": "The learner's id in the record folder.",
		"row": "The row of the list, counted from 1 with the headings.", "UPN": "As the folder has it, or the list.",
		"item": "What differs.", "matched by": "By what the two were found to be one pupil.",
	}
	t := sheet.Table{Name: "Differences", Notes: []string{d.about(), d.totalLine()}}
	for _, title := range diffColumns(d.a, d.b, false) {
		c := sheet.Column{Title: title, About: about[title]}
		switch title {
		case "row":
			c.Kind = sheet.Number
		case "what", "UPN", "surname", "forename", "item", "remark":
			c.Width = 18
		}
		t.Columns = append(t.Columns, c)
	}
	t.Rows = func(yield func([]string) bool) {
		for r := range d.rows(all) {
			if !yield(r.cells(false)) {
				return
			}
		}
	}
	return t
}

// diffPupil is a pupil in JSON.
type diffPupil struct {
	Learner  string `json:"learner,omitempty"`
	Row      int    `json:"row,omitempty"`
	UPN      string `json:"upn,omitempty"`
	Surname  string `json:"surname,omitempty"`
	Forename string `json:"forename,omitempty"`
}

func pupilJSON(p census.Pupil, row int) diffPupil {
	return diffPupil{p.Learner, row, p.UPN, p.Surname, p.Forename}
}

type diffAlone struct {
	diffPupil
	Provision string `json:"sen_provision,omitempty"`
	Away      string `json:"not_on_roll,omitempty"`     // the learner's id
	Like      string `json:"has_the_name_of,omitempty"` // likewise
}

type diffChange struct {
	Item exchange.Field `json:"item"`
	A    string         `json:"a"`
	B    string         `json:"b"`
}

type diffFault struct {
	Table   string         `json:"table,omitempty"`
	Row     int            `json:"row"`
	Column  string         `json:"column,omitempty"`
	Field   exchange.Field `json:"field,omitempty"`
	Message string         `json:"message"`
}

type diffPair struct {
	diffPupil
	By          census.Key   `json:"matched_by"`
	Changes     []diffChange `json:"changes"`
	NotCompared []diffFault  `json:"not_compared,omitempty"`
}

type diffUnclear struct {
	By   census.Key  `json:"matched_by"`
	A    []diffPupil `json:"learners"`
	Rows []int       `json:"rows"`
}

type diffSide struct {
	Name string    `json:"name"`
	Day  date.Date `json:"day"`
	List string    `json:"list,omitempty"`
}

func faultJSON(f exchange.Fault) diffFault {
	return diffFault{f.Table, f.Row, f.Column, f.Field, f.Message}
}

// json is the difference as --json prints it: a is the folder or the earlier day, b the
// list or the later one.
func (d comparison) json(all bool) any {
	out := struct {
		Format    string             `json:"format"`
		A         diffSide           `json:"a"`
		B         diffSide           `json:"b"`
		Same      bool               `json:"same"`
		Items     []exchange.Field   `json:"items"`
		Alike     int                `json:"alike"`
		By        map[census.Key]int `json:"matched_by"`
		MovedUp   int                `json:"moved_up"`
		Aside     int                `json:"off_roll_by_the_list"`
		NotListed int                `json:"not_listed"`
		Unread    int                `json:"errors_in_files"`
		Differing []diffPair         `json:"differing"`
		OnlyA     []diffAlone        `json:"only_a"`
		OnlyB     []diffAlone        `json:"only_b"`
		Unclear   []diffUnclear      `json:"unclear"`
		Faults    []diffFault        `json:"faults_of_the_list"`
	}{
		Format: "sendctl-census-diff/1", A: diffSide{d.a, d.from, ""}, B: diffSide{d.b, d.day, d.list}, Same: d.None() && d.unread == 0,
		Items: d.Items, Alike: d.Alike, By: d.By, MovedUp: d.MovedUp, Aside: d.Aside, Unread: d.unread,
		Differing: []diffPair{}, OnlyA: []diffAlone{}, OnlyB: []diffAlone{}, Unclear: []diffUnclear{}, Faults: []diffFault{},
	}
	if d.list != "" {
		out.A.Day = d.day
	}
	for _, p := range d.Differing {
		x := diffPair{diffPupil: pupilJSON(p.A, p.Row), By: p.By, Changes: []diffChange{}}
		for _, c := range p.Changes {
			x.Changes = append(x.Changes, diffChange(c))
		}
		for _, u := range p.Unsure {
			x.NotCompared = append(x.NotCompared, faultJSON(u.Fault))
		}
		out.Differing = append(out.Differing, x)
	}
	for _, o := range d.OnlyA {
		out.OnlyA = append(out.OnlyA, diffAlone{diffPupil: pupilJSON(o.Pupil, 0), Provision: o.Provision})
	}
	listed := d.listedB(all)
	out.NotListed = len(d.OnlyB) - len(listed)
	for _, o := range listed {
		x := diffAlone{diffPupil: pupilJSON(o.Pupil, o.Row), Provision: o.Provision, Like: o.Like}
		if o.Away != nil {
			x.Away = o.Away.Learner
		}
		out.OnlyB = append(out.OnlyB, x)
	}
	for _, u := range d.Unclear {
		x := diffUnclear{By: u.By, Rows: u.Rows}
		for _, p := range u.A {
			x.A = append(x.A, pupilJSON(p, 0))
		}
		out.Unclear = append(out.Unclear, x)
	}
	for _, f := range d.faults {
		out.Faults = append(out.Faults, faultJSON(f))
	}
	return out
}
