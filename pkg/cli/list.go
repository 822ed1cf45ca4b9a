package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/report"
	"github.com/sendctl/sendctl/pkg/term"
)

type cycleFile = recordfile.File[learner.Cycle]

// rows reads every learner of the folder into a row.
func (e *Env) rows(f *folder.Folder, today date.Date) ([]report.Row, error) {
	ids, err := f.Learners()
	if err != nil {
		return nil, err
	}
	p := e.Progress("Reading records")
	defer p.Done()
	rows := make([]report.Row, len(ids))
	err = cores.Each(len(ids), p.Step, func(i int) error {
		r, err := f.Load(ids[i])
		if err != nil {
			return err
		}
		rows[i] = report.RowOf(f, r, today)
		return nil
	})
	return rows, err
}

// partial gives exit code 1 and says so where a learner's files could not be read
// whole: a list with a gap is never "fine".
func (e *Env) partial(rows []report.Row) error {
	n := 0
	for _, r := range rows {
		if r.Unreadable {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	e.say("%d of %d learners have a file with an error, so what is shown of them may be incomplete: sendctl validate", n, len(rows))
	return codeError(exitFindings)
}

func newListCmd(e *Env) *cobra.Command {
	var stage, teacher, sen string
	var idsOnly bool
	c := &cobra.Command{
		Use: "list", Short: "the learners, all or some",
		Long: `Lists the learners: id, name, year, stage, census code, responsible teacher and
when the next review is due. In a terminal, the columns line up; in a pipe, they
are separated by tabs.`,
		Example: `  sendctl list
  sendctl list --stage initial-concerns
  sendctl list --ids | xargs -n1 sendctl validate`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			today, err := e.today(f)
			if err != nil {
				return err
			}
			if stage != "" {
				w, ok := f.Pathway.Value.Stage(stage)
				if !ok {
					return &casework.UnknownWordError{What: "stage", Typed: stage, Known: f.Pathway.Value.StageIDs(), Flag: "--stage"}
				}
				stage = w.ID
			}
			if _, ok := f.Person(teacher); teacher != "" && !ok {
				var known []string
				for _, p := range f.People.Value.People {
					known = append(known, p.ID)
				}
				return &casework.UnknownWordError{What: "adult of people.yaml", Typed: teacher, Known: known, Flag: "--teacher"}
			}
			if sen != "" && sen != "N" && sen != "K" && sen != "E" {
				return &casework.UnknownWordError{What: "census code", Typed: sen, Known: []string{"N", "K", "E"}, Flag: "--sen"}
			}
			rows, err := e.rows(f, today)
			if err != nil {
				return err
			}
			gap := e.partial(rows)
			kept := []report.Row{}
			for _, r := range rows {
				if (stage == "" || r.Stage == stage) && (teacher == "" || r.Teacher == teacher) && (sen == "" || r.SEN == sen) {
					kept = append(kept, r)
				}
			}
			return firstOf(e.printRows(kept, idsOnly), gap)
		},
	}
	c.Flags().StringVar(&stage, "stage", "", "only learners at this `STAGE`")
	c.Flags().StringVar(&teacher, "teacher", "", "only learners with this responsible teacher, by `ID`")
	c.Flags().StringVar(&sen, "sen", "", "only learners with this census `CODE`: N, K or E")
	c.Flags().BoolVar(&idsOnly, "ids", false, "print only ids, one on each line; no name leaves the folder")
	return c
}

func (e *Env) printRows(rows []report.Row, idsOnly bool) error {
	switch {
	case idsOnly:
		for _, r := range rows {
			if _, err := fmt.Fprintln(e.Out, r.ID); err != nil {
				return err
			}
		}
		return nil
	case e.flags.json:
		return e.printJSON(struct {
			Format   string       `json:"format"`
			Learners []report.Row `json:"learners"`
		}{"sendctl-list/1", rows})
	case len(rows) == 0:
		e.say("No learner here fits.")
		return nil
	}
	t := term.Table{Header: []string{"id", "name", "year", "stage", "SEN", "teacher", "review on"}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.ID, r.Name, r.YearWords, r.Beside(), r.SEN, r.TeacherName, r.ReviewOn.String()})
	}
	return e.Print(t)
}

