package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/pkg/term"
)

type censusExport struct {
	censusAt
	format, layout, output string
	raw, anyway            bool
}

func newCensusExportCmd(e *Env) *cobra.Command {
	var x censusExport
	c := &cobra.Command{
		Use: "export", Short: "the SEN block of the school census for a day",
		Long: `Makes the special educational needs block of the school census for one day, for
every learner on roll that day: provision in every term, types of need and their
ranks in spring only and two at most, the indicators for an SEN unit, resourced
provision and top-up funding, and who the learner is. It names children, as the
census does. It goes where you say and nowhere else.

A school's own system makes the whole return, with attendance, addresses and
classes. What is made here is only a part, to compare with it or to type into
it, and the file says so.

FORMAT is xml, with the element names of the census; csv; json, in the form
sendctl-census/1; or xlsx, with a data dictionary. csv has two layouts. pupils
has one row for each learner, with words beside the codes. collect has the two
tables that COLLECT shows; -o NAME writes them as NAME_pupilonroll.csv and
NAME_senneeds.csv. A csv is safe to open in Excel; --raw is for programs.

Nothing is written while sendctl census preflight finds an error, or a file of
the record has one. --anyway writes it all the same, and says so inside: xml in
the comment at its top, json as made_in_spite_of_errors and files_with_errors,
xlsx above the heading, csv in two more columns.

The same history gives the same bytes, on every machine and at any time. A later
version of sendctl gives them too, unless its change log says that it has other
columns, codes, words or rules for a return. An xlsx may be compressed
differently then, with the same cells in it.
--as-recorded makes the return of an earlier term again as it was, from what was
recorded by that moment, or in one commit. What a purge has taken out of the
history cannot be made again.`,
		Example: `  sendctl census export --date 2027-01-21 --format xml -o ../sen-spring.xml
  sendctl census export --format xlsx -o ../sen.xlsx
  sendctl census export --format csv --layout collect -o ../spring
  sendctl census export --date 2026-10-01 --as-recorded 2026-10-02T17:00 \
    --format json -o ../as-returned.json`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.censusExport(c.Context(), x) },
	}
	e.censusFlags(c, &x.censusAt)
	f := c.Flags()
	f.StringVarP(&x.format, "format", "f", "", "the `FORMAT`: xml, csv, json or xlsx; if left out, from the ending of the file name")
	f.StringVarP(&x.output, "output", "o", "", "write to this `FILE`, outside the record folder; if left out, to stdout")
	f.StringVar(&x.layout, "layout", string(census.LayoutPupils), "the `LAYOUT` of a csv: pupils or collect")
	f.BoolVar(&x.raw, "raw", false, "csv for programs: no mark of its encoding, and no apostrophes to stop Excel changing cells")
	f.BoolVar(&x.anyway, "anyway", false, "write even if preflight finds errors, and say so inside")
	return c
}

// ready judges the flags before anything is read.
func (x *censusExport) ready(e *Env) error {
	formats := []string{"xml", "csv", "json", "xlsx"}
	if x.output == "-" {
		x.output = ""
	}
	if x.format == "" {
		x.format = strings.ToLower(strings.TrimPrefix(filepath.Ext(x.output), "."))
		if !slices.Contains(formats, x.format) {
			return usage("say in which format: --format %s", strings.Join(formats, "|"))
		}
	}
	if !slices.Contains(formats, x.format) {
		return &casework.UnknownWordError{What: "format", Typed: x.format, Known: formats, Flag: "--format"}
	}
	layouts := []string{string(census.LayoutPupils), string(census.LayoutCollect)}
	if !slices.Contains(layouts, x.layout) {
		return &casework.UnknownWordError{What: "layout", Typed: x.layout, Known: layouts, Flag: "--layout"}
	}
	collect := x.layout == string(census.LayoutCollect)
	ending := strings.TrimPrefix(filepath.Ext(x.output), ".")
	switch {
	case ending != x.format && slices.Contains(formats, ending):
		return usage("-o %s ends as a %s, and --format says %s: leave one of them out", filepath.Base(x.output), ending, x.format)
	case x.format != "csv" && x.raw:
		return usage("--raw is about csv: %s is always as it is", x.format)
	case x.format != "csv" && collect:
		return usage("--layout is about csv: %s has one", x.format)
	case x.output == "" && collect:
		return usage("--layout collect makes two files, so it needs a name for them: -o NAME makes NAME_pupilonroll.csv and NAME_senneeds.csv")
	case x.output == "" && x.format == "xlsx" && e.OutTTY:
		return usage("a workbook is nothing for a terminal: -o FILE.xlsx")
	case x.output == "" && e.flags.json:
		return usage("--json tells what was written, and here the file itself goes to stdout: add -o FILE, or leave --json out")
	}
	return nil
}

