package term

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/term/termtest"
)

// streams are those of a program on tt.
func streams(tt *termtest.Terminal) *Streams {
	return &Streams{In: tt.Side, Out: tt.Side, Err: tt.Side, InTTY: true, OutTTY: true, ErrTTY: true, Width: 80}
}

// filling is a Fill under way on a terminal.
type filling struct {
	*termtest.Terminal
	t       *testing.T
	p       *Prompter
	answers form.Answers
	kept    []form.Answers // what keep was given, call by call
	done    chan error
}

func fill(t *testing.T, script form.Script, editor Editor, with func(*Streams, form.Answers)) *filling {
	t.Helper()
	f := &filling{t: t, Terminal: termtest.Open(t), answers: form.Answers{}, done: make(chan error, 1)}
	s := streams(f.Terminal)
	if with != nil {
		with(s, f.answers)
	}
	f.p = NewPrompter(s, editor)
	f.p.Today = date.MustParse("2025-11-21")
	go func() {
		f.done <- f.p.Fill(context.Background(), script, f.answers, func(a form.Answers) error {
			f.kept = append(f.kept, maps.Clone(a))
			return nil
		})
	}()
	return f
}

// ends waits for the end of Fill.
func (f *filling) ends(want error) {
	f.t.Helper()
	if err := <-f.done; !errors.Is(err, want) {
		f.t.Fatalf("Fill ended with %v, want %v; on the screen:\n%s", err, want, f.Text())
	}
	f.Drained()
	if !f.Canonical() {
		f.t.Error("the terminal was left in another mode")
	}
	if len(f.answers) > 0 {
		if diff := cmp.Diff(f.answers, f.kept[len(f.kept)-1]); diff != "" {
			f.t.Errorf("not everything answered was kept (-answers +kept):\n%s", diff)
		}
	}
}

