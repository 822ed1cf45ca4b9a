package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func sample() Table {
	return Table{
		Name: "Learners",
		Columns: []Column{
			{Title: "UPN", About: "Unique pupil number."},
			{Title: "Name"},
			{Title: "Born", Kind: Date},
			{Title: "Rank", Kind: Number},
			{Title: "SEN unit", Kind: YesNo},
		},
		Notes: []string{"Made up."},
		Rows: slices.Values([][]string{
			{"V929000026001", "=1+1", "2016-02-29", "12", "true"},
			{"001", " two  blanks ", "not known", "-0.5", ""},
			{"1234567899", "a_x0041_b\rc\n<&>", "", "1e5", "false"},
		}),
	}
}

func TestReadXLSXGivesBackWhatWriteXLSXWrote(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := ReadXLSX(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := []Grid{
		{Name: "Learners", Rows: [][]string{
			{"Made up."},
			{"UPN", "Name", "Born", "Rank", "SEN unit"},
			{"V929000026001", "=1+1", "2016-02-29", "12", "true"},
			{"001", " two  blanks ", "not known", "-0.5"},
			{"1234567899", "a_x0041_b\rc\n<&>", "", "1e5", "false"},
		}},
		{Name: Dictionary, Rows: [][]string{
			{"Sheet", "Column", "What it holds"},
			{"Learners", "UPN", "Unique pupil number."},
			{"Learners", "Name"}, {"Learners", "Born"}, {"Learners", "Rank"}, {"Learners", "SEN unit"},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// write is the tables as a workbook.
func write(t *testing.T, tables ...Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, tables...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wide is a table too large for what a library may keep in memory before it takes to the
// disk: 16 MB of XML.
func wide(rows int) Table {
	t := Table{Name: "Wide"}
	for i := range 20 {
		t.Columns = append(t.Columns, Column{Title: "Column " + strconv.Itoa(i)})
	}
	t.Rows = func(yield func([]string) bool) {
		row := make([]string, len(t.Columns)) // reused, as Table allows
		for n := range rows {
			for i := range row {
				row[i] = "value " + strconv.Itoa(n*31+i)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

func TestSameInputSameBytes(t *testing.T) {
	want := write(t, sample(), wide(500))
	for _, procs := range []int{1, 2, 7} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		if !bytes.Equal(want, write(t, sample(), wide(500))) {
			t.Errorf("with %d processors the bytes are others", procs)
		}
	}
}

func TestNothingOfTheMachineIsInside(t *testing.T) {
	z, err := zip.NewReader(bytes.NewReader(write(t, sample())), int64(len(write(t, sample()))))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		if !f.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is of %s", f.Name, f.Modified)
		}
		if i == 0 && f.Name != "[Content_Types].xml" {
			t.Errorf("the first part is %s: a mail filter will not know a workbook", f.Name)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&excelize.DocProperties{Creator: "sendctl"}, got); d != "" {
		t.Error(d)
	}
}

// What the tables hold is children's names, so no byte of them may reach a temporary
// folder. The folder is watched by being empty and its own, and by not being there.
func TestNoTemporaryFile(t *testing.T) {
	for _, there := range []bool{true, false} {
		dir := t.TempDir()
		if !there {
			dir = filepath.Join(dir, "missing")
		}
		for _, v := range []string{"TMPDIR", "TMP", "TEMP"} {
			t.Setenv(v, dir)
		}
		if got := os.TempDir(); got != dir {
			t.Fatalf("the temporary folder is %s, not %s", got, dir)
		}
		left := func(when string) {
			if entries, _ := os.ReadDir(dir); len(entries) > 0 {
				t.Errorf("%s a file lies in the temporary folder: %s", when, entries[0].Name())
			}
		}
		w := wide(20_000) // 24 MB of XML
		rows := w.Rows
		w.Rows = func(yield func([]string) bool) {
			n := 0
			for r := range rows {
				if n++; n%1000 == 0 {
					left("while it is written")
				}
				if !yield(r) {
					return
				}
			}
		}
		b := write(t, w)
		left("after writing")
		if _, err := ReadXLSX(b); err != nil {
			t.Error(err)
		}
		left("after reading")
	}
}

func TestExcelizeReadsWhatIsWritten(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample(), Table{Name: "None", Columns: []Column{{Title: "Only"}}})))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Learners", "None", Dictionary}, f.GetSheetList()); d != "" {
		t.Error(d)
	}
	rows, err := f.GetRows("Learners")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Made up."},
		{"UPN", "Name", "Born", "Rank", "SEN unit"},
		{"V929000026001", "=1+1", "2016-02-29", "12", "true"},
		{"001", " two  blanks ", "not known", "-0.5"},
		{"1234567899", "a_x0041_b\rc\n<&>", "", "1e5", "false"},
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	for cell, kind := range map[string]excelize.CellType{
		"A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString, "C3": excelize.CellTypeUnset,
		"D3": excelize.CellTypeUnset, "E3": excelize.CellTypeInlineString, "C4": excelize.CellTypeInlineString,
		"A4": excelize.CellTypeInlineString, "A5": excelize.CellTypeInlineString, "D5": excelize.CellTypeInlineString,
	} {
		if got, err := f.GetCellType("Learners", cell); err != nil || got != kind {
			t.Errorf("cell %s is of type %v, not %v (%v)", cell, got, kind, err)
		}
		if got, err := f.GetCellFormula("Learners", cell); err != nil || got != "" {
			t.Errorf("cell %s has a formula %q (%v)", cell, got, err)
		}
	}
	style := func(cell string) *excelize.Style {
		id, err := f.GetCellStyle("Learners", cell)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if style("A3").NumFmt != 49 {
		t.Error("a text is not in the format for texts")
	}
	if !style("A2").Font.Bold {
		t.Error("the heading is not bold")
	}
	if c := style("C3").CustomNumFmt; c == nil || *c != "yyyy-mm-dd" {
		t.Error("a date is not shown as one")
	}
	panes, err := f.GetPanes("Learners")
	if err != nil || !panes.Freeze || panes.YSplit != 2 {
		t.Errorf("the heading and the notes are not frozen: %+v (%v)", panes, err)
	}
	var filters []string
	for _, n := range f.GetDefinedName() {
		filters = append(filters, n.RefersTo)
	}
	if d := cmp.Diff([]string{"'Learners'!$A$2:$E$5", "'None'!$A$1:$A$1", "'Data dictionary'!$A$1:$C$7"}, filters); d != "" {
		t.Error(d)
	}
}

func TestWriteXLSXRefuses(t *testing.T) {
	one := []Column{{Title: "One"}}
	for name, tables := range map[string][]Table{
		"no table":        nil,
		"a name twice":    {{Name: "A", Columns: one}, {Name: "a", Columns: one}},
		"the dictionary":  {{Name: Dictionary, Columns: one}},
		"a long name":     {{Name: strings.Repeat("n", 32), Columns: one}},
		"no such name":    {{Name: "a/b", Columns: one}},
		"no name":         {{Columns: one}},
		"a quoted name":   {{Name: "'a", Columns: one}},
		"a line in it":    {{Name: "a\nb", Columns: one}},
		"Excel's name":    {{Name: "History", Columns: one}},
		"no column":       {{Name: "A"}},
		"a row too short": {{Name: "A", Columns: one, Rows: slices.Values([][]string{{}})}},
		"a row too long":  {{Name: "A", Columns: one, Rows: slices.Values([][]string{{"1", "2"}})}},
		"a text too long": {{Name: "A", Columns: one, Rows: slices.Values([][]string{{strings.Repeat("é", maxCell+1)}})}},
	} {
		if err := WriteXLSX(io.Discard, tables...); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "éé") {
			t.Errorf("%s: the error tells what a cell holds", name)
		}
	}
	if err := WriteXLSX(io.Discard, Table{Name: "A", Columns: one, Rows: slices.Values([][]string{{strings.Repeat("é", maxCell)}})}); err != nil {
		t.Error(err)
	}
}

func TestWriteXLSXTellsThatItCouldNotWrite(t *testing.T) {
	whole := write(t, wide(2000))
	for _, room := range []int{0, 100, len(whole) / 2, len(whole) - 1} {
		if err := WriteXLSX(&fullDisk{room}, wide(2000)); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
}

var errFull = errors.New("no room")

// fullDisk takes so many bytes.
type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestMemoryStaysSmall(t *testing.T) {
	// Live memory is asked for while rows are written, so that no collection's timing
	// decides: 100,000 rows are 120 MB of XML.
	w := wide(100_000)
	rows := w.Rows
	var most uint64
	w.Rows = func(yield func([]string) bool) {
		n := 0
		for r := range rows {
			if n++; n%25_000 == 0 {
				runtime.GC()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			if !yield(r) {
				return
			}
		}
	}
	if err := WriteXLSX(io.Discard, w); err != nil {
		t.Fatal(err)
	}
	if most == 0 || most > 32<<20 {
		t.Errorf("%d MB are held while 100,000 rows are written", most>>20)
	}
}

func TestAnyTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@_x0-9A-F '\t\r\n,;"]{0,12}`), rapid.SampledFrom(nasty()))
		width := rapid.IntRange(1, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 5).Draw(t, "rows")
		tb := Table{Name: "A", Columns: make([]Column, width), Rows: slices.Values(rows)}
		for i := range tb.Columns {
			tb.Columns[i] = Column{Title: "c", Kind: rapid.SampledFrom([]Kind{Text, YesNo}).Draw(t, "kind")}
		}
		var b bytes.Buffer
		if err := WriteXLSX(&b, tb); err != nil {
			t.Fatal(err)
		}
		got, err := ReadXLSX(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(short(rows), short(got[0].Rows[1:])); d != "" {
			t.Fatal(d)
		}
		b.Reset()
		raw := rapid.Bool().Draw(t, "raw")
		if err := WriteCSV(&b, tb, raw); err != nil {
			t.Fatal(err)
		}
		g, err := ReadCSV(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		want := rows
		for _, r := range want {
			for i, c := range r {
				r[i] = strings.ReplaceAll(c, "\x00", "\ufffd") // no text file holds it
				if raw {
					r[i] = unguard(r[i]) // --raw promises nothing to ReadCSV
				}
			}
		}
		if d := cmp.Diff(want, g.Rows[1:], cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// short is rows without the empty cells and rows at their ends, which a sheet does not hold.
func short(rows [][]string) (cut [][]string) {
	for i, r := range rows {
		for len(r) > 0 && r[len(r)-1] == "" {
			r = r[:len(r)-1]
		}
		if len(r) > 0 {
			for len(cut) < i {
				cut = append(cut, nil)
			}
			cut = append(cut, r)
		}
	}
	return cut
}
