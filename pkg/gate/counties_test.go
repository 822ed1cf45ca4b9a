package gate_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// One record under two counties' pathways: stages, ways, gates, words, numbers and
// requests all change, and no line of code does.
func TestAnotherCountyIsOnlyData(t *testing.T) {
	wealdmoor, err := os.ReadFile("../../testdata/pathways/wealdmoor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	record := func(t *testing.T) *school {
		s := newSchool(t)
		s.another("k4f7", "initial-concerns", "2025-10-06", "2025-11-21", "less", "step-up")
		s.talk("c8rt", "2025-11-24", "call", "concern", "mum")
		s.requests = []learner.Request{{Format: "request/v1", Learner: who, ID: "m3xt", Kind: "one-point", AskedBy: "eyre", Opened: day("2025-12-01"), Sent: day("2025-12-02")}}
		return s
	}
	type judged struct {
		Way    string
		Usual  bool
		Lines  map[string]string
		Words  []string
		Limits []string
		Sum    string
	}
	judge := func(t *testing.T, s *school, from, to string) judged {
		f, r := s.open(t)
		for _, x := range f.Findings {
			t.Errorf("%s: %s: %s", x.File, x.Path, x.Message)
		}
		p := &f.Pathway.Value
		g := gate.Of(p, from, to)
		table := gate.Table(f, r, g.IDs, gate.Ask{On: day("2025-12-05"), Move: &learner.Move{DecidedBy: "eyre", Date: day("2025-12-05")}})
		out := judged{Way: g.Way, Usual: g.Usual, Lines: states(table), Words: []string{p.StageWords("initial-concerns"), p.Words(pathway.Progress, "less"), p.RequestWords("one-point")}}
		for _, l := range gate.Lives(f, r) {
			for _, x := range l.Limits() {
				out.Limits = append(out.Limits, string(x.Clock.Words)+" by "+x.Due.String())
			}
		}
		k := gate.Costing(f, r, day("2025-12-05"))
		out.Sum = k.Sum.Pounds() + " of " + k.Threshold.Pounds()
		return out
	}

	here := judge(t, record(t), "initial-concerns", "passport")
	if diff := cmp.Diff(judged{Way: "up", Usual: true, Sum: "481.33 of 6000.00",
		Words: []string{"Initial Concerns", "less than expected", "one-point"},
		Lines: map[string]string{
			"parents-told": "missing: not told yet", "decision-recorded": "present", "main-need": "missing",
			"two-reviewed-cycles": "partial: 1 of 2 reviewed", "progress-less": "present: less than expected",
			"early-discussion": "partial: 1 contact, the last on 24 Nov 2025; no copy given", "universal-teaching": "missing: 0 ways of teaching",
			"other-explanations": "missing", "views-heard": "missing", "co-production-meeting": "missing", "responsible-teacher": "present",
		}}, here); diff != "" {
		t.Errorf("in Northumberland:\n%s", diff)
	}

	s := record(t)
	s.pathway = wealdmoor
	there := judge(t, s, "noticing", "helping-hand")
	if diff := cmp.Diff(judged{Way: "up", Usual: true, Sum: "506.67 of 450.00", // forty weeks there
		Words:  []string{"Noticing", "less than hoped for", "One Point"},
		Lines:  map[string]string{"told": "present: 1 contact, the last on 24 Nov 2025", "tried": "present: 1 reviewed cycle"},
		Limits: []string{"answer the setting by 2025-12-12"},
	}, there); diff != "" {
		t.Errorf("in Wealdmoor:\n%s", diff)
	}
	more := judge(t, s, "helping-hand", "shared-plan")
	if diff := cmp.Diff(map[string]string{"tried": "present: 1 reviewed cycle", "costed": "present: 506.67 pounds a year; the setting meets 450.00 itself", "wise-words": "missing"}, more.Lines); diff != "" {
		t.Error(diff)
	}
	// What Northumberland names, this county does not, and the other way about.
	if g := judge(t, s, "noticing", "shared-plan"); g.Usual || len(g.Lines) != 3 {
		t.Errorf("%+v", g)
	}
}
