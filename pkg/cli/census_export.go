package cli

import "github.com/spf13/cobra"

func newCensusExportCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "export", Short: "the SEN block for a census day", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
