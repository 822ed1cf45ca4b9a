package rules_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/rules"
)

const minaDir = "/learners/rq62bfzs/"

// laidOver is the made-up school with something laid over it.
func laidOver(t *testing.T, blocks ...rules.Block) fstest.MapFS {
	t.Helper()
	disk := madeUp(t)
	for _, b := range blocks {
		lay(t, disk, b)
	}
	return resealed(disk)
}

// foundOf are the findings of one rule on a day.
func foundOf(t *testing.T, disk fstest.MapFS, rule, day string) []diag.Finding {
	t.Helper()
	return slices.DeleteFunc(judgeAll(t, disk, date.MustParse(day)), func(x diag.Finding) bool { return x.Rule != rule })
}

func put(file, path, text string) rules.Block {
	return rules.Block{File: file, Path: path, Text: text + "\n"}
}
func take(file, path string) rules.Block { return rules.Block{Gone: true, File: file, Path: path} }

// minaNotTold is SEN support from 1 June of which nobody was told.
func minaNotTold() []rules.Block {
	return []rules.Block{
		take(minaDir+"moves/2026-06-01-profile-s545.yaml", "told"), put(minaDir+"moves/2026-06-01-profile-s545.yaml", "not_told", "Later."),
		put(minaDir+"contacts.yaml", "contacts[1].about", "plan"), put(minaDir+"contacts.yaml", "contacts[2].about", "plan"),
	}
}

// TestDays: each rule is silent up to a day and speaks from the next, or the other way.
func TestDays(t *testing.T) {
	jude := "identity"
	tests := []struct {
		name, rule  string
		blocks      []rules.Block
		quiet, loud string
	}{
		{"the tenth school day after 1 June", "parents-not-told", minaNotTold(), "2026-06-15", "2026-06-16"},
		{"without terms, once no holiday could be the reason", "parents-not-told", append(minaNotTold(), take("setting", "terms")), "2026-08-17", "2026-08-18"},
		{"after the terms that are there", "parents-not-told", append(minaNotTold(), put("setting", "terms", "[{id: a, from: 2026-04-13, to: 2026-06-05}]")), "2026-08-17", "2026-08-18"},
		{"a year after it began", "parents-told-late", []rules.Block{put("contacts", "contacts[2].date", "2026-03-06"), put("contacts", "contacts[3].date", "2026-03-06")}, "2027-02-12", "2027-02-11"},
		{"the first third of a year", "parent-meetings", []rules.Block{put(minaDir+"contacts.yaml", "contacts[4].how", "call")}, "2026-09-30", "2026-10-01"},
		{"ten school days over half-term", "meeting-note", []rules.Block{take("contacts", "contacts[6].copy_given")}, "2026-11-11", "2026-11-12"},
		{"a talk a year ago", "meeting-note", []rules.Block{take("contacts", "contacts[6].copy_given")}, "2027-10-21", "2027-10-20"},
		{"a review without the family", "impact-not-shared", []rules.Block{put("reviewed", "review.present", "[learner, sato]"), put("contacts", "contacts[6].about", "other")}, "2026-11-11", "2026-11-12"},
		{"the eighteenth birthday", "parental-responsibility", []rules.Block{put("kai", "family[0].parental_responsibility", "false")}, "2030-05-19", "2030-05-18"},
		{"fourteen days of grace", "review-overdue", []rules.Block{put("cycle", "plan.review_on", "2026-11-06")}, "2026-11-20", "2026-11-21"},
		{"the setting's own grace", "review-overdue", []rules.Block{put("cycle", "plan.review_on", "2026-11-06"), put("setting", "policies.review_within_days", "3")}, "2026-11-09", "2026-11-10"},
		{"twenty school days after a review", "review-not-followed", []rules.Block{take("cycle", "")}, "2026-11-25", "2026-11-26"},
		{"forty school days of a plan", "nothing-noted", []rules.Block{take("kai-cycle", "do")}, "2026-11-16", "2026-11-17"},
		{"the September of Reception", "key-person", []rules.Block{put("people", "people[7].role", "teacher")}, "2027-09-01", "2027-08-31"},
		{"the last Friday in June", "young-person-decides", []rules.Block{put(jude, "born", "2010-01-20")}, "2026-06-26", "2026-06-27"},
		{"the day of the next look", "document-stale", []rules.Block{put("passport", "review_on", "2026-11-20")}, "2026-11-20", "2026-11-21"},
		{"no day, but the pathway's weeks", "document-stale", []rules.Block{take("passport", "review_on")}, "2026-12-15", "2026-12-16"},
		{"a year after it was made, however long the pathway leaves it", "document-stale", []rules.Block{put("pathway", "thresholds.document_weeks", "80"), take("passport", "review_on"), take("/learners/kk4wfw4j/passport.yaml", "review_on"), take("profile", "review_on")}, "2027-09-08", "2027-09-09"},
		{"two weeks of school, and the grace", "provision-run-out", []rules.Block{put("kai-cycle", "plan.provision[4].sessions.weeks", "2")}, "2026-10-12", "2026-10-13"},
		{"once the review is late", "provision-run-out", []rules.Block{put("kai-cycle", "plan.provision[4].sessions.weeks", "2")}, "2026-12-31", "2026-12-30"},
		{"a year after it began", "register-early", []rules.Block{put("setting", "policies.cycles_before_register", "3"), put(minaDir+"learner.yaml", "sen_provision[1].from", "2026-02-12")}, "2027-02-12", "2027-02-11"},
		{"ten school days after it was agreed", "document-unread", []rules.Block{take("readings", "readings[9]")}, "2026-09-23", "2026-09-24"},
	}
	for _, x := range tests {
		t.Run(x.rule+"/"+x.name, func(t *testing.T) {
			disk := laidOver(t, x.blocks...)
			for _, f := range foundOf(t, disk, x.rule, x.quiet) {
				t.Errorf("on %s: %s", x.quiet, inWords(f))
			}
			if len(foundOf(t, disk, x.rule, x.loud)) == 0 {
				t.Errorf("on %s: nothing is found", x.loud)
			}
		})
	}
}

