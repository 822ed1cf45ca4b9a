package census_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/sheet"
)

// whole is record with everything of the learner read, and the pupil of a day.
func whole(t *testing.T, files map[string]string, on string) (*folder.Folder, *folder.Record, census.Pupil) {
	t.Helper()
	f, _ := record(t, files)
	r, err := f.Load(learnerID)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := census.PupilOf(f, r, day(t, on))
	return f, r, p
}

// withCodes is learner.yaml with these lines of sen_provision, and more after them.
func withCodes(codes, more string) string {
	head, _, _ := strings.Cut(joined, "sen_provision:")
	return head + "sen_provision:\n" + codes + more
}

// reviewed is the name and text of a cycle whose review says this of being annual.
func reviewed(id, on, annual string) (string, string) {
	if annual != "" {
		annual = "\n  annual: " + annual
	}
	return "cycles/" + on + "-sen-support-plan-" + id + ".yaml",
		"format: cycle/v1\nlearner: jv6fpqgg\nid: " + id + "\nopened: " + on + "\nstage: sen-support-plan\npathway: northumberland/1\nresponsible_teacher: eyre\n" +
			"review:\n  date: " + on + annual + "\n  recorded_by: eyre\n  targets: [{target: t1, result: 1, score: 0, next: continue}]\n  progress: less\n  decision: another-cycle\n"
}

func with(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func reviews(learnerFile string, list ...[3]string) map[string]string {
	out := with("learner.yaml", learnerFile)
	for _, x := range list {
		name, text := reviewed(x[0], x[1], x[2])
		out[name] = text
	}
	return out
}

const needsASD = "needs:\n  - {rank: 2, type: SLCN, from: 2025-01-06}\n  - {rank: 1, type: ASD, from: 2025-01-06}\n"

func TestPlanOf(t *testing.T) {
	plan := withCodes("  - {from: 2024-09-03, code: K}\n  - {from: 2025-03-03, code: E}\n", "")
	for _, c := range []struct {
		what   string
		files  map[string]string
		on     string
		start  string // "" where there is no plan
		last   string
		unsaid string
	}{
		{"no plan", nil, "2027-01-21", "", "", ""},
		{"the day before it", with("learner.yaml", plan), "2025-03-02", "", "", ""},
		{"the first day", with("learner.yaml", plan), "2025-03-03", "2025-03-03", "", ""},
		{"long after, never reviewed", with("learner.yaml", plan), "2027-01-21", "2025-03-03", "", ""},
		{"ended", with("learner.yaml", withCodes("  - {from: 2025-03-03, code: E}\n  - {from: 2026-09-01, code: K}\n", "")), "2027-01-21", "", "", ""},
		{"a second one", with("learner.yaml", withCodes("  - {from: 2020-03-03, code: E}\n  - {from: 2022-09-01, code: K}\n  - {from: 2026-02-02, code: E}\n", "")), "2027-01-21", "2026-02-02", "", ""},
		{"said twice without a break", with("learner.yaml", withCodes("  - {from: 2020-03-03, code: E}\n  - {from: 2022-09-01, code: E}\n", "")), "2027-01-21", "2020-03-03", "", ""},
		{"lines out of order", with("learner.yaml", withCodes("  - {from: 2025-03-03, code: E}\n  - {from: 2024-09-03, code: K}\n", "")), "2027-01-21", "2025-03-03", "", ""},
		{"an annual review, and one of which nobody said what it was", reviews(plan, [3]string{"b2c3", "2026-02-10", "true"}, [3]string{"c4d5", "2026-11-10", ""}),
			"2027-01-21", "2025-03-03", "2026-02-10", "2026-11-10"},
		{"the school's own review, one before the plan, one to come", reviews(plan, [3]string{"b2c3", "2026-02-10", "false"}, [3]string{"c4d5", "2025-01-10", "true"}, [3]string{"f6g7", "2027-01-22", "true"}),
			"2027-01-21", "2025-03-03", "", ""},
		{"reviewed on the day", reviews(plan, [3]string{"b2c3", "2027-01-21", "true"}), "2027-01-21", "2025-03-03", "2027-01-21", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			f, r, _ := whole(t, c.files, c.on)
			p, ok := census.PlanOf(f, r, day(t, c.on))
			if d := cmp.Diff([]any{c.start != "", c.start, c.last, c.unsaid}, []any{ok, p.Start.String(), p.Reviewed.String(), p.Unsaid.String()}); d != "" {
				t.Error(d)
			}
		})
	}
}

// rows are the rows of a table, each its own.
func rows(t sheet.Table) (out [][]string) {
	for r := range t.Rows {
		out = append(out, slices.Clone(r))
	}
	return out
}

func titles(t sheet.Table) (out []string) {
	for _, c := range t.Columns {
		out = append(out, c.Title)
	}
	return out
}

