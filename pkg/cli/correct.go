package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/learner"
)

func newCorrectCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "correct LEARNER [FILE [PATH]]", Short: "put right one value in a sealed file",
		Long: `Puts right one value in a sealed file: a review, a move, a request that was
sent, a letter, a decision, an impact. The sealed file stays as it is. The
correction is kept beside it with the reason, is sealed too, and the two are
always shown together. You can also add a value that was left out.

FILE is the id of the sealed file, PATH the value in it. If you leave them out,
you are asked. To put right an agreed passport or profile, make a new version of
it.`,
		Example: `  sendctl correct bk7m
  sendctl correct bk7m k4f7 review.targets[t1].result --is 19 \
    --because "Two words were missed in the count."
  sendctl correct bk7m k4f7 review.provision[p1].attended --is 19 \
    --because "It was left out."`,
		Args: takes(1, 3, "one learner, and a file and path if you like"),
		RunE: func(c *cobra.Command, args []string) error { return e.correct(c, args, &given) },
	}
	given.add(e, c, "is=19",
		answerFlag{name: "is", path: "is", help: "what it should `SAY`"},
		answerFlag{name: "because", path: "because", help: "how the mistake happened, in `WORDS`"},
		answerFlag{name: "date", path: "date", help: "the `DATE` it was put right, if not today"},
	)
	return c
}

func (e *Env) correct(c *cobra.Command, args []string, given *answering) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, args[0], given)
	if err != nil {
		return err
	}
	if len(args) > 1 {
		s.Set("corrects", args[1], "FILE")
	}
	if len(args) > 2 {
		at, err := casework.ExactPath(cs.Folder, cs.Record, args[1], args[2])
		if err != nil {
			return err
		}
		s.Set("path", at, "PATH")
	}
	script, err := casework.CorrectForm(cs)
	if err != nil {
		return err
	}
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "correct-" + cs.Record.ID})
	if err != nil {
		return err
	}
	var fix learner.Correction
	if err := casework.Fill(&fix, script, answers, extra); err != nil {
		return err
	}
	done, err := desk.Correct(ctx, cs.Record.ID, fix)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded and sealed: correction %s of the file %s. The sealed file stays as it was; sendctl show %s %s shows both.", done.File, fix.Corrects, done.Learner, fix.Corrects)
}
