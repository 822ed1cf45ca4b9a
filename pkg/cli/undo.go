package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

func newUndoCmd(e *Env) *cobra.Command {
	yes := false
	c := &cobra.Command{
		Use: "undo [LEARNER]", Short: "take back the last act, if it sealed nothing",
		Long: `Takes back the last act on a learner, or on the whole folder: the files are as
they were before it. The act stays in the history. Taking it back is an act of
its own, and every check is made again. Run it once more to take back the act
before.

What is sealed (a review, a move, a request that was sent) is never taken back.
To put a value right, use sendctl correct.

It shows what will be taken back, and asks; --yes answers.`,
		Example: `  sendctl undo bk7m
  sendctl undo --yes --no-input`,
		Args: takes(0, 1, "one learner, or none"),
		RunE: func(c *cobra.Command, args []string) error {
			typed := ""
			if len(args) > 0 {
				typed = args[0]
			}
			return e.undo(c.Context(), typed, yes)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "take it back without asking")
	return c
}

func (e *Env) undo(ctx context.Context, typed string, yes bool) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if err := casework.Usable(f); err != nil {
		return err
	}
	id := ""
	if typed != "" {
		if id, err = e.find(f, typed); err != nil {
			return err
		}
	}
	u, err := desk.Undoable(ctx, id)
	if err != nil {
		return err
	}
	what, err := e.undoWords(desk, f, u)
	if err != nil {
		return err
	}
	if !yes {
		if !e.asks() {
			return usage("this would take back %s To take it back: --yes", what)
		}
		e.say("%s", report.Capital(what))
		got, err := e.prompter(date.Of(e.Now())).Confirm(ctx, "Take it back?", false)
		if err != nil {
			return err
		}
		if !got {
			return term.ErrInterrupted
		}
	}
	done, err := desk.Undo(ctx, id, u)
	if err != nil {
		return err
	}
	return e.done(done, "Taken back: %s", what)
}

// undoWords say what will be taken back, from the middle of a sentence on.
func (e *Env) undoWords(desk *casework.Desk, f *folder.Folder, u casework.Undoing) (string, error) {
	text := ""
	if u.Learner != "" && e.asks() { // a pipe may end in a log that is kept: no words of a record there
		r, err := f.Load(u.Learner)
		if err != nil {
			return "", err
		}
		c, err := commitOf(desk.Repo, r, u.Entry)
		if err != nil {
			return "", err
		}
		text = " " + report.EventOf(f, r, c).Sentence
	}
	whose := "the folder itself"
	if u.Learner != "" {
		whose = u.Learner
	}
	out := fmt.Sprintf("the last act on %s: %s, recorded on %s by %s.%s", whose, u.Act, date.Of(u.Entry.Committer.When).Long(), u.Entry.Author.Name, text)
	if len(u.Back) > 0 {
		out += fmt.Sprintf(" Put back as it was before: %s.", list(u.Back))
	}
	const listed = 20 // an import made thousands
	switch n := len(u.Removes); {
	case n > listed:
		out += fmt.Sprintf(" Taken out, since that act made them: %d files.", n)
	case n > 0:
		out += fmt.Sprintf(" Taken out, since that act made it: %s.", list(u.Removes))
	}
	return out, nil
}
