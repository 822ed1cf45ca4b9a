package casework_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
)

func text(s string) form.Answer { return form.Answer{Text: s} }

// advised is a box with a psychologist in people.yaml.
func advised(t *testing.T) *box {
	b := fresh(t, "planned")
	b.run("people", "add", "ep-osei", "--name", "T. Osei", "--role", "educational-psychologist", "--organisation", "LA psychological services", "--qualification", "HCPC registered")
	return b
}

// The form asks for a consent only where none held on every day that matters, and
// makes the advice of the answers.
func TestAdviceForm(t *testing.T) {
	b := advised(t)
	c := b.caseOf("2025-12-01")
	s := casework.AdviceForm(c)
	proper(t, "advice", s, form.Answers{})
	a := form.Answers{"by": text("ep-osei"), "asked": text("2025-10-20"), "seen": text("2025-11-03"), "date": text("2025-11-10"), "consent": text("mum"),
		"scores[0].what": text("rapid naming"), "scores[0].value": text("81"),
		"recommendations[0].words": text("A pen."), "recommendations[0].action": text("Bought."), "recommendations[0].done": text("2025-11-04"),
		"recommendations[1].words": text("A room."), "recommendations[1].action": {Skipped: true}}
	proper(t, "advice answered", s, a)
	if q := question(t, s, a, "by"); q.Options[0].Value != "ep-osei" {
		t.Errorf("people from outside do not come first: %v", q.Options)
	}
	if q := question(t, s, a, "qualification"); q.Default != "HCPC registered" || !q.Follows {
		t.Errorf("qualification: %+v", q)
	}
	for path, want := range map[string]bool{"consented.date": true, "recommendations[0].done": true, "recommendations[0].not_followed": false,
		"recommendations[1].done": false, "recommendations[1].not_followed": true, "recommendations[2].words": true, "scores[1].what": true, "scores[1].value": false} {
		if asked(s, a, path) != want {
			t.Errorf("%s asked %t", path, !want)
		}
	}
	check := question(t, s, a, "consented.date").Check
	if check(text("2025-10-20")) != nil || check(text("2025-10-21")) == nil {
		t.Error("consent may come after the asking")
	}
	adv, with, err := casework.AdviceOf(c, a, nil)
	if err != nil || with != nil && !with.Date.IsZero() || adv.Recommendations[1].ID != "r2" || !adv.Recommendations[1].Open() || adv.Recommendations[0].Open() {
		t.Errorf("%+v %+v %v", adv, with, err)
	}

	day := func(s string) date.Date { return date.MustParse(s) }
	for name, tt := range map[string]struct {
		have []learner.Consent
		ask  bool
	}{
		"none":                       {nil, true},
		"of another":                 {[]learner.Consent{{GivenBy: "dad", Date: day("2025-01-01")}}, true},
		"open":                       {[]learner.Consent{{GivenBy: "mum", Date: day("2025-10-20")}}, false},
		"too late for asking":        {[]learner.Consent{{GivenBy: "mum", Date: day("2025-10-21")}}, true},
		"ended before she was seen":  {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Until: day("2025-11-02")}}, true},
		"to the day":                 {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Until: day("2025-11-03")}}, false},
		"withdrawn that day":         {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Withdrawn: day("2025-11-03")}}, true},
		"withdrawn later":            {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Withdrawn: day("2025-11-04")}}, false},
		"one after the other":        {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Until: day("2025-10-31")}, {GivenBy: "mum", Date: day("2025-11-01")}}, false},
		"one after the other, a gap": {[]learner.Consent{{GivenBy: "mum", Date: day("2025-01-01"), Until: day("2025-10-19")}, {GivenBy: "mum", Date: day("2025-11-01")}}, true},
	} {
		c.Record.Learner.Value.Consents = tt.have
		if got := asked(s, a, "consented.date"); got != tt.ask {
			t.Errorf("consent %s: asked %t", name, got)
		}
		if got := asked(s, a, "covered"); got == tt.ask {
			t.Errorf("consent %s: whether it covers this: asked %t", name, got)
		}
		a["covered"] = text("false")
		if !asked(s, a, "consented.date") {
			t.Errorf("consent %s: not asked for another", name)
		}
		delete(a, "covered")
	}
}

// Advice and consent are one commit, comments stay, and each later act changes only
// the lines that say what came of a recommendation.
func TestAdvise(t *testing.T) {
	ctx := context.Background()
	b := advised(t)
	sheet := "learners/" + b.id + "/learner.yaml"
	b.write(sheet, "# from the office\n"+b.read(sheet))
	b.git("commit", "-qam", "by hand")
	adv := learner.Advice{By: "ep-osei", Date: date.MustParse("2025-11-10"), Consent: "mum", Recommendations: []learner.Recommendation{{ID: "r1", Words: "A pen."}, {ID: "r2", Words: "A room."}}}
	before := b.state()
	_, err := b.desk(nil).Advise(ctx, b.id, adv, nil)
	refused[*casework.StateError](b, before, err)
	_, err = b.desk(nil).Advise(ctx, b.id, adv, &learner.Consent{To: "x", GivenBy: "mum", Date: date.MustParse("2025-11-11")})
	refused[*casework.StateError](b, before, err)

	done, err := b.desk(nil).Advise(ctx, b.id, adv, &learner.Consent{To: "asking for advice", GivenBy: "mum", Date: date.MustParse("2025-11-01")})
	if err != nil || len(done.Paths) != 2 || len(done.Warnings) != 0 || len(done.Seals) != 0 {
		t.Fatalf("%+v %v", done, err)
	}
	if got := b.read(sheet); !strings.HasPrefix(got, "# from the office\n") || !strings.Contains(got, "to: asking for advice") {
		t.Error(got)
	}
	file := "learners/" + b.id + "/advice/2025-11-10-" + done.File + ".yaml"
	was := b.read(file)

	before = b.state()
	_, err = b.desk(nil).ActOn(ctx, b.id, casework.Acted{Recommendation: done.File + "/r9", Action: "x"})
	refused[*casework.UnknownWordError](b, before, err)
	_, err = b.desk(nil).ActOn(ctx, b.id, casework.Acted{Recommendation: "zzzz/r1", Action: "x"})
	refused[*casework.UnknownWordError](b, before, err)
	if _, err := b.desk(nil).ActOn(ctx, b.id, casework.Acted{Recommendation: done.File + "/r1", Action: "Bought.", Done: date.MustParse("2025-11-12")}); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(was, "    words: A pen.\n", "    words: A pen.\n    action: Bought.\n    done: 2025-11-12\n", 1)
	if diff := cmp.Diff(want, b.read(file)); diff != "" {
		t.Error(diff)
	}
	before = b.state()
	_, err = b.desk(nil).ActOn(ctx, b.id, casework.Acted{Recommendation: done.File + "/r1", NotFollowed: "x"})
	refused[*casework.StateError](b, before, err)

	c := b.caseOf("2025-12-01")
	act, err := casework.ActForm(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, came := range []string{"", casework.InPlace, casework.Decided, casework.NotFollowed} {
		proper(t, "act "+came, act, form.Answers{"recommendation": text(done.File + "/r2"), "came": text(came)})
	}
	if q := question(t, act, form.Answers{}, "recommendation"); len(q.Options) != 1 || q.Options[0].Value != done.File+"/r2" {
		t.Errorf("offered: %v", q.Options)
	}
}
