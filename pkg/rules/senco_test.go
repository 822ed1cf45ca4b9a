package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestSENCoRole: one adult with another role is told once, where it is put right.
func TestSENCoRole(t *testing.T) {
	jude, kai := put("learner", "team.senco", "sato"), put("kai", "team.senco", "sato")
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"one record", []rules.Block{jude}, []string{"senco-role learners/jv6fpqgg/learner.yaml team.senco"}},
		{"two records", []rules.Block{jude, kai}, []string{"senco-role people.yaml people[5].role"}},
		{"a head", []rules.Block{put("learner", "team.senco", "marsh")}, nil},
		{"of another organisation", []rules.Block{put("learner", "team.senco", "ep-osei")}, []string{"senco-role learners/jv6fpqgg/learner.yaml team.senco"}},
		{"nobody at all", []rules.Block{put("learner", "team.senco", "nobody")}, []string{"references learners/jv6fpqgg/learner.yaml team.senco"}},
		{"a college", []rules.Block{jude, put("setting", "phase", "post-16")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse(pageDay)) {
				if x.Rule == "senco-role" || x.Rule == "references" {
					got = append(got, x.Rule+" "+x.File+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
