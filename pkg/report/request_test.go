package report_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/report"
)

// asking is a folder with one learner, whose plan holds the support of the
// secondary journey, and a STAR and a COSA request.
func asking(t *testing.T, more map[string]string) (*folder.Folder, *folder.Record) {
	t.Helper()
	pathway, err := os.ReadFile("../../schemas/pathways/northumberland.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const at = "learners/kk4wfw4j/"
	files := map[string]string{
		"pathway.yaml": string(pathway),
		"sendctl.yaml": "format: setting/v1\nname: Thornelaw Academy\nla: \"929\"\nestab: \"0000\"\nphase: all-through\npathway: northumberland\nrates:\n" +
			"  - {role: teaching-assistant, from: 2025-09-01, hourly: 16.40}\n  - {role: teacher, from: 2025-09-01, hourly: 39.00}\n  - {role: educational-psychologist, from: 2025-09-01, hourly: 95.00}\n",
		"people.yaml":        "format: people/v1\npeople:\n  - {id: whitlow, name: S. Whitlow, role: senco, email: whitlow@thornelaw.example}\n",
		at + "identity.yaml": "format: identity/v1\nlearner: kk4wfw4j\nname: Kai\nborn: 2012-05-19\n",
		at + "learner.yaml":  "format: learner/v1\nlearner: kk4wfw4j\nstage: sen-support-plan\njoined: 2023-09-04\nteam: {responsible_teacher: whitlow}\nsen_provision:\n  - {from: 2025-04-03, code: \"K\"}\nfamily:\n  - {id: gran, relation: grandmother, parental_responsibility: true}\n",
		at + "cycles/2026-09-07-sen-support-plan-k4f7.yaml": plan,
		at + "requests/2026-01-15-star-m3xt.yaml":           star,
		at + "requests/2026-09-10-cosa-w5kt.yaml":           cosa,
	}
	for name, text := range more {
		files[at+name] = text
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	f, err := folder.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("kk4wfw4j")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) > 0 {
		t.Fatalf("%d faults, the first: %s %s %s", len(r.Findings), r.Findings[0].File, r.Findings[0].Path, r.Findings[0].Message)
	}
	return f, r
}

const plan = `format: cycle/v1
learner: kk4wfw4j
id: k4f7
opened: 2026-09-07
stage: sen-support-plan
pathway: northumberland/1
responsible_teacher: whitlow
plan:
  date: 2026-09-07
  targets:
    - id: t1
      outcome: will arrive by 8.50 on 4 days a week
  provision:
    - {id: p1, for: [t1], what: key worker, role: teaching-assistant, ratio: "1:1", sessions: {per_week: 5, minutes: 120}, additional: true}
    - {id: p2, for: [t1], what: ELSA, role: teaching-assistant, ratio: "1:1", sessions: {per_week: 1, minutes: 60}, additional: true}
    - {id: p3, for: [t1], what: SEL group, role: teaching-assistant, ratio: "1:4", sessions: {per_week: 1, minutes: 60}, additional: true}
    - {id: p4, for: [t1], what: meet and greet, role: teaching-assistant, ratio: "1:1", sessions: {per_week: 5, minutes: 10}, additional: true}
    - {id: p5, for: [t1], what: reintegration tuition, role: teacher, ratio: "1:1", sessions: {per_week: 2, minutes: 60}, additional: true}
    - {id: p6, for: [t1], what: EP hours, role: educational-psychologist, hours_a_year: 6, additional: true}
    - {id: p7, for: [t1], what: what everyone gets, role: teacher, sessions: {per_week: 25, minutes: 60}, additional: false}
    - {id: p8, for: [t1], what: something vague, additional: true}
  review_on: 2026-10-23
`

const star = `format: request/v1
learner: kk4wfw4j
id: m3xt
kind: star
asked_by: whitlow
opened: 2026-01-15
sent: 2026-01-15
asks: {money: 2210.00, from: 2026-02-02, to: 2026-07-17}
basis:
  - {what: key worker, hours_a_week: 5, weeks: 20, hourly: 16.40, cost: 1640.00}
  - {what: EP hours, hours: 6, hourly: 95.00, cost: 570.00}
reasons: Support above element 2 is likely to make the difference.
`

const cosa = `format: request/v1
learner: kk4wfw4j
id: w5kt
kind: cosa
asked_by: gran
opened: 2026-09-10
`

const cosaSent = cosa + "sent: 2026-09-16\n"

// What the support costs in a full year, held against element 2; the ordinary offer
// does not count, and what cannot be reckoned is told.
func TestRequestCosts(t *testing.T) {
	f, r := asking(t, nil)
	v := report.RequestsOf(f, r, day("2026-09-16"))[1]
	if v.CostTotal != "11064.33" || v.Element2 != "6000.00" || v.Above != "5064.33" {
		t.Errorf("%s in all, %s above %s", v.CostTotal, v.Above, v.Element2)
	}
	want := []report.RequestCost{
		{What: "key worker", Cycle: "k4f7", Provision: "p1", Annual: "6232.00"}, {What: "ELSA", Cycle: "k4f7", Provision: "p2", Annual: "623.20"},
		{What: "SEL group", Cycle: "k4f7", Provision: "p3", Annual: "155.80"}, {What: "meet and greet", Cycle: "k4f7", Provision: "p4", Annual: "519.33"},
		{What: "reintegration tuition", Cycle: "k4f7", Provision: "p5", Annual: "2964.00"}, {What: "EP hours", Cycle: "k4f7", Provision: "p6", Annual: "570.00"},
	}
	if diff := cmp.Diff(want, v.Costs); diff != "" {
		t.Error(diff)
	}
	if len(v.NotCosted) != 1 || !strings.Contains(v.NotCosted[0], "p8") {
		t.Errorf("%q", v.NotCosted)
	}
}

// The time limits: counted from sending while nothing better is known, then from
// receipt; met, running and overdue.
func TestRequestClock(t *testing.T) {
	const letter = "format: letter/v1\nlearner: kk4wfw4j\nrequest: w5kt\nby: whitlow\n"
	const at = "requests/"
	sent := map[string]string{at + "2026-09-10-cosa-w5kt.yaml": cosaSent}
	got := map[string]string{at + "2026-09-10-cosa-w5kt.yaml": cosaSent, at + "2026-09-17-cosa-w5kt-letter-b2cd.yaml": letter + "id: b2cd\ndate: 2026-09-17\nwhat: received\n"}
	decided := map[string]string{
		at + "2026-10-19-cosa-w5kt-letter-b3cd.yaml":   letter + "id: b3cd\ndate: 2026-10-19\nwhat: advice-asked\n",
		at + "2026-10-14-cosa-w5kt-decision-c3df.yaml": "format: decision/v1\nlearner: kk4wfw4j\nid: c3df\nrequest: w5kt\npanel: 2026-10-14\nresult: agreed\nnotified: 2026-10-19\n",
	}
	for name, text := range got {
		decided[name] = text
	}
	for _, tt := range []struct {
		name, today string
		files       map[string]string
		state       string
		want        []string
	}{
		{"a draft has no limits", "2026-09-15", nil, "draft", nil},
		{"sent", "2026-09-16", sent, "sent, waiting", []string{"decision 2026-10-28 running 42 assumed", "no-plan-notice 2027-01-06 running 112 assumed", "final-plan 2027-02-03 running 140 assumed"}},
		{"received", "2026-09-17", got, "sent, waiting", []string{"decision 2026-10-29 running 42", "no-plan-notice 2027-01-07 running 112", "final-plan 2027-02-04 running 140"}},
		{"overdue", "2026-10-30", got, "sent, waiting", []string{"decision 2026-10-29 overdue -1", "no-plan-notice 2027-01-07 running 69", "final-plan 2027-02-04 running 97"}},
		{"decided", "2026-11-22", decided, "agreed to assess", []string{"decision 2026-10-29 met 32", "setting-advice 2026-11-30 running 8", "no-plan-notice 2027-01-07 running 46", "final-plan 2027-02-04 running 74"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, r := asking(t, tt.files)
			v := report.RequestsOf(f, r, day(tt.today))[1]
			var limits []string
			for _, l := range v.Limits {
				s := l.ID + " " + l.Due.String() + " " + l.State + " " + string(learner.Count(l.Days))
				if l.Assumed {
					s += " assumed"
				}
				limits = append(limits, s)
			}
			if diff := cmp.Diff(tt.want, limits); diff != "" || v.StateWords != tt.state || !v.UnderWay {
				t.Errorf("%s, under way %t\n%s", v.StateWords, v.UnderWay, diff)
			}
		})
	}
}

func TestRequestStates(t *testing.T) {
	const decision = "format: decision/v1\nlearner: kk4wfw4j\nid: c3df\nrequest: m3xt\npanel: 2026-01-28\n"
	const at = "requests/2026-01-28-star-m3xt-decision-c3df.yaml"
	for _, tt := range []struct {
		name, decision, today, words string
		under                        bool
	}{
		{"waiting", "", "2026-01-20", "sent, waiting", true},
		{"granted", "result: agreed\ngrants: {money: 2210.00, from: 2026-02-02, to: 2026-07-17}\n", "2026-07-17", "agreed to 17 July 2026", true},
		{"over", "result: agreed\ngrants: {money: 2210.00, from: 2026-02-02, to: 2026-07-17}\n", "2026-07-18", "agreed, ended on 17 July 2026", false},
		{"refused", "result: declined\nwords: Not yet.\n", "2026-02-01", "not agreed", false},
		{"put off", "result: deferred\n", "2026-02-01", "put off until more is known", true},
		{"a code that nobody knows", "result: perhaps\n", "2026-02-01", "perhaps", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			more := map[string]string{}
			if tt.decision != "" {
				more[at] = decision + tt.decision
			}
			f, r := asking(t, more)
			v := report.RequestsOf(f, r, day(tt.today))[0]
			if v.StateWords != tt.words || v.UnderWay != tt.under {
				t.Errorf("%q, under way %t", v.StateWords, v.UnderWay)
			}
			if v.Asks.Money != "2210.00" || len(v.Basis) != 2 || v.Basis[0].Money != "1640.00" || v.Basis[1].Money != "570.00" {
				t.Errorf("%+v %+v", v.Asks, v.Basis)
			}
		})
	}
}

