package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/cores"
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/exchange"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// importing is what the flags of import say.
type importing struct {
	list           listOptions
	teacher, senco string
	stages         []string
	since, joined  string
	all            bool
	accept, skip   bool
}

func newImportCmd(e *Env) *cobra.Command {
	var o importing
	c := &cobra.Command{
		Use: "import FILE", Short: "many new learners, from a list or a CTF",
		Long: `Takes in new learners from a list of the school's own system (CSV or XLSX) or
from a Common Transfer File (XML). It sees from the file itself which it is.

First it shows what would become of every row:

  new            not here yet
  here already   found by UPN, former UPN, ULN, or else by legal name and birth
                 date; with what differs
  twice          in the list more than once
  left out       without special educational needs (N or no code; --all takes
                 them too), or no longer on roll
  refused        with each reason

It never changes anyone who is here already: use sendctl edit for that, and
sendctl census diff to compare in full.

Nothing is recorded without --accept, or a yes at a terminal. Then everything
that is new is recorded in one commit, or nothing is. A refused row stops it,
unless --skip-refused leaves such rows out.

For each learner, it records names, birth date, sex, ethnicity, UPN, former UPN,
ULN; the day of joining, the dated code for SEN provision, needs with their
ranks and dates, indicators, enrolment status. Whoever imports is the
responsible teacher of all of them, unless --teacher names another. K begins at
the stage of SEN support that needs no document first, E at the one for EHC
plans, N where nobody has a concern yet. --stage K=passport changes that.

If the list does not say since when a code holds, give --since DATE (or --since
joined, the day of joining). If it has no day of joining, give --joined DATE. It
says where it used them. Exit code 1 means that a row is refused.`,
		Example: `  sendctl import pupils.csv
  sendctl import pupils.xlsx --sheet Roll --since 2026-09-01 --accept
  sendctl import pupils.csv --needs needs.csv --column "birth-date=Born on"
  sendctl import 9294000_CTF_9290000_001.xml --joined 2026-09-03 --accept`,
		Args: takes(1, 1, "one file"),
		RunE: func(c *cobra.Command, args []string) error { return e.importFile(c.Context(), args[0], o) },
	}
	f := c.Flags()
	e.listFlags(c, &o.list)
	f.StringVar(&o.teacher, "teacher", "", "the responsible teacher's `ID`, for all of them")
	f.StringVar(&o.senco, "senco", "", "the SENCo's `ID`")
	f.StringArrayVar(&o.stages, "stage", nil, "where learners with a code begin, as `CODE=STAGE`; can be given again")
	f.StringVar(&o.since, "since", "", "the `DATE` from which K or E holds if the list has none, or joined")
	f.StringVar(&o.joined, "joined", "", "the `DATE` of joining if the file has none")
	f.BoolVar(&o.all, "all", false, "also take those without special educational needs")
	f.BoolVar(&o.accept, "accept", false, "record what is new, in one commit")
	f.BoolVar(&o.skip, "skip-refused", false, "with --accept: leave out the rows that are refused")
	return c
}

// incoming is a file that was read: of either kind.
type incoming struct {
	name   string // its last part
	ctf    bool
	pupils []exchange.Pupil
	strays []exchange.Fault // of no pupil: of rows that hold none, of the table of needs
	notes  []exchange.Fault
	from   learner.Words // the school that a CTF comes from
	heads  map[exchange.Field]string
}

