package sheet

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// The parts of a workbook are promised: see WriteXLSX. If this fails, something makes the
// same tables into another file: find out what before giving it another sum.
func TestThePartsOfAWorkbookStayTheSame(t *testing.T) {
	for name, x := range map[string]struct {
		of  []Table
		sum string
	}{
		"small": {[]Table{sample()}, "bc7a1c9899cfea5fc848da20d6987b0acc796145e4010819e52066c6607b869b"},
		"large": {[]Table{sample(), wide(3000)}, "884ced926ffccf981c1eb7848d6bfb67a79730bba0cb25b96a6686d6820c4521"},
	} {
		book := write(t, x.of...)
		z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		for _, f := range z.File {
			part, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(sum, "%s %s\n", f.Name, f.Modified.UTC())
			if _, err := io.Copy(sum, part); err != nil {
				t.Fatal(err)
			}
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != x.sum {
			t.Errorf("%s: SHA-256 is %s, not %s", name, got, x.sum)
		}
	}
}

// node is an element of a part.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []node     `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n node) child(name string) node {
	for _, c := range n.Nodes {
		if c.XMLName.Local == name {
			return c
		}
	}
	return node{}
}

func (n node) walk(f func(node)) {
	f(n)
	for _, c := range n.Nodes {
		c.walk(f)
	}
}

// orders are the elements that may stand in an element, in the order in which ECMA-376
// part 1 has them, so far as we write any of them. Excel mends or refuses another order.
func orders() map[string]string {
	return map[string]string{
		"worksheet":  "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells pageMargins pageSetup",
		"sheetView":  "pane selection",
		"workbook":   "fileVersion workbookPr bookViews sheets definedNames calcPr",
		"styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles",
		"font":       "b i u sz color name family",
		"border":     "left right top bottom diagonal",
		"xf":         "alignment protection",
		"c":          "f v is",
		"row":        "c",
		"sheetData":  "row",
	}
}

