package rules_test

import (
	"testing"

	"github.com/sendctl/sendctl/pkg/date"
)

// TestWaiverByNumber: who copies a rule's number from a report is told its name.
func TestWaiverByNumber(t *testing.T) {
	for rule, want := range map[string]string{
		"SEN614":       "this is a rule's number; write its name: rule: review-overdue",
		"sen901":       "this is a rule's number; write its name: rule: provision-access-to",
		"sen999":       "sendctl explain lists the rules",
		"review-overd": `did you mean "review-overdue"? sendctl explain lists the rules`,
	} {
		for _, file := range []string{"learner", "setting"} {
			disk := changedSchool(t, [3]string{file, "waivers", "[{rule: " + rule + ", by: eyre, from: 2026-11-02, until: 2026-12-02, because: x}]"})
			hint := ""
			for _, x := range judgeAll(t, disk, date.MustParse(pageDay)) {
				if x.Path == "waivers[0].rule" {
					hint += x.Hint
				}
			}
			if hint != want {
				t.Errorf("%s in %s: %q, want %q", rule, file, hint, want)
			}
		}
	}
}
