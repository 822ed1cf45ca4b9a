package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is the width that help keeps to, whatever the terminal.
const helpWidth = 80

// newHelpCmd is help as a command. Cobra's own answers a misspelt topic with the
// front page and exit code 0.
func newHelpCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "help [COMMAND]", Short: "help about a command or a topic",
		Long: "Prints the help of a command, or a page about a topic.",
		Example: `  sendctl help review
  sendctl help exit-codes`,
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			at, _, err := c.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []cobra.Completion
			for _, sub := range at.Commands() {
				if !sub.Hidden {
					names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			at, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				if at == nil || len(rest) == 0 {
					at, rest = c.Root(), args
				}
				return unknownCommand(at, rest[0])
			}
			at.InitDefaultHelpFlag()
			at.InitDefaultVersionFlag()
			return at.Help()
		},
	}
	c.AddCommand(newStagesCmd(e))
	return c
}

// usagePage is what follows a command's description in its help. It is written
// out here because cobra's template neither folds flags nor names the exit codes.
func usagePage(c *cobra.Command) error {
	w := c.OutOrStderr()
	if !c.Runnable() && !c.HasAvailableSubCommands() {
		return nil // a topic has no usage
	}
	fmt.Fprintln(w, "Usage:")
	if c.Runnable() {
		fmt.Fprintln(w, "  "+c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(w, "  "+c.CommandPath()+" COMMAND")
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	for _, g := range c.Groups() {
		subcommands(w, g.Title, c, g.ID)
	}
	subcommands(w, "Commands:", c, "")
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", flagUsages(c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(w, "\nFlags of every command:\n%s", c.InheritedFlags().FlagUsagesWrapped(helpWidth))
	}
	if c.HasHelpSubCommands() {
		fmt.Fprintln(w, "\nMore to read:")
		for _, sub := range c.Commands() {
			if sub.IsAdditionalHelpTopicCommand() {
				fmt.Fprintf(w, "  sendctl help %-13s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nAbout one command: %s COMMAND\n", strings.Join(append([]string{"sendctl help"}, strings.Fields(c.CommandPath())[1:]...), " "))
	}
	_, err := fmt.Fprintln(w, "\nExit codes: sendctl help exit-codes")
	return err
}

// flagUsages lists flags. What stands for "no value given" is our own affair, and would
// make the column as wide as it is.
func flagUsages(flags *pflag.FlagSet) string {
	without := map[*pflag.Flag]string{}
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.NoOptDefVal != "" {
			without[f], f.NoOptDefVal = f.NoOptDefVal, ""
		}
	})
	text := flags.FlagUsagesWrapped(helpWidth)
	for f, value := range without {
		f.NoOptDefVal = value
	}
	return text
}

func subcommands(w io.Writer, title string, c *cobra.Command, group string) {
	for _, sub := range c.Commands() {
		if sub.GroupID != group || !sub.IsAvailableCommand() && sub.Name() != "help" {
			continue
		}
		if title != "" {
			fmt.Fprintln(w, "\n"+title)
			title = ""
		}
		fmt.Fprintf(w, "  %-*s %s\n", c.NamePadding(), sub.Name(), sub.Short)
	}
}