// names are the files to be written; none for stdout.
func (x *censusExport) names() []string {
	switch {
	case x.output == "":
		return nil
	case x.layout == string(census.LayoutCollect):
		stem := strings.TrimSuffix(x.output, ".csv")
		return []string{stem + "_pupilonroll.csv", stem + "_senneeds.csv"}
	}
	return []string{x.output}
}

func (e *Env) censusExport(ctx context.Context, x censusExport) error {
	if err := x.ready(e); err != nil {
		return err
	}
	f, err := e.look(ctx)
	if err != nil {
		return err
	}
	var files []*outFile
	for _, name := range x.names() {
		o, err := e.exportFile(name)
		if err != nil {
			return err
		}
		files = append(files, o)
	}
	if x.asRecorded == "" {
		if err := makesCensus(f.Setting.Value); err != nil {
			return err
		}
	}
	g, err := e.gatherRoll(ctx, x.censusAt)
	if err != nil {
		return err
	}
	g.say(e)
	set := g.Folder.Setting.Value
	if err := makesCensus(set); err != nil {
		return err
	}
	r := census.Return{Day: g.Day, Term: census.TermOf(g.Day), Setting: set, Pupils: g.Pupils, Recorded: g.Recorded}
	for _, p := range census.Preflight(census.PreflightInput{Return: r}) {
		if p.Severity() == diag.Error {
			r.Errors++
		}
	}
	for _, fault := range g.Faults {
		r.Faulty = append(r.Faulty, fault.File)
	}
	r.Faulty = slices.Compact(r.Faulty)
	if err := x.allowed(e, g, r); err != nil {
		return err
	}
	if len(files) == 0 {
		return x.write(r, e.Out, nil)
	}
	size, err := writeBoth(files, func(w ...io.Writer) error {
		if len(w) > 1 {
			return x.write(r, w[0], w[1])
		}
		return x.write(r, w[0], nil)
	})
	if err != nil {
		return err
	}
	return e.exported(g, r, x, files, size)
}

// allowed refuses what is not fit to be returned, unless --anyway.
func (x *censusExport) allowed(e *Env, g censusRoll, r census.Return) error {
	at := "--date " + g.Day.String()
	if x.asRecorded != "" {
		at += " --as-recorded " + x.asRecorded
	}
	var why []string
	if r.Errors > 0 {
		why = append(why, fmt.Sprintf("the check before the census finds %s", plural(r.Errors, "error", "errors")))
	}
	if n := len(r.Faulty); n > 0 {
		why = append(why, fmt.Sprintf("%s of the record %s an error, so that what is written may be wrong", plural(n, "file", "files"), either(n, "holds", "hold")))
	}
	if len(r.Pupils) == 0 {
		why = append(why, fmt.Sprintf("of %s nobody is on roll on %s", plural(g.Learners, "learner", "learners"), g.Day.Long()))
	}
	if len(why) == 0 {
		return nil
	}
	if x.anyway {
		e.say("Made in spite of this%s: %s.", map[bool]string{true: ", and the file says so"}[r.Marked()], strings.Join(why, "; "))
		return nil
	}
	return &casework.StateError{Message: fmt.Sprintf("%s; nothing was written. See them with: sendctl census preflight %s. To write all the same: --anyway, and the file will say so", strings.Join(why, "; "), at)}
}

