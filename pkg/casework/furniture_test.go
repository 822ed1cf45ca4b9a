package casework

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/schemas"
)

// TestEveryKindIsBound: each path of the record is bound to the schema of its kind, and
// to no other; each kind that a folder holds is bound.
func TestEveryKindIsBound(t *testing.T) {
	glob := func(p string) *regexp.Regexp {
		p = regexp.QuoteMeta(p)
		p = strings.ReplaceAll(strings.ReplaceAll(p, `\*`, `[^/]*`), `\?`, `[^/]`)
		return regexp.MustCompile("(^|/)" + p + "$") // editors look for it below any folder
	}
	const one = "learners/bk7m2xqt/"
	paths := []string{
		"sendctl.yaml", "people.yaml", "pathway.yaml", "keys/2026-10-20-k2m2.yaml", "removals/2026-10-20-k2m3.yaml",
		one + "identity.yaml", one + "learner.yaml", one + "contacts.yaml", one + "passport.yaml", one + "profile.yaml", one + "readings.yaml", one + "people.yaml",
		one + "cycles/2026-11-02-sen-support-plan-vnz9.yaml", one + "cycles/2026-11-02-sen-support-plan-vnz9-late-m2xq.yaml",
		one + "moves/2026-07-07-sen-support-plan-x297.yaml", one + "advice/2026-06-26-xk6z.yaml", one + "corrections/2025-11-24-xmrz.yaml",
		one + "requests/2026-01-12-star-kpqp.yaml", one + "requests/2026-01-12-early-help-kpqp.yaml", one + "requests/2026-01-12-star-kpqp-late-m2xq.yaml",
		one + "requests/2026-01-28-star-kpqp-decision-kjhg.yaml", one + "requests/2026-07-08-star-kpqp-impact-fvq6.yaml", one + "requests/2026-09-17-cosa-g556-letter-r57f.yaml",
		one + "handovers/2026-07-20-h2h2.yaml", one + "handovers/2026-07-22-h2h2-receipt-r3r3.yaml", one + "arrivals/2026-09-01-a4a4.yaml",
	}
	seen := map[recordfile.Kind]bool{}
	for _, p := range paths {
		want, ok := recordfile.KindAt(p)
		if !ok {
			t.Fatalf("%s is of no kind", p)
		}
		seen[want] = true
		var got []recordfile.Kind
		for kind, where := range bound() {
			in := false
			for _, w := range where {
				if not, negated := strings.CutPrefix(w, "!"); negated {
					in = in && !glob(not).MatchString(p)
				} else {
					in = in || glob(w).MatchString(p)
				}
			}
			if in {
				got = append(got, kind)
			}
		}
		if !slices.Equal(got, []recordfile.Kind{want}) {
			t.Errorf("%s is bound to %v, want %s", p, got, want)
		}
	}
	for _, k := range schemas.Kinds() {
		kind := recordfile.Kind(k)
		if inFolder := !slices.Contains([]recordfile.Kind{recordfile.Codes, recordfile.Limits, recordfile.CensusRules, "columns", "words"}, kind); inFolder != seen[kind] || inFolder != (bound()[kind] != nil) {
			t.Errorf("%s: a file of it in the test %v, bound %v", k, seen[kind], bound()[kind])
		}
	}
}

// TestRebound: bindings of an older sendctl are replaced, and what is the setting's own stays.
func TestRebound(t *testing.T) {
	all, err := furniture()
	if err != nil {
		t.Fatal(err)
	}
	var ours []byte
	for _, c := range all {
		if c.Path == editorSettings {
			ours = c.New
		}
	}
	same, err := rebound(ours, ours)
	if err != nil || string(same) != string(ours) {
		t.Errorf("what is up to date is changed: %v", err)
	}
	old := `{"editor.fontSize": 14, "files.insertFinalNewline": false, "yaml.schemas": {
		"./own.json": ["x.yaml"], "./.sendctl/schemas/decision.schema.json": ["learners/*/requests/*-decision.yaml"], "./.sendctl/schemas/gone.schema.json": ["gone.yaml"]}}`
	b, err := rebound([]byte(old), ours)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Size    int                 `json:"editor.fontSize"`
		Newline bool                `json:"files.insertFinalNewline"`
		Bound   map[string][]string `json:"yaml.schemas"`
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Size != 14 || got.Newline || !slices.Equal(got.Bound["./own.json"], []string{"x.yaml"}) {
		t.Errorf("the setting's own was changed: %s", b)
	}
	if len(got.Bound) != len(bound())+1 || !slices.Equal(got.Bound["./.sendctl/schemas/decision.schema.json"], bound()[recordfile.Decision]) {
		t.Errorf("not bound as now: %s", b)
	}
	if again, err := rebound(b, ours); err != nil || string(again) != string(b) {
		t.Errorf("a second time changes it again: %v", err)
	}
	for _, bad := range []string{"// mine\n{}", "[]", `{"yaml.schemas": 3}`, ""} {
		if b, err := rebound([]byte(bad), ours); err == nil || string(b) != bad {
			t.Errorf("%q: %s, %v", bad, b, err)
		}
	}
}
