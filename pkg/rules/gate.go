package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"

	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
)

// gateRule: a step may be taken with something unmet, and the record then says why;
// parents are told of every step, or it says why not.
var gateRule = Rule{
	Name: "gate", ID: "SEN208", Severity: diag.Error, Guards: true,
	About:  "A move or sent request with something not met gives a reason, unless the request is the family's own by right; a move says when the parents were told, or why not.",
	Source: "Children and Families Act 2014, section 68 (parents are told); good practice: a decision has its reason",
	check: func(l *look) {
		for _, m := range l.record.Moves {
			if m.Doc == nil {
				continue
			}
			d := doc{m.Path, m.Doc}
			v, _ := folder.Corrected(l.record, m) // a reason that was left out may have been put in
			for i, g := range v.Gate {
				if !g.Met && v.Because == "" {
					l.error(d, fmt.Sprintf("gate[%d].met", i), "this was not met, and nothing says why the move was made anyway", "add the reason: sendctl correct "+l.record.ID+" "+shown(v.ID)+" because")
				}
			}
			if len(v.Told) == 0 && v.NotTold == "" {
				l.error(d, "id", "nothing says that the parents were told about this move, or why they were not", "add the reason: sendctl correct "+l.record.ID+" "+shown(v.ID)+" not_told")
			}
		}
		for _, q := range l.record.Requests {
			d := doc{q.Path, q.Doc}
			v, _ := folder.Corrected(l.record, q)
			kind, _ := l.folder.Pathway.Value.Request(v.Kind)
			if q.Doc == nil || v.Sent.IsZero() || v.Because != "" || gate.ByRight(kind, l.record, v.AskedBy, v.Opened) {
				continue
			}
			for i, x := range v.Readiness {
				if x.State == "missing" {
					l.error(d, fmt.Sprintf("readiness[%d].state", i), "this was missing, and nothing says why the request was sent anyway", "add the reason: sendctl correct "+l.record.ID+" "+shown(v.ID)+" because")
				}
			}
		}
	},
}
