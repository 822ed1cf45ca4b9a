package cli

import "github.com/spf13/cobra"

// TODO(step 3): the command is being built.
func newAuditCmd(e *Env) *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "is the trail whole", RunE: func(*cobra.Command, []string) error { return usage("not built yet") }}
	c.AddCommand(newAuditVerifyCmd(e))
	return c
}