// write writes the return in the format asked for. second is for the layout of two files.
func (x *censusExport) write(r census.Return, w, second io.Writer) error {
	switch x.format {
	case "xml":
		return r.WriteXML(w)
	case "json":
		return r.WriteJSON(w)
	case "xlsx":
		tables, err := r.Tables()
		if err != nil {
			return err
		}
		return sheet.WriteXLSX(w, tables...)
	}
	if second != nil {
		return r.WriteCollect(w, second, x.raw)
	}
	return r.WriteCSV(w, x.raw)
}

// exported tells what was written.
func (e *Env) exported(g censusRoll, r census.Return, x censusExport, files []*outFile, size int64) error {
	var names []string
	for _, f := range files {
		names = append(names, f.path)
	}
	if e.flags.json {
		out := struct {
			Format   string      `json:"format"`
			Files    []string    `json:"files"`
			As       string      `json:"as"`
			Day      date.Date   `json:"day"`
			Term     census.Term `json:"term"`
			Pupils   int         `json:"pupils"`
			Commit   string      `json:"commit,omitempty"`
			Recorded *time.Time  `json:"recorded,omitempty"`
			Errors   int         `json:"made_in_spite_of_errors"`
			Faulty   []string    `json:"files_with_errors,omitempty"`
		}{"sendctl-census-export/1", names, x.format, r.Day, r.Term, len(r.Pupils), g.Commit, nil, r.Errors, r.Faulty}
		if !r.Recorded.IsZero() {
			out.Recorded = &r.Recorded
		}
		return e.printJSON(out)
	}
	again := ""
	if g.Commit != "" {
		again = "The same bytes again, whenever: --as-recorded " + g.Commit[:12] + ". "
	}
	return e.sentence("Written: %s, %s, the SEN block of %s for the %s census of %s. %sIt names children: keep it as you keep the record.",
		term.Safe(list(names)), bytesWords(size), plural(len(r.Pupils), "learner", "learners"), r.Term.Words(), r.Day.Long(), again)
}

// makesCensus refuses a setting that makes another return, or whose numbers are not known.
func makesCensus(s learner.Setting) error {
	if ok, instead := census.Asked(s.Phase); !ok {
		return &casework.StateError{Message: fmt.Sprintf("the school census is not asked of this setting, whose phase is %s: it makes %s; nothing was written. The phase stands in sendctl.yaml", s.Phase, instead)}
	}
	for _, n := range []struct {
		key, value string
		digits     int
	}{{"la", s.LA, 3}, {"estab", s.Estab, 4}, {"urn", s.URN, 6}} {
		if len(n.value) != n.digits || strings.Trim(n.value, "0123456789") != "" {
			return &casework.StateError{Message: fmt.Sprintf("sendctl.yaml: %s is missing or is not %d digits, and a census return begins with it; nothing was written. Write it there in quotes, as the register of establishments has it", n.key, n.digits)}
		}
	}
	return nil
}

// exportFile prepares to write a file of names, outside the record folder: a new one.
func (e *Env) exportFile(name string) (*outFile, error) {
	if e.desk != nil {
		return e.outside(e.desk, name, "-o", "")
	}
	name = e.at(name)
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	at, err := filepath.EvalSymlinks(filepath.Dir(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("-o: there is no folder %s", filepath.Dir(name))
	}
	if err != nil {
		return nil, fmt.Errorf("-o: %w", err)
	}
	if _, inside := within(withoutLinks(root), at); inside {
		return nil, usage("-o: that lies in the record folder; name a place outside it")
	}
	if _, err := os.Lstat(name); err == nil {
		return nil, usage("-o: there is something called %s already; give another name, or take that away", filepath.Base(name))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("-o: %w", err)
	}
	return &outFile{name}, nil
}

// writeBoth writes files together: all of them or none.
func writeBoth(files []*outFile, fill func(...io.Writer) error) (size int64, err error) {
	writers := make([]io.Writer, len(files))
	var next func(i int) error
	next = func(i int) error {
		if i == len(files) {
			return fill(writers...)
		}
		n, err := files[i].write(func(w io.Writer) error {
			writers[i] = w
			return next(i + 1)
		})
		size += n
		if err != nil && i+1 < len(files) { // those after it are in their places already
			for _, f := range files[i+1:] {
				_ = os.Remove(f.path)
			}
		}
		return err
	}
	return size, next(0)
}
