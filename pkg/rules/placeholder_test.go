package rules_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
)

// TestPlaceholderTexts: what fills a box, and what is short and still an answer.
func TestPlaceholderTexts(t *testing.T) {
	for text, want := range map[string]bool{
		"n/a": true, "N/A": true, "N.A.": true, "NA": true, "tbc": true, "TBC": true, "(tbc)": true, "TBC!": false, "-": true, "--": true, "–": true, "…": true,
		"None.": true, "none": true, "?": true, "???": true, "see above": true, "See above.": true, "as before": true, "to be confirmed": true, "xxx": true,
		"Nothing.": false, "no": false, "Yes.": false, ":)": false, "👍": false, "none of the children would play": false, "n/a in maths": false, "to be confirmed by eyre": false,
		"will __, from __ now to __, by __": true, "will read 20 words, from __ now to 30, by Easter": true, "will read 20 words by __.": true, "will …": true,
		"I feel __ because __": false, "writes __ for a gap": false,
		"as before, with the pen": false, "Nan helps.": false, "same": false, "0": false, "tests": false,
	} {
		disk := changedSchool(t, [3]string{"cycle", "assess.learner_says", "[{words: I like it., how: talking}, {words: " + fmt.Sprintf("%q", text) + "}]"})
		got := len(foundOn(t, disk, "placeholder", pageDay)) > 0
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestPlaceholderIsToldOnce: one text that says nothing is one finding, whatever asks for it.
func TestPlaceholderIsToldOnce(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes [][3]string
		want    []string
	}{
		{"a target", [][3]string{{"cycle", "plan.targets[0].outcome", "tbc"}}, []string{"placeholder plan.targets[0].outcome"}},
		{"provision", [][3]string{{"cycle", "plan.provision[0].what", "n/a"}}, []string{"placeholder plan.provision[0].what"}},
		{"what is measured", [][3]string{{"cycle", "plan.targets[0].measure.what", "tbc"}}, []string{"placeholder plan.targets[0].measure.what"}},
		{"all that the learner says", [][3]string{{"cycle", "assess.learner_says", "[{words: n/a}, {not_sought: '-'}]"}}, []string{"learner-not-heard assess.learner_says"}},
		{"one of the things the learner says", [][3]string{{"cycle", "assess.learner_says", "[{words: n/a}, {words: I like it.}]"}}, []string{"placeholder assess.learner_says[0].words"}},
		{"all that the family says", [][3]string{{"cycle", "assess.parents_say", "[{who: mum, not_sought: none}]"}}, []string{"parents-not-heard assess.parents_say"}},
		{"all strengths", [][3]string{{"cycle", "assess.strengths", "[n/a]"}}, []string{"strengths-missing assess.strengths"}},
		{"one strength", [][3]string{{"cycle", "assess.strengths", "[n/a, draws]"}}, []string{"placeholder assess.strengths[0]"}},
		{"a concern", [][3]string{{"cycle", "assess.concerns", "[{by: sato, area: cognition-and-learning, words: see above}]"}}, []string{"placeholder assess.concerns[0].words"}},
		{"everything for everyone", [][3]string{{"cycle", "plan.universal", "[none]"}}, []string{"universal-first plan.universal"}},
		{"the latest review", [][3]string{{"reviewed", "review.learner_says", "[{words: n/a}]"}}, []string{"review-unheard review.learner_says"}},
		{"an earlier review", [][3]string{{"learners/jv6fpqgg/cycles/2026-02-26-passport-b8t8.yaml", "review.because", "n/a"}}, nil},
		{"an agreed passport", [][3]string{{"passport", "know[0]", "n/a"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range judgeAll(t, changedSchool(t, c.changes...), date.MustParse(pageDay)) {
				if x.Rule != "sealed" { // its seal is of the words before
					got = append(got, x.Rule+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
