package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

func newAdvanceCmd(e *Env) *cobra.Command {
	var given answering
	var to string
	var check bool
	c := &cobra.Command{
		Use: "advance LEARNER", Short: "move to another stage: what is met, then the move",
		Long: `Moves a learner to another stage: to more support, to less, to another form of
support, or out of the setting. It also opens a request beside the stage (star,
cosa).

First it shows what the pathway looks for before that step: whether each thing
is there, and what was found. If something is missing, it says what would meet
it and who can supply it. A duty is law, evidence is policy. This never stops a
move: if something is not met in full, or the pathway does not name this step,
you give a reason (--because), and the reason is sealed with the move.

Then it records one move: its sealed file, with the table as it was; the stage,
the census code and the main need in learner.yaml; and that the family was told,
or why not. A request for statutory assessment may be made at any time.

--check shows the table and records nothing: exit code 0 if everything is met, 1
if not.`,
		Example: `  sendctl advance bk7m
  sendctl advance bk7m --to passport --check
  sendctl advance bk7m --to passport --sen K --main-need SPLD --told c8rt
  sendctl advance bk7m --to ssp --set telling.with=mum --set telling.how=call \
    --set telling.told="A plan is made." --because "The need is sudden."`,
		Args: takes(1, 1, "one learner"),
		RunE: func(c *cobra.Command, args []string) error {
			if check {
				return e.checkGate(c, args[0], to, &given)
			}
			return e.advance(c, args[0], to, &given)
		},
	}
	c.Flags().StringVar(&to, "to", "", "the `STAGE`, or the kind of request, to go to")
	c.Flags().BoolVar(&check, "check", false, "only show what is and is not met; record nothing")
	given.add(e, c, "telling.with=mum",
		answerFlag{name: "date", path: "date", help: "the `DATE` from which the new stage holds, if not today"},
		answerFlag{name: "because", path: "because", help: "why this move, in `WORDS`; needed if something is not met"},
		answerFlag{name: "sen", path: "sen_provision", help: "the census `CODE` from then on: N, K or E"},
		answerFlag{name: "main-need", path: "main_need", help: "the main area of need, a census `CODE` such as SPLD"},
		answerFlag{name: "told", path: "told", help: "the `IDS` of the contacts in which the family was told, with commas between"},
		answerFlag{name: "not-told", path: "not_told", help: "why the family was not told, in `WORDS`"},
		answerFlag{name: "meeting", path: "meeting.date", help: "the `DATE` of the meeting that plans what comes next"},
		answerFlag{name: "invited", path: "meeting.invited", help: "the `IDS` of the people invited to it, with commas between"},
		answerFlag{name: "monitor-until", path: "monitor_until", help: "after a move to less support: monitor until `DATE`"},
		answerFlag{name: "to-setting", path: "to_setting", help: "the `NAME` of the setting that a leaver goes to"},
	)
	return c
}

// toFlag is the question whose answer decides on all the others.
func toFlag(options []form.Option) form.Question {
	return form.Question{Path: "to", Flag: "--to", Kind: form.Choice, Options: options, Ask: "Where to?"}
}

// whereTo asks where the learner is to go.
func (e *Env) whereTo(ctx context.Context, cs casework.Case) (string, error) {
	ways := casework.Ways(cs)
	if e.flags.questions {
		return "", e.printQuestions([]form.Question{toFlag(append(ways, casework.OtherStages(cs)...))})
	}
	if !e.asks() {
		return "", &casework.MissingError{Questions: []form.Question{toFlag(ways)}}
	}
	p := e.prompter(cs.Today)
	p.Undrafted = true
	now := cs.Folder.Pathway.Value.StageWords(cs.Record.Learner.Value.Stage)
	got, err := p.Choose(ctx, "Now: "+now+". Where to?", ways, "")
	if err != nil || got != casework.AnotherStage {
		return got, err
	}
	return p.Choose(ctx, "To which stage?", casework.OtherStages(cs), "")
}

