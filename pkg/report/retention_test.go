package report_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/sendctl/sendctl/pkg/report"
)

// How long a record is kept: years after birth by the longest policy that applies,
// unless only a copy is here; and a hold keeps it whatever its age.
func TestRetention(t *testing.T) {
	const setting = "sendctl.yaml"
	policies := func(lines string) string {
		return "format: setting/v1\nname: Small\npathway: small\nrequire_signatures: false\npolicies:\n" + lines
	}
	born := func(day string) string {
		return strings.Replace(small()[ada+"identity.yaml"], "born: 2017-03-08", "born: "+day, 1)
	}
	all := policies("  retention_years_from_birth: 25\n  retention_years_with_plan: 35\n  retention_years_cared_for: 75\n")
	tests := []struct {
		name, today string
		over        []string
		want        string // state, policy, day, days over
	}{
		{"the day before", "2042-03-07", []string{setting, all}, "later record 2042-03-08 -1"},
		{"the day, of one who is still on roll", "2042-03-08", []string{setting, all}, "unknown record  0"},
		{"the day", "2042-03-08", []string{setting, all, ada + "learner.yaml", aLearner("gone", "")}, "due record 2042-03-08 0"},
		{"born on 29 February, never a day too early", "2041-02-28", []string{setting, all, ada + "identity.yaml", born("2016-02-29")}, "later record 2041-03-01 -1"},
		{"born on 29 February, in a year that has one", "2040-02-29", []string{setting, policies("  retention_years_from_birth: 24\n"), ada + "identity.yaml", born("2016-02-29"), ada + "learner.yaml", aLearner("gone", "")}, "due record 2040-02-29 0"},
		{"there was a plan once", "2042-03-08", []string{setting, all, ada + "learner.yaml", strings.Replace(aLearner("plan", ""), `code: "N"`, `code: "E"`, 1)}, "later plan 2052-03-08 -3653"},
		{"in care", "2042-03-08", []string{setting, all, ada + "learner.yaml", aLearner("plan", "characteristics: {cared_for: true, disadvantaged: false, young_carer: false}\n")}, "later cared-for 2092-03-08 -18263"},
		{"a policy that is shorter changes nothing", "2042-03-08", []string{setting, policies("  retention_years_from_birth: 25\n  retention_years_cared_for: 5\n"),
			ada + "learner.yaml", aLearner("gone", "characteristics: {cared_for: true, disadvantaged: false, young_carer: false}\n")}, "due record 2042-03-08 0"},
		{"no policy", "2042-03-08", nil, "unknown record  0"},
		{"no birth date", "2042-03-08", []string{setting, all, ada + "identity.yaml", strings.Replace(small()[ada+"identity.yaml"], "born: 2017-03-08\n", "", 1)}, "unknown record  0"},
		{"held", "2043-01-01", []string{setting, all, ada + "learner.yaml", aLearner("plan", "holds:\n  - {from: 2026-05-01, by: eyre, because: \"A claim.\"}\n")}, "held record 2042-03-08 299"},
		{"held no longer", "2043-01-01", []string{setting, all, ada + "learner.yaml", aLearner("gone", "holds:\n  - {from: 2026-05-01, until: 2026-06-01, by: eyre, because: \"A claim.\"}\n")}, "due record 2042-03-08 299"},
		{"held, before its day", "2027-01-01", []string{setting, all, ada + "learner.yaml", aLearner("plan", "holds:\n  - {from: 2026-05-01, by: eyre, because: \"A claim.\"}\n")}, "later record 2042-03-08 -5545"},
		{"handed over, without a receipt: it may be the only one", "2027-01-01", []string{setting, all, handoverAt, aHandover}, "later record 2042-03-08 -5545"},
		{"handed over", "2026-06-10", []string{setting, all, handoverAt, aHandover, receiptAt, aReceipt}, "due handed-over 2026-06-09 1"},
		{"handed over, a day early", "2026-06-08", []string{setting, all, handoverAt, aHandover, receiptAt, aReceipt}, "due handed-over 2026-06-09 -1"},
		{"handed over and held", "2026-06-10", []string{setting, all, handoverAt, aHandover, receiptAt, aReceipt,
			ada + "learner.yaml", aLearner("plan", "holds:\n  - {from: 2026-05-01, by: eyre, because: \"A claim.\"}\n")}, "held handed-over 2026-06-09 1"},
		{"handed over, a copy kept", "2026-06-10", []string{setting, all, handoverAt, strings.ReplaceAll(aHandover, "remove_by: 2026-06-09", "because: An appeal."), receiptAt, aReceipt}, "kept handed-over  0"},
		{"come from elsewhere", "2026-06-10", []string{setting, all, handoverAt, aHandover, arrivalAt, anArrival}, "later record 2042-03-08 -5750"},
	}
	for _, tt := range tests {
		f, r := lay(t, tt.over...)
		v := report.RetentionOf(f, r, day(tt.today))
		got := strings.Join([]string{v.State, v.Policy, v.On.String(), strconv.Itoa(v.Overdue)}, " ")
		if got != tt.want {
			t.Errorf("%s: %q, not %q (%s)", tt.name, got, tt.want, v.Why)
		}
		if due := v.State == report.RetentionDue; strings.Contains(v.Do, "sendctl purge") != (due || v.State == report.RetentionKept) {
			t.Errorf("%s: %q, where it is %s", tt.name, v.Do, v.State)
		}
		if strings.Contains(v.Why, "%!") || v.Why == "" {
			t.Errorf("%s: poor words: %q", tt.name, v.Why)
		}
	}
}
