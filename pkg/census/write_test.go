package census_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	at := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); -update writes it anew\n%s", name, diff)
	}
}

// made is a return with one pupil of every kind.
func made(day date.Date) census.Return {
	return census.Return{
		Day: day, Term: census.TermOf(day), Recorded: time.Date(2027, 1, 21, 17, 30, 5, 0, time.FixedZone("", 3600)),
		Setting: learner.Setting{Name: "Thornelaw Academy & Nursery", URN: "000000", LA: "929", Estab: "0000", Phase: "all-through"},
		Pupils: []census.Pupil{
			{Learner: "jv6fpqgg", UPN: "C929000021114", FormerUPN: "F92900002101A", ULN: "9012345676", Surname: "Ashworth", Forename: "Jude", Preferred: "J", Born: date.New(2017, 3, 8),
				Sex: "M", Ethnicity: "WBRI", Entry: date.New(2021, 9, 6), Status: "C", Year: "5", Provision: "E", Since: date.New(2026, 2, 12), SENUnit: true, TopUp: true,
				Needs: []census.Need{{Rank: 1, Type: "SPLD"}, {Rank: 2, Type: "SEMH"}, {Rank: 3, Type: "HI"}}},
			{Learner: "kk4wfw4j", UPN: "L929000019037", Surname: "O'Neil <&\">", Forename: "=Kai", Born: date.New(2012, 5, 19), Sex: "M", Entry: date.New(2023, 9, 5), Status: "C", Assumed: true,
				Year: "10", Provision: "K", Since: date.New(2025, 4, 3), Resourced: true, Needs: []census.Need{{Type: "NSA"}}},
			{Learner: "rq62bfzs", Surname: "Zażółć", Forename: "Łucja", Born: date.New(2022, 11, 14), Sex: "F", Entry: date.New(2026, 1, 6), Status: "M", Year: "N2",
				Provision: "N", Since: date.New(2026, 1, 6), SENUnit: true, Needs: []census.Need{{Rank: 1, Type: "SLCN"}}},
			{Learner: "zzzz2222", Status: "C", Assumed: true, Unread: true},
		},
	}
}

// writers are the formats, each as one text.
func writers() map[string]func(census.Return, io.Writer) error {
	return map[string]func(census.Return, io.Writer) error{
		"xml":         census.Return.WriteXML,
		"json":        census.Return.WriteJSON,
		"excel.csv":   func(r census.Return, w io.Writer) error { return r.WriteCSV(w, false) },
		"raw.csv":     func(r census.Return, w io.Writer) error { return r.WriteCSV(w, true) },
		"collect.csv": func(r census.Return, w io.Writer) error { return r.WriteCollect(w, w, true) },
		"xlsx": func(r census.Return, w io.Writer) error {
			tables, err := r.Tables()
			if err != nil {
				return err
			}
			return sheet.WriteXLSX(w, tables...)
		},
	}
}

// What every format writes, in each term, and with what is not well marked inside.
func TestWriteGolden(t *testing.T) {
	marked := made(date.New(2027, 1, 21))
	marked.Errors, marked.Faulty, marked.Recorded = 3, []string{"learners/zzzz2222/identity.yaml", "learners/zzzz2222/moves/a--b.yaml"}, time.Time{}
	special := made(date.New(2027, 5, 20))
	special.Setting.Phase = "special"
	empty := made(date.New(2026, 10, 1))
	empty.Pupils = nil
	for name, r := range map[string]census.Return{"autumn": made(date.New(2026, 10, 1)), "spring": made(date.New(2027, 1, 21)), "marked": marked, "special": special, "empty": empty} {
		for kind, write := range writers() {
			if kind == "xlsx" {
				continue // its cells are those of the table; see TestWorkbook
			}
			var b bytes.Buffer
			if err := write(r, &b); err != nil {
				t.Fatal(err)
			}
			golden(t, name+"."+kind, b.Bytes())
		}
	}
}

