package linter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
