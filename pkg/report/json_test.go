package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/report"
)

// at follows a path of keys and indices, written with dots, into decoded JSON.
func at(v any, path string) any {
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i := int(step[0] - '0')
			if i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// In JSON a bare key holds a code or an id, and its twin with _words or _name what
// people read; lists are arrays.
func TestJSONCodesAndWords(t *testing.T) {
	disk := school(t)
	f, r := load(t, disk)
	cycle := report.CycleOf(f, r, r.Cycles[0])
	show := report.ShowOf(f, r, day("2025-12-01"))
	cut(t, disk, two, "review:")
	f, r = load(t, disk)
	row := report.RowOf(f, r, day("2025-12-01"))
	due := report.Dues([]report.Row{row}, day("2026-11-01"), 0)
	for name, tt := range map[string]struct {
		view any
		want map[string]string
	}{
		"cycle": {cycle, map[string]string{
			"responsible_teacher": "grimes", "responsible_teacher_name": "P. Grimes", "stage": "initial-concerns", "stage_words": "Initial Concerns",
			"agreed_with": "[learner mum grimes]", "agreed_with_words": "Jude, Helen Ashworth (mum) and P. Grimes",
			"concerns.0.who": "grimes", "concerns.0.who_name": "P. Grimes", "home.0.who": "mum", "home.0.who_name": "Helen Ashworth (mum)",
			"support.0.by": "bell", "support.0.by_name": "K. Bell", "support.0.impact": "some",
			"notes.0.by": "bell", "notes.0.by_name": "K. Bell", "corrected.0.by": "grimes", "corrected.0.by_name": "P. Grimes",
			"review.progress": "less", "review.decision": "another-cycle", "review.recorded_by": "grimes", "review.recorded_by_name": "P. Grimes",
			"review.present": "[learner mum grimes]", "review.present_words": "Jude, Helen Ashworth (mum) and P. Grimes",
			"review.voices.0.who": "learner", "review.voices.0.who_name": "Jude", "targets.0.now": "19", "targets.0.score": "-1"}},
		"show": {show, map[string]string{"format": "sendctl-show/1", "responsible_teacher": "sato", "responsible_teacher_name": "L. Sato", "senco": "eyre",
			"senco_name": "M. Eyre", "year": "4", "year_words": "Year 4", "joined": "2021-09-06", "cycles.0.decision": "another-cycle", "cycles.0.stage": "initial-concerns"}},
		"row": {row, map[string]string{"responsible_teacher": "sato", "responsible_teacher_name": "L. Sato", "stage": "initial-concerns", "stage_words": "Initial Concerns", "year": "4"}},
		"due": {due[0], map[string]string{"responsible_teacher": "sato", "responsible_teacher_name": "L. Sato", "stage": "initial-concerns", "stage_words": "Initial Concerns", "year": "4"}},
	} {
		b, err := json.Marshal(tt.view)
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for path, want := range tt.want {
			if s := text(at(got, path)); s != want {
				t.Errorf("%s %s: %q, want %q", name, path, s, want)
			}
		}
	}
	for _, words := range []string{cycle.Review.ProgressWords, cycle.Review.DecisionWords, show.Cycles[0].DecisionWords} {
		if !strings.Contains(words, " ") {
			t.Errorf("%q is not words", words)
		}
	}
}

// text writes a string as it is and a list in brackets.
func text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []any:
		var out []string
		for _, i := range x {
			out = append(out, text(i))
		}
		return "[" + strings.Join(out, " ") + "]"
	}
	return ""
}
