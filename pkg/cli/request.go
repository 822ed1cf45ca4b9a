package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

// requestFlags are the flags that answer questions, with the paths they answer
// under each of the words that come after the learner.
func requestFlags() []requestFlag {
	return []requestFlag{
		{"date", "the `DATE` it happened, if not today (the panel's day with decided)", map[string]string{"open": "opened", "send": "sent", "letter": "date", "decided": "panel", "impact": "date"}, false},
		{"because", "why it goes ahead with something missing, in `WORDS`", map[string]string{"open": "because", "send": "because"}, false},
		{"asked-by", "open: who asks, an `ID`, if not you", map[string]string{"open": "asked_by"}, false},
		{"reasons", "open: why you make it, in `WORDS`; decided: the reasons, as codes", map[string]string{"open": "reasons", "decided": "reasons"}, false},
		{"consent", "open, send: the `CONSENTS` it is based on: mum/2026-09-10, or new", map[string]string{"open": "consent", "send": "consent"}, false},
		{"consent-to", "open, send: a new consent: what was agreed to, in `WORDS`", map[string]string{"open": "consented.to", "send": "consented.to"}, false},
		{"consent-by", "open, send: the `ID` of the person who agreed", map[string]string{"open": "consented.given_by", "send": "consented.given_by"}, false},
		{"consent-date", "open, send: the `DATE` they agreed", map[string]string{"open": "consented.date", "send": "consented.date"}, false},
		{"consent-until", "open, send: the `DATE` until which it holds", map[string]string{"open": "consented.until", "send": "consented.until"}, false},
		{"targets", "open: the `IDS` of the current targets it continues", map[string]string{"open": "targets"}, false},
		{"outcome", "open: what else should be different, in `WORDS` (repeat for more)", map[string]string{"open": "outcomes_sought"}, false},
		{"support", "open: the extra support needed, in `WORDS` (repeat for more)", map[string]string{"open": "support_sought"}, false},
		{"from", "open, decided: the first `DATE` the money is for", map[string]string{"open": "asks.from", "decided": "grants.from"}, false},
		{"to", "open, decided: the last `DATE` it is for", map[string]string{"open": "asks.to", "decided": "grants.to"}, false},
		{"declared", "send: the `IDS` of the people who declare it complete and true", map[string]string{"send": "declared"}, false},
		{"what", "letter: what it says, a `CODE` such as received", map[string]string{"letter": "what"}, false},
		{"reference", "letter: their reference `NUMBER`", map[string]string{"letter": "reference"}, false},
		{"words", "letter, decided: what it says, in `WORDS`", map[string]string{"letter": "words", "decided": "words"}, false},
		{"result", "decided: what was decided, a `CODE`", map[string]string{"decided": "result"}, false},
		{"would-change", "decided: what would change a refusal, in `WORDS`", map[string]string{"decided": "would_change"}, false},
		{"appeal-told", "decided: the `DATE` the family was told about appeal and mediation", map[string]string{"decided": "appeal_told"}, false},
		{"condition", "decided: what it depends on, in `WORDS` (repeat for more)", map[string]string{"decided": "conditions"}, false},
		{"money", "decided: how much was granted, in `POUNDS`", map[string]string{"decided": "grants.money"}, false},
		{"impact-by", "decided: the `DATE` by which they want to hear what it changed", map[string]string{"decided": "impact_by"}, false},
		{"member", "decided: a `ROLE` on the panel (repeat for more)", map[string]string{"decided": "members"}, false},
		{"recused", "decided: the `NUMBER` who took no part", map[string]string{"decided": "recused"}, false},
		{"chair", "decided: the chair's `ID`", map[string]string{"decided": "chair"}, false},
		{"moderator", "decided: the second reader's `ID`", map[string]string{"decided": "moderator"}, false},
		{"second-total", "decided: the second rater's `TOTAL`", map[string]string{"decided": "second_total"}, false},
		{"feedback", "decided: what they said about the request (repeat for more), in `WORDS`", map[string]string{"decided": "feedback"}, false},
		{"notified", "decided: the `DATE` family and setting were told", map[string]string{"decided": "notified"}, false},
		{"verdict", "impact: what difference it made, in `WORDS`", map[string]string{"impact": "verdict"}, false},
	}
}

type requestFlag struct {
	name, help string
	paths      map[string]string // by word
	yes        bool
}

// requestWords are the words that may come after the learner.
func requestWords() []string {
	return []string{"open", "show", "edit", "cite", "send", "withdraw", "letter", "decided", "impact"}
}

// requesting is one call of the command: its flags and the word typed.
type requesting struct {
	answering
	which, pages string
	none         bool
}

