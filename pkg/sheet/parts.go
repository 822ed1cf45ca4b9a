package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// This file holds what is around the sheets of a workbook, as ECMA-376 has it: part 2 for
// the package, part 1 chapter 18 for the rest. Excel is strict where others are not. Every
// part has its content type, the elements of a part stand in the order of the schema, and
// lists that bear their length bear the right one. There is no theme: without one Excel
// takes its own, and the only font is named.

// The styles of cells, by their places in cellXfs below.
const (
	styleNone    = iota // a number, as Excel shows it
	styleBold           // a heading
	styleText           // in the format "@", in which nothing is a number
	styleWrapped        // the same, on as many lines as it needs
	styleDate
	styleNote
)

// stylesPart has two fills that nothing uses: Excel keeps the first two for itself.
const stylesPart = xmlHead +
	`<styleSheet xmlns="` + mainSpace + `">` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>` + // below 164 are Excel's own
	`<fonts count="3">` +
	`<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><i/><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`</fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="2">` +
	`<border><left/><right/><top/><bottom/><diagonal/></border>` +
	`<border><left/><right/><top/><bottom style="thin"><color rgb="FF000000"/></bottom><diagonal/></border>` +
	`</borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="6">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">` +
	`<alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`</cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
	`</styleSheet>`

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relsSpace  = "http://schemas.openxmlformats.org/package/2006/relationships"
	officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/" // of which kinds there are
	ofPackage  = "application/vnd.openxmlformats-package."
	ofSheets   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// properties name neither a person nor a time: who made it is sendctl.
const (
	coreProperties = xmlHead +
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>sendctl</dc:creator></cp:coreProperties>`
	appProperties = xmlHead +
		`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">` +
		`<Application>sendctl</Application></Properties>`
)

// packageRels say where a program finds the workbook in the file.
const packageRels = xmlHead + `<Relationships xmlns="` + relsSpace + `">` +
	`<Relationship Id="rId1" Type="` + officeRels + `officeDocument" Target="xl/workbook.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + officeRels + `extended-properties" Target="docProps/app.xml"/>` +
	`</Relationships>`

// contentTypes of a workbook with so many sheets.
func contentTypes(sheets int) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="` + ofPackage + `relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + ofSheets + `sheet.main+xml"/>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%sworksheet+xml"/>`, sheetPart(i), ofSheets)
	}
	b.WriteString(`<Override PartName="/xl/styles.xml" ContentType="` + ofSheets + `styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="` + ofPackage + `core-properties+xml"/>` +
		`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>` +
		`</Types>`)
	return b.Bytes()
}

// workbookRels number the sheets from rId1, and the styles after them.
func workbookRels(sheets int) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + `<Relationships xmlns="` + relsSpace + `">`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%sworksheet" Target="%s"/>`, i+1, officeRels, strings.TrimPrefix(sheetPart(i), "xl/"))
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%sstyles" Target="styles.xml"/></Relationships>`, sheets+1, officeRels)
	return b.Bytes()
}

// workbook lists the sheets, and names for each the range that its filter is on: last are
// their last rows. Excel mends a file, and says so, whose filter has no such name. With
// filterPrivacy whoever saves it from Excel is not named in it.
func workbook(tables []Table, last []int) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + strings.TrimSuffix(officeRels, "/") + `">` +
		`<workbookPr filterPrivacy="1"/><bookViews><workbookView activeTab="0"/></bookViews><sheets>`)
	for i, t := range tables {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escapeName(t.Name), i+1, i+1)
	}
	b.WriteString(`</sheets><definedNames>`)
	for i, t := range tables {
		fmt.Fprintf(&b, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">'%s'!$A$%d:$%s$%d</definedName>`,
			i, escapeName(strings.ReplaceAll(t.Name, "'", "''")), t.head(), columnName(len(t.Columns)-1), last[i])
	}
	b.WriteString(`</definedNames></workbook>`)
	return b.Bytes()
}

// escapeName is the name of a sheet in an attribute or an element.
func escapeName(s string) string {
	var b bytes.Buffer
	w := newSheetWriter(&b)
	w.escape(s)
	_ = w.Flush() // into memory
	return strings.ReplaceAll(b.String(), `"`, "&quot;")
}

// checkNames refuses what Excel would not take for the name of a sheet, and one that
// another sheet has, in whichever letters.
func checkNames(tables []Table) error {
	seen := map[string]bool{}
	for _, t := range tables {
		low := strings.ToLower(t.Name)
		switch {
		case t.Name == "":
			return errors.New("a sheet has no name")
		case seen[low]:
			return fmt.Errorf("two sheets are called %s", t.Name)
		case len(utf16.Encode([]rune(t.Name))) > maxName:
			return fmt.Errorf("sheet %s: a name has at most %d characters", t.Name, maxName)
		case strings.ContainsAny(t.Name, `:\/?*[]`) || strings.ContainsFunc(t.Name, unicode.IsControl):
			return fmt.Errorf(`sheet %q: a name has none of : \ / ? * [ ]`, t.Name)
		case strings.HasPrefix(t.Name, "'") || strings.HasSuffix(t.Name, "'"):
			return fmt.Errorf("sheet %s: a name has no apostrophe at an end", t.Name)
		case low == "history":
			return fmt.Errorf("sheet %s: Excel keeps that name for itself", t.Name)
		}
		seen[low] = true
	}
	return nil
}
