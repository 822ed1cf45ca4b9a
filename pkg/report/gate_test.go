package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/report"
)

// A gate table in JSON has every key in every line, lists are lists, and a check
// that the pathway does not describe still has words.
func TestGateChecks(t *testing.T) {
	got := report.GateChecks([]gate.Line{
		{Check: pathway.Check{ID: "a", Kind: "duty", Words: "Told", Satisfy: "Tell.", Who: "you", Source: "law"}, State: gate.Present, Found: "1 talk", Cites: []string{"c8rt", ""}},
		{Check: pathway.Check{ID: "b"}, State: gate.Missing},
	})
	want := []report.GateCheck{
		{Check: "a", Kind: "duty", State: "present", Words: "Told", Found: "1 talk", Satisfy: "Tell.", Who: "you", Source: "law", Cites: []string{"c8rt"}},
		{Check: "b", State: "missing", Words: "b", Cites: []string{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !got[0].Met() || got[1].Met() {
		t.Error("met is told otherwise than by the gate")
	}
}
