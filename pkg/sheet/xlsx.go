package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Dictionary is the name of the last sheet of every workbook, which says of each column
// what it holds.
const Dictionary = "Data dictionary"

// What a sheet of Excel can hold.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
	maxCell    = 32767 // UTF-16 units
	maxName    = 31    // UTF-16 units
)

// WriteXLSX writes the tables as one workbook, a sheet each in their order, and a sheet
// Dictionary after them. The same tables give the same parts, whichever release of sendctl
// writes them, and the same bytes from one that was built with the same Go, which
// compresses them: there is no clock, person or version in them. A test holds the parts of
// two samples whole.
//
// It writes as the rows come and holds none of them.
//
// The errors are those of w, and of a table that is no table: a name that no sheet can
// have or another has, a row that is not as wide as the heading, a text longer than a cell
// may be. What was written until then is no workbook.
func WriteXLSX(w io.Writer, tables ...Table) error {
	if len(tables) == 0 {
		return errors.New("a workbook needs a table")
	}
	tables = append(slices.Clip(tables), dictionary(tables))
	if err := checkNames(tables); err != nil {
		return err
	}
	for _, t := range tables {
		if n := len(t.Columns); n == 0 || n > maxColumns {
			return fmt.Errorf("sheet %s: has %d columns", t.Name, n)
		}
	}
	z := zip.NewWriter(w)
	// The types first, and soon a name below xl: programs that tell a file's kind by its
	// beginning look for these there.
	for _, p := range []part{
		{"[Content_Types].xml", contentTypes(len(tables))},
		{"_rels/.rels", []byte(packageRels)},
		{"xl/_rels/workbook.xml.rels", workbookRels(len(tables))},
		{"xl/styles.xml", []byte(stylesPart)},
	} {
		if err := p.put(z); err != nil {
			return err
		}
	}
	last := make([]int, len(tables))
	for i, t := range tables {
		to, err := create(z, sheetPart(i))
		if err != nil {
			return err
		}
		if last[i], err = writeSheet(to, t, i == 0); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	// Only now are the last rows known, which the workbook names too.
	for _, p := range []part{
		{"xl/workbook.xml", workbook(tables, last)},
		{"docProps/core.xml", []byte(coreProperties)},
		{"docProps/app.xml", []byte(appProperties)},
	} {
		if err := p.put(z); err != nil {
			return err
		}
	}
	return z.Close()
}

func dictionary(tables []Table) Table {
	return Table{
		Name: Dictionary,
		Columns: []Column{
			{Title: "Sheet", Width: 24, About: "The sheet that the column is in."},
			{Title: "Column", Width: 32, About: "The heading of the column."},
			{Title: "What it holds", Width: 110, About: "What the column holds, its codes and where they come from."},
		},
		Rows: func(yield func([]string) bool) {
			for _, t := range tables {
				for _, c := range t.Columns {
					if !yield([]string{t.Name, c.Title, c.About}) {
						return
					}
				}
			}
		},
	}
}

func sheetPart(i int) string { return "xl/worksheets/sheet" + strconv.Itoa(i+1) + ".xml" }

// head is the row of the heading.
func (t Table) head() int { return len(t.Notes) + 1 }

// columnName is A for 0, as a sheet counts.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// create begins a part. Its time is the first that a zip file knows, not the clock's.
func create(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
}

// part is a part of the workbook that is not written row by row.
type part struct {
	name string
	text []byte
}

func (p part) put(z *zip.Writer) error {
	to, err := create(z, p.name)
	if err != nil {
		return err
	}
	_, err = to.Write(p.text)
	return err
}

// writeSheet writes one sheet and gives its last row. Its elements stand in the order that
// Excel insists on; the size of the sheet, which may stand before them, is not known yet.
func writeSheet(to io.Writer, t Table, shown bool) (last int, err error) {
	w := newSheetWriter(to)
	w.str(xmlHead + `<worksheet xmlns="` + mainSpace + `">` +
		`<sheetViews><sheetView workbookViewId="0"`)
	if shown {
		w.str(` tabSelected="1"`)
	}
	head := strconv.Itoa(t.head())
	below := strconv.Itoa(t.head() + 1)
	w.str(`><pane ySplit="` + head + `" topLeftCell="A` + below + `" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft" activeCell="A` + below + `" sqref="A` + below + `"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols>`)
	styles := make([]int, len(t.Columns))
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = columnName(i)
		switch {
		case c.Kind == Date:
			styles[i] = styleDate
		case c.Kind == Number:
			styles[i] = styleNone
		case t.Name == Dictionary:
			styles[i] = styleWrapped
		default:
			styles[i] = styleText
		}
		n := strconv.Itoa(i + 1)
		w.str(`<col min="` + n + `" max="` + n + `" width="` + strconv.Itoa(c.width()) + `" customWidth="1"`)
		if styles[i] != styleNone {
			w.str(` style="` + strconv.Itoa(styles[i]) + `"`)
		}
		w.str(`/>`)
	}
	w.str(`</cols><sheetData>`)
	row := 0
	for _, n := range t.Notes {
		row++
		w.row(row)
		if err := w.text("A", row, styleNote, n); err != nil {
			return 0, fmt.Errorf("note %d: %w", row, err)
		}
		w.str(`</row>`)
	}
	row++
	w.row(row)
	for i, c := range t.Columns {
		if err := w.text(names[i], row, styleBold, c.Title); err != nil {
			return 0, fmt.Errorf("heading %d: %w", i+1, err)
		}
	}
	w.str(`</row>`)
	var stop error
	if t.Rows != nil {
		for cells := range t.Rows {
			row++
			if stop = w.cells(t, names, styles, row, cells); stop != nil {
				break
			}
		}
	}
	if stop != nil {
		return 0, stop
	}
	w.str(`</sheetData><autoFilter ref="A` + head + `:` + names[len(names)-1] + strconv.Itoa(row) + `"/></worksheet>`)
	return row, w.Flush()
}

