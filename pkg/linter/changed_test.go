package linter

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/diag"
)

func TestBearOn(t *testing.T) {
	for name, c := range map[string]struct{ changed, want []string }{
		"nothing":              {nil, []string{}},
		"no file of a record":  {[]string{"README.md", "docs/people.yaml", ".gitattributes"}, []string{}},
		"a record, told once":  {[]string{"learners/jv6fpqgg/learner.yaml", "learners/jv6fpqgg/cycles/2026-01-01-x-a.yaml"}, []string{"learners/jv6fpqgg"}},
		"a lost file":          {[]string{"learners/stray.yaml"}, []string{"learners/stray.yaml"}},
		"the people":           {[]string{"learners/jv6fpqgg/learner.yaml", "people.yaml"}, nil},
		"a key of one of them": {[]string{"keys/sam.yaml"}, nil},
		"seals of the folder":  {[]string{"seals/2026.sshsig"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, BearOn(c.changed)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWithGone: a folder speaks for what lies in it, and a rule that missed a file for it.
func TestWithGone(t *testing.T) {
	miss := func(file, lost string) diag.Finding {
		return diag.Finding{Rule: "references", Severity: diag.Error, File: file, Lost: lost}
	}
	gone := func(file string) diag.Finding {
		return diag.Finding{Rule: "taken-away", Severity: diag.Error, File: file}
	}
	other := diag.Finding{Rule: "upn-form", Severity: diag.Error, File: "learners/a/identity.yaml", Lost: "learners/ab"}
	rest, still := WithGone(
		[]diag.Finding{other, miss("learners/a/moves/m.yaml", "learners/a/contacts.yaml"), miss("learners/b/cycles/c.yaml", "learners/b/seals")},
		[]diag.Finding{gone("learners/a/contacts.yaml"), gone("learners/a/readings.yaml"), gone("learners/b/seals")})
	if diff := cmp.Diff([]diag.Finding{other, miss("learners/a/moves/m.yaml", "learners/a/contacts.yaml")}, rest); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]diag.Finding{gone("learners/a/readings.yaml"), gone("learners/b/seals")}, still); diff != "" {
		t.Error(diff)
	}
}
