package cli

import "github.com/spf13/cobra"

func newExportCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "files for other systems and for inspection",
		Args: takes(0, 0, "one of its commands"), Hidden: true,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newExportCTFCmd(e), newExportAnnexACmd(e), newExportSEN2Cmd(e))
	return c
}
