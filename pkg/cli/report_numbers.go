package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/linter"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/pkg/term"
)

// usualRows is how many days are counted where none is named.
const usualRows = 6

type reportNumbers struct {
	by                     []string
	date, from, to, output string
	terms, inside          bool
}

func newReportNumbersCmd(e *Env) *cobra.Command {
	x := reportNumbers{by: []string{report.ByProvision}}
	c := &cobra.Command{
		Use: "numbers", Short: "how many learners, term by term",
		Long: `Counts the learners on roll on census days, or with --terms on the last day of
each term in sendctl.yaml, from the dated records: by stage, need (the main
one), any-need, year, provision or sex. Two of them with a comma between make a
table of one across the other, for one day.

What it prints or writes is safe to leave the school. A number above 0 and below
the floor (policies.small_number_floor in sendctl.yaml, else the pathway's, else
5; never less than 3) is shown as "c". So is any number that it could be worked
out from, even by somebody who knows how sendctl does that. Every run hides a
day in the same way. --inside prints every number, and says so in every format.

What to give away. For one day, you can show the tables by provision, stage,
need, year and sex together, and with them one table across two of those. In a
small school, a reader who knows well how sendctl hides, and assumes that
everybody without a recorded need has code N, may be able to narrow down a
number from need and provision together. Two tables across two things can be
compared with each other, and so can any-need and another table: give away only
one. The same goes for two versions of a day, when a record was put right in
between. Two days share no total, but whoever knows that nobody came, left or
moved between them knows a number from the other day. Days other than census
days and ends of terms are for inside the school: two days close together differ
by only a few children.

In a terminal, the table is laid out to fit; in a pipe, it is separated by tabs.
-o FILE writes .csv or .xlsx, outside the record folder.`,
		Example: `  sendctl report numbers
  sendctl report numbers --by need --terms
  sendctl report numbers --by year,provision --date 2026-10-01
  sendctl report numbers --by stage --from 2025-01-01 -o ../governors.xlsx
  sendctl report numbers --by need --inside`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.reportNumbers(c.Context(), x) },
	}
	f := c.Flags()
	f.StringSliceVar(&x.by, "by", x.by, "count by this `THING`, or by two: "+strings.Join(report.CountedBy(), ", "))
	f.StringVar(&x.date, "date", "", "count on this `DAY` only")
	f.StringVar(&x.from, "from", "", "count on the days from this `DAY` on; if left out, the last six")
	f.StringVar(&x.to, "to", "", "count on the days up to this `DAY`; if left out, today")
	f.BoolVar(&x.terms, "terms", false, "count on the last day of each term in sendctl.yaml, not on census days")
	f.BoolVar(&x.inside, "inside", false, "print every number: for use inside the school only")
	f.StringVarP(&x.output, "output", "o", "", "write to this `FILE`, .csv or .xlsx, outside the record folder")
	return c
}

// ready judges the flags before anything is read.
func (x *reportNumbers) ready() error {
	for _, by := range x.by {
		if !slices.Contains(report.CountedBy(), by) {
			return &casework.UnknownWordError{What: "thing to count by", Typed: by, Known: report.CountedBy(), Flag: "--by"}
		}
	}
	crossed := len(x.by) == 2
	ext := strings.ToLower(filepath.Ext(x.output))
	switch {
	case len(x.by) == 0 || len(x.by) > 2:
		return usage("--by wants one thing or two, as in --by year,provision")
	case crossed && x.by[0] == x.by[1]:
		return usage("--by: %s cannot be crossed with itself", x.by[0])
	case crossed && slices.Contains(x.by, report.ByAnyNeed):
		return usage("--by: any-need counts a learner several times, so it cannot be crossed; cross need, the main one")
	case crossed && (x.from != "" || x.to != "" || x.terms):
		return usage("two things are crossed on one day: --date DAY, without --from, --to and --terms")
	case x.date != "" && (x.from != "" || x.to != "" || x.terms):
		return usage("--date is about one day, so it goes without --from, --to and --terms")
	case x.output != "" && ext != ".csv" && ext != ".xlsx":
		return usage("-o: the name of the file says how it is written: .csv or .xlsx")
	}
	return nil
}

