package rules_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/diag"
)

// A stage that no move led to is told, and does not stop anyone; one that is the
// latest cycle's is right, and so is that of the last move.
func TestStageWithoutMove(t *testing.T) {
	found := func(disk fstest.MapFS) (out []diag.Finding) {
		for _, f := range judge(t, disk) {
			if f.Rule == "stage-moves" {
				out = append(out, f)
			}
		}
		return out
	}
	disk := school(t)
	if got := found(disk); got != nil {
		t.Errorf("%+v", got)
	}
	disk[sheet].Data = []byte(strings.Replace(string(disk[sheet].Data), "stage: initial-concerns", "stage: early-support", 1))
	got := found(disk)
	if len(got) != 1 || got[0].Severity != diag.Warning || got[0].File != sheet || got[0].Path != "stage" || got[0].Span.Start.Line == 0 || !strings.Contains(got[0].Message, "nrdv") || got[0].Hint == "" {
		t.Errorf("%+v", got)
	}
	disk[move] = &fstest.MapFile{Data: []byte("format: move/v1\nlearner: jv6fpqgg\nid: m2m2\ndate: 2026-02-12\nfrom: initial-concerns\nto: early-support\npathway: northumberland/1\ndecided_by: eyre\n")}
	if got := found(disk); got != nil {
		t.Errorf("moved: %+v", got)
	}
	delete(disk, move)
	delete(disk, one)
	delete(disk, two)
	if got := found(disk); got != nil {
		t.Errorf("no cycle: %+v", got)
	}
}
