package cli

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/ids"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/pkg/trail"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// listOptions say how a list from elsewhere is read.
type listOptions struct {
	columns []string // --column FIELD=HEADING
	sheet   string   // --sheet
	needs   string   // --needs: the file of the second table, or a sheet of the same workbook
	key     string   // --needs-key: the column that joins the two
	forget  bool     // --forget-columns
}

// listFlags declares how a list is read.
func (e *Env) listFlags(c *cobra.Command, o *listOptions) {
	f := c.Flags()
	f.StringArrayVar(&o.columns, "column", nil, "say what a heading of the list means, as `FIELD=HEADING`; kept for lists with the same headings; FIELD= means none; can be given again")
	f.BoolVar(&o.forget, "forget-columns", false, "forget what --column said earlier for lists with these headings")
	f.StringVar(&o.sheet, "sheet", "", "the `SHEET` of a workbook that holds the list, by name")
	f.StringVar(&o.needs, "needs", "", "a second table with a row for each need, as COLLECT has it: a `FILE`, or a sheet of the same workbook")
	f.StringVar(&o.key, "needs-key", "pupilonrolltableid", "the `HEADING` of the column that joins that table to the list")
}

// largestList is the largest file that is read as a list.
const largestList = 64 << 20

// openList reads a list of pupils, CSV or XLSX by what it holds, "-" from standard input.
// It tells on stderr which column was taken for what, and keeps what --column said.
func (e *Env) openList(name string, o listOptions) (exchange.List, error) {
	said, err := saidColumns(o.columns)
	if err != nil {
		return exchange.List{}, err
	}
	grids, err := e.grids(name)
	if err != nil {
		return exchange.List{}, err
	}
	kept := e.keptColumns()
	g, err := chooseSheet(grids, o.sheet, func(g sheet.Grid) bool { return kept.looksKnown(g, said) })
	if err != nil {
		return exchange.List{}, fmt.Errorf("%s: %w", base(name), err)
	}
	own := maps.Clone(said)
	at, earlier, err := kept.find(g)
	if err != nil && !o.forget {
		return exchange.List{}, err
	}
	if at != "" && o.forget {
		if err := os.Remove(at); err != nil {
			return exchange.List{}, fmt.Errorf("forget the columns: %w", err)
		}
		e.say("Forgotten: what was said of the columns of a list with these headings.")
		at, earlier = "", nil
	} else if o.forget {
		e.say("Nothing was kept for a list with these headings.")
	}
	for f, h := range earlier {
		if _, now := said[f]; !now {
			said[f] = h
		}
	}
	c, err := exchange.Locate(g, said)
	if err != nil {
		return exchange.List{}, listError(name, err)
	}
	l := exchange.ReadList(g, c)
	if o.needs != "" {
		if err := e.addNeeds(&l, grids, o); err != nil {
			return l, err
		}
	}
	e.sayColumns(name, l, earlier)
	if len(own) == 0 {
		return l, nil
	}
	return l, e.keep(kept, c, said)
}

// listError says of which list an error is; one of the headings is a matter of what was
// typed.
func listError(name string, err error) error {
	err = fmt.Errorf("%s: %w", base(name), err)
	if is[*exchange.UnknownFieldError](err) || is[*exchange.UnknownHeadingError](err) || is[*exchange.AmbiguousColumnError](err) {
		return &usageError{err}
	}
	return err
}

// base is a file as messages have it: its folder may bear a name.
func base(name string) string {
	if name == "-" {
		return "standard input"
	}
	return filepath.Base(name)
}

// saidColumns reads FIELD=HEADING.
func saidColumns(typed []string) (map[exchange.Field]string, error) {
	said := map[exchange.Field]string{}
	for _, t := range typed {
		field, heading, ok := strings.Cut(t, "=")
		f := exchange.Field(strings.ToLower(strings.TrimSpace(field)))
		if !ok {
			return nil, usage("--column: %q has no equals sign; write FIELD=HEADING, as in --column surname=\"Legal Surname\"", t)
		}
		if !slices.Contains(exchange.Fields(), f) {
			return nil, &usageError{fmt.Errorf("--column: %w", &exchange.UnknownFieldError{Typed: string(f)})}
		}
		if _, twice := said[f]; twice {
			return nil, usage("--column: %s is said twice", f)
		}
		if heading = strings.TrimSpace(heading); ids.CheckUPN(strings.ToUpper(heading)) == nil || longNumber(heading) {
			return nil, usage("--column: what is given for %s is a pupil's number and no heading; if the list has no headings, write them in as its first row", f)
		}
		said[f] = heading
	}
	return said, nil
}

// longNumber reports whether a text is a number that no heading is, and a pupil may have.
func longNumber(s string) bool { return len(s) >= 6 && strings.Trim(s, "0123456789/-. ") == "" }

