package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// elsewhere is a workbook as another program writes it: shared texts, formulas, formats.
func elsewhere(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", "Pupils"))
	for cell, v := range map[string]any{
		"A1": "UPN", "B1": "Born", "C1": "ULN", "D1": "Estab", "E1": "Note", "F1": "Sum",
		"A2": "V929000026001", "B2": time.Date(2016, 2, 29, 0, 0, 0, 0, time.UTC), "C2": 1234567899, "D2": 12,
		"E2": []excelize.RichTextRun{{Text: "two "}, {Text: "runs", Font: &excelize.Font{Bold: true}}},
		"A4": "  blanks ", "B4": time.Date(2016, 2, 29, 13, 30, 0, 0, time.UTC), "C4": 0.1 + 0.2, "D4": true,
		"A5": "123456789012345678", "B5": 1.5e-5, "C5": -12.5, "H5": "far",
	} {
		if r, ok := v.([]excelize.RichTextRun); ok {
			must(f.SetCellRichText("Pupils", cell, r))
			continue
		}
		must(f.SetCellValue("Pupils", cell, v))
	}
	day, zeros, words := `[$-809]dd\-mmm\-yyyy;@`, "0000", `"day "0`
	for cell, code := range map[string]*string{"B2": &day, "D2": &zeros, "C5": &words} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: code})
		must(err)
		must(f.SetCellStyle("Pupils", cell, cell, id))
	}
	must(f.SetCellFormula("Pupils", "F2", `HYPERLINK("http://example.invalid/"&A2)`))
	for name, hide := range map[string]bool{"Hidden": false, "Very hidden": true} {
		_, err := f.NewSheet(name)
		must(err)
		must(f.SetCellValue(name, "A1", "secret"))
		must(f.SetSheetVisible(name, false, hide))
	}
	_, err := f.NewSheet("Needs")
	must(err)
	must(f.SetCellValue("Needs", "A1", "UPN")) // shared with the first sheet
	must(f.SetRowVisible("Needs", 1, false))
	b, err := f.WriteToBuffer()
	must(err)
	return b.Bytes()
}

