package casework

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

const laidOut = `format: learner/v1   # by hand
learner: bk7m2xqt
# before the stage
stage: initial-concerns # beside the stage
joined: 2021-09-06

team: {responsible_teacher: sato}
sen_provision:   # oldest first
  - {from: 2021-09-06, code: "N"} # from the start
# between
NEEDS
# before the end
disability: {recorded: false}
`

// Whatever is moved, needs are ranked from 1 without a gap, the main one first;
// codes ascend; and every line that a person wrote and no move is about stays.
func TestMovesLeaveLearnerYAMLInOrder(t *testing.T) {
	needs := []string{
		"", "needs: []",
		"needs:\n  # the one need\n  - rank: 1\n    type: SLCN # as assessed\n    from: 2025-01-10\n    words: following long sentences",
		"needs: # ranked\n  - {rank: 3, type: HI, from: 2025-01-10}\n  - {rank: 1, type: SLCN, from: 2025-01-10}\n  - {rank: 2, type: VI, from: 2025-01-10, until: 2025-03-01}",
	}
	rapid.Check(t, func(t *rapid.T) {
		src := strings.Replace(laidOut, "NEEDS", rapid.SampledFrom(needs).Draw(t, "needs"), 1)
		f, findings, err := recordfile.Read[learner.Learner]("learners/bk7m2xqt/learner.yaml", recordfile.Learner, []byte(src))
		if err != nil || diag.Worst(findings) == diag.Error {
			t.Fatalf("%v %+v", err, findings)
		}
		day := date.MustParse("2025-11-01")
		for range rapid.IntRange(1, 6).Draw(t, "moves") {
			day = day.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
			p := &Advancing{Case: Case{Record: &folder.Record{Learner: f}}}
			p.To.ID = rapid.SampledFrom([]string{"universal", "passport", "left"}).Draw(t, "to")
			s := Step{Date: day, SENProvision: rapid.SampledFrom([]string{"N", "K", "E"}).Draw(t, "code")}
			if s.SENProvision != "N" {
				s.MainNeed = rapid.SampledFrom([]string{"SLCN", "SPLD", "VI", "HI"}).Draw(t, "main")
				s.NeedWords = learner.Words(rapid.SampledFrom([]string{"", "hard, and: far"}).Draw(t, "words"))
			}
			was := p.code(day)
			if f, err = f.Edited(recordfile.Learner, p.edits(s)...); err != nil {
				t.Fatal(err)
			}
			p.Record.Learner = f
			is := f.Value
			if is.Stage != p.To.ID || p.code(day) != s.SENProvision {
				t.Fatalf("at %s with code %s", is.Stage, p.code(day))
			}
			if s.MainNeed != "" && p.mainNeed(day) != s.MainNeed {
				t.Fatalf("the main need is %q, not %q:\n%s", p.mainNeed(day), s.MainNeed, f.Doc.Bytes())
			}
			var ranks []string
			for _, n := range is.Needs {
				ranks = append(ranks, string(n.Rank))
				if s.SENProvision == "N" && was != "N" && holds(n, day) && !n.From.After(day) {
					t.Fatalf("a need holds on without SEN support:\n%s", f.Doc.Bytes())
				}
			}
			slices.Sort(ranks)
			for i, r := range ranks {
				if r != string(learner.Count(i+1)) {
					t.Fatalf("ranked %q:\n%s", ranks, f.Doc.Bytes())
				}
			}
			if !slices.IsSortedFunc(is.SENProvision, func(a, b learner.ProvisionCode) int { return a.From.Compare(b.From) }) {
				t.Fatalf("codes out of order:\n%s", f.Doc.Bytes())
			}
		}
		text := string(f.Doc.Bytes())
		for line := range strings.Lines(src) {
			if _, comment, ok := strings.Cut(line, "#"); ok && !strings.Contains(text, "#"+comment) {
				t.Fatalf("lost %q:\n%s", comment, text)
			}
		}
		if at := strings.Index(text, "\nteam: {responsible_teacher: sato}\nsen_provision:   # oldest first\n"); at < 0 || !strings.HasPrefix(text, "format: learner/v1   # by hand\n") {
			t.Fatalf("laid out otherwise:\n%s", text)
		}
	})
}