func TestAnnexA(t *testing.T) {
	on := "2027-01-21"
	set := learner.Setting{Name: "Thornelaw Academy", URN: "000000", Phase: "all-through"}
	a := census.AnnexA{Day: day(t, on), Setting: set}
	says := "characteristics: {cared_for: true, disadvantaged: true, young_carer: false}\ndisability: {recorded: false}\n"
	plan := "  - {from: 2025-03-03, code: E}\n"
	for _, c := range []map[string]string{
		reviews(withCodes(plan, needsASD+says), [3]string{"b2c3", "2026-02-10", "true"}),
		reviews(withCodes(plan, ""), [3]string{"b2c3", "2026-02-10", ""}),
		with("learner.yaml", withCodes(plan, "enrolment:\n  - {from: 2024-09-03, status: S}\n")),
	} {
		f, r, p := whole(t, c, on)
		a.Plans = append(a.Plans, census.InspectedOf(f, r, p, a.Day))
	}
	f, r, p := whole(t, with("learner.yaml", withCodes("  - {from: 2025-03-03, code: K}\n", needsASD)), on)
	a.Support = append(a.Support, census.InspectedOf(f, r, p, a.Day))
	tables := a.Tables()

	// The headings are those of the lists of the inspection, in their order.
	if d := cmp.Diff([]string{
		"Unique ID", "UPN", "ULN", "Date of birth", "Gender", "Ethnicity",
		"Date initial EHC plan issued", "Date updated EHC plan issued", "Date EHC plan last reviewed", "SEN primary need",
		"Main education establishment – URN", "Main education establishment – phase",
		"Subsidiary education establishment – phase (dual registration)", "Elective home education",
		"Suspensions", "Permanent exclusions", "Absence", "Pupil Premium",
		"Known to children's social care?", "Which children's social care team?", "Does the child or young person have a disability?",
	}, titles(tables[0])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{
		"Unique ID", "UPN", "ULN", "Date of birth", "Gender", "Ethnicity", "SEN primary need",
		"Main education establishment – URN", "Main education establishment – phase",
		"Subsidiary education establishment – phase (dual registration)",
		"Suspensions", "Permanent exclusions", "Absence", "Pupil Premium",
		"Known to children's social care?", "Which children's social care team?", "Does the child or young person have a disability?",
	}, titles(tables[1])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{
		{"jv6fpqgg", "C929000021114", "", "2017-03-08", "M", "", "2025-03-03", "", "2026-02-10", "ASD", "000000", "all through", "", "false", "", "", "", "true", "true", "", "false"},
		{"jv6fpqgg", "C929000021114", "", "2017-03-08", "M", "", "2025-03-03", "", "", "", "000000", "all through", "", "false", "", "", "", "", "", "", ""},
		{"jv6fpqgg", "C929000021114", "", "2017-03-08", "M", "", "2025-03-03", "", "", "", "", "", "all through", "false", "", "", "", "", "", "", ""},
	}, rows(tables[0])); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{
		{"jv6fpqgg", "C929000021114", "", "2017-03-08", "M", "", "ASD", "000000", "all through", "", "", "", "", "", "", "", ""},
	}, rows(tables[1])); d != "" {
		t.Error(d)
	}
	notes := strings.Join(tables[0].Notes, "\n")
	for _, want := range []string{"21 January 2027", "URN 000000: 3.", "Date updated EHC plan issued; Suspensions; Permanent exclusions; Absence; Which", "this many learners: 1."} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q:\n%s", want, notes)
		}
	}
	if strings.Contains(notes, "SPITE") {
		t.Error("the list says that it was made in spite of errors")
	}
	a.Faulty = []string{"learners/jv6fpqgg/learner.yaml"}
	for _, tb := range a.Tables() {
		if all := strings.Join(tb.Notes, "\n"); !strings.Contains(all, "MADE IN SPITE OF ERRORS in 1 of") || !strings.Contains(all, a.Faulty[0]) {
			t.Errorf("%s does not say that it was made in spite of errors", tb.Name)
		}
	}

	// As a book it names nobody, and every column is told of.
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, tables...); err != nil {
		t.Fatal(err)
	}
	grids, err := sheet.ReadXLSX(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(grids) != 3 {
		t.Fatalf("%d sheets", len(grids))
	}
	for _, g := range grids {
		for _, row := range g.Rows {
			if all := strings.Join(row, "|"); strings.Contains(all, "Jude") || strings.Contains(all, "Ashworth") {
				t.Errorf("sheet %s names the learner", g.Name)
			}
		}
	}
	for _, row := range grids[2].Rows {
		if len(row) != 3 {
			t.Errorf("the dictionary does not say what %q is", row)
		}
	}
}

func TestAnnexAOfNobody(t *testing.T) {
	for _, tb := range (census.AnnexA{Day: date.MustParse("2027-01-21")}).Tables() {
		if len(rows(tb)) > 0 || !strings.Contains(tb.Notes[0], ": 0.") {
			t.Errorf("%s: %s", tb.Name, tb.Notes[0])
		}
	}
}
