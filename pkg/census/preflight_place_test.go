package census_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/learner"
)

// Every finding stands at the value that counts on the census day; what is missing at
// what it belongs to, or at the file.
func TestFindingOf(t *testing.T) {
	const k = `sen_provision:
  - {from: 2024-09-03, code: "N"}
  - {from: 2025-09-03, code: K}
  - {from: 2027-09-03, code: "N"}
`
	head := joined[:strings.Index(joined, "sen_provision")]
	for _, tt := range []struct {
		name     string
		identity string
		learner  string
		want     string
	}{
		{"a check letter", strings.Replace(identity, "C929", "D929", 1), "", "census-1510 identity.yaml:9:6 upn"},
		{"no UPN", strings.Replace(identity, "upn: C929000021114\n", "", 1), "", "census-1500 identity.yaml:0:0 upn"},
		{"no surname", strings.Replace(identity, "\n  family: Ashworth", "", 1), "", "census-1580 identity.yaml:5:3 legal_name.family"},
		{"top-up", "", head + k + "needs: [{rank: 1, type: SPLD, from: 2025-09-03}]\ntop_up:\n  - {from: 2025-01-06, applies: false}\n  - {from: 2026-01-05, applies: true}\n", "census-1990 learner.yaml:13:33 top_up[1].applies"},
		{"no type", "", head + k, "census-2170 learner.yaml:0:0 needs"},
		{"a rank", "", head + k + "needs:\n  - {rank: 1, type: MLD, from: 2025-09-03, until: 2026-01-05}\n  - {rank: 2, type: SPLD, from: 2025-09-03}\n", "census-2160 learner.yaml:12:12 needs[1].rank"},
		{"N with a need", "", joined + "needs:\n  - {rank: 1, type: MLD, from: 2025-09-03}\n", "census-2125 learner.yaml:9:21 needs[0].type"},
		{"N with a place", "", joined + "sen_unit:\n  - {from: 2025-09-03, applies: true}\n", "census-2125 learner.yaml:9:33 sen_unit[0].applies"},
		{"no code on the day", "", head + "sen_provision:\n  - {from: 2027-09-03, code: \"N\"}\n", "census-2120 learner.yaml:7:3 sen_provision"},
		{"a code", "", head + "sen_provision:\n  - {from: 2024-09-03, code: S}\n", "census-2115 learner.yaml:7:30 sen_provision[0].code"},
		{"a year", "", joined + "year_exceptions:\n  - {from: 2025-09-01, year: \"1\"}\n", "census-2020 learner.yaml:9:30 year_exceptions[0].year"},
		{"a cohort", "", joined + "cohort: \"2024\"\n", "census-2020 learner.yaml:8:9 cohort"},
		{"a status", "", joined + "enrolment:\n  - {from: 2024-09-03, status: P}\n", "census-1860 learner.yaml:9:32 enrolment[0].status"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			if tt.identity != "" {
				files["identity.yaml"] = tt.identity
			}
			if tt.learner != "" {
				files["learner.yaml"] = tt.learner
			}
			f, r := record(t, files)
			p, _ := census.PupilOf(f, r, on(spring))
			j := census.NewJudge(census.PreflightInput{Return: census.Return{Day: on(spring), Setting: learner.Setting{Phase: "primary"}}})
			var got []string
			for _, x := range j.Pupil(p) {
				at, ok := census.FindingOf(r, on(spring), x)
				if !ok {
					t.Errorf("%s has no file", x.Rule)
				}
				got = append(got, fmt.Sprintf("%s %s:%d:%d %s", at.Rule, strings.TrimPrefix(at.File, r.Dir+"/"), at.Span.Start.Line, at.Span.Start.Col, at.Path))
				if strings.Contains(at.Message+at.Hint, "Ashworth") || strings.Contains(at.Message+at.Hint, "C929") {
					t.Errorf("a value: %s %s", at.Message, at.Hint)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Of a file that cannot be read nothing is told that only follows from it.
func TestFindingOfNothing(t *testing.T) {
	f, r := record(t, map[string]string{"identity.yaml": "format: identity/v1\nname: [\n"})
	p, _ := census.PupilOf(f, r, on(spring))
	j := census.NewJudge(census.PreflightInput{Return: census.Return{Day: on(spring), Setting: learner.Setting{Phase: "primary"}}})
	found := j.Pupil(p)
	if len(found) == 0 || len(census.Faults(r)) == 0 {
		t.Fatalf("%d problems, %d faults", len(found), len(census.Faults(r)))
	}
	for _, x := range found {
		if at, ok := census.FindingOf(r, on(spring), x); ok && strings.HasSuffix(at.File, "identity.yaml") {
			t.Errorf("%s is told of a file that cannot be read", at.Rule)
		}
	}
}

func TestPlain(t *testing.T) {
	name, text := move("b2c3", "2026-01-05", "universal", "initial-concerns")
	for _, tt := range []struct {
		what  string
		files map[string]string
		want  bool
	}{
		{"only on roll", nil, true},
		{"with a move", map[string]string{name: text}, false},
		{"with a concern", map[string]string{"learner.yaml": strings.Replace(joined, "universal", "initial-concerns", 1)}, false},
		{"who has left", map[string]string{"learner.yaml": strings.Replace(joined, "universal", "left", 1)}, false},
		{"with a need", map[string]string{"learner.yaml": joined + "needs:\n  - {rank: 1, type: MLD, from: 2025-09-03}\n"}, false},
		{"who had support once", map[string]string{"learner.yaml": strings.Replace(joined, `code: "N"`, "code: K", 1)}, false},
	} {
		f, r := record(t, tt.files)
		if got := census.Plain(f, r); got != tt.want {
			t.Errorf("%s: %t", tt.what, got)
		}
	}
}
