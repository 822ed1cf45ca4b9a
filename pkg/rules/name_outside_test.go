package rules_test

import (
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
)

// TestIDThatIsAName: an id that sealed files have cannot change any more, so that it may
// be waived; one that nothing sealed has is an error.
func TestIDThatIsAName(t *testing.T) {
	for _, c := range []struct {
		name, mum, cousin, at string
		want                  diag.Severity
	}{
		{"mum, whom many sealed files name", "Mum Ashworth", "Sam Ashworth", "family[0].id", diag.Warning},
		{"a cousin, whom nothing names yet", "Helen Ashworth", "Wilfred Ashworth", "family[2].id", diag.Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := laidOver(t,
				put("identity", "family", "- {id: mum, name: "+c.mum+"}\n- {id: dad, name: Paul Ashworth}\n- {id: wilfred, name: "+c.cousin+"}"),
				put("learner", "family", "- {id: mum, relation: mother, parental_responsibility: true}\n- {id: dad, relation: father, parental_responsibility: true}\n- {id: wilfred, relation: cousin, parental_responsibility: false}"))
			var got []diag.Severity
			for _, x := range judgeAll(t, files, date.MustParse("2026-11-22")) {
				if x.Rule == "name-in-id" && x.Path == c.at {
					got = append(got, x.Severity)
				}
			}
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("told as %v, want %s", got, c.want)
			}
		})
	}
}
