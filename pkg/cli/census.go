package cli

import "github.com/spf13/cobra"

func newCensusCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "census", Short: "the school census: check it, make it, compare it",
		Args: takes(0, 0, "one of its commands"), Hidden: true,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newCensusPreflightCmd(e), newCensusExportCmd(e), newCensusDiffCmd(e))
	return c
}
