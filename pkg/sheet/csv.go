package sheet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ReadCSV reads a table of text. It is taken as UTF-8, or as UTF-16 where it begins with
// the mark of that, or, where it is neither, as Windows-1252, which old systems write.
// Cells are parted by a comma, a semicolon or a tab: by whichever the heading has most of,
// or by what a first line such as "sep=;" says, which is then no row. Lines above the
// heading, such as a title, tell nothing: see separator.
//
// Nothing is trimmed or evened out: a row may be shorter or longer than the heading, and
// an empty line is a row without cells, so that rows have the numbers a person sees. Only
// an apostrophe that WriteCSV has put before a cell is taken away again.
//
// The errors: what is no text at all, and a quotation mark that is never closed.
func ReadCSV(b []byte) (Grid, error) {
	s, err := decode(b)
	if err != nil {
		return Grid{}, err
	}
	var g Grid
	sep, s := separator(s)
	for n := 1; s != ""; n++ {
		var row []string
		if row, s, err = record(s, sep); err != nil {
			return Grid{}, fmt.Errorf("row %d: %w", n, err)
		}
		for i, c := range row {
			row[i] = unguard(c)
		}
		g.Rows = append(g.Rows, row)
	}
	return g, nil
}

// errNoText is what no program writes as text.
var errNoText = errors.New("this is no text: save the list as CSV UTF-8 or as .xlsx")