func (e *Env) importFile(ctx context.Context, name string, o importing) error {
	desk, f, err := e.work(ctx)
	if err != nil {
		return err
	}
	if err := desk.Stopped(); err != nil {
		return err
	}
	if err := casework.Usable(f); err != nil {
		return err
	}
	cs := casework.Case{Folder: f, Nameless: !e.asks()}
	if cs.Today, err = e.today(f); err != nil {
		return err
	}
	if cs.Me, err = desk.Me(f); err != nil {
		return err
	}
	said, err := o.said(cs)
	if err != nil {
		return err
	}
	e.bulk()
	in, err := e.incoming(name, o)
	if err != nil {
		return err
	}
	said.Transfer, said.From, said.Headings = in.ctf, in.from, in.heads
	residents, unread, err := e.residents(f, cs.Today)
	if err != nil {
		return err
	}
	x := intake{importing: o, said: said, in: in, unread: unread, proposals: casework.Propose(cs, residents, in.pupils, said)}
	x.addStrays()
	p := e.Progress("Checking what would be recorded")
	defer p.Done()
	if x.ready, err = desk.Prepare(cs, x.newcomers(), p.Step); err != nil {
		return err
	}
	p.Done()
	x.judged()
	return e.take(ctx, desk, cs, &x)
}

// said are the flags that hold for the whole list.
func (o *importing) said(cs casework.Case) (casework.Importing, error) {
	said := casework.Importing{Teacher: o.teacher, SENCo: o.senco, All: o.all, Stages: map[string]string{}}
	f := cs.Folder
	for flag, id := range map[string]string{"--teacher": o.teacher, "--senco": o.senco} {
		if _, ok := f.Person(id); id != "" && !ok {
			var known []string
			for _, p := range f.People.Value.People {
				known = append(known, p.ID)
			}
			return said, &casework.UnknownWordError{What: "adult of people.yaml", Typed: id, Known: known, Flag: flag}
		}
	}
	for _, typed := range o.stages {
		code, stage, ok := strings.Cut(typed, "=")
		if !ok {
			return said, usage("--stage wants a code and a stage, as in --stage K=passport")
		}
		if code != "N" && code != "K" && code != "E" {
			return said, &casework.UnknownWordError{What: "census code", Typed: code, Known: []string{"N", "K", "E"}, Flag: "--stage"}
		}
		s, ok := f.Pathway.Value.Stage(stage)
		if !ok {
			return said, &casework.UnknownWordError{What: "stage", Typed: stage, Known: f.Pathway.Value.StageIDs(), Flag: "--stage"}
		}
		if s.Away() {
			return said, usage("--stage: %s is the stage of those who have left", s.ID)
		}
		said.Stages[code] = s.ID
	}
	var err error
	switch o.since {
	case "":
	case "joined":
		said.SinceJoined = true
	default:
		if said.Since, err = date.Parse(o.since); err != nil {
			return said, usage("--since: %w; or joined, for the day of joining", err)
		}
		if said.Since.After(cs.Today) {
			return said, usage("--since: %s is still to come", said.Since.Long())
		}
	}
	if o.joined != "" {
		if said.Joined, err = date.Parse(o.joined); err != nil {
			return said, usage("--joined: %w", err)
		}
	}
	if o.skip && !o.accept {
		return said, usage("--skip-refused goes with --accept: it says what to do with refused rows when the others are recorded")
	}
	return said.WithDefaults(cs), nil
}

// incoming reads the file, of whichever kind it is.
func (e *Env) incoming(name string, o importing) (incoming, error) {
	in := incoming{name: filepath.Base(name)}
	if e.holdsXML(name) {
		if o.list.sheet+o.list.needs != "" || len(o.list.columns) > 0 || o.list.forget {
			return in, usage("%s is XML, and has neither columns nor sheets: --column, --sheet and --needs are for lists", in.name)
		}
		b, err := e.listBytes(name)
		if err != nil {
			return in, err
		}
		c, err := exchange.ReadCTF(b)
		if err != nil {
			return in, fmt.Errorf("%s: %w", in.name, err)
		}
		in.ctf, in.pupils, in.from = true, c.Pupils, learner.Words(c.Source.Name)
		return in, nil
	}
	l, err := e.openList(name, o.list)
	if err != nil {
		return in, err
	}
	in.pupils, in.notes, in.heads = l.Pupils, l.Notes, map[exchange.Field]string{}
	for field := range l.Columns.Of {
		in.heads[field] = l.Columns.Heading(field)
	}
	told := map[exchange.Fault]bool{}
	for _, p := range l.Pupils {
		for _, x := range p.Faults {
			told[x] = true
		}
	}
	for _, x := range l.Faults {
		if !told[x] {
			in.strays = append(in.strays, x)
		}
	}
	return in, nil
}

