package sheet

import "github.com/xuri/excelize/v2"

// newBook is an empty workbook.
func newBook() *excelize.File { return excelize.NewFile() }
