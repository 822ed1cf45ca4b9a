package cli

import "github.com/spf13/cobra"

func newImportCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "import FILE", Short: "many new learners, from a list or a CTF", Hidden: true,
		RunE: func(*cobra.Command, []string) error { return usage("this is being built") },
	}
}
