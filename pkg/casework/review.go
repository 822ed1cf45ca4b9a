package casework

import (
	"context"

	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Reviewable gives the cycle that a review would close: open, with a plan.
func Reviewable(c Case) (*recordfile.File[learner.Cycle], error) {
	open := c.Record.OpenCycle()
	switch {
	case open == nil:
		return nil, state("%s has no open cycle, so there is nothing to review; begin the next one with: sendctl plan %s", c.ID(), c.ID())
	case open.Value.Plan == nil:
		return nil, state("%s has a concern and no plan yet, so there is nothing to review; make the plan with: sendctl plan %s", c.ID(), c.ID())
	}
	return open, nil
}

// ReviewDraft is the name under which the half-made review of a cycle is kept.
func ReviewDraft(id, cycle string) string { return "review-" + id + "-" + cycle }

// Review closes a cycle: writes the review into its file in one piece, seals the
// file and records both. cycle is the id of the cycle that the questions were about.
func (d *Desk) Review(ctx context.Context, id, cycle string, r *learner.Review) (Done, error) {
	return d.do(ctx, "review", id, func(a *act) error {
		open := a.Record.OpenCycle()
		if open == nil || open.Value.ID != cycle {
			return state("the cycle %s was reviewed by someone else in the meantime: sendctl show %s", cycle, id)
		}
		a.date, a.stage = r.Date, open.Value.Stage
		next, err := open.Edited(recordfile.Cycle, yamldoc.SetAfter(yamldoc.Path{{Key: "review"}}, recordfile.Value(*r), recordfile.Before(open.Value, "review")...))
		if err != nil {
			return err
		}
		if err := a.write(open.Path, next.Doc.Bytes()); err != nil {
			return err
		}
		a.seal(open.Value.ID, open.Path, "review", r.Date)
		return nil
	})
}