// The workbook holds the cells of the CSV, above them what the return is, and after them
// what each column means; no identifier is turned into a number.
func TestWorkbook(t *testing.T) {
	r := made(date.New(2027, 1, 21))
	r.Errors, r.Faulty = 3, []string{"learners/zzzz2222/identity.yaml"}
	var book, text bytes.Buffer
	if err := writers()["xlsx"](r, &book); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteCSV(&text, false); err != nil {
		t.Fatal(err)
	}
	grids, err := sheet.ReadXLSX(book.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want, err := sheet.ReadCSV(text.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	tables, err := r.Tables()
	if err != nil {
		t.Fatal(err)
	}
	got := grids[0].Rows
	notes := ""
	for _, row := range got[:len(tables[0].Notes)] {
		notes += row[0] + "\n"
	}
	for _, said := range []string{"no return", "in spite of errors", ": 3.", "learners/zzzz2222/identity.yaml", "929", "2027-01-21 16:30:05 UTC"} {
		if !strings.Contains(notes, said) {
			t.Errorf("the notes do not say %q:\n%s", said, notes)
		}
	}
	got = got[len(tables[0].Notes):]
	if len(got) != len(want.Rows) {
		t.Fatalf("%d rows, want %d", len(got), len(want.Rows))
	}
	for i, row := range want.Rows {
		for k, cell := range row {
			have := ""
			if k < len(got[i]) {
				have = got[i][k]
			}
			if !strings.EqualFold(have, cell) {
				t.Errorf("row %d, %s: %q, want %q", i+1, want.Rows[0][k], have, cell)
			}
		}
	}
	if len(grids) != 2 || grids[1].Name != sheet.Dictionary {
		t.Fatalf("no data dictionary")
	}
}

// The same return gives the same bytes, and wherever the clock stands the same moment.
func TestWriteAgain(t *testing.T) {
	r := made(date.New(2027, 1, 21))
	there := r
	there.Recorded = r.Recorded.In(time.FixedZone("", -11*3600))
	for kind, write := range writers() {
		var a, b bytes.Buffer
		if err := write(r, &a); err != nil {
			t.Fatal(err)
		}
		if err := write(there, &b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: other bytes", kind)
		}
	}
}

// A writer that fails is told of.
func TestWriteFails(t *testing.T) {
	for kind, write := range writers() {
		if err := write(made(date.New(2027, 1, 21)), &full{left: 10}); err == nil {
			t.Errorf("%s: no error", kind)
		}
	}
}

// full is a disk that is.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		return 0, io.ErrShortWrite
	}
	f.left -= len(b)
	return len(b), nil
}

// names are texts as people have names, and worse.
func names() *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringMatching(`[A-Z][a-z]{0,8}([ '-][A-Z][a-z]{1,8})?`), rapid.StringMatching(`[=+@<&>",;' -]{0,5}[0-9A-Za-zéłß]{0,6}`))
}

func anyReturn(t *rapid.T) census.Return {
	day := rapid.SampledFrom([]date.Date{date.New(2026, 10, 1), date.New(2027, 1, 21), date.New(2027, 5, 20)}).Draw(t, "day")
	r := made(day)
	r.Pupils = nil
	r.Errors = rapid.IntRange(0, 2).Draw(t, "errors")
	for range rapid.IntRange(0, 6).Draw(t, "pupils") {
		p := census.Pupil{
			Learner: rapid.StringMatching(`[b-df-hj-np-tv-xz2-9]{8}`).Draw(t, "learner"), Surname: names().Draw(t, "surname"), Forename: names().Draw(t, "forename"),
			UPN: rapid.StringMatching(`([A-HJ-NP-RT-Z]929[0-9]{9})?`).Draw(t, "upn"), Born: date.New(rapid.IntRange(2005, 2023).Draw(t, "born"), 3, 8),
			Status: "C", Year: rapid.SampledFrom([]string{"", "R", "4", "14"}).Draw(t, "year"), Provision: rapid.SampledFrom([]string{"", "N", "K", "E"}).Draw(t, "provision"),
			SENUnit: rapid.Bool().Draw(t, "unit"), TopUp: rapid.Bool().Draw(t, "top-up"),
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "needs") {
			p.Needs = append(p.Needs, census.Need{Rank: i + 1, Type: rapid.SampledFrom([]string{"SPLD", "SEMH", "NSA", ""}).Draw(t, "type")})
		}
		r.Pupils = append(r.Pupils, p)
	}
	return r
}

