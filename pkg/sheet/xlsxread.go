package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// What a workbook may unpack to. A roll of 100,000 pupils with 20 columns has 2 million
// cells and 120 MB; what is beyond that wants to fill the machine's memory.
const (
	maxUnpacked = 256 << 20 // bytes of all parts read
	maxToken    = 4 << 20   // bytes of one tag or one run of text; a cell has at most 32767 characters
	maxDepth    = 64        // elements in one another
	maxCells    = 8 << 20   // of all sheets, with the empty ones before the last of a row
	maxFormats  = 1 << 16   // of cells
	maxSheets   = 1 << 10
)

// TooLargeError is a workbook that would unpack to more than is read of one.
type TooLargeError struct{ Limit string }

func (e *TooLargeError) Error() string {
	return "the workbook unpacks to more than " + e.Limit + "; it is not read: save only the list that is meant"
}

// ReadXLSX reads every sheet of a workbook that a person sees; hidden ones are left out,
// hidden rows and columns are not, since a filter hides rows too. Cells are texts as they
// are shown, but for three: a date is YYYY-MM-DD in whichever format, with the time behind
// it where it has one; a number has all its digits and no exponent; one with a format of
// zeros alone, 0000, has those before it. A formula gives the value that was stored with
// it, none is run. A row has its cells up to the last that is not empty, rows have the
// numbers a person sees.
//
// Nothing here trusts what a file says of its own size: see TooLargeError.
func ReadXLSX(b []byte) ([]Grid, error) { return readXLSX(b, maxUnpacked) }

func readXLSX(b []byte, unpacked int64) ([]Grid, error) {
	r, err := openBook(b, unpacked)
	if err != nil {
		return nil, err
	}
	var grids []Grid
	for _, s := range r.sheets {
		g, err := r.grid(s)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
		grids = append(grids, g)
	}
	if len(grids) == 0 {
		return nil, errors.New("the workbook has no sheet that can be seen")
	}
	return grids, nil
}

// reader is an open workbook.
type reader struct {
	parts  map[string]*zip.File // by name in small letters
	left   int64                // bytes that may still be unpacked
	cells  int                  // cells that may still be read
	sheets []sheetRef
	since  time.Time // the day that is 0
	dates  []bool    // of each cell format: a date
	zeros  []int     // of each cell format: how many digits it shows at least
	texts  []string  // the shared ones
}

type sheetRef struct{ name, part string }

func openBook(b []byte, unpacked int64) (*reader, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return nil, errors.New("this is an old .xls workbook or one with a password: save it as .xlsx without one")
	case !bytes.HasPrefix(b, []byte("PK")):
		return nil, errors.New("this is no .xlsx workbook")
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("this is no .xlsx workbook, or a part of one: %w", err)
	}
	r := &reader{parts: make(map[string]*zip.File, len(z.File)), left: unpacked, cells: maxCells}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if _, ok := r.parts[name]; ok {
			return nil, errors.New("the workbook has a part twice")
		}
		r.parts[name] = f
	}
	book := "xl/workbook.xml"
	root, err := r.relations("")
	if err != nil {
		return nil, err
	}
	for _, rel := range root {
		if strings.HasSuffix(rel.kind, "/officeDocument") {
			book = rel.part
		}
	}
	if strings.HasSuffix(book, ".bin") {
		return nil, errors.New("this is a binary workbook (.xlsb): save it as .xlsx")
	}
	if _, ok := r.parts[strings.ToLower(book)]; !ok {
		return nil, errors.New("this is a zip file without a workbook in it: save the list as .xlsx")
	}
	rels, err := r.relations(book)
	if err != nil {
		return nil, err
	}
	if err := r.book(book, rels); err != nil {
		return nil, fmt.Errorf("the workbook's list of sheets: %w", err)
	}
	for _, rel := range rels {
		switch {
		case strings.HasSuffix(rel.kind, "/styles"):
			err = r.styles(rel.part)
		case strings.HasSuffix(rel.kind, "/sharedStrings"):
			err = r.shared(rel.part)
		}
		if err != nil {
			return nil, fmt.Errorf("part %s: %w", path.Base(rel.part), err)
		}
	}
	return r, nil
}