// TestPlaces: where a finding stands, and what of it follows from a choice of the rule.
func TestPlaces(t *testing.T) {
	tests := []struct {
		name, rule string
		blocks     []rules.Block
		want       []string // paths; none where nothing is found
	}{
		{"a move says why not yet", "parents-not-told", minaNotTold(), []string{"not_told"}},
		{"nothing at all about telling is the matter of gate", "parents-not-told", append(minaNotTold(), take(minaDir+"moves/2026-06-01-profile-s545.yaml", "not_told")), nil},
		{"told by a letter alone", "parents-not-told", append(minaNotTold(), put(minaDir+"contacts.yaml", "contacts[2].date", "2026-06-02"), put(minaDir+"contacts.yaml", "contacts[2].about", "register"),
			put(minaDir+"contacts.yaml", "contacts[1].date", "2026-06-02")), nil},
		{"five school days are no delay", "parents-told-late", []rules.Block{put("contacts", "contacts[2].date", "2026-02-27"), put("contacts", "contacts[3].date", "2026-02-27")}, nil},
		{"the tenth school day over half-term", "parents-told-late", []rules.Block{put("contacts", "contacts[2].date", "2026-03-05"), put("contacts", "contacts[3].date", "2026-03-05")}, nil},
		{"the eleventh", "parents-told-late", []rules.Block{put("contacts", "contacts[2].date", "2026-03-06"), put("contacts", "contacts[3].date", "2026-03-06")}, []string{"contacts[2].date"}},
		{"a gate that says it was not so", "register-early", []rules.Block{put("setting", "policies.cycles_before_register", "3"), put("register", "gate[3].met", "false"),
			put(minaDir+"moves/2026-06-01-profile-s545.yaml", "gate[3].met", "false")}, nil},
		{"cycles without a word on teaching", "register-early", []rules.Block{take("concern", "plan.universal"), take("cycles/2025-11-28-initial-concerns-nrdv.yaml", "plan.universal")}, []string{"sen_provision"}},
		{"no talk before SEN support", "early-talk-note", []rules.Block{put("contacts", "contacts[0].about", "other"), put("contacts", "contacts[5].about", "other")}, []string{"sen_provision"}},
		{"a talk without a note", "early-talk-note", []rules.Block{take("contacts", "contacts[0].copy_given"), take("contacts", "contacts[5].copy_given")}, []string{"contacts[0].about"}},
		{"nobody wrote that there was none before", "support-undecided", []rules.Block{take("register", ""), take("move", ""), take("learner", "sen_provision[0]")}, []string{"sen_provision[0].code"}},
		{"came with support", "support-undecided", []rules.Block{take("register", ""), take("move", ""), take("learner", "sen_provision[0]"), put("learner", "joined", "2026-02-12")}, nil},
		{"a young person whose parents agreed", "plan-not-agreed", []rules.Block{put("identity", "born", "2010-01-20"), put("cycle", "plan.agreed_with", "[mum, sato]")}, []string{"plan.agreed_with"}},
		{"fourteen weeks", "review-gap", []rules.Block{put("cycle", "plan.review_on", "2027-02-08")}, nil},
		{"a day more", "review-gap", []rules.Block{put("cycle", "plan.review_on", "2027-02-09")}, []string{"plan.review_on"}},
		{"counted from the first support", "review-gap", []rules.Block{put("cycle", "plan.review_on", "2027-02-09"), put("cycle", "plan.starts", "2026-11-03")}, nil},
		{"six weeks from noticing", "slow-start", []rules.Block{put("cycle", "assess.noticed", "2026-09-21")}, nil},
		{"and a day", "slow-start", []rules.Block{put("cycle", "assess.noticed", "2026-09-20")}, []string{"assess.noticed"}},
		{"a target of no need among two", "target-need", []rules.Block{put("learner", "needs", "[{rank: 1, type: SPLD, from: 2026-02-12}, {rank: 2, type: SLCN, from: 2026-02-12}]"), take("cycle", "plan.targets[1].need")}, []string{"plan.targets[1]"}},
		{"a target of no need where there is one", "target-need", []rules.Block{take("cycle", "plan.targets[1].need")}, nil},
		{"a need that ended before the plan", "target-need", []rules.Block{put("learner", "needs", "[{rank: 1, type: SPLD, from: 2026-02-12, until: 2026-11-01}, {rank: 2, type: SLCN, from: 2026-11-02}]")}, []string{"plan.targets[0].need", "plan.targets[1].need"}},
		{"a reason is an answer", "learner-not-heard", []rules.Block{put("cycle", "assess.learner_says", "[{not_sought: He was in hospital; we ask on Monday.}]")}, nil},
		{"an empty entry is none", "learner-not-heard", []rules.Block{put("cycle", "assess.learner_says", "[{date: 2026-11-02}]")}, []string{"assess.learner_says"}},
		{"one of two parents", "parents-not-heard", []rules.Block{put("cycle", "assess.parents_say", "[{who: dad, words: He reads to me.}]")}, nil},
		{"without assess there is one fault", "learner-not-heard", []rules.Block{take("cycle", "assess")}, nil},
		{"both in one review", "review-unheard", []rules.Block{take("reviewed", "review.learner_says"), take("reviewed", "review.parents_say")}, []string{"review.date", "review.present"}},
		{"an older review is past", "review-unheard", []rules.Block{take("concern", "review.learner_says")}, nil},
		{"a plan by the family alone", "plan-not-agreed", []rules.Block{put("cycle", "plan.agreed_with", "[learner, mum]")}, []string{"plan.agreed_with"}},
		{"a first plan without the SENCo", "plan-not-agreed", []rules.Block{take("reviewed", "")}, []string{"plan.agreed_with"}},
		{"teaching is what a passport gives", "plan-without-provision", []rules.Block{take("cycle", "plan.provision"), take("cycle", "do"), put("cycle", "stage", "passport")}, nil},
		{"a draft is still being made", "document-alone", []rules.Block{take("passport", "agreed"), put("passport", "with", "[sato]")}, nil},
		{"a need met by another organisation", "responsible-teacher", []rules.Block{put("learner", "team.responsible_teacher", "hint-wade")}, []string{"team.responsible_teacher"}},
		{"a review without a word on one provision", "provision-without-impact", []rules.Block{take("reviewed", "review.provision[4]")}, []string{"plan.provision[4].id"}},
	}
	for _, x := range tests {
		t.Run(x.rule+"/"+x.name, func(t *testing.T) {
			var got []string
			for _, f := range foundOf(t, laidOver(t, x.blocks...), x.rule, pageDay) {
				got = append(got, f.Path)
			}
			if slices.Sort(got); !slices.Equal(got, x.want) {
				t.Errorf("found at %q, want %q", got, x.want)
			}
		})
	}
}

