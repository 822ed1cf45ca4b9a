package exchange_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/sheet"
	"github.com/sendctl/sendctl/schemas"
)

// grid is a table written with a tab between cells.
func grid(lines ...string) sheet.Grid {
	var g sheet.Grid
	for _, l := range lines {
		g.Rows = append(g.Rows, strings.Split(l, "\t"))
	}
	return g
}

func read(t *testing.T, g sheet.Grid, said map[exchange.Field]string) exchange.List {
	t.Helper()
	c, err := exchange.Locate(g, said)
	if err != nil {
		t.Fatal(err)
	}
	return exchange.ReadList(g, c)
}

var sameDays = cmp.Comparer(func(a, b date.Date) bool { return a == b })

// The same two pupils as four systems print them.
func TestReadListOfManySystems(t *testing.T) {
	day := date.MustParse
	want := []exchange.Pupil{
		{UPN: "V929400126001", Surname: "Example", Forename: "Ivy", Born: day("2017-03-04"), Sex: "F", Year: "4",
			Steps: []exchange.Step{{Code: "K"}}, Needs: []exchange.Need{{Rank: 1, Type: "SLCN"}}},
		{UPN: "T929400126017", Surname: "O’Sample", Forename: "Zoë", Born: day("2021-01-31"), Sex: "M", Year: "R",
			Steps: []exchange.Step{{Code: "E"}}, Needs: []exchange.Need{{Rank: 1, Type: "ASD"}}},
	}
	for name, g := range map[string]sheet.Grid{
		"a government export": grid(
			"upn\tsurname\tforename\tdob\tsex\tncyearactual\tsenprovision\tsentype",
			"V929400126001\tExample\tIvy\t2017-Mar-04 00:00:00\tF\t4\tK\tSLCN",
			"T929400126017\tO’Sample\tZoë\t2021-Jan-31 00:00:00\tM\tR\tE\tASD"),
		"titles above, words for codes": grid(
			"Whole school list\t\t\t\t\t\t\t",
			"",
			"Legal Forename\tLegal Surname\tUPN\tDate of Birth\tGender\tYear Group\tSEN Status\tSEN need 1",
			"Ivy\tExample\tV929400126001\t04/03/2017\tFemale\tYear 4\tK - SEN Support\tSpeech, language and communication needs",
			"\t \t\t\t\t\t\t",
			"Zoë\tO’Sample\tT929400126017\t31/01/2021\tMale\tReception\tEducation, Health and Care Plan\tAutistic Spectrum Disorder"),
		"short words": grid(
			"Last name\tFirst name\tUnique Pupil Number\tDOB\tSex\tNC Year\tSEN\tPrimary need\tHouse",
			"Example\tIvy\tv929400126001\t4 Mar 2017\tf\tY4\tSEN Support (K)\tslcn\tRed",
			"O’Sample\tZoë\tt929400126017\t31 January 2021\tm\tRec\tEHCP\tAutism\tBlue"),
	} {
		t.Run(name, func(t *testing.T) {
			l := read(t, g, nil)
			if len(l.Faults) > 0 {
				t.Errorf("faults: %+v", l.Faults)
			}
			if diff := cmp.Diff(want, l.Pupils, sameDays, cmpopts.IgnoreFields(exchange.Pupil{}, "Row", "Faults")); diff != "" {
				t.Errorf("pupils (-want +got):\n%s", diff)
			}
			if name == "short words" && (len(l.Notes) != 2 || l.Notes[0].Field != exchange.UPN) {
				t.Errorf("notes: %+v", l.Notes)
			}
		})
	}
}

