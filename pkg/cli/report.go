package cli

import "github.com/spf13/cobra"

func newReportCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "report", Short: "tables of many learners, without names",
		Long: `Tables of many learners, for governors, an inspection or the area: how many
there are, and never who.`,
		Example: "  sendctl report numbers --by need",
		Args:    takes(0, 0, "one of its commands"),
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newReportNumbersCmd(e))
	return c
}
