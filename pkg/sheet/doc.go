// Package sheet owns tables that go to and come from office programs: XLSX workbooks
// and CSV, written so that nothing in them runs and no identifier is turned into a
// number, and read as plain text, cell by cell.
//
// It knows no record: callers give it columns and rows. Nothing is put on disk on the way, since what the cells hold are
// children's names: not in a temporary folder either.
//
// Every part of a workbook, and its compression, is written here, so that the same tables
// give the same bytes in every release of sendctl and of Go; a test holds them. A library
// for XLSX would also put names into temporary files, trust what a file claims of its size
// and cost every command its start-up: excelize only checks us, in the tests.
//
// Its callers are census, exchange, report and cli.
package sheet
