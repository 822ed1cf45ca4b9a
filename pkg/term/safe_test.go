package term

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSafe(t *testing.T) {
	for _, c := range []struct{ in, want, lines string }{
		{"plain, naïve, 日本語 👩‍🏫", "plain, naïve, 日本語 👩‍🏫", "plain, naïve, 日本語 👩‍🏫"},
		{"\x1b[31mred\x07", `\x1b[31mred\x07`, `\x1b[31mred\x07`},
		{"a\r\nb\tc\n", `a\r\nb\tc\n`, "a\nb    c\n"},
		{"a\rb", `a\rb`, `a\rb`},
		{"\u202eabc\u2066", `\u202eabc\u2066`, `\u202eabc\u2066`},
		{"\u009b31m\u2028", `\x9b31m\u2028`, `\x9b31m\u2028`},
		{"\xff\x1b", `\xff\x1b`, `\xff\x1b`},
		{"\U000e0041", `\U000e0041`, `\U000e0041`},
		{"\ufffd", "\ufffd", "\ufffd"},
	} {
		if got := Safe(c.in); got != c.want {
			t.Errorf("Safe(%q) = %q, want %q", c.in, got, c.want)
		}
		if got := SafeLines(c.in); got != c.lines {
			t.Errorf("SafeLines(%q) = %q, want %q", c.in, got, c.lines)
		}
	}
}

// dangerous is written anew and not taken from hazardous, so that a fault there shows.
func dangerous(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || unicode.Is(unicode.Bidi_Control, r) || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

func checkSafe(t interface{ Fatalf(string, ...any) }, in string) {
	out := Safe(in)
	if i := strings.IndexFunc(out, dangerous); i >= 0 || !utf8.ValidString(out) {
		t.Fatalf("Safe(%q) = %q", in, out)
	}
	if Safe(out) != out {
		t.Fatalf("Safe is not stable on %q", in)
	}
	lines := SafeLines(in)
	if i := strings.IndexFunc(strings.ReplaceAll(lines, "\n", ""), dangerous); i >= 0 || !utf8.ValidString(lines) {
		t.Fatalf("SafeLines(%q) = %q", in, lines)
	}
}

func TestSafeAlways(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkSafe(t, rapid.String().Draw(t, "text"))
		checkSafe(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")))
		checkSafe(t, string(rapid.SliceOf(rapid.SampledFrom([]rune("a\x1b\n\r\t\u0085\u009b\u061c\u200e\u202a\u2069\u2028\ufeff"))).Draw(t, "runes")))
	})
}

func FuzzSafe(f *testing.F) {
	f.Add("\x1b]0;title\x07")
	f.Add("\xc2\x9b31m")
	f.Fuzz(func(t *testing.T, text string) { checkSafe(t, text) })
}
