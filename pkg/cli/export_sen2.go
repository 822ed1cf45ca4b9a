package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/term"
)

func newExportSEN2Cmd(e *Env) *cobra.Command {
	var day, output string
	var names bool
	c := &cobra.Command{
		Use: "sen2", Short: "what SEN2 will ask of the school, and what is missing",
		Long: `Goes through every learner on roll with a request for an EHC needs assessment or
an EHC plan, and shows what the authority's yearly SEN2 return asks about them:
when the request was received, who asked, what came of it and when, from when
the plan holds, when its last annual review was, the types of need. Then it
shows what is missing or wrong here, with the command that puts it right: a
missing UPN, several open requests, no annual review within twelve months, NSA
or no type.

The authority makes the return, in its own codes; some items no school holds. In
the terminal, it shows learners by their ids only; --names adds who they are.
With -o FILE.xlsx, it makes a workbook for the authority, which does name them.

The exit code is 1 if something is missing.`,
		Example: `  sendctl export sen2
  sendctl export sen2 --date 2027-01-21 --names
  sendctl export sen2 -o ../sen2.xlsx`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			return e.exportSEN2(c.Context(), day, output, names)
		},
	}
	f := c.Flags()
	f.StringVar(&day, "date", "", "show this `DAY`, such as 2027-01-21; if left out, today")
	f.StringVarP(&output, "output", "o", "", "write a workbook to this `FILE`.xlsx, outside the record folder; - is stdout, for a pipe")
	f.BoolVar(&names, "names", false, "also show names, UPNs and dates of birth")
	return c
}

func (e *Env) exportSEN2(ctx context.Context, typed, output string, names bool) error {
	if output == "-" && e.flags.json {
		return usage("--json and -o - would both go to stdout: name a file for one of them")
	}
	e.bulk()
	f, err := e.look(ctx)
	if err != nil {
		return err
	}
	var to *outFile
	if output != "" {
		if to, err = e.workbookReady(output); err != nil {
			return err
		}
	}
	var s census.SEN2
	if s.Day, err = e.exportDay(f, typed); err != nil {
		return err
	}
	faults, err := e.sen2(ctx, f, &s)
	if err != nil {
		return err
	}
	var code error
	if n := len(faultyFiles(faults)); n > 0 {
		e.say("%s of the record %s an error, so that a learner or an item may be missing here: sendctl validate", plural(n, "file", "files"), either(n, "holds", "hold"))
		code = codeError(exitFindings)
	}
	if s.Gaps() > 0 {
		code = codeError(exitFindings)
	}
	written := ""
	if output != "" {
		size, err := e.workbook(to, s.Tables(f.Setting.Value))
		if err != nil {
			return err
		}
		if to == nil {
			return code
		}
		written = to.path
		if !e.flags.json {
			return firstOf(e.sentence("Written: %s, %s: %s with a request or a plan on %s, %s missing. It names children: keep it as you keep the record.",
				term.Safe(written), bytesWords(size), plural(len(s.Learners), "learner", "learners"), s.Day.Long(), plural(s.Gaps(), "thing", "things")), code)
		}
	}
	if e.flags.json {
		return firstOf(e.printJSON(sen2JSON(s, faultyFiles(faults), names, written)), code)
	}
	return firstOf(e.page(e.Out, sen2Lines(s, names)), code)
}

// sen2 reads the whole record of everybody with a request or a plan: decisions, letters and
// reviews are asked about. A learner without either is seen by the front of the record.
func (e *Env) sen2(ctx context.Context, f *folder.Folder, s *census.SEN2) ([]diag.Finding, error) {
	var mu sync.Mutex
	upns := map[string]int{}
	faults, err := e.exportRead(ctx, f, s.Day, func(r *folder.Record, p census.Pupil, onRoll bool) ([]diag.Finding, error) {
		var x census.SEN2Learner
		var more []diag.Finding
		asked := false
		if p.Provision == "E" || hasRequests(f, r) {
			var err error
			if r, err = f.Load(r.ID); err != nil {
				return nil, err
			}
			more = faultsBeside(r)
			x, asked = census.SEN2Of(f, r, p, s.Day)
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case asked && !onRoll:
			s.Away++
		case asked:
			s.Learners = append(s.Learners, x)
		}
		if onRoll && p.UPN != "" {
			upns[p.UPN]++
		}
		return more, nil
	})
	s.Finish(upns)
	return faults, err
}

// hasRequests reports whether there is anything called requests in a learner's folder: a
// link, which is read by nobody, counts too, so that it is told of.
func hasRequests(f *folder.Folder, r *folder.Record) bool {
	_, err := fs.Lstat(f.FS(), r.Dir+"/requests")
	return !errors.Is(err, fs.ErrNotExist)
}

