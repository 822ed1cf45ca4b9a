package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newShowCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "show LEARNER [CYCLE]", Short: "where a learner is, or one cycle in full",
		Long: `Shows where a learner is, on one screen: stage, the plan under way, what is due,
the last review, what was put right. With the id of a cycle it shows that cycle
in full, in sentences. A value that was corrected is always shown with what the
sealed file says.`,
		Example: `  sendctl show bk7m
  sendctl show bk7m k4f7`,
		Args: takes(1, 2, "one learner, and a cycle if you like"),
		RunE: func(c *cobra.Command, args []string) error {
			f, r, today, err := e.seen(c.Context(), args[0])
			if err != nil {
				return err
			}
			v := report.ShowOf(f, r, today)
			fault := e.alarm()
			if len(v.Faults) > 0 {
				fault = codeError(exitFindings) // a view with a gap is never "fine"
			}
			if len(args) == 1 {
				if e.flags.json {
					err = e.printJSON(v)
				} else {
					err = e.page(e.Out, render.Show(v))
				}
				return firstOf(err, fault)
			}
			i := slices.IndexFunc(r.Cycles, func(c cycleFile) bool { return c.Value.ID == args[1] })
			if i < 0 {
				var known []string
				for _, c := range r.Cycles {
					known = append(known, c.Value.ID)
				}
				return &casework.UnknownWordError{What: "cycle of " + r.ID, Typed: args[1], Known: known, Flag: "CYCLE"}
			}
			view := report.CycleOf(f, r, r.Cycles[i])
			if e.flags.json {
				return firstOf(e.printJSON(struct {
					Format string `json:"format"`
					report.Cycle
				}{"sendctl-cycle/1", view}), fault)
			}
			return firstOf(e.page(e.Out, render.Cycle(v.Name, view)), fault)
		},
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
