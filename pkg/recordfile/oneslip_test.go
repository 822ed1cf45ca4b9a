package recordfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

const slipPath = "learners/bk7m2xqt/cycles/2026-11-02-sen-support-plan-k4f7.yaml"

// toldOf gives what is told of a cycle: "line message".
func toldOf(t testing.TB, src string) []string {
	t.Helper()
	_, found, err := recordfile.Parse(slipPath, recordfile.Cycle, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		if f.Span.Start.Offset > f.Span.End.Offset || f.Span.End.Offset > len(src) || f.Span.Start.Line > strings.Count(src, "\n")+1 {
			t.Fatalf("place outside of the file: %+v", f)
		}
		if strings.Contains(f.Message+f.Hint, "Reading takes an hour") || strings.Contains(f.Message+f.Hint, "Quick and") {
			t.Fatalf("words of the record: %s | %s", f.Message, f.Hint)
		}
		out = append(out, fmt.Sprintf("%d %s", f.Span.Start.Line, f.Message))
	}
	return out
}

func lineOf(src, text string) int {
	return strings.Count(src[:strings.Index(src, text)], "\n") + 1
}

// TestTheLineOfTheSlipIsNamed holds slips that a reader only stumbles over further down.
func TestTheLineOfTheSlipIsNamed(t *testing.T) {
	for _, c := range []struct{ name, old, now, want string }{
		{"a key at the left edge", "  review_on: 2026", "review_on: 2026", ""},
		{"a key of a group at the left edge", "  agreed_with:", "agreed_with:", "this line begins 2 spaces too far to the left"},
		{"a key of an item too far left", "      need: 1", "  need: 1", "this line begins 4 spaces too far to the left"},
		{"a dash too far left", "    - id: p1", "  - id: p1", "this line begins 2 spaces too far to the left"},
		{"a key too far right", "      due:", "          due:", "this line begins 4 spaces too far to the right"},
		{"a text that goes on at the left edge", "    words: Quick", "    words: Quick\nas ever", ""},
		{"a list that is not closed", "for: [t1]", "for: [t1", "the [ opened here is never closed"},
		{"a group that is not closed", "weeks: 6}", "weeks: 6", "the { opened here is never closed"},
		{"the first key without its colon", "format: ", "format ", "no colon after the key"},
		{"the first key without its space", "  - date: 2026-11-13", "  - date:2026-11-13", "no space after the colon"},
		{"the first dash without its space", "    - id: t1", "    -id: t1", "no space after the dash"},
		{"the first dash lost", "    - by: mum", "      by: mum", "this must be a list"},
		{"a group key without its colon", "      measure:", "      measure", "no colon after the key"},
		{"a lone colon", "      due:", "      :\n      due:", "this line holds marks alone"},
		{"half of a merge", "  strengths:", "=======\n  strengths:", "git left this line"},
		{"a line of dashes", "do:", "---\ndo:", "a second document begins here"},
		{"prose at the left edge", "  strengths:", "some prose\n  strengths:", ""},
		{"a bracket of its own", "      need: 1", "      [a\n      need: 1", ""},
		{"a quote of its own", "      need: 1", "      \"a: b\n      need: 1", ""},
		{"two commas", "[mum, sato]", "[mum,, sato]", "a comma with nothing before it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := strings.Replace(soundCycle, c.old, c.now, 1)
			line := lineOf(soundCycle, c.old)
			if strings.Contains(c.now, "\n") && !strings.HasSuffix(c.now, c.old) {
				line++ // the slip is on the line put in below
			}
			told := toldOf(t, src)
			if len(told) != 1 || !strings.HasPrefix(told[0], fmt.Sprint(line, " ")) || !strings.Contains(told[0], c.want) {
				t.Errorf("line %d wanted, told: %q", line, told)
			}
		})
	}
}

// TestEveryLineThatMoved moves each line of a sound file alone: what is told names it.
func TestEveryLineThatMoved(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(soundCycle, "\n"), "\n")
	wrong := 0
	for i, line := range lines {
		body := strings.TrimLeft(line, " ")
		in := len(line) - len(body)
		for _, to := range []int{0, in - 2, in + 2} {
			if to < 0 || to == in || in == 0 {
				continue
			}
			moved := append([]string{}, lines...)
			moved[i] = strings.Repeat(" ", to) + body
			told := toldOf(t, strings.Join(moved, "\n")+"\n")
			named := len(told) == 0 // the only item of a list may begin under its key
			wrong += min(1, len(told))
			for _, x := range told {
				named = named || strings.HasPrefix(x, fmt.Sprint(i+1, " "))
			}
			if !named {
				t.Errorf("line %d from %d to %d: told %q", i+1, in, to, told)
			}
		}
	}
	if wrong < 80 {
		t.Errorf("only %d of the moves told", wrong)
	}
}

// TestASlipHidesNoOtherFault puts faults of values round a slip of syntax.
func TestASlipHidesNoOtherFault(t *testing.T) {
	src := strings.NewReplacer("  agreed_with:", "agreed_with:", "value: 18", "value: lots", "additional: true", "additional: yes", "due: 2026-12-16", "due: 16.12.2026").Replace(soundCycle)
	told := toldOf(t, src)
	if len(told) != 4 {
		t.Fatalf("%q", told)
	}
	for i, at := range []string{"value: lots", "agreed_with", "due: 16", "additional: yes"} {
		if !strings.HasPrefix(told[i], fmt.Sprint(lineOf(src, at), " ")) {
			t.Errorf("%s is on line %d, told %q", at, lineOf(src, at), told[i])
		}
	}
	doc, found, _ := recordfile.Parse(slipPath, recordfile.Cycle, []byte(src))
	if doc != nil || diag.Worst(found) != diag.Error {
		t.Error("a file with a slip is refused, whatever would mend it")
	}
}

// TestSlipsThatCannotBeTold leaves what a reader says where no one repair is the one.
func TestSlipsThatCannotBeTold(t *testing.T) {
	for _, src := range []string{"", "\n", ":", "[", "{\n", "a", "- x\n y\n", "format: cycle/v1\n\tx\n", strings.Repeat("[", 2000), strings.Repeat("a: b\n c\n", 2000), strings.Replace(soundCycle, "      ", "   ", 5)} {
		if told := toldOf(t, src); len(told) == 0 {
			t.Errorf("%.20q: nothing told", src)
		}
	}
}

func FuzzOneSlip(f *testing.F) {
	f.Add(100, 3, " ")
	f.Add(200, 0, "[")
	f.Add(300, 1, "")
	f.Fuzz(func(t *testing.T, at, cut int, put string) {
		at = max(0, min(at, len(soundCycle)))
		cut = max(0, min(cut, len(soundCycle)-at, 40))
		src := soundCycle[:at] + put + soundCycle[at+cut:]
		doc, found, err := recordfile.Parse(slipPath, recordfile.Cycle, []byte(src))
		if err != nil {
			return // a format of another version
		}
		if doc == nil && diag.Worst(found) != diag.Error {
			t.Fatal("no tree, and no fault")
		}
		for _, x := range found {
			if x.Span.Start.Offset > x.Span.End.Offset || x.Span.Start.Offset < 0 || x.Span.End.Offset > len(src) || x.Span.Start.Line > 0 && x.Span.Start.Col < 1 {
				t.Fatalf("place outside of the file: %+v", x)
			}
		}
	})
}
