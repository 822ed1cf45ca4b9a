package casework

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

func flags(days ...string) []learner.DatedFlag {
	var out []learner.DatedFlag
	for i, d := range days {
		out = append(out, learner.DatedFlag{From: date.MustParse(d), Applies: i%2 == 0})
	}
	return out
}

func TestToppedUp(t *testing.T) {
	days := cmp.Comparer(func(a, b date.Date) bool { return a == b })
	for _, tt := range []struct {
		name     string
		was      []learner.DatedFlag
		from, to string
		want     []learner.DatedFlag
	}{
		{"the first", nil, "2026-02-02", "2026-07-17", flags("2026-02-02", "2026-07-18")},
		{"the same again", flags("2026-02-02", "2026-07-18"), "2026-02-02", "2026-07-17", flags("2026-02-02", "2026-07-18")},
		{"a later one", flags("2026-02-02", "2026-07-18"), "2026-09-07", "2026-12-18", flags("2026-02-02", "2026-07-18", "2026-09-07", "2026-12-19")},
		{"one that goes on from the last day", flags("2026-02-02", "2026-07-18"), "2026-07-18", "2026-12-18", flags("2026-02-02", "2026-12-19")},
		{"an earlier one", flags("2026-09-07", "2026-12-19"), "2026-02-02", "2026-07-17", flags("2026-02-02", "2026-07-18", "2026-09-07", "2026-12-19")},
		{"one within another", flags("2026-02-02", "2026-07-18"), "2026-03-02", "2026-04-02", flags("2026-02-02", "2026-07-18")},
		{"one across the end of another", flags("2026-02-02", "2026-07-18"), "2026-06-01", "2026-08-31", flags("2026-02-02", "2026-09-01")},
	} {
		got := toppedUp(tt.was, date.MustParse(tt.from), date.MustParse(tt.to))
		if diff := cmp.Diff(tt.want, got, days); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
	open := toppedUp(nil, date.MustParse("2026-02-02"), date.Date{})
	if diff := cmp.Diff(flags("2026-02-02"), open, days); diff != "" {
		t.Errorf("without a last day:\n%s", diff)
	}
}

// Whatever was written before: the money is there on every day of the span, every
// other day is as it was, and the list stays in order with no day twice.
func TestToppedUpProperties(t *testing.T) {
	days := cmp.Comparer(func(a, b date.Date) bool { return a == b })
	first := date.MustParse("2026-01-01")
	holds := func(list []learner.DatedFlag, on date.Date) (v bool) {
		for _, x := range list {
			if !x.From.After(on) {
				v = x.Applies
			}
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		var was []learner.DatedFlag
		for at, i := 0, rapid.IntRange(0, 5).Draw(t, "entries"); i > 0; i-- {
			at += rapid.IntRange(1, 9).Draw(t, "gap")
			was = append(was, learner.DatedFlag{From: first.AddDays(at), Applies: rapid.Bool().Draw(t, "applies")})
		}
		from := first.AddDays(rapid.IntRange(0, 50).Draw(t, "from"))
		to := from.AddDays(rapid.IntRange(0, 20).Draw(t, "length"))
		now := toppedUp(was, from, to)
		for i := -5; i < 90; i++ {
			on := first.AddDays(i)
			within := !on.Before(from) && !on.After(to)
			if got, want := holds(now, on), within || holds(was, on); got != want {
				t.Fatalf("%s is %t, want %t: %v and %s to %s gave %v", on, got, want, was, from, to, now)
			}
		}
		for i := 1; i < len(now); i++ {
			if !now[i].From.After(now[i-1].From) {
				t.Fatalf("out of order or twice: %v", now)
			}
		}
		if diff := cmp.Diff(now, toppedUp(now, from, to), days); diff != "" {
			t.Fatalf("done again it is another:\n%s", diff)
		}
	})
}