// open gives a part as tokens; ok is false where there is none.
func (r *reader) open(part string) (t *tokens, ok bool, err error) {
	f, ok := r.parts[strings.ToLower(part)]
	if !ok {
		return nil, false, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, true, err
	}
	l := &limited{in: in, left: &r.left}
	return &tokens{xml: xml.NewDecoder(bufio.NewReaderSize(l, 1<<15)), from: l, in: in}, true, nil
}

// limited counts what is unpacked, whatever the zip file says of its sizes.
type limited struct {
	in    io.Reader
	left  *int64
	token int // bytes read for the token that is being read
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	if *l.left -= int64(n); *l.left < 0 {
		return 0, &TooLargeError{Limit: strconv.Itoa(maxUnpacked>>20) + " MB"}
	}
	if l.token += n; l.token > maxToken {
		return 0, errors.New("it has a text longer than any cell can hold")
	}
	return n, err
}

// tokens are the elements of a part.
type tokens struct {
	xml   *xml.Decoder
	from  *limited
	in    io.Closer
	depth int
}

// Token is the next token. The decoder remembers every element that is open, so their
// number is held too.
func (t *tokens) Token() (xml.Token, error) {
	t.from.token = 0
	tok, err := t.xml.Token()
	switch tok.(type) {
	case xml.StartElement:
		if t.depth++; t.depth > maxDepth {
			return nil, errors.New("its elements are too deep in one another")
		}
	case xml.EndElement:
		t.depth--
	}
	return tok, err
}

// Skip reads to the end of the element that is open.
func (t *tokens) Skip() error {
	for to := t.depth - 1; t.depth > to; {
		if _, err := t.Token(); err != nil {
			return err
		}
	}
	return nil
}

func (t *tokens) close() { _ = t.in.Close() } // what was read has been checked by then

// each calls f for every element in which the part stands open, in their order. f may read
// the element to its end.
func (t *tokens) each(f func(xml.StartElement) error) error {
	defer t.close()
	for {
		tok, err := t.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := tok.(xml.StartElement); ok {
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relation is where a part finds another.
type relation struct{ id, kind, part string }

// relations are those of a part; "" is the whole file's.
func (r *reader) relations(of string) ([]relation, error) {
	dir, base := path.Split(of)
	t, ok, err := r.open(dir + "_rels/" + base + ".rels")
	if err != nil || !ok {
		return nil, err
	}
	var rels []relation
	err = t.each(func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		to := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
		if !strings.HasPrefix(to, "/") {
			to = path.Join("/", path.Dir(of), to)
		}
		if len(rels) > maxSheets*8 {
			return errors.New("the workbook has too many parts")
		}
		rels = append(rels, relation{attr(e, "Id"), attr(e, "Type"), strings.TrimPrefix(path.Clean(to), "/")})
		return nil
	})
	return rels, err
}

func (r *reader) book(part string, rels []relation) error {
	t, _, err := r.open(part)
	if err != nil {
		return err
	}
	r.since = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	return t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if yes(attr(e, "date1904")) {
				r.since = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
		case "sheet":
			if s := attr(e, "state"); s != "" && s != "visible" {
				return nil
			}
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" { // r:id, not an id of its own
					id = a.Value
				}
			}
			for _, rel := range rels {
				if rel.id == id && strings.HasSuffix(rel.kind, "/worksheet") { // a chart has no cells
					if len(r.sheets) == maxSheets {
						return errors.New("it has too many")
					}
					r.sheets = append(r.sheets, sheetRef{attr(e, "name"), rel.part})
				}
			}
		}
		return nil
	})
}

func yes(s string) bool { return s == "1" || s == "true" || s == "on" }

// styles reads which formats of cells are dates, and which show zeros in front.
func (r *reader) styles(part string) error {
	t, ok, err := r.open(part)
	if err != nil || !ok {
		return err
	}
	own := map[string]string{}
	inCells := false
	return t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(own) < maxFormats {
				own[attr(e, "numFmtId")] = attr(e, "formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(r.dates) < maxFormats {
				id := attr(e, "numFmtId")
				code := own[id]
				zeros := 0
				if code != "" && strings.Trim(code, "0") == "" {
					zeros = min(len(code), 32)
				}
				r.dates = append(r.dates, dateFormat(id, code))
				r.zeros = append(r.zeros, zeros)
			}
		}
		return nil
	})
}