func (f *filling) gave(want form.Answers) {
	f.t.Helper()
	if diff := cmp.Diff(want, f.answers); diff != "" {
		f.t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func questions(qs ...form.Question) form.Script {
	return func(form.Answers) []form.Question { return qs }
}

// reviewForm has every kind, and a question that depends on an answer.
func reviewForm(a form.Answers) []form.Question {
	qs := []form.Question{
		{Path: "date", Heading: "The meeting", Ask: "When did the meeting take place?", Kind: form.Date, Default: "today",
			Why: "The review is counted from the day of the meeting, not from the day it was written down."},
		{Path: "present", Heading: "The meeting", Ask: "Who was there?", Kind: form.List,
			Last: []string{"Last time: mother; class teacher; SENCo."}},
		{Path: "score", Heading: "Target 1", Ask: "What is the score now?", Kind: form.Number,
			Last: []string{"Last time: 14 of 40.", "Expected by now: 20."},
			Check: func(a form.Answer) error {
				if n, _ := strconv.ParseFloat(a.Text, 64); n > 40 {
					return errors.New("the scale ends at 40")
				}
				return nil
			}},
		{Path: "result", Heading: "Target 1", Ask: "How did it go?", Kind: form.Choice, Options: []form.Option{
			{Value: "met", Words: "Met"}, {Value: "partly-met", Words: "Partly met"}, {Value: "not-met", Words: "Not met"}}},
	}
	if a.Text("result") == "not-met" {
		qs = append(qs, form.Question{Path: "why", Heading: "Target 1", Ask: "What got in the way?", Kind: form.Line, Optional: true})
	}
	return append(qs,
		form.Question{Path: "needs", Heading: "Next", Ask: "Which areas of need does the plan speak to?", Kind: form.Many, Options: []form.Option{
			{Value: "C&I", Words: "Communication and interaction"}, {Value: "C&L", Words: "Cognition and learning"},
			{Value: "SEMH", Words: "Social, emotional and mental health"}, {Value: "P&S", Words: "Physical and sensory"}}},
		form.Question{Path: "told", Heading: "Next", Ask: "Have the parents a copy?", Kind: form.YesNo, Default: "true"},
		form.Question{Path: "voice", Heading: "Next", Ask: "What does the child say about it?", Kind: form.Words,
			Why: "The child's own words, as they were said.",
			Hint: func(a form.Answer) string {
				if len(a.Text) < 30 {
					return "a sentence more would help the next reader"
				}
				return ""
			}},
	)
}

// TestFillTranscript is the whole conversation as a person has it, with each key.
func TestFillTranscript(t *testing.T) {
	for name, accessible := range map[string]bool{"fill.txt": false, "fill-accessible.txt": true} {
		t.Run(name, func(t *testing.T) {
			f := fill(t, reviewForm, fakeEditor("I like the\nquiet table."), func(s *Streams, _ form.Answers) {
				s.Accessible = accessible
			})
			f.Answer("b", "?", "31.2.25", "next week", "21 nov 25")
			f.Answer("Mother", "SENCo", "s", "")
			f.Answer("1,200", "3,5", "400", "17")
			f.Answer("prtly met", "4", "3")
			f.Answer("b", "", `\b`)   // back to the choice, Enter keeps it, forward again
			f.Answer("b", "b", "met") // the question about obstacles goes
			f.Answer("5", "semh 1", "maybe", "")
			f.Answer("e")
			f.ends(nil)
			golden(t, name, f.Text())
			f.gave(form.Answers{
				"date":    {Text: "2025-11-21"},
				"present": {Items: []string{"Mother", "SENCo"}},
				"score":   {Text: "17"},
				"result":  {Text: "met"},
				"why":     {Text: "b"}, // the caller drops it
				"needs":   {Items: []string{"SEMH", "C&I"}},
				"told":    {Text: "true"},
				"voice":   {Text: "I like the\nquiet table."},
			})
			if strings.ContainsAny(f.Text(), "\x1b…›•✓") {
				t.Error("glyphs or styling without colour")
			}
		})
	}
}

// fakeEditor answers with text.
type fakeEditor string

func (e fakeEditor) Edit(context.Context, string, string) (string, error) { return string(e), nil }

// editorFunc is an editor that a test writes.
type editorFunc func(initial, hint string) (string, error)

func (e editorFunc) Edit(_ context.Context, initial, hint string) (string, error) {
	return e(initial, hint)
}

var (
	words = form.Question{Path: "words", Ask: "What do they say?", Kind: form.Words}
	after = form.Question{Path: "after", Ask: "And then?", Kind: form.Line}
)

func TestKeepAndQuit(t *testing.T) {
	f := fill(t, questions(words, after), nil, nil)
	f.Answer("hello", "q")
	f.ends(ErrKept)
	f.gave(form.Answers{"words": {Text: "hello"}})
}

func TestSkip(t *testing.T) {
	q := after
	q.Optional = true
	f := fill(t, questions(words, q), nil, nil)
	f.Answer("s")
	f.Shows("can't be skipped")
	f.Answer("hello", "", "s")
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: "hello"}, "after": {Skipped: true}})
}

func TestEndOfInput(t *testing.T) {
	f := fill(t, questions(words, after), nil, nil)
	f.Answer("hello")
	f.Prompted()
	f.Keys("\x04")
	f.ends(ErrInterrupted)
	f.gave(form.Answers{"words": {Text: "hello"}})
}

func TestCancelled(t *testing.T) {
	tt := termtest.Open(t)
	ctx, cancel := context.WithCancel(context.Background())
	p := NewPrompter(streams(tt), nil)
	done := make(chan error, 1)
	go func() { _, err := p.Confirm(ctx, "Go on?", true); done <- err }()
	tt.Prompted()
	cancel()
	if err := <-done; !errors.Is(err, ErrInterrupted) || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	// The line typed after it is not lost to the read that was under way.
	go func() { _, err := p.Confirm(context.Background(), "Go on?", false); done <- err }()
	tt.Await("the second prompt", func(s string) bool { return strings.Count(s, "> ") == 2 })
	tt.Keys("y\n")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestResume begins with answers from a draft and goes back into them.
func TestResume(t *testing.T) {
	f := fill(t, questions(words, after), nil, func(_ *Streams, a form.Answers) { a["words"] = form.Answer{Text: "before"} })
	f.Prompted()
	f.Shows("1 of 2 questions are answered")
	f.Answer("b")
	f.Shows("before\nEnter keeps it")
	f.Answer("now", "then")
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: "now"}, "after": {Text: "then"}})
}

