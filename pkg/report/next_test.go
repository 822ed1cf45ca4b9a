package report_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/report"
)

const ada = "learners/bk7m2xqt/"

// small is a folder with one learner, at the stage with cycles, on the register
// since a year and more, in which nothing is owed on 1 June 2026. Each test lays
// its own files over it.
func small() map[string]string {
	return map[string]string{
		"sendctl.yaml": "format: setting/v1\nname: Small\npathway: small\nrequire_signatures: false\npolicies: {parent_meetings_a_year: 2}\n",
		"people.yaml": `format: people/v1
people:
  - {id: eyre, name: M. Eyre, role: senco}
  - {id: sato, name: L. Sato, role: teacher}
  - {id: ep-osei, name: T. Osei, role: educational-psychologist}
`,
		"pathway.yaml": `format: pathway/v1
id: small
version: 1
title: Small
thresholds: {document_weeks: 26}
stages:
  - {id: watch, words: Watching, sen_provision: "N", cycles: false}
  - id: card
    words: Card
    sen_provision: "K"
    cycles: true
    document: passport
    guide:
      help: ["The card club, on Mondays."]
  - id: plan
    words: Plan
    sen_provision: "K"
    cycles: true
    guide:
      enter: The card is not enough.
      help: ["The SENCo."]
  - {id: great-plan, words: Great Plan, sen_provision: "E", cycles: true}
  - {id: gone, words: Gone, cycles: false}
moves:
  - {from: [plan], to: [great-plan], way: up, gate: [letter, talk]}
  - {from: [plan], to: [card], way: down, gate: []}
  - {from: [card], to: [plan], way: up, gate: [letter]}
requests:
  - id: aid
    words: AID
    money: true
    results: [{code: agreed, words: agreed}, {code: declined, words: not agreed}]
    letters: [{code: received, words: the letter has come}, {code: asked, words: advice asked for}, {code: given, words: advice given}]
    gate: [talk]
    evidence: [letter, talk]
    help: ["The panel's helpline."]
    clock:
      - {id: decision, words: decide, from: [received, sent], days: 42, until: [agreed, declined], owes: authority}
      - {id: end, words: "end it all", from: [received, sent], days: 140, until: [agreed, declined], owes: authority}
      - {id: advice, words: send its advice, from: [asked], days: 42, until: [given], owes: setting}
checks:
  - {id: letter, kind: duty, words: a letter was written, satisfy: Write one., who: the SENCo, source: Nowhere, test: confirmed}
  - {id: talk, kind: evidence, words: somebody talked, satisfy: Talk., who: anyone, source: Nowhere, test: confirmed}
lists:
  - id: decisions
    title: Decisions
    terms: [{code: another-cycle, words: another cycle}, {code: step-up, words: more support}, {code: step-down, words: less support}, {code: end, words: the support ends}]
`,
		ada + "identity.yaml": "format: identity/v1\nlearner: bk7m2xqt\nname: Ada\nborn: 2017-03-08\nfamily:\n  - {id: mum, name: \"Ida B.\"}\n",
		ada + "learner.yaml":  aLearner("plan", ""),
		ada + "contacts.yaml": contacts("2025-09-10", "2026-02-10"),
		ada + "cycles/2026-05-04-plan-gxqf.yaml": `format: cycle/v1
learner: bk7m2xqt
id: gxqf
opened: 2026-05-04
stage: plan
responsible_teacher: sato
plan:
  date: 2026-05-04
  review_on: 2026-06-20
`,
	}
}

func aLearner(stage, more string) string {
	return `format: learner/v1
learner: bk7m2xqt
stage: ` + stage + `
joined: 2024-09-02
cohort: "2021"
team: {responsible_teacher: sato, senco: eyre}
family:
  - {id: mum, relation: mother, parental_responsibility: true}
sen_provision:
  - {from: 2024-09-02, code: "N"}
  - {from: 2025-01-06, code: "K"}
` + more
}

// contacts is a log of meetings with mum on those days.
func contacts(days ...string) string {
	s := "format: contacts/v1\nlearner: bk7m2xqt\ncontacts:\n"
	for i, d := range days {
		s += "  - {id: c8r" + string(rune('b'+i)) + ", date: " + d + ", with: [mum], by: eyre, how: meeting, about: review}\n"
	}
	return s
}

const (
	cycleAt = ada + "cycles/2026-05-04-plan-gxqf.yaml"
	moveAt  = ada + "moves/2026-03-02-plan-q2hd.yaml"
	aMove   = "format: move/v1\nlearner: bk7m2xqt\nid: q2hd\ndate: 2026-03-02\nfrom: card\nto: plan\ndecided_by: eyre\nsen_provision: \"K\"\n"
	askAt   = ada + "requests/2026-03-10-aid-m3xt.yaml"
	anAsk   = "format: request/v1\nlearner: bk7m2xqt\nid: m3xt\nkind: aid\nasked_by: eyre\nopened: 2026-03-10\n"
	aSheet  = "format: passport/v1\nlearner: bk7m2xqt\nversion: 1\nmade: 2026-05-01\nwith: [learner]\nknow:\n  - I draw.\n"
)

