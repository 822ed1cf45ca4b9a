package census_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
)

// ctfOf makes the CTF of a learner with these two files.
func ctfOf(t *testing.T, setting, identity, is string) (exchange.CTF, []string) {
	t.Helper()
	const dir = "learners/bcdfghjk/"
	f, err := folder.Open(fstest.MapFS{
		"sendctl.yaml":        {Data: []byte(setting)},
		dir + "identity.yaml": {Data: []byte("format: identity/v1\nlearner: bcdfghjk\n" + identity)},
		dir + "learner.yaml":  {Data: []byte("format: learner/v1\nlearner: bcdfghjk\nstage: passport\n" + is)},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("bcdfghjk")
	if err != nil {
		t.Fatal(err)
	}
	return census.CTFOf(f, r, "25.0", exchange.School{LA: "929", Estab: "4001"}, time.Date(2026, 10, 2, 16, 0, 0, 0, time.UTC))
}

// The whole history goes into a CTF, needs that have ended too; nothing is missing.
func TestCTFOf(t *testing.T) {
	got, missing := ctfOf(t, "format: setting/v1\nname: Thornelaw\nla: \"929\"\nestab: \"0000\"\n",
		"name: Jo\nlegal_name: {given: Joanna, family: Example}\nborn: 2012-05-02\nsex: F\nupn: V929400126001\nformer_upn: T929400126017\nuln: \"1234567899\"\nethnicity: WBRI\n",
		"joined: 2016-09-05\nsen_provision:\n  - {from: 2016-09-05, code: \"N\"}\n  - {from: 2019-01-07, code: K}\nneeds:\n  - {rank: 1, type: ASD, from: 2024-03-01}\n  - {rank: 2, type: SEMH, from: 2019-01-07, until: 2024-02-29}\n")
	want := exchange.CTF{
		Version: "25.0", Recorded: time.Date(2026, 10, 2, 16, 0, 0, 0, time.UTC), Supplier: "sendctl",
		Source: exchange.School{LA: "929", Estab: "0000", Name: "Thornelaw"}, Dest: exchange.School{LA: "929", Estab: "4001"},
		Pupils: []exchange.Pupil{{
			Row: 1, UPN: "V929400126001", FormerUPN: "T929400126017", ULN: "1234567899", Surname: "Example", Forename: "Joanna", Preferred: "Jo",
			Born: date.MustParse("2012-05-02"), Sex: "F", Ethnicity: "WBRI",
			Steps: []exchange.Step{{From: date.MustParse("2016-09-05"), Code: "N"}, {From: date.MustParse("2019-01-07"), Code: "K"}},
			Needs: []exchange.Need{{Rank: 1, Type: "ASD", From: date.MustParse("2024-03-01")}, {Rank: 2, Type: "SEMH", From: date.MustParse("2019-01-07"), Until: date.MustParse("2024-02-29")}},
		}},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateComparable(date.Date{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(missing) > 0 {
		t.Errorf("missing: %q", missing)
	}
}

// What the next school looks for and the record does not hold is named.
func TestCTFMissing(t *testing.T) {
	for _, tt := range []struct {
		identity, is string
		want         []string
	}{
		{"name: Jo\nborn: 2012-05-02\n", "sen_provision:\n  - {from: 2019-01-07, code: K}\n",
			[]string{"this setting's authority or establishment number (la and estab in sendctl.yaml)", "the UPN", "the legal name", "the sex", "any type of need"}},
		{"name: Jo\nborn: 2012-05-02\nsex: F\nupn: V929400126001\nlegal_name: {given: Jo, family: Example}\n", "needs:\n  - {type: ASD}\n",
			[]string{"this setting's authority or establishment number (la and estab in sendctl.yaml)", "any code for SEN provision", "the rank of need number 1", "the first day of need number 1"}},
	} {
		_, missing := ctfOf(t, "format: setting/v1\nname: Thornelaw\nla: \"929\"\n", tt.identity, tt.is)
		if d := cmp.Diff(tt.want, missing); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}
