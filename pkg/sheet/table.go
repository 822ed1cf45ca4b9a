package sheet

import "iter"

// Kind is what the cells of a column hold.
type Kind uint8

// The kinds. Text is the zero value, so that an identifier nobody thought about stays
// whole: 0012 is not 12.
const (
	Text   Kind = iota
	Number      // a count or an amount; a cell that is no number is written as text
	Date        // YYYY-MM-DD
	YesNo       // "true", "false" or ""
)

// Column is one column of a table.
type Column struct {
	Title string // the heading, the same in every format
	Kind  Kind
	Width int    // in characters, for XLSX; 0 is as wide as the heading
	About string // what it holds, its codes and their source: one row of the data dictionary
}

// Table is one sheet: a heading and rows of as many cells as there are columns.
type Table struct {
	Name    string // of the sheet, at most 31 characters
	Columns []Column
	Rows    iter.Seq[[]string] // may be asked for once only; a row may be reused by whoever yields it
	// Notes stand above the heading in XLSX, one a row, and are left out of CSV: a program
	// reads that. A table with notes has its heading below them, frozen with them.
	Notes []string
}

// Grid is a table as it was read: every cell as text, row 1 first, no cell changed.
type Grid struct {
	Name string // of the sheet; "" for CSV
	Rows [][]string
}