func (e *Env) reportNumbers(ctx context.Context, x reportNumbers) error {
	if err := x.ready(); err != nil {
		return err
	}
	f, err := e.look(ctx)
	if err != nil {
		return err
	}
	var out *outFile
	if x.output != "" {
		if out, err = e.exportFile(x.output); err != nil {
			return err
		}
	}
	today, err := e.today(f)
	if err != nil {
		return err
	}
	days, err := x.days(f, today)
	if err != nil {
		return err
	}
	t, err := report.NewTally(f, x.by, days)
	if err != nil {
		return err
	}
	faulty, err := e.count(ctx, f, t, days)
	if err != nil {
		return err
	}
	v := t.Numbers(x.inside)
	if faulty > 0 {
		v.Notes = append(v.Notes, "Not all records could be read whole, so numbers may be wrong.")
	}
	if last := days[len(days)-1].On; last.After(today) {
		v.Notes = append(v.Notes, last.Long()+" has not come yet: as the records stand now.")
	}
	if err := e.showNumbers(v, out); err != nil {
		return err
	}
	if len(x.by) == 2 && !x.inside {
		e.say("Give away one table across two things about a day: two can be set against each other.")
	}
	if faulty > 0 {
		e.say("%s of the record %s an error, so the numbers may be wrong: sendctl validate", plural(faulty, "file", "files"), either(faulty, "holds", "hold"))
		return codeError(exitFindings)
	}
	return nil
}

// days are the days to count on, the oldest first.
func (x *reportNumbers) days(f *folder.Folder, today date.Date) ([]report.Day, error) {
	var bounds [3]date.Date
	for i, typed := range []string{x.date, x.from, x.to} {
		if typed == "" {
			continue
		}
		var err error
		if bounds[i], err = date.Parse(typed); err != nil {
			return nil, usage("%s: %w", []string{"--date", "--from", "--to"}[i], err)
		}
	}
	on, from, to := bounds[0], bounds[1], bounds[2]
	var ends []report.Day
	for _, t := range f.Setting.Value.Terms {
		ends = append(ends, report.Day{On: t.To, Words: "end of " + t.ID})
	}
	slices.SortFunc(ends, func(a, b report.Day) int { return a.On.Compare(b.On) })
	if !on.IsZero() {
		if census.Usual(on) {
			return []report.Day{censusDayOf(on)}, nil
		}
		if i := slices.IndexFunc(ends, func(d report.Day) bool { return d.On == on }); i >= 0 {
			return ends[i : i+1], nil
		}
		if !x.inside {
			return nil, usage("--date: %s is neither a usual census day nor the last day of a term; numbers of other days are for inside the school: --inside. The census day before it is %s", on.Long(), census.Before(on))
		}
		return []report.Day{{On: on, Words: on.Long()}}, nil
	}
	if to.IsZero() || to.After(today) {
		to = today
	}
	if from.After(to) {
		return nil, usage("--from lies after --to; nothing is counted ahead of today, %s", today)
	}
	var days []report.Day
	if x.terms {
		days = slices.DeleteFunc(ends, func(d report.Day) bool { return d.On.Before(from) || d.On.After(to) })
		if len(days) == 0 {
			return nil, &casework.StateError{Message: "no term of sendctl.yaml ends in that time"}
		}
	} else {
		for d := census.Before(to.AddDays(1)); !d.Before(from) && (!from.IsZero() || len(days) < usualRows); d = census.Before(d) {
			days = append(days, censusDayOf(d))
		}
		if len(days) == 0 {
			return nil, &casework.StateError{Message: "there is no usual census day in that time"}
		}
		slices.Reverse(days)
	}
	most := usualRows
	if len(x.by) == 2 {
		most = 1
	} else if !from.IsZero() {
		most = len(days)
	}
	return days[max(0, len(days)-most):], nil
}

func censusDayOf(d date.Date) report.Day {
	return report.Day{On: d, Words: census.TermOf(d).Words() + " census"}
}

