package cli

import (
	"github.com/spf13/cobra"

	"github.com/sendctl/sendctl/pkg/casework"
	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/render"
	"github.com/sendctl/sendctl/pkg/report"
)

// notYet stands where the id of a file will, while it is read back.
const notYet = "(not recorded yet)"

// requestLetter records a letter to or from whoever decides.
func (e *Env) requestLetter(c *cobra.Command, typed string, rest []string, q *requesting) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &q.answering)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		if s.Has("what") {
			return usage("what the letter says is given twice: once as a word and once by a flag")
		}
		s.Set("what", rest[0], "WHAT")
	}
	l, err := casework.PickRequest(cs, "letter", q.which)
	if err != nil {
		return err
	}
	script, err := casework.LetterForm(cs, l)
	if err != nil {
		return err
	}
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "letter-" + cs.ID() + "-" + l.Request.Value.ID, brief: s.Has("what")})
	if err != nil {
		return err
	}
	x, err := casework.LetterOf(cs, l, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Letter(ctx, x)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded and sealed: letter %s about request %s, %s, %s. The time limits: sendctl request %s show --request %s", done.File, x.Request, x.What, x.Date.Long(), done.Learner, x.Request)
}

// requestDecided records a decision.
func (e *Env) requestDecided(c *cobra.Command, typed string, q *requesting) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &q.answering)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "decided", q.which)
	if err != nil {
		return err
	}
	script, err := casework.DecisionForm(cs, l)
	if err != nil {
		return err
	}
	casework.Scored(s)
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: script, supply: s, today: cs.Today, draft: "decided-" + cs.ID() + "-" + l.Request.Value.ID,
		ask: "Record this decision? It cannot be changed afterwards, only corrected.", back: func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
			x, err := casework.DecisionOf(cs, l, a, extra)
			x.ID = notYet
			v := report.DecisionFileOf(cs.Folder, cs.Record, recordfile.File[learner.Decision]{Value: x}, cs.Today)
			return render.DecisionFile(string(cs.Record.Identity.Value.Name), v), err
		}})
	if err != nil {
		return err
	}
	x, err := casework.DecisionOf(cs, l, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Decide(ctx, x)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded and sealed: decision %s on request %s of %s: %s. The stage stays as it is: sendctl next %s", done.File, x.Request, x.Panel.Long(), l.Kind.Result(x.Result), done.Learner)
}

// requestImpact records what money for a time changed.
func (e *Env) requestImpact(c *cobra.Command, typed string, q *requesting) error {
	ctx := c.Context()
	desk, cs, s, err := e.begin(c, typed, &q.answering)
	if err != nil {
		return err
	}
	l, err := casework.PickRequest(cs, "impact", q.which)
	if err != nil {
		return err
	}
	answers, extra, err := e.fill(ctx, asking{desk: desk, script: casework.ImpactForm(cs, l), supply: s, today: cs.Today, draft: "impact-" + cs.ID() + "-" + l.Request.Value.ID,
		ask: "Record this impact? It cannot be changed afterwards, only corrected.", back: func(a form.Answers, extra casework.Extra) ([]render.Line, error) {
			x, err := casework.ImpactOf(cs, l, a, extra)
			x.ID = notYet
			v := report.ImpactFileOf(cs.Folder, cs.Record, recordfile.File[learner.Impact]{Value: x}, cs.Today)
			return render.ImpactFile(string(cs.Record.Identity.Value.Name), v), err
		}})
	if err != nil {
		return err
	}
	x, err := casework.ImpactOf(cs, l, answers, extra)
	if err != nil {
		return err
	}
	done, err := desk.Impact(ctx, x)
	if err != nil {
		return err
	}
	e.dropDraft(desk)
	return e.done(done, "Recorded and sealed: impact %s of request %s, %s.", done.File, x.Request, x.Date.Long())
}
