package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newNextCmd(e *Env) *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "next LEARNER", Short: "where the learner is, what is missing, who can supply it",
		Long: `Answers four questions about a learner. Where are we? What is due, and from
whom? What is missing for the next step, and who can supply it? Where do I turn
for help? Each thing that is due comes with the command to type.

What it looks for before a step is what the folder's pathway asks for. It
informs you and stops nobody. --to asks about one stage or request only. For a
request, that is everything a panel reads, in the order in which it reads it.`,
		Example: `  sendctl next bk7m
  sendctl next bk7m --to sen-support-plan
  sendctl next bk7m --to cosa`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			f, r, today, err := e.seen(c.Context(), args[0])
			if err != nil {
				return err
			}
			ask, err := destination(&f.Pathway.Value, r.Learner.Value.Stage, to, c.Flags().Changed("to"))
			if err != nil {
				return err
			}
			v := report.NextOf(f, r, ask, today)
			fault := e.alarm()
			if len(v.Faults) > 0 {
				fault = codeError(exitFindings) // a view with a gap is never "fine"
			}
			if e.flags.json {
				return firstOf(e.printJSON(v), fault)
			}
			return firstOf(e.page(e.Out, render.Next(v)), fault)
		},
	}
	c.Flags().StringVar(&to, "to", "", "ask about this `STAGE` or request only")
	_ = c.RegisterFlagCompletionFunc("to", e.completeDestination)
	return c
}

// destination is the id of the stage or request that was typed, from a learner's
// stage; "" where nothing was.
func destination(p *pathway.Pathway, from, typed string, given bool) (string, error) {
	if !given {
		return "", nil
	}
	if k, ok := p.Request(typed); ok {
		return k.ID, nil
	}
	s, ok := p.Stage(typed)
	switch {
	case !ok:
		return "", &casework.UnknownWordError{What: "stage or request", Typed: typed, Known: slices.Concat(p.StageIDs(), p.RequestIDs()), Flag: "--to"}
	case s.ID == from:
		return "", usage("--to: the learner is at the stage %s already; sendctl next without --to says what comes after it", s.ID)
	}
	return s.ID, nil
}

// completeDestination offers the stages and requests of the folder to the shell.
func (e *Env) completeDestination(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	f, err := e.look(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	p := &f.Pathway.Value
	return slices.Concat(p.StageIDs(), p.RequestIDs()), cobra.ShellCompDirectiveNoFileComp
}
