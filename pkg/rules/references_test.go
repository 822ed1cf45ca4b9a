package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestReferences: what a file says twice, of itself or against what it is out of is told
// once, and what is near it and may be meant is not.
func TestReferences(t *testing.T) {
	is := func(file, path, text string) []rules.Block { return []rules.Block{put(file, path, text)} }
	const kept = "- {id: mum, relation: mother, parental_responsibility: true}\n- {id: "
	const dad = ", relation: father, parental_responsibility: true}"
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"two of the family under one id", is("learner", "family", kept+"mum"+dad), []string{"references family[1].id"}},
		{"two names under one id", is("identity", "family[1].id", "mum"), []string{"references family[1].id"}},
		{"the learner as one of the family", is("learner", "family", kept+"dad"+dad+"\n- {id: learner, relation: brother, parental_responsibility: false}"), []string{"references family[2].id"}},
		{"one of the family as a teacher", is("learner", "family", kept+"dad"+dad+"\n- {id: bell, relation: aunt, parental_responsibility: false}"), []string{"references family[2].id"}},
		{"two adjustments under one id", is("learner", "adjustments[1].id", "a1"), []string{"references adjustments[1].id"}},
		{"two pieces of evidence under one id", is("kai-cycle", "assess.evidence[1].id", "e1"), []string{"references assess.evidence[1].id"}},
		{"two terms under one id", is("setting", "terms[1].id", "autumn-2024"), []string{"references terms[1].id"}},
		{"two rates from one day", is("setting", "rates[4].role", "teaching-assistant"), []string{"references rates[4].from", "provision-rate-missing plan.provision[5].role"}},
		{"one target twice", append(is("cycle", "plan.targets[1].outcome", "Will read 20 of 25 words with taught vowel teams, in new sentences, on 3 days."),
			put("cycle", "plan.targets[1].measure", "{what: words with taught vowel teams read in new sentences, unit: words, of: 25, baseline: 18, target: 20, better: higher}")),
			[]string{"references plan.targets[1].outcome"}},
		{"one outcome measured twice", is("cycle", "plan.targets[1].outcome", "will read 20 of 25 words with taught vowel teams, in new sentences, on 3 days"), nil},
		{"a cycle after itself", is("cycle", "previous", "vnz9"), []string{"references previous"}},
		{"a pathway that nobody followed", is("cycle", "pathway", "northumbria/1"), []string{"references pathway"}},
		{"evidence beyond what it is out of", append(is("kai-cycle", "assess.evidence[0].of", "10"), put("kai-cycle", "assess.evidence[0].value", "14")), []string{"references assess.evidence[0].value"}},
		{"a figure of no target", is("cycle", "do[0]", "{date: 2026-11-13, by: bell, provision: p1, delivered: 4, attended: 4, value: 3}"), []string{"references do[0].value"}},
		{"a score beyond what it is out of", is("star-decision", "scores", "[{criterion: need, score: 5, of: 3}]"), []string{"references scores[0].score"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse(pageDay)) {
				if x.Rule != "sealed" {
					got = append(got, x.Rule+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
