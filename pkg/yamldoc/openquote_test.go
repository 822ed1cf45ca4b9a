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
