package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// stageMoves: the stage that people read is the one the last move led to, and the
// moves form one way.
var stageMoves = Rule{
	Name: "stage-moves", ID: "SEN206", Severity: diag.Error, Also: []diag.Severity{diag.Warning}, Guards: true,
	About:  "learner.yaml shows the stage, the census code and the main need of the last move, and each move begins where the one before ended; without a move, the stage is that of the latest cycle.",
	Source: "records: sendctl advance writes the stage, which must match the last move",
	check: func(l *look) {
		r := l.record
		if r.Learner.Doc == nil {
			return
		}
		moves := r.Moved()
		if len(moves) == 0 {
			if len(r.Moves) == 0 {
				l.unmoved()
			}
			return
		}
		ends := moves[:1:1] // several where people moved the learner on apart from each other
		var forks []folder.Moved
		for _, m := range moves[1:] {
			var apart []folder.Moved
			over := false // one that came after it is among them already
			for _, e := range ends {
				after := r.Later(e.Value.ID, m.Value.ID)
				if after || r.Apart(e.Value.ID, m.Value.ID) {
					apart = append(apart, e)
				}
				over = over || after
			}
			switch {
			case slices.ContainsFunc(ends, m.Follows):
			case len(apart) > 0:
				forks = append(forks, m)
			default:
				l.error(doc{m.Path, m.Doc}, "from", "this move does not begin at the stage where the one before it ended", "compare the two moves; record a missing move with sendctl advance")
			}
			if ends = apart; !over {
				ends = append(ends, m)
			}
		}
		if len(ends) > 1 { // a later move knows of both, and settles it
			for _, m := range forks {
				l.add(diag.Warning, doc{m.Path, m.Doc}, "from", "this move and another were recorded in two copies of the folder at once, and both begin where the learner was then",
					"check which stage the learner is at now; use sendctl correct if this move began elsewhere, or sendctl advance to record where the learner goes next")
			}
		}
		if slices.ContainsFunc(r.Moves, func(m recordfile.File[learner.Move]) bool { return m.Doc == nil }) {
			return // the last move may be one that cannot be read
		}
		l.firstMove(moves[0])
		l.lastMove(ends)
		if !slices.ContainsFunc(l.out, func(x diag.Finding) bool { return strings.HasPrefix(x.Path, "sen_provision") }) {
			l.earlierCodes(moves)
		}
		if len(ends) == 1 {
			l.codesAfter(ends[0])
		}
	},
}

// firstMove compares where the first move begins with the cycle before it: a move between the
// two may be lost. Whoever came back began elsewhere.
func (l *look) firstMove(m folder.Moved) {
	var before learner.Cycle
	for _, c := range l.record.Cycles {
		if c.Doc != nil && !c.Value.Opened.IsZero() && c.Value.Opened.Before(m.Fixed.Date) && !c.Value.Opened.Before(before.Opened) {
			before = c.Value
		}
	}
	p := &l.folder.Pathway.Value
	from, known := p.Stage(m.Fixed.From)
	was, ok := p.Stage(before.Stage)
	if known && ok && !from.Away() && from.ID != was.ID {
		l.add(diag.Warning, doc{m.Path, m.Doc}, "from", "this is the first move, but it does not begin at the stage of the cycle before it, "+shown(before.ID),
			"put back a missing move's file, or correct this: sendctl correct "+l.record.ID+" "+shown(m.Value.ID)+" from")
	}
}

// earlierCodes compares the moves before the last with the codes of their days. Of two on one
// day the later counts.
func (l *look) earlierCodes(moves []folder.Moved) {
	who := l.record.Learner
	codes := who.Value.SENProvision
	if !inOrder(codes) {
		return
	}
	for i, m := range moves[:len(moves)-1] {
		code := codeOn(codes, m.Fixed.Date)
		if m.Fixed.SENProvision == "" || code == "" || code == m.Fixed.SENProvision || code == m.Value.SENProvision || moves[i+1].Fixed.Date == m.Fixed.Date {
			continue
		}
		l.add(diag.Warning, doc{who.Path, who.Doc}, codeAt(codes, m.Fixed.Date), "an earlier move, "+shown(m.Value.ID)+", gives another census code from its day on",
			"write here what is right; if the move is wrong: sendctl correct "+l.record.ID+" "+shown(m.Value.ID)+" sen_provision")
		l.out[len(l.out)-1].Related = []diag.Related{related(doc{m.Path, m.Doc}, "sen_provision", "the move")}
		return
	}
}

