package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

func newRetentionCmd(e *Env) *cobra.Command {
	c := &cobra.Command{
		Use: "retention", Short: "which records are due to go, and which are held",
		Long: `How long records are kept, and what keeps them longer. retention due lists the
records that are due to go. retention hold keeps one however old it is, for a
claim or an inquiry; retention release ends that. None of them removes anything:
sendctl purge does that.`,
		Example: "  sendctl retention due\n  sendctl retention hold bk7m --because \"A claim is made.\"",
		Args:    takes(0, 0, "due, hold or release"),
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRetentionDueCmd(e), newHoldCmd(e), newReleaseCmd(e))
	return c
}

func newRetentionDueCmd(e *Env) *cobra.Command {
	within := 0
	var all bool
	c := &cobra.Command{
		Use: "due", Short: "the records that are due to go, and why",
		Long: `Lists the records that are due to go. That is after the number of years from
birth in sendctl.yaml or the pathway (policies: retention_years_from_birth, and
if they are longer, retention_years_with_plan and retention_years_cared_for). It
also lists those that were handed over and answered with a receipt, since only
the last school keeps a record. A record on hold is listed as held.

This informs a person, who decides. If the day cannot be worked out, the record
is listed too.`,
		Example: `  sendctl retention due
  sendctl retention due --within 365
  sendctl retention due --all --json`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			if within < 0 {
				return usage("--within wants a number of days, 0 or more")
			}
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			today, err := e.today(f)
			if err != nil {
				return err
			}
			rows, err := e.retentions(f, today)
			if err != nil {
				return err
			}
			kept := []report.Retention{}
			for _, v := range rows {
				if all || v.State != report.RetentionLater || -v.Overdue <= within {
					kept = append(kept, v)
				}
			}
			return e.printRetention(kept, today, within, len(rows))
		},
	}
	c.Flags().IntVar(&within, "within", 0, "look this many `DAYS` ahead")
	c.Flags().BoolVar(&all, "all", false, "list every record, with the day on which it is due")
	return c
}

// retentions counts for every learner of the folder until when the record is kept.
func (e *Env) retentions(f *folder.Folder, today date.Date) ([]report.Retention, error) {
	ids, err := f.Learners()
	if err != nil {
		return nil, err
	}
	p := e.Progress("Reading records")
	defer p.Done()
	rows := make([]report.Retention, len(ids))
	err = cores.Each(len(ids), p.Step, func(i int) error {
		r, err := f.Load(ids[i])
		if err != nil {
			return err
		}
		rows[i] = report.RetentionOf(f, r, today)
		return nil
	})
	report.SortRetention(rows)
	return rows, err
}

func (e *Env) printRetention(rows []report.Retention, today date.Date, within, of int) error {
	if e.flags.json {
		return e.printJSON(struct {
			Format  string             `json:"format"`
			Today   date.Date          `json:"today"`
			Within  int                `json:"within_days"`
			Records []report.Retention `json:"records"`
		}{"sendctl-retention/1", today, within, rows})
	}
	if len(rows) == 0 {
		by := "by " + today.Long()
		if within > 0 {
			by = "within " + plural(within, "day", "days") + " of " + today.Long()
		}
		e.say("Of %s here none is due to go %s, and none is held that would be. All of them, with their days: sendctl retention due --all", plural(of, "record", "records"), by)
		return nil
	}
	t := term.Table{Header: []string{"id", "state", "on", "born", "years", "why", "do"}}
	for _, v := range rows {
		years := ""
		if v.Years > 0 && v.Policy != "handed-over" {
			years = plural(v.Years, "year", "years")
		}
		t.Rows = append(t.Rows, []string{v.ID, v.State, v.On.String(), v.Born.String(), years, v.Why, v.Do})
	}
	return e.Print(t)
}

func newHoldCmd(e *Env) *cobra.Command {
	var given answering
	c := &cobra.Command{
		Use: "hold LEARNER", Short: "keep a record, whatever its age",
		Long: `Writes in learner.yaml why this record may not be removed: a claim, an appeal,
an inquiry. The hold is shown wherever the learner is shown, and purge refuses,
until you release it.`,
		Example: "  sendctl retention hold bk7m --because \"The tribunal has not decided.\"",
		Args:    takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, cs, s, err := e.begin(c, args[0], &given)
			if err != nil {
				return err
			}
			script := casework.HoldForm(cs)
			answers, extra, err := e.fill(c.Context(), asking{desk: desk, script: script, supply: s, today: cs.Today})
			if err != nil {
				return err
			}
			var h learner.Hold
			if err := casework.Fill(&h, script, answers, extra); err != nil {
				return err
			}
			done, err := desk.Hold(c.Context(), cs.Record.ID, h, cs.Today)
			if err != nil {
				return err
			}
			return e.done(done, "Recorded: the record of %s is held from %s. To end that: sendctl retention release %s", done.Learner, h.From.Long(), done.Learner)
		},
		ValidArgsFunction: e.completeLearner,
	}
	given.add(e, c, "from=2026-11-20",
		answerFlag{name: "because", path: "because", help: "why it is kept, in `WORDS`"},
		answerFlag{name: "from", path: "from", help: "the first `DATE` of the hold, if not today"},
	)
	return c
}

func newReleaseCmd(e *Env) *cobra.Command {
	var because, day string
	c := &cobra.Command{
		Use: "release LEARNER", Short: "end a hold",
		Long: `Ends the hold on a record. That it was held, by whom and why, stays in
learner.yaml. After that, the record is kept as long as any other.`,
		Example: "  sendctl retention release bk7m --because \"The tribunal has decided.\"",
		Args:    takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, cs, err := e.one(c.Context(), args[0])
			if err != nil {
				return err
			}
			on := cs.Today
			if day != "" {
				if on, err = date.Parse(day); err != nil {
					return usage("--date: %w", err)
				}
			}
			why := form.Answers{}
			script := func(form.Answers) []form.Question {
				return []form.Question{{Path: "because", Flag: "--because", Kind: form.Words, Ask: "Why is it released?", Why: "Whoever asks later why the record was not kept longer finds the reason here."}}
			}
			if because == "" {
				if !e.asks() {
					return usage("say why it is released: --because WORDS")
				}
				p := e.prompter(cs.Today)
				p.Undrafted = true
				if err := p.Fill(c.Context(), script, why, func(form.Answers) error { return nil }); err != nil {
					return err
				}
				because = why.Text("because")
			}
			done, err := desk.Release(c.Context(), cs.Record.ID, on, learner.Words(because))
			if err != nil {
				return err
			}
			return e.done(done, "Recorded: the hold on the record of %s is released.", done.Learner)
		},
		ValidArgsFunction: e.completeLearner,
	}
	c.Flags().StringVar(&because, "because", "", "why it is released, in `WORDS`")
	c.Flags().StringVar(&day, "date", "", "the `DATE` it is released, if not today")
	c.Flags().BoolVar(&e.flags.withEdits, "with-edits", false, "first record changes made by hand in the same files, as an edit of their own")
	return c
}