// What Excel insists on and no other program does.
func TestPartsAreAsExcelAsksForThem(t *testing.T) {
	odd := Table{Name: `O'Neill & "co" <1> _x0041_`, Columns: []Column{{Title: "Only"}}}
	b := write(t, sample(), odd, wide(30))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	orders := orders()
	parts := map[string]node{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		var n node
		if err := xml.Unmarshal(text, &n); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if !bytes.HasPrefix(text, []byte(`<?xml version="1.0" encoding="UTF-8"`)) {
			t.Errorf("%s does not say that it is XML", f.Name)
		}
		parts[f.Name] = n
	}

	types := map[string]string{}
	for _, n := range parts["[Content_Types].xml"].Nodes {
		if n.XMLName.Local == "Override" {
			name := strings.TrimPrefix(n.attr("PartName"), "/")
			if _, ok := parts[name]; !ok {
				t.Errorf("%s has a type and is not there", name)
			}
			types[name] = n.attr("ContentType")
		}
	}
	for name, n := range parts {
		if strings.HasSuffix(name, ".rels") {
			seen := map[string]bool{}
			for _, r := range n.Nodes {
				to := path.Join(path.Dir(path.Dir(name)), r.attr("Target"))
				if _, ok := parts[to]; !ok || seen[r.attr("Id")] {
					t.Errorf("%s: %s leads to %s: it is not there, or has its name twice", name, r.attr("Id"), to)
				}
				seen[r.attr("Id")] = true
				want := path.Base(r.attr("Type"))
				if want == "officeDocument" {
					want = "main"
				}
				if got := types[to]; !strings.HasSuffix(got, want+"+xml") {
					t.Errorf("%s is a %s by its relation and a %s by its type", to, want, got)
				}
			}
		} else if name != "[Content_Types].xml" && types[name] == "" {
			t.Errorf("%s has no type", name)
		}
		n.walk(func(n node) {
			order, at := strings.Fields(orders[n.XMLName.Local]), 0
			for _, c := range n.Nodes {
				if len(order) == 0 {
					break
				}
				i := slices.Index(order, c.XMLName.Local)
				if i < at {
					t.Errorf("%s: in %s the element %s stands out of order or is unknown", name, n.XMLName.Local, c.XMLName.Local)
				}
				at = i
			}
			if count := n.attr("count"); count != "" && count != strconv.Itoa(len(n.Nodes)) {
				t.Errorf("%s: %s has %d elements, not %s", name, n.XMLName.Local, len(n.Nodes), count)
			}
			if slices.Contains([]string{"cols", "sheets", "definedNames", "sheetViews"}, n.XMLName.Local) && len(n.Nodes) == 0 {
				t.Errorf("%s: %s is empty", name, n.XMLName.Local)
			}
		})
	}

	styles := parts["xl/styles.xml"]
	for _, n := range styles.child("cellXfs").Nodes {
		for attr, list := range map[string]string{"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"} {
			if i, err := strconv.Atoi(n.attr(attr)); err != nil || i >= len(styles.child(list).Nodes) {
				t.Errorf("a style has the %s %q", attr, n.attr(attr))
			}
		}
	}
	book := parts["xl/workbook.xml"]
	var names, ranges []string
	for _, n := range book.child("sheets").Nodes {
		names = append(names, n.attr("name"))
	}
	if d := cmp.Diff([]string{"Learners", `O'Neill & "co" <1> _x005F_x0041_`, "Wide", Dictionary}, names); d != "" {
		t.Error(d)
	}
	for i, n := range book.child("definedNames").Nodes {
		if n.attr("localSheetId") != strconv.Itoa(i) || n.attr("name") != "_xlnm._FilterDatabase" {
			t.Errorf("name %d is %v", i, n.Attrs)
		}
		ranges = append(ranges, n.Text)
	}
	want := []string{"'Learners'!$A$2:$E$5", `'O''Neill & "co" <1> _x005F_x0041_'!$A$1:$A$1`, "'Wide'!$A$1:$T$31", "'Data dictionary'!$A$1:$C$27"}
	if d := cmp.Diff(want, ranges); d != "" {
		t.Error(d)
	}

	shown := 0
	for i, want := range want {
		n := parts[sheetPart(i)]
		_, cells, _ := strings.Cut(want, "'!")
		if got := n.child("autoFilter").attr("ref"); got != strings.ReplaceAll(cells, "$", "") {
			t.Errorf("sheet %d: the filter is on %s, its name says %s", i, got, cells)
		}
		if n.child("sheetViews").Nodes[0].attr("tabSelected") == "1" {
			if shown++; i != 0 {
				t.Errorf("sheet %d is shown first", i)
			}
		}
		row := 0
		n.walk(func(n node) {
			switch n.XMLName.Local {
			case "row":
				if got, err := strconv.Atoi(n.attr("r")); err != nil || got <= row {
					t.Errorf("sheet %d: row %s comes after row %d", i, n.attr("r"), row)
				} else {
					row = got
				}
			case "col":
				if n.attr("min") != n.attr("max") || n.attr("width") == "" || n.attr("customWidth") != "1" {
					t.Errorf("sheet %d: a column is %v", i, n.Attrs)
				}
			case "c":
				if !strings.HasSuffix(n.attr("r"), strconv.Itoa(row)) {
					t.Errorf("sheet %d: cell %s stands in row %d", i, n.attr("r"), row)
				}
				if s := n.attr("s"); s != "" {
					if k, err := strconv.Atoi(s); err != nil || k >= len(styles.child("cellXfs").Nodes) {
						t.Errorf("sheet %d: cell %s has the style %s", i, n.attr("r"), s)
					}
				}
				inline := n.attr("t") == "inlineStr"
				if v := n.child("v"); len(n.Nodes) != 1 || inline == (v.XMLName.Local != "") || !inline && !plainNumber(v.Text) {
					t.Errorf("sheet %d: cell %s holds what its type does not say", i, n.attr("r"))
				}
			}
		})
	}
	if shown != 1 {
		t.Errorf("%d sheets are shown first", shown)
	}
}

// The filters as another program finds them by the names that it knows.
func TestExcelizeFindsASheetWhoseNameNeedsQuoting(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, Table{Name: `O'Neill & "co" <1>`, Columns: []Column{{Title: "Only"}}})))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.GetCellValue(`O'Neill & "co" <1>`, "A1"); err != nil || got != "Only" {
		t.Errorf("its heading is %q: %v", got, err)
	}
}
