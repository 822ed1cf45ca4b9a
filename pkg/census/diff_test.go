package census_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// soundUPN is a unique pupil number of a made-up school, with its check letter.
func soundUPN(n int) string {
	const letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
	rest := fmt.Sprintf("9290000%05d", n)
	sum := 0
	for i, c := range rest {
		sum += int(c-'0') * (i + 2)
	}
	return string(letters[sum%23]) + rest
}

func returnOf(day string, ps ...census.Pupil) census.Return {
	d := date.MustParse(day)
	return census.Return{Day: d, Term: census.TermOf(d), Setting: learner.Setting{LA: "929", Estab: "0000", Phase: "primary"}, Pupils: ps}
}

// readBack reads what was written as a list.
func readBack(t interface{ Fatal(...any) }, b, needs []byte) exchange.List {
	g, err := sheet.ReadCSV(b)
	if err != nil {
		t.Fatal(err)
	}
	c, err := exchange.Locate(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := exchange.ReadList(g, c)
	if needs == nil {
		return l
	}
	if g, err = sheet.ReadCSV(needs); err != nil {
		t.Fatal(err)
	}
	if err := exchange.AddNeeds(&l, g, "pupilonrolltableid"); err != nil {
		t.Fatal(err)
	}
	return l
}

func somePupil(n int, day date.Date) *rapid.Generator[census.Pupil] {
	return rapid.Custom(func(t *rapid.T) census.Pupil {
		name := rapid.StringMatching(`[=+@-]?[A-Za-zÀ-ÿ0-9]([A-Za-zÀ-ÿ '’,;"=.-]{0,10}[a-zà-ÿ])?`)
		someDay := func(name string, from, to int) date.Date { return day.AddDays(rapid.IntRange(from, to).Draw(t, name)) }
		p := census.Pupil{
			Learner: fmt.Sprintf("bk7m%04d", n), UPN: soundUPN(n), Surname: name.Draw(t, "surname"), Forename: name.Draw(t, "forename"), Preferred: name.Draw(t, "name"),
			Born: someDay("born", -6000, -800), Sex: rapid.SampledFrom([]string{"M", "F", ""}).Draw(t, "sex"),
			Ethnicity: rapid.SampledFrom([]string{"", "WBRI", "BCRB"}).Draw(t, "ethnicity"), Entry: someDay("entry", -900, 0),
			Status: rapid.SampledFrom([]string{"C", "M", "S"}).Draw(t, "status"), Year: rapid.SampledFrom([]string{"", "N2", "R", "1", "9", "X"}).Draw(t, "year"),
			Provision: rapid.SampledFrom([]string{"", "N", "K", "E"}).Draw(t, "provision"),
			SENUnit:   rapid.Bool().Draw(t, "unit"), Resourced: rapid.Bool().Draw(t, "resourced"), TopUp: rapid.Bool().Draw(t, "top-up"),
		}
		if rapid.Bool().Draw(t, "former") {
			p.FormerUPN, p.ULN = soundUPN(n+50000), "9012345676"
		}
		if p.Provision != "" {
			p.Since = someDay("since", -900, 0)
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "needs") {
			p.Needs = append(p.Needs, census.Need{Rank: rapid.IntRange(0, 3).Draw(t, "rank"), Type: rapid.SampledFrom([]string{"SLCN", "ASD", "NSA", "DS"}).Draw(t, "type"), At: i})
		}
		slices.SortStableFunc(p.Needs, func(a, b census.Need) int { return cmp.Compare(uint(a.Rank)-1, uint(b.Rank)-1) })
		return p
	})
}

// A folder and what was exported from it are alike, in either layout, and both layouts
// give the same pupils.
func TestNoDifferenceFromWhatWasExported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := returnOf(rapid.SampledFrom([]string{"2027-01-21", "2026-10-01"}).Draw(t, "day"))
		r.Setting.Phase = rapid.SampledFrom([]string{"primary", "special"}).Draw(t, "phase")
		raw := rapid.Bool().Draw(t, "raw")
		for n := range rapid.IntRange(1, 4).Draw(t, "pupils") {
			p := somePupil(n+1, r.Day).Draw(t, "pupil")
			if n > 0 {
				p.ULN = "" // one of theirs is enough: two with the same cannot be told apart
			}
			r.Pupils = append(r.Pupils, p)
		}
		census.Sort(r.Pupils)
		var people, pupils, needs bytes.Buffer
		if err := r.WriteCSV(&people, raw); err != nil {
			t.Fatal(err)
		}
		if err := r.WriteCollect(&pupils, &needs, raw); err != nil {
			t.Fatal(err)
		}
		lists := []exchange.List{readBack(t, people.Bytes(), nil), readBack(t, pupils.Bytes(), needs.Bytes())}
		for i, l := range lists {
			if len(l.Faults)+len(l.Notes) > 0 {
				t.Fatalf("layout %d: %+v %+v", i, l.Faults, l.Notes)
			}
			d, err := census.DiffList(r, nil, l)
			if err != nil {
				t.Fatal(err)
			}
			if !d.None() || d.Alike != len(r.Pupils) || d.By[census.ByUPN] != len(r.Pupils) {
				t.Fatalf("layout %d: %+v", i, d)
			}
		}
		days := gocmp.Comparer(func(a, b date.Date) bool { return a == b })
		if diff := gocmp.Diff(lists[0].Pupils, lists[1].Pupils, days, cmpopts.IgnoreFields(exchange.Pupil{}, "Row", "Preferred"), cmpopts.IgnoreFields(exchange.Step{}, "From"), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the two layouts:\n%s", diff)
		}
	})
}