// count reads every learner once, on all cores, and keeps nothing but counts.
func (e *Env) count(ctx context.Context, f *folder.Folder, t *report.Tally, days []report.Day) (faulty int, err error) {
	e.bulk()
	root, err := e.root()
	if err != nil {
		return 0, err
	}
	disk, err := linter.Disk(root)
	if err != nil {
		return 0, err
	}
	defer disk.Close()
	if f, err = f.Again(disk); err != nil {
		return 0, err
	}
	var mu sync.Mutex
	_, faults, err := e.fronts(ctx, f, func(r *folder.Record) ([]diag.Finding, error) {
		heads := make([]*report.Head, len(days))
		for d, day := range days {
			if pupil, counted := census.PupilOf(f, r, day.On); counted {
				heads[d] = &report.Head{Stage: report.StageOn(f, r, day.On), Provision: pupil.Provision, Year: pupil.Year, Sex: pupil.Sex}
				for _, n := range pupil.Needs {
					heads[d].Needs = append(heads[d].Needs, n.Type)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for d, h := range heads {
			if h != nil {
				t.Add(d, *h)
			}
		}
		return nil, nil
	})
	return len(faultyFiles(faults)), err
}

// showNumbers writes to a file, or prints.
func (e *Env) showNumbers(v report.Numbers, out *outFile) error {
	switch {
	case out != nil:
		t := numbersTable(v)
		if _, err := out.write(func(w io.Writer) error {
			if strings.EqualFold(filepath.Ext(out.path), ".csv") {
				return sheet.WriteCSV(w, t, false)
			}
			return sheet.WriteXLSX(w, t)
		}); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Base(out.path), err)
		}
		e.say("Written to %s%s.", out.path, marked(v))
		if !e.flags.json {
			return nil
		}
		return e.printJSON(v)
	case e.flags.json:
		return e.printJSON(v)
	}
	if v.Mark != "" {
		if _, err := fmt.Fprintln(e.Out, v.Mark); err != nil {
			return err
		}
	}
	if !e.OutTTY {
		heading, rows := v.Grid()
		return e.Print(term.Table{Header: heading, Rows: rows})
	}
	t, legend := numbersAtTerminal(v, e.Columns)
	if err := e.Print(t); err != nil {
		return err
	}
	for _, note := range append(legend, v.Notes...) {
		if _, err := fmt.Fprintln(e.Out, e.Wrap(term.SafeLines(note), "")); err != nil {
			return err
		}
	}
	return nil
}

func marked(v report.Numbers) string {
	if v.Mark == "" {
		return ""
	}
	return ", " + v.Mark
}

// numbersTable is what a file holds.
func numbersTable(v report.Numbers) sheet.Table {
	heading, rows := v.Grid()
	t := sheet.Table{Name: "Numbers", Notes: v.Notes, Rows: slices.Values(rows)}
	if v.Mark != "" {
		t.Notes = append([]string{v.Mark}, t.Notes...)
	}
	before := 2 // columns before the counts
	if len(v.By) == 2 {
		before = 3
	}
	for i, title := range heading {
		c := sheet.Column{Title: title, Kind: sheet.Number, About: "How many learners are counted here; " + report.HiddenCount + " is a number that is not told"}
		switch {
		case i == 0:
			c.Kind, c.Width, c.About = sheet.Date, 12, "The day on which those on roll are counted"
		case i < before:
			c.Kind, c.Width, c.About = sheet.Text, 24, "What is counted in the row"
		case i == len(heading)-2:
			c.About = "All learners who are counted in the row"
		case i == len(heading)-1:
			c.Kind, c.Width, c.About = sheet.Text, 60, "What the letters of the row mean, and for whom it is"
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

// numbersAtTerminal lays numbers out for reading: days as rows where that fits, else as
// columns with the words of each code beside it.
func numbersAtTerminal(v report.Numbers, room int) (t term.Table, legend []string) {
	if room <= 0 {
		room = 80
	}
	first := "day"
	if len(v.By) == 2 {
		first = v.By[0]
	}
	t = term.Table{Header: []string{first}}
	for _, k := range append(slices.Clone(v.Columns), report.Key{Key: "all"}) {
		t.Header = append(t.Header, k.Key)
		t.Right = append(t.Right, len(t.Header)-1)
		if strings.HasSuffix(k.Title(), ")") {
			legend = append(legend, k.Key+" = "+k.Words)
		}
	}
	for _, r := range v.Rows {
		row := []string{r.Key.Key}
		if len(v.By) == 2 {
			row[0] = r.Key.Title()
		}
		for _, c := range append(slices.Clone(r.Cells), r.All) {
			row = append(row, c.Text())
		}
		t.Rows = append(t.Rows, row)
	}
	if len(legend) > 0 {
		legend = []string{strings.Join(legend, "; ") + "."}
	}
	if !v.Day.IsZero() {
		legend = append([]string{"On " + v.Day.Long() + "."}, legend...)
	}
	if len(v.By) == 2 || wide(t) <= room {
		return t, legend
	}
	turned := term.Table{Header: []string{v.By[0], "words"}}
	for i, r := range v.Rows {
		turned.Header = append(turned.Header, r.Key.Key)
		turned.Right = append(turned.Right, i+2)
	}
	for j, k := range append(slices.Clone(v.Columns), report.Key{Key: "all"}) {
		row := []string{k.Key, k.Words}
		for i := range v.Rows {
			row = append(row, t.Rows[i][j+1])
		}
		turned.Rows = append(turned.Rows, row)
	}
	return turned, nil
}

// wide is how many columns of a terminal a table needs.
func wide(t term.Table) (n int) {
	for i := range t.Header {
		w := 0
		for _, row := range append([][]string{t.Header}, t.Rows...) {
			w = max(w, utf8.RuneCountInString(row[i]))
		}
		n += w + 2
	}
	return n - 2
}
