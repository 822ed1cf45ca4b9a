package yamldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatReadersDisagreeOn: what one common reader takes and another does not is
// refused, each with the line; most of it comes from the YAML test suite.
func TestWhatReadersDisagreeOn(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"flow: [a,\nb,\nc]\n", "yaml-syntax:2"},
		{"flow: [\n  a\n]\n", "yaml-syntax:3"},
		{"m:\n  flow: {a: 1,\n  b: 2}\n", "yaml-syntax:3"},
		{"m:\n  flow: [\n    a\n    ]\n", ""},
		{"- k: [\n    a\n  ]\n", "yaml-syntax:3"},
		{"- k: [\n    [b,\n     c],\n    a\n   ]\n", ""},
		{"- - [\n  ]\n", "yaml-syntax:2"},
		{"[a,\nb]\n", ""},
		{"f: [a, # c\n# d\n b]\n", ""},
		{"q: \"a\nb\nc\"\n", "yaml-syntax:2"},
		{"q: 'a\nb'\n", "yaml-syntax:2"},
		{"q: \"a\n\n b\"\n", ""},
		{"- \"a\n b\"\n", ""},
		{"- q: \"a\n  b\"\n", "yaml-syntax:2"},
		{"- q: \"a\n   b\"\nz: 1\n", "yaml-syntax:3"}, // the library's own
		{"q: \"a\n\tb\"\n", "yaml-tab:2"},
		{"q: \"it\\'s\"\n", "yaml-syntax:1"},
		{"q: \"it's \\\"so\\\"\"\n", ""},
		{"q: [-]\n", "yaml-lost-words:1"},
		{"q: {a: -}\n", "yaml-lost-words:1"},
		{"q: [\"-\", a-b, -1]\n", ""},
		{"q: ># c\n  w\n", "yaml-comment:1"},
		{"q: > # c\n  w\n", ""},
		{"q: |\n  \n  w\n", ""},
		{"q: >\n \n  \n   \n # c\n", "yaml-syntax:4"},
		{"q: |\n   \nz: 1\n", ""},
	} {
		_, found := Parse("x", []byte(tt.src))
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%s:%d", f.Rule, f.Span.Start.Line))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q: %s", tt.src, diff)
		}
	}
}
