// Package sheet owns tables that go to and come from office programs: XLSX workbooks
// and CSV, written so that nothing in them runs and no identifier is turned into a
// number, and read as plain text, cell by cell.
//
// It is the only importer of the XLSX library. It knows no record: callers give it
// columns and rows. Nothing is put on disk on the way, since what the cells hold are
// children's names: not in a temporary folder either.
//
// Its callers are census, exchange, report and cli.
package sheet
