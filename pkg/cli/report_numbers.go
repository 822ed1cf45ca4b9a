package cli

import "github.com/spf13/cobra"

func newReportNumbersCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "numbers", Short: "how many, over terms", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
