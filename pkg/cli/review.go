package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newReviewCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "review [LEARNER]", Short: "record the review that closes a cycle",
		Long: `Records the review of a learner's open cycle: what became of each target, what
support was really given, what the learner and the family say, and the decision.
It asks one question at a time. Everything you type is kept: if you stop, type
the command again to carry on. At the end, it reads the review back to you in
sentences. Recording it seals the cycle's file: it never changes after that. To
put a mistake right, use sendctl correct.

Without a learner, it goes through the reviews that are due, one after the
other.

In a script, answer the same questions with --answers FILE or --set PATH=VALUE.
PATH is the place in the review part of the cycle's file, such as
targets[t1].result.`,
		Example: `  sendctl review
  sendctl review bk7m
  sendctl review bk7m --answers review.yaml --no-input`,
		Args: takes(0, 1, "one learner, or none"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := given.supply(e, c)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return e.reviewQueue(c.Context(), s)
			}
			desk, cs, err := e.one(c.Context(), args[0])
			if err != nil {
				return err
			}
			return e.review(c.Context(), desk, cs, s)
		},
	}
	given.add(e, c, "targets[t1].result=17",
		answerFlag{name: "date", path: "date", help: "the `DATE` the review was held, if not today"},
		answerFlag{name: "annual", path: "annual", help: "it was also the annual review of the EHC plan", yes: true},
		answerFlag{name: "present", path: "present", help: "the `IDS` of the people who took part, with commas between"},
		answerFlag{name: "progress", path: "progress", help: "the progress made: much-less, less, as-expected, more or much-more, as `WORD`"},
		answerFlag{name: "decision", path: "decision", help: "the decision: another-cycle, step-up, step-down or end, as `WORD`"},
	)
	return c
}

func (e *Env) review(ctx context.Context, desk *casework.Desk, cs casework.Case, s *casework.Supply) error {
	open, err := casework.Reviewable(cs)
	if err != nil {
		return err
	}
	cycle := open.Value
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		r, err := casework.ReviewOf(cs, cycle, a, extra)
		if err != nil {
			return nil, err
		}
		whole := cycle
		whole.Review = r
		return render.Review(string(cs.Record.Identity.Value.Name), report.View(cs.Folder, cs.Record, open.Path, whole)), nil
	}
	draft := casework.ReviewDraft(cs.Record.ID, cycle.ID)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: casework.ReviewForm(cs, cycle), supply: s, today: cs.Today, draft: draft, back: back, ask: "Record this review? It cannot be changed afterwards, only corrected."})
	if err != nil {
		return err
	}
	r, err := casework.ReviewOf(cs, cycle, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Review(ctx, cs.Record.ID, cycle.ID, r)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	next := "sendctl show " + done.Learner
	switch r.Decision {
	case "another-cycle":
		next = "sendctl plan " + done.Learner
	case "step-up", "step-down", "end":
		next = "sendctl advance " + done.Learner
	}
	return e.done(done, "Recorded and sealed: the review of %s for %s, cycle %s. Next: %s", r.Date.Long(), done.Learner, done.File, next)
}

// reviewQueue goes through what is due, longest overdue first.
func (e *Env) reviewQueue(ctx context.Context, s *casework.Supply) error {
	if !e.asks() {
		return usage("which learner? Give one: sendctl review LEARNER; sendctl due lists what is due")
	}
	if !s.Empty() {
		return usage("answers are for one learner's review; give the learner: sendctl review LEARNER")
	}
	_, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	today, err := e.today(f)
	if err != nil {
		return err
	}
	rows, err := e.rows(f, today)
	if err != nil {
		return err
	}
	due := report.Dues(rows, today, 0)
	if len(due) == 0 {
		e.say("No review is due today. sendctl due --within 30 shows what comes next; sendctl review LEARNER records one early.")
		return nil
	}
	e.say("%d due. After each one you can stop.", len(due))
	for i, d := range due {
		options := []form.Option{{Value: "review", Words: "review now"}, {Value: "later", Words: "not this one; go to the next"}, {Value: "stop", Words: "stop here"}}
		fmt.Fprintln(e.Err)
		got, err := e.prompter(today).Choose(ctx, fmt.Sprintf("%d of %d: %s (%s), %s, %s.", i+1, len(due), d.Name, d.ID, d.Stage, d.When), options, "review")
		if err != nil {
			return err
		}
		if got == "stop" {
			return nil
		}
		if got == "later" {
			continue
		}
		desk, cs, err := e.one(ctx, d.ID)
		if err != nil {
			return err
		}
		if err := e.review(ctx, desk, cs, &casework.Supply{}); err != nil {
			return err
		}
	}
	return nil
}
