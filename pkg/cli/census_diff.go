package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/pkg/term"
)

// censusDiff are the flags of census diff.
type censusDiff struct {
	censusAt
	listOptions
	from, to string
	against  string
	only     []string
	all      bool
	table    bool
	output   string
	raw      bool
}

func newCensusDiffCmd(e *Env) *cobra.Command {
	var x censusDiff
	c := &cobra.Command{
		Use: "diff", Short: "two days, or the folder and a list",
		Long: `Compares what the census is made of: who is on roll, the SEN provision, the
types of need in spring, the indicators, year, enrolment and who the pupil is.

With --from and --to, it compares two days of this folder. Add an @ and a moment
to a day to take what the history held then: 2026-10-01@2026-10-02T17:00.

With --against FILE, it compares this folder on the day of --date with a list
from the school's own system, CSV or XLSX (- is standard input). It tells from
the headings which column is which, and shows it. For headings that it does not
know or that may mean two things, give --column; it is kept for the next list
with the same headings. A pupil is found by UPN, else a former UPN, the ULN, or
legal name and date of birth. If several pupils could be meant, it says so and
takes nobody. What the list has no column for is not compared, nor a cell that
cannot be read: it tells you so, and never counts them as alike. Names count as
alike whatever their capitals, spaces and punctuation. Pupils in the list
without SEN who have no record here are counted but not listed, unless you give
--all.

It answers in sentences, as a table with --table, in a .csv or .xlsx with -o, or
as JSON. It names children. Exit code 0 means no difference, 1 that there are
some, 3 that the two could not be compared.`,
		Example: `  sendctl census diff --from 2026-10-01 --to 2027-01-21
  sendctl census diff --from 2026-10-01@2026-10-02T17:00 --to 2026-10-01
  sendctl census diff --against ../pupils.csv
  sendctl census diff --date 2027-01-21 --against ../pupils.xlsx --table
  sendctl census diff --against ../pupils.csv --column surname="Legal Surname" \
    -o ../differences.xlsx`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.censusDiff(c.Context(), x) },
	}
	f := c.Flags()
	f.StringVar(&x.from, "from", "", "the earlier `DAY`, or DAY@MOMENT: as recorded at that moment")
	f.StringVar(&x.to, "to", "", "the later `DAY`, or DAY@MOMENT; if left out, the next usual census day")
	f.StringVar(&x.against, "against", "", "the `FILE` with the list to compare with")
	e.censusFlags(c, &x.censusAt)
	e.listFlags(c, &x.listOptions)
	f.StringSliceVar(&x.only, "only", nil, "compare only these `ITEMS`, such as sen-provision,year,needs")
	f.BoolVar(&x.all, "all", false, "also list pupils in the list without SEN who have no record here")
	f.BoolVar(&x.table, "table", false, "show a table, with a row for each difference")
	f.StringVarP(&x.output, "output", "o", "", "write the table to this `FILE`, .csv or .xlsx, outside the record folder")
	f.BoolVar(&x.raw, "raw", false, "csv for programs: no mark of its encoding, and no apostrophes to stop Excel changing cells")
	return c
}

// ready judges the flags before anything is read.
func (x *censusDiff) ready(e *Env) error {
	days := x.from != "" || x.to != ""
	switch {
	case x.against != "" && days:
		return usage("--against compares one day with a list, and --from with --to two days of the folder: give one or the other")
	case x.against == "" && !days:
		return usage("say what to compare: --against FILE, or --from DAY --to DAY")
	case days && x.from == "":
		return usage("--to wants --from DAY beside it")
	case days && x.date != "":
		return usage("--date goes with --against; with two days it is --to")
	case days && x.asRecorded != "":
		return usage("--as-recorded goes with --against; with two days write the moment behind the day, as in --from %s@%s", x.from, x.asRecorded)
	case days && (len(x.columns) > 0 || x.sheet != "" || x.needs != "" || x.forget || x.all):
		return usage("--column, --sheet, --needs, --forget-columns and --all go with --against")
	case x.table && e.flags.json:
		return usage("--table and --json cannot both go to stdout")
	case x.raw && !strings.EqualFold(filepath.Ext(x.output), ".csv"):
		return usage("--raw is about csv: it wants -o FILE.csv")
	}
	if ext := strings.ToLower(filepath.Ext(x.output)); x.output != "" && ext != ".csv" && ext != ".xlsx" {
		return usage("-o: name a file that ends in .csv or .xlsx")
	}
	known := []string{string(census.Needs)}
	for _, f := range exchange.Fields() {
		switch f {
		case exchange.PreferredName, exchange.Need1, exchange.Need2, exchange.Need1Rank, exchange.Need2Rank:
		default:
			known = append(known, string(f))
		}
	}
	for _, o := range x.only {
		if !slices.Contains(known, o) {
			return &casework.UnknownWordError{What: "item", Typed: o, Known: known, Flag: "--only"}
		}
	}
	return nil
}

