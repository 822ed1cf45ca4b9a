package wording_test

import (
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/wording"
)

func labels(faults []wording.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, string(f.Label))
	}
	return strings.Join(out, " ")
}

// What the other fields say, the sentence need not.
func TestGiven(t *testing.T) {
	full := learner.Measure{What: "words read", Baseline: "9", Target: "30", Better: "higher"}
	with := func(change func(*learner.Target)) wording.Given {
		m := full
		x := learner.Target{Measure: &m}
		x.Due.UnmarshalText([]byte("2026-12-16"))
		change(&x)
		return wording.OfTarget(x)
	}
	for _, c := range []struct {
		name   string
		change func(*learner.Target)
		want   string
	}{
		{"all there", func(*learner.Target) {}, ""},
		{"no measure", func(x *learner.Target) { x.Measure = nil }, "target-no-measure target-no-baseline"},
		{"no baseline", func(x *learner.Target) { x.Measure.Baseline = "" }, "target-no-baseline"},
		{"no day", func(x *learner.Target) { *x = learner.Target{Measure: x.Measure} }, "target-no-date"},
		{"the same", func(x *learner.Target) { x.Measure.Target = "9" }, "target-not-above-baseline"},
		{"less", func(x *learner.Target) { x.Measure.Target = "8.5" }, "target-not-above-baseline"},
		{"less, which is better", func(x *learner.Target) { x.Measure.Target, x.Measure.Better = "8", "lower" }, ""},
		{"more, where less is better", func(x *learner.Target) { x.Measure.Better = "lower" }, "target-not-above-baseline"},
		{"more, and nobody says which is better", func(x *learner.Target) { x.Measure.Better = "" }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := labels(wording.Target("will read high-frequency words aloud", with(c.change))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	for _, c := range []struct {
		name string
		p    learner.Provision
		want string
	}{
		{"nothing", learner.Provision{}, "provision-no-who provision-no-frequency provision-no-length provision-no-group-size"},
		{"all there", learner.Provision{By: "bell", Ratio: "1:2", Sessions: &learner.Sessions{PerWeek: "4", Minutes: "30"}}, ""},
		{"a role", learner.Provision{Role: "teacher", Ratio: "1:2", Sessions: &learner.Sessions{PerWeek: "4", Minutes: "30"}}, ""},
		{"no minutes", learner.Provision{By: "bell", Ratio: "1:2", Sessions: &learner.Sessions{PerWeek: "4"}}, "provision-no-length"},
		{"nought minutes", learner.Provision{By: "bell", Ratio: "1:2", Sessions: &learner.Sessions{PerWeek: "4", Minutes: "0"}}, "provision-no-length"},
		{"so many hours a year", learner.Provision{By: "bell", HoursAYear: "3"}, ""},
		{"bought", learner.Provision{AnnualCost: "250"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := labels(wording.Provision("word games with letter tiles", wording.OfProvision(c.p))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A fault points at the word it is about, counted in characters.
func TestSpan(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"will understand fractions", "understand"},
		{"Zoë’s brother — will improve", "improve"},
		{"will have speech therapy", "have speech therapy"},
	} {
		f := wording.Target(c.text, wording.Given{})[0]
		if got := string([]rune(c.text)[f.From:f.To]); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// Each label says why it matters and how the sentence might run.
func TestEveryLabelTeaches(t *testing.T) {
	for _, l := range wording.Labels() {
		if !strings.Contains(l.Pattern(), "_") && l != wording.AsRequired || l.Pattern() == "" {
			t.Errorf("%s has no pattern with gaps: %q", l, l.Pattern())
		}
	}
	seen := map[wording.Label]bool{}
	for _, text := range []string{"will understand", "will have support and be lazy", "will read 3 words, from 4 now, and sit still in assembly", "will read CVC words"} {
		for _, f := range wording.Target(text, wording.Given{}) {
			seen[f.Label] = true
			if f.Why == "" || strings.HasSuffix(f.Why, ".") || f.Instead == "" {
				t.Errorf("%+v", f)
			}
		}
	}
	for _, f := range wording.Provision("regular access to small group support as required", wording.Given{}) {
		seen[f.Label] = true
		if f.Why == "" || f.Instead == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, l := range wording.Labels() {
		if !seen[l] {
			t.Errorf("%s was not tried", l)
		}
	}
}

// Whatever is typed, a fault lies within it, and nothing falls over.
func FuzzJudge(f *testing.F) {
	for _, s := range []string{"", "will", "to", "and and", "will read 30 of 45 words, from 12 now, by 27 March 2027", "from from 3 to", "1:1 1/2 3-4 5.6.7 8:30am 20%",
		"“Zoë’s” — will\tgo; and, will (now", "(12 in September)", "x3 3x ½ → 5", "as well as", "be", "by by the end of", strings.Repeat("and will ", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := len([]rune(text))
		for _, x := range append(wording.Target(text, wording.Given{}), wording.Provision(text, wording.Given{})...) {
			if x.From < 0 || x.From > x.To || x.To > n {
				t.Errorf("%q: %+v", text, x)
			}
		}
	})
}

func BenchmarkTarget(b *testing.B) {
	for b.Loop() {
		wording.Target("will read 30 of the first 45 high-frequency words when shown them singly, from 12 now, by 27 March 2027", wording.Given{})
	}
}
