package rules_test

import (
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	owed "github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// changedSchool is the made-up school with values of its files set otherwise; a value that is
// "" is taken away, and so is the file where the path is "" too.
func changedSchool(t *testing.T, changes ...[3]string) fstest.MapFS {
	t.Helper()
	disk := madeUp(t)
	for _, c := range changes {
		name, ok := pageFiles()[c[0]]
		if !ok {
			name = c[0]
		}
		switch {
		case c[1] == "" && c[2] == "":
			delete(disk, name)
			continue
		case c[1] == "":
			disk[name] = &fstest.MapFile{Data: []byte(c[2])}
			continue
		}
		doc := parsed(t, name, string(disk[name].Data))
		edit := yamldoc.Delete(at(t, c[1]))
		if c[2] != "" {
			edit = yamldoc.Set(at(t, c[1]), valueOf(parsed(t, "x.yaml", "value: "+c[2]+"\n").Root().Get("value")))
		}
		doc, err := doc.Edit(edit)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		disk[name] = &fstest.MapFile{Data: doc.Bytes()}
	}
	return resealed(disk)
}

// foundOn are the places at which a rule finds something on a day, as file kind or path
// and key path.
func foundOn(t *testing.T, disk fstest.MapFS, rule, day string) []string {
	t.Helper()
	kinds := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(pageFiles())) {
		kinds[pageFiles()[k]] = k
	}
	var out []string
	for _, x := range judgeAll(t, disk, date.MustParse(day)) {
		if x.Rule == rule {
			name := x.File
			if k, ok := kinds[name]; ok {
				name = k
			}
			out = append(out, name+" "+x.Path)
		}
	}
	return out
}

// TestBoundaries: the day on which something falls due is not late yet, and the day
// after is.
func TestBoundaries(t *testing.T) {
	const letter = "learners/kk4wfw4j/requests/2026-10-19-cosa-g556-letter-tmkp.yaml"
	const impact = "learners/kk4wfw4j/requests/2026-07-08-star-kpqp-impact-fvq6.yaml"
	for _, c := range []struct {
		rule    string
		changes [][3]string
		last    string // the last day on which nothing is found
		found   string
	}{
		{"setting-late", nil, "2026-11-30", letter + " date"},
		// Received on 17 September: 42 days, then 112, then 140.
		{"authority-late", [][3]string{{"cosa-decision", "", ""}}, "2026-10-29", "learners/kk4wfw4j/requests/2026-09-17-cosa-g556-letter-r57f.yaml date"},
		{"authority-late", nil, "2027-01-07", "learners/kk4wfw4j/requests/2026-09-17-cosa-g556-letter-r57f.yaml date"},
		{"impact-late", [][3]string{{impact, "", ""}}, "2026-07-10", "star-decision impact_by"},
		{"impact-late", [][3]string{{impact, "", ""}, {"star-decision", "impact_by", ""}}, "2026-07-17", "star-decision grants.to"},
		{"annual-review-overdue", [][3]string{{"kai", "sen_provision", `[{from: 2023-09-05, code: "N"}, {from: 2025-04-03, code: K}, {from: 2026-08-20, code: "E"}]`}, {"setting", "limits", "[{id: annual-review-notice-months, value: 0}]"}}, "2027-08-20", "kai sen_provision[2]"},
		{"annual-review-overdue", [][3]string{{"kai", "sen_provision", `[{from: 2023-09-05, code: "N"}, {from: 2025-04-03, code: K}, {from: 2026-08-20, code: "E"}]`}}, "2027-06-20", "kai sen_provision[2]"},
		{"advice-not-shared", [][3]string{{"advice", "shared", ""}}, "2026-07-10", "advice date"},
		{"advice-not-acted-on", [][3]string{{"advice", "recommendations[0].action", ""}, {"advice", "recommendations[0].done", ""}}, "2026-08-11", "advice recommendations[0]"},
		{"adjustment-review-overdue", [][3]string{{"learner", "adjustments[0].review_on", "2026-11-24"}}, "2026-11-24", "learner adjustments[0].review_on"},
		{"adjustment-review-overdue", [][3]string{{"learner", "adjustments[0].review_on", ""}, {"learner", "adjustments[0].since", "2025-12-02"}}, "2026-12-02", "learner adjustments[0].since"},
		{"waiver-expired", [][3]string{{"learner", "waivers", "[{rule: advice-not-shared, by: eyre, from: 2026-11-02, until: 2026-12-02, because: x}]"}}, "2026-12-02", "learner waivers[0].until"},
		{"sen-information-report", [][3]string{{"setting", "published", "[{what: sen-information-report, date: 2025-12-01}]"}}, "2026-12-01", "setting published[0].date"},
		{"senco-unqualified", [][3]string{{"people", "people[0].since", "2023-12-01"}}, "2026-12-01", "people people[0].since"},
		{"two-year-check", [][3]string{{"mina", "joined", "2025-01-06"}}, "2025-11-13", "mina-identity born"},
	} {
		disk := changedSchool(t, c.changes...)
		last := date.MustParse(c.last)
		if got := foundOn(t, disk, c.rule, c.last); len(got) > 0 {
			t.Errorf("%s: on %s there is %q already", c.rule, last, got)
		}
		if got := foundOn(t, disk, c.rule, last.AddDays(1).String()); !slices.Contains(got, c.found) {
			t.Errorf("%s: on %s there is %q, want %q", c.rule, last.AddDays(1), got, c.found)
		}
	}
}