// decode is a text in whichever encoding.
func decode(b []byte) (string, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return utf16Text(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return utf16Text(b[2:], binary.BigEndian)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return "", errors.New("this is a workbook or another zip file, not CSV: give it a name that ends in .xlsx")
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	switch {
	case bytes.IndexByte(b, 0) >= 0:
		return "", errNoText
	case utf8.Valid(b):
		return string(b), nil
	}
	// Windows-1252 is Latin-1 but for these 32.
	high := []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
	var s strings.Builder
	s.Grow(len(b) + len(b)/8)
	for _, c := range b {
		if c >= 0x80 && c < 0xa0 {
			s.WriteRune(high[c-0x80])
			continue
		}
		s.WriteRune(rune(c))
	}
	return s.String(), nil
}

func utf16Text(b []byte, order binary.ByteOrder) (string, error) {
	if len(b)%2 != 0 {
		return "", errors.New("this UTF-16 text ends in the middle of a character")
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		if units[i] = order.Uint16(b[2*i:]); units[i] == 0 {
			return "", errNoText
		}
	}
	return string(utf16.Decode(units)), nil
}

// separator is what parts the cells, and the text from its heading on.
func separator(s string) (byte, string) {
	if rest, ok := cutFold(s, "sep="); ok && rest != "" {
		switch end := strings.TrimLeft(rest[1:], "\r"); {
		case rest[0] == '\r' || rest[0] == '\n' || rest[0] >= utf8.RuneSelf:
		case end == "":
			return rest[0], ""
		case end[0] == '\n':
			return rest[0], end[1:]
		}
	}
	// The heading is the first line that has one. But a title above it may have a comma in
	// its text: then the next line that has one has others, and none of these.
	var first byte
	for at := 0; at < len(s); {
		counts, n := separators(s[at:])
		at += n
		switch c := most(counts); {
		case counts[c] == 0:
		case first == 0:
			first = c
		case counts[first] == 0:
			return c, s
		default:
			return first, s
		}
	}
	if first == 0 {
		first = most(nil)
	}
	return first, s
}

// separators counts, in the first line of s, what may part cells; n is where the next line
// begins. What stands in quotation marks counts not, and a line may end within them. As in
// record, only a mark at the beginning of a cell is one.
func separators(s string) (counts map[byte]int, n int) {
	counts = map[byte]int{}
	quoted, before := false, byte('\n')
	for i := range len(s) {
		c := s[i]
		switch c {
		case '"':
			opens := !quoted && strings.IndexByte("\n,;\t\"", before) >= 0
			if !quoted && !opens {
				c = 0 // in the middle of a cell it is no mark, nor is one right behind it
			}
			quoted = opens
		case ',', ';', '\t':
			if !quoted {
				counts[c]++
			}
		case '\n', '\r':
			if !quoted {
				return counts, i + 1
			}
		}
		before = c
	}
	return counts, len(s)
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// most is the separator that is counted most often, a comma where none is.
func most(counts map[byte]int) byte {
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// errOpen is a cell that begins with a quotation mark and never ends.
var errOpen = errors.New("a cell begins with a quotation mark that is never closed")

// record takes one row from s, and its end, which is LF, CR LF or CR.
func record(s string, sep byte) (cells []string, rest string, err error) {
	for {
		var cell string
		if strings.HasPrefix(s, `"`) {
			if cell, s, err = quotedCell(s[1:]); err != nil {
				return nil, "", err
			}
		}
		// What follows a closing mark belongs to the cell, as Excel has it.
		end := strings.IndexFunc(s, func(r rune) bool { return r == rune(sep) || r == '\n' || r == '\r' })
		if end < 0 {
			end = len(s)
		}
		if cell == "" {
			cell = s[:end]
		} else {
			cell += s[:end]
		}
		cells = append(cells, cell)
		s = s[end:]
		switch {
		case s == "":
			return cells, "", nil
		case s[0] == sep:
			s = s[1:]
			continue
		case strings.HasPrefix(s, "\r\n"):
			s = s[2:]
		default:
			s = s[1:]
		}
		return cells, s, nil
	}
}

func quotedCell(s string) (cell, rest string, err error) {
	end := strings.IndexByte(s, '"')
	if end >= 0 && !strings.HasPrefix(s[end+1:], `"`) {
		return s[:end], s[end+1:], nil // as most are: no copy
	}
	var b strings.Builder
	for {
		if end < 0 {
			return "", "", errOpen
		}
		b.WriteString(s[:end])
		s = s[end+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s, nil
		}
		b.WriteByte('"')
		s = s[1:]
		end = strings.IndexByte(s, '"')
	}
}

// WriteCSV writes a table without its notes: comma, quotation marks where a cell needs
// them. By default it is for a person with Excel: UTF-8 with its mark, lines ending in
// CR LF, and an apostrophe before every cell of text that Excel would run as a formula or
// change into a number, a date or a logical; ReadCSV takes exactly those away. Raw is for
// programs: RFC 4180 without the mark, each line ending in LF, every cell as it is.
//
// The errors are those of w and of a row that is not as wide as the heading.
func WriteCSV(w io.Writer, t Table, raw bool) error {
	b := bufio.NewWriterSize(w, 1<<15)
	end := "\n"
	if !raw {
		end = "\r\n"
		_, _ = b.WriteString("\ufeff")
	}
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
		if !raw {
			titles[i] = guard(c.Title, Text)
		}
	}
	writeRecord(b, titles, end)
	if t.Rows != nil {
		n := 1
		for row := range t.Rows {
			n++
			if len(row) != len(t.Columns) {
				return fmt.Errorf("row %d has %d cells for %d columns", n, len(row), len(t.Columns))
			}
			if raw {
				writeRecord(b, row, end)
				continue
			}
			for i, cell := range row {
				titles[i] = guard(cell, t.Columns[i].Kind)
			}
			writeRecord(b, titles, end)
		}
	}
	return b.Flush()
}

func writeRecord(b *bufio.Writer, cells []string, end string) {
	for i, c := range cells {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		c = strings.ReplaceAll(strings.ToValidUTF8(c, "\ufffd"), "\x00", "\ufffd")
		switch {
		case c == "" && len(cells) == 1:
			_, _ = b.WriteString(`""`) // an empty line would be a row without cells
		case strings.ContainsAny(c, ",;\t\"\r\n"):
			_ = b.WriteByte('"')
			_, _ = b.WriteString(strings.ReplaceAll(c, `"`, `""`))
			_ = b.WriteByte('"')
		default:
			_, _ = b.WriteString(c)
		}
	}
	_, _ = b.WriteString(end)
}
