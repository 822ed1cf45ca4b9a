package census

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// Tables are the return as tables for people: one, with a row for each pupil, and words
// beside the codes. An error is a fault of the program: a code list it cannot read.
func (r Return) Tables() ([]sheet.Table, error) {
	t, err := r.pupils()
	if err != nil {
		return nil, err
	}
	t.Notes = append(r.about(), r.marks()...)
	whose := "Setting: " + string(r.Setting.Name) + ", LA " + r.Setting.LA + ", establishment " + r.Setting.Estab
	if r.Setting.URN != "" {
		whose += ", URN " + r.Setting.URN
	}
	t.Notes = append(t.Notes, whose+".")
	if !r.Recorded.IsZero() {
		t.Notes = append(t.Notes, "From what was recorded by "+r.Recorded.UTC().Format("2006-01-02 15:04:05")+" UTC.")
	} else {
		t.Notes = append(t.Notes, "Something of this is not recorded in the history.")
	}
	return []sheet.Table{t}, nil
}

// column is one of the table of pupils and how it is filled.
type column struct {
	sheet.Column
	of func(Pupil) string
}

// pupils is the table of one row a pupil.
func (r Return) pupils() (sheet.Table, error) {
	columns, err := r.columns()
	if err != nil {
		return sheet.Table{}, err
	}
	t := sheet.Table{Name: "Pupils " + string(r.Term) + " " + strconv.Itoa(r.Day.Year()), Rows: r.rows(columns)}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	return t, nil
}

