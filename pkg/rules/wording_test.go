package rules_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

const openPlan = "learners/jv6fpqgg/cycles/2026-11-02-sen-support-plan-vnz9.yaml"

// reworded changes the open plan of the made-up school, and gives what is found there
// anew: rules and paths.
func reworded(t *testing.T, pairs ...string) []diag.Finding {
	t.Helper()
	disk := madeUp(t)
	before := judgeAll(t, disk, date.MustParse(pageDay))
	text := string(disk[openPlan].Data)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the plan holds no %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	disk[openPlan] = &fstest.MapFile{Data: []byte(text)}
	return slices.DeleteFunc(judgeAll(t, disk, date.MustParse(pageDay)), func(x diag.Finding) bool {
		return slices.ContainsFunc(before, func(y diag.Finding) bool { return x.Rule == y.Rule && x.File == y.File && x.Path == y.Path })
	})
}

const (
	outcome   = "      outcome: will read 20 of 25 words with taught vowel teams, in new sentences, on 3 days\n"
	strengths = "    - number patterns\n"
)

func TestWordingInARecord(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  []string // rule path
	}{
		{"an aim as high as the start", []string{"        baseline: 18\n", "        baseline: 20\n"}, []string{"target-not-above-baseline plan.targets[0].measure.target"}},
		{"an aim just above it", []string{"        baseline: 18\n", "        baseline: 19\n"}, nil},
		{"no due day", []string{"      due: 2026-12-16\n", ""}, []string{"target-no-date plan.targets[0]"}},
		{"no due day, and a term in words", []string{"      due: 2026-12-16\n", "", "in new sentences, on 3 days", "in new sentences, by the end of term"}, nil},
		{"a word that finds fault, of staff", []string{strengths, "    - not as lazy as before\n"}, []string{"deficit-language assess.strengths[0]"}},
		{"the same word, of the family", []string{"words: He reads to me on the telephone now.", "words: He was lazy, I was too."}, nil},
		{"a concern of staff", []string{"  learner_says:\n", "  concerns:\n    - by: sato\n      area: cognition-and-learning\n      words: he is lazy\n  learner_says:\n"}, []string{"deficit-language assess.concerns[0].words"}},
		{"a concern of the family", []string{"  learner_says:\n", "  concerns:\n    - by: mum\n      area: cognition-and-learning\n      words: he is lazy\n  learner_says:\n"}, nil},
		{"two sessions a week one to one, and no fading", []string{"sessions: {per_week: 5, minutes: 10, weeks: 6}", "sessions: {per_week: 2, minutes: 10, weeks: 6}", "      fading: from daily to three times a week\n", ""}, nil},
		{"three of them", []string{"sessions: {per_week: 5, minutes: 10, weeks: 6}", "sessions: {per_week: 3, minutes: 10, weeks: 6}", "      fading: from daily to three times a week\n", ""}, []string{"provision-no-fading plan.provision[1]"}},
		{"no number of weeks", []string{"minutes: 10, weeks: 6}", "minutes: 10}"}, []string{"provision-no-weeks plan.provision[1].sessions"}},
		{"the sessions counted instead", []string{"minutes: 10, weeks: 6}", "minutes: 10, planned: 28}"}, nil},
		{"at a stage without a full plan", []string{"stage: sen-support-plan", "stage: initial-concerns", "      due: 2026-12-16\n", ""}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range reworded(t, c.pairs...) {
				if !strings.HasPrefix(x.Rule, "target-no") && !strings.HasPrefix(x.Rule, "provision-no") && x.Rule != "deficit-language" {
					continue // of a plan that was changed by hand other rules may say more
				}
				got = append(got, x.Rule+" "+x.Path)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A finding points at the word, and holds none.
func TestWordingPointsAtTheWord(t *testing.T) {
	for _, x := range reworded(t, outcome, "      outcome: will understand taught vowel teams\n") {
		if x.Rule != "target-vague-verb" {
			continue
		}
		if x.Span.Start.Col != 21 || x.Span.End.Col != 31 || strings.Contains(x.Message+x.Hint, "understand") {
			t.Errorf("%+v", x)
		}
		return
	}
	t.Error("nothing is found")
}