// comparison is a difference with what it is between.
type comparison struct {
	census.Difference
	list   string // the list's file; "" for two days
	a, b   string // either side, as a heading has it
	day    date.Date
	from   date.Date // of two days the earlier
	unread int       // errors in files of the folder
	faults []exchange.Fault
	hasSEN bool // the list has a column for SEN
}

func (e *Env) censusDiff(ctx context.Context, x censusDiff) error {
	if err := x.ready(e); err != nil {
		return err
	}
	if _, err := e.look(ctx); err != nil {
		return err
	}
	var out *outFile
	if x.output != "" {
		var err error
		if out, err = e.exportFile(x.output); err != nil {
			return err
		}
	}
	var d comparison
	var err error
	if x.against == "" {
		d, err = e.diffDays(ctx, x)
	} else {
		d, err = e.diffList(ctx, x)
	}
	if err != nil {
		return err
	}
	d.keepOnly(x.only)
	if err := e.showDiff(d, x, out); err != nil {
		return err
	}
	if d.unread > 0 {
		e.say("%s of the folder %s in a file that this rests on, so that more may differ than is told here: sendctl validate", plural(d.unread, "error", "errors"), map[bool]string{true: "is", false: "are"}[d.unread == 1])
	}
	if !d.None() || d.unread > 0 {
		return codeError(exitFindings)
	}
	return nil
}

// keepOnly leaves out all items but those asked for.
func (d *comparison) keepOnly(only []string) {
	if len(only) == 0 {
		return
	}
	wanted := func(f exchange.Field) bool { return slices.Contains(only, string(f)) }
	d.Items = slices.DeleteFunc(d.Items, func(f exchange.Field) bool { return !wanted(f) })
	var left []census.Pair
	for _, p := range d.Differing {
		p.Changes = slices.DeleteFunc(p.Changes, func(c census.Change) bool { return !wanted(c.Item) })
		p.Unsure = slices.DeleteFunc(p.Unsure, func(u census.Unsure) bool { return u.Item != "" && !wanted(u.Item) })
		if len(p.Changes)+len(p.Unsure) == 0 {
			d.Alike++
			continue
		}
		left = append(left, p)
	}
	d.Differing = left
	if !wanted(exchange.Year) {
		d.MovedUp = 0
	}
}

// diffDays compares two days of the folder.
func (e *Env) diffDays(ctx context.Context, x censusDiff) (comparison, error) {
	var d comparison
	from, err := e.returnOf(ctx, dayAt(x.from), "--from")
	if err != nil {
		return d, err
	}
	to, err := e.returnOf(ctx, dayAt(x.to), "--to")
	if err != nil {
		return d, err
	}
	if from.Day.After(to.Day) {
		return d, usage("--from is a later day than --to: change them over")
	}
	d = comparison{Difference: census.DiffDays(from.Return, to.Return), from: from.Day, day: to.Day, a: from.Day.Long(), b: to.Day.Long(), unread: len(from.faults) + len(to.faults)}
	if from.Day == to.Day {
		d.a, d.b = from.as, to.as
	}
	return d, nil
}

// dayAt is DAY or DAY@MOMENT.
func dayAt(typed string) censusAt {
	day, moment, _ := strings.Cut(typed, "@")
	return censusAt{date: strings.TrimSpace(day), asRecorded: strings.TrimSpace(moment)}
}

