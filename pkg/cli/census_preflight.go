package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/census"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/diagfmt"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

type preflightOptions struct {
	censusAt
	roll   int
	failOn string
	output outputs
	list   string
	how    listOptions

	least diag.Severity // of failOn
}

func newCensusPreflightCmd(e *Env) *cobra.Command {
	var o preflightOptions
	c := &cobra.Command{
		Use: "preflight", Short: "what the DfE would refuse or query on a census day",
		Long: `Checks everyone on roll on a census day by the DfE's own rules, as far as they
concern special educational needs and who a pupil is. With the DfE's number, it
says what would be refused (errors) and what would be queried. If a query is
expected, such as top-up funding without a plan, it gives you the note to paste.
sendctl explain census-2120 says more about rule 2120.

The rules are those of 2018/19, the newest that could be had; numbers and limits
may have changed. At the end, it says what could not be checked. Attendance,
addresses and the rest of the return are checked in the school's own system.

With --list, it checks a list from that system in place of the folder: CSV or
XLSX, its columns matched by their headings. Findings name the row and the
column.

Findings name places and keys, never what is written there. Exit code 1 means at
least one error, or with --fail-on query at least one error or query.`,
		Example: `  sendctl census preflight
  sendctl census preflight --date 2027-01-21 --roll 412
  sendctl census preflight --output sarif:../census.sarif --fail-on query
  sendctl census preflight --list ../pupils.csv
  sendctl census preflight --list ../pupilonroll.csv --needs ../senneeds.csv`,
		Args: takes(0, 0, "no words, only flags"),
		RunE: func(c *cobra.Command, _ []string) error { return e.preflight(c.Context(), o) },
	}
	e.censusFlags(c, &o.censusAt)
	f := c.Flags()
	f.IntVar(&o.roll, "roll", 0, "how many pupils the whole school has on roll, `N`, if only those with a concern or support are kept here")
	f.StringVar(&o.failOn, "fail-on", "error", "exit with code 1 for error, or for query as well, as `WORD`")
	f.Var(&o.output, "output", outputUsage())
	f.StringVar(&o.list, "list", "", "check the list in this `FILE` from the school's own system in place of the folder, CSV or XLSX")
	e.listFlags(c, &o.how)
	return c
}

// preflown is what was found of a census.
type preflown struct {
	day       date.Date
	rules     pathway.CensusRules
	findings  []diag.Finding
	counts    census.Counts
	assumed   int // pupils whose enrolment status is taken for the usual one
	unchecked []string
	files     []string
	source    func(string) []byte
}

func (e *Env) preflight(ctx context.Context, o preflightOptions) error {
	var ok bool
	if o.least, ok = map[string]diag.Severity{"error": diag.Error, "query": diag.Warning}[o.failOn]; !ok {
		return &casework.UnknownWordError{What: "word", Typed: o.failOn, Known: []string{"error", "query"}, Flag: "--fail-on"}
	}
	if err := o.output.ready(e, false); err != nil {
		return err
	}
	if o.roll < 0 {
		return usage("--roll: %d is no number of pupils", o.roll)
	}
	if o.list == "" && (len(o.how.columns) > 0 || o.how.needs != "" || o.how.sheet != "" || o.how.forget) {
		return usage("--column, --needs, --sheet and --forget-columns say how a list is read; name it with --list FILE")
	}
	if o.list != "" && o.asRecorded != "" {
		return usage("--as-recorded is about the folder, and --list judges a list in its place; take one of the two away")
	}
	f, err := e.look(ctx)
	if err != nil {
		return err
	}
	if o.asRecorded == "" { // else the setting may have been another then
		if err := notAsked(f.Setting.Value.Phase); err != nil {
			return err
		}
	}
	var found preflown
	if o.list != "" {
		found, err = e.preflightList(f, o)
	} else {
		found, err = e.preflightFolder(ctx, f, o)
	}
	if err != nil {
		return err
	}
	if o.roll > 0 && o.roll < found.counts.Pupils {
		return usage("--roll: %d pupils are on roll here, and %d in the whole school cannot be", found.counts.Pupils, o.roll)
	}
	return e.preflown(o, found)
}

// notAsked says which return a setting makes in place of the school census.
func notAsked(phase string) error {
	ok, instead := census.Asked(phase)
	if ok {
		return nil
	}
	return &casework.StateError{Message: fmt.Sprintf("the school census is not asked of this setting, whose phase is %s: it makes %s; nothing was checked. The phase stands in sendctl.yaml", phase, instead)}
}

