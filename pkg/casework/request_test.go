package casework_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// fullRecord is a learner of whom the record holds what it can: a reviewed cycle
// and a second plan, rates, a consent, talks about a request with everybody.
func fullRecord(t *testing.T) *box {
	t.Helper()
	b := fresh(t, "reviewed")
	b.run("edit", "sendctl.yaml", "--set", "rates[0].role=teaching-assistant", "--set", "rates[0].from=2025-09-01", "--set", "rates[0].hourly=16.40")
	b.run("edit", b.id, "learner.yaml", "--set", "consents[0].to=share the record with the panel", "--set", "consents[0].given_by=mum", "--set", "consents[0].date=2026-01-12")
	for _, talk := range []struct{ with, said string }{
		{"mum,learner", "They would both like it."}, {"mum", "Mornings are better."}, {"dad", "I am not sure."}, {"learner", "I want to stay."},
	} {
		b.run("contact", b.id, "--with", talk.with, "--how", "meeting", "--about", "request", "--said", talk.said, "--date", "2026-01-12")
	}
	return b
}

func (b *box) requesting(kind, today string) *casework.Requesting {
	b.Helper()
	c := b.caseOf(today)
	k, ok := c.Folder.Pathway.Value.Request(kind)
	if !ok {
		b.Fatalf("no kind %s", kind)
	}
	q, err := casework.StartRequest(c, k)
	if err != nil {
		b.Fatal(err)
	}
	return q
}

// walk answers every question of a form as it comes, and gives what was asked.
func walk(t *testing.T, s form.Script, given form.Answers) (asked []form.Question, a form.Answers) {
	t.Helper()
	a = form.Answers{}
	for range 200 {
		q, ok := s.Next(a)
		if !ok {
			return asked, a
		}
		asked = append(asked, q)
		x, ok := given[q.Path]
		switch {
		case ok:
		case q.Default != "":
			var err error
			if x, err = q.Given([]string{q.Default}); err != nil {
				t.Fatalf("%s: %v", q.Path, err)
			}
		case q.Optional:
			x = form.Answer{Skipped: true}
		case q.Kind == form.YesNo:
			x = form.Answer{Text: "true"}
		case q.Kind == form.Choice:
			x = form.Answer{Text: q.Options[0].Value}
		default:
			x = form.Answer{Text: "something", Items: []string{"something"}}
		}
		a[q.Path] = x
	}
	t.Fatal("there is no end of questions")
	return nil, nil
}

var keyWorker = form.Answers{
	"asks.from": {Text: "2026-02-02"}, "asks.to": {Text: "2026-07-17"}, "reasons": {Text: "It is likely to make the difference."},
	"basis[0].what": {Text: "key worker"}, "basis[0].hours_a_week": {Text: "5"}, "basis[0].weeks": {Text: "20"}, "basis[0].role": {Text: "teaching-assistant"},
	"basis[1].what": {Text: "EP hours"}, "basis[1].hours": {Text: "6"}, "basis[1].hourly": {Text: "95.00"},
}

