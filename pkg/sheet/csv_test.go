package sheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// nasty are texts that an office program would not leave alone.
func nasty() []string {
	return []string{
		"=1+1", "+44 1670 000000", "-1", "-", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1",
		"＝1+1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0", "0001", "00", "123456789012", "1E5", "1e5", "1e+5",
		"1-2", "1/2", "1.50", "1.5", "TRUE", "false", " true", "12:30", "12:30 pm", "7 A", "MAR1", "2 Sept", "Mar 5",
		"1-Jan", "2025-01-31", "31/01/2025", "£5", "5%", "(5)", "1,000", "'=1", "''=1", "'0001", "'TRUE",
		"#N/A", "#REF!", "#NAME?", "1 January 2025", "12 pm", "1.5e3",
	}
}

// fine are texts that it leaves as they are.
func fine() []string {
	return []string{
		"", "0", "4", "11", "1234567899", "A929400126001", "E929000026001", "P929000026001", "F92940012600A",
		"LA 001", "7A", "10P", "N2", "E1", "May", "April", "D'Arcy", "'t Hooft", "O’Neill", "Smith-Jones",
		"k7f3q9", "#1", "# 7", "Room 12", "marches 1", "1 marches", "SEN support", "a=b", "12 High Street", "2025-01-31T10:00:00Z", "'", "Zoë", "李",
	}
}

