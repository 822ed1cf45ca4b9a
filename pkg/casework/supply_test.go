package casework_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// questions is a form with one question of every kind that a Supply meets.
func questions(a form.Answers) []form.Question {
	qs := []form.Question{{Path: "stage", Flag: "--stage", Ask: "Which stage?", Kind: form.Line}, {Path: "do[n1].delivered", Kind: form.Number, Optional: true}, {Path: "do[n2].delivered", Kind: form.Number, Optional: true}}
	if a.Text("stage") == "more" {
		qs = append(qs, form.Question{Path: "plan.agreed_with", Kind: form.List, Ask: "Who?"})
	}
	return append(qs, form.Question{Path: "opened", Kind: form.Date, Default: "2025-11-21", Follows: true})
}

func TestSupply(t *testing.T) {
	tests := []struct {
		name, answers string
		sets          []string
		want          form.Answers
		err           string
	}{
		{"yaml", "stage: more\nplan:\n  agreed_with: [mum, dad]\n", nil,
			form.Answers{"stage": {Text: "more"}, "plan.agreed_with": {Items: []string{"mum", "dad"}}, "opened": {Text: "2025-11-21"}, "do[n1].delivered": {Skipped: true}, "do[n2].delivered": {Skipped: true}}, ""},
		{"json", `{"stage": "more", "plan": {"agreed_with": ["mum", "dad"]}, "do": [{"delivered": 4}, {"delivered": 0}]}`, nil,
			form.Answers{"stage": {Text: "more"}, "plan.agreed_with": {Items: []string{"mum", "dad"}}, "opened": {Text: "2025-11-21"}, "do[n1].delivered": {Text: "4"}, "do[n2].delivered": {Text: "0"}}, ""},
		{"set over and over", "", []string{"stage=more", "plan.agreed_with=mum", "plan.agreed_with=dad"},
			form.Answers{"stage": {Text: "more"}, "plan.agreed_with": {Items: []string{"mum", "dad"}}, "opened": {Text: "2025-11-21"}, "do[n1].delivered": {Skipped: true}, "do[n2].delivered": {Skipped: true}}, ""},
		{"a flag wins over the file", "stage: less\n", []string{"stage=some"},
			form.Answers{"stage": {Text: "some"}, "opened": {Text: "2025-11-21"}, "do[n1].delivered": {Skipped: true}, "do[n2].delivered": {Skipped: true}}, ""},
		{"one entry twice", "do:\n  - {who: mum, delivered: 1}\n  - {who: mum, delivered: 2}\n", nil, nil, "stands in this list twice"},
		{"one value in two spellings", "", []string{"stage=x", "do[0].delivered=1", "do[n1].delivered=2"}, nil, "given twice"},
		{"missing, all at once", "", nil, nil, "--stage"},
		{"missing, opened by another", "stage: more\n", nil, nil, "--set plan.agreed_with="},
		{"wrong kind", "stage: x\ndo:\n  - delivered: many\n", nil, nil, "do[n1].delivered"},
		{"no keys", "- a\n", nil, nil, "holds no keys"},
		{"json without keys", `"x"`, nil, nil, "holds no keys"},
		{"twice in the file", "stage: a\nstage: b\n", nil, nil, "stage"},
		{"not PATH=VALUE", "", []string{"stage"}, nil, "PATH=VALUE"},
		{"no path", "", []string{"a..b=1"}, nil, "--set"},
	}
	for _, tt := range tests {
		s := &casework.Supply{}
		got, err := func() (form.Answers, error) {
			for _, x := range tt.sets {
				if err := s.SetArg(x); err != nil {
					return nil, err
				}
			}
			if tt.answers != "" {
				if err := s.ReadAnswers("answers.yaml", []byte(tt.answers)); err != nil {
					return nil, err
				}
			}
			a := form.Answers{}
			if err := s.Answer(questions, a); err != nil {
				return nil, err
			}
			return a, casework.Settle(questions, a, s)
		}()
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// What no question took goes into the record, or is named as what it does not know.
func TestSupplyExtra(t *testing.T) {
	s := &casework.Supply{}
	if err := s.ReadAnswers("answers.yaml", []byte("stage: x\nassess:\n  history: [one, two]\nresponsible_teacher: grimes\n")); err != nil {
		t.Fatal(err)
	}
	a := form.Answers{}
	if err := s.Answer(questions, a); err != nil {
		t.Fatal(err)
	}
	var c learner.Cycle
	if err := s.Beyond(questions, a)(&c); err != nil {
		t.Fatal(err)
	}
	if c.ResponsibleTeacher != "grimes" || c.Assess == nil || len(c.Assess.History) != 2 || c.Stage != "" {
		t.Errorf("got %+v", c)
	}
	unknown := &casework.Supply{}
	unknown.Set("assess.histroy", "x", "answers.yaml:3")
	var bad *casework.SupplyError
	if err := unknown.Beyond(questions, a)(&c); !errors.As(err, &bad) || bad.From != "answers.yaml:3" || !strings.Contains(err.Error(), `did you mean "history"`) {
		t.Errorf("got %v", err)
	}
}

// The key by which an entry is known is no value of its own where the questions know
// the entry. Anywhere else it is a value, and is used or refused: nothing given is
// dropped without a word.
func TestSupplyOfEntries(t *testing.T) {
	asked := form.Script(func(form.Answers) []form.Question {
		return []form.Question{
			{Path: "review.targets[t1].result", Kind: form.Number, Optional: true}, {Path: "review.targets[t2].result", Kind: form.Number, Optional: true},
			{Path: "assess.learner_says[0].words", Kind: form.Words, Optional: true},
		}
	})
	for _, c := range []struct {
		name, answers, set string
		want               string // of the targets; "" with an error
		err                string
	}{
		{"an answers file names its entries", "review: {targets: [{target: t2, result: 7}, {target: t1, result: 5}]}", "", "t1 5, t2 7", ""},
		{"said again, by its place", "", "review.targets[0].target=t1", "", ""},
		{"said again, by its id", "", "review.targets[t1].target=t1", "", ""},
		{"another is said", "", "review.targets[0].target=t2", "", "review.targets[0].target"},
		{"an entry no question is about", "review: {targets: [{target: t9, result: 3}]}", "", "t9 3", ""},
		{"and its key alone", "", "review.targets[t9].target=t9", "t9 ", ""},
		{"a list that knows no such key", "", "assess.learner_says[0].who=mum", "", `no "who"`},
		{"a list that no question is about", "", "assess.parents_say[0].who=mum", "", ""},
	} {
		s := &casework.Supply{}
		if c.set != "" {
			if err := s.SetArg(c.set); err != nil {
				t.Fatal(err)
			}
		} else if err := s.ReadAnswers("answers.yaml", []byte(c.answers+"\n")); err != nil {
			t.Fatal(err)
		}
		a := form.Answers{}
		if err := s.Answer(asked, a); err != nil {
			t.Fatal(err)
		}
		var x learner.Cycle
		err := casework.Fill(&x, asked, a, s.Beyond(asked, a))
		if c.err != "" {
			var bad *casework.SupplyError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		if x.Review != nil {
			for _, r := range x.Review.Targets {
				got = append(got, r.Target+" "+string(r.Result))
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if strings.Contains(c.set, "parents_say") && (x.Assess == nil || len(x.Assess.ParentsSay) != 1 || x.Assess.ParentsSay[0].Who != "mum") {
			t.Errorf("%s: it was dropped", c.name)
		}
	}
}

// FuzzReadAnswers: no answers file makes reading, answering or laying over panic, and
// an error never holds what stands in the file.
func FuzzReadAnswers(f *testing.F) {
	for _, x := range []string{"", "a: 1\n", `{"a": [1, {"id": "t1", "b": null}]}`, "a:\n  - id: t1\n    b: [x, [y]]\n", "plan: {targets: [{id: t1, outcome: x}]}\n", `[[[]]]`, "a: &x 1\nb: *x\n", "{}", "null", `{"":{"":1}}`,
		"do:\n  - date: 2025-11-21\n", `{"plan":{"agreed_with":[{"who":"x"},"y"]}}`, "\ufeffa: 1\n", "a: |\n  b\n   c\n"} {
		f.Add([]byte(x))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s := &casework.Supply{}
		if err := s.ReadAnswers("answers.yaml", src); err != nil {
			var faults *recordfile.FaultsError
			var given *casework.SupplyError
			if !errors.As(err, &faults) && !errors.As(err, &given) {
				t.Errorf("an error of another type, %T: %v", err, err)
			}
			return
		}
		a := form.Answers{}
		_ = s.Answer(questions, a)
		var c learner.Cycle
		_ = s.Beyond(questions, a)(&c)
		recordfile.Value(c)
	})
}

// A likely default is no answer where there is nobody to press Enter.
func TestSettleTakesOnlyWhatFollows(t *testing.T) {
	likely := form.Script(func(form.Answers) []form.Question {
		return []form.Question{{Path: "ratio", Kind: form.Line, Default: "1:1", Ask: "How many?"}, {Path: "date", Kind: form.Date, Default: "2025-11-21", Follows: true}}
	})
	var missing *casework.MissingError
	if err := casework.Settle(likely, form.Answers{}, &casework.Supply{}); !errors.As(err, &missing) || len(missing.Questions) != 1 || missing.Questions[0].Path != "ratio" {
		t.Errorf("got %v", err)
	}
}
