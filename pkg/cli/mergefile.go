package cli

import "github.com/spf13/cobra"

// TODO(step 3): the command is being built.
func newMergeFileCmd(e *Env) *cobra.Command {
	return &cobra.Command{Use: "merge-file", Hidden: true, RunE: func(*cobra.Command, []string) error { return usage("not built yet") }}
}
