package cli

import "github.com/spf13/cobra"

func newRequestCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "request LEARNER", Short: "the life of a STAR or COSA request",
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error { return usage("not built yet") },
	}
}