// Whatever cell of an export is changed, the difference is found, and only there.
func TestEveryChangedCellIsFound(t *testing.T) {
	p := census.Pupil{Learner: "bk7m2xqt", UPN: soundUPN(1), FormerUPN: soundUPN(2), ULN: "9012345676", Surname: "Example", Forename: "Ivy", Born: date.MustParse("2017-03-04"),
		Sex: "F", Ethnicity: "WBRI", Entry: date.MustParse("2024-09-03"), Status: "C", Year: "4", Provision: "K", Since: date.MustParse("2025-11-21"),
		SENUnit: true, Resourced: true, TopUp: true, Needs: []census.Need{{Rank: 1, Type: "SLCN"}, {Rank: 2, Type: "ASD"}}}
	other := p
	other.Learner, other.UPN, other.FormerUPN, other.ULN, other.Surname = "bk7m2xqw", soundUPN(3), "", "", "Sample"
	r := returnOf("2027-01-21", p, other)
	var b bytes.Buffer
	if err := r.WriteCSV(&b, true); err != nil {
		t.Fatal(err)
	}
	g, err := sheet.ReadCSV(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for heading, c := range map[string]struct{ to, item, a, b string }{
		"UPN":                 {soundUPN(9), "upn", soundUPN(1), soundUPN(9)},
		"Former UPN":          {"", "former-upn", soundUPN(2), ""},
		"ULN":                 {"", "uln", "9012345676", ""},
		"Surname":             {"Exemplar", "surname", "Example", "Exemplar"},
		"Forename":            {"Ivo", "forename", "Ivy", "Ivo"},
		"Date of birth":       {"2017-04-03", "birth-date", "2017-03-04", "2017-04-03"},
		"Sex":                 {"M", "sex", "F", "M"},
		"Ethnicity":           {"", "ethnicity", "WBRI", ""},
		"On roll since":       {"2024-09-04", "entry-date", "2024-09-03", "2024-09-04"},
		"Enrolment status":    {"M", "enrolment-status", "C", "M"},
		"Year":                {"5", "year", "4", "5"},
		"SEN provision":       {"E", "sen-provision", "K", "E"},
		"SEN provision since": {"2025-11-22", "sen-provision-from", "2025-11-21", "2025-11-22"},
		"Need 1":              {"MLD", "needs", "1 SLCN, 2 ASD", "1 MLD, 2 ASD"},
		"Need 2 rank":         {"1", "needs", "1 SLCN, 2 ASD", "1 SLCN, 1 ASD"},
		"SEN unit":            {"", "sen-unit", "true", "false"},
		"Resourced provision": {"false", "resourced-provision", "true", "false"},
		"Top-up funding":      {"n", "top-up", "true", "false"},
	} {
		t.Run(heading, func(t *testing.T) {
			changed := sheet.Grid{Rows: slices.Clone(g.Rows)}
			changed.Rows[1] = slices.Clone(g.Rows[1])
			changed.Rows[1][slices.Index(g.Rows[0], heading)] = c.to
			at, err := exchange.Locate(changed, nil)
			if err != nil {
				t.Fatal(err)
			}
			d, err := census.DiffList(r, nil, exchange.ReadList(changed, at))
			if err != nil {
				t.Fatal(err)
			}
			if d.None() || d.Alike != 1 || len(d.Differing) != 1 || len(d.OnlyA)+len(d.OnlyB) > 0 {
				t.Fatalf("%+v", d)
			}
			want := []census.Change{{Item: exchange.Field(c.item), A: c.a, B: c.b}}
			if diff := gocmp.Diff(want, d.Differing[0].Changes); diff != "" {
				t.Error(diff)
			}
			// What cannot be read is no difference and not alike.
			changed.Rows[1][slices.Index(g.Rows[0], heading)] = "\x01??"
			d, err = census.DiffList(r, nil, exchange.ReadList(changed, at))
			if err != nil {
				t.Fatal(err)
			}
			if d.None() || len(d.Differing) != 1 || len(d.Differing[0].Unsure) != 1 || d.Differing[0].Unsure[0].Column != heading {
				t.Errorf("a faulty cell: %+v", d)
			}
		})
	}
}

func list(t *testing.T, lines ...string) exchange.List {
	t.Helper()
	return readBack(t, []byte(strings.Join(lines, "\n")), nil)
}

func TestDiffListMatches(t *testing.T) {
	born := date.MustParse("2017-03-04")
	named := func(id, forename string) census.Pupil {
		return census.Pupil{Learner: id, Surname: "O'Sample", Forename: forename, Born: born, Status: "C", Provision: "K"}
	}
	byUPN, byFormer, byTheirs, byULN, byName, faulty := named("a", "Ann"), named("b", "Bea"), named("c", "Cy"), named("d", "Dee"), named("e", "Eve"), named("f", "Flo")
	byUPN.UPN, byFormer.UPN, byFormer.FormerUPN, byTheirs.UPN, byULN.ULN, byName.UPN = soundUPN(1), soundUPN(2), soundUPN(3), soundUPN(4), "9012345676", soundUPN(5)
	faulty.UPN = soundUPN(6)
	twin, twin2, absent := named("g", "Gus"), named("h", "Gus"), named("i", "Ida")
	away := census.Pupil{Learner: "j", UPN: soundUPN(11), Surname: "Gone", Status: "C", Left: date.MustParse("2026-07-01")}
	r := returnOf("2026-10-01", byUPN, byFormer, byTheirs, byULN, byName, faulty, twin, twin2, absent)
	l := list(t, "UPN,Former UPN,ULN,Surname,Forename,DOB,SEN Status,Leaving date",
		soundUPN(1)+",,,other,Child,2017-03-05,K,",
		soundUPN(3)+",,,O'Sample,Bea,2017-03-04,K,",
		soundUPN(7)+","+soundUPN(4)+",,O'Sample,Cy,2017-03-04,K,",
		",,9012345676,O'Sample,Dee,2017-03-04,K,",
		soundUPN(8)+",,,O’SAMPLE,eve,2017-03-04,K,",
		"nothing,,,O'Sample,Flo,2017-03-04,K,",
		",,,O'Sample,Gus,2017-03-04,K,",
		soundUPN(9)+",,,Plain,Pupil,2017-03-04,,",
		soundUPN(10)+",,,With,Sen,2017-03-04,E,",
		soundUPN(11)+",,,Gone,Away,2017-03-04,K,",
		soundUPN(12)+",,,Has,Left,2017-03-04,K,2026-09-01",
	)
	d, err := census.DiffList(r, []census.Pupil{away}, l)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, p := range d.Differing {
		var items []string
		for _, c := range p.Changes {
			items = append(items, string(c.Item))
		}
		for _, u := range p.Unsure {
			items = append(items, string(u.Item)+"?")
		}
		pairs = append(pairs, fmt.Sprintf("%s %d %s %s", p.A.Learner, p.Row, p.By, strings.Join(items, " ")))
	}
	want := []string{"a 2 upn surname forename birth-date", "b 3 former-upn upn former-upn", "c 4 former-upn upn former-upn", "e 6 name upn", "f 7 name upn?"}
	if diff := gocmp.Diff(want, pairs); diff != "" {
		t.Errorf("pairs:\n%s", diff)
	}
	if len(d.Unclear) != 1 || len(d.Unclear[0].A) != 2 || !slices.Equal(d.Unclear[0].Rows, []int{8}) {
		t.Errorf("unclear: %+v", d.Unclear)
	}
	if len(d.OnlyA) != 1 || d.OnlyA[0].Learner != "i" || d.Alike != 1 || d.Aside != 1 {
		t.Errorf("only here %+v, alike %d, aside %d", d.OnlyA, d.Alike, d.Aside)
	}
	var alone []string
	for _, o := range d.OnlyB {
		alone = append(alone, fmt.Sprintf("%d %t %t", o.Row, o.SEN(), o.Away != nil))
	}
	if diff := gocmp.Diff([]string{"9 false false", "10 true false", "11 true true"}, alone); diff != "" {
		t.Errorf("only there:\n%s", diff)
	}
}

// A list of the whole school differs in nothing where those without SEN have no record.
func TestWholeSchool(t *testing.T) {
	p := census.Pupil{Learner: "a", UPN: soundUPN(1), Status: "C", Provision: "N"}
	r := returnOf("2026-10-01", p)
	l := list(t, "UPN,SEN,Top up", soundUPN(1)+",,", soundUPN(2)+",N,", soundUPN(3)+",,")
	d, err := census.DiffList(r, nil, l)
	if err != nil || !d.None() || len(d.OnlyB) != 2 {
		t.Errorf("%+v %v", d, err)
	}
	if l = list(t, "UPN,SEN", soundUPN(1)+",", soundUPN(2)+",A"); true {
		if d, _ = census.DiffList(r, nil, l); d.None() {
			t.Error("a pupil whose code nobody knows counts as one without SEN")
		}
	}
	if _, err := census.DiffList(r, nil, list(t, "Surname,SEN", "Example,K")); err == nil {
		t.Error("a list that names nobody is compared")
	}
	if d, _ = census.DiffList(r, nil, list(t, "UPN,SEN", soundUPN(1)+",N,shifted")); d.None() || d.Alike > 0 {
		t.Errorf("a row that slipped counts as alike: %+v", d)
	}
}

func TestDiffDays(t *testing.T) {
	at := func(id, year, provision string) census.Pupil {
		return census.Pupil{Learner: id, Year: year, Provision: provision, Status: "C", Needs: []census.Need{{Rank: 1, Type: "ASD"}}}
	}
	for _, c := range []struct {
		name          string
		from, to      string
		before, after []census.Pupil
		changes       []census.Change
		onlyA, onlyB  int
		moved         int
		same          bool
	}{
		{name: "alike", from: "2026-10-01", to: "2027-01-21", before: []census.Pupil{at("a", "4", "K")}, after: []census.Pupil{at("a", "4", "K")}, same: true},
		{name: "a school year on", from: "2026-05-21", to: "2026-10-01", before: []census.Pupil{at("a", "R", "K"), at("b", "E1", "N")}, after: []census.Pupil{at("a", "1", "K"), at("b", "E1", "N")}, moved: 1, same: true},
		{name: "kept back", from: "2026-05-21", to: "2026-10-01", before: []census.Pupil{at("a", "4", "K")}, after: []census.Pupil{at("a", "4", "K")}, same: true},
		{name: "skipped a year", from: "2026-05-21", to: "2026-10-01", before: []census.Pupil{at("a", "4", "K")}, after: []census.Pupil{at("a", "6", "K")}, changes: []census.Change{{Item: exchange.Year, A: "4", B: "6"}}},
		{name: "provision", from: "2026-10-01", to: "2027-01-21", before: []census.Pupil{at("a", "4", "N")}, after: []census.Pupil{at("a", "4", "K")},
			changes: []census.Change{{Item: exchange.Provision, A: "N", B: "K"}, {Item: census.Needs, A: "", B: "1 ASD"}}},
		{name: "no types before spring", from: "2026-05-21", to: "2026-05-22", before: []census.Pupil{at("a", "4", "N")}, after: []census.Pupil{at("a", "4", "K")},
			changes: []census.Change{{Item: exchange.Provision, A: "N", B: "K"}}},
		{name: "left and came", from: "2026-10-01", to: "2027-01-21", before: []census.Pupil{at("a", "4", "N")}, after: []census.Pupil{at("b", "4", "K")}, onlyA: 1, onlyB: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := census.DiffDays(returnOf(c.from, c.before...), returnOf(c.to, c.after...))
			var got []census.Change
			for _, p := range d.Differing {
				got = append(got, p.Changes...)
			}
			if diff := gocmp.Diff(c.changes, got); diff != "" {
				t.Error(diff)
			}
			if len(d.OnlyA) != c.onlyA || len(d.OnlyB) != c.onlyB || d.MovedUp != c.moved || d.None() != c.same {
				t.Errorf("%+v", d)
			}
		})
	}
}