func newRequestCmd(e *Env) *cobra.Command {
	var q requesting
	c := &cobra.Command{
		Use: "request LEARNER [WORD ...]", Short: "a STAR or COSA request, from draft to decision",
		Long: `Without a word, it shows the learner's requests, their time limits, and what is
missing. A request runs beside the stage, whose cycles go on. Several can be
open at once, and a refusal does not change the stage.

  open KIND       starts a draft. What the record holds is filled in, and you
                  are not asked for it: evidence, costs, readiness. If something
                  is missing that a panel looks for, that is shown first. You
                  can make the request all the same, at any time, with
                  --because; a parent's or young person's own request for an
                  assessment needs no reason
  show            one request in full: readiness, evidence, costs, time limits
  edit            opens the draft in your editor (in a script: sendctl edit)
  cite ITEM FILE  adds evidence for an item: a file or contact by its id, one of
                  learner, passport, profile, contacts, or a file on disk, kept
                  with the record under a name that gives nothing away. With
                  --none and --because in place of FILE: the item does not apply
  send            fills in the draft again, notes its readiness, and seals it
  withdraw        drops a draft; to take back what was sent, use decided
  letter          a letter to or from whoever decides; time limits count from it
  decided         a decision, sealed; there can be several. Money granted is put
                  into learner.yaml, from its first day to its last
  impact          what money for a time changed, outcome by outcome, sealed

If there are several requests, --request says which one, by its id or its kind.`,
		Example: `  sendctl request bk7m
  sendctl request bk7m open star
  sendctl request bk7m cite specialist-advice report.pdf --pages 3-5
  sendctl request bk7m send --declared eyre
  sendctl request bk7m letter --what received --date 2026-09-17
  sendctl request bk7m decided --answers decision.yaml --no-input`,
		Args: takes(1, 4, "one learner, and what to do if you like"),
		RunE: func(c *cobra.Command, args []string) error { return e.request(c, args, &q) },
	}
	var flags []answerFlag
	for _, f := range requestFlags() {
		flags = append(flags, answerFlag{name: f.name, path: f.name, help: f.help, yes: f.yes})
	}
	q.add(e, c, `"reasons=..."`, flags...)
	c.Flags().StringVar(&q.which, "request", "", "which request, by its `ID` or kind")
	c.Flags().StringVar(&q.pages, "pages", "", "cite: the `PAGES`, such as 3 or 3-5")
	c.Flags().BoolVar(&q.none, "none", false, "cite: the item does not apply")
	return c
}

func (e *Env) request(c *cobra.Command, args []string, q *requesting) error {
	word := ""
	if len(args) > 1 {
		word = args[1]
	}
	if word != "" && !slices.Contains(requestWords(), word) {
		return usage("there is no %q after the learner%s; there are: %s", word, diag.DidYouMean(word, requestWords()), list(requestWords()))
	}
	if err := q.fits(c, word); err != nil {
		return err
	}
	rest := args[min(2, len(args)):]
	wants := map[string][2]int{"open": {1, 1}, "cite": {1, 2}, "letter": {0, 1}}[word]
	if len(rest) < wants[0] || len(rest) > wants[1] {
		return usage("%s", map[string]string{
			"open": "open wants a kind of request, such as: sendctl request " + args[0] + " open star",
			"cite": "cite wants an item and a file: sendctl request " + args[0] + " cite ITEM FILE",
		}[word]+extraWords(word, rest))
	}
	switch word {
	case "":
		return e.requests(c.Context(), args[0])
	case "open":
		return e.requestOpen(c, args[0], rest[0], &q.answering)
	case "show":
		return e.requestShow(c.Context(), args[0], q.which)
	case "edit":
		return e.requestEdit(c, args[0], q)
	case "cite":
		return e.requestCite(c, args[0], rest, q)
	case "send":
		return e.requestSend(c, args[0], q)
	case "withdraw":
		return e.requestWithdraw(c, args[0], q)
	case "letter":
		return e.requestLetter(c, args[0], rest, q)
	case "decided":
		return e.requestDecided(c, args[0], q)
	}
	return e.requestImpact(c, args[0], q)
}

func extraWords(word string, rest []string) string {
	if word == "open" || word == "cite" {
		return ""
	}
	return fmt.Sprintf("%s takes no further words, and %d were given", word, len(rest))
}

