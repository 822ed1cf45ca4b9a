package cli

import "github.com/spf13/cobra"

func newPassportCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "passport LEARNER", Short: "write and agree the passport",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
