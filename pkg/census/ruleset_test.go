package census

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// table are the rules of the DfE that touch special educational needs and who a pupil is:
// every one of them is judged, or says why it is not.
const table = `1500 1510 1520 1530 1540 1550 1570 1573 1575 1578 1580 1590 1600 1610 1601Q 1620Q 1633Q 1634Q
1869 1860 1880 1920 1990Q 2010Q 2020Q 2000 2002 2112 2115 2120 2125 2130 2140 2160 2165 2166 2170 2175 2180
2230 2250 5049 5050 2190Q 2200Q 2205Q 2210Q 2270 2310 TonT5BQ TonT5CQ TonT5DQ TonT6BQ TonT6CQ TonT6DQ`

func TestEveryRule(t *testing.T) {
	sets := recordfile.ShippedCensusRules()
	if len(sets) == 0 {
		t.Fatal("no rules")
	}
	want := map[string]string{}
	for _, x := range strings.Fields(table) {
		n, query := strings.CutSuffix(x, "Q")
		want[n] = map[bool]string{true: "query", false: "error"}[query]
	}
	used := map[string]bool{}
	for _, set := range sets {
		got := map[string]string{}
		for _, r := range set.Rules {
			if got[r.Number] != "" {
				t.Errorf("%s: %s stands there twice", set.ID, r.Number)
			}
			got[r.Number] = r.Severity
			if (r.Test == "") == (r.NotChecked == "") {
				t.Errorf("%s: %s wants a test, or the reason why there is none", set.ID, r.Number)
			}
			_, ofPupil := pupilChecks()[r.Test]
			_, ofSchool := schoolChecks()[r.Test]
			if r.Test != "" && ofPupil == ofSchool {
				t.Errorf("%s: %s: %s is no test, or two", set.ID, r.Number, r.Test)
			}
			used[r.Test] = true
			for _, words := range []string{string(r.About), string(r.Do)} {
				if first := words[:2]; strings.HasSuffix(words, ".") || first[0] >= 'A' && first[0] <= 'Z' && !(first[1] >= 'A' && first[1] <= 'Z') {
					t.Errorf("%s: %s: %q is no half sentence", set.ID, r.Number, words)
				}
			}
			if r.Note != "" && r.Severity != "query" {
				t.Errorf("%s: %s is no query, and has a note", set.ID, r.Number)
			}
		}
		if set.ID == "2018-19" {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: rules of the table (-) and of the file (+):\n%s", set.ID, diff)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pupilChecks())) {
		if !used[name] {
			t.Errorf("no rule uses the test %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schoolChecks())) {
		if !used[name] {
			t.Errorf("no rule uses the test %s", name)
		}
	}
}

func TestNewestSet(t *testing.T) {
	set := func(id, from, to string) pathway.CensusRules {
		s := pathway.CensusRules{ID: id, From: date.MustParse(from)}
		if to != "" {
			s.To = date.MustParse(to)
		}
		return s
	}
	old, ended, next := set("2018-19", "2018-09-01", ""), set("2018-19", "2018-09-01", "2026-08-31"), set("2026-27", "2026-09-01", "")
	for _, tt := range []struct {
		name string
		sets []pathway.CensusRules
		day  string
		want string
	}{
		{"the only one", []pathway.CensusRules{old}, "2027-01-21", "2018-19"},
		{"the only one, and younger", []pathway.CensusRules{old}, "2014-01-16", "2018-19"},
		{"the only one, and over", []pathway.CensusRules{ended}, "2027-01-21", "2018-19"},
		{"on its first day", []pathway.CensusRules{next, old}, "2026-09-01", "2026-27"},
		{"the day before", []pathway.CensusRules{next, old}, "2026-08-31", "2018-19"},
		{"after one that is over", []pathway.CensusRules{ended, next}, "2026-10-01", "2026-27"},
		{"both younger", []pathway.CensusRules{next, ended}, "2010-01-21", "2018-19"},
	} {
		if got := newest(tt.sets, date.MustParse(tt.day)).ID; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := RulesOn(date.MustParse("2027-01-21")).Year(); got != "2018/19" {
		t.Errorf("of the year %s", got)
	}
}

func TestFindRule(t *testing.T) {
	for typed, want := range map[string]string{"2120": "2120", "census-2120": "2120", "CENSUS-2120": "2120", "census-tont5b": "TonT5B", "TonT5B": "TonT5B", "census-9999": "", "census": "", "": "", "census-": ""} {
		r, _, ok := FindRule(typed)
		if r.Number != want || ok != (want != "") {
			t.Errorf("FindRule(%q) = %q, %t", typed, r.Number, ok)
		}
	}
}

// The numbers of authorities that the list of codes must have; ranges as in the sources.
func TestAuthorities(t *testing.T) {
	const ranges = `001-005 201-213 301-320 330-336 340-344 350-359 370-373 380-384 390-394 420 660-681 701-708 800-803 805-808
	810-813 815 816 820-823 825 826 830 831 835-837 840 841 845 846 850-852 855-857 860 861 865-896 908 909 916 919 921 925 926 928
	929 931 933 935-938 838 839 940 941 942 943`
	var want, got []string
	for _, r := range strings.Fields(ranges) {
		from, to, ok := strings.Cut(r, "-")
		if !ok {
			to = from
		}
		for n := from; n <= to; n = after(n) {
			want = append(want, n)
		}
	}
	for _, c := range listOf("la").Codes {
		got = append(got, c.Code)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func after(n string) string {
	b := []byte(n)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] <= '9' {
			break
		}
		b[i] = '0'
	}
	return string(b)
}

func TestOtherCodes(t *testing.T) {
	for name, want := range map[string]string{
		"sen-provision":    "N K E",
		"sen-type":         "SLCN ASD SPLD MLD SLD PMLD SEMH HI VI MSI PD DS OTH NSA",
		"nc-year":          "E1 E2 N1 N2 R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 M X",
		"enrolment-status": "C M S F O G P",
		"sex":              "F M",
		"withdrawn":        "A P S BESD",
	} {
		var got []string
		for _, c := range listOf(name).Codes {
			got = append(got, c.Code)
		}
		if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	main := `WBRI WIRI WIRT WROM WOTH MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT`
	for _, code := range strings.Fields(main) {
		if _, ok := listOf("ethnicity").Code(code); !ok {
			t.Errorf("no ethnicity %s", code)
		}
	}
	if _, ok := listOf("ethnicity").Code("XXXX"); ok {
		t.Error("XXXX is an ethnicity")
	}
}

// DfE numbers are data: none stands in the code beside it.
func TestNoNumberInTheCode(t *testing.T) {
	number := regexp.MustCompile(`\b(1[5-9]\d\d|2[0-3]\d\d|50(49|50)|TonT\d)\b`)
	for _, name := range []string{"preflight.go", "preflight_place.go", "check_pupil.go", "check_sen.go", "check_school.go", "ruleset.go"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(b), "\n") {
			if code, _, _ := strings.Cut(line, "//"); number.MatchString(code) {
				t.Errorf("%s:%d: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}
