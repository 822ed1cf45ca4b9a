package casework_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
)

// caseOf is what the forms of a box's learner are asked about, on a day.
func (b *box) caseOf(today string) casework.Case {
	b.Helper()
	d := b.desk(nil)
	f, err := d.Folder()
	if err != nil {
		b.Fatal(err)
	}
	c := casework.Case{Folder: f}
	if c.Today, err = date.Parse(today); err != nil {
		b.Fatal(err)
	}
	if c.Me, err = d.Me(f); err != nil {
		b.Fatal(err)
	}
	if b.id != "" {
		if c.Record, err = f.Load(b.id); err != nil {
			b.Fatal(err)
		}
	}
	return c
}

func paths(qs []form.Question) []string {
	var out []string
	for _, q := range qs {
		out = append(out, q.Path)
	}
	return out
}

func question(t *testing.T, s form.Script, a form.Answers, path string) form.Question {
	t.Helper()
	qs := s(a)
	i := slices.IndexFunc(qs, func(q form.Question) bool { return q.Path == path })
	if i < 0 {
		t.Fatalf("%s is not asked; there are %q", path, paths(qs))
	}
	return qs[i]
}

func asked(s form.Script, a form.Answers, path string) bool {
	return slices.Contains(paths(s(a)), path)
}

// proper checks what must hold of every form: no question twice, each with words and
// a reason, choices with options, and defaults that are themselves good answers.
func proper(t *testing.T, name string, s form.Script, a form.Answers) {
	t.Helper()
	seen := map[string]bool{}
	for _, q := range s(a) {
		if seen[q.Path] || q.Ask == "" || q.Why == "" || q.Path == "" {
			t.Errorf("%s: %s is asked twice, or poorly: %+v", name, q.Path, q)
		}
		seen[q.Path] = true
		if (q.Kind == form.Choice || q.Kind == form.Many) && len(q.Options) == 0 {
			t.Errorf("%s: %s has nothing to choose from", name, q.Path)
		}
		if q.Default != "" {
			if _, err := q.Given([]string{q.Default}); err != nil {
				t.Errorf("%s: the default of %s is refused: %v", name, q.Path, err)
			}
		}
		for _, x := range []form.Answer{{}, {Text: "x"}, {Text: "-1"}, {Text: "9999-12-31"}, {Items: []string{"x"}}} {
			if q.Check != nil {
				_ = q.Check(x) // whatever is typed, a check answers and does not fall over
			}
		}
	}
}

func TestReviewForm(t *testing.T) {
	b := fresh(t, "planned")
	c := b.caseOf("2025-11-21")
	open, err := casework.Reviewable(c)
	if err != nil {
		t.Fatal(err)
	}
	s := casework.ReviewForm(c, open.Value)
	a := form.Answers{}
	proper(t, "review", s, a)

	const at = "targets[t1]."
	for _, tt := range []struct {
		name  string
		give  form.Answers
		path  string
		asked bool
	}{
		{"at first", nil, at + "score", true},
		{"at first", nil, at + "not_measured", false},
		{"not measured", form.Answers{at + "result": {Skipped: true}}, at + "not_measured", true},
		{"not measured", form.Answers{at + "result": {Skipped: true}}, at + "score", false},
		{"measured", form.Answers{at + "result": {Text: "19"}}, at + "score", true},
		{"all sessions", form.Answers{"provision[p1].delivered": {Text: "30"}}, "provision[p1].words", false},
		{"some sessions", form.Answers{"provision[p1].delivered": {Text: "29"}}, "provision[p1].words", true},
		{"no words", form.Answers{"learner_says[0].words": {Skipped: true}}, "learner_says[0].not_sought", true},
		{"words", form.Answers{"learner_says[0].words": {Text: "x"}}, "learner_says[0].not_sought", false},
		{"no words of dad's", form.Answers{"parents_say[dad].words": {Skipped: true}}, "parents_say[dad].not_sought", true},
		{"no words of dad's", form.Answers{"parents_say[dad].words": {Skipped: true}}, "parents_say[mum].not_sought", false},
		{"another cycle", form.Answers{"decision": {Text: "another-cycle"}}, "changes", true},
		{"more support", form.Answers{"decision": {Text: "step-up"}}, "changes", false},
	} {
		proper(t, tt.name, s, tt.give)
		if got := asked(s, tt.give, tt.path); got != tt.asked {
			t.Errorf("%s: %s asked %t", tt.name, tt.path, got)
		}
	}
	if q := question(t, s, form.Answers{"decision": {Text: "step-up"}}, "because"); q.Optional {
		t.Error("more support may be decided without a reason")
	}
	if q := question(t, s, form.Answers{"decision": {Text: "another-cycle"}}, "because"); !q.Optional {
		t.Error("another cycle must have a reason")
	}
	when := question(t, s, a, "date")
	for day, ok := range map[string]bool{"2025-11-21": true, "2025-10-02": true, "2025-11-22": false, "2025-10-01": false, "x": false} {
		if err := when.Check(form.Answer{Text: day}); (err == nil) != ok {
			t.Errorf("a review on %s: %v", day, err)
		}
	}
	attended := question(t, s, form.Answers{"provision[p1].delivered": {Text: "10"}}, "provision[p1].attended")
	if attended.Check(form.Answer{Text: "11"}) == nil || attended.Check(form.Answer{Text: "10"}) != nil {
		t.Error("more may be attended than was given")
	}
	if last := strings.Join(question(t, s, a, "provision[p1].delivered").Last, " "); !strings.Contains(last, "30 sessions") || !strings.Contains(last, "count 9") {
		t.Errorf("what is known is not shown: %s", last)
	}
}

