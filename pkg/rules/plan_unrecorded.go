package rules

import (
	"fmt"
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// planUnrecorded asks where the plan is, and does not say that there is none: a family may
// have asked for it itself. Whoever came with a plan has the code from the day of joining,
// and a plan older than the record stands in older papers. Of a request that is here the
// rule plan-code-early tells.
//
// Code, stage and reviews speak of one plan, so it asks too where they differ. A code of
// SEN support at the stage of a plan is always wrong; the code E at another stage may be
// meant, and is only asked about where nothing shows that somebody thought of it.
var planUnrecorded = Rule{
	Name: "plan-unrecorded", ID: "SEN418", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "Where the code E begins here, the record shows the EHC plan behind it: a decision, or a move. Code, stage and annual reviews agree about whether there is a plan.",
	Source: "Code of Practice, chapter 9; Children and Families Act 2014, section 37",
	check: func(l *look) {
		if !l.planUnshown() {
			l.planAtOdds()
		}
		if len(l.out) == 0 { // else the code may be what is wrong
			l.annualWithoutPlan()
		}
	},
}

// planUnshown tells of a code E with no plan behind it, and reports whether it did.
func (l *look) planUnshown() bool {
	is := l.record.Learner.Value
	at := -1
	for i, c := range is.SENProvision {
		if c.Code == ehcPlan && (i == 0 || is.SENProvision[i-1].Code != ehcPlan) {
			at = i // the latest plan
		}
	}
	if at < 0 || !l.tells() || !inOrder(is.SENProvision) {
		return false
	}
	from := is.SENProvision[at].From
	if from.IsZero() || is.Joined.IsZero() || !from.After(is.Joined) {
		return false
	}
	// A day that is still to come lies in no older paper.
	if begun := gate.Begun(l.record); l.reached(from) && (begun.IsZero() || begun.After(from)) {
		return false
	}
	issues, confirms := planIssued(&l.folder.Pathway.Value)
	for _, q := range l.record.Requests {
		if kind, _ := l.folder.Pathway.Value.Request(q.Value.Kind); issues(kind) && !q.Value.Sent.IsZero() && !q.Value.Opened.After(from) {
			return false
		}
	}
	for _, x := range l.record.Decisions {
		if v, _ := folder.Corrected(l.record, x); confirms(v.Result) && !v.Panel.After(from) {
			return false
		}
	}
	if slices.ContainsFunc(l.record.Moved(), func(m folder.Moved) bool {
		return m.Fixed.SENProvision == ehcPlan && !m.Fixed.Date.After(from) || m.Fixed.Date == from // stage-moves compares the two
	}) {
		return false
	}
	message := "the code E begins here, but nothing in this record shows an EHC plan"
	if !l.reached(from) {
		message = "the code E begins on a day in the future, and nothing in this record shows an EHC plan"
	}
	l.find(docOf(l.record.Learner), fmt.Sprintf("sen_provision[%d]", at), message,
		"record the move on the day of the plan: sendctl advance "+l.record.ID+"; if there is no plan yet, take the line out; if the learner arrived with one, write the day of joining")
	return true
}

// planAtOdds tells of a code and a stage that say different things of a plan.
func (l *look) planAtOdds() {
	who := l.record.Learner
	d, id := docOf(who), l.record.ID
	stage := l.stage()
	code, at := l.codeNow()
	if !l.tells() || at < 0 || stage.SENProvision == "" || !slices.ContainsFunc(l.folder.Pathway.Value.Stages, func(s pathway.Stage) bool { return s.SENProvision == ehcPlan }) {
		return
	}
	m, moved, ok := l.lastMoved()
	if ok && m.To != stage.ID || !ok && len(l.record.Moves) > 0 {
		return // stage-moves compares the two
	}
	switch {
	case stage.SENProvision == ehcPlan && code == ehcPlan:
	case stage.SENProvision == ehcPlan:
		if ok && m.SENProvision != "" && m.SENProvision == code {
			l.find(moved, "sen_provision", "this move leads to an EHC plan, but its code is not E, so the census does not count the plan", "correct it here and in learner.yaml: sendctl correct "+id+" "+shown(m.ID)+" sen_provision --is E",
				related(d, indexed("sen_provision[].code", at), "the code today"))
			return
		}
		if by, _ := l.endedByHand(); code == noSupport && by == at {
			return // support-ended tells it
		}
		l.find(d, indexed("sen_provision[].code", at), "the stage says that there is an EHC plan, but the code today is not E", "if the plan is in force, correct this line (sendctl edit "+id+" learner.yaml); if the local authority has ended it, record that: sendctl advance "+id,
			related(d, "stage", "the stage of an EHC plan"))
	case code == ehcPlan && !(ok && m.SENProvision == ehcPlan) && !l.planShown():
		l.add(diag.Advice, d, "stage", "the code today is E, but this is not the stage of an EHC plan", "if there is a plan, record the move on the day it began: sendctl advance "+id+"; if not, correct the code (sendctl edit "+id+" learner.yaml)")
		l.out[len(l.out)-1].Related = []diag.Related{related(d, indexed("sen_provision[].code", at), "the code today")}
	}
}

// planShown reports whether a decision of the record says that a plan was issued.
func (l *look) planShown() bool {
	_, confirms := planIssued(&l.folder.Pathway.Value)
	return slices.ContainsFunc(l.record.Decisions, func(x recordfile.File[learner.Decision]) bool {
		v, _ := folder.Corrected(l.record, x)
		return confirms(v.Result)
	})
}

// annualWithoutPlan tells of a review that is marked as the annual review of a plan on a day
// on which the learner had none. A plan may end with its review.
func (l *look) annualWithoutPlan() {
	codes := l.record.Learner.Value.SENProvision
	if !inOrder(codes) {
		return
	}
	for _, f := range l.allReviewed() {
		c := l.dated(f)
		if c.Review == nil || c.Review.Annual == nil || !*c.Review.Annual {
			continue
		}
		on, before := codeOn(codes, c.Review.Date), codeOn(codes, c.Review.Date.AddDays(-1))
		if on != "" && on != ehcPlan && before != ehcPlan {
			l.find(docOf(f), "review.annual", "this is marked as the annual review of an EHC plan, but the learner had no plan on that day",
				"if it was the setting's own review: sendctl correct "+l.record.ID+" "+shown(c.ID)+" review.annual --is false; if there was a plan, correct sen_provision in learner.yaml")
		}
	}
}
