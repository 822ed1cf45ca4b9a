package cli

import "github.com/spf13/cobra"

func newExportCTFCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "ctf LEARNER", Short: "the SEN history for a Common Transfer File", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