// fits refuses a flag that the word has no use for, and points every other at the
// question it answers there.
func (q *requesting) fits(c *cobra.Command, word string) error {
	own := map[string][]string{"request": {"show", "edit", "cite", "send", "withdraw", "letter", "decided", "impact"}, "pages": {"cite"}, "none": {"cite"}, "because": {"open", "send", "cite"}}
	for _, name := range []string{"answers", "set", "questions"} {
		own[name] = []string{"open", "send", "letter", "decided", "impact"}
	}
	for _, f := range requestFlags() {
		for w, path := range f.paths {
			if !slices.Contains(own[f.name], w) {
				own[f.name] = append(own[f.name], w)
			}
			if w == word {
				q.flags[f.name] = path
			}
		}
	}
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		words, ours := own[f.Name]
		if !ours || slices.Contains(words, word) || err != nil {
			return
		}
		slices.Sort(words)
		what := word
		if what == "" {
			what = "the list of requests"
		}
		err = usage("--%s says nothing to %s; it goes with: %s", f.Name, what, list(words))
	})
	return err
}

// requests shows all of a learner's requests.
func (e *Env) requests(ctx context.Context, typed string) error {
	f, r, today, err := e.seen(ctx, typed)
	if err != nil {
		return err
	}
	fault := e.alarm()
	all := report.RequestsOf(f, r, today)
	if e.flags.json {
		if all == nil {
			all = []report.Request{}
		}
		return firstOf(e.printJSON(struct {
			Format   string           `json:"format"`
			Learner  string           `json:"learner"`
			Requests []report.Request `json:"requests"`
		}{"sendctl-requests/1", r.ID, all}), fault)
	}
	if len(all) == 0 {
		e.say("%s has no request. To begin one: sendctl request %s open KIND, where KIND is one of: %s.", r.ID, r.ID, list(f.Pathway.Value.RequestIDs()))
		return fault
	}
	return firstOf(e.page(e.Out, render.Requests(string(r.Identity.Value.Name), all)), fault)
}

// requestShow shows one request in full.
func (e *Env) requestShow(ctx context.Context, typed, which string) error {
	f, r, today, err := e.seen(ctx, typed)
	if err != nil {
		return err
	}
	fault := e.alarm()
	l, err := casework.PickRequest(casework.Case{Folder: f, Record: r, Today: today}, "show", which)
	if err != nil {
		return err
	}
	v, _ := report.RequestFileOf(f, r, l.Request.Value.ID, today)
	if e.flags.json {
		return firstOf(e.printJSON(v), fault)
	}
	return firstOf(e.page(e.Out, render.RequestFile(string(r.Identity.Value.Name), v)), fault)
}

// requestOpen begins a request of a kind for the learner typed. It is what
// `request LEARNER open KIND` does, and `advance LEARNER --to KIND`.
func (e *Env) requestOpen(c *cobra.Command, typed, kind string, given *answering) error {
	ctx := c.Context()
	for _, f := range requestFlags() { // advance has flags of its own by the same names
		if _, ours := given.flags[f.name]; ours && (f.name == "date" || f.name == "because") {
			given.flags[f.name] = f.paths["open"]
		}
	}
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	k, ok := cs.Folder.Pathway.Value.Request(kind)
	if !ok {
		return &casework.UnknownWordError{What: "kind of request", Typed: kind, Known: cs.Folder.Pathway.Value.RequestIDs(), Flag: "KIND"}
	}
	q, err := casework.StartRequest(cs, k)
	if err != nil {
		return err
	}
	by, told := s.Peek("asked_by")
	if !told && !e.asks() {
		by = cs.Me.ID
	}
	if err := q.Beside(by); err != nil && !e.flags.questions {
		return err
	}
	takeConsent(s)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: flagged(q.Form(), given), supply: s, today: cs.Today, draft: q.Draft()})
	if err != nil {
		return err
	}
	made, notCosted, err := q.Request(answers, extra)
	if err != nil {
		return err
	}
	table := q.Gate(made)
	switch {
	case len(gate.Unmet(table)) == 0 || made.Because != "":
	case q.ByRight(made):
		e.ownRequest(cs, k.ID, table)
	default:
		return e.notOpened(cs, k.ID, string(k.Words), table)
	}
	done, err := desk.OpenRequest(ctx, made)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	for _, x := range notCosted {
		e.say("Not counted among the costs: %s.", x)
	}
	ready := 0
	for _, x := range made.Readiness {
		if x.State == string(gate.Present) || x.State == string(gate.NotApplicable) {
			ready++
		}
	}
	return e.done(done, "Begun: %s request %s for %s, a draft; %d of %s of evidence there. What is missing: sendctl request %s show --request %s", k.Words, done.File, done.Learner, ready, plural(len(made.Readiness), "item", "items"), done.Learner, done.File)
}