// grids reads the tables of a file.
func (e *Env) grids(name string) ([]sheet.Grid, error) {
	b, err := e.listBytes(name)
	if err != nil {
		return nil, err
	}
	var grids []sheet.Grid
	text := bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(text) == 0:
		err = errors.New("there is nothing in it")
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		grids, err = sheet.ReadXLSX(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		err = errors.New("this is a workbook of the old kind, or one with a password; save it as .xlsx without a password, or as CSV UTF-8")
	case bytes.HasPrefix(text, []byte("%PDF")):
		err = errors.New("this is a PDF; export the list as .xlsx or CSV")
	case bytes.HasPrefix(text, []byte("<")):
		err = errors.New("this is XML or HTML and no list; export the list as .xlsx or CSV, and give a Common Transfer File to sendctl import")
	default:
		var g sheet.Grid
		g, err = sheet.ReadCSV(b)
		grids = []sheet.Grid{g}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", base(name), err)
	}
	return grids, nil
}

// listBytes reads a file, or standard input.
func (e *Env) listBytes(name string) ([]byte, error) {
	in := e.In
	if name != "-" {
		f, err := os.Open(e.at(name))
		var at *fs.PathError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("open %s: %w", base(name), at.Err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, usage("%s is a folder; name a CSV or XLSX file", base(name))
		}
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, largestList+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", base(name), err)
	}
	if len(b) > largestList {
		return nil, fmt.Errorf("read %s: it has more than %d MB, which no list of pupils has", base(name), largestList>>20)
	}
	return b, nil
}

// chooseSheet is the sheet that was named, or else the only one that looks like a list.
func chooseSheet(grids []sheet.Grid, name string, known func(sheet.Grid) bool) (sheet.Grid, error) {
	var names []string
	var fits []sheet.Grid
	for _, g := range grids {
		names = append(names, g.Name)
		if name != "" && g.Name == name {
			return g, nil
		}
		if g.Name != sheet.Dictionary && known(g) {
			fits = append(fits, g)
		}
	}
	switch {
	case name != "" && len(grids) == 1 && names[0] == "":
		return sheet.Grid{}, usage("--sheet: this is CSV, which has no sheets")
	case name != "":
		return sheet.Grid{}, usage("--sheet: there is no sheet %q%s; its sheets are: %s", name, diag.DidYouMean(name, names), list(names))
	case len(grids) == 0:
		return sheet.Grid{}, errors.New("the workbook has no sheet that can be seen")
	case len(grids) == 1:
		return grids[0], nil
	case len(fits) == 1:
		return fits[0], nil
	case len(fits) == 0:
		return sheet.Grid{}, &exchange.NoHeadingsError{}
	}
	names = nil
	for _, g := range fits {
		names = append(names, g.Name)
	}
	return sheet.Grid{}, usage("several sheets look like a list of pupils: %s; say which with --sheet", list(names))
}

// addNeeds joins the second table.
func (e *Env) addNeeds(l *exchange.List, grids []sheet.Grid, o listOptions) error {
	second := slices.DeleteFunc(slices.Clone(grids), func(g sheet.Grid) bool { return g.Name == "" || g.Name != o.needs })
	if len(second) == 0 {
		var err error
		if second, err = e.grids(o.needs); err != nil {
			return fmt.Errorf("--needs: %w", err)
		}
	}
	if len(second) > 1 {
		second = slices.DeleteFunc(second, func(g sheet.Grid) bool { return g.Name == sheet.Dictionary })
	}
	if len(second) != 1 {
		return usage("--needs: the workbook has several sheets; save the one with the needs as CSV")
	}
	return exchange.AddNeeds(l, second[0], o.key)
}

// sayColumns shows which column was taken for what.
func (e *Env) sayColumns(name string, l exchange.List, earlier map[exchange.Field]string) {
	c := l.Columns
	said := []string{fmt.Sprintf("Columns of %s, by the headings in row %d:", base(name), c.Row+1)}
	var none []string
	for _, f := range exchange.Fields() {
		h, ok := c.Of[f]
		switch {
		case ok:
			line := fmt.Sprintf("  %-20s <- %q", f, c.Headings[h])
			if _, kept := earlier[f]; kept {
				line += ", as you said earlier (--forget-columns)"
			}
			said = append(said, line)
		case !l.Has(f) && f != exchange.Need1Rank && f != exchange.Need2Rank:
			none = append(none, string(f))
		}
	}
	if l.Has(exchange.Need1) && c.Heading(exchange.Need1) == "" {
		said = append(said, "  needs                <- the table of needs")
	}
	if len(none) > 0 {
		said = append(said, fmt.Sprintf("No column for: %s.", list(none)))
	}
	if n := len(c.Unused); n > 0 {
		said = append(said, plural(n, "other column of the list means", "other columns of the list mean")+" nothing here; --column FIELD=HEADING says otherwise.")
	}
	e.tell(said)
}

