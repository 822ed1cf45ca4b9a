package rules_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestBeforeJoined: one day of joining that is too late is told once, and neither what
// came from elsewhere nor what was got ready is told at all.
func TestBeforeJoined(t *testing.T) {
	const dir = "learners/jv6fpqgg/"
	file := func(name, text string) rules.Block { return rules.Block{File: "/" + dir + name, Text: text} }
	arrival := file("arrivals/2026-03-02-m3xt.yaml", "format: arrival/v1\nlearner: jv6fpqgg\nid: m3xt\ndate: 2026-03-02\nhandover: p57k\nfrom: {name: Alder School}\nby: eyre\n")
	left := file("moves/2026-02-07-left-k4f7.yaml", "format: move/v1\nlearner: jv6fpqgg\nid: k4f7\ndate: 2026-02-07\nfrom: initial-concerns\nto: left\ndecided_by: eyre\nbecause: The family moves.\nto_setting: Alder High\nnot_told: They told us.\n")
	joined := func(day string) rules.Block { return put("learner", "joined", day) }
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"one review", []rules.Block{joined("2025-12-01")}, []string{"before-joined cycles/2025-09-29-initial-concerns-gxqf.yaml review.date"}},
		{"two reviews", []rules.Block{joined("2026-02-09")}, []string{"before-joined learner.yaml joined"}},
		{"a cycle got ready", []rules.Block{joined("2025-10-06")}, nil},
		{"a cycle far before", []rules.Block{joined("2025-10-06"), put("setting", "limits", "[{id: got-ready-weeks, value: 0}]")}, []string{"before-joined cycles/2025-09-29-initial-concerns-gxqf.yaml opened"}},
		{"done at another setting", []rules.Block{joined("2026-02-09"), put("learner", "from_setting", "Alder First School")}, nil},
		{"moves too, which dates-in-order tells", []rules.Block{joined("2026-03-01")}, []string{"dates-in-order moves/2026-02-12-passport-v4ps.yaml date"}},
		{"it all came from another setting", []rules.Block{joined("2026-03-01"), arrival}, nil},
		{"left, and came back", []rules.Block{joined("2026-02-09"), left}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse(pageDay)) {
				if slices.Contains([]string{"before-joined", "dates-in-order", "joined-ahead"}, x.Rule) {
					got = append(got, x.Rule+" "+x.File[len(dir):]+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
