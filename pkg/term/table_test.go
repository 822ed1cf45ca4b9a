package term

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestTable(t *testing.T) {
	table := Table{
		Header: []string{"learner", "Stage", "Reviews", "Next review is due"},
		Rows: [][]string{
			{"bk7m2xqt", "SEN Support Plan; STAR in progress to 17 July, decision awaited", "3", "21 Nov 2025"},
			{"c0ffee00", "日本語の名前と", "12", ""},
			{"dq3n7s2a", "two\nlines\tand \x1b[31mred", "", "1 | 2"},
			{"e\u0301lan"},
		},
		Right: []int{2},
	}
	for name, set := range map[string]func(*Streams, *Table){
		"table-tty.txt":        func(*Streams, *Table) {},
		"table-wide.txt":       func(s *Streams, _ *Table) { s.Columns = 120 },
		"table-accessible.txt": func(s *Streams, _ *Table) { s.Accessible = true },
		"table-wrapped.txt":    func(_ *Streams, t *Table) { t.Wrap = true },
		"table-piped.txt":      func(s *Streams, _ *Table) { s.OutTTY = false },
		"table-no-header.txt":  func(_ *Streams, t *Table) { t.Header = nil },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			s, table := &Streams{Out: &out, OutTTY: true, Width: 70}, table
			set(s, &table)
			if err := s.Print(table); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.String())
		})
	}
}

func TestTableEmpty(t *testing.T) {
	for _, tty := range []bool{true, false} {
		var out bytes.Buffer
		s := &Streams{Out: &out, OutTTY: tty}
		if err := s.Print(Table{}); err != nil || out.Len() > 0 {
			t.Errorf("got %q, %v", out.String(), err)
		}
		if err := s.Print(Table{Header: []string{"A", "B"}}); err != nil || !strings.HasPrefix(out.String(), "A") {
			t.Errorf("got %q, %v", out.String(), err)
		}
	}
}

// TestTableShape holds for any cells: one line per row, columns begin where the
// header's do, nothing wider than the terminal, the same cells when piped.
func TestTableShape(t *testing.T) {
	cell := rapid.StringOf(rapid.SampledFrom([]rune("abc  \n\t\x1b本é\u0301|…")))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "columns")
		table := Table{Header: make([]string, n)}
		for i := range table.Header {
			table.Header[i] = "H"
		}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			table.Rows = append(table.Rows, rapid.SliceOfN(cell, n, n).Draw(t, "row"))
		}
		var out bytes.Buffer
		s := &Streams{Out: &out, OutTTY: true, Width: 60}
		table.Wrap = rapid.Bool().Draw(t, "wrap")
		if err := s.Print(table); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != len(table.Rows)+2 && !table.Wrap {
			t.Fatalf("%d lines for %d rows:\n%s", len(lines), len(table.Rows), out.String())
		}
		for _, line := range lines {
			if columns(line) > 60 || strings.Contains(line, "\x1b") {
				t.Fatalf("bad line %q", line)
			}
		}
		out.Reset()
		s.OutTTY = false
		if err := s.Print(table); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if strings.Count(line, "\t") != n-1 {
				t.Fatalf("bad line %q", line)
			}
		}
	})
}
