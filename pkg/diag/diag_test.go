package diag

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSeverity(t *testing.T) {
	want := map[Severity]string{Error: "error", Warning: "warning", Advice: "advice", Info: "info", 0: "invalid", 99: "invalid"}
	for s, word := range want {
		if s.String() != word {
			t.Errorf("%d is %q, want %q", s, s, word)
		}
		if b, err := json.Marshal(s); err != nil || string(b) != `"`+word+`"` {
			t.Errorf("as JSON %d is %s, %v", s, b, err)
		}
	}
}

func at(line, col int) Span { return Span{Start: Pos{Line: line, Col: col}} }

func TestSort(t *testing.T) {
	sorted := []Finding{
		{File: "a", Rule: "whole-file", Severity: Info},
		{File: "a", Span: at(2, 9), Rule: "x", Severity: Warning},
		{File: "a", Span: at(10, 1), Rule: "z", Severity: Error}, // 10 after 2: numbers, not text
		{File: "a", Span: at(10, 1), Rule: "a", Severity: Warning},
		{File: "a", Span: at(10, 1), Rule: "b", Severity: Warning, Path: "p[0]"},
		{File: "a", Span: at(10, 1), Rule: "b", Severity: Warning, Path: "p[1]", Message: "m"},
		{File: "a", Span: at(10, 1), Rule: "b", Severity: Warning, Path: "p[1]", Message: "n"},
		{File: "a", Span: at(10, 3), Rule: "a", Severity: Error},
		{File: "b", Span: at(1, 1), Rule: "a", Severity: Error},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		in := append(slices.Clone(sorted), sorted...) // each twice
		r.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		if diff := cmp.Diff(sorted, Sort(in)); diff != "" {
			t.Fatal(diff)
		}
	}
	if got := Sort(nil); len(got) != 0 {
		t.Errorf("Sort(nil) = %v", got)
	}
}

func TestSortKeepsTheGravestOfTwo(t *testing.T) {
	said := Finding{File: "a", Span: at(1, 1), Rule: "m", Severity: Error}
	milder, between := said, said
	milder.Severity = Advice
	between.Rule, between.Severity = "a", Advice // sorts between the two
	if diff := cmp.Diff([]Finding{said, between}, Sort([]Finding{milder, between, said})); diff != "" {
		t.Error(diff)
	}
}

func TestSortDropsOnlyDoubles(t *testing.T) {
	few := func(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(words) }
	one := rapid.Custom(func(t *rapid.T) Finding {
		return Finding{
			File: few("a", "b").Draw(t, "file"), Rule: few("r", "s").Draw(t, "rule"), Path: few("", "p").Draw(t, "path"),
			Message: few("m", "n").Draw(t, "message"), Severity: Severity(rapid.IntRange(1, 4).Draw(t, "severity")),
			Span: Span{Start: Pos{Line: rapid.IntRange(0, 2).Draw(t, "line")}, End: Pos{Line: rapid.IntRange(0, 2).Draw(t, "end")}},
		}
	})
	type said struct {
		file, rule, path, message string
		span                      Span
	}
	key := func(f Finding) said { return said{f.File, f.Rule, f.Path, f.Message, f.Span} }
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOf(one).Draw(t, "findings")
		gravest := map[said]Severity{}
		for _, f := range in {
			if s, ok := gravest[key(f)]; !ok || f.Severity < s {
				gravest[key(f)] = f.Severity
			}
		}
		reversed := slices.Clone(in)
		slices.Reverse(reversed)
		got := Sort(slices.Clone(in))
		if diff := cmp.Diff(got, Sort(reversed)); diff != "" {
			t.Fatalf("the order they came in shows: %s", diff)
		}
		if diff := cmp.Diff(got, Sort(slices.Clone(got))); diff != "" {
			t.Fatalf("sorting again changes it: %s", diff)
		}
		if len(got) != len(gravest) {
			t.Fatalf("%d are left of %d different ones", len(got), len(gravest))
		}
		for _, f := range got {
			if gravest[key(f)] != f.Severity {
				t.Fatalf("%v is left, and a graver one gone", f)
			}
		}
	})
}

