package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newAdviceCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "advice LEARNER [act [ADVICE] [RECOMMENDATION] | show [ADVICE]]", Short: "a professional's advice and what came of it",
		Long: `Records what a professional from outside advises: who it is, when they were
asked and saw the learner, who agreed to that, what they found, and what they
recommend, one thing at a time. If the record has no consent for those days, it
asks for one and writes it to learner.yaml with the advice.

act records what came of one recommendation: it has been in place since a day,
it is decided on, or it is not followed, with the reason. show lists all the
advice and what is still open.`,
		Example: `  sendctl advice bk7m
  sendctl advice bk7m act r1 --action "A reader pen, shown to the class team." \
    --done 2026-09-07
  sendctl advice bk7m act t9wc r2 --not-followed "No room for it this term."
  sendctl advice bk7m show`,
		Args: takes(1, 4, "one learner, and act or show if you like"),
		RunE: func(c *cobra.Command, args []string) error { return e.advice(c, args, &given) },
	}
	given.add(e, c, "recommendations[0].words=\"...\"",
		answerFlag{name: "by", path: "by", help: "the `ID` of the professional"},
		answerFlag{name: "qualification", path: "qualification", help: "what qualifies them, in `WORDS`, if people.yaml does not say"},
		answerFlag{name: "asked", path: "asked", help: "the `DATE` they were asked"},
		answerFlag{name: "seen", path: "seen", help: "the `DATE` they saw the learner"},
		answerFlag{name: "date", path: "date", help: "the `DATE` of the advice"},
		answerFlag{name: "consent", path: "consent", help: "the `ID` of the person who agreed to ask them: a relative, or learner"},
		answerFlag{name: "covered", path: "covered", help: "`YES` or no: an earlier consent covers it"},
		answerFlag{name: "consent-to", path: "consented.to", help: "what they agreed to, in `WORDS`, if not recorded yet"},
		answerFlag{name: "consent-date", path: "consented.date", help: "the `DATE` they agreed"},
		answerFlag{name: "consent-until", path: "consented.until", help: "the `DATE` until which it holds"},
		answerFlag{name: "finding", path: "findings", help: "what they found, in `WORDS`; can be given again"},
		answerFlag{name: "shared", path: "shared", help: "the `DATE` the parents got it"},
		answerFlag{name: "review-on", path: "review_on", help: "the `DATE` to check how it went"},
		answerFlag{name: "restricted", path: "restricted", help: "not for everyone who may read the record", yes: true},
		answerFlag{name: "came", path: "came", help: "act: `WHAT` came of it: in-place, decided or not-followed"},
		answerFlag{name: "action", path: "action", help: "act: what is done about it, in `WORDS`"},
		answerFlag{name: "done", path: "done", help: "act: the `DATE` it was put in place"},
		answerFlag{name: "not-followed", path: "not_followed", help: "act: why it is not followed, in `WORDS`"},
	)
	return c
}

func (e *Env) advice(c *cobra.Command, args []string, given *answering) error {
	if len(args) == 1 {
		if err := belongs(c, false, "sendctl advice LEARNER act"); err != nil {
			return err
		}
		return e.advise(c, args[0], given)
	}
	switch args[1] {
	case "act":
		if err := belongs(c, true, "sendctl advice LEARNER"); err != nil {
			return err
		}
		return e.actOn(c, args[0], args[2:], given)
	case "show":
		if len(args) > 3 {
			return usage("show takes one advice at most")
		}
		return e.advised(c, args[0], args[2:])
	}
	return &casework.UnknownWordError{What: "part of advice", Typed: args[1], Known: []string{"act", "show"}, Flag: "advice"}
}

// belongs refuses flags of the other half of the command: of act, or of recording.
func belongs(c *cobra.Command, act bool, other string) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		isAct := slices.Contains([]string{"came", "action", "done", "not-followed"}, f.Name)
		both := slices.Contains([]string{"answers", "set", "questions", "with-edits"}, f.Name) || c.InheritedFlags().Lookup(f.Name) != nil
		if isAct != act && !both && err == nil {
			err = usage("--%s belongs to: %s", f.Name, other)
		}
	})
	return err
}

func (e *Env) advise(c *cobra.Command, typed string, given *answering) error {
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	script := casework.AdviceForm(cs)
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		adv, _, err := casework.AdviceOf(cs, a, extra)
		if err != nil {
			return nil, err
		}
		return render.Advice(report.AdviceOf(cs.Folder, cs.Record, "", adv)), nil
	}
	answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "advice-" + cs.Record.ID, back: back, ask: "Record this advice?"})
	if err != nil {
		return err
	}
	adv, with, err := casework.AdviceOf(cs, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Advise(c.Context(), cs.Record.ID, adv, with)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	open := report.AdviceOf(cs.Folder, cs.Record, "", adv).Open
	next := ""
	if open > 0 {
		next = fmt.Sprintf(" Open: %d; when something comes of one: sendctl advice %s act", open, done.Learner)
	}
	return e.done(done, "Recorded the advice of %s for %s, %s: %s.%s", adv.Date.Long(), done.Learner, done.File, plural(len(adv.Recommendations), "recommendation", "recommendations"), next)
}

func (e *Env) actOn(c *cobra.Command, typed string, which []string, given *answering) error {
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	if s.Has("not_followed") && (s.Has("action") || s.Has("done")) {
		return usage("give --action and --done, or --not-followed: a recommendation is in place or it is not followed")
	}
	script, err := casework.ActForm(cs)
	if err != nil {
		return err
	}
	at, err := casework.FindRecommendation(cs.Record, which)
	if err != nil {
		return err
	}
	if at != "" {
		s.Set("recommendation", at, "RECOMMENDATION")
	}
	if came := cameOf(s); came != "" && !s.Has("came") {
		s.Set("came", came, "the flags")
	}
	answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "advice-act-" + cs.Record.ID})
	if err != nil {
		return err
	}
	var x casework.Acted
	if err := casework.Fill(&x, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.ActOn(c.Context(), cs.Record.ID, x)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded for %s what came of the advice %s.", done.Learner, done.File)
}

// cameOf is what the flags say came of a recommendation, where one of them says so.
func cameOf(s *casework.Supply) string {
	switch {
	case s.Has("not_followed"):
		return casework.NotFollowed
	case s.Has("done"):
		return casework.InPlace
	case s.Has("action"):
		return casework.Decided
	}
	return ""
}

func (e *Env) advised(c *cobra.Command, typed string, which []string) error {
	f, r, _, err := e.seen(c.Context(), typed)
	if err != nil {
		return err
	}
	v := report.AdvisedOf(f, r)
	if len(which) > 0 {
		i := slices.IndexFunc(v.Advice, func(a report.Advice) bool { return a.ID == which[0] })
		if i < 0 {
			var known []string
			for _, a := range v.Advice {
				known = append(known, a.ID)
			}
			return &casework.UnknownWordError{What: "advice on " + r.ID, Typed: which[0], Known: known, Flag: "ADVICE"}
		}
		v.Advice, v.Open = v.Advice[i:i+1], v.Advice[i].Open
	}
	if e.flags.json {
		return firstOf(e.printJSON(v), e.alarm())
	}
	return firstOf(e.page(e.Out, render.Advised(v)), e.alarm())
}
