package cost_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/cost"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

func rates(ta, teacher learner.Number) []learner.Rate {
	return []learner.Rate{
		{Role: "teaching-assistant", From: date.MustParse("2025-09-01"), Hourly: ta},
		{Role: "teacher", From: date.MustParse("2025-09-01"), Hourly: teacher},
	}
}

// weekly is a provision of so many minutes a week.
func weekly(role, ratio string, perWeek, minutes learner.Number) learner.Provision {
	return learner.Provision{ID: "p1", Role: role, Ratio: ratio, Sessions: &learner.Sessions{PerWeek: perWeek, Minutes: minutes}, Additional: true}
}

// The figures are those of the worked examples that the design was drawn from;
// each was reckoned by hand there.
func TestAnnual(t *testing.T) {
	const ta, teacher = "teaching-assistant", "teacher"
	on := date.MustParse("2026-10-01")
	for _, c := range []struct {
		name        string
		ta, teacher learner.Number
		weeks       int
		lines       []learner.Provision
		each        []string
		total       string
	}{
		{"a plan in a primary school", "15.20", "38.00", 38, []learner.Provision{
			weekly(ta, "1:2", "4", "30"),
			weekly(ta, "1:1", "5", "10"),
			weekly(ta, "1:3", "5", "20"),
			{ID: "p4", AnnualCost: "250.00"},
			{ID: "p5", Role: teacher, HoursAYear: "3"},
		}, []string{"577.60", "481.33", "320.89", "250.00", "114.00"}, "1743.82"},
		{"support above the threshold", "16.40", "39.00", 38, []learner.Provision{
			weekly(ta, "1:1", "10", "60"),
			weekly(ta, "", "1", "60"),
			weekly(ta, "1:4", "2", "30"),
			weekly(ta, "1:1", "5", "10"),
			weekly(teacher, "1:1", "2", "60"),
			{ID: "p6", AnnualCost: "570.00"},
		}, []string{"6232.00", "623.20", "155.80", "519.33", "2964.00", "570.00"}, "11064.33"},
		{"the two examples of the statutory notes", "16.50", "39.00", 39, []learner.Provision{
			weekly(ta, "1:1", "10", "60"),
			weekly(ta, "1:4", "5", "60"), // 804.375: half a penny goes up
		}, []string{"6435.00", "804.38"}, "7239.38"},
		{"two adults, shared hours, hours and a purchase together", "10.00", "30.00", 10, []learner.Provision{
			weekly(ta, "2:1", "1", "60"),
			{ID: "p2", Role: teacher, Ratio: "1:3", HoursAYear: "6.5"},
			{ID: "p3", Role: ta, HoursAYear: "2", AnnualCost: "0.50"},
			weekly(ta, "1:1", "0", "30"),
		}, []string{"200.00", "65.00", "20.50", "0.00"}, "285.50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := &learner.Plan{Provision: append(c.lines, learner.Provision{ID: "ordinary"})}
			for i := range c.lines {
				plan.Provision[i].Additional = true
			}
			lines := cost.Lines(plan, rates(c.ta, c.teacher), on, c.weeks)
			var each []string
			for _, l := range lines {
				if l.Err != nil {
					t.Error(l.Err)
				}
				each = append(each, l.Annual.Pounds())
			}
			if diff := cmp.Diff(c.each, each); diff != "" {
				t.Error(diff)
			}
			if sum, whole := cost.Total(lines); !whole || sum.Pounds() != c.total {
				t.Errorf("together %s, %t", sum.Pounds(), whole)
			}
		})
	}
}

