package cli

import "github.com/spf13/cobra"

func newCensusPreflightCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "preflight", Short: "what the DfE would refuse or query", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
