package pathway_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/schemas"
)

func northumberland(t *testing.T) *pathway.Pathway {
	t.Helper()
	src, ok := schemas.Pathway("northumberland")
	if !ok {
		t.Fatal("the pathway is not embedded")
	}
	f, findings, err := recordfile.Read[pathway.Pathway]("pathway.yaml", recordfile.Pathway, src)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range findings {
		t.Errorf("%d: %s: %s", finding.Span.Start.Line, finding.Path, finding.Message)
	}
	return &f.Value
}

func TestStages(t *testing.T) {
	p := northumberland(t)
	want := []string{"universal", "initial-concerns", "passport", "profile", "sen-support-plan", "ehc-plan", "left"}
	if diff := cmp.Diff(want, p.StageIDs()); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ typed, id string }{
		{"sen-support-plan", "sen-support-plan"},
		{"ssp", "sen-support-plan"},
		{"SSP", "sen-support-plan"},
		{"ehcp", "ehc-plan"},
		{"concern", "initial-concerns"},
		{"star", ""}, // a request, not a stage
		{"", ""},
	} {
		s, ok := p.Stage(c.typed)
		if s.ID != c.id || ok != (c.id != "") {
			t.Errorf("Stage(%q) = %q, %t", c.typed, s.ID, ok)
		}
	}
	if got := p.StageWords("ssp"); got != "SEN Support Plan" {
		t.Errorf("words %q", got)
	}
	if got := p.StageWords("elsewhere"); got != "elsewhere" {
		t.Errorf("an unknown stage reads %q", got)
	}
	if p.Ref() != "northumberland/1" {
		t.Errorf("cited as %s", p.Ref())
	}
}