// flagged leaves out of each question the flag that this command does not have, or
// has for something else: advance, for one, whose --to is the stage.
func flagged(script form.Script, given *answering) form.Script {
	return func(a form.Answers) []form.Question {
		qs := script(a)
		for i, x := range qs {
			if given.flags[strings.TrimPrefix(x.Flag, "--")] != x.Path {
				qs[i].Flag = ""
			}
		}
		return qs
	}
}

// takeConsent says that the consent is a new one, where what it is was given.
func takeConsent(s *casework.Supply) {
	if s.Has("consented") && !s.Has("consent") {
		s.Set("consent", "new", "--consent-to")
	}
}

// ownRequest shows what is not met of a request that goes ahead without a reason,
// since whoever asks has a right to.
func (e *Env) ownRequest(cs casework.Case, kind string, table []gate.Line) {
	if e.flags.json {
		return
	}
	v := report.GateOf(cs.Folder, cs.Record, kind, gate.Gate{Way: "request", Usual: true}, table)
	who := cs.ID()
	if e.asks() {
		who = string(cs.Record.Identity.Value.Name)
	}
	_ = e.page(e.Err, render.Gate(who, v)) // talk
	e.say("It goes ahead without a reason: the family asks, and that is their right.")
}

// notOpened prints the gate of a request that is not opened, because something is
// not met and nobody said why it should go ahead all the same.
func (e *Env) notOpened(cs casework.Case, kind, words string, table []gate.Line) error {
	v := report.GateOf(cs.Folder, cs.Record, kind, gate.Gate{Way: "request", Usual: true}, table)
	why := fmt.Sprintf("the %s request was not opened, and nothing was recorded: something is not met in full. It may lawfully be made at any time: say why it goes ahead with --because \"...\"; the reason goes with the request", words)
	return e.unmetTable(v, render.Gate(cs.ID(), v), why)
}

// unmetTable prints what is not met to stdout, and why nothing was done to stderr.
func (e *Env) unmetTable(v any, lines []render.Line, why string) error {
	if e.flags.json {
		if err := e.printJSON(v); err != nil {
			return err
		}
		return codeError(e.reportJSON(errors.New(why), exitFindings))
	}
	if err := e.page(e.Out, lines); err != nil {
		return err
	}
	e.say("%s.", report.Capital(why))
	return codeError(exitFindings)
}

// requestEdit opens the draft in the editor.
func (e *Env) requestEdit(c *cobra.Command, typed string, q *requesting) error {
	_, cs, err := e.one(c.Context(), typed)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "edit", q.which)
	if err != nil {
		return err
	}
	id := l.Request.Value.ID
	if !e.asks() {
		return usage("there is nobody to open an editor for; give: sendctl edit %s %s --set PATH=VALUE", cs.ID(), id)
	}
	return e.edit(c, []string{cs.ID(), id}, nil, "")
}

// requestCite adds a piece of evidence.
func (e *Env) requestCite(c *cobra.Command, typed string, rest []string, q *requesting) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &q.answering)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "cite", q.which)
	if err != nil {
		return err
	}
	item, err := casework.Item(l, rest[0])
	if err != nil {
		return err
	}
	why, told := s.Peek("because")
	switch {
	case q.none && len(rest) == 2:
		return usage("--none says that the item does not apply, so there is no file to give")
	case q.none && strings.TrimSpace(why) == "":
		return usage("--none wants the reason why the item does not apply: --because \"...\"")
	case !q.none && told:
		return usage("--because goes with --none: a file needs no reason")
	case !q.none && len(rest) < 2:
		return usage("cite wants a file: sendctl request %s cite %s FILE, or --none --because \"...\" where it does not apply", cs.ID(), item)
	case q.none && q.pages != "":
		return usage("--pages goes with a file")
	case q.pages != "" && !casework.Pages(q.pages):
		return usage("--pages wants a page or a span of pages, such as 3 or 3-5")
	}
	x := casework.Citation{None: true, Because: casework.Reason(why)}
	if !q.none {
		if x, err = casework.Cite(cs, desk.Repo.Root(), e.dir(), rest[1]); err != nil {
			return err
		}
	}
	x.Item, x.Pages = item, q.pages
	done, name, err := desk.CiteEvidence(ctx, cs.ID(), l.Request.Value.ID, x, cs.Today)
	if err != nil {
		return err
	}
	switch {
	case q.none:
		return e.done(done, "Noted in request %s: %s does not apply.", done.File, item)
	case name != "":
		return e.done(done, "Cited in request %s for %s: %s.", done.File, item, name)
	}
	return e.done(done, "Cited in request %s for %s: %s.", done.File, item, x.Cites)
}