func TestWorst(t *testing.T) {
	tests := []struct {
		name string
		in   []Severity
		want Severity
	}{
		{"none", nil, 0},
		{"one", []Severity{Info}, Info},
		{"the gravest comes last", []Severity{Info, Advice, Warning, Error}, Error},
		{"the gravest comes first", []Severity{Warning, Info}, Warning},
		{"nobody graded it", []Severity{Info, 0, Advice}, Error},
		{"only that", []Severity{0}, Error},
		{"no such severity", []Severity{Info, 9}, Error},
	}
	for _, tt := range tests {
		var fs []Finding
		for _, s := range tt.in {
			fs = append(fs, Finding{Severity: s})
		}
		if got := Worst(fs); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFindingAsJSONHoldsNoValue(t *testing.T) {
	b, err := json.Marshal(Finding{Rule: "r", Severity: Error, File: "f", Message: "m", Value: "Jude"})
	want := `{"rule":"r","severity":"error","file":"f","span":{"start":{"line":0,"column":0},"end":{"line":0,"column":0}},"message":"m"}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}

func TestSuggest(t *testing.T) {
	stages := []string{"initial-concerns", "passport", "sen-support-plan", "star", "cosa"}
	tests := []struct {
		word    string
		options []string
		want    string
	}{
		{"pasport", stages, "passport"},   // left out
		{"passsport", stages, "passport"}, // added
		{"passpert", stages, "passport"},  // changed
		{"psasport", stages, "passport"},  // swapped
		{"PASSPORT", stages, "passport"},  // case
		{"sen_support_plan", stages, "sen-support-plan"},
		{"Initial_Concern", stages, "initial-concerns"},
		{"sen support plan", stages, "sen-support-plan"},
		{"sta", stages, "star"},
		{"starr", stages, "star"},
		{"stra", stages, "star"},
		{"cars", stages, ""}, // two slips from star
		{"profile", stages, ""},
		{"", stages, ""},
		{"", []string{"a"}, ""},
		{"passport", nil, ""},
		{"k", []string{"N", "K", "E"}, "K"},    // case alone is no slip
		{"A", []string{"N", "K", "E"}, ""},     // one code is not another mistyped
		{"bat", []string{"cat", "bar"}, "cat"}, // equally near: the first
		{"bat", []string{"cat", "bat"}, "bat"}, // nearer: the later
		{"élève", []string{"eleve"}, ""},       // two slips in five characters, counted as characters
		{"école", []string{"ecole"}, "ecole"},
	}
	for _, tt := range tests {
		if got := Suggest(tt.word, tt.options); got != tt.want {
			t.Errorf("Suggest(%q, %q) = %q, want %q", tt.word, tt.options, got, tt.want)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	tests := map[string]string{
		"stagge": `; did you mean "stage"?`,
		"stage":  "", // it is that
		"Stage":  `; did you mean "stage"?`,
		"other":  "",
	}
	for word, want := range tests {
		if got := DidYouMean(word, []string{"stage"}); got != want {
			t.Errorf("DidYouMean(%q) = %q, want %q", word, got, want)
		}
	}
}

// A distance, and nothing else: nought only for the same word, the same both
// ways, never more than the longer word, one for one slip.
func TestDistance(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abcé-")), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		n := distance(a, b)
		if n != distance(b, a) || (n == 0) != slices.Equal(a, b) || n > max(len(a), len(b)) || n < max(len(a), len(b))-min(len(a), len(b)) {
			t.Fatalf("from %q to %q: %d, back %d", string(a), string(b), n, distance(b, a))
		}
		i := rapid.IntRange(0, len(a)).Draw(t, "at")
		if got := distance(a, slices.Insert(slices.Clone(a), i, 'z')); got != 1 {
			t.Fatalf("one added: %d", got)
		}
		if i+1 < len(a) && a[i] != a[i+1] {
			swapped := slices.Clone(a)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			if got := distance(a, swapped); got != 1 {
				t.Fatalf("two swapped: %d", got)
			}
		}
	})
}
