package rules_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/rules"
)

// TestOneSlip: one slip of a hand is told once, where it was made, and by no rule that
// only follows from it.
func TestOneSlip(t *testing.T) {
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   []string
	}{
		{"nothing", nil, nil},
		{"two talks under one id", []rules.Block{put(minaDir+"contacts.yaml", "contacts[4].id", "jrqq")}, []string{"references contacts[4].id"}},
		{"a cycle left out", []rules.Block{put("cycle", "previous", "b8t8")}, []string{"references previous"}},
		{"more attended than given", []rules.Block{put("cycle", "do[0].attended", "12")}, []string{"references do[0].attended"}},
		{"a figure beyond what it is out of", []rules.Block{put("cycle", "do[0].value", "99")}, []string{"references do[0].value"}},
		{"an aim beyond what it is out of", []rules.Block{put("cycle", "plan.targets[0].measure.target", "40")}, []string{"references plan.targets[0].measure.target"}},
		{"codes out of order", []rules.Block{put("learner", "sen_provision", "- {from: 2026-02-12, code: K}\n- {from: 2021-09-06, code: \"N\"}")}, []string{"dates-in-order sen_provision[1]"}},
		{"a type of need that there is not", []rules.Block{put("learner", "needs[0].type", "ADHD")}, []string{"shape needs[0].type"}},
		{"a type of need of once", []rules.Block{put("learner", "needs[0].type", "BESD")}, []string{"code-withdrawn needs[0].type"}},
		{"no passport", []rules.Block{take("passport", "")}, []string{"sealed "}},
		{"a term that ends before it begins", []rules.Block{put("setting", "terms[6].to", "2026-08-18")}, []string{"dates-in-order terms[6].to"}},
		{"two terms at once", []rules.Block{put("setting", "terms[6].from", "2026-07-03")}, []string{"dates-in-order terms[6].from"}},
		{"half-term in another term", []rules.Block{put("setting", "terms[6].half_term", "[2025-10-25, 2025-11-02]")}, []string{"dates-in-order terms[6].half_term"}},
		{"one address for two adults", []rules.Block{put("/people.yaml", "people[5].email", "Bell@thornelaw.example")}, []string{"references people[8].email"}},
		{"a key that a rule wants, misspelt", []rules.Block{take("cycle", "plan.provision[0].lesson_missed"), put("cycle", "plan.provision[0].lesson_mised", "none")}, []string{"unknown-key plan.provision[0].lesson_mised"}},
		{"the SENCo's role misspelt", []rules.Block{put("/people.yaml", "people[0].role", "sencco")}, []string{"provision-rate-missing people[0].role"}},
		{"the pathway gone", []rules.Block{take("/pathway.yaml", "")}, []string{"file "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, x := range judgeAll(t, laidOver(t, c.blocks...), date.MustParse("2026-11-22")) {
				got = append(got, x.Rule+" "+x.Path)
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestLookedBack: a record may be made years after SEN support began. Nobody is asked for
// a move, for meetings or for a review that stand in the papers from before.
func TestLookedBack(t *testing.T) {
	const (
		older = "stage: sen-support-plan\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: \"N\"}, {from: 2024-09-10, code: K}]\nneeds: [{rank: 1, type: SPLD, from: 2024-09-10}]\nfamily: [{id: mum, relation: mother, parental_responsibility: true}]\n"
		talk  = "contacts:\n  - {id: c8rb, date: 2026-09-10, with: [mum], by: eyre, how: letter, about: other, told: \"how the term begins\"}\n"
		then  = "contacts:\n  - {id: c8rb, date: 2024-09-12, with: [mum], by: eyre, how: meeting, about: register, told: \"that support begins\", agreed: [\"a plan\"], copy_given: true}\n"
	)
	plan := with(with(older, "code: K", "code: E"), "stage: sen-support-plan", "stage: ehc-plan")
	log := func(text string) string { return "format: contacts/v1\nlearner: " + learnerNo(0) + "\n" + text }
	for _, c := range []struct {
		name, learner, contacts, rule, day string
		want                               []string
	}{
		{"nothing but the front sheet", older, "", "support-undecided", "2026-09-20", nil},
		{"a talk since", older, talk, "support-undecided", "2026-09-20", nil},
		{"told of it then", older, then, "parents-not-told", "2026-09-20", nil},
		{"not said whether they were told", older, talk, "parents-not-told", "2026-09-20", []string{"advice sen_provision[1].code"}},
		{"no meeting in the first weeks", older, talk, "parent-meetings", "2026-09-20", nil},
		{"no meeting in the first half year", older, talk, "parent-meetings", "2027-02-20", []string{"warning sen_provision[1].from"}},
		{"a home visit is a meeting", older, with(talk, "how: letter", "how: home-visit"), "parent-meetings", "2027-02-20", nil},
		{"an EHC plan of which no review is known", plan, talk, "annual-review-overdue", "2026-09-20", []string{"warning sen_provision[1]"}},
		{"its last review, as a talk of then", plan, with(with(talk, "about: other", "about: review"), "2026-09-10", "2026-03-10"), "annual-review-overdue", "2026-09-20", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := alone(t, "phase: primary\n", [2]string{sheetOf + "family: [{id: mum, name: Ash Example}]\n", c.learner})
			if c.contacts != "" {
				disk["learners/"+learnerNo(0)+"/contacts.yaml"] = &fstest.MapFile{Data: []byte(log(c.contacts))}
			}
			if diff := cmp.Diff(c.want, by(t, disk, c.day, c.rule)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestOutOfReach: a family who could not be asked, with the reason, is not said to have
// been left out.
func TestOutOfReach(t *testing.T) {
	alone := []rules.Block{put("cycle", "plan.agreed_with", "[learner, sato]"), put("passport", "with", "[learner, sato]"), put("passport", "agreed", "- {who: learner, date: 2026-09-09}\n- {who: sato, date: 2026-09-09}")}
	why := put("cycle", "assess.parents_say", "- {who: mum, not_sought: \"Called three times, and wrote; no answer yet.\"}")
	for _, c := range []struct {
		name   string
		blocks []rules.Block
		want   int
	}{
		{"asked, and did not agree", alone, 1},
		{"could not be asked", append(slices.Clone(alone), why), 0},
	} {
		for _, rule := range []string{"plan-not-agreed", "document-alone"} {
			if got := foundOf(t, laidOver(t, c.blocks...), rule, "2026-11-22"); len(got) != c.want {
				t.Errorf("%s, %s: found %d, want %d", c.name, rule, len(got), c.want)
			}
		}
	}
}

// TestCame: a record that came from where the learner left does not say that they left
// here; and until somebody says where they are, that is what is told.
func TestCame(t *testing.T) {
	const went = "format: move/v1\nlearner: %s\nid: k4f7\ndate: 2026-09-10\nfrom: sen-support-plan\nto: left\ndecided_by: eyre\nbecause: The family moves.\nto_setting: Alder High\nnot_told: They told us.\n"
	const came = "format: arrival/v1\nlearner: %s\nid: m3xt\ndate: 2026-09-14\nhandover: p57k\nfrom: {name: Alder School}\nby: eyre\n"
	who := "stage: left\njoined: 2021-09-06\nsen_provision: [{from: 2021-09-06, code: K}]\nneeds: [{rank: 1, type: SPLD, from: 2024-09-10}]\n"
	disk := alone(t, "phase: primary\n", [2]string{sheetOf, who})
	dir := "learners/" + learnerNo(0) + "/"
	disk[dir+"moves/2026-09-10-left-k4f7.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(went, "%s", learnerNo(0)))}
	if got := by(t, disk, "2026-11-22", "handover-missing"); len(got) != 1 {
		t.Errorf("left from here: %q", got)
	}
	if got := by(t, disk, "2026-11-22", "no-plan"); len(got) != 0 {
		t.Errorf("left from here, and still a plan is missed: %q", got)
	}
	disk[dir+"arrivals/2026-09-14-m3xt.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(came, "%s", learnerNo(0)))}
	for rule, want := range map[string]int{"handover-missing": 0, "no-plan": 1, "name-outside": 0} {
		if got := by(t, disk, "2026-11-22", rule); len(got) != want {
			t.Errorf("came here: %s: %q", rule, got)
		}
	}
}

// TestUnsaid: what is told of a file in the wrong place does not tell its name, where
// that is the child's.
func TestUnsaid(t *testing.T) {
	disk := alone(t, "phase: primary\n", [2]string{sheetOf, onRoll})
	disk["learners/"+learnerNo(0)+"/Alder Example report.docx"] = &fstest.MapFile{Data: []byte("x")}
	disk["learners/"+learnerNo(0)+"/cycles/report.docx"] = &fstest.MapFile{Data: []byte("x")}
	var got []string
	for _, x := range judgeAll(t, disk, date.MustParse("2026-11-22")) {
		if x.Rule == "file" {
			got = append(got, x.File)
		}
	}
	if diff := cmp.Diff([]string{"learners/" + learnerNo(0), "learners/" + learnerNo(0) + "/cycles/report.docx"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
