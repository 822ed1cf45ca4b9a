package recordfile

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
)

func TestAssign(t *testing.T) {
	day, _ := date.Parse("2025-11-21")
	tests := []struct {
		path, text string
		items      []string
		want       learner.Cycle
		err        string
	}{
		{"stage", " initial-concerns ", nil, learner.Cycle{Stage: "initial-concerns"}, ""},
		{"opened", "2025-11-21", nil, learner.Cycle{Opened: day}, ""},
		{"opened", "21/11/2025", nil, learner.Cycle{}, "opened: "},
		{"plan.agreed_with", "", []string{"mum", " dad"}, learner.Cycle{Plan: &learner.Plan{AgreedWith: []string{"mum", "dad"}}}, ""},
		{"plan.targets[t1].measure.baseline", "12", nil, learner.Cycle{Plan: &learner.Plan{Targets: []learner.Target{{ID: "t1", Measure: &learner.Measure{Baseline: "12"}}}}}, ""},
		{"plan.targets[0].outcome", "reads", nil, learner.Cycle{Plan: &learner.Plan{Targets: []learner.Target{{Outcome: "reads"}}}}, ""},
		{"plan.targets[1].outcome", "reads", nil, learner.Cycle{}, "entry 0 is missing"},
		{"plan.provision[p1].additional", "yes", nil, learner.Cycle{Plan: &learner.Plan{Provision: []learner.Provision{{ID: "p1", Additional: true}}}}, ""},
		{"plan.provision[p1].additional", "perhaps", nil, learner.Cycle{}, "write true or false"},
		{"plan", "x", nil, learner.Cycle{}, "a group, not a value"},
		{"plan.targets", "", []string{"x"}, learner.Cycle{}, "a list of groups"},
		{"plan.agreed_with[mum]", "x", nil, learner.Cycle{}, "no ids"},
		{"assess.learner_says[0].date.day", "1", nil, learner.Cycle{}, `no "day"`},
		{"assess.learner_says[today].words", "x", nil, learner.Cycle{Assess: &learner.Assess{LearnerSays: []learner.LearnerVoice{{Words: "today"}}}}, ""},
		{"stagee", "x", nil, learner.Cycle{}, `did you mean "stage"`},
		{"stage[0]", "x", nil, learner.Cycle{}, "not a list"},
		{"", "x", nil, learner.Cycle{}, "a group, not a value"},
	}
	for _, tt := range tests {
		var got learner.Cycle
		err := Assign(&got, tt.path, tt.text, tt.items)
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want %q", tt.path, err, tt.err)
		}
		if tt.path == "assess.learner_says[today].words" {
			continue // the first key is what an entry is known by, and is then written over
		}
		if diff := cmp.Diff(tt.want, got, dates); err == nil && diff != "" {
			t.Errorf("%s: %s", tt.path, diff)
		}
	}
}

// An entry that is named again is the same entry.
func TestAssignFindsTheEntry(t *testing.T) {
	var c learner.Cycle
	for _, p := range []string{"plan.targets[t1].area", "plan.targets[t2].area", "plan.targets[t1].outcome"} {
		if err := Assign(&c, p, "x", nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []learner.Target{{ID: "t1", Area: "x", Outcome: "x"}, {ID: "t2", Area: "x"}}
	if diff := cmp.Diff(want, c.Plan.Targets, dates); diff != "" {
		t.Error(diff)
	}
}

// FuzzAssign: no path, on no kind of file, makes Assign panic, and what it took is there to write.
func FuzzAssign(f *testing.F) {
	for _, p := range []string{"stage", "plan.targets[t1].measure.baseline", "plan.targets[0]", "do[0].date", "assess.evidence[e1].restricted", "terms[0].half_term[0]",
		"keys[x]", "people[a].keys[b].from", "half_term", "[0]", "a..b", "a[", "a[9999999999999999999]", "a[-1]", "date.x", "legal_name.given.x", `a["b"]`} {
		f.Add(p, "x")
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		for k, zero := range every {
			v := reflect.New(reflect.TypeOf(zero))
			if err := Assign(v.Interface(), path, text, []string{text}); err != nil {
				continue
			}
			Value(v.Elem().Interface())
			if _, err := Bytes("x.yaml", k, v.Elem().Interface()); err == nil {
				t.Errorf("%s: a file without its format is taken for valid", k)
			}
		}
	})
}