// The census code is never read from the stage, but the usual one is offered:
// only a plan in force is E, and nobody is on the register before SEN support.
func TestUsualCensusCodes(t *testing.T) {
	got := map[string]string{}
	for _, s := range northumberland(t).Stages {
		got[s.ID] = s.SENProvision
	}
	want := map[string]string{"universal": "N", "initial-concerns": "N", "passport": "K", "profile": "K", "sen-support-plan": "K", "ehc-plan": "E", "left": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCompare(t *testing.T) {
	p := northumberland(t)
	for _, c := range []struct {
		a, b string
		sign int
	}{
		{"initial-concerns", "passport", -1},
		{"ehc-plan", "ssp", 1},
		{"ssp", "sen-support-plan", 0},
		{"left", "universal", 1},
		{"elsewhere", "left", 1},
	} {
		if got := p.Compare(c.a, c.b); got < 0 != (c.sign < 0) || got > 0 != (c.sign > 0) {
			t.Errorf("Compare(%s, %s) = %d", c.a, c.b, got)
		}
	}
}

func TestRequests(t *testing.T) {
	p := northumberland(t)
	if diff := cmp.Diff([]string{"star", "cosa"}, p.RequestIDs()); diff != "" {
		t.Error(diff)
	}
	r, ok := p.Request("ehcna")
	if !ok || r.ID != "cosa" || r.Money {
		t.Errorf("ehcna is %q, money %t", r.ID, r.Money)
	}
	if got := r.Result("agreed"); got != "agreed to assess" {
		t.Errorf("result reads %q", got)
	}
	if got := r.Result("shelved"); got != "shelved" {
		t.Errorf("an unknown result reads %q", got)
	}
	if _, ok := p.Request("passport"); ok {
		t.Error("a stage was taken for a request")
	}
}

func TestWhatARequestNames(t *testing.T) {
	p := northumberland(t)
	cosa, _ := p.Request("cosa")
	for got, want := range map[string]string{
		cosa.Letter("received"):   "the local authority has the request",
		cosa.Reason("need-clear"): "the needs are clear",
		cosa.Criterion("views"):   "what the learner and the family say",
		cosa.Letter("posted"):     "posted",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for result, want := range map[string]bool{"agreed": false, "deferred": false, "declined": true, "plan-issued": true} {
		if cosa.Ended(result) != want {
			t.Errorf("after %s it has ended: %t", result, !want)
		}
	}
	// Older pathways do not say: there, any decision was the last word.
	if !(pathway.Request{}).Ended("deferred") {
		t.Error("a request of an older pathway never ends")
	}
	var ends []string
	for _, e := range cosa.Events() {
		if slices.Contains([]string{"received", "no-plan", pathway.Sent, pathway.GrantTo, pathway.ImpactSaid}, e) {
			ends = append(ends, e)
		}
	}
	if diff := cmp.Diff([]string{"received", "no-plan", "sent", "grant-to", "impact"}, ends); diff != "" {
		t.Error(diff)
	}
}

func TestWords(t *testing.T) {
	p := northumberland(t)
	for _, c := range []struct{ list, code, want string }{
		{pathway.Scores, "-2", "much less than expected"},
		{pathway.Scores, "2", "much more than expected"},
		{pathway.Progress, "as-expected", "as expected"},
		{pathway.Decisions, "another-cycle", "another cycle at the same stage"},
		{pathway.Areas, "cognition-and-learning", "Cognition and learning"},
		{pathway.Areas, "elsewhere", "elsewhere"},
		{"no-such-list", "x", "x"},
	} {
		if got := p.Words(c.list, c.code); got != c.want {
			t.Errorf("Words(%s, %s) = %q, want %q", c.list, c.code, got, c.want)
		}
	}
	if p.Terms("no-such-list") != nil {
		t.Error("terms of a list that is not there")
	}
}

// People read these on every screen: each list has words for every code, no
// code twice, and nothing in capitals or with a full stop that a sentence would
// have to work round.
func TestListsCanBeReadOut(t *testing.T) {
	p := northumberland(t)
	if len(p.Lists) == 0 {
		t.Fatal("no lists")
	}
	for _, l := range p.Lists {
		seen := map[string]bool{}
		for _, term := range l.Terms {
			if seen[term.Code] {
				t.Errorf("%s: %s stands there twice", l.ID, term.Code)
			}
			seen[term.Code] = true
			if strings.HasSuffix(string(term.Words), ".") {
				t.Errorf("%s: the words for %s end in a full stop", l.ID, term.Code)
			}
		}
		if diff := cmp.Diff(len(seen), len(p.Codes(l.ID))); diff != "" {
			t.Errorf("%s: %s", l.ID, diff)
		}
	}
}

// No name or alias may lead to two things: what is typed after --to is one of them.
func TestNamesAreOneToOne(t *testing.T) {
	p := northumberland(t)
	seen := map[string]bool{}
	take := func(names ...string) {
		for _, n := range names {
			if seen[n] {
				t.Errorf("%s means two things", n)
			}
			seen[n] = true
		}
	}
	for _, s := range p.Stages {
		take(append(s.Aliases, s.ID)...)
	}
	for _, r := range p.Requests {
		take(append(r.Aliases, r.ID)...)
	}
}

func TestReviewWeeks(t *testing.T) {
	p := northumberland(t)
	for stage, want := range map[string]int{"initial-concerns": 7, "passport": 14, "elsewhere": 7} {
		if got, ok := p.ReviewWeeks(stage); got != want || !ok {
			t.Errorf("ReviewWeeks(%s) = %d, %t", stage, got, ok)
		}
	}
	if _, ok := (&pathway.Pathway{}).ReviewWeeks("passport"); ok {
		t.Error("a pathway that says nothing gave a number of weeks")
	}
}

func TestCodesOnADay(t *testing.T) {
	l, err := recordfile.CodeList("sen-type")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2024-12-31": false, "2025-01-01": true, "2026-11-22": true} {
		var found bool
		for _, c := range l.On(date.MustParse(day)) {
			found = found || c.Code == "DS"
		}
		if found != want {
			t.Errorf("DS on %s: %t", day, found)
		}
	}
	ended := pathway.Code{Code: "BESD", ValidTo: date.MustParse("2014-08-31")}
	if ended.ValidOn(date.MustParse("2014-09-01")) || !ended.ValidOn(date.MustParse("2014-08-31")) {
		t.Error("the last day is wrong")
	}
	if c, ok := l.Code("SPLD"); !ok || c.Area != "cognition-and-learning" {
		t.Errorf("SPLD: %+v, %t", c, ok)
	}
	if _, ok := l.Code("BESD"); ok {
		t.Error("found a code that is not in the list")
	}
}