// holdsXML looks at how a file begins.
func (e *Env) holdsXML(name string) bool {
	if name == "-" {
		return false
	}
	f, err := os.Open(e.at(name))
	if err != nil {
		return false // whoever opens it for good says so
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return false // likewise; of a pipe nothing must be read ahead
	}
	head := make([]byte, 512)
	n, _ := f.Read(head)
	return exchange.IsXML(head[:n])
}

// residents reads who is here already; unread are those whose front sheet cannot be
// read: nobody can tell whether one of them is in the list.
func (e *Env) residents(f *folder.Folder, today date.Date) (all []casework.Resident, unread []string, err error) {
	ids, err := f.Learners()
	if err != nil {
		return nil, nil, err
	}
	p := e.Progress("Reading records")
	defer p.Done()
	all = make([]casework.Resident, len(ids))
	blind := make([]bool, len(ids))
	err = cores.Each(len(ids), p.Step, func(i int) error {
		r, err := f.LoadFront(ids[i])
		if err != nil {
			return err
		}
		all[i] = casework.ResidentOf(f, r, today)
		blind[i] = r.Identity.Doc == nil || slices.ContainsFunc(r.Findings, func(x diag.Finding) bool { return x.File == r.Identity.Path && x.Severity == diag.Error })
		return nil
	})
	for i, id := range ids {
		if blind[i] {
			unread = append(unread, id)
		}
	}
	if slices.ContainsFunc(f.Strays(), func(x diag.Finding) bool { return x.Severity == diag.Error && strings.HasPrefix(x.File, "learners/") }) {
		unread = append(unread, "what lies in learners/ and bears no learner's id") // it may be a record
	}
	return all, unread, err
}

// intake is a file with the fate of each of its rows.
type intake struct {
	importing
	said      casework.Importing
	in        incoming
	proposals []casework.Proposal
	unread    []string // learners here whose front sheet cannot be read
	ready     *casework.Intake
	new       []int // the proposals that ready is made of
}

// addStrays gives faults that are of no pupil a proposal of their own, refused.
func (x *intake) addStrays() {
	for _, f := range x.in.strays {
		x.proposals = append(x.proposals, casework.Proposal{
			Pupil: exchange.Pupil{Row: f.Row}, Fate: casework.Refused, Reasons: []casework.RowReason{casework.ReasonOf(f, f.Row)},
		})
	}
}

func (x *intake) newcomers() []casework.Newcomer {
	var out []casework.Newcomer
	for i, p := range x.proposals {
		if p.Fate == casework.New {
			x.new = append(x.new, i)
			out = append(out, p.Newcomer)
		}
	}
	return out
}

// judged refuses the rows of which a record would be wrong from its first day.
func (x *intake) judged() {
	for i, at := range x.new {
		p, ready := &x.proposals[at], x.ready.Prepared[i]
		if len(ready.Findings) == 0 {
			p.Learner = ready.ID
			continue
		}
		p.Fate = casework.Refused
		for _, f := range ready.Findings {
			field := fieldOf(f)
			p.Reasons = append(p.Reasons, casework.RowReason{Column: x.said.Headings[field], Field: field, Message: f.Message + " [" + f.Rule + "]"})
		}
	}
}