// Nothing that the record holds is asked for again. The facts, and the paths under
// which a form could ask for them, are written down here one by one; the count of
// those that are asked for must be none.
func TestRequestAsksForNothingTwice(t *testing.T) {
	b := fullRecord(t)
	for _, kind := range []string{"star", "cosa"} {
		q := b.requesting(kind, "2026-01-15")
		asked, a := walk(t, q.Form(), keyWorker)
		known := map[string][]string{
			"the learner's id, name, birth, sex and UPN":  {"learner", "name", "legal_name", "born", "sex", "upn", "uln"},
			"the family, and who bears responsibility":    {"family", "parental_responsibility", "relation"},
			"the year group, and since when here":         {"year", "cohort", "joined", "from_setting", "setting_history"},
			"the languages":                               {"language", "languages"},
			"needs and strengths":                         {"needs", "need", "main_need", "areas", "area", "strengths", "concerns", "picture-of-need"},
			"the stage and the census code":               {"stage", "sen_provision", "sen", "register"},
			"who is responsible":                          {"team", "responsible_teacher", "senco", "by"},
			"the cycles, their figures and their reviews": {"cycles", "cycle", "measures", "measure", "baseline", "result", "progress", "decision", "review", "changes"},
			"what was given, to what effect":              {"provision", "delivered", "attended", "impact", "sessions", "minutes", "ratio", "adjustments"},
			"what the support costs":                      {"costs", "annual", "annual_cost", "element_2_threshold"},
			"what an hour of a role costs":                {"basis[0].hourly", "basis[0].cost"},
			"the sum that is asked for":                   {"asks.money", "money"},
			"the advice and what came of it":              {"advice", "recommendations", "advice-acted-on", "reports"},
			"the consents":                                {"consents", "consented.to", "consented.given_by", "consented.date"}, // which of them it rests on only a person can say
			"the evidence, its numbers and readiness":     {"evidence", "readiness", "number", "shows", "cites", "item", "state"},
			"the contacts, and who knows since when":      {"contacts", "told", "knowledge_and_agreement[mum].knows", "knowledge_and_agreement[dad].knows", "knowledge_and_agreement[learner].knows"},
			"what was said about the request":             {"learner_says", "parents_say"},
			"the aspirations":                             {"aspirations"},
			"attendance and health":                       {"attendance", "health", "social-care"},
			"its id, its kind, its day of sending":        {"id", "kind", "sent", "pathway", "format"},
		}
		again := 0
		for fact, paths := range known {
			for _, x := range asked {
				list, _, _ := strings.Cut(x.Path, "[")
				if slices.Contains(paths, x.Path) || slices.Contains(paths, list) {
					again++
					t.Errorf("%s: %s is in the record, and is asked for at %s", kind, fact, x.Path)
				}
			}
		}
		if again != 0 {
			t.Errorf("%s: %d facts are asked for again", kind, again)
		}
		// Every question that is left is one that only a person can answer.
		for _, x := range asked {
			only := []string{"opened", "asked_by", "reasons", "targets", "outcomes_sought", "support_sought", "asks.from", "asks.to", "consent", "because",
				"knowledge_and_agreement[mum].agrees", "knowledge_and_agreement[dad].agrees", "knowledge_and_agreement[learner].agrees"}
			if !slices.Contains(only, x.Path) && !strings.HasPrefix(x.Path, "basis[") {
				t.Errorf("%s: %s is asked, and is not on the list of what only a person can say", kind, x.Path)
			}
		}
		made, missing, err := q.Request(a, nil)
		if err != nil {
			t.Fatal(err)
		}
		// And what was not asked is in the request.
		if len(made.Readiness) != 23 || len(made.Evidence) == 0 || len(made.Costs) == 0 || len(missing) != 0 {
			t.Errorf("%s: %d items, %d pieces of evidence, %d costs, %q", kind, len(made.Readiness), len(made.Evidence), len(made.Costs), missing)
		}
		var knows []string
		for _, k := range made.KnowledgeAndAgreement {
			knows = append(knows, fmt.Sprint(k.Who, " ", k.Knows, " ", k.Agrees))
		}
		if diff := cmp.Diff([]string{"mum 2026-01-12 true", "dad 2026-01-12 true", "learner 2026-01-12 true"}, knows); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		var said []string
		for _, v := range made.ParentsSay {
			said = append(said, v.Who+": "+string(v.Words))
		}
		for _, v := range made.LearnerSays {
			said = append(said, string(v.Words))
		}
		if diff := cmp.Diff([]string{"mum: Mornings are better.", "dad: I am not sure.", "I want to stay."}, said); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		targets := b.caseOf("2026-01-15").Record.Cycles[0].Value.Plan.Targets
		if len(made.OutcomesSought) != len(targets) || made.OutcomesSought[0] != targets[0].Outcome {
			t.Errorf("%s: outcomes %q", kind, made.OutcomesSought)
		}
	}
}

// The money asked for is worked out of its parts, with the setting's rates.
func TestRequestMoney(t *testing.T) {
	b := fullRecord(t)
	q := b.requesting("star", "2026-01-15")
	proper(t, "star", q.Form(), form.Answers{})
	proper(t, "star, answered", q.Form(), keyWorker)
	_, a := walk(t, q.Form(), keyWorker)
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []learner.AskLine{{What: "key worker", HoursAWeek: "5", Weeks: "20", Hourly: "16.40", Cost: "1640.00"}, {What: "EP hours", Hours: "6", Hourly: "95.00", Cost: "570.00"}}
	if diff := cmp.Diff(want, made.Basis); diff != "" || made.Asks.Money != "2210.00" {
		t.Errorf("%s, and not:\n%s", made.Asks.Money, diff)
	}
	_, _, err = q.Request(a, func(out any) error { out.(*learner.Request).Asks.Money = "9999.00"; return nil })
	if _, ok := err.(*casework.SupplyError); !ok {
		t.Errorf("a sum that is not theirs: %v", err)
	}
}