// TestAnnualReview: a review of the setting's own starts no new year, and one of which
// nobody said what it was is not told to be missing.
func TestAnnualReview(t *testing.T) {
	const jude = "learners/jv6fpqgg/cycles/"
	files := []string{jude + "2025-09-29-initial-concerns-gxqf.yaml", jude + "2025-11-28-initial-concerns-nrdv.yaml", jude + "2026-02-26-passport-b8t8.yaml", jude + "2026-07-07-sen-support-plan-xdzd.yaml"}
	for _, c := range []struct {
		name  string
		marks [4]string // of the reviews of 21 November 2025, 6 February, 8 May and 21 October 2026
		want  []string
	}{
		{"nothing is said", [4]string{}, []string{"advice sen_provision[1]"}},
		{"only the first, which is too long ago", [4]string{"true", "", "", ""}, []string{"advice sen_provision[1]"}},
		{"none was", [4]string{"false", "false", "false", "false"}, []string{"error sen_provision[1]"}},
		{"the first was, and no other", [4]string{"true", "false", "false", "false"}, []string{"error sen_provision[1]"}},
		{"the last was", [4]string{"", "", "", "true"}, nil},
		{"one in between was", [4]string{"false", "true", "false", "false"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			changes := [][3]string{{"learner", "sen_provision", `[{from: 2021-09-06, code: "N"}, {from: 2025-10-01, code: "E"}]`}}
			for i, mark := range c.marks {
				if mark != "" {
					changes = append(changes, [3]string{files[i], "review.annual", mark})
				}
			}
			if diff := cmp.Diff(c.want, by(t, changedSchool(t, changes...), "2026-11-22", "annual-review-overdue")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestClocksAsDueHasThem: what due says is overdue of a request, a rule finds, and
// nothing else, whatever day it is.
func TestClocksAsDueHasThem(t *testing.T) {
	const impact = "learners/kk4wfw4j/requests/2026-07-08-star-kpqp-impact-fvq6.yaml"
	for _, disk := range []fstest.MapFS{changedSchool(t), changedSchool(t, [3]string{"cosa-decision", "", ""}, [3]string{impact, "", ""}), changedSchool(t, [3]string{"kai", "stage", "left"}, [3]string{impact, "", ""})} {
		f, err := folder.Open(disk)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Load("kk4wfw4j")
		if err != nil {
			t.Fatal(err)
		}
		var days []date.Date // about each of the days on which something falls due
		for _, due := range []string{"2026-07-10", "2026-07-17", "2026-10-29", "2026-11-30", "2027-01-07", "2027-02-04"} {
			for n := -1; n <= 2; n++ {
				days = append(days, date.MustParse(due).AddDays(n))
			}
		}
		for _, day := range days {
			want, got := map[string]int{}, map[string]int{}
			for _, o := range owed.OwedOf(f, r, day) {
				if o.Overdue > 0 && !o.Waits {
					switch {
					case o.What == "impact":
						want["impact-late"]++
					case o.What == "decision" && o.Who == "authority":
						want["authority-late"]++
					case o.What == "limit":
						want["setting-late"]++
					}
				}
			}
			for _, x := range rules.Judge(f, r, day).Findings {
				if x.Rule == "impact-late" || x.Rule == "authority-late" || x.Rule == "setting-late" {
					got[x.Rule]++
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("on %s (-due +validate):\n%s", day, diff)
			}
		}
	}
}

// TestRetentionAsListed: a record is due by the rule on the day on which retention lists
// it, and with a hold neither says so.
func TestRetentionAsListed(t *testing.T) {
	for _, c := range []struct {
		changes [][3]string
		due     string
	}{
		{nil, "2043-05-19"},
		{[][3]string{{"setting", "policies.retention_years_with_plan", "40"}}, "2043-05-19"},
		{[][3]string{{"setting", "policies.retention_years_with_plan", "40"}, {"kai", "sen_provision[1].code", "\"E\""}}, "2052-05-19"},
		{[][3]string{{"setting", "policies.retention_years_cared_for", "75"}, {"kai", "characteristics.cared_for", "true"}}, "2087-05-19"},
		{[][3]string{{"kai", "holds", "[{from: 2026-01-05, by: eyre, because: x}]"}}, ""},
	} {
		f, err := folder.Open(changedSchool(t, append(c.changes, [3]string{"kai", "stage", "left"})...))
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Load("kk4wfw4j")
		if err != nil {
			t.Fatal(err)
		}
		for _, years := range []int{2042, 2043, 2051, 2052, 2086, 2087} {
			for d := 18; d <= 20; d++ {
				day := date.New(years, 5, d)
				listed := owed.RetentionOf(f, r, day).State == owed.RetentionDue
				found := slices.ContainsFunc(rules.Judge(f, r, day).Findings, func(x diag.Finding) bool { return x.Rule == "retention-due" })
				if listed != found || found != (c.due != "" && !day.Before(date.MustParse(c.due))) {
					t.Errorf("%v on %s: listed %t, found %t", c.changes, day, listed, found)
				}
			}
		}
	}
}

// TestVerdictWithFaultsHolds: until the first day on which it says that it may turn, a verdict is
// the same.
func TestVerdictWithFaultsHolds(t *testing.T) {
	disk := changedSchool(t, [3]string{"setting", "phase", "primary"}, [3]string{"learner", "cohort", "\"2020\""}, [3]string{"mina", "joined", "2025-01-06"},
		[3]string{"advice", "shared", ""}, [3]string{"kai", "outcomes", ""}, [3]string{"learner", "disability", "{recorded: true}"})
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Learners()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range all {
		r, err := f.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		day := date.MustParse("2026-11-22")
		for range 12 {
			v := rules.Judge(f, r, day)
			if v.Until.IsZero() {
				break
			}
			if !v.Until.After(day) {
				t.Fatalf("%s: judged on %s, it turns on %s", id, day, v.Until)
			}
			if diff := cmp.Diff(v.Findings, rules.Judge(f, r, v.Until.AddDays(-1)).Findings); diff != "" {
				t.Fatalf("%s: judged on %s, it holds until %s, and the day before:\n%s", id, day, v.Until, diff)
			}
			day = v.Until
		}
	}
}