// A review says the same, in whatever order it was answered; answers whose question is gone do not count.
func TestReviewOf(t *testing.T) {
	b := fresh(t, "planned")
	c := b.caseOf("2025-11-21")
	open, err := casework.Reviewable(c)
	if err != nil {
		t.Fatal(err)
	}
	a := form.Answers{
		"targets[t2].result": {Text: " 7 "}, "targets[t2].score": {Text: "-1"}, "targets[t2].next": {Text: "adapt"},
		"targets[t1].result": {Skipped: true}, "targets[t1].not_measured": {Text: "away"}, "targets[t1].score": {Text: "2"}, "targets[t1].next": {Text: "adapt"},
		"date": {Text: "2025-11-20"}, "present": {Items: []string{"learner", "mum"}}, "learner_says[0].words": {Text: "Good."},
		"parents_say[mum].words": {Text: "Yes."}, "parents_say[mum].not_sought": {Text: "stale"}, "progress": {Text: "less"}, "decision": {Text: "step-up"}, "changes": {Items: []string{"stale"}},
	}
	r, err := casework.ReviewOf(c, open.Value, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Targets) != 2 || r.Targets[0].Target != "t1" || r.Targets[1].Target != "t2" || r.Targets[1].Result != "7" || r.Targets[0].Score != "" || r.Targets[0].NotMeasured != "away" {
		t.Errorf("targets: %+v", r.Targets)
	}
	if r.RecordedBy != "grimes" || r.Changes != nil || r.ParentsSay[0].NotSought != "" || r.ParentsSay[0].Who != "mum" {
		t.Errorf("%+v", r)
	}
	if !r.LearnerSays[0].Date.IsZero() || !r.ParentsSay[0].Date.IsZero() || r.Date.String() != "2025-11-20" { // a day nobody gave is no day
		t.Errorf("dates: %+v", r)
	}
}

// The next plan begins where the last review ended, and asks for nothing twice.
func TestPlanCarriesOn(t *testing.T) {
	b := fresh(t, "reviewed")
	c := b.caseOf("2025-11-28")
	p, err := casework.StartPlan(c, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	proper(t, "plan", p.Form(), form.Answers{})
	cycle, err := p.Cycle(form.Answers{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := c.Record.Cycles[0].Value
	if cycle.Previous != before.ID || cycle.Stage != before.Stage || cycle.ID != "" && cycle.ID == before.ID {
		t.Errorf("%+v", cycle)
	}
	if cycle.Assess == nil || !cmp.Equal(cycle.Assess.Strengths, before.Assess.Strengths) || !cmp.Equal(cycle.Plan.Universal, before.Plan.Universal) {
		t.Error("strengths and what everyone gets are not carried on")
	}
}

// Every form of every state is proper.
func TestForms(t *testing.T) {
	for _, state := range []string{"concern", "planned", "reviewed"} {
		b := fresh(t, state)
		c := b.caseOf("2025-12-01")
		if s, err := casework.NoteForm(c); err == nil {
			proper(t, state+" note", s, form.Answers{})
			with := form.Answers{"provision": {Text: "p1"}, "delivered": {Text: "4"}, "target": {Text: "t1"}}
			proper(t, state+" note", s, with)
			if !asked(s, with, "value") || asked(s, form.Answers{}, "value") || asked(s, form.Answers{}, "delivered") {
				t.Errorf("note: %q", paths(s(with)))
			}
		} else if state == "planned" {
			t.Error(err)
		}
		proper(t, state+" contact", casework.ContactForm(c), form.Answers{})
		proper(t, state+" person", casework.PersonForm(c), form.Answers{})
		if s, err := casework.CorrectForm(c); err == nil {
			file := question(t, s, form.Answers{}, "corrects").Options[0].Value
			a := form.Answers{"corrects": {Text: file}, "path": {Text: "review.targets[1].result"}}
			proper(t, state+" correct", s, a)
			if last := question(t, s, a, "is").Last; len(last) != 1 || !strings.Contains(last[0], "7") {
				t.Errorf("correct: %q", last)
			}
			for _, o := range question(t, s, a, "path").Options {
				if o.Value == "id" || o.Value == "learner" || o.Value == "format" {
					t.Errorf("correct offers %s", o.Value)
				}
			}
		} else if state == "reviewed" {
			t.Error(err)
		}
		for _, stage := range []string{"universal", "initial-concerns", ""} {
			proper(t, state+" create", casework.CreateForm(c, stage), form.Answers{})
		}
	}
	who, err := fresh(t, "new").desk(nil).Who()
	if err != nil {
		t.Fatal(err)
	}
	s := casework.SetupForm(who)
	proper(t, "init", s, form.Answers{})
	if q := question(t, s, form.Answers{}, "id"); q.Default != "grimes" {
		t.Errorf("init: %q", q.Default)
	}
}

// Acts for which the record is not in a state say so, with what to do instead.
func TestStates(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, "concern")
	c := b.caseOf("2025-12-01")
	before := b.state()
	_, err := casework.NoteForm(c)
	refused[*casework.StateError](b, before, err)
	_, err = casework.Reviewable(c)
	refused[*casework.StateError](b, before, err)
	_, err = casework.CorrectForm(c)
	refused[*casework.StateError](b, before, err)
	_, err = b.desk(nil).Note(ctx, b.id, note("x"))
	refused[*casework.StateError](b, before, err)
	_, err = b.desk(nil).Review(ctx, b.id, "zzzz", nil)
	refused[*casework.StateError](b, before, err)
	_, err = b.desk(nil).Setup(ctx, casework.Setup{})
	refused[*casework.StateError](b, before, err)
	_, err = b.desk(nil).AddPerson(ctx, c.Me)
	refused[*casework.StateError](b, before, err)
	_, _, err = casework.Editable(c.Folder, c.Record, "nothing.yaml")
	refused[*casework.UnknownWordError](b, before, err)
}
