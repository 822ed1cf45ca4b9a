package gate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// kai is a request for an assessment with what followed on it; the days are those
// of the worked journey that the design was drawn from.
func kai(t *testing.T, change func(*school)) gate.Life {
	t.Helper()
	s := newSchool(t)
	s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "cosa", AskedBy: "eyre", Opened: day("2026-09-10"), Sent: day("2026-09-16")}}
	change(s)
	f, r := s.open(t)
	lives := gate.Lives(f, r)
	if len(lives) != 1 {
		t.Fatalf("%d requests", len(lives))
	}
	return lives[0]
}

func letter(id, on, what string) learner.Letter {
	return learner.Letter{Format: "letter/v1", Learner: who, ID: id, Request: "m3xt", Date: day(on), What: what, By: "eyre"}
}

func decision(id, panel, notified, result string) learner.Decision {
	d := learner.Decision{Format: "decision/v1", Learner: who, ID: id, Request: "m3xt", Panel: day(panel), Result: result, Reasons: []string{"need-clear"}, Words: "x", Chair: "marr"}
	if notified != "" {
		d.Notified = day(notified)
	}
	return d
}

// said is each limit as text: its id, what from, when due, when met.
func said(l gate.Life) []string {
	var out []string
	for _, x := range l.Limits() {
		line := x.Clock.ID + " from " + x.Event + " by " + x.Due.String()
		if x.Assumed {
			line += " assumed"
		}
		if !x.Met.IsZero() {
			line += " met " + x.Met.String()
		}
		out = append(out, line)
	}
	return out
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*school)
		want   []string
		open   bool
	}{
		{"a draft", func(s *school) { s.requests[0].Sent = date.Date{} }, nil, true},
		{"sent, and nobody says it came in", func(*school) {}, []string{
			"decision from sent by 2026-10-28 assumed", "no-plan-notice from sent by 2027-01-06 assumed", "final-plan from sent by 2027-02-03 assumed"}, true},
		{"received", func(s *school) { s.letters = append(s.letters, letter("b4cd", "2026-09-17", "received")) }, []string{
			"decision from received by 2026-10-29", "no-plan-notice from received by 2027-01-07", "final-plan from received by 2027-02-04"}, true},
		{"a day put right", func(s *school) {
			s.letters = append(s.letters, letter("b4cd", "2026-09-27", "received"))
			s.corrections = append(s.corrections, learner.Correction{Format: "correction/v1", Learner: who, ID: "h6vd", Date: day("2026-09-28"), Corrects: "b4cd", Path: "date", Was: "2026-09-27", Is: "2026-09-17", Because: "misread", By: "eyre"})
		}, []string{
			"decision from received by 2026-10-29", "no-plan-notice from received by 2027-01-07", "final-plan from received by 2027-02-04"}, true},
		{"agreed to assess, and the setting asked", func(s *school) {
			s.letters = append(s.letters, letter("b4cd", "2026-09-17", "received"), letter("c4df", "2026-10-19", "advice-asked"))
			s.decisions = append(s.decisions, decision("d4fg", "2026-10-14", "2026-10-19", "agreed"))
		}, []string{
			"decision from received by 2026-10-29 met 2026-10-19", "setting-advice from advice-asked by 2026-11-30",
			"no-plan-notice from received by 2027-01-07", "final-plan from received by 2027-02-04"}, true},
		{"more was asked first: the time runs on", func(s *school) {
			s.letters = append(s.letters, letter("b4cd", "2026-09-17", "received"))
			s.decisions = append(s.decisions, decision("d4fg", "2026-10-14", "", "deferred"))
		}, []string{
			"decision from received by 2026-10-29", "no-plan-notice from received by 2027-01-07", "final-plan from received by 2027-02-04"}, true},
		{"a plan, a week late", func(s *school) {
			s.letters = append(s.letters, letter("b4cd", "2026-09-17", "received"))
			s.decisions = append(s.decisions, decision("d4fg", "2026-10-14", "2026-10-19", "agreed"), decision("f4gh", "2027-02-11", "", "plan-issued"))
		}, []string{
			"decision from received by 2026-10-29 met 2026-10-19", "no-plan-notice from received by 2027-01-07 met 2027-02-11", "final-plan from received by 2027-02-04 met 2027-02-11"}, false},
		{"declined ends everything", func(s *school) {
			s.decisions = append(s.decisions, decision("d4fg", "2026-10-14", "", "declined"))
		}, []string{
			"decision from sent by 2026-10-28 assumed met 2026-10-14", "no-plan-notice from sent by 2027-01-06 assumed met 2026-10-14", "final-plan from sent by 2027-02-03 assumed met 2026-10-14"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := kai(t, c.change)
			if diff := cmp.Diff(c.want, said(l)); diff != "" {
				t.Error(diff)
			}
			if l.Open() != c.open {
				t.Errorf("open: %t", l.Open())
			}
			for _, x := range l.Limits() {
				if x.Over(x.Due) && x.Met.IsZero() || !x.Over(x.Due.AddDays(1)) && x.Met.IsZero() {
					t.Errorf("%s is over on the wrong day", x.Clock.ID)
				}
			}
		})
	}
}

