package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/learner"
)

func newNoteCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "note LEARNER [WORDS...]", Short: "what you saw, while the plan runs",
		Long: `Adds a dated note to the learner's open cycle: what you saw, sessions given and
attended, a figure measured along the way. If you give the words on the command
line, it asks nothing else.`,
		Example: `  sendctl note bk7m "Quicker after lunch than before."
  sendctl note bk7m --provision p1 --delivered 10 --attended 9 \
    --words "Ten of ten."`,
		Args: takes(1, -1, "one learner, and the words if you like"),
		RunE: func(c *cobra.Command, args []string) error { return e.note(c, args, &given) },
	}
	given.add(e, c, "words=\"...\"",
		answerFlag{name: "words", path: "words", help: "what was seen, in `WORDS`"},
		answerFlag{name: "provision", path: "provision", help: "the support it is about, an `ID` such as p1"},
		answerFlag{name: "delivered", path: "delivered", help: "the `NUMBER` of sessions given since the last note"},
		answerFlag{name: "attended", path: "attended", help: "the `NUMBER` of those that the learner attended"},
		answerFlag{name: "target", path: "target", help: "the target that was measured, an `ID` such as t1"},
		answerFlag{name: "value", path: "value", help: "the `FIGURE` it was measured at"},
		answerFlag{name: "date", path: "date", help: "the `DATE` it was seen, if not today"},
		answerFlag{name: "by", path: "by", help: "the `ID` of the person who saw it, if not you"},
	)
	return c
}

func (e *Env) note(c *cobra.Command, args []string, given *answering) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, args[0], given)
	if err != nil {
		return err
	}
	if len(args) > 1 {
		if s.Has("words") {
			return usage("the words are given twice: once after the learner and once by a flag")
		}
		s.Set("words", strings.Join(args[1:], " "), "WORDS")
	}
	script, err := casework.NoteForm(cs)
	if err != nil {
		return err
	}
	draft := "note-" + cs.Record.ID
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: draft, brief: s.Has("words")})
	if err != nil {
		return err
	}
	var n learner.Note
	if err := casework.Fill(&n, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.Note(ctx, cs.Record.ID, n)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Noted for %s, %s, in cycle %s.", done.Learner, n.Date.Long(), done.File)
}
