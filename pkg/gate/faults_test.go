package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

const (
	ours   = "../../schemas/pathways/northumberland.yaml"
	theirs = "../../testdata/pathways/wealdmoor.yaml"
)

func TestOurPathwaysHaveNoFaults(t *testing.T) {
	for _, name := range []string{ours, theirs} {
		for _, f := range gate.Faults(readPathway(t, name)) {
			t.Errorf("%s: %s: %s (%s)", name, f.Path, f.Message, f.Hint)
		}
	}
}

// A check that nothing asks for, or a way of looking that no pathway uses and no
// test names, is one that nobody would miss.
func TestNothingIsThereForNothing(t *testing.T) {
	for _, name := range []string{ours, theirs} {
		p := readPathway(t, name)
		asked := map[string]bool{}
		for _, m := range p.Moves {
			for _, id := range m.Gate {
				asked[id] = true
			}
		}
		for _, q := range p.Requests {
			for _, id := range append(slices.Clone(q.Gate), q.Evidence...) {
				asked[id] = true
			}
		}
		for _, c := range p.Checks {
			if !asked[c.ID] {
				t.Errorf("%s: nothing asks for %s", name, c.ID)
			}
		}
	}
	used := map[string]bool{}
	for _, c := range readPathway(t, ours).Checks {
		used[c.Test] = true
	}
	for _, l := range looks() {
		used[l.test] = true
	}
	for _, name := range gate.Tests() {
		if !used[name] {
			t.Errorf("no pathway uses %s and no test tries it", name)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*pathway.Pathway)
		path   string
		says   string
	}{
		{"a stage misspelt in from", func(p *pathway.Pathway) { p.Moves[2].From = []string{"initial-concern"} }, "moves[2].from[0]", `did you mean "initial-concerns"?`},
		{"a stage that is not there", func(p *pathway.Pathway) { p.Moves[0].To = []string{"elsewhere"} }, "moves[0].to[0]", "not a stage"},
		{"an alias is not an id", func(p *pathway.Pathway) { p.Moves[0].To = []string{"ssp"} }, "moves[0].to[0]", "not a stage"},
		{"a stage that leads to itself", func(p *pathway.Pathway) { p.Moves[0].To = []string{"universal"} }, "moves[0].from[0]", "itself"},
		{"a way named twice", func(p *pathway.Pathway) { p.Moves[1] = p.Moves[0] }, "moves[1].to[0]", "moves[0] already leads"},
		{"a check misspelt in a gate", func(p *pathway.Pathway) { p.Moves[2].Gate[0] = "parent-told" }, "moves[2].gate[0]", `did you mean "parents-told"?`},
		{"a check misspelt in the index", func(p *pathway.Pathway) { p.Requests[1].Evidence[5] = "request-cycle" }, "requests[1].evidence[5]", `did you mean "request-cycles"?`},
		{"and before a request", func(p *pathway.Pathway) { p.Requests[1].Gate[0] = "family-know" }, "requests[1].gate[0]", `did you mean "family-knows"?`},
		{"an unknown test", func(p *pathway.Pathway) { p.Checks[3].Test = "reviewed-cycle" }, "checks[3].test", `did you mean "reviewed-cycles"?`},
		{"an unknown threshold", func(p *pathway.Pathway) { p.Checks[3].Least = "cycles-before-registers" }, "checks[3].least", `did you mean "cycles-before-register"?`},
		{"a threshold without a number", func(p *pathway.Pathway) { p.Thresholds.CyclesBeforeRegister = "" }, "checks[3].least", "no number"},
		{"a code that is not in the list", func(p *pathway.Pathway) { p.Checks[4].Of[0] = "lesser" }, "checks[4].of[0]", "the list progress"},
		{"a part that a test does not know", func(p *pathway.Pathway) { p.Checks[1].Of[0] = "decided-bye" }, "checks[1].of[0]", `did you mean "decided-by"?`},
		{"nothing to look for", func(p *pathway.Pathway) { p.Checks[1].Of = nil }, "checks[1].test", "does not know what to look for"},
		{"something where nothing is looked for", func(p *pathway.Pathway) { p.Checks[2].Of = []string{"rank"} }, "checks[2].of", "not something that this test looks for"},
		{"a heading that is not there", func(p *pathway.Pathway) { p.Checks[0].Head = "declarations" }, "checks[0].head", `did you mean "declaration"?`},
		{"two checks of one name", func(p *pathway.Pathway) { p.Checks[1] = p.Checks[0] }, "checks[1].id", "has this name"},
		{"a clock that begins with nothing", func(p *pathway.Pathway) { p.Requests[1].Clock[0].From[0] = "recieved" }, "requests[1].clock[0].from[0]", `did you mean "received"?`},
		{"a clock that ends with nothing", func(p *pathway.Pathway) { p.Requests[1].Clock[0].Until[0] = "aggreed" }, "requests[1].clock[0].until[0]", `did you mean "agreed"?`},
		{"a result that no request has", func(p *pathway.Pathway) {
			p.Checks[slices.IndexFunc(p.Checks, func(c pathway.Check) bool { return c.ID == "final-plan" })].Of[0] = "plan-issue"
		}, "", `did you mean "plan-issued"?`},
		{"an end that is no result", func(p *pathway.Pathway) { p.Requests[0].Ends[0] = "received" }, "requests[0].ends[0]", "not a result"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := readPathway(t, ours)
			c.change(p)
			for _, f := range gate.Faults(p) {
				if (f.Path == c.path || c.path == "") && strings.Contains(f.Message, c.says) && f.Hint != "" && f.File == "pathway.yaml" && f.Severity.String() == "error" {
					return
				}
			}
			t.Errorf("%+v", gate.Faults(p))
		})
	}
}

// A pathway.yaml of before there were moves and checks has no faults, and every
// move of it is one that wants a reason.
func TestAnOldPathwayStillWorks(t *testing.T) {
	p := readPathway(t, ours)
	p.Moves, p.Checks = nil, nil
	for i := range p.Requests {
		p.Requests[i] = pathway.Request{ID: p.Requests[i].ID, Results: p.Requests[i].Results}
	}
	if faults := gate.Faults(p); len(faults) > 0 {
		t.Errorf("%+v", faults)
	}
	if g := gate.Of(p, "initial-concerns", "passport"); g.Usual || g.Way != "up" || len(g.IDs) > 0 {
		t.Errorf("%+v", g)
	}
	if g := gate.Of(p, "sen-support-plan", "universal"); g.Usual || g.Way != "down" {
		t.Errorf("%+v", g)
	}
}

func TestLeast(t *testing.T) {
	s := newSchool(t)
	s.setting.Policies = learner.Policies{ReviewWithinDays: "5"}
	f, _ := s.open(t)
	for name, want := range map[string]learner.Number{"review-within-days": "5", "cycles-before-register": "2", "weeks-a-year": "38", "element-2-threshold": "6000.00"} {
		if got, ok := gate.Least(f, name); !ok || got != want {
			t.Errorf("%s: %s, %t", name, got, ok)
		}
	}
	if got, ok := gate.Least(f, "cycles_before_register"); ok {
		t.Errorf("an unknown name gave %s", got)
	}
	for _, name := range gate.Thresholds() {
		if _, ok := gate.Least(f, name); !ok {
			t.Errorf("Northumberland gives no number for %s", name)
		}
	}
}
