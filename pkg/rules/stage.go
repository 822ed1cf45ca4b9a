package rules

// stageMoves: the stage that people read is the one the last move led to.
var stageMoves = Rule{
	Name: "stage-moves", About: "learner.yaml shows the stage that the last move led to.",
	Source: "records: stage is written by advance and must equal the last move",
	check: func(l *look) {
		moves := l.record.Moves
		if len(moves) == 0 || l.record.Learner.Doc == nil {
			return
		}
		last := moves[len(moves)-1]
		for _, m := range moves {
			if m.Value.Date.After(last.Value.Date) {
				last = m
			}
		}
		if last.Doc != nil && last.Value.To != l.record.Learner.Value.Stage {
			l.error(doc{l.record.Learner.Path, l.record.Learner.Doc}, "stage", "the last move, "+last.Value.ID+", led to another stage", "a stage is changed by a move, not by hand")
		}
	},
}