func sent(day string) string { return anAsk + "sent: " + day + "\n" }

func letter(id, day, what string) (string, string) {
	return ada + "requests/" + day + "-aid-m3xt-letter-" + id + ".yaml",
		"format: letter/v1\nlearner: bk7m2xqt\nid: " + id + "\nrequest: m3xt\ndate: " + day + "\nwhat: " + what + "\nby: eyre\n"
}

func decision(day, result, more string) (string, string) {
	return ada + "requests/" + day + "-aid-m3xt-decision-w3xk.yaml",
		"format: decision/v1\nlearner: bk7m2xqt\nid: w3xk\nrequest: m3xt\npanel: " + day + "\nresult: " + result + "\n" + more
}

// A handover, the receipt for it, and the arrival that it is on the other side.
const (
	handoverAt = ada + "handovers/2026-05-18-h5nd.yaml"
	aHandover  = "format: handover/v1\nlearner: bk7m2xqt\nid: h5nd\ndate: 2026-05-18\nto:\n  name: Otherhay Middle\nremove_by: 2026-06-09\nby: eyre\n"
	receiptAt  = ada + "handovers/2026-05-20-h5nd-receipt-r2cv.yaml"
	aReceipt   = "format: receipt/v1\nlearner: bk7m2xqt\nid: r2cv\nhandover: h5nd\ndate: 2026-05-20\nfrom:\n  name: Otherhay Middle\nparcel: sha256:" + aHash + "\nby: eyre\n"
	arrivalAt  = ada + "arrivals/2026-05-20-v4kw.yaml"
	anArrival  = "format: arrival/v1\nlearner: bk7m2xqt\nid: v4kw\ndate: 2026-05-20\nfrom:\n  name: Thornelaw\nhandover: h5nd\nparcel: sha256:" + aHash + "\npeople: sha256:" + aHash + "\nseals: 12\nby: eyre\n"
	aHash      = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// reviewed is a cycle with a review that decided so.
func reviewed(decision string) string {
	return `format: cycle/v1
learner: bk7m2xqt
id: gxqf
opened: 2026-03-02
stage: plan
responsible_teacher: sato
plan:
  date: 2026-03-02
  review_on: 2026-05-04
review:
  date: 2026-05-04
  present: [learner, mum]
  recorded_by: sato
  progress: less
  decision: ` + decision + "\n"
}

// lay makes a folder of small with changes laid over it; "" takes a file away.
func lay(t *testing.T, over ...string) (*folder.Folder, *folder.Record) {
	t.Helper()
	files := small()
	for i := 0; i < len(over); i += 2 {
		files[over[i]] = over[i+1]
	}
	disk := fstest.MapFS{}
	for p, text := range files {
		if text != "" {
			disk[p] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	f, err := folder.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Load("bk7m2xqt")
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

func pair(p, text string) []string { return []string{p, text} }

// Every kind of thing that can be owed is told, with its day, who and the command,
// and is told no longer once it is done.
func TestOwed(t *testing.T) {
	received, receivedText := letter("h2vc", "2026-03-12", "received")
	asked, askedText := letter("h2vd", "2026-04-20", "asked")
	given, givenText := letter("h2vf", "2026-05-20", "given")
	agreed, agreedText := decision("2026-04-01", "agreed", "grants: {money: 100.00, from: 2026-04-01, to: 2026-07-17}\n")
	declined, declinedText := decision("2026-04-01", "declined", "")
	impact := "format: impact/v1\nlearner: bk7m2xqt\nid: z7tn\nrequest: m3xt\ndate: 2026-05-20\nby: eyre\nverdict: It helped.\n"
	advice := "format: advice/v1\nlearner: bk7m2xqt\nid: t9wc\nby: ep-osei\ndate: 2026-03-25\nrecommendations:\n  - id: r1\n    words: a pen\n"
	tests := []struct {
		name  string
		over  []string
		today string
		want  []string // what, on, when, who, command
	}{
		{"a review to come", nil, "2026-06-01", []string{"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"an overdue review", nil, "2026-06-21", []string{"review 2026-06-20 overdue by 1 day, L. Sato: sendctl review bk7m2xqt"}},
		{"no plan", pair(cycleAt, ""), "2026-06-01", []string{"plan 2024-09-02 waiting 637 days, L. Sato: sendctl plan bk7m2xqt"}},
		{"a concern without a plan", pair(cycleAt, "format: cycle/v1\nlearner: bk7m2xqt\nid: gxqf\nopened: 2026-05-04\nstage: plan\n"), "2026-06-01",
			[]string{"plan 2026-05-04 waiting 28 days, L. Sato: sendctl plan bk7m2xqt"}},
		{"another cycle decided", pair(cycleAt, reviewed("another-cycle")), "2026-06-01", []string{"plan 2026-05-04 waiting 28 days, L. Sato: sendctl plan bk7m2xqt"}},
		{"more support decided", pair(cycleAt, reviewed("step-up")), "2026-06-01", []string{"step 2026-05-04 waiting 28 days, M. Eyre: sendctl advance bk7m2xqt --to aid"}},
		{"less support decided", pair(cycleAt, reviewed("step-down")), "2026-06-01", []string{"step 2026-05-04 waiting 28 days, M. Eyre: sendctl advance bk7m2xqt --to card"}},
		{"the end decided, and no way out is named", append(pair(cycleAt, strings.ReplaceAll(reviewed("end"), "stage: plan", "stage: card")), ada+"learner.yaml", aLearner("great-plan", "")), "2026-06-01",
			[]string{"step 2026-05-04 waiting 28 days, M. Eyre: sendctl advance bk7m2xqt --to STAGE"}},
		{"more support decided and asked for", append(pair(cycleAt, reviewed("step-up")), askAt, strings.ReplaceAll(anAsk, "2026-03-10", "2026-05-06")), "2026-06-01", []string{
			"plan 2026-05-04 waiting 28 days, L. Sato: sendctl plan bk7m2xqt", "sending 2026-05-06 waiting 26 days, M. Eyre: sendctl request bk7m2xqt send"}},
		{"moved on the day of the review", append(pair(cycleAt, strings.ReplaceAll(reviewed("step-up"), "stage: plan", "stage: card")), moveAt, strings.ReplaceAll(aMove, "2026-03-02", "2026-05-04")), "2026-06-01",
			[]string{"plan 2026-05-04 waiting 28 days, L. Sato: sendctl plan bk7m2xqt"}},
		{"nothing where there are no cycles", append(pair(cycleAt, ""), ada+"learner.yaml", aLearner("watch", "")), "2026-06-01", nil},
		{"a stage without its document", pair(ada+"learner.yaml", aLearner("card", "")), "2026-05-01", []string{
			"document 2024-09-02 waiting 606 days, M. Eyre: sendctl passport bk7m2xqt", "review 2026-06-20 due in 50 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a draft", pair(ada+"passport.yaml", aSheet), "2026-06-01", []string{
			"agreement 2026-05-01 waiting 31 days, M. Eyre: sendctl passport bk7m2xqt agree", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a document unread and not as agreed", pair(ada+"passport.yaml", aSheet+"shared_with: [sato]\nreview_on: 2026-12-01\nagreed:\n  - {who: mum, date: 2026-05-02}\n"), "2026-06-01", []string{
			"reading 2026-05-02 waiting 30 days, M. Eyre: sendctl passport bk7m2xqt read --by sato", "agreement  due now, M. Eyre: sendctl passport bk7m2xqt agree",
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a document to look at soon", pair(ada+"passport.yaml", aSheet+"review_on: 2026-07-01\n"), "2026-05-03", []string{
			"agreement 2026-05-01 waiting 2 days, M. Eyre: sendctl passport bk7m2xqt agree", "review 2026-06-20 due in 48 days, L. Sato: sendctl review bk7m2xqt",
			"look-again 2026-07-01 due in 59 days, M. Eyre: sendctl passport bk7m2xqt"}},
		{"an old document", pair(ada+"passport.yaml", strings.ReplaceAll(aSheet, "2026-05-01", "2025-06-01")), "2026-06-01", []string{
			"agreement 2025-06-01 waiting 365 days, M. Eyre: sendctl passport bk7m2xqt agree", "look-again 2025-11-30 overdue by 183 days, M. Eyre: sendctl passport bk7m2xqt",
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"advice", pair(ada+"advice/2026-03-25-t9wc.yaml", advice), "2026-06-01", []string{
			"advice 2026-03-25 waiting 68 days, M. Eyre: sendctl advice bk7m2xqt act t9wc", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"advice acted on", pair(ada+"advice/2026-03-25-t9wc.yaml", advice+"    done: 2026-04-01\n"), "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a draft of a request", pair(askAt, anAsk), "2026-06-01", []string{
			"sending 2026-03-10 waiting 83 days, M. Eyre: sendctl request bk7m2xqt send", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a decision to come", append(pair(askAt, sent("2026-04-25")), ada+"contacts.yaml", contacts("2025-09-10", "2026-02-10")), "2026-06-01", []string{
			"decision 2026-06-06 due in 5 days, the local authority: sendctl request bk7m2xqt decided", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a decision overdue, counted from the letter; what rests on it waits", []string{askAt, sent("2026-03-10"), received, receivedText}, "2026-06-01", []string{
			"decision 2026-04-23 overdue by 39 days, the local authority: sendctl request bk7m2xqt decided", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"advice owed by the setting", []string{askAt, sent("2026-03-10"), declined, declinedText, asked, askedText}, "2026-06-02", []string{
			"limit 2026-06-01 overdue by 1 day, M. Eyre: sendctl request bk7m2xqt letter", "review 2026-06-20 due in 18 days, L. Sato: sendctl review bk7m2xqt"}},
		{"advice given", []string{askAt, sent("2026-03-10"), declined, declinedText, asked, askedText, given, givenText}, "2026-06-02", []string{
			"review 2026-06-20 due in 18 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a grant that runs", []string{askAt, sent("2026-03-10"), agreed, agreedText}, "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt", "impact 2026-07-17 due in 46 days, M. Eyre: sendctl request bk7m2xqt impact"}},
		{"a grant that ended", []string{askAt, sent("2026-03-10"), agreed, agreedText}, "2026-07-18", []string{
			"review 2026-06-20 overdue by 28 days, L. Sato: sendctl review bk7m2xqt", "impact 2026-07-17 overdue by 1 day, M. Eyre: sendctl request bk7m2xqt impact"}},
		{"an impact", []string{askAt, sent("2026-03-10"), agreed, agreedText, ada + "requests/2026-05-20-aid-m3xt-impact-z7tn.yaml", impact}, "2026-07-18", []string{
			"review 2026-06-20 overdue by 28 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a meeting that was", pair(moveAt, aMove+"meeting: {date: 2026-03-12, invited: [mum, sato]}\n"), "2026-06-01", []string{
			"meeting 2026-03-12 overdue by 81 days, M. Eyre: sendctl contact bk7m2xqt", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a meeting to come", pair(moveAt, aMove+"meeting: {date: 2026-06-12, invited: [mum]}\n"), "2026-06-01", []string{
			"meeting 2026-06-12 due in 11 days, M. Eyre: sendctl contact bk7m2xqt", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a meeting held", []string{moveAt, aMove + "meeting: {date: 2026-03-12, invited: [mum]}\n", ada + "contacts.yaml", contacts("2025-09-10", "2026-03-12")}, "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a meeting at which the document was made", []string{moveAt, aMove + "meeting: {date: 2026-03-12, invited: [learner]}\n", ada + "passport.yaml", aSheet}, "2026-05-02", []string{
			"agreement 2026-05-01 waiting 1 day, M. Eyre: sendctl passport bk7m2xqt agree", "review 2026-06-20 due in 49 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a family not told", pair(moveAt, aMove+"not_told: Away.\n"), "2026-06-01", []string{
			"telling 2026-03-02 waiting 91 days, M. Eyre: sendctl contact bk7m2xqt", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a move put right: the meeting was another day", []string{moveAt, aMove + "meeting: {date: 2026-06-12, invited: [mum]}\n", ada + "corrections/2026-03-20-h6vd.yaml",
			"format: correction/v1\nlearner: bk7m2xqt\nid: h6vd\ndate: 2026-03-20\ncorrects: q2hd\npath: meeting.date\nwas: 2026-06-12\nis: 2026-06-13\nbecause: Mistyped.\nby: eyre\n"}, "2026-06-01", []string{
			"meeting 2026-06-13 due in 12 days, M. Eyre: sendctl contact bk7m2xqt", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a family told since", []string{moveAt, aMove + "not_told: Away.\n", ada + "contacts.yaml",
			contacts("2025-09-10", "2026-02-10") + "  - {id: c8rz, date: 2026-03-20, with: [mum], by: eyre, how: call, about: register}\n"}, "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"watched until", []string{moveAt, aMove + "monitor_until: 2026-06-10\n"}, "2026-06-11", []string{
			"monitoring 2026-06-10 overdue by 1 day, L. Sato: sendctl contact bk7m2xqt", "review 2026-06-20 due in 9 days, L. Sato: sendctl review bk7m2xqt"}},
		{"watched and looked at", []string{moveAt, aMove + "monitor_until: 2026-04-10\n"}, "2026-06-11", []string{
			"review 2026-06-20 due in 9 days, L. Sato: sendctl review bk7m2xqt"}},
		{"a consent that ends", pair(ada+"learner.yaml", aLearner("plan", "consents:\n  - {to: \"share\", given_by: mum, date: 2025-07-01, until: 2026-07-01}\n")), "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt", "consent 2026-07-01 due in 30 days, M. Eyre: sendctl edit bk7m2xqt learner.yaml"}},
		{"a consent far off, one withdrawn, one given anew", pair(ada+"learner.yaml", aLearner("plan", "consents:\n  - {to: \"far\", given_by: mum, date: 2025-07-01, until: 2026-08-01}\n"+
			"  - {to: \"back\", given_by: mum, date: 2025-07-01, until: 2026-07-01, withdrawn: 2026-01-01}\n"+
			"  - {to: \"anew\", given_by: mum, date: 2025-07-01, until: 2026-07-01}\n  - {to: \"anew\", given_by: mum, date: 2026-05-01, until: 2027-07-01}\n")), "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"an adjustment", pair(ada+"learner.yaml", aLearner("plan", "adjustments:\n  - id: a1\n    adjustment: printed copy\n    review_on: 2026-06-05\n")), "2026-06-01", []string{
			"adjustment 2026-06-05 due in 4 days, L. Sato: sendctl edit bk7m2xqt learner.yaml", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"too few meetings", pair(ada+"contacts.yaml", contacts("2025-05-31", "2026-02-10")), "2026-06-01", []string{
			"meetings  due now, M. Eyre: sendctl contact bk7m2xqt", "review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"on the register too short a time for more meetings", []string{ada + "learner.yaml", strings.ReplaceAll(aLearner("plan", ""), "2025-01-06", "2025-12-15"), ada + "contacts.yaml", ""}, "2026-06-01", []string{
			"review 2026-06-20 due in 19 days, L. Sato: sendctl review bk7m2xqt"}},
		{"gone", []string{ada + "learner.yaml", aLearner("gone", ""), cycleAt, "", ada + "contacts.yaml", "", ada + "advice/2026-03-25-t9wc.yaml", advice}, "2026-06-01", nil},
		{"gone, with a plan open and money running", []string{ada + "learner.yaml", aLearner("gone", ""), askAt, sent("2026-03-10"), agreed, agreedText}, "2026-06-01", []string{
			"impact 2026-07-17 due in 46 days, M. Eyre: sendctl request bk7m2xqt impact"}},
		{"handed over, without a receipt", []string{ada + "learner.yaml", aLearner("gone", ""), handoverAt, aHandover}, "2026-06-10", []string{
			"receipt 2026-05-18 waiting 23 days, M. Eyre: sendctl receive RECEIPT", "removal 2026-06-09 overdue by 1 day, M. Eyre: sendctl receive RECEIPT"}},
		{"handed over, with a receipt", []string{ada + "learner.yaml", aLearner("gone", ""), handoverAt, aHandover, receiptAt, aReceipt}, "2026-06-01", []string{
			"removal 2026-06-09 due in 8 days, M. Eyre: sendctl purge bk7m2xqt"}},
		{"handed over, with a receipt, and held", []string{ada + "learner.yaml", aLearner("gone", "holds:\n  - {from: 2026-05-01, by: eyre, because: \"A claim.\"}\n"), handoverAt, aHandover, receiptAt, aReceipt}, "2026-06-10", nil},
		{"handed over, and a copy kept", []string{ada + "learner.yaml", aLearner("gone", ""), handoverAt, strings.ReplaceAll(aHandover, "remove_by: 2026-06-09", "because: An appeal."), receiptAt, aReceipt}, "2026-06-10", nil},
		{"come from elsewhere with that handover", []string{ada + "learner.yaml", aLearner("gone", ""), handoverAt, aHandover, arrivalAt, anArrival}, "2026-06-10", nil},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		f, r := lay(t, tt.over...)
		var got []string
		for _, o := range report.OwedOf(f, r, day(tt.today)) {
			got = append(got, o.What+" "+o.On.String()+" "+o.When+", "+o.WhoName+": "+o.Do)
			seen[o.What] = true
			if o.WhatWords == "" || o.Who == "" || o.Overdue != 0 && o.On.IsZero() {
				t.Errorf("%s: %+v", tt.name, o)
			}
			if !strings.HasSuffix(o.Sentence, ".") || strings.Contains(o.Sentence, "  ") || strings.Contains(o.Sentence, "%!") || strings.Contains(o.Sentence, " .") {
				t.Errorf("%s: a poor sentence: %q", tt.name, o.Sentence)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if len(r.Findings) > 0 && tt.name != "gone" {
			for _, x := range r.Findings {
				if strings.Contains(x.Message, "YAML") {
					t.Errorf("%s: the example is broken: %s %s", tt.name, x.File, x.Message)
				}
			}
		}
	}
	want := append(report.DueKinds(), "plan", "step", "document", "agreement", "advice", "sending", "meeting", "telling", "meetings")
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("kinds that no example shows, or that nobody named: %s", diff)
	}
}

// A review that brought the family together counts as a meeting, once a day.
func TestReviewsAreMeetings(t *testing.T) {
	f, r := lay(t, cycleAt, reviewed("another-cycle"), ada+"contacts.yaml", contacts("2025-05-20", "2026-05-04"))
	var got []string
	for _, o := range report.OwedOf(f, r, day("2026-06-01")) {
		if o.What == "meetings" {
			got = append(got, o.Sentence)
		}
	}
	if diff := cmp.Diff([]string{"There has been one meeting with the family in the last year; two are expected."}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNextWhere(t *testing.T) {
	agreed, agreedText := decision("2026-04-01", "agreed", "grants: {money: 100.00, from: 2026-04-01, to: 2026-07-17}\n")
	declined, declinedText := decision("2026-04-01", "declined", "")
	tests := []struct {
		name  string
		over  []string
		today string
		since string
		moved bool
		asks  []string
		open  bool
	}{
		{"joined", nil, "2026-06-01", "2024-09-02", false, nil, false},
		{"moved", pair(moveAt, aMove), "2026-06-01", "2026-03-02", true, nil, false},
		{"begun", pair(askAt, anAsk), "2026-06-01", "2024-09-02", false, []string{"AID: begun on 10 March 2026, not sent yet"}, true},
		{"sent", pair(askAt, sent("2026-03-12")), "2026-06-01", "2024-09-02", false, []string{"AID: sent on 12 March 2026, not decided yet"}, true},
		{"agreed", []string{askAt, sent("2026-03-12"), agreed, agreedText}, "2026-07-17", "2024-09-02", false, []string{"AID: agreed, to 17 July 2026"}, true},
		{"ended", []string{askAt, sent("2026-03-12"), agreed, agreedText}, "2026-07-18", "2024-09-02", false, []string{"AID: agreed, ended on 17 July 2026"}, true},
		{"declined", []string{askAt, sent("2026-03-12"), declined, declinedText}, "2026-06-01", "2024-09-02", false, []string{"AID: not agreed on 1 April 2026"}, false},
		{"declined long ago", []string{askAt, sent("2026-03-12"), declined, declinedText}, "2027-06-01", "2024-09-02", false, nil, false},
	}
	for _, tt := range tests {
		f, r := lay(t, tt.over...)
		v := report.NextOf(f, r, "", day(tt.today))
		if v.StageSince.String() != tt.since || v.Moved != tt.moved || v.SEN != "K" || v.SENSince.String() != "2025-01-06" || v.Cycle != "gxqf" || v.Planned.String() != "2026-05-04" || v.ReviewOn.String() != "2026-06-20" {
			t.Errorf("%s: %+v", tt.name, v)
		}
		var got []string
		for _, q := range v.Requests {
			got = append(got, q.Words)
			if q.Open != tt.open {
				t.Errorf("%s: open %t", tt.name, q.Open)
			}
		}
		if diff := cmp.Diff(tt.asks, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// Reviews count that were held at this stage since it began.
func TestNextCountsReviews(t *testing.T) {
	other := strings.NewReplacer("id: gxqf", "id: nrdv", "stage: plan", "stage: card").Replace(reviewed("another-cycle"))
	for _, tt := range []struct {
		over []string
		want int
	}{
		{nil, 0},
		{pair(cycleAt, reviewed("another-cycle")), 1},
		{append(pair(cycleAt, reviewed("another-cycle")), ada+"cycles/2026-03-02-card-nrdv.yaml", other), 1},
		{append(pair(cycleAt, reviewed("another-cycle")), moveAt, strings.ReplaceAll(aMove, "2026-03-02", "2026-05-05")), 0},
	} {
		f, r := lay(t, tt.over...)
		if v := report.NextOf(f, r, "", day("2026-06-01")); v.Reviews != tt.want {
			t.Errorf("%v: %d, want %d", tt.over, v.Reviews, tt.want)
		}
	}
}

func TestNextSteps(t *testing.T) {
	agreedAt, agreed := decision("2026-04-01", "agreed", "")
	declinedAt, declined := decision("2026-04-01", "declined", "")
	assess := strings.Replace(small()["pathway.yaml"], "money: true", "money: false", 1)
	tests := []struct {
		name, to string
		over     []string
		want     []string // to, way, usual, checks, evidence, command
		others   int
	}{
		{"the usual ones", "", nil, []string{"aid  usual 0/1 0/2 sendctl advance bk7m2xqt --to aid"}, 1},
		{"a request that is out is no step", "", pair(askAt, sent("2026-03-12")), nil, 1},
		{"money that was agreed is no assessment", "", []string{askAt, sent("2026-03-12"), agreedAt, agreed}, []string{"aid  usual 0/1 0/2 sendctl advance bk7m2xqt --to aid"}, 1},
		{"an assessment that was agreed leads to the authority's plan", "", []string{"pathway.yaml", assess, askAt, sent("2026-03-12"), agreedAt, agreed}, []string{
			"aid  usual 0/1 0/2 sendctl advance bk7m2xqt --to aid", "great-plan up usual 0/2 0/0 sendctl advance bk7m2xqt --to great-plan"}, 1},
		{"and one that was declined to nothing", "", []string{"pathway.yaml", assess, askAt, sent("2026-03-12"), declinedAt, declined}, []string{"aid  usual 0/1 0/2 sendctl advance bk7m2xqt --to aid"}, 1},
		{"the authority's plan, asked for", "great-plan", nil, []string{"great-plan up usual 0/2 0/0 sendctl advance bk7m2xqt --to great-plan"}, 0},
		{"a draft is looked at", "", pair(askAt, anAsk+"readiness:\n  - {item: talk, state: not-applicable}\n"), []string{
			"aid  usual 1/1 1/2 sendctl request bk7m2xqt send"}, 1},
		{"no request where the code is N", "", pair(ada+"learner.yaml", aLearner("watch", "")), nil, 0},
		{"down, asked for", "card", nil, []string{"card down usual 0/0 0/0 sendctl advance bk7m2xqt --to card"}, 0},
		{"a request, asked for", "aid", nil, []string{"aid  usual 0/1 0/2 sendctl advance bk7m2xqt --to aid"}, 0},
		{"a way that is not named", "watch", nil, []string{"watch down unusual 0/1 0/0 sendctl advance bk7m2xqt --to watch"}, 0},
	}
	for _, tt := range tests {
		f, r := lay(t, tt.over...)
		v := report.NextOf(f, r, tt.to, day("2026-06-01"))
		var got []string
		for _, s := range v.Steps {
			usual := "unusual"
			if s.Usual {
				usual = "usual"
			}
			got = append(got, strings.Join([]string{strings.Join(s.To, "+"), s.Way, usual, count(s.Met, len(s.Checks)), count(s.Ready, len(s.Evidence)), s.Do}, " "))
			if s.Asked != (tt.to != "") {
				t.Errorf("%s: asked %t", tt.name, s.Asked)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || len(v.Others) != tt.others {
			t.Errorf("%s: %d others: %s", tt.name, len(v.Others), diff)
		}
	}
}

func count(n, of int) string { return string(rune('0'+n)) + "/" + string(rune('0'+of)) }

func TestNextHelp(t *testing.T) {
	for _, tt := range []struct {
		to   string
		over []string
		want string
	}{
		{"", nil, "plan"}, {"card", nil, "card"}, {"aid", nil, "aid"}, {"watch", nil, "plan"}, {"", pair(askAt, anAsk), "plan aid"},
		{"", pair(ada+"learner.yaml", aLearner("watch", "")), ""},
	} {
		f, r := lay(t, tt.over...)
		var got []string
		for _, x := range report.NextOf(f, r, tt.to, day("2026-06-01")).Help {
			got = append(got, x.About)
			if len(x.Help) == 0 || x.AboutWords == "" {
				t.Errorf("%+v", x)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.to, s, tt.want)
		}
	}
}

// An old pathway names no moves, no checks and no guides: next still says where a
// learner is and what is owed.
func TestNextWithAnOldPathway(t *testing.T) {
	old := "format: pathway/v1\nid: small\nversion: 1\ntitle: Small\nstages:\n  - {id: card, words: Card, sen_provision: \"K\", cycles: true}\n  - {id: plan, words: Plan, sen_provision: \"K\", cycles: true}\nrequests: []\n"
	f, r := lay(t, "pathway.yaml", old)
	if v := report.NextOf(f, r, "", day("2026-06-01")); len(v.Steps)+len(v.Others)+len(v.Help) != 0 || len(v.Owed) != 1 {
		t.Errorf("%+v", v)
	}
	if v := report.NextOf(f, r, "card", day("2026-06-01")); len(v.Steps) != 1 || v.Steps[0].Usual {
		t.Errorf("%+v", v.Steps)
	}
}

// What cannot be read is told, and nothing is made of it.
func TestNextOfABrokenRecord(t *testing.T) {
	f, r := lay(t, ada+"learner.yaml", "format: learner/v1\nlearner: bk7m2xqt\nstage: [\n", cycleAt, "{", moveAt, "a: b\n", askAt, "id: ]\n")
	if v := report.NextOf(f, r, "", day("2026-06-01")); len(v.Faults) == 0 {
		t.Errorf("%+v", v)
	}
	if v := report.NextOf(f, r, "aid", day("2026-06-01")); len(v.Steps) != 1 {
		t.Errorf("%+v", v)
	}
}

// due lists what falls due by a day, and of a review what it always did.
func TestDuesOf(t *testing.T) {
	asked, askedText := letter("h2vd", "2026-04-20", "asked")
	declined, declinedText := decision("2026-04-01", "declined", "")
	f, r := lay(t, ada+"passport.yaml", aSheet+"shared_with: [sato]\nreview_on: 2026-06-10\nagreed:\n  - {who: mum, date: 2026-05-02}\n",
		askAt, sent("2026-03-10"), declined, declinedText, asked, askedText, ada+"contacts.yaml", "")
	today := day("2026-06-02")
	row := report.RowOf(f, r, today)
	for within, want := range map[int][]string{
		0:  {"reading 2026-05-02", "limit 2026-06-01"},
		8:  {"reading 2026-05-02", "limit 2026-06-01", "look-again 2026-06-10"},
		60: {"reading 2026-05-02", "limit 2026-06-01", "look-again 2026-06-10", "review 2026-06-20"},
	} {
		var got []string
		for _, d := range report.DuesOf(f, r, row, today, within) {
			got = append(got, d.What+" "+d.On.String())
			if d.ID != r.ID || d.Name != "Ada" || d.Sentence == "" || d.Do == "" || (d.What == "review") != (d.Cycle == "gxqf") || (d.What == "review") != !d.ReviewOn.IsZero() {
				t.Errorf("%+v", d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("within %d: %s", within, diff)
		}
	}
	// The queue of `review` takes reviews alone.
	for _, d := range report.Dues([]report.Row{row}, day("2026-06-20"), 0) {
		if d.What != "review" || d.Cycle != "gxqf" {
			t.Errorf("%+v", d)
		}
	}
}

func TestNextJSON(t *testing.T) {
	f, r := lay(t, askAt, sent("2026-03-12"))
	written := func(to string) (got any) {
		b, err := json.Marshal(report.NextOf(f, r, to, day("2026-06-01")))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	got, asked := written(""), written("great-plan")
	for path, want := range map[string]string{
		"to": "[great-plan]", "to_words": "Great Plan", "kind": "stage", "way": "up", "sen_provision": "E",
		"checks.0.check": "letter", "checks.0.kind": "duty", "checks.0.state": "missing", "checks.0.who": "the SENCo", "evidence": "[]",
	} {
		if s := text(at(asked, "steps.0."+path)); s != want {
			t.Errorf("steps.0.%s: %q, want %q", path, s, want)
		}
	}
	for path, want := range map[string]string{
		"format": "sendctl-next/1", "id": "bk7m2xqt", "name": "Ada", "stage": "plan", "stage_words": "Plan", "stage_since": "2024-09-02", "sen_provision": "K",
		"open_cycle": "gxqf", "review_on": "2026-06-20", "responsible_teacher": "sato", "responsible_teacher_name": "L. Sato", "senco": "eyre", "senco_name": "M. Eyre",
		"requests.0.id": "m3xt", "requests.0.kind": "aid", "requests.0.kind_words": "AID", "requests.0.sent": "2026-03-12",
		"owed.0.what": "decision", "owed.0.what_words": "decide", "owed.0.on": "2026-04-23", "owed.0.who": "authority", "owed.0.who_name": "the local authority", "owed.0.about": "m3xt",
		"owed.1.what": "review", "owed.1.who": "sato", "owed.1.do": "sendctl review bk7m2xqt",
		"steps":           "[]",
		"other_ways.0.to": "card", "other_ways.0.to_words": "Card", "other_ways.0.way": "down",
		"help.0.about": "plan", "help.0.about_words": "Plan", "help.1.about": "aid",
	} {
		if s := text(at(got, path)); s != want {
			t.Errorf("%s: %q, want %q", path, s, want)
		}
	}
}

func TestStages(t *testing.T) {
	f, _ := lay(t)
	p := &f.Pathway.Value
	v := report.StagesOf(p, "", false)
	if len(v.Stages) != 5 || len(v.Requests) != 1 || v.Format != "sendctl-stages/1" || v.BuiltIn {
		t.Fatalf("%+v", v)
	}
	plan := report.StagesOf(p, "plan", true)
	want := []report.StageWay{{To: "great-plan", ToWords: "Great Plan", Way: "up", Checks: 2}, {To: "card", ToWords: "Card", Way: "down"}}
	if len(plan.Stages) != 1 || len(plan.Requests) != 0 || plan.Stages[0].Enter != "The card is not enough." {
		t.Fatalf("%+v", plan)
	}
	if diff := cmp.Diff(want, plan.Stages[0].Moves); diff != "" {
		t.Error(diff)
	}
	aid := report.StagesOf(p, "aid", true)
	if len(aid.Stages) != 0 || len(aid.Requests) != 1 || len(aid.Requests[0].Limits) != 3 || aid.Requests[0].EvidenceText[0] != "a letter was written" {
		t.Errorf("%+v", aid)
	}
}

// Whatever a file holds, next answers, and its sentences have no holes.
func FuzzNext(f *testing.F) {
	f.Add(moveAt, aMove+"meeting: {date: 2026-03-12, invited: [mum, mum]}\nnot_told: x\nmonitor_until: 9999-12-31\n")
	f.Add(askAt, sent("0001-01-01"))
	f.Add(cycleAt, reviewed("nowhere"))
	f.Add(ada+"passport.yaml", aSheet+"shared_with: [\"\"]\n")
	f.Add("pathway.yaml", "format: pathway/v1\nmoves:\n  - {from: [plan], to: [], way: up, gate: [nothing]}\n  - {from: [plan], to: [plan, nowhere], way: up}\n")
	f.Add(ada+"learner.yaml", aLearner("nowhere", "consents:\n  - {until: 2026-06-01}\n"))
	f.Fuzz(func(t *testing.T, p, text string) {
		files := small()
		files[askAt] = anAsk
		if _, known := files[p]; !known && p != moveAt && p != ada+"passport.yaml" {
			p = askAt
		}
		files[p] = text
		disk := fstest.MapFS{}
		for name, s := range files {
			disk[name] = &fstest.MapFile{Data: []byte(s)}
		}
		open, err := folder.Open(disk)
		if err != nil {
			return
		}
		r, err := open.Load("bk7m2xqt")
		if err != nil {
			return
		}
		for _, to := range []string{"", "card", "aid"} {
			v := report.NextOf(open, r, to, day("2026-06-01"))
			for _, o := range v.Owed {
				if o.Sentence == "" || o.Do == "" || o.When == "" || strings.Contains(o.Sentence, "%!") {
					t.Errorf("%+v", o)
				}
			}
			if _, err := json.Marshal(v); err != nil {
				t.Error(err)
			}
		}
	})
}