func TestLongLine(t *testing.T) {
	long := strings.Repeat("0123456789", 500)
	for _, choice := range []string{"", "n"} {
		t.Run("answer "+choice, func(t *testing.T) {
			var initial string
			f := fill(t, questions(words, after), editorFunc(func(in, _ string) (string, error) {
				initial = in
				return long, nil
			}), nil)
			f.Answer(long)
			f.Prompted()
			f.Shows("4,095 bytes")
			arrived := f.kept[0].Text("words")
			if n := len(arrived); n != lineLimit || !strings.HasPrefix(long, arrived[:n-1]) /* the kernel puts the last key over the last letter */ {
				t.Errorf("%d bytes were kept of what arrived", n)
			}
			f.Answer(choice, "then")
			f.ends(nil)
			want := long
			if choice == "n" {
				want = arrived
			} else if initial != arrived {
				t.Error("the editor did not begin with what arrived")
			}
			f.gave(form.Answers{"words": {Text: want}, "after": {Text: "then"}})
		})
	}
}

// TestLongestLine has the longest line that has certainly arrived whole.
func TestLongestLine(t *testing.T) {
	line := strings.Repeat("x", lineLimit-1)
	f := fill(t, questions(words), nil, nil)
	f.Answer(line)
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: line}})
}

func TestPaste(t *testing.T) {
	for _, c := range []struct {
		name, keys, then string
		want             string
	}{
		{"lines", "one\ntwo\n\nfour\n", "", "one\ntwo\n\nfour"},
		{"no line break at its end", "one\ntwo", " and more\n", "one\ntwo and more"},
		{"blank first line", "\none\n", "", "one"},
		{"spaces inside stay", "a  b \n  c\n", "", "a  b \n  c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fill(t, questions(words, after), nil, nil)
			f.Prompted()
			f.Keys(c.keys)
			if c.then != "" {
				f.Shows("Enter ends it")
				f.Keys(c.then)
			}
			f.Shows("as one answer")
			f.Answer("then")
			f.ends(nil)
			f.gave(form.Answers{"words": {Text: c.want}, "after": {Text: "then"}})
		})
	}
}

func TestPasteList(t *testing.T) {
	list := form.Question{Path: "list", Ask: "Which?", Kind: form.List}
	f := fill(t, questions(list, after), nil, nil)
	f.Prompted()
	f.Keys("one\n\ntwo\n")
	f.Answer("three", "", "then")
	f.ends(nil)
	f.gave(form.Answers{"list": {Items: []string{"one", "two", "three"}}, "after": {Text: "then"}})
}

// TestPasteFull pastes more than the kernel's buffer in short lines.
func TestPasteFull(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "line %03d of a long account\n", i)
	}
	f := fill(t, questions(words, after), nil, nil)
	f.Prompted()
	f.Keys(b.String())
	f.Shows("400 lines came at once")
	f.Answer("then")
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: strings.TrimSpace(b.String())}, "after": {Text: "then"}})
}

// TestPasteLine pastes a line with blank lines after it, and two lines, where one
// is wanted: neither may answer the next question.
func TestPasteLine(t *testing.T) {
	q := form.Question{Path: "q", Ask: "Which?", Kind: form.Line}
	next := form.Question{Path: "next", Ask: "Sure?", Kind: form.YesNo, Default: "true"}
	for _, c := range []struct{ keys, shown, want string }{
		{"one\n\n\n", "> ", "one"},
		{"one\ntwo\n", "joined into one", "one two"},
	} {
		f := fill(t, questions(q, next), nil, nil)
		f.Prompted()
		f.Keys(c.keys)
		f.Shows(c.shown)
		f.Answer("n")
		f.ends(nil)
		f.gave(form.Answers{"q": {Text: c.want}, "next": {Text: "false"}})
	}
}