func TestAnnualSaysWhatIsMissing(t *testing.T) {
	on := date.MustParse("2025-08-31") // the day before there are any rates
	after := date.MustParse("2025-09-01")
	good := weekly("teacher", "1:2", "2", "30")
	with := func(change func(*learner.Provision)) learner.Provision {
		p := good
		s := *good.Sessions
		p.Sessions = &s
		change(&p)
		return p
	}
	for _, c := range []struct {
		name  string
		p     learner.Provision
		on    date.Date
		weeks int
		need  cost.Need
		says  string
	}{
		{"nothing wrong", good, after, 38, "", ""},
		{"no time", with(func(p *learner.Provision) { p.Sessions = nil }), after, 38, cost.NeedTime, "annual_cost"},
		{"minutes left out", with(func(p *learner.Provision) { p.Sessions.Minutes = "" }), after, 38, cost.NeedTime, "per_week"},
		{"only how many sessions in all", with(func(p *learner.Provision) { p.Sessions = &learner.Sessions{Planned: "30"} }), after, 38, cost.NeedTime, "per_week"},
		{"a rate that begins later", good, on, 38, cost.NeedRate, "no rate for teacher on 2025-08-31"},
		{"a role without a rate", with(func(p *learner.Provision) { p.Role = "key-worker" }), after, 38, cost.NeedRate, "key-worker"},
		{"a name for a role", with(func(p *learner.Provision) { p.Role = "Mrs Bell" }), after, 38, cost.NeedRate, "(not a code)"},
		{"no role", with(func(p *learner.Provision) { p.Role = "" }), after, 38, cost.NeedRole, "write role"},
		{"a group of nobody", with(func(p *learner.Provision) { p.Ratio = "1:0" }), after, 38, cost.NeedRatio, "1:4"},
		{"a group that is words", with(func(p *learner.Provision) { p.Ratio = "small" }), after, 38, cost.NeedRatio, "1:4"},
		{"no weeks", good, after, 0, cost.NeedWeeks, "weeks_a_year"},
		{"a cost that is words", with(func(p *learner.Provision) { p.AnnualCost = "dear" }), after, 38, cost.NeedAmount, "16.40"},
		{"fewer than no hours", with(func(p *learner.Provision) { p.HoursAYear = "-2" }), after, 38, cost.NeedAmount, "16.40"},
		{"more than there is", with(func(p *learner.Provision) { p.AnnualCost = "99999999999999999999" }), after, 38, cost.NeedAmount, "16.40"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := cost.Annual(c.p, rates("16.40", "39.00"), c.on, c.weeks)
			var missing *cost.MissingError
			switch {
			case c.need == "" && err != nil:
				t.Error(err)
			case c.need == "":
			case !errors.As(err, &missing) || missing.Need != c.need || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "Bell"):
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRateIsTheLatestThatHasBegun(t *testing.T) {
	rates := []learner.Rate{
		{Role: "teacher", From: date.MustParse("2026-09-01"), Hourly: "40.00"},
		{Role: "teacher", Hourly: "30.00"}, // as it always was
		{Role: "teacher", From: date.MustParse("2025-09-01"), Hourly: "39.00"},
	}
	for day, want := range map[string]learner.Number{"2024-01-01": "30.00", "2025-09-01": "39.00", "2026-08-31": "39.00", "2026-09-01": "40.00"} {
		if got, ok := cost.Rate(rates, "teacher", date.MustParse(day)); !ok || got != want {
			t.Errorf("on %s: %s, %t", day, got, ok)
		}
	}
}

func TestAsk(t *testing.T) {
	for _, c := range []struct {
		name string
		line learner.AskLine
		want string
		err  string
	}{
		{"a key worker for twenty weeks", learner.AskLine{HoursAWeek: "5", Weeks: "20", Hourly: "16.40", Cost: "1640.00"}, "1640.00", ""},
		{"six hours of a psychologist", learner.AskLine{Hours: "6", Hourly: "95.00"}, "570.00", ""},
		{"a purchase", learner.AskLine{Cost: "99.9"}, "99.90", ""},
		{"hours for the reader, the cost from a quotation", learner.AskLine{Hours: "6", Cost: "570"}, "570.00", ""},
		{"half a penny", learner.AskLine{Hours: "0.5", Hourly: "0.03"}, "0.02", ""},
		{"a cost that disagrees", learner.AskLine{HoursAWeek: "5", Weeks: "20", Hourly: "16.40", Cost: "1604.00"}, "", "is not what the hours"},
		{"the time twice", learner.AskLine{Hours: "6", HoursAWeek: "1", Hourly: "9"}, "", "given twice"},
		{"no rate", learner.AskLine{Hours: "6"}, "", "what an hour costs"},
		{"no weeks", learner.AskLine{HoursAWeek: "6", Hourly: "9"}, "", "how much is asked for"},
		{"nothing", learner.AskLine{What: "a key worker"}, "", "how much is asked for"},
		{"a power of ten", learner.AskLine{Cost: "1e6"}, "", "not an amount"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := cost.Ask(c.line)
			if c.err == "" && (err != nil || got.Pounds() != c.want) {
				t.Errorf("%s, %v", got.Pounds(), err)
			}
			if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "1604")) {
				t.Errorf("%v", err)
			}
		})
	}
	sum, _, err := cost.Basis([]learner.AskLine{{HoursAWeek: "5", Weeks: "20", Hourly: "16.40"}, {Hours: "6", Hourly: "95.00"}})
	if err != nil || sum.Pounds() != "2210.00" {
		t.Errorf("%s, %v", sum.Pounds(), err)
	}
	if _, at, err := cost.Basis([]learner.AskLine{{Cost: "1"}, {}}); err == nil || at != 1 {
		t.Errorf("the second line: %d, %v", at, err)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[learner.Number]cost.Pence{
		"0": 0, "16.40": 1640, "16.4": 1640, "6000": 600000, "0.005": 1, "0.0049": 0, "-1.5": -150, "007": 700,
	} {
		if got, ok := cost.Parse(text); !ok || got != want {
			t.Errorf("%s: %d, %t", text, got, ok)
		}
	}
	for _, text := range []learner.Number{"", "-", ".", "1.", ".5", "1e3", "1/3", "1,000", "0x10", "1_000", "NaN", "+1", "--1", "123456789012345678901"} {
		if got, ok := cost.Parse(text); ok {
			t.Errorf("%q passed for %d", text, got)
		}
	}
}

func TestParseReadsWhatPoundsWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := cost.Pence(rapid.Int64Range(-1e15, 1e15).Draw(t, "pence"))
		if back, ok := cost.Parse(p.Number()); !ok || back != p {
			t.Fatalf("%s is read as %d", p.Pounds(), back)
		}
	})
}

// A group of n costs each learner an n-th, to within the half penny of rounding.
func TestSharingIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 12).Draw(t, "group")
		minutes := rapid.Int64Range(1, 600).Draw(t, "minutes")
		hourly := cost.Pence(rapid.Int64Range(1, 20000).Draw(t, "hourly"))
		one := weekly("teacher", "1:"+string(learner.Count(int(n))), "1", learner.Count(int(minutes)))
		got, err := cost.Annual(one, []learner.Rate{{Role: "teacher", Hourly: hourly.Number()}}, date.Date{}, 38)
		if err != nil {
			t.Fatal(err)
		}
		exact := big.NewRat(int64(hourly)*minutes*38, 60*n)
		off := new(big.Rat).Sub(exact, big.NewRat(int64(got), 1))
		if off.Cmp(big.NewRat(-1, 2)) < 0 || off.Cmp(big.NewRat(1, 2)) >= 0 {
			t.Fatalf("%d for %s", got, exact.FloatString(4))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"16.40", "1e999999999", "-0.005", "", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := cost.Parse(learner.Number(s))
		if back, again := cost.Parse(p.Number()); ok && (!again || back != p) {
			t.Fatalf("%q is %d, and that is read as %d", s, p, back)
		}
	})
}
