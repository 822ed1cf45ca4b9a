package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
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
// Dictionary after them. The same tables give the same bytes: there is no clock, person
// or version in them. That holds for one build: another release of Go may compress, and
// another of excelize write its styles, otherwise.
//
// It writes as the rows come and holds none of them. excelize makes what is around the
// sheets (styles, names, types); the sheets themselves are written here, because its
// stream writer keeps them in memory or, beyond 16 MB, in a file of the temporary folder.
//
// The errors are those of w, and of a table that is no table: a name twice, a row that is
// not as wide as the heading, a text longer than a cell may be. What was written until
// then is no workbook.
func WriteXLSX(w io.Writer, tables ...Table) error {
	if len(tables) == 0 {
		return errors.New("a workbook needs a table")
	}
	tables = append(slices.Clip(tables), dictionary(tables))
	b, err := newBook(tables)
	if err != nil {
		return err
	}
	defer func() { _ = b.file.Close() }() // of a book made in memory: nothing that could fail
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.DefaultCompression)
	})
	// These first: programs that tell a file's kind by its beginning look for them there.
	first := []string{"[Content_Types].xml", "_rels/.rels"}
	parts, err := b.parts()
	if err != nil {
		return err
	}
	for _, name := range first {
		if err := put(z, name, parts[name]); err != nil {
			return err
		}
	}
	for i, t := range tables {
		part, err := create(z, sheetPart(i))
		if err != nil {
			return err
		}
		last, err := b.sheet(part, t, i == 0)
		if err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
		if err := b.file.AutoFilter(t.Name, t.heading(last), nil); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	// Only now are the ranges known, which the workbook names too.
	if parts, err = b.parts(); err != nil {
		return err
	}
	var rest []string
	for name := range parts {
		if !slices.Contains(first, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		if err := put(z, name, parts[name]); err != nil {
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

// heading is the range of the heading and the rows below it down to row last.
func (t Table) heading(last int) string {
	row := len(t.Notes) + 1
	return "A" + strconv.Itoa(row) + ":" + columnName(len(t.Columns)-1) + strconv.Itoa(max(row, last))
}

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

func put(z *zip.Writer, name string, b []byte) error {
	part, err := create(z, name)
	if err != nil {
		return err
	}
	_, err = part.Write(b)
	return err
}

// book is a workbook whose sheets are still empty, and the styles they use.
type book struct {
	file                            *excelize.File
	bold, text, wrapped, date, note int
}

func newBook(tables []Table) (*book, error) {
	b := &book{file: excelize.NewFile()}
	seen := map[string]bool{}
	for i, t := range tables {
		switch name := strings.ToLower(t.Name); {
		case seen[name]:
			return nil, fmt.Errorf("two sheets are called %s", t.Name)
		case len(utf16.Encode([]rune(t.Name))) > maxName:
			return nil, fmt.Errorf("sheet %s: a name has at most %d characters", t.Name, maxName)
		case len(t.Columns) == 0 || len(t.Columns) > maxColumns:
			return nil, fmt.Errorf("sheet %s: has %d columns", t.Name, len(t.Columns))
		default:
			seen[name] = true
		}
		var err error
		if i == 0 {
			err = b.file.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = b.file.NewSheet(t.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	day := "yyyy-mm-dd"
	top := &excelize.Alignment{Vertical: "top"}
	for _, s := range []struct {
		id *int
		is excelize.Style
	}{
		{&b.bold, excelize.Style{
			Font: &excelize.Font{Bold: true, Family: "Calibri", Size: 11}, NumFmt: asText,
			Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
			Border:    []excelize.Border{{Type: "bottom", Color: "000000", Style: 1}},
		}},
		{&b.text, excelize.Style{NumFmt: asText, Alignment: top}},
		{&b.wrapped, excelize.Style{NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&b.date, excelize.Style{CustomNumFmt: &day, Alignment: top}},
		{&b.note, excelize.Style{Font: &excelize.Font{Italic: true, Family: "Calibri", Size: 11}}},
	} {
		var err error
		if *s.id, err = b.file.NewStyle(&s.is); err != nil {
			return nil, err
		}
	}
	// The library's own would give its author and a day of 2006.
	b.file.Pkg.Store("docProps/core.xml", []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"`+
		` xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>sendctl</dc:creator></cp:coreProperties>`))
	b.file.Pkg.Store("docProps/app.xml", []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
		`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">`+
		`<Application>sendctl</Application></Properties>`))
	return b, nil
}

// asText is Excel's number of the format "@", in which nothing is a number.
const asText = 49

// parts are the parts of the workbook but for its sheets.
func (b *book) parts() (map[string][]byte, error) {
	k := keeper{}
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return k })
	if _, err := b.file.WriteTo(io.Discard); err != nil {
		return nil, err
	}
	parts := map[string][]byte{}
	for name, b := range k {
		if !strings.HasPrefix(name, "xl/worksheets/") {
			parts[name] = b.Bytes()
		}
	}
	return parts, nil
}

// keeper is a zip file's place for excelize: it keeps the parts apart.
type keeper map[string]*bytes.Buffer

func (k keeper) Create(name string) (io.Writer, error) {
	k[name] = new(bytes.Buffer)
	return k[name], nil
}
func (k keeper) AddFS(fs.FS) error { return errors.ErrUnsupported }
func (k keeper) Close() error      { return nil }

// sheet writes one sheet and gives its last row.
func (b *book) sheet(to io.Writer, t Table, shown bool) (last int, err error) {
	w := &sheetWriter{Writer: bufio.NewWriterSize(to, 1<<15)}
	w.str(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"`)
	if shown {
		w.str(` tabSelected="1"`)
	}
	head := strconv.Itoa(len(t.Notes) + 1)
	below := strconv.Itoa(len(t.Notes) + 2)
	w.str(`><pane ySplit="` + head + `" topLeftCell="A` + below + `" activePane="bottomLeft" state="frozen"/>` +
		`<selection pane="bottomLeft" activeCell="A` + below + `" sqref="A` + below + `"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols>`)
	styles := make([]int, len(t.Columns))
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = columnName(i)
		switch {
		case c.Kind == Date:
			styles[i] = b.date
		case c.Kind == Number:
			styles[i] = 0
		case t.Name == Dictionary:
			styles[i] = b.wrapped
		default:
			styles[i] = b.text
		}
		n := strconv.Itoa(i + 1)
		w.str(`<col min="` + n + `" max="` + n + `" width="` + strconv.Itoa(c.width()) + `" customWidth="1"`)
		if styles[i] != 0 {
			w.str(` style="` + strconv.Itoa(styles[i]) + `"`)
		}
		w.str(`/>`)
	}
	w.str(`</cols><sheetData>`)
	row := 0
	for _, n := range t.Notes {
		row++
		w.row(row)
		if err := w.text("A", row, b.note, n); err != nil {
			return 0, fmt.Errorf("note %d: %w", row, err)
		}
		w.str(`</row>`)
	}
	row++
	w.row(row)
	for i, c := range t.Columns {
		if err := w.text(names[i], row, b.bold, c.Title); err != nil {
			return 0, fmt.Errorf("heading %d: %w", i+1, err)
		}
	}
	w.str(`</row>`)
	var stop error
	if t.Rows != nil {
		for cells := range t.Rows {
			row++
			if stop = w.cells(t, names, styles, b.text, row, cells); stop != nil {
				break
			}
		}
	}
	if stop != nil {
		return 0, stop
	}
	w.str(`</sheetData><autoFilter ref="` + t.heading(row) + `"/></worksheet>`)
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

func (w *sheetWriter) str(s string) { _, _ = w.WriteString(s) }

func (w *sheetWriter) row(n int) {
	w.str(`<row r="`)
	w.int(n)
	w.str(`">`)
}

func (w *sheetWriter) int(n int) {
	_, _ = w.Write(strconv.AppendInt(w.AvailableBuffer(), int64(n), 10))
}

func (w *sheetWriter) cells(t Table, names []string, styles []int, text, row int, cells []string) error {
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
			if err := w.text(names[i], row, text, v); err != nil {
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
			if err := w.text(names[i], row, text, v); err != nil {
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
	if style != 0 {
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
// at most 15 digits, no exponent, no zero before or after for looks.
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