// sen2Lines are the list for a terminal.
func sen2Lines(s census.SEN2, names bool) []render.Line {
	var out []render.Line
	add := func(indent int, tone render.Tone, format string, args ...any) {
		out = append(out, render.Line{Text: fmt.Sprintf(format, args...), Indent: indent, Tone: tone})
	}
	add(0, render.Heading, "What SEN2 will ask about %s with a request or an EHC plan, on %s", plural(len(s.Learners), "learner", "learners"), s.Day.Long())
	for _, x := range s.Learners {
		who := x.Learner
		if names {
			who = fmt.Sprintf("%s: %s, %s, born %s, UPN %s, ULN %s", x.Learner, x.Surname, x.Forename, orNot(x.Born.String()), orNot(x.UPN), orNot(x.ULN))
		}
		add(0, render.Plain, "")
		add(0, render.Heading, "%s", who)
		for _, q := range x.Requests {
			say := fmt.Sprintf("%s request %s, asked by %s, sent %s, received %s", q.Kind, q.ID, orNot(q.Source), orNot(q.Sent.String()), orNot(q.Received.String()))
			if q.Outcome != "" {
				say += fmt.Sprintf("; %s, %s", q.Outcome, orNot(q.On.String()))
			}
			if q.Assessed != "" {
				say += fmt.Sprintf("; %s, %s", q.Assessed, orNot(q.Ended.String()))
			}
			if q.Open {
				say += "; open"
				if !q.Week20.IsZero() {
					say += ", week 20 ends " + q.Week20.String()
				}
			}
			add(2, render.Plain, "- %s", say)
		}
		if p := x.Plan; p != nil {
			add(2, render.Plain, "- EHC plan from %s, last annual review %s, need %s", orNot(p.Start.String()), orNot(p.Reviewed.String()), orNot(strings.Join(x.Types(), " then ")))
		}
		for _, g := range x.Gaps {
			where := path.Base(g.File)
			if g.At != "" {
				where += ", " + g.At
			}
			add(2, render.Alarm, "- missing: %s: %s (%s)", g.Item, g.Message, where)
			add(4, render.Plain, "%s", g.Hint)
		}
	}
	add(0, render.Plain, "")
	if s.Away > 0 {
		add(0, render.Plain, "Left out: %s with a request or a plan not on roll that day.", plural(s.Away, "learner", "learners"))
	}
	add(0, render.Plain, "No SEN record holds, so the authority has it or asks the family: %s.", strings.Join(census.SEN2Elsewhere(), "; "))
	switch n := s.Gaps(); {
	case len(s.Learners) == 0:
		add(0, render.Plain, "Nobody on roll has a request or a plan.")
	case n == 0:
		add(0, render.Plain, "Nothing of what is kept here is missing.")
	default:
		add(0, render.Alarm, "%s missing.", plural(n, "thing is", "things are"))
	}
	return out
}

func orNot(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

type sen2Document struct {
	Format   string        `json:"format"`
	Day      date.Date     `json:"day"`
	File     string        `json:"file,omitempty"`
	Learners []sen2Learner `json:"learners"`
	Gaps     int           `json:"missing"`
	Away     int           `json:"left_out_not_on_roll"`
	NotHere  []string      `json:"not_kept_here"`
	Faulty   []string      `json:"files_with_errors"`
}

type sen2Learner struct {
	ID        string        `json:"id"`
	Who       *sen2Who      `json:"who,omitempty"` // with --names alone
	Plan      *sen2Plan     `json:"plan,omitempty"`
	Types     []string      `json:"sen_types"`
	SENUnit   bool          `json:"sen_unit"`
	Resourced bool          `json:"resourced_provision"`
	Requests  []sen2Request `json:"requests"`
	Gaps      []census.Gap  `json:"missing"`
}

type sen2Who struct {
	Surname   string    `json:"surname"`
	Forename  string    `json:"forename"`
	Born      date.Date `json:"born,omitzero"`
	Sex       string    `json:"sex,omitempty"`
	Ethnicity string    `json:"ethnicity,omitempty"`
	UPN       string    `json:"upn,omitempty"`
	ULN       string    `json:"uln,omitempty"`
}

type sen2Plan struct {
	Start    date.Date `json:"from,omitzero"`
	Decided  date.Date `json:"decided,omitzero"`
	Reviewed date.Date `json:"last_annual_review,omitzero"`
}

type sen2Request struct {
	ID       string    `json:"id"`
	Source   string    `json:"source,omitempty"`
	Sent     date.Date `json:"sent,omitzero"`
	Received date.Date `json:"received,omitzero"`
	Outcome  string    `json:"outcome,omitempty"`
	On       date.Date `json:"outcome_on,omitzero"`
	Assessed string    `json:"assessment_outcome,omitempty"`
	Ended    date.Date `json:"assessment_ended,omitzero"`
	Week20   date.Date `json:"week_20,omitzero"`
	Appeal   date.Date `json:"told_of_appeal,omitzero"`
	Open     bool      `json:"open"`
}

func sen2JSON(s census.SEN2, faulty []string, names bool, file string) sen2Document {
	d := sen2Document{Format: "sendctl-sen2/1", Day: s.Day, File: file, Learners: []sen2Learner{}, Gaps: s.Gaps(), Away: s.Away,
		NotHere: census.SEN2Elsewhere(), Faulty: append([]string{}, faulty...)}
	for _, x := range s.Learners {
		v := sen2Learner{ID: x.Learner, Types: append([]string{}, x.Types()...), SENUnit: x.SENUnit, Resourced: x.Resourced,
			Requests: []sen2Request{}, Gaps: append([]census.Gap{}, x.Gaps...)}
		if names {
			v.Who = &sen2Who{x.Surname, x.Forename, x.Born, x.Sex, x.Ethnicity, x.UPN, x.ULN}
		}
		if p := x.Plan; p != nil {
			v.Plan = &sen2Plan{p.Start, p.Decided, p.Reviewed}
		}
		for _, q := range x.Requests {
			v.Requests = append(v.Requests, sen2Request{q.ID, q.Source, q.Sent, q.Received, q.Outcome, q.On, q.Assessed, q.Ended, q.Week20, q.Appeal, q.Open})
		}
		d.Learners = append(d.Learners, v)
	}
	return d
}