// TestTypeAhead types into short questions before they are asked.
func TestTypeAhead(t *testing.T) {
	f := fill(t, questions(
		form.Question{Path: "n", Ask: "How many?", Kind: form.Number},
		form.Question{Path: "ok", Ask: "Sure?", Kind: form.YesNo},
		form.Question{Path: "on", Ask: "When?", Kind: form.Date}, after), nil, nil)
	f.Keys("3\ny\ntoday\nthen\n")
	f.ends(nil)
	f.gave(form.Answers{"n": {Text: "3"}, "ok": {Text: "true"}, "on": {Text: "2025-11-21"}, "after": {Text: "then"}})
}

func TestRefusedText(t *testing.T) {
	f := fill(t, questions(words, after), editorFunc(func(initial, _ string) (string, error) { return initial + "!", nil }), nil)
	f.Answer("caf\xe9")
	f.Shows("not UTF-8")
	f.Answer("  café\tolé \x1b[D\x1b[1;5Cyes\x1bOA\x01")
	f.Shows(`\x1b[D\x1b[1;5Cyes\x1bOA\x01`)
	f.Answer("e", "\x1b[A")
	f.Shows(`\x1b[A`)
	f.Answer("  a\tb ")
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: "café olé yes!"}, "after": {Text: "a b"}})
}

func TestEditorFails(t *testing.T) {
	n := 0
	f := fill(t, questions(words, after), editorFunc(func(initial, hint string) (string, error) {
		if n++; n == 1 {
			return "half", errors.New("the editor ended with signal: killed")
		}
		if !strings.Contains(hint, words.Ask) {
			t.Errorf("hint %q", hint)
		}
		return initial + " and whole", nil
	}), nil)
	f.Answer("e")
	f.Shows("The editor ended with")
	f.Answer("e", "then")
	f.ends(nil)
	f.gave(form.Answers{"words": {Text: "half and whole"}, "after": {Text: "then"}})
}

func TestKeepFails(t *testing.T) {
	tt := termtest.Open(t)
	full := errors.New("disk full")
	done := make(chan error, 1)
	go func() {
		done <- NewPrompter(streams(tt), nil).Fill(context.Background(), questions(after), form.Answers{}, func(form.Answers) error { return full })
	}()
	tt.Answer("x")
	if err := <-done; !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
}

func TestChoose(t *testing.T) {
	opts := []form.Option{{Value: "0", Words: "Not yet"}, {Value: "1", Words: "Sometimes"}}
	tt := termtest.Open(t)
	p := NewPrompter(streams(tt), nil)
	got := make(chan string, 1)
	go func() { v, _ := p.Choose(context.Background(), "How often?", opts, "0"); got <- v }()
	tt.Answer("1") // the code, not the first of the list
	if v := <-got; v != "1" {
		t.Errorf("got %q", v)
	}
	go func() { v, _ := p.Choose(context.Background(), "How often?", opts, "0"); got <- v }()
	tt.Shows("[Enter for Not yet]")
	tt.Answer("")
	if v := <-got; v != "0" {
		t.Errorf("got %q", v)
	}
}

// TestEmptyLineSkipsAnOptionalList: an empty line ends a list, so at once it
// means that there is none; a single answer is never skipped by a stray Enter.
func TestEmptyLineSkipsAnOptionalList(t *testing.T) {
	tt := termtest.Open(t)
	script := func(form.Answers) []form.Question {
		return []form.Question{
			{Path: "strengths", Kind: form.List, Optional: true, Ask: "Strengths?"},
			{Path: "words", Kind: form.Words, Optional: true, Ask: "Words?"},
		}
	}
	got := form.Answers{}
	done := make(chan error, 1)
	go func() { done <- NewPrompter(streams(tt), nil).Fill(context.Background(), script, got, nil) }()
	tt.Answer("", "")
	tt.Shows("s skips this question")
	tt.Answer("s")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !got["strengths"].Skipped || !got["words"].Skipped {
		t.Errorf("got %+v", got)
	}
}