// codesAfter tells of a code that begins after the learner has left.
func (l *look) codesAfter(last folder.Moved) {
	to, _ := l.folder.Pathway.Value.Stage(last.Fixed.To)
	who := l.record.Learner
	if !to.Away() || who.Value.Stage != last.Fixed.To {
		return
	}
	for i, c := range who.Value.SENProvision {
		if c.From.After(last.Fixed.Date) {
			l.add(diag.Warning, doc{who.Path, who.Doc}, indexed("sen_provision[].from", i), "this code begins after the learner left", "take the line out, or correct its date; if the learner is back, record that: sendctl advance "+l.record.ID)
			l.out[len(l.out)-1].Related = []diag.Related{related(doc{last.Path, last.Doc}, "date", "the day of leaving")}
			return
		}
	}
}

// lastMove compares learner.yaml with the move that was made last; of several made
// apart from each other, with the one whose stage it shows. What a correction put right
// in the move may still be to do in learner.yaml: until then that is a warning.
func (l *look) lastMove(ends []folder.Moved) {
	who := l.record.Learner
	d := doc{who.Path, who.Doc}
	m := ends[len(ends)-1]
	for _, e := range ends {
		if stage := who.Value.Stage; stage == e.Fixed.To || stage == e.Value.To && m.Fixed.To != stage {
			m = e
		}
	}
	compare := func(at, says, raw, fixed, message, hint string) {
		switch says {
		case fixed:
		case raw:
			l.add(diag.Warning, d, at, "the last move, "+shown(m.Value.ID)+", was corrected, and this still shows the old value", "write here what the correction says")
		default:
			weight := diag.Error
			if len(ends) > 1 && at != "stage" {
				weight, hint = diag.Warning, "the move recorded at the same time in another copy of the folder says something else; write here what is right, with sendctl edit"
			}
			l.add(weight, d, at, message, hint)
		}
	}
	if _, known := l.folder.Pathway.Value.Stage(who.Value.Stage); known || l.folder.Pathway.Doc == nil || l.pathwayLacks(who.Value.Stage) {
		// of a word that is no stage references tells
		compare("stage", who.Value.Stage, m.Value.To, m.Fixed.To, "the last move, "+shown(m.Value.ID)+", led to another stage", "record a move to change a stage; do not change it by hand")
	}
	told := func(list string) bool { // a fault of its own says already what is wrong with it
		return slices.ContainsFunc(l.record.Findings, func(x diag.Finding) bool { return x.File == d.path && strings.HasPrefix(x.Path, list) })
	}
	if m.Fixed.SENProvision != "" && inOrder(who.Value.SENProvision) && !told("sen_provision") {
		compare(codeAt(who.Value.SENProvision, m.Fixed.Date), codeOn(who.Value.SENProvision, m.Fixed.Date), m.Value.SENProvision, m.Fixed.SENProvision,
			"the last move, "+shown(m.Value.ID)+", gives another census code from its day on", "write the code of the move from its day on; give a later change a line of its own")
	}
	if need := m.Fixed.MainNeed; need != "" && len(who.Value.Needs) > 0 && !told("needs") && mainNeedOn(who.Value.Needs, m.Fixed.Date) != need {
		l.add(diag.Warning, d, "needs", "the last move, "+shown(m.Value.ID)+", names another main need on its day", "rank 1 is the main need; if it changed later, keep its old line and add until: with the last day")
	}
}

// codeAt is where the census code stands that is in force on a day.
func codeAt(codes []learner.ProvisionCode, day date.Date) string {
	at := "sen_provision"
	for i, c := range codes {
		if !c.From.After(day) {
			at = indexed("sen_provision[].code", i)
		}
	}
	return at
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
		if n.Rank == "1" && !n.From.After(day) && (n.Until.IsZero() || !n.Until.Before(day) || reversed(n)) {
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
			l.add(diag.Warning, doc{r.Learner.Path, r.Learner.Doc}, "stage", "this is not the stage of the latest cycle, "+shown(c.Value.ID)+", and no move connects the two",
				"put back the stage of the cycle, or the missing move's file")
		}
		return
	}
}
