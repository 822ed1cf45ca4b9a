package rules

import "github.com/sendctl/sendctl/pkg/diag"

// stageMoves: the stage that people read is the one the last move led to.
var stageMoves = Rule{
	Name: "stage-moves", About: "learner.yaml shows the stage that the last move led to; without a move, that of the latest cycle.",
	Source: "records: stage is written by advance and must equal the last move",
	check: func(l *look) {
		r := l.record
		if r.Learner.Doc == nil {
			return
		}
		if len(r.Moves) == 0 {
			l.unmoved()
			return
		}
		last := r.Moves[len(r.Moves)-1]
		for _, m := range r.Moves {
			if m.Value.Date.After(last.Value.Date) {
				last = m
			}
		}
		if last.Doc != nil && last.Value.To != r.Learner.Value.Stage {
			l.error(doc{r.Learner.Path, r.Learner.Doc}, "stage", "the last move, "+last.Value.ID+", led to another stage", "a stage is changed by a move, not by hand")
		}
	},
}

// unmoved finds a stage that is not that of the latest cycle, though nothing moved
// the learner. It is a warning only: the move may have been before this record.
func (l *look) unmoved() {
	r := l.record
	for i := len(r.Cycles) - 1; i >= 0; i-- {
		c := r.Cycles[i]
		if c.Doc == nil || c.Value.Stage == "" {
			continue
		}
		if stage := r.Learner.Value.Stage; stage != "" && stage != c.Value.Stage {
			l.add(diag.Warning, doc{r.Learner.Path, r.Learner.Doc}, "stage", "this is not the stage of the latest cycle, "+c.Value.ID+", and no move led from the one to the other",
				"put back the stage of the cycle, or the file of the move")
		}
		return
	}
}
