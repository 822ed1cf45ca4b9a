package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/schemas"
)

// ownPathway is the pathway shown where there is no record folder.
const ownPathway = "northumberland"

// stagesTopic is the page about the stages as a topic: what `sendctl help` lists
// it under. newStagesCmd prints it.
const stagesTopic = `The stages of the graduated approach, and the requests beside them, are data:
they are in the record folder's file pathway.yaml. For each stage, the guide
gives the entry test, what it holds, who takes part, how often it is reviewed,
the exit test, the usual next steps, and where to turn:

  sendctl help stages
  sendctl help stages sen-support-plan
  sendctl help stages cosa

To see where a learner is and what is missing for the next step:
sendctl next LEARNER
`

// newStagesCmd is `help stages`, a command below help since it takes a word and
// reads the folder. It is hidden since the topic of that name is what is listed.
func newStagesCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Hidden: true,
		Use:    "stages [STAGE]", Short: "the guide to each stage, or to one",
		Long: `Prints the guide to the stages, or to one stage or request: entry test, what it
holds, who takes part, how often it is reviewed, exit test, the usual next
steps, and where to turn. It is the guide of the record folder you are in, or
else of the pathway that comes with sendctl.`,
		Example: `  sendctl help stages
  sendctl help stages sen-support-plan`,
		Args:              takes(0, 1, "one stage, or none"),
		ValidArgsFunction: e.completeStage,
		RunE: func(c *cobra.Command, args []string) error {
			typed := ""
			if len(args) > 0 {
				typed = args[0]
			}
			return e.stagesPage(c.Context(), typed)
		},
	}
}

func (e *Env) stagesPage(ctx context.Context, typed string) error {
	p, builtIn, err := e.pathway(ctx)
	if err != nil {
		return err
	}
	if typed != "" {
		stage, isStage := p.Stage(typed)
		request, isRequest := p.Request(typed)
		switch {
		case isStage:
			typed = stage.ID
		case isRequest:
			typed = request.ID
		default:
			return &casework.UnknownWordError{What: "stage or request", Typed: typed, Known: slices.Concat(p.StageIDs(), p.RequestIDs()), Flag: "STAGE"}
		}
	}
	v := report.StagesOf(p, typed, builtIn)
	if e.flags.json {
		return e.printJSON(v)
	}
	return e.page(e.Out, render.Stages(v))
}

// pathway is that of the record folder, or where there is none the one that comes
// with the program.
func (e *Env) pathway(ctx context.Context) (p *pathway.Pathway, builtIn bool, err error) {
	f, err := e.look(ctx)
	switch {
	case err == nil && f.Pathway.Doc == nil:
		e.say("pathway.yaml cannot be read, so there is no guide to show: sendctl validate says where it goes wrong.")
		return nil, false, codeError(exitFindings)
	case err == nil:
		return &f.Pathway.Value, false, nil
	case !errors.Is(err, folder.ErrNotFolder):
		return nil, false, err
	}
	src, ok := schemas.Pathway(ownPathway)
	if !ok {
		return nil, true, fmt.Errorf("read the pathway %s: it is not in this sendctl", ownPathway)
	}
	own, _, err := recordfile.Read[pathway.Pathway]("pathway.yaml", recordfile.Pathway, src)
	return &own.Value, true, err
}

// completeStage offers the stages and requests to the shell.
func (e *Env) completeStage(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	p, _, err := e.pathway(c.Context())
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return slices.Concat(p.StageIDs(), p.RequestIDs()), cobra.ShellCompDirectiveNoFileComp
}