// dateFormat reports whether a number format shows a day or a time. A format of the
// workbook's own has a code; the others have a fixed number.
func dateFormat(id, code string) bool {
	if code == "" {
		n, err := strconv.Atoi(id)
		return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
	}
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*': // the next character is shown, or makes room
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == ';':
			return false // what comes is for negative numbers, and no date is one
		case strings.IndexByte("ymdhsYMDHS", c) >= 0:
			return true
		}
	}
	return false
}

func (r *reader) shared(part string) error {
	t, ok, err := r.open(part)
	if err != nil || !ok {
		return err
	}
	return t.each(func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(r.texts) == maxCells {
			return &TooLargeError{Limit: strconv.Itoa(maxCells) + " texts"}
		}
		s, err := t.text(e)
		r.texts = append(r.texts, s)
		return err
	})
}

// text is what an element with texts says, to its end: of runs with formats of their own
// all, of the marks that say how a word is spoken none.
func (t *tokens) text(of xml.StartElement) (string, error) {
	var first string
	var more []byte
	depth, in, spoken := 0, 0, 0
	for {
		tok, err := t.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			depth++
			switch {
			case e.Name.Local == "rPh" && spoken == 0:
				spoken = depth
			case e.Name.Local == "t" && in == 0:
				in = depth
			}
		case xml.EndElement:
			if depth == 0 {
				if more != nil {
					return unescape(string(more)), nil
				}
				return unescape(first), nil
			}
			if in == depth {
				in = 0
			}
			if spoken == depth {
				spoken = 0
			}
			depth--
		case xml.CharData:
			switch {
			case in == 0 || spoken > 0:
			case first == "" && more == nil:
				first = string(e)
			default:
				if more == nil {
					more = []byte(first)
				}
				more = append(more, e...)
			}
		}
	}
}

// unexpected is the error of a part that ends before its elements do.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// unescape reads what stands for a character that XML cannot hold: _x000D_.
func unescape(s string) string {
	at := strings.Index(s, "_x")
	if at < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '_' && escaped(s[i:]) {
			n, _ := strconv.ParseUint(s[i+2:i+6], 16, 16) // escaped has seen that it is one
			b.WriteRune(rune(n))
			i += 7
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func (r *reader) grid(s sheetRef) (Grid, error) {
	g := Grid{Name: s.name}
	t, ok, err := r.open(s.part)
	if err != nil {
		return g, err
	}
	if !ok {
		return g, errors.New("it is missing from the workbook")
	}
	row, column := 0, 0
	var cells []string
	flush := func() {
		if len(cells) == 0 {
			return
		}
		for len(g.Rows) < row {
			g.Rows = append(g.Rows, nil)
		}
		g.Rows[row-1] = cells
		cells = nil
	}
	err = t.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			flush()
			column = 0
			n := row + 1
			if a := attr(e, "r"); a != "" {
				var err error
				if n, err = strconv.Atoi(a); err != nil || n <= row || n > maxRows {
					return errors.New("its rows are out of order")
				}
			}
			if r.cells -= n - row; r.cells < 0 { // empty rows take room too
				return &TooLargeError{Limit: strconv.Itoa(maxCells) + " cells"}
			}
			row = n
		case "c":
			if row == 0 {
				return errors.New("it has a cell outside its rows")
			}
			column++
			if a := attr(e, "r"); a != "" {
				n := columnOf(a)
				if n < column {
					return fmt.Errorf("row %d has its cells out of order", row)
				}
				column = n
			}
			if column > maxColumns {
				return fmt.Errorf("row %d has more than %d columns", row, maxColumns)
			}
			v, err := r.cell(t, e)
			if err != nil {
				return err
			}
			if v == "" {
				return nil
			}
			if r.cells -= column - len(cells); r.cells < 0 {
				return &TooLargeError{Limit: strconv.Itoa(maxCells) + " cells"}
			}
			if cells == nil && len(g.Rows) > 0 { // rows of a list are alike
				cells = make([]string, 0, max(len(g.Rows[len(g.Rows)-1]), column))
			}
			for len(cells) < column-1 {
				cells = append(cells, "")
			}
			cells = append(cells, v)
		}
		return nil
	})
	flush()
	return g, err
}

