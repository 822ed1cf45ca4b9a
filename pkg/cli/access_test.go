package cli

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/report"
)

// No cell of the index is taken for a formula, whatever somebody wrote into a record,
// and nothing of it is lost.
func TestNoFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"=1+1", "+44 1", "-2", "@a", "\t=1", "\r=1", " =1", "\uFF1D1", "'=1", "=HYPERLINK(\"x\",\"y\")\n"})).Draw(t, "words")
		v := report.Access{Items: []report.AccessItem{{N: 1, Path: said, Marks: []report.Mark{{What: "child", Where: said, Who: said, Why: said}}}}, Gaps: []string{said}}
		b, err := accessSheet(v)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			for _, c := range r {
				if first := strings.TrimLeft(c, " "); first != "" && strings.ContainsAny(first[:1], "=+-@\t\r") {
					t.Errorf("a formula: %q", c)
				}
			}
		}
		// csv itself takes \r\n for \n.
		plain := strings.ReplaceAll(said, "\r\n", "\n")
		if got := strings.TrimPrefix(strings.ReplaceAll(rows[1][7], "\r\n", "\n"), "'"); got != strings.TrimPrefix(plain, "'") {
			t.Errorf("%q became %q", said, rows[1][7])
		}
	})
}

// Names that no system takes, and names that lead elsewhere, stay within the bundle.
func TestBundleNames(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	b := bundle{root: root}
	var got []string
	for _, name := range []string{"earlier/1/../../up", "earlier/1/a:b", "earlier/1/A:B", "now//x", "now/\x07y"} {
		at, err := b.write(name, []byte("x"))
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
		got = append(got, at)
	}
	if want := []string{"earlier/1/_/_/up", "earlier/1/a_b", "earlier/1/A_B-2", "now/_/x", "now/_y"}; !slices.Equal(got, want) {
		t.Errorf("written as %q, not %q", got, want)
	}
}
