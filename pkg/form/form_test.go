package form

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// review asks for the targets, then for the result of each, then, only when one
// was not met, why.
func review(a Answers) []Question {
	qs := []Question{{Path: "date", Kind: Date}, {Path: "targets", Kind: List}}
	for i := range a.Items("targets") {
		met := fmt.Sprintf("targets[%d].met", i)
		qs = append(qs, Question{Path: met, Kind: YesNo})
		if _, answered := a[met]; answered && !a.Yes(met) {
			qs = append(qs, Question{Path: fmt.Sprintf("targets[%d].because", i), Kind: Words, Optional: true})
		}
	}
	return append(qs, Question{Path: "decision", Kind: Choice})
}

// answer goes through a script as an asker does, and gives the order of asking.
func answer(s Script, given map[string]Answer) (asked []string, a Answers) {
	a = Answers{}
	for {
		q, ok := s.Next(a)
		if !ok {
			return asked, a
		}
		asked = append(asked, q.Path)
		a[q.Path] = given[q.Path]
	}
}

func TestAnswersOpenQuestions(t *testing.T) {
	asked, a := answer(review, map[string]Answer{
		"date":           {Text: "2025-11-21"},
		"targets":        {Items: []string{"t1", "t2"}},
		"targets[0].met": {Text: "true"},
		"targets[1].met": {Text: "false"},
	})
	want := []string{"date", "targets", "targets[0].met", "targets[1].met", "targets[1].because", "decision"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	if n, total := Script(review).Asked(a); n != 6 || total != 6 {
		t.Errorf("%d of %d are answered", n, total)
	}
}

func TestTakingAnAnswerBack(t *testing.T) {
	_, a := answer(review, map[string]Answer{"targets": {Items: []string{"t1"}}})
	next := func() string { q, _ := Script(review).Next(a); return q.Path }

	// A question in the middle opens again, and nothing after it is asked twice.
	delete(a, "targets[0].met")
	if got := next(); got != "targets[0].met" {
		t.Errorf("next is %q", got)
	}
	if n, total := Script(review).Asked(a); n != 3 || total != 4 {
		t.Errorf("%d of %d are answered, with one taken back that had opened another", n, total)
	}
	a["targets[0].met"] = Answer{Text: "true"}
	if q, ok := Script(review).Next(a); ok {
		t.Errorf("%q is asked again", q.Path)
	}
	// Another answer closes questions; what was said to them waits, uncounted.
	a["targets[0].met"] = Answer{Text: "false"}
	if _, ok := Script(review).Next(a); ok {
		t.Error("what was answered before is asked again")
	}
	a["targets"] = Answer{}
	if n, total := Script(review).Asked(a); n != 3 || total != 3 {
		t.Errorf("%d of %d are answered without targets", n, total)
	}
}

func TestSkippedIsAnswered(t *testing.T) {
	s := Script(func(Answers) []Question { return []Question{{Path: "a", Optional: true}, {Path: "b"}} })
	q, ok := s.Next(Answers{"a": {Skipped: true}})
	if !ok || q.Path != "b" {
		t.Errorf("next is %q, %t", q.Path, ok)
	}
	// An empty text is an answer as well: whether it is enough is for Check to say.
	if q, ok := s.Next(Answers{"a": {}, "b": {}}); ok {
		t.Errorf("%q is asked again", q.Path)
	}
}

func TestNoQuestions(t *testing.T) {
	s := Script(func(Answers) []Question { return nil })
	if q, ok := s.Next(nil); ok || q.Path != "" {
		t.Errorf("next is %q", q.Path)
	}
	if n, total := s.Asked(Answers{"x": {}}); n != 0 || total != 0 {
		t.Errorf("%d of %d", n, total)
	}
}

// The whole question comes, with all that an asker needs to put it.
func TestNextGivesTheWholeQuestion(t *testing.T) {
	want := Question{Path: "b", Flag: "--b", Heading: "h", Ask: "What?", Why: "because", Last: []string{"x"}, Kind: Choice,
		Options: []Option{{Value: "k", Words: "SEN support"}}, Default: "k", Optional: true}
	s := Script(func(Answers) []Question { return []Question{{Path: "a"}, want} })
	got, ok := s.Next(Answers{"a": {Text: "y"}})
	if !ok {
		t.Fatal("nothing is asked")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEmpty(t *testing.T) {
	tests := []struct {
		a    Answer
		want bool
	}{
		{Answer{}, true},
		{Answer{Skipped: true}, true},
		{Answer{Skipped: true, Text: "said, then skipped"}, true},
		{Answer{Items: []string{}}, true},
		{Answer{Text: "x"}, false},
		{Answer{Text: " "}, false}, // kept exactly as typed
		{Answer{Items: []string{""}}, false},
	}
	for _, tt := range tests {
		if got := tt.a.Empty(); got != tt.want {
			t.Errorf("%+v: %t, want %t", tt.a, got, tt.want)
		}
	}
}

func TestReadingAnswers(t *testing.T) {
	a := Answers{"text": {Text: "x"}, "items": {Items: []string{"x", "y"}}, "yes": {Text: "true"}, "no": {Text: "false"}, "typed": {Text: "yes"}}
	if a.Text("text") != "x" || a.Text("none") != "" || Answers(nil).Text("none") != "" {
		t.Error("Text")
	}
	if diff := cmp.Diff([]string{"x", "y"}, a.Items("items")); diff != "" || a.Items("text") != nil {
		t.Error("Items", diff)
	}
	if !a.Yes("yes") || a.Yes("no") || a.Yes("none") || a.Yes("typed") {
		t.Error("Yes")
	}
}

// Whatever is answered, in whatever order it was left: asking comes to an end,
// no question twice, all of them answered.
func TestAskingEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := map[string]Answer{"targets": {Items: rapid.SliceOfN(rapid.Just("t"), 0, 6).Draw(t, "targets")}}
		for i := range given["targets"].Items {
			given[fmt.Sprintf("targets[%d].met", i)] = Answer{Text: fmt.Sprint(rapid.Bool().Draw(t, "met")), Skipped: rapid.Bool().Draw(t, "skipped")}
		}
		asked, a := answer(review, given)
		sorted := slices.Sorted(slices.Values(asked))
		if len(slices.Compact(sorted)) != len(asked) {
			t.Fatalf("asked twice: %q", asked)
		}
		if n, total := Script(review).Asked(a); n != total || n != len(asked) {
			t.Fatalf("%d asked, %d of %d answered", len(asked), n, total)
		}
		var inOrder []string
		for _, q := range review(a) {
			inOrder = append(inOrder, q.Path)
		}
		if diff := cmp.Diff(inOrder, asked); diff != "" {
			t.Fatal(diff)
		}
	})
}
