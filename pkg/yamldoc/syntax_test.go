package yamldoc

import (
	"fmt"
	"strings"
	"testing"
)

// slips are ordinary mistakes, each with the place where a person would look.
func slips() []struct{ name, src, rule, at, value string } {
	return []struct{ name, src, rule, at, value string }{
		{"apostrophe in single quotes", "a: 1\nwords: 'it's fine'\nb: 2\n", "yaml-syntax", "2:8", `words: "it's fine"`},
		{"apostrophe in an item", "l:\n  - 'he can't'\n  - x\n", "yaml-syntax", "2:5", `- "he can't"`},
		{"apostrophe, quote not closed", "a: 1\nwords: 'I can't say\nb: 2\nc: 3\n", "yaml-syntax", "2:8", ""},
		{"single quote closed three lines on", "a: 'open\nb: 2\nc: it's\nd: 1\n", "yaml-syntax", "1:4", ""},
		{"double quote never closed", "a: 1\nwords: \"unclosed\nb: 2\nc: 3\n", "yaml-syntax", "2:8", ""},
		{"double quote closed by the next", "a: \"open\nb: \"x\"\nc: 1\n", "yaml-syntax", "1:4", ""},
		{"text after the closing quote", "a: \"x\" y\nb: 1\n", "yaml-syntax", "1:4", `a: "\"x\" y"`},
		{"quotes within quotes", "b: 1\na: \"he said \"no\" twice\"\n", "yaml-syntax", "2:4", ""},
		{"key among items", "a: 1\nl:\n  - x\n  key: 1\n  - y\n", "yaml-syntax", "4:3", ""},
		{"key below an item's dash", "l:\n  - id: a\n  due: x\nb: 1\n", "yaml-syntax", "3:3", ""},
		{"bad dedent", "a:\n    b: 1\n  c: 2\nd: 3\n", "yaml-syntax", "3:3", ""},
		{"bad dedent of an item's key", "a:\n  - x: 1\n   y: 2\n", "yaml-syntax", "3:4", ""},
		{"bad dedent of a dash", "a:\n    - x\n  - y\nb: 1\n", "yaml-syntax", "3:3", ""},
		{"two versions left by git", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\nc: 3\n", "yaml-syntax", "2:1", ""},
		{"two versions left by git below a text", "w: some\n<<<<<<< HEAD\n  b: 2\n=======\n>>>>>>> other\nc: 3\n", "yaml-syntax", "2:1", ""},
		{"a no-break space before a dash", "a:\n  - x\n \u00a0- y\nb: 1\n", "yaml-syntax", "3:2", ""},
		{"tab", "a:\n\tb: 1\n", "yaml-tab", "2:1", ""},
		{"tab after spaces", "a:\n  b: 1\n  \tc: 2\n", "yaml-tab", "3:3", ""},
		{"no space after colon", "a: 1\nb:2\nc: 3\n", "yaml-syntax", "2:2", ""},
		{"no space after colon, nested", "a:\n  b: 1\n  c:2\n  d: 3\n", "yaml-syntax", "3:4", ""},
		{"no space after dash", "a:\n  - x\n  -y\n  - z\n", "yaml-syntax", "3:3", ""},
		{"no space after the last colon", "a: x\n  b:2\n", "yaml-lost-words", "2:3", ""},
		{"no space after the first dash", "a:\n  -y\n  - z\nb: 1\n", "yaml-lost-words", "3:3", ""},
		{"second colon", "x: 1\na: text: more\ny: 2\n", "yaml-syntax", "2:4", `a: "text: more"`},
		{"second colon with comment", "a: text: more # note\n", "yaml-syntax", "1:4", `a: "text: more" # note`},
		{"second colon in an item", "l:\n  - by: x\n    words: she said: no\n", "yaml-syntax", "3:12", `words: "she said: no"`},
		{"unclosed bracket", "a: [x, y\nb: 2\n", "yaml-syntax", "1:4", ""},
		{"unclosed brace", "l:\n  - {x: 1, y: 2\n  - {x: 2, y: 3}\n", "yaml-syntax", "2:5", ""},
		{"unclosed bracket at the end", "b: 2\na: [x, y\n", "yaml-syntax", "2:4", ""},
		{"words with colon in braces", "a: {words: he said: no}\n", "yaml-lost-words", "1:12", `a: {words: "he said: no"}`},
		{"words with question mark in braces", "a: {words: what? no}\n", "yaml-lost-words", "1:12", `a: {words: "what? no"}`},
		{"missing comma", "a: {\n  x: 1\n  y: 2\n}\n", "yaml-syntax", "3:3", ""},
		{"text begins with @", "a: @foo\nb: 1\n", "yaml-syntax", "1:4", ""},
		{"text begins with %", "b: 1\na: %foo\n", "yaml-syntax", "2:4", ""},
		{"text begins with *", "a: 1\nb: *very* good\n", "yaml-syntax", "2:4", ""},
		{"text begins with `", "a: 1\nb: `x`\n", "yaml-syntax", "2:4", ""},
		{"list on the key's line", "b: 1\na: - x\n", "yaml-syntax", "2:4", ""},
		{"key indented below a value", "a: 1\n b: 2\n", "yaml-syntax", "2:2", ""},
		{"map below a value", "a: x\n  b: 1\nc: 2\n", "yaml-syntax", "2:3", ""},
		{"literal text dedented", "a: |\n  x\n y\nb: 1\n", "yaml-syntax", "3:2", ""},
		{"text behind the literal mark", "c: 1\na: >x\n  y\n", "yaml-syntax", "2:5", ""},
		{"a line of text", "a: 1\nhello\nb: 2\n", "yaml-syntax", "2:1", ""},
		{"unknown escape", "b: 1\na: \"bad \\q escape\"\n", "yaml-syntax", "2:9", ""},
		{"Windows path in quotes", "a: \"C:\\work\"\n", "yaml-syntax", "1:7", ""},
		{"bracket closed twice", "a: [x, y]]\nb: 1\n", "yaml-syntax", "1:10", ""},
		{"bracket never opened", "b: 1\na: ]\n", "yaml-syntax", "2:4", ""},
		{"key after a list at the margin", "- a\nb: 1\n", "yaml-syntax", "2:1", ""},
		{"item after keys", "a: 1\n- b\n", "yaml-syntax", "2:1", ""},
	}
}

func TestSlips(t *testing.T) {
	for _, tt := range slips() {
		for _, eol := range []string{"\n", "\r\n"} {
			src := strings.ReplaceAll(tt.src, "\n", eol)
			_, found := Parse("x.yaml", []byte(src))
			if len(found) == 0 {
				t.Errorf("%s: nothing found in %q", tt.name, src)
				continue
			}
			f := found[0]
			if at := fmt.Sprintf("%d:%d", f.Span.Start.Line, f.Span.Start.Col); at != tt.at || f.Rule != tt.rule {
				t.Errorf("%s (%q):\n got %s %s %q value %q\nwant %s %s", tt.name, eol, at, f.Rule, f.Message, f.Value, tt.at, tt.rule)
			}
			if tt.value != "" && f.Value != tt.value {
				t.Errorf("%s: repaired line %q, want %q", tt.name, f.Value, tt.value)
			}
			if f.Message == "" || strings.Contains(f.Message+f.Hint, "said") || strings.Contains(f.Message+f.Hint, "hello") {
				t.Errorf("%s: message %q hint %q", tt.name, f.Message, f.Hint)
			}
		}
	}
}