// What is written can be read again, by readers that are not ours, and says the same of
// every pupil in every format.
func TestWriteReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReturn(t)
		read := map[string][]string{}
		out := map[string][]byte{}
		for kind, write := range writers() {
			var b bytes.Buffer
			if err := write(r, &b); err != nil {
				t.Fatal(err)
			}
			out[kind] = b.Bytes()
		}
		var want []string
		for _, p := range r.Pupils {
			line := []string{p.UPN, p.Surname, p.Forename, p.Year, p.Provision}
			for _, n := range p.Taken(r.Term) {
				line = append(line, n.Type)
			}
			want = append(want, strings.TrimRight(strings.Join(line, "|"), "|"))
		}
		keep := func(kind string, cells []string) {
			read[kind] = append(read[kind], strings.TrimRight(strings.Join(cells, "|"), "|"))
		}

		var message struct {
			Pupils []struct {
				ID struct{ UPN, Surname, Forename string } `xml:"PupilIdentifiers"`
				At struct{ NCyearActual string }           `xml:"PupilStatus"`
				Of struct {
					SENprovision string
					Types        []string `xml:"SENneeds>SENneed>SENtype"`
				} `xml:"SpecialEducationalNeeds"`
			} `xml:"Pupils>PupilsOnRoll>PupilOnRoll"`
		}
		if err := xml.Unmarshal(out["xml"], &message); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out["xml"], []byte("></")) && len(r.Pupils) > 0 {
			t.Fatalf("an empty element:\n%s", out["xml"])
		}
		var document struct {
			Pupils []struct {
				UPN, Surname, Forename, Year string
				Provision                    string `json:"sen_provision"`
				Needs                        []struct{ Type string }
			}
		}
		if err := json.Unmarshal(out["json"], &document); err != nil {
			t.Fatal(err)
		}
		for _, p := range document.Pupils {
			cells := []string{p.UPN, p.Surname, p.Forename, p.Year, p.Provision}
			for _, n := range p.Needs {
				cells = append(cells, n.Type)
			}
			keep("json", cells)
		}
		rows, err := csv.NewReader(bytes.NewReader(out["raw.csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, title := range rows[0] {
			at[title] = i
		}
		for _, row := range rows[1:] {
			keep("raw.csv", []string{row[at["UPN"]], row[at["Surname"]], row[at["Forename"]], row[at["Year"]], row[at["SEN provision"]], row[at["Need 1"]], row[at["Need 2"]]})
		}
		grid, err := sheet.ReadCSV(out["excel.csv"])
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range grid.Rows[1:] {
			keep("excel.csv", []string{row[at["UPN"]], row[at["Surname"]], row[at["Forename"]], row[at["Year"]], row[at["SEN provision"]], row[at["Need 1"]], row[at["Need 2"]]})
		}
		for _, kind := range []string{"json", "raw.csv", "excel.csv"} {
			if diff := cmp.Diff(want, read[kind]); diff != "" {
				t.Fatalf("%s (-want +got)\n%s", kind, diff)
			}
		}
		for i, p := range message.Pupils { // a type that is missing leaves no trace in an XML
			got := strings.TrimRight(strings.Join(append([]string{p.ID.UPN, p.ID.Surname, p.ID.Forename, p.At.NCyearActual, p.Of.SENprovision}, p.Of.Types...), "|"), "|")
			said := func(line string) []string { return strings.FieldsFunc(line, func(r rune) bool { return r == '|' }) }
			if !slices.Equal(said(got), said(want[i])) {
				t.Fatalf("xml: %q, want %q", got, want[i])
			}
		}
		if len(message.Pupils) != len(want) {
			t.Fatalf("xml: %d pupils, want %d", len(message.Pupils), len(want))
		}
	})
}