// Who asks is known to know and to agree; and a request may always be made.
func TestAParentsOwnRequest(t *testing.T) {
	b := fresh(t, "concern")
	q := b.requesting("ehcna", "2026-01-15")
	asked, a := walk(t, q.Form(), form.Answers{"asked_by": {Text: "mum"}})
	for _, x := range asked {
		if strings.HasPrefix(x.Path, "knowledge_and_agreement[mum]") {
			t.Errorf("%s is asked of her who asks", x.Path)
		}
		if x.Path == "because" {
			t.Error("a reason is asked for what is hers to ask")
		}
		proper(t, "cosa", q.Form(), a)
	}
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(gate.Unmet(q.Gate(made))) == 0 || made.Because != "" || !q.ByRight(made) || made.KnowledgeAndAgreement[0].Who != "mum" || !made.KnowledgeAndAgreement[0].Agrees {
		t.Errorf("%+v", made)
	}
	before := b.state()
	if _, err := b.desk(nil).OpenRequest(context.Background(), made); err != nil {
		t.Fatal(err)
	}
	if !b.whole(before) {
		t.Error("nothing was recorded")
	}
	// A second draft of hers goes on with the first; another's, and another kind, are no hindrance.
	again := b.requesting("cosa", "2026-01-15")
	before = b.state()
	refused[*casework.StateError](b, before, again.Beside("mum"))
	_, err = b.desk(nil).OpenRequest(context.Background(), made)
	refused[*casework.StateError](b, before, err)
	for _, who := range []string{"learner", "eyre"} {
		if err := again.Beside(who); err != nil {
			t.Errorf("%s may not ask beside her: %v", who, err)
		}
	}
	if err := b.requesting("star", "2026-01-15").Beside("mum"); err != nil {
		t.Error(err)
	}
	// The setting asks once, whoever of its adults types it.
	made.AskedBy, made.Because = "eyre", "The setting asks as well."
	if _, err = b.desk(nil).OpenRequest(context.Background(), made); err != nil {
		t.Fatal(err)
	}
	before = b.state()
	made.AskedBy = "grimes"
	_, err = b.desk(nil).OpenRequest(context.Background(), made)
	refused[*casework.StateError](b, before, err)
	refused[*casework.StateError](b, before, b.requesting("cosa", "2026-01-15").Beside("grimes"))
	// STAR is money, which nobody has a right to: there a reason is asked for.
	hers := maps.Clone(keyWorker)
	hers["asked_by"] = form.Answer{Text: "mum"}
	asked, _ = walk(t, b.requesting("star", "2026-01-15").Form(), hers)
	if !slices.ContainsFunc(asked, func(x form.Question) bool { return x.Path == "because" }) {
		t.Error("no reason is asked for STAR")
	}
	// It is sent without a reason as well, and is sound.
	l, err := casework.PickRequest(b.caseOf("2026-01-15"), "send", "")
	if _, several := err.(*casework.SupplyError); !several {
		t.Fatalf("%v: %v", l, err)
	}
	for _, x := range gate.Lives(b.caseOf("2026-01-15").Folder, b.caseOf("2026-01-15").Record) {
		if x.Request.Value.AskedBy == "mum" {
			l = x
		}
	}
	send := casework.StartSend(b.caseOf("2026-01-15"), l)
	asked, a = walk(t, send.Form(), form.Answers{})
	if slices.ContainsFunc(asked, func(x form.Question) bool { return x.Path == "because" }) || len(send.Missing(a)) == 0 {
		t.Error("a reason is asked for what is hers to send")
	}
	if _, _, err := b.desk(nil).SendRequest(context.Background(), send, a); err != nil {
		t.Fatal(err)
	}
	b.sound()
}

