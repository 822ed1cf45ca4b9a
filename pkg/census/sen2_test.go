package census_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/learner"
)

// asked is a COSA request that was sent on a day; "" is a draft.
func asked(id, on, sent, by string) (string, string) {
	text := "format: request/v1\nlearner: jv6fpqgg\nid: " + id + "\nkind: cosa\nasked_by: " + by + "\nopened: " + on + "\n"
	if sent != "" {
		text += "sent: " + sent + "\n"
	}
	return "requests/" + on + "-cosa-" + id + ".yaml", text
}

func letter(id, of, on, what string) (string, string) {
	return "requests/" + on + "-cosa-" + of + "-letter-" + id + ".yaml",
		"format: letter/v1\nlearner: jv6fpqgg\nid: " + id + "\nrequest: " + of + "\ndate: " + on + "\nwhat: " + what + "\nby: eyre\n"
}

func decided(id, of, on, result string) (string, string) {
	return "requests/" + on + "-cosa-" + of + "-decision-" + id + ".yaml",
		"format: decision/v1\nlearner: jv6fpqgg\nid: " + id + "\nrequest: " + of + "\npanel: " + on + "\nresult: " + result + "\nnotified: " + on + "\n"
}

// files puts names and texts together, as the functions above give them.
func files(base map[string]string, pairs ...func() (string, string)) map[string]string {
	out := maps.Clone(base)
	if out == nil {
		out = map[string]string{}
	}
	for _, p := range pairs {
		name, text := p()
		out[name] = text
	}
	return out
}

func of(name, text string) func() (string, string) {
	return func() (string, string) { return name, text }
}

// items are what is missing, each as "item: the beginning of the message".
func items(x census.SEN2Learner) (out []string) {
	for _, g := range x.Gaps {
		m := []rune(g.Message)
		out = append(out, g.Item+": "+string(m[:min(len(m), 24)]))
	}
	return out
}

