package yamldoc

import (
	"fmt"
	"strings"
	"testing"
)

// A quote that nobody closed is told at its line, however far on the next one of its kind
// closes it.
func TestOpenQuoteIsToldWhereItOpens(t *testing.T) {
	const text = `format: contacts/v1
contacts:
  - id: k4f7
    date: 2026-09-10
    said: She's glad of it
    told: "how it went: well"
    agreed:
      - the school asks
      - 'a call on Monday'
  - id: k4f8
    with: [mum, "dad"]
    told: "all of it"
    ratio: '1:2'
`
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		for _, q := range []string{`"`, `'`} {
			for _, mark := range []string{": ", "- "} {
				at := strings.LastIndex(line, mark)
				if at < 0 || mark == "- " && strings.Contains(line, ": ") || strings.ContainsAny(line[at+2:], `"'[`) {
					continue
				}
				broken := strings.Join(lines[:i], "") + line[:at+2] + q + line[at+2:] + strings.Join(lines[i+1:], "")
				t.Run(fmt.Sprintf("line %d %s%s", i+1, mark, q), func(t *testing.T) {
					_, found := Parse("x.yaml", []byte(broken))
					if len(found) != 1 || found[0].Span.Start.Line != i+1 || !strings.Contains(found[0].Message, "opened here") {
						t.Errorf("%+v\n%s", found, broken)
					}
				})
			}
		}
	}
}

// Quotes within a text of several lines are not what a fault further down comes from.
func TestQuotesWithinATextOpenNothing(t *testing.T) {
	for _, c := range []struct {
		text string
		line int // of the fault
	}{
		{"format: a/v1\nwords: |\n  \"I like maths\n  and art,\" he said.\ndate 2026-01-01\n", 5},
		{"format: a/v1\nwords: |\n  She said:\n\n  - \"I like\n  art\"\nlist: [a, b\nid: x\n", 7},
		{"format: a/v1\nlist:\n  - words: >-\n      \"I like\n      art\"\n    date 2026-01-01\nid: x\n", 6},
		{"format: a/v1\nwords: he likes\n  \"maths and\n  art\"\nlist: [a, b\nid: x\n", 5},
		{"format: a/v1\nwords:\n  \"maths\nlist: [a, \"b\"]\nid: x\n", 3},
		{"format: a/v1\nlist: [a,\n  \"b, c]\nwords: \"art\"\nid: x\n", 3},
	} {
		_, found := Parse("x.yaml", []byte(c.text))
		if len(found) != 1 || found[0].Span.Start.Line != c.line {
			t.Errorf("not one fault in line %d: %+v\n%s", c.line, found, c.text)
		}
	}
}
