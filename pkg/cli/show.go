package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newShowCmd(e *Env) *cobra.Command {
	return &cobra.Command{
		Use: "show LEARNER [FILE]", Short: "where a learner is, or one file in full",
		Long: `Shows where a learner is, on one screen: the stage and the requests beside it,
the current plan and what is due, the last review, passport and profile, advice,
the last move, and what the support costs in a year.

With FILE, it shows one file in full, in sentences. Give the id or the file name
of a cycle, a move with its gate, a request, a letter, a decision, an impact,
advice, a correction or one entry of the contact log. Or give passport, profile,
or contacts for the whole contact log. A value that was corrected is always
shown with what the sealed file says.`,
		Example: `  sendctl show bk7m
  sendctl show bk7m k4f7
  sendctl show bk7m passport`,
		Args: takes(1, 2, "one learner, and one of the files if you like"),
		RunE: func(c *cobra.Command, args []string) error {
			f, r, today, err := e.seen(c.Context(), args[0])
			if err != nil {
				return err
			}
			v := report.ShowOf(f, r, today)
			fault := e.alarm()
			if len(v.Faults) > 0 {
				fault = codeError(exitFindings) // a view with a gap is never "fine"
			}
			if len(args) == 1 {
				return firstOf(e.showAs(v, render.Show(v)), fault)
			}
			p, err := paper(r, args[1])
			if err != nil {
				return err
			}
			view, lines := laidOut(f, r, p, v.Name, today)
			return firstOf(e.showAs(view, lines), fault)
		},
	}
}

// showAs prints a view as JSON, or laid out for reading.
func (e *Env) showAs(view any, lines []render.Line) error {
	if e.flags.json {
		return e.printJSON(view)
	}
	return e.page(e.Out, lines)
}

// paper finds what was typed among all that can be shown of a learner by itself.
func paper(r *folder.Record, typed string) (report.Paper, error) {
	all := report.Papers(r)
	if i := slices.IndexFunc(all, func(p report.Paper) bool { return p.Is(typed) }); i >= 0 {
		return all[i], nil
	}
	for _, name := range []string{"passport", "profile", "contacts"} {
		if strings.TrimSuffix(typed, ".yaml") == name {
			return report.Paper{}, &casework.StateError{Message: r.ID + " has no " + name + " yet: " + makes(name) + " " + r.ID}
		}
	}
	var known []string
	for _, p := range all {
		known = append(known, p.Name())
	}
	return report.Paper{}, &casework.UnknownWordError{What: "file of " + r.ID, Typed: typed, Known: known, Flag: "FILE"}
}

// laidOut makes the view of one paper, for --json and for reading.
func laidOut(f *folder.Folder, r *folder.Record, p report.Paper, name string, today date.Date) (any, []render.Line) {
	switch i := p.Index; p.Kind {
	case recordfile.Cycle:
		v := report.CycleOf(f, r, r.Cycles[i])
		return struct {
			Format string `json:"format"`
			report.Cycle
		}{"sendctl-cycle/1", v}, render.Cycle(name, v)
	case recordfile.Move:
		v := report.MoveFileOf(f, r, r.Moves[i])
		return v, render.MoveFile(name, v)
	case recordfile.Request:
		v, _ := report.RequestFileOf(f, r, p.ID, today)
		return v, render.RequestFile(name, v)
	case recordfile.Letter:
		v := report.LetterFileOf(f, r, r.Letters[i], today)
		return v, render.LetterFile(name, v)
	case recordfile.Decision:
		v := report.DecisionFileOf(f, r, r.Decisions[i], today)
		return v, render.DecisionFile(name, v)
	case recordfile.Impact:
		v := report.ImpactFileOf(f, r, r.Impacts[i], today)
		return v, render.ImpactFile(name, v)
	case recordfile.Advice:
		v := report.AdviceOf(f, r, r.Advice[i].Path, r.Advice[i].Value)
		return struct {
			Format string `json:"format"`
			report.Advice
		}{"sendctl-advice-file/1", v}, render.Advice(v)
	case recordfile.Correction:
		v := report.CorrectionFileOf(f, r, r.Corrections[i])
		return v, render.CorrectionFile(name, v)
	case report.PaperEntry:
		v := report.ContactEntryOf(f, r, r.Contacts.Value.Contacts[i])
		return v, render.Contact(name, v)
	case recordfile.Contacts:
		v := report.ContactLogOf(f, r)
		return v, render.ContactLog(name, v)
	default:
		v, _ := report.DocumentOf(f, r, string(p.Kind), today)
		return v, render.Document(v)
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// makes is the command that makes one of the files there is one of.
func makes(name string) string {
	if name == "contacts" {
		return "sendctl contact"
	}
	return "sendctl " + name
}
