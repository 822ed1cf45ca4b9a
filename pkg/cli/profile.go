package cli

import "github.com/spf13/cobra"

func newProfileCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "profile LEARNER", Short: "write and agree the one-page profile",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