// A consent counts for the request that names it. A new one is recorded with it, in
// the same commit, and is one of the learner's consents from then on.
func TestARequestNamesItsConsent(t *testing.T) {
	b := fullRecord(t)
	b.run("edit", b.id, "learner.yaml", "--set", "consents[1].to=the hearing clinic", "--set", "consents[1].given_by=mum", "--set", "consents[1].date=2026-01-12")
	state := func(list []learner.Readiness) string {
		return list[slices.IndexFunc(list, func(x learner.Readiness) bool { return x.Item == "consent" })].State
	}
	q := b.requesting("cosa", "2026-01-15")
	for _, c := range []struct {
		name   string
		answer form.Answers
		want   string
		rests  []string
	}{
		{"none named", nil, "partial", nil},
		{"one that is there", form.Answers{"consent": {Items: []string{"mum/2026-01-12"}}}, "present", []string{"share the record with the panel"}},
		{"the second of that day", form.Answers{"consent": {Items: []string{"mum/2026-01-12/2"}}}, "present", []string{"the hearing clinic"}},
		{"a new one", form.Answers{"consent": {Items: []string{"new"}}, "consented.to": {Text: "share it for COSA"}, "consented.given_by": {Text: "dad"}, "consented.date": {Text: "2026-01-14"}}, "present", []string{"share it for COSA"}},
	} {
		asked, a := walk(t, q.Form(), c.answer)
		proper(t, c.name, q.Form(), a)
		made, _, err := q.Request(a, nil)
		if err != nil {
			t.Fatal(err)
		}
		var rests []string
		for _, x := range made.Consents {
			rests = append(rests, string(x.To))
		}
		cited := slices.ContainsFunc(made.Evidence, func(e learner.RequestEvidence) bool { return e.Shows == "consent" && e.Cites == "learner" })
		if diff := cmp.Diff(c.rests, rests); diff != "" || state(made.Readiness) != c.want || cited != (c.want == "present") {
			t.Errorf("%s: %s, cited %t, of %d questions; %s", c.name, state(made.Readiness), cited, len(asked), diff)
		}
	}
	// Opened without any, and sent with a new one: one commit, two files.
	_, a := walk(t, q.Form(), nil)
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.desk(nil).OpenRequest(context.Background(), made); err != nil {
		t.Fatal(err)
	}
	l, err := casework.PickRequest(b.caseOf("2026-01-15"), "send", "")
	if err != nil {
		t.Fatal(err)
	}
	send := casework.StartSend(b.caseOf("2026-01-15"), l)
	late := form.Answers{"consent": {Items: []string{"new"}}, "consented.to": {Text: "share it for COSA"}, "consented.given_by": {Text: "mum"}, "consented.date": {Text: "2026-01-16"}}
	for _, x := range send.Form()(form.Answers{"sent": {Text: "2026-01-15"}, "consent": late["consent"]}) {
		if x.Path == "consented.date" && x.Check(late["consented.date"]) == nil {
			t.Error("a consent of after the day of sending is taken")
		}
	}
	late["consented.date"] = form.Answer{Text: "2026-01-15"}
	for _, o := range question(t, send.Form(), nil, "declared").Options {
		if p, ok := b.caseOf("2026-01-15").Folder.Person(o.Value); !ok || p.Organisation != "" {
			t.Errorf("%s is offered to declare it", o.Value)
		}
	}
	late["declared"] = form.Answer{Items: []string{"eyre"}}
	_, a = walk(t, send.Form(), late)
	shown, err := send.Preview(a)
	if err != nil {
		t.Fatal(err)
	}
	before := b.state()
	done, _, err := b.desk(nil).SendRequest(context.Background(), send, a)
	if err != nil {
		t.Fatal(err)
	}
	if !b.whole(before) || len(done.Paths) != 3 {
		t.Errorf("%q", done.Paths)
	}
	c := b.caseOf("2026-01-15")
	if got := c.Record.Learner.Value.Consents; len(got) != 3 || got[2].To != "share it for COSA" {
		t.Errorf("%+v", got)
	}
	sent := c.Record.Requests[0].Value
	if diff := cmp.Diff(shown, sent, cmp.Comparer(func(a, b date.Date) bool { return a == b })); diff != "" {
		t.Errorf("what was read back is not what is sealed:\n%s", diff)
	}
	if len(sent.Consents) != 1 || state(sent.Readiness) != "present" {
		t.Errorf("%+v", sent)
	}
	b.sound()
}