func newDueCmd(e *Env) *cobra.Command {
	within := 14
	var exit bool
	var what string
	c := &cobra.Command{
		Use: "due", Short: "what is due, and when",
		Long: `Lists what is overdue or due within two weeks, the longest overdue first:
reviews, passports and profiles to check again or not yet read, time limits of
requests, the end of monitoring after less support, saying what a grant changed
before it ends, consents and adjustments that end, receipts that have not come,
and copies of handed-over records that are due to go.

sendctl review without a learner goes through the reviews due today. sendctl
next LEARNER shows everything that is due for one learner, with the command to
type.`,
		Example: `  sendctl due
  sendctl due --within 60
  sendctl due --what review
  sendctl due --within 0 --check   # exit code 1 where anything is owed today`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			if within < 0 {
				return usage("--within wants a number of days, 0 or more")
			}
			if c.Flags().Changed("what") && !slices.Contains(report.DueKinds(), what) {
				return &casework.UnknownWordError{What: "kind of thing that falls due", Typed: what, Known: report.DueKinds(), Flag: "--what"}
			}
			f, err := e.look(c.Context())
			if err != nil {
				return err
			}
			today, err := e.today(f)
			if err != nil {
				return err
			}
			due, gap, err := e.dues(f, today, within)
			if err != nil {
				return err
			}
			due = slices.DeleteFunc(due, func(d report.Due) bool { return what != "" && d.What != what })
			if exit && len(due) > 0 {
				gap = codeError(exitFindings)
			}
			return firstOf(e.printDue(due, today, within), gap)
		},
	}
	c.Flags().IntVar(&within, "within", within, "look this many `DAYS` ahead")
	c.Flags().StringVar(&what, "what", "", "only things of this `KIND`, such as review or reading")
	c.Flags().BoolVar(&exit, "check", false, "exit with code 1 if anything is listed, for scripts")
	return c
}

// dues reads every learner of the folder for what is owed by a day. gap is as
// partial gives it.
func (e *Env) dues(f *folder.Folder, today date.Date, within int) (due []report.Due, gap, err error) {
	ids, err := f.Learners()
	if err != nil {
		return nil, nil, err
	}
	p := e.Progress("Reading records")
	defer p.Done()
	rows := make([]report.Row, len(ids))
	each := make([][]report.Due, len(ids))
	err = cores.Each(len(ids), p.Step, func(i int) error {
		r, err := f.Load(ids[i])
		if err != nil {
			return err
		}
		rows[i] = report.RowOf(f, r, today)
		each[i] = report.DuesOf(f, r, rows[i], today, within)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	due = slices.Concat(each...)
	report.SortDues(due)
	return due, e.partial(rows), nil
}

func (e *Env) printDue(due []report.Due, today date.Date, within int) error {
	if e.flags.json {
		if due == nil {
			due = []report.Due{}
		}
		return e.printJSON(struct {
			Format string       `json:"format"`
			Today  date.Date    `json:"today"`
			Within int          `json:"within_days"`
			Due    []report.Due `json:"due"`
		}{"sendctl-due/1", today, within, due})
	}
	if len(due) == 0 {
		e.say("Nothing is overdue, and none falls due within %d days of %s.", within, today.Long())
		return nil
	}
	// The columns that scripts know come first, in their order; at a terminal there is
	// room only for what tells one thing from another.
	header := []string{"on", "when", "id", "name", "year", "stage", "teacher", "what", "who"}
	line := func(d report.Due) []string {
		return []string{d.On.String(), d.When, d.ID, d.Name, d.YearWords, d.Stage, d.TeacherName, d.WhatWords, d.WhoName}
	}
	if e.OutTTY {
		header = []string{"on", "when", "id", "name", "what"}
		line = func(d report.Due) []string {
			return []string{d.On.String(), d.Short(today), d.ID, d.Name, d.WhatWords}
		}
	}
	t := term.Table{Header: header}
	for _, d := range due {
		t.Rows = append(t.Rows, line(d))
	}
	return e.Print(t)
}