func TestGuard(t *testing.T) {
	for _, s := range nasty() {
		if got := guard(s, Text); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range fine() {
		if got := guard(s, Text); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, x := range []struct {
		s    string
		k    Kind
		want string
	}{
		{"-1.5", Number, "-1.5"}, {"12", Number, "12"}, {"007", Number, "'007"}, {"=1", Number, "'=1"},
		{"2025-01-31", Date, "2025-01-31"}, {"31/01/2025", Date, "'31/01/2025"}, {"2025-02-30", Date, "'2025-02-30"},
		{"true", YesNo, "true"}, {"false", YesNo, "false"}, {"TRUE", YesNo, "'TRUE"},
	} {
		if got := guard(x.s, x.k); got != x.want {
			t.Errorf("%q as %d is written as %q, not %q", x.s, x.k, got, x.want)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	tb := Table{
		Columns: []Column{{Title: "UPN"}, {Title: "Rank", Kind: Number}, {Title: "Born", Kind: Date}, {Title: "Name, used"}},
		Notes:   []string{"left out"},
		Rows: slices.Values([][]string{
			{"V929000026001", "1", "2016-02-29", "=1+1"},
			{"0012", "", "", `Anne "Annie"`},
		}),
	}
	for _, x := range []struct {
		raw  bool
		want string
	}{
		{false, "\ufeffUPN,Rank,Born,\"Name, used\"\r\nV929000026001,1,2016-02-29,'=1+1\r\n'0012,,,\"Anne \"\"Annie\"\"\"\r\n"},
		{true, "UPN,Rank,Born,\"Name, used\"\nV929000026001,1,2016-02-29,=1+1\n0012,,,\"Anne \"\"Annie\"\"\"\n"},
	} {
		var b bytes.Buffer
		if err := WriteCSV(&b, tb, x.raw); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(x.want, b.String()); d != "" {
			t.Error(d)
		}
	}
	if err := WriteCSV(&fullDisk{3}, tb, true); err == nil {
		t.Error("a full disk is no error")
	}
	tb.Rows = slices.Values([][]string{{"1"}})
	if err := WriteCSV(&bytes.Buffer{}, tb, true); err == nil {
		t.Error("a row too short is no error")
	}
}

func wideText(s string, big bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
			continue
		}
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestReadCSV(t *testing.T) {
	list := [][]string{{"Surname", "UPN"}, {"Zoë €", "001"}}
	for _, x := range []struct {
		name string
		in   string
		want [][]string
	}{
		{"nothing", "", nil},
		{"UTF-8", "Surname,UPN\nZoë €,001\n", list},
		{"with its mark, and CR LF", "\ufeffSurname,UPN\r\nZoë €,001\r\n", list},
		{"CR alone, no last line end", "Surname,UPN\rZoë €,001", list},
		{"UTF-16, small end first", string(wideText("Surname\tUPN\r\nZoë €\t001\r\n", false)), list},
		{"UTF-16, big end first", string(wideText("Surname\tUPN\r\nZoë €\t001\r\n", true)), list},
		{"Windows-1252", "Surname;UPN\r\nZo\xeb \x80;001\r\n", list},
		{"semicolons, with commas in the rows", "a;b\n1,2,3;4\n", [][]string{{"a", "b"}, {"1,2,3", "4"}}},
		{"separators in quotation marks", "\"a;b;c\",d\n1,2\n", [][]string{{"a;b;c", "d"}, {"1", "2"}}},
		{"said by sep", "sep=;\r\na,b,c;d\r\n1;2\r\n", [][]string{{"a,b,c", "d"}, {"1", "2"}}},
		{"a heading that only begins so", "sep=,a\n1,2\n", [][]string{{"sep=", "a"}, {"1", "2"}}},
		{"ragged rows and empty lines", "a,b\n1\n\n1,2,3\n,\n", [][]string{{"a", "b"}, {"1"}, {""}, {"1", "2", "3"}, {"", ""}}},
		{"quotation marks", "a,b\n\"x \"\"y\"\"\",\"1\r\n2\"\n\"\",z\"z\n\"p\"q,r\n", [][]string{
			{"a", "b"}, {`x "y"`, "1\r\n2"}, {"", `z"z`}, {"pq", "r"},
		}},
		{"apostrophes of WriteCSV", "a,b\n'=1,'0001\n'Neill,''=1\n", [][]string{{"a", "b"}, {"=1", "0001"}, {"'Neill", "'=1"}}},
		{"a title above the heading", "Pupils with SEN\n\nSurname;UPN\nZoë €;001\n", append([][]string{{"Pupils with SEN"}, {""}}, list...)},
		{"a title above tabs", "Pupils with SEN\nSurname\tUPN\nZoë €\t001\n", append([][]string{{"Pupils with SEN"}}, list...)},
		{"a title with a comma", "Thornelaw, autumn\nPupils\nSurname;UPN\nZoë €;001\n", append([][]string{{"Thornelaw, autumn"}, {"Pupils"}}, list...)},
		{"a title of two lines in quotation marks", "\"Pupils,\nautumn\"\nSurname;UPN\nZoë €;001\n", append([][]string{{"Pupils,\nautumn"}}, list...)},
		{"a title with the mark of inches", "Desks of 60\" and 48\"\"\nSurname;UPN\nZoë €;001\n", append([][]string{{`Desks of 60" and 48""`}}, list...)},
		{"a title without rows", "Pupils\nSurname\tUPN", [][]string{{"Pupils"}, list[0]}},
		{"one column", "UPN\n001\n", [][]string{{"UPN"}, {"001"}}},
		{"a heading whose rows have other separators too", "a,b\n1;2;3,4\n", [][]string{{"a", "b"}, {"1;2;3", "4"}}},
		{"a heading with rows cut short", "a,b\n1\n2\n", [][]string{{"a", "b"}, {"1"}, {"2"}}},
		{"blanks stay", "a,b\n x , y\n", [][]string{{"a", "b"}, {" x ", " y"}}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got, err := ReadCSV([]byte(x.in))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(x.want, got.Rows); d != "" {
				t.Error(d)
			}
		})
	}
	for name, in := range map[string]string{
		"open quotation mark": "a,b\n1,\"2\n3,4\n",
		"workbook":            "PK\x03\x04rest",
		"not text":            "a,b\n\x00\x01",
		"half a character":    "\xff\xfea",
		"not text, wide":      "\xff\xfea\x00\x00\x00",
	} {
		if _, err := ReadCSV([]byte(in)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range append(nasty(), "a,b\n1,2\n", "sep=;\na;b\n", "\"a\"\"\n\",b", "\xff\xfea\x00", "\xff\xfea\x00\x00\x00", "\xfe\xff\x00a", "\x80\x81,é\n", "\r\r\n\n") {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := ReadCSV(b)
		if err != nil {
			return
		}
		size := 0
		for _, r := range g.Rows {
			if len(r) == 0 {
				t.Fatal("a row without a cell")
			}
			for _, c := range r {
				if size += len(c); !utf8.ValidString(c) {
					t.Fatalf("%q is no text", c)
				}
			}
		}
		if size > 3*len(b) {
			t.Fatalf("%d bytes became %d", len(b), size)
		}
		// What was read can be written and read again.
		width := 0
		for _, r := range g.Rows {
			width = max(width, len(r))
		}
		if width == 0 || width > 100 {
			return
		}
		tb := Table{Name: "A", Columns: make([]Column, width), Rows: func(yield func([]string) bool) {
			for _, r := range g.Rows {
				if !yield(append(slices.Clip(r), make([]string, width-len(r))...)) {
					return
				}
			}
		}}
		var out bytes.Buffer
		if err := WriteCSV(&out, tb, false); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range g.Rows {
			if got := again.Rows[i+1][:len(r)]; !slices.Equal(r, got) {
				t.Fatalf("row %q came back as %q", r, got)
			}
		}
		if strings.Contains(out.String(), "\x00") {
			t.Fatal("a text file with a zero byte")
		}
	})
}