// columnOf is 28 for AB12, 0 for what names no cell.
func columnOf(ref string) int {
	n := 0
	for i := range len(ref) {
		c := ref[i] &^ 0x20 // small letters are capital
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return n
		}
	}
	return n
}

// cell is what a cell shows.
func (r *reader) cell(t *tokens, e xml.StartElement) (string, error) {
	kind := attr(e, "t")
	style, _ := strconv.Atoi(attr(e, "s")) // no number is the first style, as none is
	var value, inline string
	for {
		tok, err := t.Token()
		if err != nil {
			return "", unexpected(err)
		}
		if _, ok := tok.(xml.EndElement); ok {
			break
		}
		in, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch in.Name.Local {
		case "v":
			value, err = t.chars()
		case "is":
			inline, err = t.text(in)
		default: // the formula, and what a later Excel may add
			err = t.Skip()
		}
		if err != nil {
			return "", unexpected(err)
		}
	}
	switch kind {
	case "inlineStr":
		return inline, nil
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(r.texts) {
			return "", fmt.Errorf("cell %s names a text that is not there", attr(e, "r"))
		}
		return r.texts[n], nil
	case "str":
		return unescape(value), nil
	case "b":
		if yes(strings.TrimSpace(value)) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		return value, nil
	case "d":
		return strings.TrimSuffix(strings.Replace(value, "T", " ", 1), " 00:00:00"), nil
	}
	return r.number(strings.TrimSpace(value), style), nil
}

// chars is the text up to the end of the element.
func (t *tokens) chars() (string, error) {
	s := ""
	for {
		tok, err := t.Token()
		if err != nil {
			return "", err
		}
		switch e := tok.(type) {
		case xml.CharData:
			s += string(e)
		case xml.StartElement:
			err = t.Skip()
		case xml.EndElement:
			return s, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// number is a number as a person sees it: of a date the date, of a large one every digit.
// A sheet counts 15 digits; what a binary number has beyond them is not shown.
func (r *reader) number(v string, style int) string {
	if v == "" {
		return ""
	}
	dated, zeros := false, 0
	if style >= 0 && style < len(r.dates) {
		dated, zeros = r.dates[style], r.zeros[style]
	}
	if !dated && digits(v) && plainNumber(v) { // as most are
		return padded(v, zeros)
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return v
	}
	if dated {
		if s, ok := r.day(n); ok {
			return s
		}
	}
	if n, err = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err != nil {
		return v
	}
	if n == 0 {
		return padded("0", zeros) // and not -0
	}
	if math.Abs(n) >= 1e21 || n != 0 && math.Abs(n) < 1e-9 {
		return strconv.FormatFloat(n, 'g', -1, 64) // no identifier, and no list of 300 zeros
	}
	v = strconv.FormatFloat(n, 'f', -1, 64) // 1.0, as many programs write a 1, is shown as 1
	if n == math.Trunc(n) {
		return padded(v, zeros)
	}
	return v
}

// padded is a whole number with zeros before it, to so many digits.
func padded(v string, digits int) string {
	sign := ""
	if v[0] == '-' {
		sign, v = "-", v[1:]
	}
	return sign + strings.Repeat("0", max(0, digits-len(v))) + v
}

// day is the date, or the time, or both that a number stands for.
func (r *reader) day(n float64) (string, bool) {
	if n < 0 || n >= 2958466 { // the year 10000
		return "", false
	}
	seconds := int64(math.Round(n * 24 * 60 * 60))
	days, clock := int(seconds/86400), seconds%86400
	since := r.since
	if since.Year() == 1899 {
		switch {
		case days == 60:
			return "1900-02-29", true // which never was; Excel shows it all the same
		case days < 60:
			since = since.AddDate(0, 0, 1)
		}
	}
	time := fmt.Sprintf("%02d:%02d:%02d", clock/3600, clock/60%60, clock%60)
	switch day := since.AddDate(0, 0, days).Format("2006-01-02"); {
	case days == 0 && clock > 0:
		return time, true
	case clock == 0:
		return day, true
	default:
		return day + " " + time, true
	}
}