// keptColumns is where what --column said is kept, one file for each set of headings:
// headings alone, never what stands below them. dir is "" where there is no repository.
type keptColumns struct{ dir string }

func (e *Env) keptColumns() keptColumns {
	root, err := e.root()
	if err != nil {
		return keptColumns{}
	}
	repo, err := trail.Open(root)
	if err != nil {
		return keptColumns{}
	}
	defer repo.Close()
	return keptColumns{filepath.Join(repo.PrivateDir(), "columns")}
}

// file is where what was said for these headings is kept.
func (k keptColumns) file(headings []string) string {
	h := sha256.New()
	n := len(headings)
	for n > 0 && strings.TrimSpace(headings[n-1]) == "" {
		n--
	}
	for _, heading := range headings[:n] {
		fmt.Fprintf(h, "%q\n", strings.TrimSpace(heading))
	}
	return filepath.Join(k.dir, hex.EncodeToString(h.Sum(nil))[:16]+".yaml")
}

// find looks for what was said for the headings of a list, in whichever of its first rows
// they are.
func (k keptColumns) find(g sheet.Grid) (file string, said map[exchange.Field]string, err error) {
	if k.dir == "" {
		return "", nil, nil
	}
	if _, err := os.Stat(k.dir); err != nil {
		return "", nil, nil
	}
	for _, row := range g.Rows[:min(exchange.HeadingRows, len(g.Rows))] {
		file := k.file(row)
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", nil, fmt.Errorf("read the columns as they were said earlier: %w", err)
		}
		doc, faults := yamldoc.Parse(filepath.Base(file), b)
		if doc == nil || len(faults) > 0 || doc.Root() == nil || doc.Root().Get("columns") == nil {
			return file, nil, fmt.Errorf("%s, which keeps the columns as they were said earlier, cannot be read; take it away with --forget-columns", file)
		}
		said = map[exchange.Field]string{}
		for _, p := range doc.Root().Get("columns").Pairs {
			said[exchange.Field(p.Key.Value)] = p.Value.Value
		}
		return file, said, nil
	}
	return "", nil, nil
}

// looksKnown reports whether a sheet looks like a list of pupils.
func (k keptColumns) looksKnown(g sheet.Grid, said map[exchange.Field]string) bool {
	if file, _, _ := k.find(g); file != "" {
		return true
	}
	_, err := exchange.Locate(g, said)
	return !is[*exchange.NoHeadingsError](err)
}

// keep keeps what was said for the headings of a list.
func (e *Env) keep(k keptColumns, c exchange.Columns, said map[exchange.Field]string) error {
	if k.dir == "" {
		e.say("There is no repository to keep the columns in: say them again next time.")
		return nil
	}
	var pairs []yamldoc.KV
	for _, f := range slices.SortedFunc(maps.Keys(said), func(a, b exchange.Field) int {
		return cmp.Compare(slices.Index(exchange.Fields(), a), slices.Index(exchange.Fields(), b))
	}) {
		pairs = append(pairs, yamldoc.KV{Key: string(f), Value: yamldoc.Words(said[f])})
	}
	b, err := yamldoc.Encode(yamldoc.MapOf(yamldoc.KV{Key: "columns", Value: yamldoc.MapOf(pairs...)}))
	if err != nil {
		return fmt.Errorf("keep the columns: %w", err)
	}
	file := k.file(c.Headings)
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, b) {
		return nil
	}
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return fmt.Errorf("keep the columns: %w", err)
	}
	if err := replaceFile(file, b); err != nil {
		return fmt.Errorf("keep the columns: %w", err)
	}
	e.say("What you said of the columns is kept in the repository's private folder, for lists with these headings; --forget-columns drops it.")
	return nil
}

// sayFaults tells on stderr what of a list could not be taken: what is wrong once, with
// how often and where. It never repeats what stands there.
func (e *Env) sayFaults(name string, faults []exchange.Fault) {
	type kind struct{ table, column, message string }
	rows := map[kind][]int{}
	var order []kind
	for _, f := range faults {
		k := kind{f.Table, f.Column, f.Message}
		if rows[k] == nil {
			order = append(order, k)
		}
		rows[k] = append(rows[k], f.Row)
	}
	for _, k := range order {
		at := base(name)
		if k.table != "" {
			at = "the table of " + k.table
		}
		if k.column != "" {
			at += fmt.Sprintf(", %q", k.column)
		}
		e.say("%s, %s: %s.", at, rowsInWords(rows[k]), k.message)
	}
}

// rowsInWords names a few rows and counts the others.
func rowsInWords(rows []int) string {
	const most = 5
	var named []string
	for _, r := range rows[:min(most, len(rows))] {
		named = append(named, fmt.Sprint(r))
	}
	text := "row " + named[0]
	if len(named) > 1 {
		text = "rows " + list(named)
	}
	if n := len(rows) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
