package census

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// AnnexA is the two lists of learners with SEN that an inspection of an area asks for, as
// one setting has them on a day. Their headings are those of the lists themselves, so that
// what the authority collects can be put together.
type AnnexA struct {
	Day     date.Date
	Setting learner.Setting
	Plans   []Inspected // list 1: with an EHC plan
	Support []Inspected // list 2: with SEN support
	Faulty  []string    // files that hold an error and that this was made in spite of
}

// Inspected is a line of one of the lists. nil is what the record does not say.
type Inspected struct {
	Pupil
	Issued        date.Date // when the first plan began; see PlanOf
	Reviewed      date.Date // the latest annual review of the plan
	Unsaid        bool      // a later review is there of which nobody said whether it was the annual one
	Disadvantaged *bool
	Disability    *bool
}

// InspectedOf is the line of a learner with SEN on a day. For one with a plan the whole
// record is needed: reviews and decisions are looked at.
func InspectedOf(f *folder.Folder, r *folder.Record, p Pupil, day date.Date) Inspected {
	x := Inspected{Pupil: p}
	if c := r.Learner.Value.Characteristics; c != nil {
		x.Disadvantaged = &c.Disadvantaged
	}
	if d := r.Learner.Value.Disability; d != nil {
		x.Disability = &d.Recorded
	}
	if plan, ok := PlanOf(f, r, day); ok {
		x.Issued, x.Reviewed, x.Unsaid = plan.Start, plan.Reviewed, plan.Unsaid.After(plan.Reviewed)
	}
	return x
}

// Plan is an EHC plan as a record knows of it. Its text is the authority's.
type Plan struct {
	Start    date.Date // the day from which sen_provision has it without a break; zero where no day stands there
	Decided  date.Date // the day of the decision that it is issued; zero where none is recorded
	Reviewed date.Date // the latest review marked as annual; zero while there is none
	Unsaid   date.Date // the latest review of which nobody said whether it was annual
	At       int       // the line of sen_provision in which it begins
	Older    bool      // it began before anything else in this record
}

// PlanOf is the plan that holds on a day; ok is false where there is none.
func PlanOf(f *folder.Folder, r *folder.Record, day date.Date) (p Plan, ok bool) {
	// As they hold one after another, which need not be the order of the lines.
	type step struct {
		learner.ProvisionCode
		at int
	}
	var steps []step
	for i, c := range r.Learner.Value.SENProvision {
		if !c.From.After(day) {
			steps = append(steps, step{c, i})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.From.Compare(b.From) })
	for _, s := range steps {
		switch {
		case s.Code != "E":
			ok = false
		case !ok:
			p.Start, p.At, ok = s.From, s.at, true
		}
	}
	if !ok {
		return Plan{}, false
	}
	for _, l := range gate.Lives(f, r) {
		for _, d := range l.Decisions {
			if on := decidedOn(d.Value); d.Value.Result == planIssued && !on.After(day) {
				p.Decided = on
			}
		}
	}
	for _, file := range r.Reviewed() {
		c, _ := r.Corrected(file)
		switch v := c.Review; {
		case v == nil || v.Date.Before(p.Start) || v.Date.After(day):
		case v.Annual == nil:
			p.Unsaid = later(p.Unsaid, v.Date)
		case *v.Annual:
			p.Reviewed = later(p.Reviewed, v.Date)
		}
	}
	begun := gate.Begun(r)
	p.Older = begun.IsZero() || begun.After(p.Start)
	return p, true
}

// The results of a decision that tell whether there is a plan, as pathways name them.
const (
	planIssued = "plan-issued"
	noPlan     = "no-plan"
)

// decidedOn is the day from which a decision counts: that on which people were told.
func decidedOn(d learner.Decision) date.Date {
	if d.Notified.IsZero() {
		return d.Panel
	}
	return d.Notified
}

func later(a, b date.Date) date.Date {
	if b.After(a) {
		return b
	}
	return a
}

// The sheets of the lists.
const (
	planSheet    = "List 1 EHC plans"
	supportSheet = "List 2 SEN support"
)

// inspectedColumn is one column of the lists and how it is filled.
type inspectedColumn struct {
	sheet.Column
	plans bool // of list 1 alone
	of    func(Inspected) string
}

// Tables are the two lists as sheets, without a name of a learner.
func (a AnnexA) Tables() []sheet.Table {
	return []sheet.Table{a.list(planSheet, true, a.Plans), a.list(supportSheet, false, a.Support)}
}

func (a AnnexA) list(name string, plans bool, of []Inspected) sheet.Table {
	var columns []inspectedColumn
	for _, c := range a.columns() {
		if plans || !c.plans {
			columns = append(columns, c)
		}
	}
	t := sheet.Table{Name: name, Notes: a.notes(plans, of), Rows: func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for _, x := range of {
			for i, c := range columns {
				row[i] = ""
				if c.of != nil {
					row[i] = c.of(x)
				}
			}
			if !yield(row) {
				return
			}
		}
	}}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	return t
}

// elsewhere are the columns that no record here can fill.
func (a AnnexA) elsewhere(plans bool) (titles []string) {
	for _, c := range a.columns() {
		if c.of == nil && (plans || !c.plans) {
			titles = append(titles, c.Title)
		}
	}
	return titles
}

