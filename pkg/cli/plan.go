package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newPlanCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "plan LEARNER", Short: "assess and plan: opens a cycle",
		Long: `Opens an assess-plan-do-review cycle at the learner's stage, or adds the plan to
the concern that is already open. What the last review decided is carried
forward: strengths, targets that continue (starting from the last figure) and
the support for them. What the learner and the family said is not carried
forward; you ask them again.

A plan needs a date by which it is reviewed. Only one cycle can be open at a
time.`,
		Example: `  sendctl plan bk7m
  sendctl plan bk7m --answers plan.yaml --no-input`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return e.plan(c, args[0], &given) },
	}
	given.add(e, c, "plan.targets[0].outcome=\"will ...\"",
		answerFlag{name: "date", path: "plan.date", help: "the `DATE` the plan is agreed"},
		answerFlag{name: "review-on", path: "plan.review_on", help: "the `DATE` by which to review it"},
		answerFlag{name: "agreed-with", path: "plan.agreed_with", help: "the `IDS` of the people who agreed it, with commas between"},
	)
	return c
}

func (e *Env) plan(c *cobra.Command, typed string, given *answering) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, given)
	if err != nil {
		return err
	}
	p, err := casework.StartPlan(cs, s.Has)
	if err != nil {
		return err
	}
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		cycle, err := p.Cycle(a, extra)
		if err != nil {
			return nil, err
		}
		v := report.View(cs.Folder, cs.Record, "", cycle)
		return render.Cycle(string(cs.Record.Identity.Value.Name), v), nil
	}
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: p.Form(), supply: s, today: cs.Today, draft: p.Draft(), back: back, ask: "Record this plan?"})
	if err != nil {
		return err
	}
	cycle, err := p.Cycle(answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Plan(ctx, p, cycle)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded the plan of %s for %s, cycle %s: review by %s. Next: sendctl note %s", cycle.Plan.Date.Long(), done.Learner, done.File, cycle.Plan.ReviewOn.Long(), done.Learner)
}
