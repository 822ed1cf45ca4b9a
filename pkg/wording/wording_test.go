package wording_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/wording"
)

// score counts one label: right, told though it is not so, and missed.
type score struct{ right, extra, missed int }

func (s score) precision() float64 { return ratio(s.right, s.right+s.extra) }
func (s score) recall() float64    { return ratio(s.right, s.right+s.missed) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (s score) String() string {
	return fmt.Sprintf("right %3d  extra %3d  missed %3d  precision %.3f  recall %.3f", s.right, s.extra, s.missed, s.precision(), s.recall())
}

// judge says which labels a sentence gets.
func judge(kind, text string) []wording.Fault {
	if kind == "provision" {
		return wording.Provision(text, wording.Given{})
	}
	return wording.Target(text, wording.Given{})
}

// measure judges every sentence of a file against its labels. tell, where there is one,
// gets what differs.
func measure(t *testing.T, name string, tell func(kind, text string, extra, missed []string)) (all score, each map[string]score) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	each = map[string]score{}
	for n, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 {
			t.Fatalf("%s:%d has %d fields", name, n+1, len(parts))
		}
		var want, got, extra, missed []string
		if parts[1] != "-" {
			want = strings.Split(parts[1], ",")
		}
		for _, f := range judge(parts[0], parts[2]) {
			got = append(got, string(f.Label))
		}
		for _, l := range got {
			s := each[l]
			if slices.Contains(want, l) {
				s.right++
			} else {
				s.extra++
				extra = append(extra, l)
			}
			each[l] = s
		}
		for _, l := range want {
			if !slices.Contains(wording.Labels(), wording.Label(l)) {
				t.Fatalf("%s:%d: no such label: %s", name, n+1, l)
			}
			if s := each[l]; !slices.Contains(got, l) {
				s.missed++
				each[l] = s
				missed = append(missed, l)
			}
		}
		if tell != nil && len(extra)+len(missed) > 0 {
			tell(parts[0], parts[2], extra, missed)
		}
	}
	for _, s := range each {
		all.right, all.extra, all.missed = all.right+s.right, all.extra+s.extra, all.missed+s.missed
	}
	return all, each
}

// TestFirstSet: the set on which the rules were made.
func TestFirstSet(t *testing.T) {
	all, each := measure(t, "first.tsv", func(kind, text string, extra, missed []string) {
		t.Logf("%s: %s: extra %v, missed %v", kind, text, extra, missed)
	})
	report(t, all, each)
	if all.precision() < 0.95 || all.recall() < 0.95 {
		t.Errorf("the set on which the rules were made: %s", all)
	}
}

// TestThirdSet: a set by other hands, which was unseen until the rules were made to go by
// it too.
func TestThirdSet(t *testing.T) {
	learned(t, "third.tsv", 0.95, 0.92)
}

// TestWays: the classes of words behind the sets, each in several ways.
func TestWays(t *testing.T) {
	measure(t, "ways.tsv", func(kind, text string, extra, missed []string) {
		t.Errorf("%s: %s: extra %v, missed %v", kind, text, extra, missed)
	})
}

// TestSecondSet: a set that was labelled by somebody else before there was any rule, and
// that nobody looks at while working on them. So nothing but counts is told of it.
func TestSecondSet(t *testing.T) {
	all, each := measure(t, "second.tsv", nil)
	report(t, all, each)
	if all.precision() < 0.90 || all.recall() < 0.80 {
		t.Errorf("the set nobody looked at: %s", all)
	}
}

// TestFourthSet: a set by yet other hands, from which the rules learned after they had been
// tried on it once (then: precision 0.820, recall 0.937).
func TestFourthSet(t *testing.T) {
	learned(t, "fourth.tsv", 0.94, 0.94)
}

// TestFifthSet: the twin of the fourth, by the same hands on the same day, which nobody
// looked at until the rules had been tried on it twice: at first sight precision 0.729,
// recall 0.869, and 0.821 and 0.874 after they had learned from the fourth. Then they
// learned from it too.
func TestFifthSet(t *testing.T) {
	learned(t, "fifth.tsv", 0.95, 0.88)
}

// TestSixthSet: a set by a hand that had seen no rule and no other set, whose labels a
// second reader gave too, with one difference in 200. At first sight: precision 0.830,
// recall 0.904; 0.890 and 0.863 after the rules had learned from the fifth and the seventh,
// 0.891 and 0.870 after the eighth.
func TestSixthSet(t *testing.T) {
	heldOut(t, "sixth.tsv", 0.885, 0.86)
}

// TestSeventhSet: 240 sentences in two dozen writers' manners, by another hand. The rules
// learned from every other line, and were then tried on the rest: precision 0.894, recall
// 0.966, where before any of it was read the whole had 0.837 and 0.949. Then they learned
// from the rest too.
func TestSeventhSet(t *testing.T) {
	learned(t, "seventh.tsv", 0.95, 0.90)
}

// TestEighthSet: 240 sentences by a hand that had seen no rule and no other set. At first
// sight: precision 0.973, recall 0.901. Then the rules learned from it.
func TestEighthSet(t *testing.T) {
	learned(t, "eighth.tsv", 0.985, 0.98)
}

// TestNinthSet: 240 sentences by another such hand. At first sight: precision 0.947, recall
// 0.916; 0.950 and 0.922 after the rules had learned from the eighth.
func TestNinthSet(t *testing.T) {
	heldOut(t, "ninth.tsv", 0.945, 0.92)
}

// TestTenthSet: 240 sentences by a third such hand. At first sight: precision 0.977, recall
// 0.910; 0.978 and 0.950 after the rules had learned from the eighth.
func TestTenthSet(t *testing.T) {
	heldOut(t, "tenth.tsv", 0.975, 0.945)
}

// heldOut measures by a set whose sentences nobody looks at while working on the rules, so
// nothing but the totals is told of it. The aim is a precision of 0.90 and a recall of
// 0.80; where more was reached, that is the floor, so that nothing gets worse.
func heldOut(t *testing.T, name string, precision, recall float64) {
	t.Helper()
	all, _ := measure(t, name, nil)
	t.Logf("%-27s %s", "all", all)
	if all.precision() < precision || all.recall() < recall {
		t.Errorf("a set nobody looks at: %s", all)
	}
}

// learned holds a set from which the rules learned to no less than it reached.
func learned(t *testing.T, name string, precision, recall float64) {
	t.Helper()
	all, each := measure(t, name, func(kind, text string, extra, missed []string) {
		t.Logf("%s: %s: extra %v, missed %v", kind, text, extra, missed)
	})
	report(t, all, each)
	if all.precision() < precision || all.recall() < recall {
		t.Errorf("a set from which the rules learned: %s", all)
	}
}

func report(t *testing.T, all score, each map[string]score) {
	t.Helper()
	for _, l := range wording.Labels() {
		t.Logf("%-27s %s", l, each[string(l)])
	}
	t.Logf("%-27s %s", "all", all)
}