// The young person goes first: they are told, asked, and consent for themself.
func TestAYoungPersonGoesFirst(t *testing.T) {
	b := fresh(t, "reviewed")
	b.run("edit", b.id, "identity.yaml", "--set", "born=2009-03-08")
	q := b.requesting("cosa", "2026-01-15")
	asked, a := walk(t, q.Form(), form.Answers{"asked_by": {Text: "mum"}, "consent": {Items: []string{"new"}}})
	var agree []string
	for _, x := range asked {
		if strings.HasPrefix(x.Path, "knowledge_and_agreement[") {
			agree = append(agree, x.Path)
		}
		if x.Path == "consented.given_by" && x.Options[0].Value != "learner" {
			t.Errorf("%s is asked for consent first", x.Options[0].Value)
		}
	}
	if len(agree) == 0 || !strings.HasPrefix(agree[0], "knowledge_and_agreement[learner]") {
		t.Errorf("%q", agree)
	}
	if made, _, err := q.Request(a, nil); err != nil || q.ByRight(made) {
		t.Errorf("her request for a young person is theirs to make: %v", err)
	}
	p, err := casework.StartAdvance(b.caseOf("2026-01-15"), "passport", nil)
	if err != nil {
		t.Fatal(err)
	}
	asked, _ = walk(t, p.Form(), nil)
	i := slices.IndexFunc(asked, func(x form.Question) bool { return x.Path == "telling.with" })
	if i < 0 || asked[i].Default != "learner" || asked[i].Options[0].Value != "learner" {
		t.Errorf("%+v", asked[max(i, 0)])
	}
}

// A draft is dropped in one commit, and the history keeps it; what was sent stays.
func TestADraftIsWithdrawn(t *testing.T) {
	b := fullRecord(t)
	q := b.requesting("cosa", "2026-01-15")
	_, a := walk(t, q.Form(), nil)
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := b.desk(nil).OpenRequest(ctx, made); err != nil {
		t.Fatal(err)
	}
	l, err := casework.PickRequest(b.caseOf("2026-01-15"), "withdraw", "")
	if err != nil {
		t.Fatal(err)
	}
	before := b.state()
	done, err := b.desk(nil).WithdrawRequest(ctx, l)
	if err != nil {
		t.Fatal(err)
	}
	if !b.whole(before) || len(b.caseOf("2026-01-15").Record.Requests) != 0 || done.Act != "withdraw" {
		t.Errorf("%+v", done)
	}
	b.sound()
	before = b.state()
	_, err = b.desk(nil).WithdrawRequest(ctx, l)
	refused[*casework.StateError](b, before, err)
	_, err = casework.PickRequest(b.caseOf("2026-01-15"), "withdraw", "")
	refused[*casework.StateError](b, before, err)
	// And another is begun at once.
	if _, err := b.desk(nil).OpenRequest(ctx, made); err != nil {
		t.Fatal(err)
	}
	if l, err = casework.PickRequest(b.caseOf("2026-01-15"), "send", ""); err != nil {
		t.Fatal(err)
	}
	send := casework.StartSend(b.caseOf("2026-01-15"), l)
	_, a = walk(t, send.Form(), nil)
	if _, _, err := b.desk(nil).SendRequest(ctx, send, a); err != nil {
		t.Fatal(err)
	}
	before = b.state()
	_, err = casework.PickRequest(b.caseOf("2026-01-15"), "withdraw", "cosa")
	refused[*casework.StateError](b, before, err)
	if !strings.Contains(err.Error(), "--result withdrawn") {
		t.Error(err)
	}
	_, err = b.desk(nil).WithdrawRequest(ctx, l)
	refused[*casework.SealedError](b, before, err)
}