// requestSend seals a draft.
func (e *Env) requestSend(c *cobra.Command, typed string, q *requesting) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &q.answering)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "send", q.which)
	if err != nil {
		return err
	}
	send := casework.StartSend(cs, l)
	takeConsent(s)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: send.Form(), supply: s, today: cs.Today, draft: send.Draft(),
		yes: "yes, send it", ask: "Send this request? It cannot be changed afterwards, only corrected.", back: e.sendBack(cs, send)})
	if err != nil {
		return err
	}
	if answers, err = unasked(answers, extra); err != nil {
		return err
	}
	missing := send.Missing(answers)
	switch {
	case len(missing) == 0 || send.Because(answers) != "":
	case send.ByRight():
		e.ownRequest(cs, l.Kind.ID, missing)
	default:
		v := report.GateOf(cs.Folder, cs.Record, l.Kind.ID, gate.Gate{Way: "request", Usual: true}, missing)
		why := fmt.Sprintf("the request %s was not sent, and nothing was recorded: %s missing. It may be sent at any time: say why it goes all the same with --because \"...\"", l.Request.Value.ID, plural(len(missing), "item of evidence is", "items of evidence are"))
		return e.unmetTable(v, render.Gate(cs.ID(), v), why)
	}
	done, notCosted, err := desk.SendRequest(ctx, send, answers)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	for _, x := range notCosted {
		e.say("Not counted among the costs: %s.", x)
	}
	if len(missing) > 0 {
		var ids []string
		for _, x := range missing {
			ids = append(ids, x.Check.ID)
		}
		e.say("Missing when it was sent: %s.", strings.Join(ids, ", "))
	}
	next := ""
	if len(l.Kind.Letters) > 0 {
		next = fmt.Sprintf(" Next, when they have it: sendctl request %s letter --what %s --request %s", done.Learner, l.Kind.Letters[0].Code, done.File)
	}
	return e.done(done, "Sent and sealed: %s request %s for %s, %s.%s", l.Kind.Words, done.File, done.Learner, send.On(answers).Long(), next)
}

// requestWithdraw drops a draft.
func (e *Env) requestWithdraw(c *cobra.Command, typed string, q *requesting) error {
	desk, cs, err := e.one(c.Context(), typed)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "withdraw", q.which)
	if err != nil {
		return err
	}
	done, err := desk.WithdrawRequest(c.Context(), l)
	if err != nil {
		return err
	}
	return e.done(done, "Withdrawn: the draft of the %s request %s of %s is gone from the record; the history keeps it.", l.Kind.Words, done.File, done.Learner)
}

// unasked adds to the answers a reason that was given without being asked for: the
// rest of the request is in the draft.
func unasked(a form.Answers, extra casework.Extra) (form.Answers, error) {
	var beyond struct {
		Because learner.Words `yaml:"because"`
	}
	if err := extra(&beyond); err != nil || beyond.Because == "" {
		return a, err
	}
	a = maps.Clone(a)
	a["because"] = form.Answer{Text: string(beyond.Because)}
	return a, nil
}

// sendBack reads the request back as it would be sealed: whole, but for what a
// person at that question has no use for. What is there stands as a number, what is
// missing in a line each without what would meet it, evidence and costs as a number.
func (e *Env) sendBack(cs casework.Case, send *casework.Sending) func(form.Answers, casework.Extra) ([]render.Line, error) {
	return func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		a, err := unasked(a, extra)
		if err != nil {
			return nil, err
		}
		l := send.Life
		if l.Request.Value, err = send.Preview(a); err != nil {
			return nil, err
		}
		v := report.RequestOf(cs.Folder, cs.Record, l, cs.Today)
		counts := fmt.Sprintf("With it go %s and %s. One by one: sendctl request %s show --request %s",
			plural(len(v.Evidence), "piece of evidence", "pieces of evidence"), plural(len(v.Costs), "cost", "costs"), cs.ID(), v.ID)
		v.StateWords, v.Next, v.Help, v.Limits, v.Evidence, v.Costs, v.NotCosted = "about to be sent", "", nil, nil, nil, nil, nil
		for i := range v.Readiness {
			if v.Readiness[i].State == string(gate.Missing) {
				v.Readiness[i].Found = ""
			}
		}
		there := report.Capital(string(gate.Present)) + ": "
		lines := slices.DeleteFunc(render.Request(string(cs.Record.Identity.Value.Name), v), func(x render.Line) bool { return x.Indent > 0 && strings.HasPrefix(x.Text, there) })
		return append(lines, render.Line{}, render.Line{Text: counts}), nil
	}
}
