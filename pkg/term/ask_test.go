package term

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
)

func TestReadDate(t *testing.T) {
	today := date.MustParse("2025-11-21")
	for in, want := range map[string]string{
		"2025-11-21":         "2025-11-21",
		"today":              "2025-11-21",
		"Yesterday":          "2025-11-20",
		"21/11/2025":         "2025-11-21",
		"1/2/25":             "2025-02-01",
		"21.11.25":           "2025-11-21",
		"21-11-2025":         "2025-11-21",
		"21 Nov 2025":        "2025-11-21",
		"21st november 2025": "2025-11-21",
		"3 Sept 2024":        "2024-09-03",
		"29/2/2024":          "2024-02-29",
		"29/2/2025":          "",
		"11/21/2025":         "",
		"31/4/2025":          "",
		"0/1/2025":           "",
		"1/1/025":            "",
		"21 Nov":             "",
		"21 No 2025":         "",
		"-1/1/2025":          "",
		"2025/11/21":         "",
		"tomorrow":           "",
		"":                   "",
	} {
		got, ok := readDate(in, today)
		if got.String() != want || ok != (want != "") {
			t.Errorf("readDate(%q) = %v, %v, want %q", in, got, ok, want)
		}
	}
}

// TestReadDateForms reads back every day in each way of writing it.
func TestReadDateForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := date.MustParse("2000-01-01").AddDays(rapid.IntRange(0, 36000).Draw(t, "days"))
		for _, layout := range []string{"2/1/2006", "02.01.06", "2 Jan 2006", "02 January 2006", "2006-01-02"} {
			text := d.At(12, 0).Format(layout)
			if got, ok := readDate(text, date.Date{}); !ok || got != d {
				t.Fatalf("%s was read as %v", text, got)
			}
		}
	})
}

func TestNumberFault(t *testing.T) {
	for in, want := range map[string]string{
		"12": "", "3.5": "", "-4": "", "+0.25": "", "007": "",
		"1,200":  "leave the comma out: 1200",
		"10,000": "leave the comma out: 10000",
		"3,5":    "full stop",
		"£12.50": "the number alone, please: 12.50",
		"40%":    "the number alone, please: 40",
		".5":     "not a number", "5.": "not a number", "1e3": "not a number", "--1": "not a number",
		"ten": "not a number", "٣": "not a number", "1 2": "not a number",
	} {
		got := numberFault(in)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("numberFault(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestChooseMany(t *testing.T) {
	a := &asking{q: form.Question{Options: []form.Option{
		{Value: "SLCN", Words: "Speech, language and communication needs"},
		{Value: "SEMH", Words: "Social, emotional and mental health"},
		{Value: "ASD", Words: "Autistic spectrum disorder"},
		{Value: "OTH", Words: "Other"},
	}}}
	for _, c := range []struct {
		in    string
		want  []string
		fault string
	}{
		{"1", []string{"SLCN"}, ""},
		{"1, 3", []string{"SLCN", "ASD"}, ""},
		{"3 1 3", []string{"ASD", "SLCN"}, ""},
		{"slcn;semh,", []string{"SLCN", "SEMH"}, ""},
		{"autistic spectrum, other", []string{"ASD", "OTH"}, ""},
		{"s", nil, "could be"},
		{"SMEH", nil, `did you mean "SEMH"`},
		{"9", nil, "from 1 to 4"},
		{"0", nil, "from 1 to 4"},
		{", ,", nil, "none of these"},
	} {
		os, fault := a.chooseMany(c.in)
		var got []string
		for _, o := range os {
			got = append(got, o.Value)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || !strings.Contains(fault, c.fault) || (c.fault == "") != (fault == "") {
			t.Errorf("%q: %v, %q", c.in, got, fault)
		}
	}
}

// TestScrub: what is left can be kept, and what could be kept is left.
func TestScrub(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.SampledFrom([]rune("aD[1;5\x1b\x07\n\t \u0085é本"))).Draw(t, "text"))
		got, fault := clean(scrub(text))
		if fault != "" {
			t.Fatalf("%q: %s", scrub(text), fault)
		}
		if kept, fault := clean(text); fault == "" && kept != got {
			t.Fatalf("%q became %q, want %q", text, got, kept)
		}
	})
}

// TestPiped answers from a file: each line is an answer, and none is lost between
// two prompters on the same streams.
func TestPiped(t *testing.T) {
	var out bytes.Buffer
	s := &Streams{In: strings.NewReader("one\ntwo\n\nlast"), Err: &out}
	answers := form.Answers{}
	script := form.Script(func(form.Answers) []form.Question {
		return []form.Question{{Path: "a", Ask: "A?", Kind: form.Words}, {Path: "b", Ask: "B?", Kind: form.List}}
	})
	if err := NewPrompter(s, nil).Fill(context.Background(), script, answers, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(form.Answers{"a": {Text: "one"}, "b": {Items: []string{"two"}}}, answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	p := NewPrompter(s, nil)
	if got, err := p.Choose(context.Background(), "Which?", []form.Option{{Value: "last"}}, ""); got != "last" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := p.Confirm(context.Background(), "Sure?", true); !errors.Is(err, ErrInterrupted) {
		t.Errorf("got %v", err)
	}
}

// TestCapitals: a capital letter is a code where it is one, else the key.
func TestCapitals(t *testing.T) {
	for in, want := range map[string]byte{"E": 0, "Q": 'q', "q": 'q', "e": 0, "?": '?', "qq": 0, "N": 0} {
		a := &asking{q: form.Question{Kind: form.Choice, Options: []form.Option{{Value: "E"}, {Value: "N"}}}}
		if got := a.command(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	text := &asking{q: form.Question{Kind: form.Line}}
	if text.command("B") != 0 || text.command("e") != 'e' {
		t.Error("a text may be a capital letter, and e opens the editor")
	}
}

// TestHintLines: whatever is written round the hint comes back, and no line of the hint does.
func TestHintLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOf(rapid.SampledFrom([]rune("ab# ")))
		own := strings.Join(rapid.SliceOf(line).Draw(t, "text"), "\n")
		tail := hintLines("What do they say?\nThe child's own words, as they were said, and nothing that we would rather have heard from them.")
		got := withoutHint(withHint(own, tail), tail)
		if want := strings.Trim(own, "\n"); got != want {
			t.Fatalf("%q came back as %q", want, got)
		}
	})
	tail := hintLines("hint")
	for in, want := range map[string]string{
		withHint("text", tail) + "below\n":         "text\n\nbelow",
		"# hint\ntext\n" + withHint("", tail):      "# hint\ntext",
		"text\n# hint\n":                           "text", // the marker was taken out
		"text\r\n\r\n" + marker + "\r\n# hint\r\n": "text",
		"": "",
	} {
		if got := withoutHint(in, tail); got != want {
			t.Errorf("%q gave %q, want %q", in, got, want)
		}
	}
}