// The whole life, by the acts themselves: each is one commit, sealed where it says
// so, and nothing lies about.
func TestRequestLife(t *testing.T) {
	b := fullRecord(t)
	ctx := context.Background()
	one := func(name string, act func() error) {
		t.Helper()
		before := b.state()
		if err := act(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !b.whole(before) {
			t.Fatalf("%s: nothing was recorded", name)
		}
	}
	q := b.requesting("star", "2026-01-15")
	_, a := walk(t, q.Form(), keyWorker)
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	one("open", func() error { _, err := b.desk(nil).OpenRequest(ctx, made); return err })
	life := func(act string) (casework.Case, gate.Life) {
		t.Helper()
		c := b.caseOf("2026-08-01")
		l, err := casework.PickRequest(c, act, "")
		if err != nil {
			t.Fatal(err)
		}
		return c, l
	}

	c, l := life("cite")
	report := filepath.Join(t.TempDir(), "Jude's report.PDF")
	if err := os.WriteFile(report, []byte("a report"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the same bytes again are kept once
		x, err := casework.Cite(c, b.dir, b.dir, report)
		if err != nil {
			t.Fatal(err)
		}
		x.Item, x.Pages = "health", "3-5"
		var name string
		_, name, err = b.desk(nil).CiteEvidence(ctx, b.id, l.Request.Value.ID, x, c.Today)
		if name != "" && (strings.Contains(name, "Jude") || !strings.HasSuffix(name, ".pdf")) {
			t.Errorf("an attachment is called %s", name)
		}
		if err != nil {
			if _, ok := err.(*casework.NothingError); !ok {
				t.Fatal(err)
			}
		}
		c, l = life("cite")
	}
	if len(c.Record.Attachments) != 1 {
		t.Errorf("%q", c.Record.Attachments)
	}
	one("does not apply", func() error {
		_, _, err := b.desk(nil).CiteEvidence(ctx, b.id, l.Request.Value.ID, casework.Citation{Item: "social-care", None: true, Because: "Nobody is involved."}, c.Today)
		return err
	})

	c, l = life("send")
	send := casework.StartSend(c, l)
	proper(t, "send", send.Form(), form.Answers{})
	_, a = walk(t, send.Form(), form.Answers{"sent": {Text: "2026-01-15"}, "because": {Text: "It cannot wait."}, "declared": {Items: []string{"eyre"}}})
	one("send", func() error { _, _, err := b.desk(nil).SendRequest(ctx, send, a); return err })
	_, _, err = b.desk(nil).SendRequest(ctx, send, a)
	refused[*casework.SealedError](b, b.state(), err)

	c, l = life("letter")
	state := map[string]string{}
	for _, x := range l.Request.Value.Readiness {
		state[x.Item] = x.State + " " + string(x.Words)
	}
	if !strings.HasPrefix(state["health"], "present") || state["social-care"] != "not-applicable Nobody is involved." {
		t.Errorf("%q", state)
	}
	script, err := casework.LetterForm(c, l)
	if err != nil {
		t.Fatal(err)
	}
	proper(t, "letter", script, form.Answers{})
	_, a = walk(t, script, form.Answers{"what": {Text: "received"}, "date": {Text: "2026-01-16"}})
	letter, err := casework.LetterOf(c, l, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	one("letter", func() error { _, err := b.desk(nil).Letter(ctx, letter); return err })
	_, err = b.desk(nil).Letter(ctx, letter)
	refused[*casework.StateError](b, b.state(), err)

	c, l = life("decided")
	if script, err = casework.DecisionForm(c, l); err != nil {
		t.Fatal(err)
	}
	for _, result := range []string{"", "agreed", "part-agreed", "declined", "deferred"} {
		proper(t, "decided "+result, script, form.Answers{"result": {Text: result}, "scored": {Text: "true"}, "scores[need].score": {Text: "3"}})
	}
	if q := question(t, script, nil, "scored"); q.Default != "false" || !q.Follows || asked(script, nil, "scores[need].score") {
		t.Error("each score is asked for before it is known that there are any")
	}
	if asked(script, form.Answers{"result": {Text: "declined"}}, "grants.money") || !asked(script, form.Answers{"result": {Text: "declined"}}, "appeal_told") ||
		question(t, script, form.Answers{"result": {Text: "declined"}}, "words").Optional {
		t.Error("a refusal is asked about as a grant is")
	}
	_, a = walk(t, script, form.Answers{"result": {Text: "agreed"}, "panel": {Text: "2026-01-28"}, "notified": {Text: "2026-02-02"}, "scored": {Text: "true"}, "scores[need].score": {Text: "3"}})
	decision, err := casework.DecisionOf(c, l, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if decision.Grants == nil || decision.Grants.Money != "2210.00" || len(decision.Scores) != 1 || decision.Scores[0].Of != "3" {
		t.Errorf("%+v", decision)
	}
	stage := c.Record.Learner.Value.Stage
	one("decided", func() error { _, err := b.desk(nil).Decide(ctx, decision); return err })

	c, l = life("impact")
	if got := c.Record.Learner.Value.TopUp; len(got) != 2 || got[0].From.String() != "2026-02-02" || got[1].From.String() != "2026-07-18" || c.Record.Learner.Value.Stage != stage {
		t.Errorf("%+v at %s", got, c.Record.Learner.Value.Stage)
	}
	proper(t, "impact", casework.ImpactForm(c, l), form.Answers{})
	_, a = walk(t, casework.ImpactForm(c, l), form.Answers{"date": {Text: "2026-07-08"}, "verdict": {Text: "Some, not sustained."}, "outcomes[0].after": {Text: "74.8"}})
	impact, err := casework.ImpactOf(c, l, a, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(impact.Outcomes) != len(l.Request.Value.OutcomesSought) || impact.Outcomes[0].After != "74.8" {
		t.Errorf("%+v", impact)
	}
	one("impact", func() error { _, err := b.desk(nil).Impact(ctx, impact); return err })
	b.sound()
}

// What cannot be cited is told by what it is, and never by its name.
func TestCite(t *testing.T) {
	b := fullRecord(t)
	c := b.caseOf("2026-01-15")
	dir := t.TempDir()
	put := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	secret := put("Ashworth.pdf", "x")
	link := filepath.Join(dir, "Ashworth-link.pdf")
	if err := os.Symlink(secret, link); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip("no links here:", err)
		}
		t.Fatal(err)
	}
	big := put("Ashworth-big.pdf", "")
	if err := os.Truncate(big, casework.MaxAttachment+1); err != nil {
		t.Fatal(err)
	}
	for name, typed := range map[string]string{
		"a folder": dir, "a link": link, "too large": big, "empty": put("Ashworth-none.pdf", ""), "not there": filepath.Join(dir, "Ashworth-gone.pdf"), "no passport": "passport",
	} {
		if x, err := casework.Cite(c, b.dir, dir, typed); err == nil || strings.Contains(err.Error(), "Ashworth") {
			t.Errorf("%s: %+v, %v", name, x, err)
		}
	}
	for _, typed := range []string{"learner", "contacts", c.Record.Cycles[0].Value.ID, c.Record.Contacts.Value.Contacts[0].ID} {
		if x, err := casework.Cite(c, b.dir, dir, typed); err != nil || x.Cites != typed {
			t.Errorf("%s: %+v, %v", typed, x, err)
		}
	}
	// One that lies among the attachments, and git does not have, stays where it is.
	own := "learners/" + b.id + "/attachments/2026-01-10-b2cd.txt"
	if err := os.MkdirAll(filepath.Dir(filepath.Join(b.dir, own)), 0o777); err != nil {
		t.Fatal(err)
	}
	b.write(own, "a page")
	q := b.requesting("cosa", "2026-01-15")
	_, a := walk(t, q.Form(), nil)
	made, _, err := q.Request(a, nil)
	if err != nil {
		t.Fatal(err)
	}
	done, err := b.desk(nil).OpenRequest(context.Background(), made)
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{own, "attachments/2026-01-10-b2cd.txt", filepath.Join(b.dir, own)} {
		x, err := casework.Cite(b.caseOf("2026-01-15"), b.dir, b.dir, typed)
		if err != nil {
			t.Fatal(err)
		}
		x.Item = "attendance"
		_, name, err := b.desk(nil).CiteEvidence(context.Background(), b.id, done.File, x, c.Today)
		if _, nothing := err.(*casework.NothingError); err != nil && !nothing {
			t.Fatal(err)
		}
		if name != own {
			t.Errorf("%s was taken as %s", typed, name)
		}
	}
	if out := b.git("status", "--porcelain", "--untracked-files=all"); out != "" {
		t.Errorf("git status: %s", out)
	}
	// Changed since: what cites it would find other bytes.
	b.write(own, "another page")
	x, err := casework.Cite(b.caseOf("2026-01-15"), b.dir, b.dir, own)
	if err != nil {
		t.Fatal(err)
	}
	x.Item = "measures"
	before := b.state()
	_, _, err = b.desk(nil).CiteEvidence(context.Background(), b.id, done.File, x, c.Today)
	refused[*casework.StateError](b, before, err)
}
