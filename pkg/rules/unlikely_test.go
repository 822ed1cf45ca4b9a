package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestUnlikely: a date, figure, sum or code that is well written and hardly meant is told
// once; and what is near it and may well be meant is not told.
func TestUnlikely(t *testing.T) {
	codes := func(text string) rules.Block { return put("learner", "sen_provision", text) }
	const upToK = "- {from: 2021-09-06, code: \"N\"}\n- {from: 2026-02-12, code: K}\n"
	draft := func(rest string) rules.Block {
		return rules.Block{File: "requests/2026-11-16-star-h3k4.yaml", Text: "format: request/v1\nlearner: jv6fpqgg\nid: h3k4\nkind: star\nasked_by: eyre\nopened: 2026-11-16\n" + rest}
	}
	corrects := func(path, was, is string) rules.Block {
		return rules.Block{File: "corrections/2026-11-10-c4rr.yaml", Text: "format: correction/v1\nlearner: jv6fpqgg\nid: c4rr\ndate: 2026-11-10\ncorrects: xdzd\npath: " + path + "\nwas: " + was + "\nis: " + is + "\nbecause: it was mistyped\nby: grimes\n"}
	}
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"a plan that nothing shows", []rules.Block{codes(upToK + "- {from: 2026-11-02, code: E}")}, []string{"plan-unrecorded sen_provision[2]"}},
		{"the main need twice", []rules.Block{put("learner", "needs", "- {rank: 1, type: SPLD, from: 2026-02-12}\n- {rank: 1, type: SPLD, from: 2026-02-12}")}, []string{"need-twice needs[1].type"}},
		{"a need that ends before it begins", []rules.Block{put("learner", "needs[0].until", "2026-01-01")}, []string{"dates-in-order needs[0].until"}},
		{"a code from before birth", []rules.Block{codes("- {from: 2012-09-06, code: \"N\"}\n- {from: 2026-02-12, code: K}")}, []string{"dates-in-order sen_provision[0].from"}},
		{"a code from before joining", []rules.Block{codes("- {from: 2020-09-06, code: \"N\"}\n- {from: 2026-02-12, code: K}")}, []string{"date-unlikely sen_provision[0].from"}},
		{"and brought along", []rules.Block{codes("- {from: 2020-09-06, code: \"N\"}\n- {from: 2026-02-12, code: K}"), put("learner", "from_setting", "Alder First School")}, nil},
		{"a year without a code", []rules.Block{codes("- {from: 2022-09-06, code: \"N\"}\n- {from: 2026-02-12, code: K}")}, []string{"date-unlikely sen_provision[0].from"}},
		{"on roll before joining", []rules.Block{put("learner", "enrolment", "[{from: 2019-09-06, status: C}]")}, []string{"date-unlikely enrolment[0].from"}},
		{"an outcome from before joining", []rules.Block{put("learner", "outcomes[0].by", "2018-07-20")}, []string{"date-unlikely outcomes[0].by"}},
		{"no outcome ahead of the plan", []rules.Block{put("learner", "outcomes[0].by", "2024-07-20")}, []string{"date-unlikely outcomes[0].by"}},
		{"nor that, beside a consent for ever", []rules.Block{put("learner", "outcomes[0].by", "2024-07-20"), put("learner", "consents[0].until", "2099-07-20")}, []string{"date-unlikely outcomes[0].by", "date-unlikely consents[0].until"}},
		{"a talk a year too early", []rules.Block{put("contacts", "contacts[6].date", "2025-10-21")}, []string{"date-unlikely contacts[6].date"}},
		{"a talk logged months late", []rules.Block{put("contacts", "contacts[6].date", "2026-02-21")}, nil},
		{"a target long after its review", []rules.Block{put("cycle", "plan.targets[0].due", "2027-06-16")}, []string{"date-unlikely plan.targets[0].due"}},
		{"a target days after its review", []rules.Block{put("cycle", "plan.targets[0].due", "2026-12-18")}, nil},
		{"top-up wiped once it ended", []rules.Block{take("kai", "top_up")}, []string{"grant-top-up stage"}},
		{"a rate without its point", []rules.Block{put("setting", "rates[2].hourly", "3900")}, []string{"figure-unlikely rates[2].hourly"}},
		{"years to keep that lost a figure", []rules.Block{put("setting", "policies.retention_years_from_birth", "3")}, []string{"figure-unlikely policies.retention_years_from_birth"}},
		{"and the other one", []rules.Block{put("setting", "policies.retention_years_from_birth", "13")}, []string{"figure-unlikely policies.retention_years_from_birth"}},
		{"few years to keep, and meant", []rules.Block{put("setting", "policies.retention_years_from_birth", "21")}, nil},
		{"a waiver by nobody", []rules.Block{put("learner", "waivers", "- {rule: advice-not-shared, by: nobody, from: 2026-11-02, until: 2027-02-12, because: \"We talked.\"}")}, []string{"waiver-unknown waivers[0].by"}},
		{"the setting's waiver by nobody", []rules.Block{put("setting", "waivers", "- {rule: advice-not-shared, by: nobody, from: 2026-11-02, until: 2027-02-12, because: \"We talked.\"}")}, []string{"waiver-unknown waivers[0].by"}},
		{"a passport with nothing in it", []rules.Block{take("passport", "help_me_by"), take("passport", "know"), take("passport", "hard_when"), take("passport", "help_myself_by")}, []string{"document-missing version"}},
		{"a passport without help", []rules.Block{take("passport", "help_me_by")}, []string{"document-missing version"}},
		{"a draft without help yet", []rules.Block{take("passport", "help_me_by"), take("passport", "agreed"), put("passport", "version", "3")}, nil},
		{"a passport that asks for help alone", []rules.Block{take("passport", "know"), take("passport", "hard_when"), take("passport", "help_myself_by")}, nil},
		{"a profile without support", []rules.Block{take("profile", "support")}, []string{"document-missing version"}},
		{"a passport put off for years", []rules.Block{put("passport", "review_on", "2029-12-16")}, []string{"document-stale review_on"}},
		{"a passport for the school year", []rules.Block{put("passport", "review_on", "2027-09-08")}, nil},
		{"a cohort that lost its order", []rules.Block{put("learner", "cohort", "\"2201\"")}, []string{"year-out-of-age cohort"}},
		{"in care, and with nobody of the authority", []rules.Block{put("kai", "characteristics.cared_for", "true")}, []string{"cared-for-alone characteristics.cared_for"}},
		{"in care, and the log tells of the virtual school", []rules.Block{put("kai", "characteristics.cared_for", "true"), put("/learners/kk4wfw4j/contacts.yaml", "contacts[6].told", "what the virtual school will pay for")}, nil},
		{"a need to be confirmed", []rules.Block{put("learner", "needs[0].words", "TBC")}, []string{"placeholder needs[0].words"}},
		{"advice to be confirmed", []rules.Block{put("advice", "recommendations[0]", "{id: r1, words: tbc, action: in the plan of November}")}, []string{"placeholder recommendations[0].words"}},
		{"support in no role", []rules.Block{take("cycle", "plan.provision[0].role")}, []string{"provision-rate-missing plan.provision[0]"}},
		{"support in no role, from elsewhere", []rules.Block{take("cycle", "plan.provision[4].role")}, nil},
		{"support at the rate of another", []rules.Block{put("cycle", "plan.provision[0].role", "teacher")}, []string{"provision-rate-missing plan.provision[0].role"}},
		{"a role mistyped", []rules.Block{put("/people.yaml", "people[4].role", "teching-assistant")}, []string{"provision-rate-missing people[4].role"}},
		{"a role of one's own", []rules.Block{put("/people.yaml", "people[4].role", "forest-school-lead")}, nil},
		{"a password in an address", []rules.Block{put("setting", "remotes", "- {url: \"https://office:hunter2@git.thornelaw.example/r.git\", because: \"Our own server.\"}")}, []string{"remote-unexplained remotes[0]"}},
		{"a name in an address", []rules.Block{put("setting", "remotes", "- {url: \"ssh://git@git.thornelaw.example:2222/r.git\", because: \"Our own server.\"}")}, nil},
		{"a lesson missed, and not which", []rules.Block{take("kai-cycle", "plan.provision[4].lesson_missed")}, []string{"withdrawn-long plan.provision[4].where"}},
		{"a target of one word", []rules.Block{put("cycle", "plan.targets[0].outcome", "will")}, []string{"placeholder plan.targets[0].outcome"}},
		{"a target that does not begin with will", []rules.Block{put("cycle", "plan.targets[0].outcome", "To read 20 of 25 words in new sentences")}, []string{"target-is-provision plan.targets[0].outcome"}},
		{"a target that reads well behind a name", []rules.Block{put("cycle", "plan.targets[0].outcome", "reads 20 of 25 words in new sentences")}, nil},
		{"a target that says another figure", []rules.Block{put("cycle", "plan.targets[0].measure.target", "22")}, []string{"figure-unlikely plan.targets[0].measure.target"}},
		{"a target that says both figures", []rules.Block{put("cycle", "plan.targets[0].outcome", "will read 20 words in new sentences, up from 17 of 25")}, nil},
		{"a target that says how often", []rules.Block{put("cycle", "plan.targets[0].outcome", "will read words with vowel teams in new sentences in 4 of 5 lessons")}, nil},
		{"a call about nothing", []rules.Block{put("contacts", "contacts[4]", "{id: h5mj, date: 2026-05-12, with: [mum], by: eyre, how: call, about: other}")}, []string{"meeting-note contacts[4].how"}},
		{"a letter that brings a paper", []rules.Block{put("contacts", "contacts[4]", "{id: h5mj, date: 2026-05-12, with: [mum], by: eyre, how: letter, about: other, cites: [vnz9]}")}, nil},
		{"a standard score", []rules.Block{put("advice", "scores[0].value", "760")}, []string{"figure-unlikely scores[0].value"}},
		{"a number twice, and no money", []rules.Block{draft("asks: {money: 0, from: 2027-01-05, to: 2027-03-26}\nevidence:\n  - {number: 1, shows: picture-of-need, cites: gxqf}\n  - {number: 1, shows: picture-of-need, cites: xdzd}\n")},
			[]string{"request-sums asks.money", "request-sums evidence[1].number"}},
		{"a sum of other parts", []rules.Block{draft("asks: {money: 500.00, from: 2027-01-05, to: 2027-03-26}\nbasis:\n  - {what: hours, hours: 6, hourly: 95.00, cost: 570.00}\n")}, []string{"request-sums asks.money"}},
		{"a yearly cost of other support", []rules.Block{draft("costs:\n  - {provision: p1, cycle: vnz9, annual: 1.00}\n")}, []string{"request-sums costs[0].annual"}},
		{"a yearly cost of support that was put right", []rules.Block{draft("costs:\n  - {provision: p1, cycle: xdzd, annual: 866.40}\n"), corrects("plan.provision[0].sessions.minutes", "30", "45")}, nil},
		{"a yearly cost where a plan was put right by nonsense", []rules.Block{draft("costs:\n  - {provision: p9, cycle: xdzd, annual: 866.40}\n"), corrects("plan", "30", "none")},
			[]string{"references path", "references costs[0].provision"}},
		{"another pathway", []rules.Block{put("setting", "pathway", "northumbria")}, []string{"pathway pathway"}},
		{"an address that is none", []rules.Block{put("people", "people[5].email", "sato@thornelaw,example")}, []string{"shape people[5].email"}},
		{"a note that finds fault", []rules.Block{put("cycle", "do[0].words", "Lazy today, and attention-seeking.")}, []string{"deficit-language do[0].words"}},
		{"a note of what was said", []rules.Block{put("cycle", "do[0].words", "Dad told us that he is lazy at home.")}, nil},
		{"a note of what was said, and of more", []rules.Block{put("cycle", "do[0].words", "Dad told us that he is lazy at home. He was lazy here too.")}, []string{"deficit-language do[0].words"}},
		{"a note that quotes", []rules.Block{put("cycle", "do[0].words", "'On the wall: \"stupid school\". We spoke of it.'")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, x := range judgeAll(t, resealed(laidOver(t, c.blocks...)), date.MustParse(pageDay)) {
				if x.Rule != "sealed" {
					got = append(got, x.Rule+" "+x.Path)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestWrongToday: on a day of long ago each record is told of once, and not each of its dates.
func TestWrongToday(t *testing.T) {
	n := 0
	for _, x := range judgeAll(t, madeUp(t), date.MustParse("2020-01-01")) {
		if x.Rule == "dates-in-order" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d findings of three records", n)
	}
}