func (r Return) rows(columns []column) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for _, p := range r.Pupils {
			for i, c := range columns {
				row[i] = c.of(p)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// columns are those of the table of pupils. Their titles and order are the same in every
// term, so that last term's formulas go on working; where a term does not ask for
// something, the cells are empty.
func (r Return) columns() ([]column, error) {
	lists := map[string]codes{}
	for _, id := range []string{"sex", "nc-year", "enrolment-status", "ethnicity", "sen-provision", "sen-type"} {
		l, err := recordfile.CodeList(id)
		if err != nil {
			return nil, err
		}
		lists[id] = codesOf(l, r.Day)
	}
	text := func(title, about string, width int, of func(Pupil) string) column {
		return column{sheet.Column{Title: title, Kind: sheet.Text, Width: width, About: about}, of}
	}
	day := func(title, about string, of func(Pupil) date.Date) column {
		return column{sheet.Column{Title: title, Kind: sheet.Date, Width: 12, About: about}, func(p Pupil) string { return dayOf(of(p)) }}
	}
	is := func(title, about string, of func(Pupil) string) column {
		return column{sheet.Column{Title: title, Kind: sheet.YesNo, About: about}, of}
	}
	coded := func(title, list, about string, width int, of func(Pupil) string) []column {
		l := lists[list]
		return []column{
			text(title, about+" "+l.about, 0, of),
			text(title+" in words", "What the code before it means.", width, func(p Pupil) string { return l.words[of(p)] }),
		}
	}
	need := func(n int) func(Pupil) string {
		return func(p Pupil) string {
			if taken := p.Taken(r.Term); len(taken) > n {
				return taken[n].Type
			}
			return ""
		}
	}
	rank := func(n int) func(Pupil) string {
		return func(p Pupil) string {
			if taken := p.Taken(r.Term); len(taken) > n {
				return rankOf(taken[n])
			}
			return ""
		}
	}
	indicator := func(pick func(unit, resourced bool) bool) func(Pupil) string {
		return func(p Pupil) string {
			unit, resourced, asked := r.Indicators(p)
			if !asked {
				return ""
			}
			return yesNo(pick(unit, resourced))
		}
	}
	out := []column{
		text("Surname", "The family name on the birth certificate or deed.", 18, func(p Pupil) string { return p.Surname }),
		text("Forename", "The given name on the birth certificate or deed.", 18, func(p Pupil) string { return p.Forename }),
		text("Name used", "The name used every day. The census does not ask for it.", 14, func(p Pupil) string { return p.Preferred }),
		day("Date of birth", "", func(p Pupil) date.Date { return p.Born }),
		text("UPN", "Unique pupil number, 13 characters. Kept as text.", 16, func(p Pupil) string { return p.UPN }),
		text("Former UPN", "An earlier unique pupil number.", 16, func(p Pupil) string { return p.FormerUPN }),
		text("ULN", "Unique learner number, ten digits; asked from 14 years on. Kept as text.", 13, func(p Pupil) string { return p.ULN }),
	}
	out = append(out, coded("Sex", "sex", "", 8, func(p Pupil) string { return p.Sex })...)
	out = append(out, coded("Year", "nc-year", "National Curriculum year on the census day.", 14, func(p Pupil) string { return p.Year })...)
	out = append(out, coded("Ethnicity", "ethnicity", "As the family said it.", 22, func(p Pupil) string { return p.Ethnicity })...)
	out = append(out, coded("Enrolment status", "enrolment-status", "C is taken where the record says nothing.", 22, func(p Pupil) string { return p.Status })...)
	out = append(out, day("On roll since", "The day of joining, or of coming back.", func(p Pupil) date.Date { return p.Entry }))
	out = append(out, coded("SEN provision", "sen-provision", "On the census day.", 36, func(p Pupil) string { return p.Provision })...)
	out = append(out, day("SEN provision since", "The day from which that provision is. The census does not ask for it.", func(p Pupil) date.Date { return p.Since }))
	for n, title := range []string{"Need 1", "Need 2"} {
		out = append(out, column{sheet.Column{Title: title + " rank", Kind: sheet.Number, About: "Rank of the need as the record has it; 1 is the main one. Asked in spring alone."}, rank(n)})
		out = append(out, coded(title, "sen-type", "Type of need. Asked in spring alone, two at most, none of pupils without SEN.", 36, need(n))...)
	}
	out = append(out,
		is("SEN unit", "Whether the pupil is a member of an SEN unit that the authority recognises. Not asked of special schools and pupil referral units.", indicator(func(unit, _ bool) bool { return unit })),
		is("Resourced provision", "Whether the pupil is a member of resourced provision that the authority recognises. Not asked of special schools and pupil referral units.", indicator(func(_, resourced bool) bool { return resourced })),
		is("Top-up funding", "Whether the authority pays top-up funding for the pupil, with or without a plan.", func(p Pupil) string { return yesNo(p.TopUp) }),
		text("Learner", "The id of the learner in the record folder: it leads back to the record, and names nobody.", 10, func(p Pupil) string { return p.Learner }),
		day("Census day", "The same in every row.", func(Pupil) date.Date { return r.Day }),
	)
	if r.Marked() {
		out = append(out, r.markColumns("Made in spite of errors", "File with errors")...)
	}
	return out, nil
}

// markColumns say in every row what is not well with a return; a CSV has no other place
// for it that a program would not take for a pupil.
func (r Return) markColumns(errors, file string) []column {
	return []column{
		{sheet.Column{Title: errors, Kind: sheet.Number, About: "How many errors the check before the census found that this was made in spite of; the same in every row."},
			func(Pupil) string { return strconv.Itoa(r.Errors) }},
		{sheet.Column{Title: file, Kind: sheet.YesNo, About: "Whether a file of this learner's record holds an error, so that the row may be wrong. In all: " + fmt.Sprint(len(r.Faulty)) + " files."},
			func(p Pupil) string { return yesNo(p.Unread) }},
	}
}

// codes are the words of a code list's codes on a day, and where the list is from.
type codes struct {
	words map[string]string
	about string
}

func codesOf(l *pathway.CodeList, day date.Date) codes {
	c := codes{words: map[string]string{}}
	var all []string
	for _, x := range l.Codes {
		c.words[x.Code] = string(x.Words)
		if x.ValidOn(day) && x.Use == "" {
			all = append(all, x.Code+" "+string(x.Words))
		}
	}
	const most = 20
	if len(all) <= most {
		c.about = "Codes: " + strings.Join(all, "; ") + "."
	}
	c.about = strings.TrimSpace(c.about + " Source: " + strings.TrimSuffix(strings.Join(strings.Fields(string(l.Source)), " "), ".") + ".")
	return c
}
