package cli

import "github.com/spf13/cobra"

func newCensusDiffCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "diff", Short: "two days, or the folder and a list", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