// width of a column: never so narrow that its heading, with the mark of the filter, breaks
// in the middle of a word.
func (c Column) width() int {
	if c.Width > 0 {
		return min(c.Width, 255)
	}
	least := 10
	if c.Kind == Date {
		least = 12
	}
	return min(max(utf8.RuneCountInString(c.Title)+4, least), 60)
}

// sheetWriter writes the XML of a sheet. Its errors stay with the buffer until Flush.
type sheetWriter struct{ *bufio.Writer }

func newSheetWriter(to io.Writer) *sheetWriter {
	return &sheetWriter{bufio.NewWriterSize(to, 1<<15)}
}

func (w *sheetWriter) str(s string) { _, _ = w.WriteString(s) }

func (w *sheetWriter) row(n int) {
	w.str(`<row r="`)
	w.int(n)
	w.str(`">`)
}

func (w *sheetWriter) int(n int) {
	_, _ = w.Write(strconv.AppendInt(w.AvailableBuffer(), int64(n), 10))
}

func (w *sheetWriter) cells(t Table, names []string, styles []int, row int, cells []string) error {
	switch {
	case row > maxRows:
		return fmt.Errorf("more than %d rows; a sheet holds no more", maxRows)
	case len(cells) != len(t.Columns):
		return fmt.Errorf("row %d has %d cells for %d columns", row, len(cells), len(t.Columns))
	}
	w.row(row)
	for i, v := range cells {
		if v == "" {
			continue
		}
		switch t.Columns[i].Kind {
		case Number:
			if plainNumber(v) {
				w.cell(names[i], row, styles[i])
				w.str(`><v>` + v + `</v></c>`)
				continue
			}
			if err := w.text(names[i], row, styleText, v); err != nil {
				return fmt.Errorf("row %d, column %s: %w", row, t.Columns[i].Title, err)
			}
			continue
		case Date:
			if n, ok := serial(v); ok {
				w.cell(names[i], row, styles[i])
				w.str(`><v>`)
				w.int(n)
				w.str(`</v></c>`)
				continue
			}
			if err := w.text(names[i], row, styleText, v); err != nil {
				return fmt.Errorf("row %d, column %s: %w", row, t.Columns[i].Title, err)
			}
			continue
		case Text, YesNo:
		}
		if err := w.text(names[i], row, styles[i], v); err != nil {
			return fmt.Errorf("row %d, column %s: %w", row, t.Columns[i].Title, err)
		}
	}
	w.str(`</row>`)
	return nil
}

func (w *sheetWriter) cell(column string, row, style int) {
	w.str(`<c r="`)
	w.str(column)
	w.int(row)
	w.str(`"`)
	if style != styleNone {
		w.str(` s="`)
		w.int(style)
		w.str(`"`)
	}
}

// errLong is a text that no cell can hold.
var errLong = errors.New("the text is longer than the 32767 characters a cell can hold")

// text writes a cell of text, which no program takes for a formula or a number.
func (w *sheetWriter) text(column string, row, style int, s string) error {
	if len(s) > maxCell && len(utf16.Encode([]rune(s))) > maxCell {
		return errLong
	}
	w.cell(column, row, style)
	w.str(` t="inlineStr"><is><t`)
	if strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\t") || strings.Contains(s, "  ") {
		w.str(` xml:space="preserve"`)
	}
	w.str(`>`)
	w.escape(s)
	w.str(`</t></is></c>`)
	return nil
}

// escape writes s as the text of an element. What XML cannot hold is written as _x0001_,
// which office programs read back, and so is an underscore that would be read so.
func (w *sheetWriter) escape(s string) {
	from := 0
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		var by string
		switch {
		case r == '&':
			by = "&amp;"
		case r == '<':
			by = "&lt;"
		case r == '>':
			by = "&gt;"
		case r == '_' && escaped(s[i:]):
			by = "_x005F_"
		case r == utf8.RuneError && n == 1:
			by = "\ufffd"
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			by = fmt.Sprintf("_x%04X_", r)
		}
		if by != "" {
			w.str(s[from:i])
			w.str(by)
			from = i + n
		}
		i += n
	}
	w.str(s[from:])
}

// escaped reports whether s begins as an office program writes one character: _x000D_.
func escaped(s string) bool {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

// plainNumber reports whether s is a number that a sheet holds exactly as it is written:
// at most 15 digits, no exponent, no zero before it for looks.
func plainNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, part, point := strings.Cut(s, ".")
	if len(whole)+len(part) > 15 || !digits(whole) || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return !point || digits(part)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// serial is the number by which a sheet knows a day. Days before March 1900 have none:
// Excel counts a 29 February 1900 that never was.
func serial(s string) (int, bool) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil || day.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) {
		return 0, false
	}
	return int((day.Unix() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / (24 * 60 * 60)), true
}
