package rules

import (
	"fmt"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// The rules of the code for SEN provision.

var noCodeToday = Rule{
	Name: "no-code-today", ID: "SEN401", Severity: diag.Error,
	About:  "From the day of joining, a learner has a code for SEN provision: N, K or E.",
	Source: "DfE census rule 2120",
	check: func(l *look) {
		is := l.record.Learner.Value
		if is.Joined.IsZero() || len(is.SENProvision) == 0 || !l.here() || !l.reached(is.Joined) {
			return
		}
		for _, c := range is.SENProvision {
			if c.From.IsZero() {
				return
			}
		}
		if l.code() == "" && inOrder(is.SENProvision) {
			d := docOf(l.record.Learner)
			l.find(d, "sen_provision", "the learner has joined, but has no code for SEN provision today", "correct the date of the first code, or add a line before it: {from: the day of joining, code: \"N\"}",
				related(d, "joined", "joined on this day"))
		}
	},
}

// codeWithdrawn tells of an old code what took its place, in the history too: files
// hold the codes of today only.
var codeWithdrawn = Rule{
	Name: "code-withdrawn", ID: "SEN402", Severity: diag.Error, Guards: true, Instead: true,
	About:  "No code is one the census no longer takes: A, P and S for SEN provision, BESD for a need.",
	Source: "DfE census rules 2115, 2120 and 2170",
	check: func(l *look) {
		d, is := docOf(l.record.Learner), l.record.Learner.Value
		for i, c := range is.SENProvision {
			if old, ok := withdrawn().Code(c.Code); ok && len(c.Code) == 1 {
				l.find(d, fmt.Sprintf("sen_provision[%d].code", i), "the census no longer takes this code for SEN provision", "write "+old.ReplacedBy+", which replaced it")
			}
		}
		for i, n := range is.Needs {
			if old, ok := withdrawn().Code(n.Type); ok && len(n.Type) > 1 {
				l.find(d, needAt(i, "type"), "the census no longer takes this type of need", "write "+old.ReplacedBy+", which replaced it, or the type that fits the need now")
			}
		}
	},
}

var specialSchoolN = Rule{
	Name: "special-school-n", ID: "SEN413", Severity: diag.Error,
	About:  "In a special school every learner has the code K or E.",
	Source: "DfE census rule 2180",
	check: func(l *look) {
		is := l.record.Learner.Value
		if l.folder.Setting.Value.Phase != "special" || !l.counted() || !l.reached(is.Joined) {
			return
		}
		if code, at := l.codeNow(); code == noSupport {
			l.find(docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d].code", at), "the code says no special educational needs, but this is a special school", "record the move to support, or the plan: sendctl advance "+l.record.ID)
		}
	},
}

// planCodeEarly: only what the record itself tells can be held against the code. A plan
// that came with the learner has no request here.
var planCodeEarly = Rule{
	Name: "plan-code-early", ID: "SEN414", Severity: diag.Error,
	About:  "The code E begins when the final EHC plan is issued, not while a request for one is open or after a refusal.",
	Source: "Children and Families Act 2014, section 37; Code of Practice, chapter 9",
	check: func(l *look) {
		codes := l.record.Learner.Value.SENProvision
		at := len(codes) - 1
		if at < 0 || codes[at].Code != ehcPlan || at > 0 && codes[at-1].Code == ehcPlan {
			return
		}
		from := codes[at].From
		issues, confirms := planIssued(&l.folder.Pathway.Value)
		asked := false
		for _, q := range l.record.Requests {
			kind, _ := l.folder.Pathway.Value.Request(q.Value.Kind)
			asked = asked || issues(kind) && !q.Value.Sent.IsZero() && !q.Value.Opened.After(from)
		}
		if !asked {
			return
		}
		var later *doc
		for _, x := range l.record.Decisions {
			if v, _ := folder.Corrected(l.record, x); confirms(v.Result) {
				if !v.Panel.After(from) {
					return
				}
				later = &doc{x.Path, x.Doc}
			}
		}
		d := docOf(l.record.Learner)
		if later != nil {
			l.find(d, fmt.Sprintf("sen_provision[%d].from", at), "the code E begins before the day the final plan was issued", "write the day of the final plan; until then the code stays K",
				related(*later, "panel", "the final plan was issued on this day"))
			return
		}
		for _, m := range l.record.Moved() {
			for _, g := range m.Fixed.Gate {
				if g.Met && confirms(g.Check) {
					return
				}
			}
		}
		l.find(d, fmt.Sprintf("sen_provision[%d].code", at), "the code E is only for a final EHC plan, and the request here has not led to one",
			"record the decision: sendctl request "+l.record.ID+" decided; or write the code that holds until there is a plan")
	},
}

// planIssued gives, of a pathway, which requests can lead to a plan, and which results
// and checks say that one was issued: those that a move to the code E asks for.
func planIssued(p *pathway.Pathway) (issues func(pathway.Request) bool, confirms func(code string) bool) {
	says := map[string]bool{}
	for _, m := range p.Moves {
		for _, to := range m.To {
			if s, ok := p.Stage(to); !ok || s.SENProvision != ehcPlan {
				continue
			}
			for _, id := range m.Gate {
				if c, ok := p.Check(id); ok && c.Test == "confirmed" && len(c.Of) > 0 {
					says[id] = true
					for _, code := range c.Of {
						says[code] = true
					}
				}
			}
		}
	}
	return func(q pathway.Request) bool {
		for _, r := range q.Results {
			if says[r.Code] {
				return true
			}
		}
		return false
	}, func(code string) bool { return says[code] }
}

var twoCodesOneDay = Rule{
	Name: "two-codes-one-day", ID: "SEN415", Severity: diag.Warning,
	About:  "No more than one code for SEN provision begins on any day.",
	Source: "the common transfer file, which passes the history of SEN provision on",
	check: func(l *look) {
		codes := l.record.Learner.Value.SENProvision
		d := docOf(l.record.Learner)
		for i := 1; i < len(codes); i++ {
			if codes[i].From == codes[i-1].From && !codes[i].From.IsZero() {
				l.find(d, fmt.Sprintf("sen_provision[%d].from", i), "two codes begin on one day, and only the later line counts", "take out the wrong line, or correct its date: sendctl edit "+l.record.ID+" learner.yaml",
					related(d, fmt.Sprintf("sen_provision[%d]", i-1), "the line before"))
			}
		}
	},
}
