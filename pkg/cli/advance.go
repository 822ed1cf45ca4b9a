package cli

import "github.com/spf13/cobra"

func newAdvanceCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "advance LEARNER", Short: "the gate table, then the move",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