func TestReadListTellsEveryFault(t *testing.T) {
	g := grid(
		"UPN\tULN\tSurname\tDOB\tEntry date\tSex\tYear\tSEN\tSEN type\tTop up\tSEN unit",
		"21db2df8-fa0\t12345\tOne\t01/31/2017\t45678\tX\t1/2\tA\tBESD\tmaybe\t",
		"V929400126001\t\tTwo\t1/2/17\t2024-02-30\t\tYear 15\tyes\tASD, nothing\tTRUE\t0",
		"T929400126017\t1234567899\tThree\t2017-05-01\t30/04/2017 23:00:00\tM\tnursery\tN\tASD; SLCN\t\tn\tmore",
		"Total: 3",
		"\t\t\t\t\t\t\t\t\t\t\t",
	)
	l := read(t, g, map[exchange.Field]string{exchange.Forename: ""})
	var got []string
	for _, f := range l.Faults {
		got = append(got, fmt.Sprintf("%d %s", f.Row, f.Column))
		if f.Message == "" || strings.Contains(f.Message, "fa0") || strings.Contains(f.Message, "45678") {
			t.Errorf("message %q", f.Message)
		}
	}
	want := []string{
		"2 UPN", "2 ULN", "2 DOB", "2 Sex", "2 Entry date", "2 Year", "2 SEN", "2 SEN type", "2 Top up",
		"3 DOB", "3 Entry date", "3 Year", "3 SEN", "3 SEN type",
		"4 ", "4 Entry date",
		"5 UPN",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if len(l.Notes) != 2 || l.Notes[0].Column != "Year" || l.Notes[1].Column != "SEN type" {
		t.Errorf("notes: %+v", l.Notes)
	}
	three := l.Pupils[2]
	if diff := cmp.Diff([]exchange.Need{{Rank: 1, Type: "ASD"}, {Rank: 2, Type: "SLCN"}}, three.Needs, sameDays); diff != "" {
		t.Error(diff)
	}
	if l.Pupils[0].UPN != "21db2df8-fa0" || l.Pupils[0].Provision() != "A" || l.Pupils[0].Needs[0].Type != "BESD" {
		t.Errorf("what is no code is not kept as it came: %+v", l.Pupils[0])
	}
	if l.Pupils[0].TopUp != nil || !*l.Pupils[1].TopUp || *l.Pupils[1].SENUnit || three.TopUp != nil {
		t.Error("indicators")
	}
}

// A name that shows other than it is would be found by nobody and be another child's.
func TestNamesAreSeenWhole(t *testing.T) {
	l := read(t, grid("Surname\tForename",
		"Example\u202eelpmas\tIvy", "Exam\u200bple\tIvy", "Exam\u00adple\tIvy", "\ufeffExample\tIvy", "\u2066Example\u2069\tIvy", "Exam\u200eple\tIvy",
		"Mo\u0308ller\tمی\u200cخواهم", "क्\u200dष\tZoë"), nil)
	var got []int
	for _, f := range l.Faults {
		got = append(got, f.Row)
		if f.Column != "Surname" || strings.Contains(f.Message, "Exam") {
			t.Errorf("row %d, %q: %q", f.Row, f.Column, f.Message)
		}
	}
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6, 7}, got); diff != "" {
		t.Errorf("rows at fault (-want +got):\n%s", diff)
	}
}