func (e *Env) advance(c *cobra.Command, typed, to string, given *answering) error {
	ctx := c.Context()
	desk, cs, err := e.one(ctx, typed)
	if err != nil {
		return err
	}
	if to == "" {
		if to, err = e.whereTo(ctx, cs); err != nil {
			return err
		}
	}
	stage, kind, err := casework.Destination(cs, to)
	if err != nil {
		return err
	}
	if kind != "" {
		return e.requestOpen(c, cs.ID(), kind, given) // a request stands beside the stage, and moves nothing
	}
	s, err := given.supply(e, c)
	if err != nil {
		return err
	}
	p, err := casework.StartAdvance(cs, stage, s.Has)
	if err != nil {
		return err
	}
	if e.asks() && !e.flags.questions {
		before, err := p.Step(form.Answers{}, nil)
		if err != nil {
			return err
		}
		v := report.GateOf(cs.Folder, cs.Record, stage, p.Gate, p.Table(before))
		for i, l := range v.Lines {
			if p.Asks(l.Check) && !l.Met() {
				v.Lines[i].Satisfy, v.Lines[i].Who, v.Lines[i].Source = "Your answers to the questions below", "", ""
			}
		}
		fmt.Fprintln(e.Err)
		_ = e.page(e.Err, render.Gate(string(cs.Record.Identity.Value.Name), v)) // talk
	}
	back := func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
		step, err := p.Step(a, extra)
		if err != nil {
			return nil, err
		}
		m, log := p.Preview(step, p.Table(step))
		return render.Step(string(cs.Record.Identity.Value.Name), report.StepOf(cs.Folder, cs.Record, m, log...)), nil
	}
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: p.Form(), supply: s, today: cs.Today, draft: p.Draft(), back: back,
		ask: "Record this move? It cannot be changed afterwards, only corrected."})
	if err != nil {
		return err
	}
	step, err := p.Step(answers, extra)
	if err != nil {
		return err
	}
	table := p.Table(step)
	if step.Because == "" && len(gate.Unmet(table)) > 0 {
		return e.wantsReason(cs, p, table)
	}
	done, err := desk.Advance(ctx, p, step, table)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	next := ""
	if n := p.NextCommand(); n != "" {
		next = " Next: " + n
	}
	return e.done(done, "Recorded and sealed: %s, from %s: %s, move %s.%s", done.Learner, step.Date.Long(), p.To.Words, done.File, next)
}

// wantsReason prints the gate of a move that is not made, because something is not
// met and nobody said why it should go ahead all the same.
func (e *Env) wantsReason(cs casework.Case, p *casework.Advancing, table []gate.Line) error {
	v := report.GateOf(cs.Folder, cs.Record, p.To.ID, p.Gate, table)
	return e.unmetTable(v, render.Gate(cs.ID(), v), "the move was not made, and nothing was recorded: something is not met in full. To go ahead all the same, say why with --because \"...\"; the reason is sealed with the move")
}

// checkGate shows a gate table and records nothing. Answers that were given count
// as they would in the move.
func (e *Env) checkGate(c *cobra.Command, typed, to string, given *answering) error {
	f, r, today, err := e.seen(c.Context(), typed)
	if err != nil {
		return err
	}
	cs := casework.Case{Folder: f, Record: r, Today: today, Nameless: !e.asks()}
	if e.desk != nil {
		cs.Me, _ = e.desk.MeIn(f, cs.Record) // who looks need not be one of those who act
	}
	if to == "" {
		if to, err = e.whereTo(c.Context(), cs); err != nil {
			return err
		}
	}
	stage, kind, err := casework.Destination(cs, to)
	if err != nil {
		return err
	}
	fault := e.alarm()
	v := report.Gate{}
	if kind != "" {
		k, _ := f.Pathway.Value.Request(kind)
		g := gate.Gate{Way: "request", Usual: true, IDs: k.Gate}
		v = report.GateOf(f, r, kind, g, gate.Table(f, r, g.IDs, gate.Ask{On: today}))
	} else {
		s, err := given.supply(e, c)
		if err != nil {
			return err
		}
		p, err := casework.StartAdvance(cs, stage, s.Has)
		if err != nil {
			return err
		}
		a := form.Answers{}
		if err := s.Answer(p.Form(), a); err != nil {
			return err
		}
		step, err := p.Step(a, s.Beyond(p.Form(), a))
		if err != nil {
			return err
		}
		v = report.GateOf(f, r, stage, p.Gate, p.Table(step))
	}
	if !v.Met {
		fault = firstOf(fault, codeError(exitFindings))
	}
	if e.flags.json {
		return firstOf(e.printJSON(v), fault)
	}
	who := r.ID
	if e.OutTTY {
		who = string(r.Identity.Value.Name)
	}
	return firstOf(e.page(e.Out, render.Gate(who, v)), fault)
}