func TestSEN2Of(t *testing.T) {
	const on = "2027-01-21"
	front := identity + "ethnicity: WBRI\n"
	k := withCodes("  - {from: 2024-09-03, code: K}\n", "")
	plan := func(more string) string { return withCodes("  - {from: 2026-03-03, code: E}\n", more) }
	base := func(learnerFile string) map[string]string {
		return with("identity.yaml", front, "learner.yaml", learnerFile)
	}
	for _, c := range []struct {
		what  string
		files map[string]string
		asked bool
		want  []string
	}{
		{"neither request nor plan", base(k), false, nil},
		{"a draft", files(base(k), of(asked("b2c3", "2026-12-01", "", "eyre"))), false, nil},
		{"sent after the day", files(base(k), of(asked("b2c3", "2027-01-10", "2027-01-22", "eyre"))), false, nil},
		{"under way", files(base(k), of(asked("b2c3", "2026-12-20", "2027-01-04", "eyre")), of(letter("c4d5", "b2c3", "2027-01-05", "received"))), true, nil},
		{"not known to be received", files(base(k), of(asked("b2c3", "2027-01-03", "2027-01-04", "eyre"))), true,
			[]string{"received date: nothing says when the au"}},
		{"received after the day", files(base(k), of(asked("b2c3", "2027-01-03", "2027-01-04", "eyre")), of(letter("c4d5", "b2c3", "2027-01-22", "received"))), true,
			[]string{"received date: nothing says when the au"}},
		{"nothing heard for six weeks and a day", files(base(k), of(asked("b2c3", "2026-11-30", "2026-12-01", "eyre")), of(letter("c4d5", "b2c3", "2026-12-09", "received"))), true,
			[]string{"outcome of the request: the time limit has passe"}},
		{"nothing heard for six weeks", files(base(k), of(asked("b2c3", "2026-11-30", "2026-12-01", "eyre")), of(letter("c4d5", "b2c3", "2026-12-10", "received"))), true, nil},
		{"two open", files(base(k), of(asked("b2c3", "2026-12-20", "2027-01-04", "eyre")), of(letter("c4d5", "b2c3", "2027-01-05", "received")),
			of(asked("f6g7", "2026-12-21", "2027-01-06", "learner")), of(letter("g7h8", "f6g7", "2027-01-07", "received"))), true,
			[]string{"requests: several requests are ope"}},
		{"one open, one ended", files(base(k), of(asked("b2c3", "2026-12-20", "2027-01-04", "eyre")), of(letter("c4d5", "b2c3", "2027-01-05", "received")),
			of(asked("f6g7", "2025-12-21", "2026-01-06", "learner")), of(letter("g7h8", "f6g7", "2026-01-07", "received")), of(decided("j2k3", "f6g7", "2026-02-07", "declined"))), true, nil},
		{"a plan issued that the code does not have", files(base(k), of(asked("b2c3", "2025-12-20", "2026-01-04", "eyre")), of(letter("c4d5", "b2c3", "2026-01-05", "received")),
			of(decided("j2k3", "b2c3", "2026-02-07", "agreed")), of(decided("m2n3", "b2c3", "2026-05-07", "plan-issued"))), true,
			[]string{"plan: the last decision says t"}},
		{"assessing for more than 20 weeks", files(base(k), of(asked("b2c3", "2025-12-20", "2026-01-04", "eyre")), of(letter("c4d5", "b2c3", "2026-01-05", "received")),
			of(decided("j2k3", "b2c3", "2026-02-07", "agreed"))), true,
			[]string{"outcome of the assessment: the time limit has passe"}},
		{"a plan with all there is", base(plan(needsASD)), true, nil},
		{"a plan begun before the decision", files(base(plan(needsASD)), of(asked("b2c3", "2025-12-20", "2026-01-04", "eyre")), of(letter("c4d5", "b2c3", "2026-01-05", "received")),
			of(decided("m2n3", "b2c3", "2026-05-07", "plan-issued"))), true,
			[]string{"plan start date: SEN provision is E from "}},
		{"a plan without a type", base(plan("")), true, []string{"SEN type: no need is recorded that"}},
		{"a plan with NSA alone", base(plan("needs:\n  - {rank: 1, type: NSA, from: 2025-01-06}\n")), true, []string{"SEN type: the only type of need is"}},
		{"a plan with NSA beside another", base(plan("needs:\n  - {rank: 1, type: ASD, from: 2025-01-06}\n  - {rank: 2, type: NSA, from: 2025-01-06}\n")), true,
			[]string{"SEN type: one of the types of need"}},
		{"a plan with a gap in the ranks", base(plan("needs:\n  - {rank: 1, type: ASD, from: 2025-01-06}\n  - {rank: 3, type: SLCN, from: 2025-01-06}\n")), true,
			[]string{"rank of SEN type: this need is given in pl"}},
		{"no annual review for a year and a day", reviewsOf(front, withCodes("  - {from: 2024-09-03, code: E}\n", needsASD), [3]string{"b2c3", "2026-01-20", "true"}), true,
			[]string{"last annual review: no annual review of the "}},
		{"an annual review a year ago", reviewsOf(front, withCodes("  - {from: 2024-09-03, code: E}\n", needsASD), [3]string{"b2c3", "2026-01-21", "true"}), true, nil},
		{"a review that nobody called annual", reviewsOf(front, withCodes("  - {from: 2024-09-03, code: E}\n", needsASD), [3]string{"b2c3", "2026-06-20", ""}), true,
			[]string{"last annual review: no review of the twelve "}},
		{"the school's own review", reviewsOf(front, withCodes("  - {from: 2024-09-03, code: E}\n", needsASD), [3]string{"b2c3", "2026-06-20", "false"}), true,
			[]string{"last annual review: no annual review of the "}},
		{"nothing of the person", with("identity.yaml", "format: identity/v1\nlearner: jv6fpqgg\nname: Jude\nlegal_name:\n  given: Jude\n  family: Ashworth\nborn: 2017-03-08\n", "learner.yaml", plan(needsASD)), true,
			[]string{"UPN: there is no UPN", "sex: it is not given", "ethnicity: it is not given"}},
		{"a wrong UPN", with("identity.yaml", strings.Replace(front, "C929", "A929", 1), "learner.yaml", plan(needsASD)), true,
			[]string{"UPN: the UPN is not one: the "}},
	} {
		t.Run(c.what, func(t *testing.T) {
			f, r, p := whole(t, c.files, on)
			x, ok := census.SEN2Of(f, r, p, day(t, on))
			if ok != c.asked {
				t.Fatalf("is SEN2 asking about the learner? %t", ok)
			}
			if d := cmp.Diff(c.want, items(x)); d != "" {
				t.Errorf("%s\n%v", d, r.Findings)
			}
			for _, g := range x.Gaps {
				if all := g.Message + g.Hint + g.At; strings.Contains(all, "Jude") || strings.Contains(all, "Ashworth") || strings.Contains(all, "000021114") {
					t.Errorf("a value of the record is told: %+v", g)
				}
				if g.File == "" || g.Hint == "" {
					t.Errorf("no place, or nothing to do: %+v", g)
				}
			}
		})
	}
}

