package cli

import "github.com/spf13/cobra"

// TODO(step 3): the command is being built.
func newPurgeCmd(e *Env) *cobra.Command {
	return &cobra.Command{Use: "purge", Hidden: true, RunE: func(*cobra.Command, []string) error { return usage("not built yet") }}
}
