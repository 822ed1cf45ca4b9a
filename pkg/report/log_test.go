package report_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/report"
)

// Whatever was put right is told in the entry of the act that recorded it, with
// both values, and what the entry says is what the record should say.
func TestEventsTellCorrections(t *testing.T) {
	disk := school(t)
	for i, fix := range [][3]string{
		{"review.targets[0].score", "-1", "0"},
		{"review.progress", "less", "expected"},
		{"review.provision[0].delivered", "26", "27"},
		{"plan.review_on", "2025-11-21", "2025-11-28"},
		{"assess.concerns[0].by", "grimes", "bell"},
		{"do[1].words", "Asks to start with the words he knows.", "Asks to end with the words he knows."},
	} {
		id := strings.Repeat(string("bcdfgh"[i]), 4)
		disk[jude+"corrections/2025-11-25-"+id+".yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"format: correction/v1\nlearner: jv6fpqgg\nid: %s\ndate: 2025-11-25\ncorrects: gxqf\npath: %s\nwas: %q\nis: %q\nbecause: Mistyped.\nby: eyre\n", id, fix[0], fix[1], fix[2])}
	}
	f, r := load(t, disk)
	for _, tt := range []struct {
		action string
		want   []string
		lines  int
	}{
		{"create", []string{"from K. Bell", "concern 1, by: it said grimes, and should say bell (M. Eyre, 25 November 2025)."}, 1},
		{"plan", []string{"review by 28 November 2025", "plan, review on: it said 2025-11-21, and should say 2025-11-28 "}, 1},
		{"note", []string{"Put right since: note 2, words: it said Asks to start"}, 1},
		{"review", []string{"score: it said -1, and should say 0 ", "progress: it said less, and should say expected ", "delivered: it said ", "result: it said 7, and should say 9 "}, 7},
	} {
		paths := []string{one}
		switch tt.action {
		case "create":
			paths = append(paths, jude+"identity.yaml", jude+"learner.yaml")
		case "review":
			paths = append(paths, jude+"seals/gxqf-review.seal")
		}
		e := report.EventOf(f, r, report.Commit{Action: tt.action, Paths: paths, Read: func(p string) ([]byte, error) { return fs.ReadFile(disk, p) }})
		all := e.Sentence + "\n" + strings.Join(e.More, "\n")
		for _, w := range tt.want {
			if !strings.Contains(all, w) {
				t.Errorf("%s: no %q in\n%s", tt.action, w, all)
			}
		}
		if n := strings.Count(all, "Put right since: "); n != tt.lines {
			t.Errorf("%s: %d corrections in\n%s", tt.action, n, all)
		}
	}
}
