package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sendctl/sendctl/pkg/diag"
)

// Main runs one command and gives its exit code.
func Main(e *Env) int {
	ctx := context.Background()
	root := newRoot(e)
	root.SetArgs(e.Args)
	root.SetIn(e.In)
	root.SetOut(e.Out)
	root.SetErr(e.Err)
	return e.report(root.ExecuteContext(ctx))
}

const about = `sendctl keeps each learner's special educational needs record as plain files in
a git repository, and every review as a commit that anyone can check.

Where to begin:
  sendctl demo DIR       a made-up school to look round in
  sendctl init           a record folder of your own
  sendctl create         a new learner, with a first concern
  sendctl plan LEARNER   assess and plan
  sendctl review         record the reviews that are due
  sendctl next LEARNER   where the learner is, and what is missing

LEARNER is an id, the beginning of one, or in a terminal part of a name.`

func newRoot(e *Env) *cobra.Command {
	root := &cobra.Command{
		Use: "sendctl", Short: "The graduated approach as plain text", Long: about,
		Version: e.version(), SilenceErrors: true, SilenceUsage: true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			e.Accessible = e.Accessible || e.flags.accessible
			e.Color = e.Color && !e.flags.noColor && !e.Accessible
			return nil
		},
	}
	root.SetVersionTemplate("sendctl {{.Version}}\n")
	f := root.PersistentFlags()
	f.StringVarP(&e.flags.dir, "directory", "C", "", "work as if started in `DIR`")
	f.BoolVar(&e.flags.json, "json", false, "print JSON, in a stable shape")
	f.BoolVar(&e.flags.noInput, "no-input", false, "never ask; a missing answer is exit code 2")
	f.BoolVar(&e.flags.noColor, "no-color", false, "no colour (also: NO_COLOR=1)")
	f.BoolVar(&e.flags.accessible, "accessible", false, "no cursor movement, no glyphs (also: ACCESSIBLE=1)")
	f.StringVar(&e.flags.today, "today", "", "take `YYYY-MM-DD` as today for due dates and defaults; it never changes when something was recorded")
	root.SetFlagErrorFunc(unknownFlag)
	root.AddGroup(&cobra.Group{ID: "learner", Title: "For a learner:"}, &cobra.Group{ID: "see", Title: "To look things up:"},
		&cobra.Group{ID: "trail", Title: "To prove, share, hand over, let go:"}, &cobra.Group{ID: "folder", Title: "For the folder:"})
	add := func(group string, cmds ...*cobra.Command) {
		for _, c := range cmds {
			c.GroupID = group
			if strings.Contains(c.Use, "LEARNER") {
				c.ValidArgsFunction = e.completeLearner
			}
			root.AddCommand(c)
		}
	}
	add("learner", newCreateCmd(e), newImportCmd(e), newPlanCmd(e), newNoteCmd(e), newContactCmd(e), newReviewCmd(e), newAdvanceCmd(e),
		newPassportCmd(e), newProfileCmd(e), newAdviceCmd(e), newRequestCmd(e), newCorrectCmd(e), newEditCmd(e), newUndoCmd(e))
	add("see", newShowCmd(e), newNextCmd(e), newListCmd(e), newDueCmd(e), newLogCmd(e), newDiffCmd(e), newValidateCmd(e), newExplainCmd(e), newCensusCmd(e), newReportCmd(e))
	add("trail", newAuditCmd(e), newSyncCmd(e), newHandoverCmd(e), newReceiveCmd(e), newAccessCmd(e), newRetentionCmd(e), newPurgeCmd(e), newExportCmd(e), newMergeFileCmd(e))
	add("folder", newInitCmd(e), newDemoCmd(e), newPeopleCmd(e), newSchemaCmd(e), newDoctorCmd(e))
	root.AddCommand(helpTopics()...)
	root.SetUsageFunc(usagePage)
	root.SetHelpCommand(newHelpCmd(e))
	root.SetHelpCommandGroupID("folder")
	root.SetCompletionCommandGroupID("folder")
	return root
}

func (e *Env) version() string {
	if e.Version == "" {
		return "(built from source)"
	}
	return e.Version
}

func unknownCommand(c *cobra.Command, typed string) error {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	if near := diag.DidYouMean(typed, names); near != "" {
		return usage("there is no command %q%s All of them: sendctl help", typed, near)
	}
	return usage("there is no command %q; all of them: sendctl help", typed)
}

// unknownFlag adds the nearest flag to a complaint about a flag.
func unknownFlag(c *cobra.Command, err error) error {
	text := err.Error()
	if typed, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		near := "; see"
		if s := diag.Suggest(typed, names); s != "" {
			near = fmt.Sprintf("; did you mean --%s? See", s)
		}
		return usage("%s has no flag --%s%s: sendctl help %s", c.CommandPath(), typed, near, strings.TrimPrefix(c.CommandPath(), "sendctl "))
	}
	return usage("%s: %w", c.CommandPath(), err)
}

// completeLearner offers learners' ids to the shell; never a name, which would
// stay in its history.
func (e *Env) completeLearner(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	f, err := e.look(c.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	all, err := f.Learners()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []string
	for _, id := range all {
		if strings.HasPrefix(id, typed) {
			out = append(out, id)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// takes checks how many words a command was given; what says which it wants.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return usage("%s wants %s; see: sendctl help %s", c.CommandPath(), what, strings.TrimPrefix(c.CommandPath(), "sendctl "))
		}
		return nil
	}
}
