package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
	"github.com/sendctl/sendctl/pkg/seal"
)

// stageMoves: the stage that people read is the one the last move led to, and the
// moves form one way.
var stageMoves = Rule{
	Name: "stage-moves", About: "learner.yaml shows the stage, the census code and the main need that the last move led to, and each move begins where the one before ended; without a move, the stage is that of the latest cycle.",
	Source: "records: stage is written by advance and must equal the last move",
	check: func(l *look) {
		r := l.record
		if r.Learner.Doc == nil {
			return
		}
		moves := inOrder(r)
		if len(moves) == 0 {
			if len(r.Moves) == 0 {
				l.unmoved()
			}
			return
		}
		for i := 1; i < len(moves); i++ {
			if !moves[i].follows(moves[i-1]) {
				l.error(moves[i].doc, "from", "this move does not begin at the stage to which the one before it led", "put the moves beside each other; a move that was missed is recorded with sendctl advance")
			}
		}
		if slices.ContainsFunc(r.Moves, func(m recordfile.File[learner.Move]) bool { return m.Doc == nil }) {
			return // the last move may be one that cannot be read
		}
		l.lastMove(moves[len(moves)-1])
	},
}

// moved is a move as it was sealed and as its corrections put it right.
type moved struct {
	doc
	raw, fixed learner.Move
}

// follows reports whether m begins where the other ended, as either was sealed or
// put right: two files cannot be put right in one moment.
func (m moved) follows(before moved) bool {
	return slices.ContainsFunc([]string{m.raw.From, m.fixed.From}, func(from string) bool {
		return from == before.raw.To || from == before.fixed.To
	})
}

// inOrder gives the moves that can be read in the order in which they were made:
// by date and, on one day, so that each begins where the one before ended; else in
// the order in which they were recorded.
func inOrder(r *folder.Record) []moved {
	recorded := map[string]time.Time{}
	for _, b := range r.Seals {
		if s, err := seal.Parse(b); err == nil {
			recorded[s.File] = s.Recorded
		}
	}
	var left []moved
	for _, m := range r.Moves {
		if m.Doc != nil {
			fixed, _ := folder.Corrected(r, m)
			left = append(left, moved{doc{m.Path, m.Doc}, m.Value, fixed})
		}
	}
	slices.SortStableFunc(left, func(a, b moved) int {
		return cmp.Or(a.fixed.Date.Compare(b.fixed.Date), recorded[a.raw.ID].Compare(recorded[b.raw.ID]))
	})
	var out []moved
	for len(left) > 0 {
		day := 1
		for day < len(left) && left[day].fixed.Date == left[0].fixed.Date {
			day++
		}
		next := slices.IndexFunc(left[:day], func(m moved) bool {
			if len(out) > 0 {
				return m.follows(out[len(out)-1])
			}
			return !slices.ContainsFunc(left[:day], m.follows) // the first of all follows on none
		})
		next = max(0, next)
		out = append(out, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return out
}

// lastMove compares learner.yaml with the move that was made last. What a
// correction put right in the move may still be to do in learner.yaml: until then
// that is a warning.
func (l *look) lastMove(m moved) {
	who := l.record.Learner
	d := doc{who.Path, who.Doc}
	compare := func(at, says, raw, fixed, message, hint string) {
		switch says {
		case fixed:
		case raw:
			l.add(diag.Warning, d, at, "the last move, "+m.raw.ID+", was put right, and this says what it said before", "write here what the correction says")
		default:
			l.error(d, at, message, hint)
		}
	}
	compare("stage", who.Value.Stage, m.raw.To, m.fixed.To, "the last move, "+m.raw.ID+", led to another stage", "a stage is changed by a move, not by hand")
	if m.fixed.SENProvision != "" {
		compare("sen_provision", codeOn(who.Value.SENProvision, m.fixed.Date), m.raw.SENProvision, m.fixed.SENProvision,
			"the last move, "+m.raw.ID+", gives another census code from its day on", "write the code of the move from its day on; a later change has a line of its own")
	}
	if need := m.fixed.MainNeed; need != "" && mainNeedOn(who.Value.Needs, m.fixed.Date) != need {
		l.add(diag.Warning, d, "needs", "the last move, "+m.raw.ID+", names another main need on its day", "rank 1 is the main need; one that changed later keeps its line, with the day until which it was")
	}
}

// codeOn is the census code in force on a day, "" where none was.
func codeOn(codes []learner.ProvisionCode, day date.Date) string {
	code := ""
	for _, c := range codes {
		if !c.From.After(day) {
			code = c.Code
		}
	}
	return code
}

// mainNeedOn is the main need in force on a day, "" where none was.
func mainNeedOn(needs []learner.Need, day date.Date) string {
	main := ""
	for _, n := range needs {
		if n.Rank == "1" && !n.From.After(day) && (n.Until.IsZero() || !n.Until.Before(day)) {
			main = n.Type
		}
	}
	return main
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
