package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/schemas"
)

func newSchemaCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "schema [KIND]", Short: "the JSON Schema of a kind of file",
		Long: `Prints the JSON Schema (2020-12) of one kind of record file, for editors and
other programs. Without KIND, it lists the kinds. A folder made by sendctl init
has them in .sendctl/schemas, and editors that read .vscode/settings.json use
them there.`,
		Example: `  sendctl schema
  sendctl schema cycle > cycle.schema.json`,
		Args: takes(0, 1, "one kind, or none to list them"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				if e.flags.json {
					return e.printJSON(struct {
						Format string   `json:"format"`
						Kinds  []string `json:"kinds"`
					}{"sendctl-kinds/1", schemas.Kinds()})
				}
				for _, k := range schemas.Kinds() {
					fmt.Fprintln(e.Out, k)
				}
				return nil
			}
			src, ok := schemas.Schema(args[0])
			if !ok {
				return &casework.UnknownWordError{What: "kind of file", Typed: args[0], Known: schemas.Kinds(), Flag: "KIND"}
			}
			_, err := e.Out.Write(src)
			return err
		},
	}
}
