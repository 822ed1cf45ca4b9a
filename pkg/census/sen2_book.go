package census

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// Tables are the list as sheets for the authority: the learners, the requests, and what is
// missing here. They name children.
func (s SEN2) Tables(set learner.Setting) []sheet.Table {
	return []sheet.Table{s.people(set), s.requests(), s.missing()}
}

func (s SEN2) people(set learner.Setting) sheet.Table {
	type cell struct {
		sheet.Column
		of func(SEN2Learner) string
	}
	text := func(title string, width int, about string, of func(SEN2Learner) string) cell {
		return cell{sheet.Column{Title: title, Width: width, About: about}, of}
	}
	day := func(title, about string, of func(SEN2Learner) date.Date) cell {
		return cell{sheet.Column{Title: title, Kind: sheet.Date, Width: 13, About: about}, func(x SEN2Learner) string { return of(x).String() }}
	}
	yes := func(title, about string, of func(SEN2Learner) bool) cell {
		return cell{sheet.Column{Title: title, Kind: sheet.YesNo, About: about}, func(x SEN2Learner) string { return strconv.FormatBool(of(x)) }}
	}
	plan := func(of func(Plan) date.Date) func(SEN2Learner) date.Date {
		return func(x SEN2Learner) date.Date {
			if x.Plan == nil {
				return date.Date{}
			}
			return of(*x.Plan)
		}
	}
	need := func(n int) func(SEN2Learner) string {
		return func(x SEN2Learner) string {
			if types := x.Types(); n < len(types) {
				return types[n]
			}
			return ""
		}
	}
	columns := []cell{
		text("Learner", 10, "The id of the learner in the record folder.", func(x SEN2Learner) string { return x.Learner }),
		text("Surname", 18, "Of the legal name.", func(x SEN2Learner) string { return x.Surname }),
		text("Forename", 18, "Of the legal name.", func(x SEN2Learner) string { return x.Forename }),
		day("Date of birth", "Year, month and day.", func(x SEN2Learner) date.Date { return x.Born }),
		text("Sex", 7, "M or F.", func(x SEN2Learner) string { return x.Sex }),
		text("Ethnicity", 11, "The school census's code, as the family said it.", func(x SEN2Learner) string { return x.Ethnicity }),
		text("UPN", 16, "Unique pupil number, 13 characters. Kept as text.", func(x SEN2Learner) string { return x.UPN }),
		text("ULN", 13, "Unique learner number, ten digits. Kept as text.", func(x SEN2Learner) string { return x.ULN }),
		day("Plan from", "The day from which the record has had SEN provision E without a break; empty where no plan holds.", plan(func(p Plan) date.Date { return p.Start })),
		day("Plan decided", "The day of the decision, recorded here, that a plan is issued.", plan(func(p Plan) date.Date { return p.Decided })),
		day("Last annual review", "The latest review marked as the annual review of the plan.", plan(func(p Plan) date.Date { return p.Reviewed })),
		text("SEN type 1", 11, "The main need by its census code; NSA, which SEN2 does not have, is left out.", need(0)),
		text("SEN type 2", 11, "The second need.", need(1)),
		text("URN", 9, "Of this setting.", func(SEN2Learner) string { return set.URN }),
		yes("SEN unit", "Whether the learner is a member of an SEN unit that the authority recognises.", func(x SEN2Learner) bool { return x.SENUnit }),
		yes("Resourced provision", "Whether the learner is a member of resourced provision that the authority recognises.", func(x SEN2Learner) bool { return x.Resourced }),
		day("On roll since", "The day of joining, or of coming back.", func(x SEN2Learner) date.Date { return x.Entry }),
		{sheet.Column{Title: "Missing", Kind: sheet.Number, About: "How many items are missing or wrong: see the sheet Missing."}, func(x SEN2Learner) string { return strconv.Itoa(len(x.Gaps)) }},
	}
	t := sheet.Table{Name: "Learners", Notes: []string{
		fmt.Sprintf("What SEN2 will ask, as %s has it on %s. Learners with a request or an EHC plan: %d. Things missing: %d. The return itself is the authority's.", string(set.Name), s.Day.Long(), len(s.Learners), s.Gaps()),
		"No SEN record holds, so ask elsewhere: " + strings.Join(SEN2Elsewhere(), "; ") + ".",
	}}
	if s.Away > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("Left out, since they are not on roll that day: learners with a request or a plan, %d.", s.Away))
	}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	t.Rows = func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for _, x := range s.Learners {
			for i, c := range columns {
				row[i] = c.of(x)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// Types are the types of need that SEN2 takes: by rank, without NSA, two at most.
func (x SEN2Learner) Types() (types []string) {
	for _, n := range x.Needs {
		if n.Type != unassessed && len(types) < 2 {
			types = append(types, n.Type)
		}
	}
	return types
}

func (s SEN2) requests() sheet.Table {
	t := sheet.Table{Name: "Requests", Columns: []sheet.Column{
		{Title: "Learner", Width: 10, About: "The id of the learner in the record folder."},
		{Title: "UPN", Width: 16, About: "Unique pupil number. Kept as text."},
		{Title: "Request", Width: 10, About: "The id of the request in the record."},
		{Title: "Source", Width: 22, About: "Who asked: the learner, a parent or carer, or the setting or a professional. SEN2 has codes of its own for it."},
		{Title: "Sent", Kind: sheet.Date, About: "The day on which it was sent, as the record has it."},
		{Title: "Received", Kind: sheet.Date, About: "The day on which the authority received it."},
		{Title: "Outcome of the request", Width: 26, About: "Whether the authority will assess, in the words of the pathway."},
		{Title: "Outcome on", Kind: sheet.Date, About: "The day on which that was told, or else decided."},
		{Title: "Outcome of the assessment", Width: 26, About: "Whether a plan is issued, in the words of the pathway."},
		{Title: "Assessment ended", Kind: sheet.Date, Width: 14, About: "The day of that."},
		{Title: "Week 20", Kind: sheet.Date, About: "The day by which a final plan is due, counted as the pathway counts."},
		{Title: "Told of appeal", Kind: sheet.Date, Width: 14, About: "The day on which the family was told of mediation and appeal. Whether they used it stands with the authority."},
		{Title: "Open", Kind: sheet.YesNo, About: "Whether something is still to be decided."},
	}}
	t.Rows = func(yield func([]string) bool) {
		for _, x := range s.Learners {
			for _, q := range x.Requests {
				if !yield([]string{
					x.Learner, x.UPN, q.ID, q.Source, q.Sent.String(), q.Received.String(), q.Outcome, q.On.String(),
					q.Assessed, q.Ended.String(), q.Week20.String(), q.Appeal.String(), strconv.FormatBool(q.Open),
				}) {
					return
				}
			}
		}
	}
	return t
}

func (s SEN2) missing() sheet.Table {
	t := sheet.Table{Name: "Missing", Columns: []sheet.Column{
		{Title: "Learner", Width: 10, About: "The id of the learner in the record folder."},
		{Title: "Item", Width: 24, About: "The item of SEN2 that it is about."},
		{Title: "What", Width: 70, About: "What is missing or wrong."},
		{Title: "To do", Width: 70, About: "How it is put right."},
		{Title: "File", Width: 44, About: "The file of the record."},
		{Title: "Place", Width: 22, About: "The place in the file."},
	}}
	t.Rows = func(yield func([]string) bool) {
		for _, x := range s.Learners {
			for _, g := range x.Gaps {
				if !yield([]string{x.Learner, g.Item, g.Message, g.Hint, g.File, g.At}) {
					return
				}
			}
		}
	}
	return t
}
