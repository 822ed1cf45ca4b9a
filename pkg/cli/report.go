package cli

import "github.com/spf13/cobra"

func newReportCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "report", Short: "tables over many learners",
		Args: takes(0, 0, "one of its commands"), Hidden: true,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newReportNumbersCmd(e))
	return c
}
