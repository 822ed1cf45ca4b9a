package gate_test

import (
	"slices"
	"testing"

	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// TestSaid: what fills a box, and what is short and still an answer.
func TestSaid(t *testing.T) {
	for text, want := range map[learner.Words]bool{
		"": false, "n/a": false, "N.A.": false, "none": false, "None.": false, "tbc": false, "(TBC)": false, "-": false, "\u2013": false, "\u2026": false, "???": false,
		"to be confirmed": false, "as above": false, "* none *": false, "[insert here]": false,
		"no": true, "Nothing.": true, "same": true, ":)": true, "(\u2026)": true, "0": true, "TBC!": true, "none of the others": true, "\xff": true, "[ ]": true,
	} {
		if got := gate.Said(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestSaidNothing: a check takes what fills a box for nothing, as validate does.
func TestSaidNothing(t *testing.T) {
	const na = learner.Words("n/a")
	ask := gate.Ask{
		Move: &learner.Move{Because: na, ToSetting: "tbc", NotTold: "-"},
		Request: &learner.Request{Reasons: na, Because: "none", OutcomesSought: []learner.Words{"tbc", "-"}, SupportSought: []learner.Words{na},
			LearnerSays: []learner.LearnerVoice{{Words: na}}, ParentsSay: []learner.ParentVoice{{Who: "mum", Words: "-"}}},
	}
	s := newSchool(t)
	c := s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "less", "another-cycle")
	c.Assess.Strengths = []learner.Words{na}
	c.Plan.Universal = []learner.Words{"none"}
	c.Assess.LearnerSays = []learner.LearnerVoice{{Words: na, NotSought: "n/a"}}
	c.Review.ParentsSay = []learner.ParentVoice{{Who: "mum", Words: "tbc", NotSought: "none"}}
	f, r := s.open(t)
	own := f.Pathway.Value.Checks
	for _, check := range []struct{ test, of string }{
		{"record-says", "strengths"}, {"move-says", "because"}, {"move-says", "to-setting"}, {"request-says", "reasons"}, {"request-says", "because"},
		{"request-says", "outcomes-sought"}, {"request-says", "support-sought"}, {"request-says", "learner-says"}, {"request-says", "parents-say"},
		{"universal-teaching", ""}, {"voice", "learner"}, {"voice", "parents"}, {"parents-told", ""}, {"parents-reviewed", ""},
	} {
		looks := pathway.Check{ID: "looks", Test: check.test}
		if check.of != "" {
			looks.Of = []string{check.of}
		}
		f.Pathway.Value.Checks = append(slices.Clone(own), looks)
		if got := gate.Table(f, r, []string{"looks"}, ask)[0].State; got != gate.Missing {
			t.Errorf("%s %s: %s, want missing", check.test, check.of, got)
		}
	}
}
