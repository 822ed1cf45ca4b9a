// Package sheet owns tables that go to and come from office programs: XLSX workbooks
// and CSV, written so that nothing in them runs and no identifier is turned into a
// number, and read as plain text, cell by cell.
//
// It knows no record: callers give it columns and rows. Nothing is put on disk on the
// way, since what the cells hold are children's names: not in a temporary folder either.
//
// Every part of a workbook is written here, so that the same tables give the same parts in
// every release; only how they are compressed is Go's. A library for XLSX would put names
// into temporary files, trust what a file claims of its size and cost every command its
// start-up: excelize only checks us, in the tests.
//
// Its callers are census, exchange, report and cli.
package sheet
