package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/pkg/term"
)

// listing reads a list in an empty folder, with no repository.
func listing(t *testing.T, name string, content []byte, o listOptions) (exchange.List, string, error) {
	t.Helper()
	dir := t.TempDir()
	var talk bytes.Buffer
	e := &Env{Streams: &term.Streams{In: bytes.NewReader(content), Err: &talk, Width: 80}, Getenv: func(string) string { return "" }, Dir: dir}
	if name != "-" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := e.openList(name, o)
	return l, talk.String(), err
}

func workbook(t *testing.T, tables ...sheet.Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, tables...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheetOf(name string, lines ...string) sheet.Table {
	t := sheet.Table{Name: name}
	for _, h := range strings.Split(lines[0], ",") {
		t.Columns = append(t.Columns, sheet.Column{Title: h})
	}
	t.Rows = func(yield func([]string) bool) {
		for _, l := range lines[1:] {
			if !yield(strings.Split(l, ",")) {
				return
			}
		}
	}
	return t
}

// What a file is, its content says and not its name; which sheet is meant, its headings.
func TestOpenListByContent(t *testing.T) {
	pupils := []string{"pupilonrolltableid,UPN,Surname,SEN Status", "7,V929400126001,Example,K", "8,T929400126017,Sample,N"}
	needs := sheetOf("senneeds", "pupilonrolltableid,sentyperank,sentype", "7,1.0,ASD")
	csv := []byte(strings.Join(pupils, "\r\n"))
	var utf16 bytes.Buffer
	utf16.WriteString("\xff\xfe")
	for _, r := range string(csv) {
		utf16.Write([]byte{byte(r), 0})
	}
	one := workbook(t, sheetOf("Pupils", pupils...))
	two := workbook(t, sheetOf("Pupils", pupils...), needs)
	twice := workbook(t, sheetOf("Autumn", pupils...), sheetOf("Spring", pupils...))
	for _, c := range []struct {
		name    string
		file    string
		content []byte
		how     listOptions
		want    string // in the error
	}{
		{name: "csv", file: "list.csv", content: csv},
		{name: "csv called a workbook", file: "list.xlsx", content: csv},
		{name: "UTF-16", file: "list.txt", content: utf16.Bytes()},
		{name: "a workbook", file: "list.xlsx", content: one},
		{name: "a workbook called csv", file: "list.csv", content: one},
		{name: "from standard input", file: "-", content: one},
		{name: "a workbook with the needs", file: "list.xlsx", content: two, how: listOptions{needs: "senneeds", key: "pupilonrolltableid"}},
		{name: "the sheet that was named", file: "list.xlsx", content: twice, how: listOptions{sheet: "Spring"}},
		{name: "two lists", file: "list.xlsx", content: twice, want: "Autumn, Spring; say which with --sheet"},
		{name: "no such sheet", file: "list.xlsx", content: twice, how: listOptions{sheet: "Springs"}, want: `did you mean "Spring"?`},
		{name: "a sheet of a csv", file: "list.csv", content: csv, how: listOptions{sheet: "Spring"}, want: "which has no sheets"},
		{name: "nothing", file: "list.csv", content: []byte("\ufeff \n"), want: "there is nothing in it"},
		{name: "a Common Transfer File", file: "list.csv", content: []byte("<?xml version=\"1.0\"?><CTfile/>"), want: "sendctl import"},
		{name: "a workbook of long ago", file: "list.xls", content: []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), want: "save it as .xlsx"},
		{name: "a PDF", file: "list.pdf", content: []byte("%PDF-1.7"), want: "export the list"},
		{name: "no equals sign", file: "list.csv", content: csv, how: listOptions{columns: []string{"upn"}}, want: "write FIELD=HEADING"},
		{name: "a field twice", file: "list.csv", content: csv, how: listOptions{columns: []string{"upn=UPN", "upn=Surname"}}, want: "said twice"},
		{name: "a pupil for a heading", file: "list.csv", content: csv, how: listOptions{columns: []string{"upn=V929400126001"}}, want: "is a pupil's number"},
		{name: "a birth date for a heading", file: "list.csv", content: csv, how: listOptions{columns: []string{"birth-date=04/03/2017"}}, want: "is a pupil's number"},
		{name: "no such field", file: "list.csv", content: csv, how: listOptions{columns: []string{"year-group=UPN"}}, want: "there is no field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, talk, err := listing(t, c.file, c.content, c.how)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Pupils) != 2 || l.Pupils[0].UPN != "V929400126001" || l.Pupils[1].Provision() != "N" || len(l.Faults) > 0 {
				t.Errorf("%+v", l.Pupils)
			}
			if c.how.needs != "" && !slices.Equal(l.Pupils[0].Needs, []exchange.Need{{Rank: 1, Type: "ASD"}}) {
				t.Errorf("needs: %+v", l.Pupils[0].Needs)
			}
			if !strings.Contains(talk, `upn                  <- "UPN"`) || strings.Contains(talk, "Example") {
				t.Errorf("it says:\n%s", talk)
			}
		})
	}
}

// What is wrong many times over is told once, with where and never with what.
func TestSayFaults(t *testing.T) {
	var talk bytes.Buffer
	e := &Env{Streams: &term.Streams{Err: &talk, Width: 80}}
	var faults []exchange.Fault
	for row := 2; row < 9002; row++ {
		faults = append(faults, exchange.Fault{Row: row, Column: "upn", Field: exchange.UPN, Message: "this is no UPN"})
	}
	faults = append(faults, exchange.Fault{Table: "needs", Row: 7, Column: "sentype", Message: "this is no code"})
	e.sayFaults("dir/list.csv", faults)
	want := "list.csv, \"upn\", rows 2, 3, 4, 5, 6 and 8995 more: this is no UPN.\nthe table of needs, \"sentype\", row 7: this is no code.\n"
	if talk.String() != want {
		t.Errorf("got:\n%s", talk.String())
	}
}
