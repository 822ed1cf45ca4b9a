package cli

import "github.com/spf13/cobra"

func newAdviceCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "advice LEARNER", Short: "a professional's advice and what came of it",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
