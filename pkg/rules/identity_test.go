package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/rules"
)

// alone is the made-up school with only the learners given: each by a front sheet and
// a learner.yaml, without what all of them have.
func alone(t *testing.T, setting string, learners ...[2]string) fstest.MapFS {
	t.Helper()
	disk := madeUp(t)
	for name := range disk {
		if strings.HasPrefix(name, "learners/") {
			delete(disk, name)
		}
	}
	if setting != "" {
		b := disk["sendctl.yaml"].Data
		disk["sendctl.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(b), "phase: all-through", setting, 1))}
	}
	for i, l := range learners {
		id := learnerNo(i)
		put := func(name, text string) {
			disk["learners/"+id+"/"+name] = &fstest.MapFile{Data: []byte("format: " + strings.TrimSuffix(name, ".yaml") + "/v1\nlearner: " + id + "\n" + text)}
		}
		put("identity.yaml", "name: Alder\n"+l[0])
		put("learner.yaml", "team: {responsible_teacher: sato}\n"+l[1])
	}
	return disk
}

func learnerNo(i int) string { return fmt.Sprintf("h2k4m%c%c%c", 'b'+i/9%3, '2'+i%8, '2'+i/8%8) }

// opened is the folder with its first learner, nil where there is none.
func opened(t *testing.T, disk fstest.MapFS) (*folder.Folder, *folder.Record) {
	t.Helper()
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := f.Learners(); err != nil || len(all) == 0 {
		return f, nil
	}
	r, err := f.Load(learnerNo(0))
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

// by gives the severity and place of each finding of a rule.
func by(t *testing.T, disk fstest.MapFS, day, rule string) []string {
	t.Helper()
	var out []string
	for _, x := range judgeAll(t, disk, date.MustParse(day)) {
		if x.Rule == rule {
			out = append(out, x.Severity.String()+" "+x.Path)
		}
	}
	return out
}

const (
	sheetOf  = "legal_name: {given: Alder, family: Example}\nsex: F\nupn: C929000021114\nborn: 2016-10-01\n"
	onRoll   = "stage: universal\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: \"N\"}]\n"
	youngOne = "stage: universal\njoined: 2026-09-03\nsen_provision: [{from: 2026-09-03, code: \"N\"}]\n"
)

func without(text string, keys ...string) string {
	var out []string
	for line := range strings.Lines(text) {
		key, _, _ := strings.Cut(line, ":")
		keep := true
		for _, k := range keys {
			keep = keep && k != key
		}
		if keep {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

func with(text, old, new string) string {
	if !strings.Contains(text, old) {
		panic("nothing to replace: " + old)
	}
	return strings.Replace(text, old, new, 1)
}

// TestIdentityDays: each rule on the days before and on which it turns.
func TestIdentityDays(t *testing.T) {
	tests := []struct {
		name, rule, setting, who, is string
		days                         map[string]string // the findings of the rule, by day
	}{
		{"what the census asks", "census-particulars", "", without(sheetOf, "sex", "upn", "legal_name"), onRoll, map[string]string{
			"2026-11-22": "",
			"2026-12-09": "", "2026-12-10": "warning legal_name, warning sex, warning upn", // six weeks before the third Thursday of January
			"2027-01-21": "warning legal_name, warning sex, warning upn", "2027-01-22": "",
			"2027-04-07": "", "2027-04-08": "warning legal_name, warning sex, warning upn", "2027-05-20": "warning legal_name, warning sex, warning upn", "2027-05-21": "",
			"2027-08-25": "", "2027-08-26": "warning legal_name, warning sex, warning upn", "2027-10-07": "warning legal_name, warning sex, warning upn", "2027-10-08": "",
		}},
		{"a sheet in order", "census-particulars", "", sheetOf, onRoll, map[string]string{"2026-12-20": ""}},
		{"who comes after it", "census-particulars", "", without(sheetOf, "sex"), with(onRoll, "joined: 2021-09-06", "joined: 2027-01-22"), map[string]string{"2026-12-20": ""}},
		{"who comes on it", "census-particulars", "", without(sheetOf, "sex"), with(onRoll, "joined: 2021-09-06", "joined: 2027-01-21"), map[string]string{"2026-12-20": "warning sex"}},
		{"who has left", "census-particulars", "", without(sheetOf, "sex"), with(onRoll, "universal", "left"), map[string]string{"2026-12-20": ""}},
		{"a nursery of its own", "census-particulars", "phase: early-years", without(sheetOf, "sex"), onRoll, map[string]string{"2026-12-20": ""}},

		{"14 on the census day", "uln-missing", "", with(sheetOf, "2016-10-01", "2013-01-21"), onRoll, map[string]string{"2026-12-09": "", "2026-12-10": "warning uln"}},
		{"14 the day after", "uln-missing", "", with(sheetOf, "2016-10-01", "2013-01-22"), onRoll, map[string]string{"2026-12-10": "", "2027-04-08": "warning uln"}},
		{"with a ULN", "uln-missing", "", with(sheetOf, "2016-10-01", "2010-01-22\nuln: \"1000000000\""), onRoll, map[string]string{"2026-12-10": ""}},

		{"a temporary number", "upn-temporary", "", with(sheetOf, "C929000021114", "W92900002111A"), youngOne, map[string]string{"2026-10-01": "", "2026-10-02": "warning upn"}},
		{"a permanent one", "upn-temporary", "", sheetOf, youngOne, map[string]string{"2026-10-02": ""}},

		{"the 26th birthday", "past-25", "", with(sheetOf, "2016-10-01", "2000-02-29"), with(onRoll, "joined: 2021", "joined: 2015"), map[string]string{"2026-02-28": "", "2026-03-01": "warning born"}},
		{"who has left at 25", "past-25", "", with(sheetOf, "2016-10-01", "2000-02-29"), with(with(onRoll, "joined: 2021", "joined: 2015"), "universal", "left"), map[string]string{"2026-03-01": ""}},
		{"25 at joining", "birth-date", "", with(sheetOf, "2016-10-01", "1995-09-07"), onRoll, map[string]string{"2026-03-01": ""}},
		{"26 at joining", "birth-date", "", with(sheetOf, "2016-10-01", "1995-09-06"), onRoll, map[string]string{"2026-03-01": "error born"}},

		// Born in October 2016: Reception in 2021, year 5 in 2026.
		{"one year back", "year-out-of-age", "", sheetOf, onRoll + "year_exceptions: [{from: 2026-09-03, year: \"4\"}]\n", map[string]string{"2027-08-31": "", "2027-09-01": "warning year_exceptions[0].year"}},
		{"two years back", "year-out-of-age", "", sheetOf, onRoll + "year_exceptions: [{from: 2026-09-03, year: \"3\"}]\n", map[string]string{"2026-09-02": "", "2026-09-03": "warning year_exceptions[0].year"}},
		{"two years on", "year-out-of-age", "", sheetOf, onRoll + "year_exceptions: [{from: 2026-09-03, year: \"7\"}]\n", map[string]string{"2026-09-03": "warning year_exceptions[0].year", "2027-08-31": "warning year_exceptions[0].year", "2027-09-01": ""}},
		{"no year group", "year-out-of-age", "", sheetOf, onRoll + "year_exceptions: [{from: 2026-09-03, year: X}]\n", map[string]string{"2026-09-03": ""}},
		{"a cohort later by one", "year-out-of-age", "", sheetOf, onRoll + "cohort: \"2022\"\n", map[string]string{"2026-09-03": ""}},
		{"a cohort later by two", "year-out-of-age", "", sheetOf, onRoll + "cohort: \"2023\"\n", map[string]string{"2026-09-03": "warning cohort"}},

		{"on roll before joining", "joined-ahead", "", sheetOf, with(onRoll, "joined: 2021", "joined: 2027") + "enrolment: [{from: 2026-11-22, status: C}]\n", map[string]string{"2026-11-21": "", "2026-11-22": "error joined", "2027-09-06": ""}},
		{"got ready for", "joined-ahead", "", sheetOf, with(onRoll, "joined: 2021", "joined: 2027"), map[string]string{"2026-11-22": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			disk := alone(t, tt.setting, [2]string{tt.who, tt.is})
			got := map[string]string{}
			for day := range tt.days {
				got[day] = strings.Join(by(t, disk, day, tt.rule), ", ")
			}
			if diff := cmp.Diff(tt.days, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNumbers: of one number one fault is told, and never that it is merely not
// written as it must be.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		`upn: "C929000021114"`:                             "",
		`upn: "c929000021114"`:                             "upn-capitals upn",
		`upn: "w92900002111a"`:                             "upn-capitals upn",
		`upn: "D929000021114"`:                             "upn-check-letter upn",
		`upn: "d929000021114"`:                             "upn-form upn",
		`upn: "C929000O21114"`:                             "upn-form upn",
		`upn: "unknown"`:                                   "upn-form upn",
		`upn: "A999000021114"`:                             "upn-authority upn",
		`former_upn: "D929000021114"`:                      "upn-check-letter former_upn",
		"upn: C929000021114\nformer_upn: \"D92900002111\"": "upn-form former_upn",
		"upn: C929000021114\nformer_upn: C929000021114":    "former-upn-same former_upn",
		`uln: "1000000000"`:                                "",
		`uln: "1000000001"`:                                "uln-check-digit uln",
		`uln: "9999999999"`:                                "uln-check-digit uln",
		`uln: "100 000 0000"`:                              "uln-check-digit uln",
		`uln: 1000000000`:                                  "shape uln", // a number, and no text: told when it was read
	} {
		disk := alone(t, "", [2]string{"born: 2016-10-01\n" + text + "\n", onRoll})
		var got []string
		for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
			if strings.HasSuffix(x.File, "identity.yaml") {
				got = append(got, x.Rule+" "+x.Path)
			}
		}
		if said := strings.Join(got, ", "); said != want {
			t.Errorf("%s: found %q, want %q", text, said, want)
		}
	}
}

// TestTwoOfAKind: what two records show together is told once, with the other beside it.
func TestTwoOfAKind(t *testing.T) {
	const other = "legal_name: {given: Birch, family: Example}\nborn: 2016-10-02\n"
	tests := []struct {
		name string
		a, b string
		want string
	}{
		{"two children", sheetOf, other, ""},
		{"one UPN", sheetOf, other + "upn: C929000021114\n", "upn-unique upn"},
		{"one ULN", with(sheetOf, "sex: F", "uln: \"1000000000\""), other + "uln: \"1000000000\"\n", "uln-unique uln"},
		{"one child, as written otherwise", sheetOf, "legal_name: {given: ALDER, family: example}\nsex: M\nborn: 2016-10-01\n", "duplicate-learner legal_name"},
		{"one child, with one UPN: that is told once", sheetOf, sheetOf, "upn-unique upn"},
		{"twins", sheetOf, with(with(sheetOf, "Alder", "Birch"), "C929000021114", "W92900002111A"), ""},
		{"a UPN that was", sheetOf, other + "upn: W92900002111A\nformer_upn: C929000021114\n", "duplicate-learner former_upn"},
		{"no legal name", "born: 2016-10-01\n", "born: 2016-10-01\n", ""},
	}
	for _, tt := range tests {
		disk := alone(t, "", [2]string{tt.a, onRoll}, [2]string{tt.b, onRoll})
		var got []string
		for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
			if !slices.Contains([]string{"upn-unique", "uln-unique", "duplicate-learner"}, x.Rule) {
				continue
			}
			got = append(got, x.Rule+" "+x.Path)
			if !strings.Contains(x.File, learnerNo(1)) || len(x.Related) != 1 || !strings.Contains(x.Related[0].File, learnerNo(0)) || x.Span.Start.Line == 0 || x.Related[0].Span.Start.Line == 0 {
				t.Errorf("%s: %s does not show both places: %+v", tt.name, inWords(x), x.Related)
			}
		}
		if said := strings.Join(got, ", "); said != tt.want {
			t.Errorf("%s: found %q, want %q", tt.name, said, tt.want)
		}
	}
}

// TestUntil: a verdict says on which day it may turn, before it does.
func TestUntil(t *testing.T) {
	is := "stage: universal\njoined: 2024-09-06\nsen_provision: [{from: 2024-09-06, code: \"N\"}, {from: 2026-05-01, code: K}, {from: 2026-11-01, code: E}]\n" +
		"needs: [{rank: 1, type: NSA, from: 2026-05-11, until: 2026-07-01}, {rank: 2, type: SLCN, from: 2026-06-01}, {rank: 3, type: PD, from: 2026-06-01}, {rank: 4, type: HI, from: 2026-06-05}]\n" +
		"top_up: [{from: 2026-03-01, applies: true}]\nsen_unit: [{from: 2026-09-01, applies: true}, {from: 2026-12-01, applies: false}]\nyear_exceptions: [{from: 2025-09-01, year: \"4\"}]\n"
	f, r := opened(t, alone(t, "", [2]string{"born: 2012-11-05\nupn: W92900002111A\n", is}))
	told := func(v rules.Verdict) string {
		var out []string
		for _, x := range v.Findings {
			out = append(out, inWords(x))
		}
		return strings.Join(out, "\n") + fmt.Sprint(v.Facts)
	}
	turned := 0
	day := date.MustParse("2024-08-01")
	before := rules.Judge(f, r, day)
	for ; day.Before(date.MustParse("2027-12-31")); day = day.AddDays(1) {
		next := day.AddDays(1)
		now := rules.Judge(f, r, next)
		if told(now) != told(before) {
			turned++
			if before.Until.IsZero() || before.Until.After(next) {
				t.Errorf("%s: another verdict than the day before, which was to hold until %s (-before +now):\n%s", next, before.Until, cmp.Diff(told(before), told(now)))
			}
		}
		before = now
	}
	if turned < 20 {
		t.Errorf("the verdict turned %d times only: this record tries too little", turned)
	}
}

// TestNoValueIsTold: no finding of these groups holds what the record says.
func TestNoValueIsTold(t *testing.T) {
	disk := alone(t, "phase: special", [2]string{"legal_name: {given: Zzyzx, family: Qwertz}\nborn: 1917-05-05\nupn: D929000027777\nformer_upn: w92900002111a\nuln: \"1000000001\"\n",
		"stage: universal\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: S}, {from: 2026-09-06, code: \"N\"}]\nneeds: [{rank: 1, type: BESD, from: 2021-09-06, words: Xylophone}, {rank: 1, type: BESD, from: 2021-09-06}]\nsen_unit: [{from: 2021-09-06, applies: true}]\n"})
	n := 0
	for _, x := range judgeAll(t, disk, date.MustParse("2026-12-20")) {
		if id := ruleID(x); !strings.HasPrefix(id, "SEN3") && !strings.HasPrefix(id, "SEN4") {
			continue
		}
		n++
		for _, v := range []string{"Zzyzx", "Qwertz", "1917", "D929", "w929", "2900", "1000000001", "Xylophone"} {
			if strings.Contains(x.Message+x.Hint, v) {
				t.Errorf("%s: %s", inWords(x), x.Hint)
			}
		}
	}
	if n < 9 {
		t.Errorf("%d findings only", n)
	}
}

func ruleID(x diag.Finding) string {
	for _, r := range rules.All() {
		if r.Name == x.Rule {
			return r.ID
		}
	}
	return ""
}
