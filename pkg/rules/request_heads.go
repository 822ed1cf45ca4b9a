package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// requestHeads: under each of the five headings by which an authority judges a request
// there is something to read.
var requestHeads = Rule{
	Name: "request-heads", ID: "SEN1102", Severity: diag.Warning,
	About:  "A request for an assessment has something under each of the five headings that the local authority looks at.",
	Source: "Code of Practice, chapter 9 (what the local authority looks for)",
	check: func(l *look) {
		p := &l.folder.Pathway.Value
		for _, x := range l.undecidedRequests() {
			q := x.Request.Value
			if !x.Kind.Statutory() || gate.ByRight(x.Kind, l.record, q.AskedBy, q.Opened) {
				continue
			}
			at := "evidence"
			if len(q.Evidence) == 0 {
				at = "sent"
			}
			var empty []string
			for _, head := range []string{"attainment", "need", "action", "extra-support", "wellbeing"} {
				asked, there, told := false, false, false
				for _, id := range x.Kind.Evidence {
					if c, ok := p.Check(id); ok && c.Head == head {
						asked = true
						there = there || shows(q, id)
						told = told || q.Because == "" && saidMissing(q, id)
					}
				}
				if asked && !there && !told {
					empty = append(empty, p.Words(pathway.Heads, head))
				}
			}
			if len(empty) > 0 {
				l.find(docOf(x.Request), at, "this request has nothing about: "+strings.Join(empty, "; "),
					"send it now, and log the letter: sendctl request "+l.record.ID+" letter; in a draft: sendctl request "+l.record.ID+" cite")
			}
		}
	},
}

// shows reports whether a request has at least a part of an item, or says that it does
// not apply. That an item is there is worth nothing in a request with no evidence at all.
func shows(q learner.Request, item string) bool {
	return slices.ContainsFunc(q.Evidence, func(e learner.RequestEvidence) bool { return e.Shows == item && e.Cites != "" }) ||
		slices.ContainsFunc(q.Readiness, func(r learner.Readiness) bool {
			return r.Item == item && (r.State == string(gate.NotApplicable) || r.State != string(gate.Missing) && len(q.Evidence) > 0)
		})
}
