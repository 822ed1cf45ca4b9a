package cli

import "github.com/spf13/cobra"

func newExportSEN2Cmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "sen2", Short: "what the authority's SEN2 return will ask", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