func reviewsOf(front, learnerFile string, list ...[3]string) map[string]string {
	out := reviews(learnerFile, list...)
	out["identity.yaml"] = front
	return out
}

func TestSEN2Tables(t *testing.T) {
	const on = "2027-01-21"
	f, r, p := whole(t, files(with("identity.yaml", identity, "learner.yaml", withCodes("  - {from: 2026-06-01, code: E}\n", needsASD)),
		of(asked("b2c3", "2025-12-20", "2026-01-04", "learner")), of(letter("c4d5", "b2c3", "2026-01-05", "received")),
		of(decided("j2k3", "b2c3", "2026-02-07", "agreed")), of(decided("m2n3", "b2c3", "2026-05-07", "plan-issued"))), on)
	x, ok := census.SEN2Of(f, r, p, day(t, on))
	if !ok {
		t.Fatal("SEN2 does not ask about a learner with a plan")
	}
	s := census.SEN2{Day: day(t, on), Learners: []census.SEN2Learner{x}, Away: 2}
	s.Finish(map[string]int{p.UPN: 2})
	tables := s.Tables(learner.Setting{Name: "Thornelaw Academy", URN: "000000"})
	got := map[string][][]string{}
	for _, tb := range tables {
		got[tb.Name] = rows(tb)
	}
	if d := cmp.Diff(map[string][][]string{
		"Learners": {{"jv6fpqgg", "Ashworth", "Jude", "2017-03-08", "M", "", "C929000021114", "", "2026-06-01", "2026-05-07", "", "ASD", "SLCN", "000000", "false", "false", "2024-09-03", "2"}},
		"Requests": {{"jv6fpqgg", "C929000021114", "b2c3", "learner", "2026-01-04", "2026-01-05", "agreed to assess", "2026-02-07", "a final EHC plan is issued", "2026-05-07", "2026-05-25", "", "false"}},
		"Missing": {
			{"jv6fpqgg", "ethnicity", "it is not given", "sendctl edit jv6fpqgg identity.yaml --set ethnicity=...", "learners/jv6fpqgg/identity.yaml", "ethnicity"},
			{"jv6fpqgg", "UPN", "another learner on roll has the same UPN", "compare both with the school's system", "learners/jv6fpqgg/identity.yaml", "upn"},
		},
	}, got); d != "" {
		t.Error(d)
	}
	for _, tb := range tables {
		if len(tb.Columns) != len(rows(tb)[0]) {
			t.Errorf("%s has %d columns and %d cells", tb.Name, len(tb.Columns), len(rows(tb)[0]))
		}
	}
	notes := strings.Join(tables[0].Notes, "\n")
	for _, want := range []string{"21 January 2027", "plan: 1. Things missing: 2.", "postcode", "plan, 2."} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q:\n%s", want, notes)
		}
	}
}
