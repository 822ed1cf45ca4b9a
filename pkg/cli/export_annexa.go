package cli

import "github.com/spf13/cobra"

func newExportAnnexACmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "annex-a", Short: "the two lists of an inspection", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
