package term

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is what stands between two columns.
const gap = "  "

// leastColumn is the width below which a column is not shortened.
const leastColumn = 8

// Table is rows under a header. The cells are plain text: Print makes them safe,
// so styling in them would be shown and not done.
type Table struct {
	Header []string
	Rows   [][]string
	Right  []int // columns set flush right, counted from 0: numbers
	Wrap   bool  // a column that does not fit is wrapped and not cut; never when Accessible
}

// Print writes t to Out. On a terminal the columns are aligned with two spaces
// between them, the header is underlined with dashes, and the widest columns are
// shortened, ending in "…" ("..." when Accessible), or wrapped, until it fits the
// terminal. Anywhere else it is one line per row with a tab between cells, whole
// and without the underline, the header first, for cut, awk and spreadsheets.
func (s *Streams) Print(t Table) error {
	var out bytes.Buffer
	if s.OutTTY {
		if err := s.aligned(&out, t); err != nil {
			return err
		}
	} else {
		for _, row := range t.all() {
			for i, c := range row {
				row[i] = Safe(oneLine(c))
			}
			out.WriteString(strings.Join(row, "\t"))
			out.WriteByte('\n')
		}
	}
	if _, err := s.Out.Write(out.Bytes()); err != nil {
		return fmt.Errorf("cannot write the table: %w", err)
	}
	return nil
}

// all gives copies of header and rows, all of the same length.
func (t Table) all() [][]string {
	n := len(t.Header)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	var all [][]string
	if len(t.Header) > 0 {
		all = append(all, append(slices.Clone(t.Header), make([]string, n-len(t.Header))...))
	}
	for _, r := range t.Rows {
		all = append(all, append(slices.Clone(r), make([]string, n-len(r))...))
	}
	return all
}

// oneLine makes line breaks and tabs single spaces.
func oneLine(text string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(text)
}

func (s *Streams) aligned(out *bytes.Buffer, t Table) error {
	all := t.all()
	if len(all) == 0 || len(all[0]) == 0 {
		return nil
	}
	for _, row := range all {
		for i, c := range row {
			row[i] = strings.TrimSpace(Safe(oneLine(c)))
		}
	}
	widths := s.columnWidths(all)
	more := "…"
	if s.Accessible {
		more = "..."
	}
	for _, row := range all {
		for i, c := range row {
			if t.Wrap && !s.Accessible {
				c = wrapAt(c, "", widths[i])
			}
			lines := strings.Split(c, "\n")
			for j, line := range lines { // a single word may still be too long
				lines[j] = fit(line, widths[i], more)
			}
			row[i] = strings.Join(lines, "\n")
		}
	}
	header, rows := all[0], all[1:]
	if len(t.Header) == 0 {
		header, rows = nil, all
	}
	if header != nil {
		line := make([]string, len(header))
		for i := range line {
			line[i] = strings.Repeat("-", widths[i])
		}
		rows = slices.Insert(slices.Clone(rows), 0, line)
	}
	return draw(out, header, rows, t.Right)
}

// columnWidths gives each column the width it wants, then takes from the widest
// until the row fits.
func (s *Streams) columnWidths(all [][]string) []int {
	widths := make([]int, len(all[0]))
	for _, row := range all {
		for i, c := range row {
			widths[i] = max(widths[i], columns(c))
		}
	}
	total := len(gap) * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for room := s.tableColumns(); total > room; total-- {
		widest := 0
		for i, w := range widths {
			if w >= widths[widest] { // the last of equals: first columns name the row
				widest = i
			}
		}
		if widths[widest] <= leastColumn {
			break
		}
		widths[widest]--
	}
	return widths
}

// draw has tablewriter align the cells. The underline is a row of dashes: its own
// header line can't leave the gap between columns free. Spaces at line ends go.
func draw(out *bytes.Buffer, header []string, rows [][]string, right []int) error {
	n := len(rows[0])
	aligns := make([]tw.Align, n)
	pads := make([]tw.Padding, n)
	for i := range n {
		aligns[i] = tw.AlignLeft
		if slices.Contains(right, i) {
			aligns[i] = tw.AlignRight
		}
		pads[i] = tw.Padding{Left: tw.Empty, Right: gap, Overwrite: true}
	}
	pads[n-1] = tw.PaddingNone
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft, PerColumn: aligns},
		Padding:    tw.CellPadding{Global: tw.PaddingNone, PerColumn: pads},
	}
	var raw bytes.Buffer
	table := tablewriter.NewTable(&raw,
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}),
		tablewriter.WithEastAsian(tw.Off), // see columns
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Separators: tw.SeparatorsNone,
				Lines:      tw.LinesNone,
			},
		})),
	)
	if header != nil {
		table.Header(header)
	}
	if err := table.Bulk(rows); err != nil {
		return fmt.Errorf("cannot lay out the table: %w", err)
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("cannot lay out the table: %w", err)
	}
	for line := range strings.Lines(raw.String()) {
		out.WriteString(strings.TrimRight(line, " \n"))
		out.WriteByte('\n')
	}
	return nil
}
