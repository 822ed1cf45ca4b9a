package rules_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/rules"
)

// TestAsked: whatever is asked stands in asked/ once, and each rule it names is there.
func TestAsked(t *testing.T) {
	all, err := rules.AllAsked()
	if err != nil {
		t.Error(err)
	}
	b, err := os.ReadFile("testdata/asked-ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(b))
	known := map[string]bool{}
	for _, r := range rules.All() {
		known[r.Name] = true
	}
	seen := map[string]string{}
	for _, x := range all {
		if at := seen[x.ID]; at != "" {
			t.Errorf("asked/%s:%d: %s stands in asked/%s too", x.File, x.Line, x.ID, at)
		}
		seen[x.ID] = x.File
		if !slices.Contains(want, x.ID) {
			t.Errorf("asked/%s:%d: %s is none of testdata/asked-ids.txt", x.File, x.Line, x.ID)
		}
		for _, r := range x.Rules {
			if !known[r] {
				t.Errorf("asked/%s:%d: %s: there is no rule %s", x.File, x.Line, x.ID, r)
			}
		}
	}
	for _, id := range want {
		if seen[id] == "" {
			t.Errorf("%s of testdata/asked-ids.txt stands nowhere in asked/", id)
		}
	}
}