// fieldOf is the field of a list that a place in a record was made of.
func fieldOf(f diag.Finding) exchange.Field {
	key, _, _ := strings.Cut(f.Path, "[")
	return map[string]exchange.Field{
		"upn": exchange.UPN, "former_upn": exchange.FormerUPN, "uln": exchange.ULN, "born": exchange.BirthDate, "sex": exchange.Sex,
		"ethnicity": exchange.Ethnicity, "name": exchange.PreferredName, "legal_name.given": exchange.Forename, "legal_name.family": exchange.Surname,
		"joined": exchange.EntryDate, "enrolment": exchange.Status, "sen_provision": exchange.Provision, "needs": exchange.Need1,
		"sen_unit": exchange.SENUnit, "resourced_provision": exchange.Resourced, "top_up": exchange.TopUp,
	}[key]
}

func (x *intake) count(fate casework.Fate) (n int) {
	for _, p := range x.proposals {
		if p.Fate == fate {
			n++
		}
	}
	return n
}

// take shows what would become of every row, and records it where that is wanted.
func (e *Env) take(ctx context.Context, desk *casework.Desk, cs casework.Case, x *intake) error {
	if !e.flags.json {
		if err := e.Print(x.table(e.OutTTY)); err != nil {
			return err
		}
		e.tell(x.summary(cs))
	}
	refused := x.count(casework.Refused)
	fine := error(nil)
	if refused > 0 && !x.skip || len(x.unread) > 0 {
		fine = codeError(exitFindings)
	}
	wanted, err := e.wantsThem(ctx, cs, x, refused)
	switch {
	case err != nil:
		return err
	case !wanted:
		if e.flags.json {
			return firstOf(e.printJSON(x.view(nil)), fine)
		}
		return fine
	case refused > 0 && !x.skip:
		if e.flags.json {
			return firstOf(e.printJSON(x.view(nil)), fine)
		}
		e.say("Nothing was recorded: %s refused. Put the list right, or leave those rows out with --skip-refused.", plural(refused, "row is", "rows are"))
		return fine
	case len(x.unread) > 0:
		return &casework.StateError{Message: "nothing was recorded: " + x.unreadWords()}
	}
	x.ready.Leave()
	if len(x.ready.Prepared) == 0 {
		if e.flags.json {
			return e.printJSON(x.view(nil))
		}
		e.say("Nobody is new, so nothing was recorded.")
		return nil
	}
	done, err := desk.Import(ctx, x.ready)
	if err != nil {
		return err
	}
	if e.flags.json {
		return e.printJSON(x.view(&done))
	}
	left := ""
	if refused > 0 {
		left = fmt.Sprintf(" %s left out, refused.", plural(refused, "row was", "rows were"))
	}
	return e.done(done, "Recorded %s from %s in one commit.%s Next: sendctl list", plural(len(done.Many), "learner", "learners"), x.in.name, left)
}

// unreadWords say whose front sheet cannot be read.
func (x *intake) unreadWords() string {
	return "the front sheet of " + list(x.unread) + " cannot be read, so nobody can tell whether the list has them: sendctl validate"
}

// wantsThem reports whether what is new shall be recorded: as --accept says, or whoever
// sits at a terminal.
func (e *Env) wantsThem(ctx context.Context, cs casework.Case, x *intake, refused int) (bool, error) {
	n := x.count(casework.New)
	switch {
	case x.accept:
		return true, nil
	case n == 0:
		return false, nil
	case refused > 0 || len(x.unread) > 0 || !e.asks() || e.flags.json:
		if !e.flags.json {
			way := "--accept records " + plural(n, "new learner", "new learners")
			if refused > 0 {
				way = "--accept --skip-refused records " + plural(n, "new learner", "new learners") + " and leaves the refused rows out"
			}
			e.say("Nothing is recorded yet: %s.", way)
		}
		return false, nil
	}
	ask := fmt.Sprintf("Record these %d new learners?", n)
	if n == 1 {
		ask = "Record this new learner?"
	}
	yes, err := e.prompter(cs.Today).Confirm(ctx, ask, false)
	if err == nil && !yes {
		e.say("Nothing was recorded.")
	}
	return yes, err
}
