package casework

import (
	"context"
	"slices"

	"github.com/sendctl/sendctl/pkg/form"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// Planning is a plan being made: what it starts from, and its questions.
type Planning struct {
	start planStart
	path  string // of the open cycle that it completes; "" for a new cycle
}

// StartPlan begins a plan: in the open cycle that holds only a concern, or in a
// new one that carries the last review's decisions forward. It refuses where a
// plan is under way (a *StateError). own says what the answers
// bring themselves: where they name a first target, say, none is proposed.
func StartPlan(c Case, own func(path string) bool) (*Planning, error) {
	r := c.Record
	s := planStart{Case: c}
	if open := r.OpenCycle(); open != nil {
		if open.Value.Plan != nil {
			return nil, state("a plan is under way since %s, to be reviewed by %s; one cycle is open at a time. Review it first: sendctl review %s",
				open.Value.Plan.Date.Long(), open.Value.Plan.ReviewOn.Long(), r.ID)
		}
		s.cycle = open.Value
		if s.cycle.Assess == nil {
			s.cycle.Assess = &learner.Assess{}
		}
		s.cycle.Plan = &learner.Plan{}
		return &Planning{start: s, path: open.Path}, nil
	}
	stage, ok := c.Folder.Pathway.Value.Stage(r.Learner.Value.Stage)
	if !ok || !stage.Cycles {
		return nil, state("%s is at the stage %s, at which there are no cycles", r.ID, r.Learner.Value.Stage)
	}
	s.cycle = learner.Cycle{
		Format: recordfile.Cycle.Format(), Learner: r.ID, Stage: stage.ID, Pathway: c.Folder.Pathway.Value.Ref(),
		ResponsibleTeacher: r.Learner.Value.Team.ResponsibleTeacher,
		Assess:             &learner.Assess{}, Plan: &learner.Plan{},
	}
	if done := r.Reviewed(); len(done) > 0 {
		last, _ := r.Corrected(done[len(done)-1])
		s.carry(last)
		if own("plan.targets[0].outcome") {
			s.targets = nil
		}
		if own("plan.provision[0].what") {
			s.support = nil
		}
		if own("plan.universal") {
			s.cycle.Plan.Universal = nil
		}
		if own("assess.strengths") {
			s.cycle.Assess.Strengths = nil
		}
	}
	return &Planning{start: s}, nil
}

// Form gives the plan's questions; paths are those of the cycle.
func (p *Planning) Form() form.Script { return p.start.script() }

// Draft is the name under which half-made answers are kept. It names the cycle
// that the plan starts from: what was said for one plan is never offered for another.
func (p *Planning) Draft() string {
	from := p.start.cycle.ID
	if p.start.previous != nil {
		from = p.start.previous.ID
	}
	if from == "" {
		from = "first"
	}
	return "plan-" + p.start.ID() + "-" + from
}

// Cycle is the cycle as the answers make it.
func (p *Planning) Cycle(a form.Answers, extra Extra) (learner.Cycle, error) {
	return p.start.cycleOf(a, extra)
}

// Plan records a plan: the cycle that was made of the answers.
func (d *Desk) Plan(ctx context.Context, p *Planning, c learner.Cycle) (Done, error) {
	id := p.start.ID()
	var file string
	done, err := d.do(ctx, "plan", id, func(a *act) error {
		a.date, a.stage = c.Plan.Date, c.Stage
		open := a.Record.OpenCycle()
		if p.path == "" {
			if open != nil {
				return state("a cycle was opened by someone else in the meantime: sendctl show %s", id)
			}
			var err error
			if c.ID, err = d.newFileID(a.taken()); err != nil {
				return err
			}
			file = c.ID
			return a.make(cyclePath(c), recordfile.Cycle, c)
		}
		if open == nil || open.Path != p.path || open.Value.Plan != nil {
			return state("the cycle was planned or reviewed by someone else in the meantime: sendctl show %s", id)
		}
		file = c.ID
		next, err := open.Edited(recordfile.Cycle, planEdits(open.Value, c)...)
		if err != nil {
			return err
		}
		return a.write(p.path, next.Doc.Bytes())
	})
	done.File = file
	return done, err
}

// planEdits adds to a cycle's file what the plan brings, and leaves every line
// that is there as it is.
func planEdits(was, c learner.Cycle) []yamldoc.Edit {
	var edits []yamldoc.Edit
	if was.Assess == nil {
		edits = append(edits, yamldoc.SetAfter(yamldoc.Path{{Key: "assess"}}, recordfile.Value(*c.Assess), recordfile.Before(c, "assess")...))
	} else {
		edits = append(edits, assessEdits(*was.Assess, *c.Assess)...)
	}
	return append(edits, yamldoc.SetAfter(yamldoc.Path{{Key: "plan"}}, recordfile.Value(*c.Plan), recordfile.Before(c, "plan")...))
}

func assessEdits(was, now learner.Assess) []yamldoc.Edit {
	var edits []yamldoc.Edit
	at := func(key string) yamldoc.Path { return yamldoc.Path{{Key: "assess"}, {Key: key}} }
	set := func(key string, v any) {
		edits = append(edits, yamldoc.SetAfter(at(key), recordfile.Value(v), recordfile.Before(now, key)...))
	}
	if now.Date != was.Date {
		set("date", now.Date)
	}
	if now.Noticed != was.Noticed {
		set("noticed", now.Noticed)
	}
	edits = append(edits, more(now, at, "strengths", was.Strengths, now.Strengths)...)
	edits = append(edits, more(now, at, "concerns", was.Concerns, now.Concerns)...)
	edits = append(edits, more(now, at, "history", was.History, now.History)...)
	edits = append(edits, more(now, at, "other_explanations", was.OtherExplanations, now.OtherExplanations)...)
	edits = append(edits, more(now, at, "evidence", was.Evidence, now.Evidence)...)
	edits = append(edits, more(now, at, "learner_says", was.LearnerSays, now.LearnerSays)...)
	return append(edits, more(now, at, "parents_say", was.ParentsSay, now.ParentsSay)...)
}

// more appends to a list what it has gained; a list that is not there yet is written whole.
func more[T any](group any, at func(string) yamldoc.Path, key string, was, now []T) []yamldoc.Edit {
	if len(now) <= len(was) {
		return nil
	}
	if len(was) == 0 {
		return []yamldoc.Edit{yamldoc.SetAfter(at(key), recordfile.Value(now), recordfile.Before(group, key)...)}
	}
	var edits []yamldoc.Edit
	for _, v := range slices.Clone(now[len(was):]) {
		edits = append(edits, yamldoc.Append(at(key), recordfile.Value(v)))
	}
	return edits
}
