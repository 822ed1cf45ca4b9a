package casework

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/form"
)

// Advice is told of what was typed, with a pattern; what the next questions ask for is
// not missed beforehand.
func TestAdvised(t *testing.T) {
	cases := []struct {
		name, text string
		advice     func(form.Answer) string
		want       string // "" for no advice
	}{
		{"a vague verb", "will understand fractions", outcomeAdvice, "“understand”"},
		{"a plain target, its figures to come", "will read high-frequency words aloud", outcomeAdvice, ""},
		{"an aim below the start", "will read 9 words, from 12 now", outcomeAdvice, "no better"},
		{"what is given as a target", "will have speech therapy", outcomeAdvice, "what adults give"},
		{"support that is no more than there", "access to a calm corner", supportAdvice, "“access to”"},
		{"support in plain words", "reading short books aloud", supportAdvice, ""},
		{"a word that finds fault", "he is lazy", staffAdvice, "“lazy”"},
		{"what happens", "he starts after a reminder", staffAdvice, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := c.advice(form.Answer{Text: c.text})
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("advice on %q: %q", c.text, got)
			}
		})
	}
}

func TestAimAdvice(t *testing.T) {
	figures := func(from, to string) form.Answers {
		return form.Answers{"measure.baseline": {Text: from}, "measure.target": {Text: to}}
	}
	for _, c := range []struct {
		from, to, better string
		told             bool
	}{
		{"9", "30", "higher", false}, {"9", "9", "higher", true}, {"9", "8", "higher", true},
		{"9", "8", "lower", false}, {"9", "9", "lower", true}, {"9", "10", "lower", true}, {"", "10", "higher", false},
	} {
		if got := aimAdvice(figures(c.from, c.to), "")(form.Answer{Text: c.better}); (got != "") != c.told {
			t.Errorf("from %s to %s, %s is better: %q", c.from, c.to, c.better, got)
		}
	}
}