func TestShortTermResource(t *testing.T) {
	star := func(s *school) {
		s.requests[0].Kind, s.requests[0].Opened, s.requests[0].Sent = "star", day("2026-01-12"), day("2026-01-15")
		d := decision("d4fg", "2026-01-28", "2026-02-02", "agreed")
		d.Grants = &learner.Grant{Money: "2210.00", From: day("2026-02-02"), To: day("2026-07-17")}
		s.decisions = append(s.decisions, d)
	}
	l := kai(t, star)
	if diff := cmp.Diff([]string{"impact-review from grant-to by 2026-07-17"}, said(l)); diff != "" {
		t.Error(diff)
	}
	if l.Open() || l.Result() != "agreed" || l.Grant() == nil {
		t.Errorf("open %t, %s", l.Open(), l.Result())
	}
	for on, want := range map[string]bool{"2026-02-01": false, "2026-02-02": true, "2026-07-17": true, "2026-07-18": false} {
		if l.GrantRuns(day(on)) != want {
			t.Errorf("on %s it runs: %t", on, !want)
		}
	}
	l = kai(t, func(s *school) {
		star(s)
		s.impacts = append(s.impacts, learner.Impact{Format: "impact/v1", Learner: who, ID: "g4hj", Request: "m3xt", Date: day("2026-07-08"), By: "eyre", Verdict: "some, not lasting", Outcomes: []learner.OutcomeImpact{{Outcome: "attendance", Before: "71", After: "74.8"}}})
	})
	if diff := cmp.Diff([]string{"impact-review from grant-to by 2026-07-17 met 2026-07-08"}, said(l)); diff != "" {
		t.Error(diff)
	}
	// The day that a decision sets goes before the last day of the grant, and a later
	// decision's before an earlier one's.
	l = kai(t, func(s *school) {
		star(s)
		s.decisions[len(s.decisions)-1].ImpactBy = day("2026-07-10")
	})
	if diff := cmp.Diff([]string{"impact-review from impact-by by 2026-07-10"}, said(l)); diff != "" {
		t.Error(diff)
	}
	l = kai(t, func(s *school) {
		star(s)
		s.decisions[len(s.decisions)-1].ImpactBy = day("2026-07-10")
		again := decision("n4fg", "2026-05-06", "2026-05-08", "agreed")
		again.ImpactBy = day("2026-07-14")
		s.decisions = append(s.decisions, again, decision("p4fg", "2026-06-03", "2026-06-05", "agreed"))
	})
	if diff := cmp.Diff([]string{"impact-review from impact-by by 2026-07-14"}, said(l)); diff != "" {
		t.Error(diff)
	}
}

// What follows on another request, or on none, does not follow on this one.
func TestLivesAreKeptApart(t *testing.T) {
	s := newSchool(t)
	for _, q := range []struct{ id, kind, opened string }{{"m3xt", "cosa", "2026-09-10"}, {"n4xt", "star", "2026-01-12"}} {
		s.requests = append(s.requests, learner.Request{Format: "request/v1", Learner: who, ID: q.id, Kind: q.kind, AskedBy: "eyre", Opened: day(q.opened)})
	}
	s.letters = append(s.letters, letter("b4cd", "2026-09-17", "received"))
	f, r := s.open(t)
	lives := gate.Lives(f, r)
	if len(lives) != 2 || lives[0].Request.Value.ID != "n4xt" || len(lives[0].Letters) != 0 || len(lives[1].Letters) != 1 || lives[0].Sent() {
		t.Errorf("%+v", lives)
	}
}
