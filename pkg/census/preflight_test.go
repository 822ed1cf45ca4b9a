package census_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

const (
	autumn = "2026-10-01"
	spring = "2027-01-21"
	summer = "2027-05-20"
)

func on(s string) date.Date { return date.MustParse(s) }

// fine is a pupil of whom the DfE would ask nothing on the census days of 2026/27.
func fine() census.Pupil {
	return census.Pupil{
		Learner: "bk7m2xqt", UPN: "V929400126001", ULN: "", Surname: "Eyre", Forename: "Jane", Born: on("2016-10-21"), Sex: "F",
		Entry: on("2021-09-06"), Status: "C", Year: "5", Provision: "K", Since: on("2025-01-06"),
		Needs: []census.Need{{Rank: 1, Type: "SPLD", At: 0}, {Rank: 2, Type: "SEMH", At: 1}},
	}
}

// one is what is found of one pupil of a school.
func one(t *testing.T, when, phase string, p census.Pupil) []census.Problem {
	t.Helper()
	return census.Preflight(census.PreflightInput{Return: census.Return{Day: on(when), Term: census.TermOf(on(when)), Setting: learner.Setting{Phase: phase}, Pupils: []census.Pupil{p}}})
}

// inShort is problems as "2120 2175Q 2166advice".
func inShort(ps []census.Problem) string {
	var out []string
	for _, p := range ps {
		s := p.Rule
		if p.Query {
			s += "Q"
		}
		if p.Advice {
			s += "advice"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestPupil(t *testing.T) {
	needs := func(ns ...census.Need) func(*census.Pupil) {
		return func(p *census.Pupil) {
			p.Needs = ns
			for i := range ns {
				p.Needs[i].At = i
			}
		}
	}
	need := func(rank int, typ string) census.Need { return census.Need{Rank: rank, Type: typ} }
	for _, tt := range []struct {
		name, on, phase string
		change          func(*census.Pupil)
		want            string
	}{
		{"nothing wrong in autumn", autumn, "primary", func(*census.Pupil) {}, ""},
		{"nothing wrong in spring", spring, "primary", func(*census.Pupil) {}, ""},
		{"nothing wrong in summer", summer, "primary", func(*census.Pupil) {}, ""},

		{"no UPN", autumn, "primary", func(p *census.Pupil) { p.UPN = "" }, "1500"},
		{"a wrong check letter", autumn, "primary", func(p *census.Pupil) { p.UPN = "A929400126001" }, "1510"},
		{"a small check letter", autumn, "primary", func(p *census.Pupil) { p.UPN = "v929400126001" }, "1510"},
		{"no letter at all", autumn, "primary", func(p *census.Pupil) { p.UPN = "9929400126001" }, "1510"},
		{"an authority that is not known", autumn, "primary", func(p *census.Pupil) { p.UPN = "E000200005001" }, "1530Q"},
		{"letters for an authority", autumn, "primary", func(p *census.Pupil) { p.UPN = "VABC400126001" }, "1530"},
		{"a letter among the digits", autumn, "primary", func(p *census.Pupil) { p.UPN = "V9294001A6001" }, "1540"},
		{"one character short", autumn, "primary", func(p *census.Pupil) { p.UPN = "V92940012600" }, "1550"},
		{"one character more", autumn, "primary", func(p *census.Pupil) { p.UPN = "V9294001260011" }, "1550"},
		{"a letter that is never used", autumn, "primary", func(p *census.Pupil) { p.UPN = "V92940012600O" }, "1550"},
		{"random hex", autumn, "primary", func(p *census.Pupil) { p.UPN = "21db2df8-fa0" }, "1510 1530 1540 1550"},
		{"one character", autumn, "primary", func(p *census.Pupil) { p.UPN = "V" }, "1530 1540 1550"},
		{"a temporary UPN", autumn, "primary", func(p *census.Pupil) { p.UPN = "F92940012600A" }, "upn-temporaryadvice"},
		{"a former UPN that is wrong", autumn, "primary", func(p *census.Pupil) { p.FormerUPN = "A929400126001" }, "1510"},

		{"14 on census day, no ULN", autumn, "secondary", func(p *census.Pupil) { p.Born, p.Year = on("2012-10-01"), "9" }, "1570"},
		{"14 the day after", autumn, "secondary", func(p *census.Pupil) { p.Born, p.Year = on("2012-10-02"), "9" }, ""},
		{"14 with a ULN", autumn, "secondary", func(p *census.Pupil) { p.Born, p.Year, p.ULN = on("2012-10-01"), "9", "1234567899" }, ""},
		{"a wrong check digit", autumn, "primary", func(p *census.Pupil) { p.ULN = "1234567890" }, "1575"},
		{"ten nines", autumn, "primary", func(p *census.Pupil) { p.ULN = "9999999999" }, "1575"},

		{"no surname", autumn, "primary", func(p *census.Pupil) { p.Surname = "" }, "1580"},
		{"no forename", autumn, "primary", func(p *census.Pupil) { p.Forename = "" }, "1590"},
		{"no date of birth", autumn, "primary", func(p *census.Pupil) { p.Born = date.Date{} }, "1600"},
		{"no sex", autumn, "primary", func(p *census.Pupil) { p.Sex = "" }, "1610"},
		{"a sex the census does not take", autumn, "primary", func(p *census.Pupil) { p.Sex = "U" }, "1610"},
		{"11 in a primary school", summer, "primary", func(p *census.Pupil) { p.Born, p.Year = on("2015-09-01"), "6" }, ""},
		{"12 in a primary school", summer, "primary", func(p *census.Pupil) { p.Born, p.Year = on("2015-05-20"), "6" }, "1601Q"},
		{"2 in a nursery", autumn, "nursery", func(p *census.Pupil) { p.Born, p.Year = on("2024-10-01"), "E1" }, ""},
		{"1 in a nursery", autumn, "nursery", func(p *census.Pupil) { p.Born, p.Year = on("2024-10-02"), "E1" }, "1601Q"},

		{"an enrolment status that is none", autumn, "primary", func(p *census.Pupil) { p.Status = "P" }, "1860"},
		{"no day of joining", autumn, "primary", func(p *census.Pupil) { p.Entry = date.Date{} }, "1880"},
		{"joins on census day", autumn, "primary", func(p *census.Pupil) { p.Entry = on(autumn) }, ""},
		{"joins after census day", autumn, "primary", func(p *census.Pupil) { p.Entry = on(autumn).AddDays(1) }, "1880"},
		{"leaves before joining", autumn, "primary", func(p *census.Pupil) { p.Left = on("2021-09-05") }, "1920"},

		{"top-up and K", autumn, "primary", func(p *census.Pupil) { p.TopUp = true }, "1990Q"},
		{"top-up and E", autumn, "primary", func(p *census.Pupil) { p.TopUp, p.Provision = true, "E" }, ""},
		{"top-up and N", autumn, "primary", func(p *census.Pupil) { p.TopUp, p.Provision = true, "N" }, "1990Q"},

		{"one year behind", autumn, "primary", func(p *census.Pupil) { p.Year = "4" }, ""},
		{"two years behind", autumn, "primary", func(p *census.Pupil) { p.Year = "3" }, "2020Q"},
		{"two years ahead", autumn, "all-through", func(p *census.Pupil) { p.Year = "7" }, "2020Q"},
		{"the National Curriculum not followed", autumn, "pupil-referral-unit", func(p *census.Pupil) { p.Year = "X" }, ""},
		{"no year", autumn, "primary", func(p *census.Pupil) { p.Year = "" }, "2000"},
		{"a year beyond 14", autumn, "pupil-referral-unit", func(p *census.Pupil) { p.Year = "15" }, "2020Q 2000"},
		{"year 7 in a primary school", autumn, "primary", func(p *census.Pupil) { p.Born, p.Year = on("2015-08-31"), "7" }, "2002"},
		{"year 9 in a middle school", autumn, "middle-deemed-secondary", func(p *census.Pupil) { p.Born, p.Year = on("2012-12-01"), "9" }, ""},

		{"no code", autumn, "primary", func(p *census.Pupil) { p.Provision = "" }, "2120"},
		{"S", autumn, "primary", func(p *census.Pupil) { p.Provision = "S" }, "2115"},
		{"A", autumn, "primary", func(p *census.Pupil) { p.Provision = "A" }, "2120"},
		{"N with a need in autumn", autumn, "primary", func(p *census.Pupil) { p.Provision = "N" }, ""},
		{"N with a need in spring", spring, "primary", func(p *census.Pupil) { p.Provision = "N" }, "2125"},
		{"N with a need in summer", summer, "primary", func(p *census.Pupil) { p.Provision = "N" }, ""},
		{"N with a place in autumn", autumn, "primary", func(p *census.Pupil) { p.Provision, p.SENUnit, p.Resourced = "N", true, true }, "2125 2125"},
		{"N with NSA in spring", spring, "primary", func(p *census.Pupil) { p.Provision = "N"; needs(need(1, "NSA"))(p) }, "2125"},

		{"a rank without a type", spring, "primary", needs(need(1, "SPLD"), need(2, "")), "2130"},
		{"only a rank", spring, "primary", needs(need(1, "")), "2130 2170"},
		{"a type without a rank", spring, "primary", needs(need(0, "SPLD")), "2140"},
		{"ranks 1 and 3", spring, "primary", needs(need(1, "SPLD"), need(3, "MLD")), "2140"},
		{"rank 1 only", spring, "primary", needs(need(1, "SPLD")), ""},
		{"rank 2 only", spring, "primary", needs(need(2, "SPLD")), "2160"},
		{"rank 2 only, in autumn", autumn, "primary", needs(need(2, "SPLD")), ""},
		{"two of rank 1", spring, "primary", needs(need(1, "SPLD"), need(1, "MLD")), "2165"},
		{"two of rank 2", spring, "primary", needs(need(1, "SPLD"), need(2, "MLD"), need(2, "HI")), "2165 2166advice"},
		{"two of rank 3, which is not sent", spring, "primary", needs(need(1, "SPLD"), need(2, "MLD"), need(3, "HI"), need(3, "VI")), "2166advice"},
		{"three types", spring, "primary", needs(need(1, "SPLD"), need(2, "MLD"), need(3, "HI")), "2166advice"},
		{"K without a type", spring, "primary", needs(), "2170"},
		{"K without a type, in autumn", autumn, "primary", needs(), ""},
		{"a type that is none", spring, "primary", needs(need(1, "XYZ")), "2170"},
		{"BESD", spring, "primary", needs(need(1, "BESD")), "2170"},
		{"DS", spring, "primary", needs(need(1, "DS")), ""},
		{"NSA with K", spring, "primary", needs(need(1, "NSA")), ""},
		{"NSA with E", spring, "primary", func(p *census.Pupil) { p.Provision = "E"; needs(need(1, "NSA"))(p) }, "2175"},
		{"NSA with E, in autumn", autumn, "primary", func(p *census.Pupil) { p.Provision = "E"; needs(need(1, "NSA"))(p) }, ""},

		{"N in a special school", autumn, "special", func(p *census.Pupil) { p.Provision, p.Needs = "N", nil }, "2180 2200Q 2210Q"},
		{"K in a special school", autumn, "special", func(*census.Pupil) {}, "2205Q 2210Q"},
		{"a place in a special school", autumn, "special", func(p *census.Pupil) { p.Provision, p.SENUnit, p.Resourced = "E", true, true }, "5049 5050"},
		{"a place in a pupil referral unit", autumn, "pupil-referral-unit", func(p *census.Pupil) { p.SENUnit = true }, "5049"},
		{"a place in a primary school", autumn, "primary", func(p *census.Pupil) { p.SENUnit, p.Resourced = true, true }, ""},
		{"a nursery that makes another census", autumn, "early-years", func(p *census.Pupil) { p.UPN = "" }, ""},
		{"a college", autumn, "post-16", func(p *census.Pupil) { p.UPN = "" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := fine()
			tt.change(&p)
			got := one(t, tt.on, tt.phase, p)
			if diff := cmp.Diff(tt.want, inShort(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Asking for a day picks what was valid that day.
func TestCodesOfTheDay(t *testing.T) {
	for _, tt := range []struct {
		on, provision, typ, want string
	}{
		{"2024-12-31", "K", "DS", ""}, // no spring census: types are not looked at
		{"2024-01-18", "K", "DS", "2170"},
		{"2025-01-01", "K", "DS", ""},
		{"2025-01-16", "K", "DS", ""},
		{"2014-01-16", "P", "BESD", ""},
		{"2015-01-15", "P", "BESD", ""}, // P was over in summer 2015 only; without K or E no type is asked
		{"2015-01-15", "K", "BESD", "2170"},
		{"2016-01-21", "A", "SEMH", "2120"},
		{"2014-01-16", "K", "SEMH", "2120 2170"},
		{"2018-01-18", "S", "SEMH", ""},
		{"2019-01-17", "S", "SEMH", "2115"},
	} {
		p := fine()
		p.Born, p.Entry = on(tt.on).AddDays(-2000), on(tt.on)
		p.Year = on(tt.on).YearGroup(p.Born.Reception())
		p.Provision, p.Needs = tt.provision, []census.Need{{Rank: 1, Type: tt.typ}}
		if got := inShort(one(t, tt.on, "primary", p)); got != tt.want {
			t.Errorf("%s with %s on %s: %q, want %q", tt.provision, tt.typ, tt.on, got, tt.want)
		}
	}
}

// Places of needs are those of the record, whatever order they are judged in.
func TestWhere(t *testing.T) {
	p := fine()
	p.Needs = []census.Need{{Rank: 1, Type: "SPLD", At: 4}, {Rank: 1, Type: "MLD", At: 2}}
	got := one(t, spring, "primary", p)
	if len(got) != 1 || got[0].Need != 2 || got[0].Learner != p.Learner || got[0].Field != exchange.Need2 {
		t.Errorf("%+v", got)
	}
}

func TestNotes(t *testing.T) {
	p := fine()
	p.TopUp = true
	for _, tt := range []struct{ code, want string }{
		{"K", `Note to paste: "Short-term top-up funding agreed by the local authority; no EHC plan."`},
		{"N", "look at the code for SEN provision and at top_up"},
	} {
		p.Provision = tt.code
		got := one(t, autumn, "primary", p)
		if len(got) != 1 || got[0].Advised() != tt.want || !strings.HasPrefix(got[0].Message, "DfE query 1990: ") {
			t.Errorf("%s: %+v", tt.code, got)
		}
	}
}

// crowd is a school of so many pupils with each code, none of whom is wrong alone.
func crowd(n, k, e int) []census.Pupil {
	var out []census.Pupil
	for i := range n + k + e {
		p := fine()
		p.Learner, p.UPN, p.Forename = fmt.Sprint("l", i), "", fmt.Sprint("f", i)
		p.Provision = "N"
		switch {
		case i < k:
			p.Provision = "K"
		case i < k+e:
			p.Provision = "E"
		}
		out = append(out, p)
	}
	return out
}

// ofSchool are the problems of the school alone, in short.
func ofSchool(in census.PreflightInput) string {
	return inShort(slices.DeleteFunc(census.Preflight(in), func(p census.Problem) bool { return p.Learner != "" }))
}

func TestShares(t *testing.T) {
	for _, tt := range []struct {
		name, phase string
		n, k, e     int
		roll        int
		whole       bool
		want        string
	}{
		{"exactly 40 % K and 10 % E", "primary", 50, 40, 10, 0, true, ""},
		{"more than 40 % K", "primary", 49, 41, 10, 0, true, "2205Q"},
		{"more than 10 % E", "primary", 49, 40, 11, 0, true, "2190Q"},
		{"the same of a roll that is larger", "primary", 49, 41, 11, 110, false, ""},
		{"the same where nobody knows the roll", "primary", 0, 41, 11, 0, false, ""},
		{"nobody", "primary", 20, 0, 0, 0, true, "2200Q"},
		{"nobody here, of a roll that is known", "primary", 0, 0, 0, 200, false, "2200Q"},
		{"nobody here, of a roll that is not", "primary", 3, 0, 0, 0, false, ""},
		{"exactly 70 % E in a special school", "special", 0, 30, 70, 0, false, ""},
		{"less", "special", 0, 31, 69, 0, false, "2210Q"},
		{"a special school with many K", "special", 0, 41, 59, 0, false, "2205Q 2210Q"},
		{"many E in a pupil referral unit", "pupil-referral-unit", 50, 0, 50, 0, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := census.PreflightInput{Return: census.Return{Day: on(autumn), Setting: learner.Setting{Phase: tt.phase}, Pupils: crowd(tt.n, tt.k, tt.e)}, Roll: tt.roll, Whole: tt.whole}
			if got := ofSchool(in); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestSharesOutOfYear(t *testing.T) {
	for out, want := range map[int]string{9: "", 10: "2010Q"} {
		all := crowd(90, 5, 5)
		for i := range out {
			all[i].Year = "4"
		}
		in := census.PreflightInput{Return: census.Return{Day: on(autumn), Setting: learner.Setting{Phase: "primary"}, Pupils: all}, Whole: true}
		if got := ofSchool(in); got != want {
			t.Errorf("%d out of their year: %q, want %q", out, got, want)
		}
	}
}

func TestSwing(t *testing.T) {
	for _, tt := range []struct {
		name       string
		k, e       int
		wasK, wasE int
		known      bool
		want       string
	}{
		{"as before", 20, 5, 20, 5, true, ""},
		{"half as many again", 30, 5, 20, 5, true, "TonT6BQ"},
		{"not quite half as many again", 29, 5, 20, 5, true, ""},
		{"twice as many, but few", 18, 5, 9, 5, true, ""},
		{"half of them gone", 10, 5, 20, 5, true, "TonT6CQ"},
		{"all gone", 0, 5, 20, 5, true, "TonT6CQ"},
		{"none before", 1, 1, 0, 0, true, "TonT5DQ TonT6DQ"},
		{"more plans", 20, 30, 20, 20, true, "TonT5BQ"},
		{"fewer plans", 20, 10, 20, 20, true, "TonT5CQ"},
		{"nobody knows", 20, 20, 0, 0, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := census.PreflightInput{Return: census.Return{Day: on(autumn), Setting: learner.Setting{Phase: "primary"}, Pupils: crowd(400, tt.k, tt.e)}}
			if tt.known {
				in.Before = &census.Counts{Day: on("2026-05-21"), Pupils: 400, K: tt.wasK, E: tt.wasE}
			}
			if got := ofSchool(in); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestAlike(t *testing.T) {
	a, b, c := fine(), fine(), fine()
	a.ULN, b.ULN = "1234567899", "1234567899"
	b.Learner, b.Surname, c.Learner, c.UPN = "cccccccc", "eyre", "dddddddd", "P207000016049"
	in := census.PreflightInput{Return: census.Return{Day: on(autumn), Setting: learner.Setting{Phase: "primary"}, Pupils: []census.Pupil{a, b, c}}}
	got := census.Preflight(in)
	var pairs []string
	for _, p := range got {
		pairs = append(pairs, p.Rule+" "+p.Learner+" "+p.Other)
	}
	want := []string{"1520 cccccccc bk7m2xqt", "1578 cccccccc bk7m2xqt", "1620 cccccccc bk7m2xqt", "1620 dddddddd bk7m2xqt"}
	if diff := cmp.Diff(want, pairs); diff != "" {
		t.Error(diff)
	}
}

// Of a list all is judged as it would be sent, and what it has no column for is not.
func TestListed(t *testing.T) {
	const head = "UPN,Surname,Forename,DOB,Sex,Entry Date,SEN Provision,SEN Type 1,SEN Type 2,SEN Unit,Top-up\n"
	read := func(rows ...string) *exchange.List {
		t.Helper()
		g, err := sheet.ReadCSV([]byte(head + strings.Join(rows, "\n") + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := exchange.Match(g.Rows[0], map[exchange.Field]string{exchange.Need1: "SEN Type 1", exchange.Need2: "SEN Type 2", exchange.SENUnit: "SEN Unit", exchange.TopUp: "Top-up"})
		if err != nil {
			t.Fatal(err)
		}
		l := exchange.ReadList(g, c)
		return &l
	}
	const good = "V929400126001,Eyre,Jane,2016-10-21,F,2021-09-06,K,SPLD,MLD,N,N"
	for _, tt := range []struct{ name, row, want string }{
		{"nothing wrong", good, ""},
		{"top-up", strings.TrimSuffix(good, "N") + "Y", "1990Q@2:Top-up"},
		{"nothing said of indicators", strings.TrimSuffix(good, "N,N") + ",", "1869@2:Top-up 2230@2:SEN Unit"},
		{"junk for a UPN and a type", "21db2df8-fa0,Eyre,Jane,2016-10-21,F,2021-09-06,K,9d3e,,N,N", "1510@2:UPN 1530@2:UPN 1540@2:UPN 1550@2:UPN 2170@2:SEN Type 1"},
		{"a withdrawn code", strings.Replace(good, ",K,", ",S,", 1), "2115@2:SEN Provision"},
		{"no code", strings.Replace(good, ",K,", ",,", 1), "2120@2:SEN Provision"},
		{"a day that cannot be read is told once", strings.Replace(good, "2016-10-21", "31/02/2016", 1), "list@2:DOB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := census.PreflightInput{Return: census.Return{Day: on(spring), Setting: learner.Setting{Phase: "primary"}}, List: read(tt.row)}
			var got []string
			for _, x := range census.Preflight(in) {
				got = append(got, fmt.Sprintf("%s@%d:%s", inShort([]census.Problem{x}), x.Row, x.Column))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
			if said := strings.Join(census.NewJudge(in).Unchecked(), "\n"); !strings.Contains(said, "uln") || strings.Contains(said, "sen-unit") {
				t.Error(said)
			}
		})
	}
	twice := census.Preflight(census.PreflightInput{Return: census.Return{Day: on(spring), Setting: learner.Setting{Phase: "primary"}}, List: read(good, good)})
	if len(twice) != 2 || twice[0].Row != 3 || twice[0].Same != 2 || twice[1].Rule != "1620" {
		t.Errorf("%+v", twice)
	}
}

// Whatever a pupil holds, judging ends, repeats no value, and says the same twice.
func TestAnyPupil(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-z0-9=@ö-]{0,14}`)
	anyDay := rapid.Custom(func(t *rapid.T) date.Date {
		return on("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		mark := "zq" + rapid.StringMatching(`[0-9]{3}`).Draw(t, "mark")
		p := census.Pupil{Learner: "bk7m2xqt", UPN: word.Draw(t, "upn"), FormerUPN: mark, ULN: word.Draw(t, "uln"), Surname: mark, Forename: mark,
			Sex: mark, Status: mark, Year: rapid.SampledFrom([]string{"", "R", "7", "X", "99", mark}).Draw(t, "year"),
			Provision: rapid.SampledFrom([]string{"", "N", "K", "E", "A", "S", mark}).Draw(t, "code"), Born: anyDay.Draw(t, "born"), Entry: anyDay.Draw(t, "entry"),
			SENUnit: rapid.Bool().Draw(t, "unit"), TopUp: rapid.Bool().Draw(t, "top-up")}
		for i := range rapid.IntRange(0, 4).Draw(t, "needs") {
			p.Needs = append(p.Needs, census.Need{Rank: rapid.IntRange(0, 4).Draw(t, "rank"), Type: rapid.SampledFrom([]string{"", "SPLD", "NSA", "DS", mark}).Draw(t, "type"), At: i})
		}
		in := census.PreflightInput{Return: census.Return{Day: anyDay.Draw(t, "on"), Pupils: []census.Pupil{p},
			Setting: learner.Setting{Phase: rapid.SampledFrom([]string{"primary", "special", "secondary", "nursery", "pupil-referral-unit", "post-16"}).Draw(t, "phase")}}, Roll: rapid.IntRange(0, 3).Draw(t, "roll")}
		got := census.Preflight(in)
		if diff := cmp.Diff(inShort(got), inShort(census.Preflight(in))); diff != "" {
			t.Fatal(diff)
		}
		for _, x := range got {
			if said := x.Message + x.Advised(); strings.Contains(said, mark) {
				t.Fatalf("%s holds a value: %s", x.Rule, said)
			}
		}
	})
}