func TestReadXLSXFromElsewhere(t *testing.T) {
	got, err := ReadXLSX(elsewhere(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []Grid{
		{Name: "Pupils", Rows: [][]string{
			{"UPN", "Born", "ULN", "Estab", "Note", "Sum"},
			{"V929000026001", "2016-02-29", "1234567899", "0012", "two runs"},
			nil,
			{"  blanks ", "2016-02-29 13:30:00", "0.3", "TRUE"},
			{"123456789012345678", "0.000015", "-12.5", "", "", "", "", "far"},
		}},
		{Name: "Needs", Rows: [][]string{{"UPN"}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// made is a workbook of hand-made parts; an empty part is left out.
func made(parts map[string]string) []byte {
	all := map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/book/b.xml"/></Relationships>`,
		"book/b.xml":  `<workbook xmlns:r="rel"><workbookPr/><sheets><sheet name="One" sheetId="1" id="no" r:id="s1"/></sheets></workbook>`,
		"book/_rels/b.xml.rels": `<Relationships><Relationship Id="s1" Type="x/worksheet" Target="s.xml"/>` +
			`<Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="f" Type="x/styles" Target="f.xml"/></Relationships>`,
		"book/s.xml": `<worksheet><sheetData/></worksheet>`,
		"book/t.xml": `<sst/>`,
		"book/f.xml": `<styleSheet/>`,
	}
	for name, s := range parts {
		all[name] = s
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if all[name] == "" {
			continue
		}
		w, _ := z.Create(name) // into memory
		_, _ = io.WriteString(w, all[name])
	}
	_ = z.Close()
	return b.Bytes()
}

func TestReadXLSXCells(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00E+00"/><numFmt numFmtId="165" formatCode="&quot;days&quot; 0"/>` +
		`<numFmt numFmtId="168" formatCode="0000"/><numFmt numFmtId="166" formatCode="[Red]0;dd"/><numFmt numFmtId="167" formatCode="yyyy\-mm\-dd"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>` +
		`<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="20"/><xf numFmtId="168"/></cellXfs></styleSheet>`
	for _, x := range []struct{ name, cell, want string }{
		{"a number", `<c><v>1234567890</v></c>`, "1234567890"},
		{"in exponent form", `<c><v>1.23456789E9</v></c>`, "1234567890"},
		{"whole, as Java writes it", `<c><v>1.0</v></c>`, "1"},
		{"whole and large, so", `<c><v>1.0E10</v></c>`, "10000000000"},
		{"whole, in a format of zeros", `<c s="7"><v>12.0</v></c>`, "0012"},
		{"less than nothing, in a format of zeros", `<c s="7"><v>-12</v></c>`, "-0012"},
		{"nothing", `<c><v>-0.0</v></c>`, "0"},
		{"no whole number, in a format of zeros", `<c s="7"><v>12.50</v></c>`, "12.5"},
		{"with a binary rest", `<c><v>9876543210.0000019</v></c>`, "9876543210"},
		{"more digits than are counted", `<c><v>123456789012345678</v></c>`, "123456789012346000"},
		{"larger than any identifier", `<c><v>1E300</v></c>`, "1e+300"},
		{"no number", `<c><v>12a</v></c>`, "12a"},
		{"not a number", `<c><v>NaN</v></c>`, "NaN"},
		{"a day", `<c s="1"><v>45000</v></c>`, "2023-03-15"},
		{"a day with a rounding error", `<c s="5"><v>44999.9999999999</v></c>`, "2023-03-15"},
		{"a day and time", `<c s="1"><v>45000.25</v></c>`, "2023-03-15 06:00:00"},
		{"a time", `<c s="6"><v>0.5</v></c>`, "12:00:00"},
		{"the first day", `<c s="1"><v>1</v></c>`, "1900-01-01"},
		{"the day that never was", `<c s="1"><v>60</v></c>`, "1900-02-29"},
		{"the day after it", `<c s="1"><v>61</v></c>`, "1900-03-01"},
		{"the last day", `<c s="1"><v>2958465</v></c>`, "9999-12-31"},
		{"after the last day", `<c s="1"><v>2958466</v></c>`, "2958466"},
		{"before the first day", `<c s="1"><v>-1</v></c>`, "-1"},
		{"no day: exponent", `<c s="2"><v>45000</v></c>`, "45000"},
		{"no day: words in quotation marks", `<c s="3"><v>45000</v></c>`, "45000"},
		{"no day: only when negative", `<c s="4"><v>45000</v></c>`, "45000"},
		{"a style that is not there", `<c s="99"><v>45000</v></c>`, "45000"},
		{"an ISO date", `<c t="d"><v>2023-03-15T00:00:00</v></c>`, "2023-03-15"},
		{"yes", `<c t="b"><v>1</v></c>`, "TRUE"},
		{"no", `<c t="b"><v>0</v></c>`, "FALSE"},
		{"an error", `<c t="e"><v>#N/A</v></c>`, "#N/A"},
		{"a formula's text", `<c t="str"><f>A1&amp;"x"</f><v>a_x000A_b</v></c>`, "a\nb"},
		{"a formula's number", `<c><f>1+1</f><v>2</v></c>`, "2"},
		{"a formula never calculated", `<c><f>1+1</f></c>`, ""},
		{"an inline text", `<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>`, "a b"},
		{"how it is spoken", `<c t="inlineStr"><is><t>name</t><rPh><t>spoken</t></rPh></is></c>`, "name"},
		{"a text with a comment within", `<c t="inlineStr"><is><t>a<!-- x -->b</t></is></c>`, "ab"},
		{"a shared text", `<c t="s"><v>1</v></c>`, "shared"},
		{"what a later program adds", `<c t="s"><v>1</v><extLst><ext><v>9</v></ext></extLst></c>`, "shared"},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := ReadXLSX(made(map[string]string{
				"book/s.xml": `<worksheet><sheetData><row>` + x.cell + `<c t="s"><v>0</v></c></row></sheetData></worksheet>`,
				"book/t.xml": `<sst><si><t>end</t></si><si><t>shared</t></si></sst>`,
				"book/f.xml": styles,
			}))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]Grid{{Name: "One", Rows: [][]string{{x.want, "end"}}}}, got); d != "" {
				t.Error(d)
			}
		})
	}
	got, err := ReadXLSX(made(map[string]string{
		"book/b.xml": `<workbook xmlns:r="rel"><workbookPr date1904="1"/><sheets><sheet name="One" r:id="s1"/></sheets></workbook>`,
		"book/s.xml": `<worksheet><sheetData><row r="2"><c r="AB2" s="1"><v>43538</v></c></row></sheetData></worksheet>`,
		"book/f.xml": styles,
	}))
	if err != nil || got[0].Rows[1][27] != "2023-03-15" {
		t.Errorf("a Macintosh's date: %v, %v", got, err)
	}
}

// endless repeats s.
func endless(before, s string, n int, after string) string {
	return before + strings.Repeat(s, n) + after
}

func TestReadXLSXRefuses(t *testing.T) {
	var twice bytes.Buffer
	z := zip.NewWriter(&twice)
	for range 2 {
		if _, err := z.Create("xl/workbook.xml"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	whole := elsewhere(t)
	sheet := func(s string) []byte {
		return made(map[string]string{"book/s.xml": "<worksheet><sheetData>" + s + "</sheetData></worksheet>"})
	}
	for _, x := range []struct {
		name string
		in   []byte
		says string
		big  bool
	}{
		{"nothing", nil, "no .xlsx workbook", false},
		{"CSV", []byte("a,b\n"), "no .xlsx workbook", false},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old .xls", false},
		{"half a workbook", whole[:len(whole)/2], "a part of one", false},
		{"another zip file", made(map[string]string{"book/b.xml": ""}), "without a workbook", false},
		{"a binary workbook", made(map[string]string{"_rels/.rels": `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`}), ".xlsb", false},
		{"a part twice", twice.Bytes(), "twice", false},
		{"no sheet to see", made(map[string]string{"book/b.xml": `<workbook xmlns:r="rel"><sheets><sheet name="One" state="hidden" r:id="s1"/></sheets></workbook>`}), "no sheet", false},
		{"a sheet that is missing", made(map[string]string{"book/s.xml": ""}), "missing", false},
		{"XML cut off", made(map[string]string{"book/s.xml": "<worksheet><sheetData><row><c><v>1"}), "sheet One", false},
		{"rows out of order", sheet(`<row r="2"/><row r="1"/>`), "out of order", false},
		{"a row too far", sheet(`<row r="1048577"/>`), "out of order", false},
		{"cells out of order", sheet(`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`), "out of order", false},
		{"a cell outside a row", sheet(`<c><v>1</v></c>`), "outside its rows", false},
		{"a column too far", sheet(`<row><c r="XFE1"><v>1</v></c></row>`), "columns", false},
		{"a text that is not there", sheet(`<row><c t="s"><v>0</v></c></row>`), "not there", false},
		{"rows of far cells", sheet(endless("", `<row><c r="XFD1"><v>1</v></c></row>`, 600, "")), "cells", true},
		{"one long text", sheet(endless(`<row><c t="inlineStr"><is><t>`, "AAAAAAAA", 1<<20, "</t></is></c></row>")), "longer than any cell", false},
		{"one long tag", sheet(endless(`<row><c r="`, "AAAAAAAA", 1<<20, `"/></row>`)), "longer than any cell", false},
		{"elements in one another", sheet(endless("", "<row>", 1000, "")), "too deep", false},
		{"elements skipped in one another", sheet(endless("<row><c><f>", "<x>", 1000, "")), "too deep", false},
		{"a bomb", made(map[string]string{"book/t.xml": endless("<sst>", "<x></x>", 1<<18, "</sst>")}), "256 MB", true},
	} {
		t.Run(x.name, func(t *testing.T) {
			limit := int64(maxUnpacked)
			if x.name == "a bomb" {
				limit = 1 << 20
			}
			_, err := readXLSX(x.in, limit)
			if err == nil || !strings.Contains(err.Error(), x.says) {
				t.Fatalf("the error is %v, and does not say %q", err, x.says)
			}
			var big *TooLargeError
			if errors.As(err, &big) != x.big {
				t.Errorf("%v: is it a TooLargeError?", err)
			}
		})
	}
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(elsewhere(f))
	f.Add(made(nil))
	f.Add(made(map[string]string{"book/s.xml": `<worksheet><sheetData><row r="3"><c r="B3" s="1"><v>45000.5</v></c></row></sheetData></worksheet>`}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		grids, err := ReadXLSX(b)
		if err == nil && len(grids) == 0 {
			t.Fatal("no sheet and no error")
		}
	})
}

// FuzzSheetXML is ReadXLSX below the zip file, whose checksums would stop every change.
func FuzzSheetXML(f *testing.F) {
	for _, s := range []string{
		`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>45000</v></c></row></sheetData></worksheet>`,
		`<row><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c><c t="b"><v>1</v></c><c t="d"><v>2020-01-01</v></c></row>`,
		`<row r="5"/><row r="9"><c r="AA9"><f>x<v>1</v></f><v>1E5</v></c></row>`,
	} {
		f.Add(s, `<sst><si><t>a_x000D_</t></si></sst>`, `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`)
	}
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		grids, err := ReadXLSX(made(map[string]string{"book/s.xml": sheet, "book/t.xml": texts, "book/f.xml": styles}))
		if err != nil {
			return
		}
		for _, g := range grids {
			for i, r := range g.Rows {
				if len(r) > 0 && r[len(r)-1] == "" {
					t.Fatalf("row %d ends in an empty cell", i+1)
				}
			}
			if n := len(g.Rows); n > 0 && g.Rows[n-1] == nil {
				t.Fatal("the last row is empty")
			}
		}
	})
}