// preflightFolder judges the folder. Each pupil is judged while the record is in memory,
// since a finding needs its place there.
func (e *Env) preflightFolder(ctx context.Context, f *folder.Folder, o preflightOptions) (preflown, error) {
	var said []string
	day, err := e.censusDay(f, o.censusAt, &said)
	if err != nil {
		return preflown{}, err
	}
	x := preflown{day: day, rules: census.RulesOn(day)}
	before := census.Counts{Day: census.Before(day)}
	plain := 0
	var mu sync.Mutex
	var once sync.Once
	var judge *census.Judge
	at := o.censusAt
	at.seen = func(f *folder.Folder, r *folder.Record, p census.Pupil, onRoll bool) error {
		once.Do(func() {
			judge = census.NewJudge(census.PreflightInput{Rules: x.rules, Return: census.Return{Day: day, Setting: f.Setting.Value}})
		})
		was, wasHere := census.PupilOf(f, r, before.Day)
		var found []diag.Finding
		if onRoll {
			for _, problem := range judge.Pupil(p) {
				if at, ok := census.FindingOf(r, day, problem); ok {
					found = append(found, at)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		x.findings = append(x.findings, found...)
		if wasHere {
			before.Add(was)
		}
		if onRoll {
			x.files = append(x.files, r.Identity.Path, r.Learner.Path)
			if p.Assumed {
				x.assumed++
			}
			if census.Plain(f, r) {
				plain++
			}
		}
		return nil
	}
	g, err := e.gatherRoll(ctx, at)
	if err != nil {
		return x, err
	}
	g.say(e)
	if err := notAsked(g.Folder.Setting.Value.Phase); err != nil {
		return x, err
	}
	if len(g.Pupils) == 0 && len(g.Faults) == 0 {
		return x, fmt.Errorf("of %s nobody is on roll on %s, so nothing was checked; is the day right?", plural(g.Learners, "learner", "learners"), day.Long())
	}
	in := census.PreflightInput{Rules: x.rules, Roll: o.roll, Before: &before, Return: census.Return{Day: day, Setting: g.Folder.Setting.Value, Pupils: g.Pupils}}
	in.Whole = len(g.Pupils) >= limitOf(g.Folder, "cohort-at-least") && plain*100 >= limitOf(g.Folder, "cohort-plain-percent")*len(g.Pupils)
	judge = census.NewJudge(in)
	x.findings = append(x.findings, g.Faults...)
	for _, problem := range judge.Together() {
		at, err := placed(g.Folder, day, problem)
		if err != nil {
			return x, err
		}
		x.findings = append(x.findings, at)
	}
	x.counts, x.unchecked = judge.Counted(), judge.Unchecked()
	if s := g.Folder.Setting.Value; s.LA == "" || s.Estab == "" || s.URN == "" {
		x.unchecked = append(x.unchecked, "sendctl.yaml does not have all of la, estab and urn, with which a return begins: sendctl census export will ask for them.")
	}
	x.source = func(name string) []byte {
		b, _, err := g.Folder.ReadFile(name)
		if err != nil {
			return nil
		}
		return b
	}
	return x, nil
}

// limitOf is a number that rules go by, as it counts in a folder; see explain --limits.
func limitOf(f *folder.Folder, id string) int {
	for _, x := range limitsOf(f, true) {
		if n, err := strconv.Atoi(x.Value); err == nil && x.ID == id {
			return n
		}
	}
	return 0
}

// placed is a problem of two pupils, or of the school, as a finding. Such are few, so the
// record is read again.
func placed(f *folder.Folder, day date.Date, p census.Problem) (diag.Finding, error) {
	if p.Learner == "" {
		x := diag.Finding{Rule: p.Name(), Severity: p.Severity(), File: f.Setting.Path, Path: "phase", Message: p.Message, Hint: p.Advised()}
		if f.Setting.Doc != nil {
			if n := f.Setting.Doc.Find(yamldoc.Path{yamldoc.KeyStep("phase")}); n != nil {
				x.Span = n.Span
			}
		}
		return x, nil
	}
	r, err := f.LoadFront(p.Learner)
	if err != nil {
		return diag.Finding{}, err
	}
	x, _ := census.FindingOf(r, day, p)
	other, err := f.LoadFront(p.Other)
	if err != nil {
		return diag.Finding{}, err
	}
	o, _ := census.FindingOf(other, day, p)
	x.Related = []diag.Related{{File: o.File, Path: o.Path, Span: o.Span, Message: "the other pupil"}}
	return x, nil
}

// preflightList judges a list of another system.
func (e *Env) preflightList(f *folder.Folder, o preflightOptions) (preflown, error) {
	var said []string
	day, err := e.censusDay(f, o.censusAt, &said)
	if err != nil {
		return preflown{}, err
	}
	l, err := e.openList(o.list, o.how)
	if err != nil {
		return preflown{}, err
	}
	e.tell(said)
	x := preflown{day: day, rules: census.RulesOn(day), files: []string{base(o.list)}}
	in := census.PreflightInput{Rules: x.rules, Roll: o.roll, List: &l, Return: census.Return{Day: day, Setting: f.Setting.Value}}
	judge := census.NewJudge(in)
	for _, p := range census.Preflight(in) {
		x.findings = append(x.findings, inList(o, l, p))
	}
	x.counts, x.unchecked = judge.Counted(), judge.Unchecked()
	return x, nil
}

// inList is a problem as a finding in a list: its line is the row, its column the cell.
func inList(o preflightOptions, l exchange.List, p census.Problem) diag.Finding {
	x := diag.Finding{Rule: p.Name(), Severity: p.Severity(), File: base(o.list), Path: p.Column, Message: p.Message, Hint: p.Advised()}
	if p.Table != "" && o.how.needs != "" {
		x.File = base(o.how.needs)
	}
	if p.Column != "" {
		x.Message += fmt.Sprintf(" (row %d, column %q)", p.Row, p.Column)
	} else if p.Row > 0 {
		x.Message += fmt.Sprintf(" (row %d)", p.Row)
	}
	if p.Row > 0 {
		x.Span.Start = diag.Pos{Line: p.Row, Col: 1}
		if c, ok := l.Columns.Of[p.Field]; ok && p.Table == "" {
			x.Span.Start.Col = c + 1
		}
		x.Span.End = x.Span.Start
	}
	if p.Same > 0 {
		at := diag.Pos{Line: p.Same, Col: x.Span.Start.Col}
		x.Related = []diag.Related{{File: x.File, Path: x.Path, Span: diag.Span{Start: at, End: at}, Message: "the other pupil"}}
	}
	return x
}

// preflown prints what was found, and gives the exit code for it.
func (e *Env) preflown(o preflightOptions, x preflown) error {
	x.findings = diag.Sort(x.findings)
	slices.Sort(x.files)
	opt := e.findingOptions(x.source)
	opt.Files, opt.FailOn, opt.Within, opt.Version, opt.Rules = x.files, o.least, e.within(), e.Version, dfeRules(x.rules)
	sum := diagfmt.Count(x.findings, len(x.files))
	var failed []error
	for _, out := range o.output.all(e) {
		opt := opt
		if out.file != "" {
			opt.Color = nil
		}
		var b bytes.Buffer
		var err error
		if out.format == "text" {
			err = inParts(&b, x.findings, opt)
		} else {
			err = diagfmt.Write(&b, out.format, x.findings, sum, opt)
		}
		if err == nil {
			err = o.output.put(e, out, b.Bytes())
		}
		failed = append(failed, err)
	}
	e.tell(summed(x, sum))
	if err := errors.Join(failed...); err != nil {
		return err
	}
	for _, f := range x.findings {
		if f.Severity <= o.least {
			return codeError(exitFindings)
		}
	}
	return nil
}

// inParts writes findings for people, errors apart from queries.
func inParts(b *bytes.Buffer, fs []diag.Finding, opt diagfmt.Options) error {
	for _, part := range []struct {
		severity diag.Severity
		head     string
	}{
		{diag.Error, "The DfE would refuse:"},
		{diag.Warning, "The DfE would query:"},
		{diag.Advice, "Worth a look, and nothing to the DfE:"},
	} {
		var of []diag.Finding
		for _, f := range fs {
			if f.Severity == part.severity {
				of = append(of, f)
			}
		}
		if len(of) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "%s\n\n", part.head)
		if err := diagfmt.Write(b, "text", of, diagfmt.Summary{}, opt); err != nil {
			return err
		}
	}
	return nil
}

// summed is the closing sentences: who was looked at, what came of it, what was not
// looked at.
func summed(x preflown, sum diagfmt.Summary) []string {
	c := x.counts
	codes := fmt.Sprintf("%d N, %d K, %d E", c.None, c.K, c.E)
	if c.Odd > 0 {
		codes += fmt.Sprintf(", %d without a code that there is", c.Odd)
	}
	lines := []string{fmt.Sprintf("Census of %s (%s), rule numbers as of %s: %s on roll (%s): %s, %s.",
		x.day.Long(), census.TermOf(x.day).Words(), x.rules.Year(), plural(c.Pupils, "pupil", "pupils"), codes,
		plural(sum.Errors, "error", "errors"), plural(sum.Warnings, "query", "queries"))}
	if x.assumed > 0 {
		lines = append(lines, fmt.Sprintf("Of %s nothing says the enrolment status; C, on roll here only, is taken.", plural(x.assumed, "pupil", "pupils")))
	}
	lines = append(lines, x.unchecked...)
	if len(x.findings) > 0 {
		lines = append(lines, "sendctl explain RULE says why, and what to do; RULE is the word in brackets.")
	}
	return lines
}

// dfeRules is what formats say of the DfE's rules.
func dfeRules(set pathway.CensusRules) []diagfmt.Rule {
	var out []diagfmt.Rule
	for _, r := range set.Rules {
		if r.Test == "" {
			continue
		}
		severity := diag.Error
		if r.Severity == "query" {
			severity = diag.Warning
		}
		out = append(out, diagfmt.Rule{Name: census.RuleName(r), Severity: severity, About: capital(string(r.About)) + ".", Source: censusSource(r, set), Help: string(r.Why) + "\n\nPut it right: " + string(r.Do) + "."})
	}
	return append(out, tellRules()...)
}

// censusSource is what a rule of the DfE rests on.
func censusSource(r pathway.CensusRule, set pathway.CensusRules) string {
	return fmt.Sprintf("DfE census rule %s (%s set)", r.Number, set.Year())
}
