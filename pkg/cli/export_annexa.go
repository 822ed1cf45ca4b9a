package cli

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/term"
)

func newExportAnnexACmd(e *Env) *cobra.Command {
	var day, output string
	var anyway bool
	c := &cobra.Command{
		Use: "annex-a", Short: "the two lists of an inspection: plan holders, SEN support",
		Long: `Makes the two lists of learners that an inspection of an area's SEND provision
asks for (Annex A), as one workbook: list 1 has those with an EHC plan, list 2
those with SEN support, on roll on the day, without their names. The headings
are those of Annex A, so that the lists of several schools can be put together.

What no SEN record holds (suspensions, exclusions, absence, the date of an
amended plan, a social care team) has its column, and the column is empty. A
note above the heading says which columns these are and who has the facts. The
last sheet says what each column holds.

The workbook holds UPNs and dates of birth. It is written outside the record
folder; -o - writes to a pipe, never to a terminal.`,
		Example: `  sendctl export annex-a -o ../annex-a.xlsx
  sendctl export annex-a --date 2026-10-01 -o ../annex-a-autumn.xlsx`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			return e.exportAnnexA(c.Context(), day, output, anyway)
		},
	}
	f := c.Flags()
	f.StringVar(&day, "date", "", "make the lists for this `DAY`, such as 2026-10-01; if left out, today")
	f.StringVarP(&output, "output", "o", "", "write to this `FILE`.xlsx, outside the record folder; - is stdout, for a pipe")
	f.BoolVar(&anyway, "anyway", false, "write even if files of the record have errors, and say so inside")
	return c
}

func (e *Env) exportAnnexA(ctx context.Context, typed, output string, anyway bool) error {
	if output == "" {
		return usage("say where the lists are to be written, outside the record folder: -o FILE.xlsx")
	}
	if output == "-" && e.flags.json {
		return usage("--json tells what was written, and here the workbook itself goes to stdout: name a file, or leave --json out")
	}
	e.bulk()
	f, err := e.look(ctx)
	if err != nil {
		return err
	}
	to, err := e.workbookReady(output)
	if err != nil {
		return err
	}
	a := census.AnnexA{Setting: f.Setting.Value}
	if a.Day, err = e.exportDay(f, typed); err != nil {
		return err
	}
	faults, err := e.annexA(ctx, f, &a)
	if err != nil {
		return err
	}
	a.Faulty = faultyFiles(faults)
	if err := unreadable(a.Faulty, anyway); err != nil {
		return err
	}
	size, err := e.workbook(to, a.Tables())
	if err != nil {
		return err
	}
	if len(a.Faulty) > 0 {
		e.say("Written in spite of %s with errors, and the lists say so: sendctl validate shows them.", plural(len(a.Faulty), "file", "files"))
	}
	if to == nil {
		return nil
	}
	if e.flags.json {
		return e.printJSON(struct {
			Format  string    `json:"format"`
			File    string    `json:"file"`
			Day     date.Date `json:"day"`
			Plans   int       `json:"plans"`
			Support int       `json:"sen_support"`
			Faulty  []string  `json:"files_with_errors,omitempty"`
		}{"sendctl-annex-a/1", to.path, a.Day, len(a.Plans), len(a.Support), a.Faulty})
	}
	return e.sentence("Written: %s, %s: %s with a plan, %s with SEN support, on roll on %s. It holds UPNs and dates of birth: keep it as you keep the record.",
		term.Safe(to.path), bytesWords(size), plural(len(a.Plans), "learner", "learners"), plural(len(a.Support), "learner", "learners"), a.Day.Long())
}

// annexA fills both lists. Only of those with a plan is the whole record read: reviews and
// decisions tell when it began and was looked at.
func (e *Env) annexA(ctx context.Context, f *folder.Folder, a *census.AnnexA) ([]diag.Finding, error) {
	var mu sync.Mutex
	faults, err := e.exportRead(ctx, f, a.Day, func(r *folder.Record, p census.Pupil, onRoll bool) (more []diag.Finding, err error) {
		to := &a.Support
		switch {
		case !onRoll || p.Provision != "K" && p.Provision != "E":
			return nil, nil
		case p.Provision == "E":
			if r, err = f.Load(r.ID); err != nil {
				return nil, err
			}
			to, more = &a.Plans, faultsBeside(r)
		}
		line := census.InspectedOf(f, r, p, a.Day)
		mu.Lock()
		defer mu.Unlock()
		*to = append(*to, line)
		return more, nil
	})
	for _, l := range [][]census.Inspected{a.Plans, a.Support} {
		slices.SortFunc(l, func(x, y census.Inspected) int { return strings.Compare(x.Learner, y.Learner) })
	}
	return faults, err
}
