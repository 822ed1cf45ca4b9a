package cli

import "github.com/spf13/cobra"

func newNextCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "next LEARNER", Short: "where the learner is, what is missing, who can supply it",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
