package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/rules"
	"github.com/sendctl/sendctl/pkg/term"
)

func explained(t *testing.T, words ...string) string {
	t.Helper()
	var out bytes.Buffer
	e := &Env{Streams: &term.Streams{In: strings.NewReader(""), Out: &out, Err: io.Discard, Width: 80},
		Args: append([]string{"explain"}, words...), Getenv: func(string) string { return "" }, Dir: t.TempDir()}
	if code := Main(e); code != exitFine {
		t.Fatalf("explain %q: exit code %d", words, code)
	}
	return out.String()
}

// TestExplainEveryRule: each rule has its page by name and by id, in 79 columns, with
// nothing left of its Markdown; and the same as JSON.
func TestExplainEveryRule(t *testing.T) {
	for _, r := range rules.All() {
		text := explained(t, r.Name)
		if by := explained(t, strings.ToLower(r.ID)); by != text {
			t.Errorf("%s: another page by its id %s", r.Name, r.ID)
		}
		for _, want := range []string{r.Name + " (" + r.ID + ", " + r.Severity.String() + ")", "Why it matters", "Put it right", "An example of what is found", "Based on: "} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: nothing says %q", r.Name, want)
			}
		}
		narrow(t, r.Name, text)
		if strings.Contains(text, "```") || strings.Contains(text, "](") || strings.Contains(text, "\n#") || strings.Contains(text, "**") {
			t.Errorf("%s: Markdown is left in its page:\n%s", r.Name, text)
		}
		var j struct {
			Format string
			Rule   struct{ Name, Why, Put_right string }
		}
		if err := json.Unmarshal([]byte(explained(t, "--json", r.ID)), &j); err != nil || j.Rule.Name != r.Name || j.Rule.Why == "" || j.Rule.Put_right == "" {
			t.Errorf("%s as JSON: %+v, %v", r.Name, j, err)
		}
	}
	for _, g := range rules.Groups() {
		narrow(t, g.Name, explained(t, span(g)))
	}
	for _, words := range [][]string{nil, {"--limits"}, {"--not-checked"}, {"parents"}} {
		narrow(t, strings.Join(words, " "), explained(t, words...))
	}
}

func narrow(t *testing.T, name, text string) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if n := len([]rune(line)); n > explainWidth {
			t.Errorf("explain %s, line %d has %d columns: %s", name, i+1, n, line)
		}
	}
}