// dayReturn is what the census of a day is made of, here.
type dayReturn struct {
	census.Return
	as     string // which state of the folder, in words
	away   []census.Pupil
	faults []string
}

// returnOf gathers a day. flag is where it was typed, "" where by --date.
func (e *Env) returnOf(ctx context.Context, at censusAt, flag string) (dayReturn, error) {
	var out dayReturn
	var mu sync.Mutex
	at.seen = func(_ *folder.Folder, _ *folder.Record, p census.Pupil, onRoll bool) error {
		if !onRoll {
			mu.Lock()
			defer mu.Unlock()
			out.away = append(out.away, p.Detached())
		}
		return nil
	}
	g, err := e.gatherRoll(ctx, at)
	if err != nil {
		if flag != "" && is[*usageError](err) {
			return out, usage("%s: %s", flag, strings.TrimPrefix(strings.TrimPrefix(err.Error(), "--date: "), "--as-recorded: "))
		}
		return out, err
	}
	g.say(e)
	census.Sort(out.away)
	out.Return = census.Return{Day: g.Day, Term: census.TermOf(g.Day), Setting: g.Folder.Setting.Value, Pupils: g.Pupils, Recorded: g.Recorded}
	out.as = "as the folder is now"
	if at.asRecorded != "" {
		out.as = "as recorded by " + at.asRecorded
	}
	for _, f := range g.Faults {
		out.faults = append(out.faults, f.File)
	}
	return out, nil
}

// diffList compares the folder with a list.
func (e *Env) diffList(ctx context.Context, x censusDiff) (comparison, error) {
	d := comparison{list: base(x.against)}
	l, err := e.openList(x.against, x.listOptions)
	if err != nil {
		return d, err
	}
	if len(l.Pupils) == 0 {
		return d, fmt.Errorf("%s: there is no pupil below the headings", d.list)
	}
	r, err := e.returnOf(ctx, x.censusAt, "")
	if err != nil {
		return d, err
	}
	e.sayFaults(x.against, l.Faults)
	e.sayFaults(x.against, l.Notes)
	if d.Difference, err = census.DiffList(r.Return, r.away, l); err != nil {
		return d, fmt.Errorf("%s: %w", d.list, err)
	}
	if (l.Has(exchange.Need1) || l.Has(exchange.Need2)) && !r.Term.Types() {
		e.say("Types of need are not compared: the census takes them in spring, and %s is in the %s term.", r.Day.Long(), r.Term.Words())
	}
	d.day, d.a, d.b, d.unread, d.faults = r.Day, "the folder", "the list", len(r.faults), l.Faults
	d.hasSEN = l.Has(exchange.Provision) || l.Has(exchange.Need1)
	return d, nil
}

// showDiff writes the difference in whichever way was asked for.
func (e *Env) showDiff(d comparison, x censusDiff, out *outFile) error {
	if out != nil {
		size, err := out.write(func(w io.Writer) error {
			if strings.EqualFold(filepath.Ext(x.output), ".csv") {
				return sheet.WriteCSV(w, d.sheet(x.all), x.raw)
			}
			return sheet.WriteXLSX(w, d.sheet(x.all))
		})
		if err != nil {
			return fmt.Errorf("write %s: %w", filepath.Base(out.path), err)
		}
		if !e.flags.json {
			return e.sentence("Written: %s, %s, %s. It names children: keep it as you keep the record.", term.Safe(out.path), bytesWords(size), d.total())
		}
	}
	switch {
	case e.flags.json:
		return e.printJSON(d.json(x.all))
	case x.table:
		t := term.Table{Header: diffColumns(d.a, d.b, e.OutTTY)}
		for row := range d.rows(x.all) {
			t.Rows = append(t.Rows, row.cells(e.OutTTY))
		}
		if len(t.Rows) == 0 {
			return e.sentence("%s", d.totalLine())
		}
		return e.Print(t)
	}
	lines := d.lines(x.all)
	if e.OutTTY {
		return e.page(e.Out, lines)
	}
	var text strings.Builder // for a pipe, each difference is one line
	for _, l := range lines {
		text.WriteString(strings.Repeat(" ", l.Indent) + term.Safe(l.Text) + "\n")
	}
	_, err := io.WriteString(e.Out, text.String())
	return err
}