// An item that the record shows in part stays so when the index holds what shows
// that part; what somebody attached makes it whole.
func TestCitationsByHand(t *testing.T) {
	f, r := asking(t, nil)
	q := r.Requests[1].Value
	state := func() map[string]string {
		out := map[string]string{}
		for _, l := range report.ReadinessOf(f, r, q, day("2026-09-16")) {
			out[l.Check.ID] = string(l.State)
		}
		return out
	}
	before := state()
	if len(before) != 23 {
		t.Fatalf("%d items", len(before))
	}
	for _, l := range report.ReadinessOf(f, r, q, day("2026-09-16")) {
		for _, id := range l.Cites {
			q.Evidence = append(q.Evidence, learner.RequestEvidence{N: learner.Count(len(q.Evidence) + 1), Shows: l.Check.ID, Cites: id})
		}
	}
	after := state()
	delete(before, "numbered-evidence") // which the index itself meets
	delete(after, "numbered-evidence")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the record's own citations changed what is there:\n%s", diff)
	}
	q.Evidence = append(q.Evidence, learner.RequestEvidence{N: "99", Shows: "health", Cites: "sha256:" + strings.Repeat("0", 64), Pages: "2"})
	if got := state()["health"]; got != "present" || before["health"] == "present" {
		t.Errorf("health is %s with a report, %s without", got, before["health"])
	}
	q.Readiness = append(q.Readiness, learner.Readiness{Item: "social-care", State: "not-applicable", Words: "Nobody is involved."})
	if got := state()["social-care"]; got != "not-applicable" {
		t.Errorf("social care is %s", got)
	}
}