func (a AnnexA) notes(plans bool, of []Inspected) []string {
	what := "Learners with SEN support and no plan"
	if plans {
		what = "Learners with an EHC plan"
	}
	whose := string(a.Setting.Name)
	if a.Setting.URN != "" {
		whose += ", URN " + a.Setting.URN
	}
	notes := []string{
		fmt.Sprintf("%s on roll on %s at %s: %d. Of those whose records are kept here; a roll from the school's system may have more.", what, a.Day.Long(), whose, len(of)),
		"Empty because no SEN record holds it; fill it from the school's own system or ask the authority: " + strings.Join(a.elsewhere(plans), "; ") + ".",
	}
	if plans {
		notes = append(notes, "Date initial EHC plan issued is the day from which the record has had SEN provision E: compare it with the plan itself, above all where the record began later.")
	}
	unsaid := 0
	for _, x := range of {
		if x.Unsaid {
			unsaid++
		}
	}
	if unsaid > 0 {
		notes = append(notes, fmt.Sprintf("Not counted as an annual review, because nobody said that it was one: the latest review of this many learners: %d.", unsaid))
	}
	if len(a.Faulty) > 0 {
		notes = append(notes, fmt.Sprintf("MADE IN SPITE OF ERRORS in %d of the record's files, so that rows may be wrong or missing: %s.", len(a.Faulty), strings.Join(a.Faulty, ", ")))
	}
	return notes
}

func (a AnnexA) columns() []inspectedColumn {
	text := func(title string, width int, about string, of func(Inspected) string) inspectedColumn {
		return inspectedColumn{Column: sheet.Column{Title: title, Width: width, About: about}, of: of}
	}
	yes := func(title, about string, of func(Inspected) string) inspectedColumn {
		return inspectedColumn{Column: sheet.Column{Title: title, Kind: sheet.YesNo, Width: 16, About: about}, of: of}
	}
	day := func(title, about string, of func(Inspected) string) inspectedColumn {
		return inspectedColumn{Column: sheet.Column{Title: title, Kind: sheet.Date, Width: 14, About: about}, of: of}
	}
	planned := func(c inspectedColumn) inspectedColumn {
		c.plans = true
		return c
	}
	said := func(b *bool) string {
		if b == nil {
			return ""
		}
		return strconv.FormatBool(*b)
	}
	phase := strings.ReplaceAll(a.Setting.Phase, "-", " ")
	return []inspectedColumn{
		text("Unique ID", 12, "The id of the learner in the record folder. It leads back to the record and names nobody.", func(x Inspected) string { return x.Learner }),
		text("UPN", 16, "Unique pupil number, 13 characters. Kept as text.", func(x Inspected) string { return x.UPN }),
		text("ULN", 13, "Unique learner number, ten digits, from 14 years on. Kept as text.", func(x Inspected) string { return x.ULN }),
		day("Date of birth", "Year, month and day.", func(x Inspected) string { return x.Born.String() }),
		text("Gender", 9, "M or F, the school census's item Sex.", func(x Inspected) string { return x.Sex }),
		text("Ethnicity", 11, "The school census's code, as the family said it.", func(x Inspected) string { return x.Ethnicity }),
		planned(day("Date initial EHC plan issued", "The day from which the record has had SEN provision E without a break. Of a learner who came with a plan that may be the day of coming: compare it with the plan itself.", func(x Inspected) string { return x.Issued.String() })),
		planned(day("Date updated EHC plan issued", "Not in the record: the authority has it.", nil)),
		planned(day("Date EHC plan last reviewed", "The latest review that is marked as the annual review of the plan.", func(x Inspected) string { return x.Reviewed.String() })),
		text("SEN primary need", 12, "The need of the first rank, by its census code.", func(x Inspected) string {
			if len(x.Needs) == 0 {
				return ""
			}
			return x.Needs[0].Type
		}),
		text("Main education establishment – URN", 16, "This setting, unless the learner is mainly at another (enrolment status S): then it is not in the record.", func(x Inspected) string {
			if x.Status == subsidiary {
				return ""
			}
			return a.Setting.URN
		}),
		text("Main education establishment – phase", 18, "As for the URN; the phase as sendctl.yaml has it.", func(x Inspected) string {
			if x.Status == subsidiary {
				return ""
			}
			return phase
		}),
		text("Subsidiary education establishment – phase (dual registration)", 22, "This setting, of a learner who is mainly at another (enrolment status S). Of one who is mainly here (M) the other's is not in the record.", func(x Inspected) string {
			if x.Status == subsidiary {
				return phase
			}
			return ""
		}),
		planned(yes("Elective home education", "false: everybody on this list is on the roll of a setting.", func(Inspected) string { return "false" })),
		text("Suspensions", 13, "Not in the record: the school's own system has it.", nil),
		text("Permanent exclusions", 13, "Not in the record: the school's own system has it.", nil),
		text("Absence", 11, "Not in the record: the school's own system has it.", nil),
		yes("Pupil Premium", "Whether learner.yaml says that the learner is disadvantaged; empty where it says nothing of it. The school's own system has the grant itself.", func(x Inspected) string { return said(x.Disadvantaged) }),
		yes("Known to children's social care?", "true of a learner who is looked after; empty otherwise, since this record does not know and does not ask.", func(x Inspected) string {
			if x.CaredFor {
				return "true"
			}
			return ""
		}),
		text("Which children's social care team?", 18, "Not in the record: ask the authority.", nil),
		yes("Does the child or young person have a disability?", "Whether a disability is recorded under the Equality Act 2010; empty where nobody asked.", func(x Inspected) string { return said(x.Disability) }),
	}
}

// subsidiary is the enrolment status of a pupil who is mainly at another school.
const subsidiary = "S"
