package term

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	s := &Streams{Width: 20, Color: true}
	for _, c := range []struct{ name, in, indent, want string }{
		{"words", "the quick brown fox jumps", "", "the quick brown fox\njumps"},
		{"exact", "12345678901234567890 x", "", "12345678901234567890\nx"},
		{"indent", "the quick brown fox", "    ", "    the quick brown\n    fox"},
		{"own indent", "a:\n  the quick brown fox", "", "a:\n  the quick brown\n  fox"},
		{"paragraphs", "one\n\ntwo", "  ", "  one\n\n  two"},
		{"url", "see https://example.org/a/very/long/address for it", "", "see\nhttps://example.org/a/very/long/address\nfor it"},
		{"wide", "日本語日本語日本語日本語", "", "日本語日本語日本語日\n本語"},
		{"wide url", "https://example.org/日本語日本語", "", "https://example.org/日本語日本語"},
		{"combining", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 0123456789 x", "", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301\n0123456789 x"},
		{"styling takes no room", s.Bold("the quick brown fox") + " jumps", "", "\x1b[1mthe quick brown fox\x1b[22m\njumps"},
		{"empty", "", "  ", ""},
	} {
		if diff := cmp.Diff(c.want, s.Wrap(c.in, c.indent)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := (&Streams{Width: 200}).Wrap(strings.Repeat("x ", 60), ""); columns(strings.Split(got, "\n")[0]) > 80 {
		t.Error("prose is wider than 80 columns")
	}
}

// TestWrapLosesNothing: the same words in the same order, and no line too long
// that could have been shorter.
func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab  \n本é\u0301"))).Draw(t, "text")
		width := rapid.IntRange(20, 30).Draw(t, "width")
		out := (&Streams{Width: width}).Wrap(text, "")
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(out) != bare(text) {
			t.Fatalf("%q became %q", text, out)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if columns(line) > width && len(strings.Fields(line)) > 1 {
				t.Fatalf("%q is wider than %d", line, width)
			}
		}
	})
}

func TestStyle(t *testing.T) {
	plain := &Streams{}
	for _, f := range []func(string) string{plain.Bold, plain.Dim, plain.Good, plain.Warn, (&Streams{Color: true, Accessible: true}).Bold} {
		if got := f("x"); got != "x" {
			t.Errorf("got %q without colour", got)
		}
	}
	if got := (&Streams{Color: true}).Warn("x"); got != "\x1b[1;31mx\x1b[22;39m" {
		t.Errorf("got %q", got)
	}
}