// TestCorrectedImpact: what a correction put in is not missed.
func TestCorrectedImpact(t *testing.T) {
	disk := laidOver(t, take("reviewed", "review.provision[1].impact"), rules.Block{File: "corrections/2026-11-05-c5c5.yaml", Text: `format: correction/v1
learner: jv6fpqgg
id: c5c5
date: 2026-11-05
corrects: xdzd
path: review.provision[1].impact
is: some
because: It was left out.
by: sato
`})
	for _, f := range foundOf(t, disk, "provision-without-impact", pageDay) {
		t.Error(inWords(f))
	}
}

// TestUnreadable: while a file cannot be read that may show it, nothing is missed.
func TestUnreadable(t *testing.T) {
	for _, name := range []string{"contacts.yaml", "moves/2026-06-01-profile-s545.yaml", "profile.yaml", "cycles/2026-09-21-profile-jffm.yaml", "readings.yaml"} {
		disk := laidOver(t)
		disk[strings.TrimPrefix(minaDir, "/")+name] = &fstest.MapFile{Data: []byte("format: [\n")}
		groups := map[string]bool{"register": true, "cycle": true, "voice": true}
		for _, f := range judgeAll(t, disk, date.MustParse(pageDay)) {
			for _, r := range rules.All() {
				if r.Name == f.Rule && groups[r.Group().Name] {
					t.Errorf("with %s unreadable: %s", name, inWords(f))
				}
			}
		}
	}
}