// Where a column shows by one day that its months come first, 03/04/2025 is not read as
// the third of April.
func TestMonthFirst(t *testing.T) {
	heading := "UPN\tDOB"
	for _, c := range []struct {
		name   string
		days   []string
		faulty []int
	}{
		{"day first", []string{"31/01/2017", "03/04/2017"}, nil},
		{"nothing tells", []string{"03/04/2017", "04/04/2017"}, nil},
		{"month first shown", []string{"01/31/2017", "03/04/2017", "04/04/2017", "2017-03-04"}, []int{2, 3}},
		{"one slip among days", []string{"01/31/2017", "03/04/2017", "31/01/2017"}, []int{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := grid(heading)
			for _, d := range c.days {
				g.Rows = append(g.Rows, []string{"V929400126001", d})
			}
			var rows []int
			for _, f := range read(t, g, nil).Faults {
				rows = append(rows, f.Row)
			}
			if diff := cmp.Diff(c.faulty, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name     string
		headings string
		said     map[exchange.Field]string
		want     map[exchange.Field]int
		unused   []string
		err      string
	}{
		{name: "known", headings: "Adm. No\tUPN\t SURNAME \tfore-name", want: map[exchange.Field]int{exchange.UPN: 1, exchange.Surname: 2, exchange.Forename: 3}, unused: []string{"Adm. No"}},
		{name: "said before known", headings: "UPN\tSurname\tLegal Surname", said: map[exchange.Field]string{exchange.Surname: "legal surname"},
			want: map[exchange.Field]int{exchange.UPN: 0, exchange.Surname: 2}, unused: []string{"Surname"}},
		{name: "said to have none", headings: "UPN\tSex", said: map[exchange.Field]string{exchange.Sex: ""}, want: map[exchange.Field]int{exchange.UPN: 0}, unused: []string{"Sex"}},
		{name: "one column for two", headings: "UPN\tForename", said: map[exchange.Field]string{exchange.Forename: "Forename", exchange.PreferredName: "Forename"},
			want: map[exchange.Field]int{exchange.UPN: 0, exchange.Forename: 1, exchange.PreferredName: 1}},
		{name: "two headings for one", headings: "Surname\tLegal Surname", err: `"Surname" and "Legal Surname" may each be surname; say which: --column surname="Surname"`},
		{name: "the same twice", headings: "UPN\tUPN", err: "give them different headings"},
		{name: "the same twice, said", headings: "No\tNo", said: map[exchange.Field]string{exchange.UPN: "No"}, err: "give them different headings"},
		{name: "slip in a heading", headings: "UPN\tPupil Ref", said: map[exchange.Field]string{exchange.Surname: "Pupil Reff"}, err: `did you mean "Pupil Ref"?`},
		{name: "slip in a field", headings: "UPN", said: map[exchange.Field]string{"surnam": "x"}, err: `did you mean "surname"?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := exchange.Match(strings.Split(c.headings, "\t"), c.said)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Of); diff != "" {
				t.Errorf("columns:\n%s", diff)
			}
			if diff := cmp.Diff(c.unused, got.Unused); diff != "" {
				t.Errorf("unused:\n%s", diff)
			}
		})
	}
}

// A list without headings begins with a pupil, whom no message may name.
func TestNoHeadings(t *testing.T) {
	_, err := exchange.Locate(grid("V929400126001\tExample\tIvy", "T929400126017\tSample\tZoe"), map[exchange.Field]string{exchange.UPN: "Nummer"})
	var none *exchange.NoHeadingsError
	if !errors.As(err, &none) || strings.Contains(err.Error(), "Example") {
		t.Errorf("error %v", err)
	}
}

func TestAddNeeds(t *testing.T) {
	pupils := grid("pupilonrolltableid\tNativeId\tupn", "7\t1\tV929400126001", "8\t2\tT929400126017", "9\t3\tF92940012600A", "9\t4\tR92940012600Z")
	needs := grid("pupilonrolltableid\tNativeId\tsenneedstableid\tsenneedsorderseqcolumn\tsourceid\tsentyperank\tsentype",
		"7\t1\t1\t1\t\t2.0\tASD",
		"7\t1\t2\t2\t\t1.0\tSLCN",
		"8\t2\t3\t1\t\t1.5\t21db2df8-fa0",
		"9\t3\t4\t1\t\t1.0\tMLD",
		"99\t3\t4\t1\t\t1.0\tMLD",
		"8\t2\t5\t2\t\t3\t",
	)
	l := read(t, pupils, nil)
	if err := exchange.AddNeeds(&l, needs, "pupilonrolltableid"); err != nil {
		t.Fatal(err)
	}
	var got [][]exchange.Need
	for _, p := range l.Pupils {
		got = append(got, p.Needs)
	}
	want := [][]exchange.Need{{{Rank: 1, Type: "SLCN"}, {Rank: 2, Type: "ASD"}}, {{Rank: 3}, {Type: "21db2df8-fa0"}}, nil, nil}
	if diff := cmp.Diff(want, got, sameDays); diff != "" {
		t.Errorf("needs:\n%s", diff)
	}
	var faults []string
	for _, f := range l.Faults {
		faults = append(faults, fmt.Sprintf("%s %d %s", f.Table, f.Row, f.Column))
	}
	if diff := cmp.Diff([]string{"needs 4 sentype", "needs 4 sentyperank", "needs 5 pupilonrolltableid", "needs 6 pupilonrolltableid"}, faults); diff != "" {
		t.Errorf("faults:\n%s", diff)
	}
	if len(l.Pupils[1].Faults) != 2 {
		t.Errorf("the pupil's own faults: %+v", l.Pupils[1].Faults)
	}
	for name, wrong := range map[string]func() error{
		"needs of its own": func() error { l := read(t, grid("id\tSEN type\tupn"), nil); return exchange.AddNeeds(&l, needs, "id") },
		"no key":           func() error { l := read(t, pupils, nil); return exchange.AddNeeds(&l, needs, "upn") },
		"no key of its own": func() error {
			l := read(t, grid("upn\tsex"), nil)
			return exchange.AddNeeds(&l, needs, "pupilonrolltableid")
		},
		"no types": func() error { l := read(t, pupils, nil); return exchange.AddNeeds(&l, pupils, "pupilonrolltableid") },
	} {
		var keyed *exchange.KeyError
		if err := wrong(); !errors.As(err, &keyed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Words of the data lead to one code each, headings to one field, and every field that
// there is has headings.
func TestHeadingsAreOfOneField(t *testing.T) {
	want := []exchange.Field{exchange.UPN, exchange.FormerUPN, exchange.ULN, exchange.Surname, exchange.Forename, exchange.PreferredName, exchange.BirthDate,
		exchange.Sex, exchange.Ethnicity, exchange.EntryDate, exchange.LeavingDate, exchange.Status, exchange.Year, exchange.Provision, exchange.ProvisionFrom,
		exchange.Need1, exchange.Need2, exchange.Need1Rank, exchange.Need2Rank, exchange.SENUnit, exchange.Resourced, exchange.TopUp}
	if diff := cmp.Diff(want, exchange.Fields()); diff != "" {
		t.Errorf("fields of the code (-) and of schemas/columns.yaml (+):\n%s", diff)
	}
	f, _, err := recordfile.Read[exchange.Headings]("columns.yaml", "columns", schemas.Columns())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, field := range f.Value.Fields {
		for term := range strings.FieldsFuncSeq(string(field.Headings), func(r rune) bool { return r == ',' || r == '\n' }) {
			key := exchange.Fold(term)
			if other := seen[key]; other != "" && (other != field.ID || key == "") {
				t.Errorf("%q heads both %s and %s", term, other, field.ID)
			}
			seen[key] = field.ID
		}
		if exchange.Field(field.ID).Words() == "" {
			t.Errorf("%s has no words", field.ID)
		}
	}
	words := map[string]string{}
	for _, c := range f.Value.Codes {
		list, err := recordfile.CodeList(c.List)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := list.Code(c.Code); !ok {
			t.Errorf("%s has no code %s", c.List, c.Code)
		}
		for term := range strings.FieldsFuncSeq(string(c.Words)+"\n"+string(c.Loose), func(r rune) bool { return r == ',' || r == '\n' }) {
			key := c.List + "/" + exchange.Fold(term)
			if other := words[key]; other != "" && other != c.Code {
				t.Errorf("%q means both %s and %s", term, other, c.Code)
			}
			words[key] = c.Code
			if code, ok := list.Code(strings.ToUpper(exchange.Fold(term))); ok && code.Code != c.Code {
				t.Errorf("%q is a code of its own and stands for %s", term, c.Code)
			}
		}
	}
}
