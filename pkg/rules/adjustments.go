package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
)

// disabilityUnadjusted: disability is asked apart from SEN so that somebody asks what
// gets in the way.
var disabilityUnadjusted = Rule{
	Name: "disability-unadjusted", ID: "SEN1401", Severity: diag.Warning,
	About:  "A learner with a recorded disability has at least one reasonable adjustment in place.",
	Source: "Equality Act 2010, section 20; Code of Practice, chapter 6",
	check: func(l *look) {
		v := l.record.Learner.Value
		if !l.here() || v.Disability == nil || !v.Disability.Recorded {
			return
		}
		if !slices.ContainsFunc(v.Adjustments, func(a learner.Adjustment) bool { return a.Ended.IsZero() || !l.reached(a.Ended) }) {
			l.find(docOf(l.record.Learner), "disability", "a disability is recorded, but no reasonable adjustment is in place",
				"ask the learner and the family what gets in the way, and write it under adjustments: sendctl edit "+l.record.ID+" learner.yaml")
		}
	},
}

// adjustmentReviewOverdue: what helped a year ago may be in the way now.
var adjustmentReviewOverdue = Rule{
	Name: "adjustment-review-overdue", ID: "SEN1402", Severity: diag.Warning,
	About:  "A reasonable adjustment is reviewed on its review date, and at least once a year.",
	Source: "Equality Act 2010, section 20",
	check: func(l *look) {
		if !l.here() {
			return
		}
		for i, a := range l.record.Learner.Value.Adjustments {
			if l.reached(a.Ended) {
				continue
			}
			at, message, due := "review_on", "the review date of this adjustment has passed", a.ReviewOn
			if due.IsZero() && !a.Since.IsZero() {
				months := l.limit("adjustment-review-months")
				at, message, due = "since", fmt.Sprintf("this adjustment is more than %d months old and has no review date", months), monthsAfter(a.Since, months)
			}
			if l.past(due) {
				l.find(docOf(l.record.Learner), fmt.Sprintf("adjustments[%d].%s", i, at), message, "ask whether it still helps, and write the next review_on, or ended: sendctl edit "+l.record.ID+" learner.yaml")
			}
		}
	},
}

// adjustmentIsBuilding: works of building are planned for everyone, and take years.
var adjustmentIsBuilding = Rule{
	Name: "adjustment-is-building", ID: "SEN1403", Severity: diag.Advice,
	About:  "Building work belongs in the accessibility plan; a learner's adjustments say what helps until then.",
	Source: "Equality Act 2010, section 20 and schedule 10",
	check: func(l *look) {
		for i, a := range l.record.Learner.Value.Adjustments {
			if a.Ended.IsZero() && phrasesOf("building-work").in(string(a.Adjustment)) {
				l.find(docOf(l.record.Learner), fmt.Sprintf("adjustments[%d].adjustment", i), "this looks like building work, which belongs in the accessibility plan",
					"move it there, and write here what you do for the learner until then")
			}
		}
	},
}

// caredForAlone: a learner in care has a virtual school head and an education plan of
// their own.
var caredForAlone = Rule{
	Name: "cared-for-alone", ID: "SEN1404", Severity: diag.Warning,
	About:  "For a learner in care, the record shows that the virtual school or the social worker is involved.",
	Source: "Code of Practice, chapter 10 (children in care)",
	check: func(l *look) {
		v := l.record.Learner.Value
		if c := l.code(); !l.here() || v.Characteristics == nil || !v.Characteristics.CaredFor || c != senSupport && c != ehcPlan {
			return
		}
		theirs := func(id string) bool {
			p, ok := l.folder.PersonIn(l.record, id)
			return ok && (p.Role == "social-worker" || strings.HasPrefix(p.Role, "virtual-school"))
		}
		if slices.ContainsFunc(v.Team.KeyAdults, theirs) ||
			slices.ContainsFunc(l.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool { return slices.ContainsFunc(e.With, theirs) || theirs(e.By) }) ||
			slices.ContainsFunc(l.record.Advice, func(a adviceFile) bool { return theirs(a.Value.By) }) {
			return
		}
		if log := l.record.Contacts; log.Doc != nil && speaksOf(phrasesOf("in-care"), []doc{docOf(log)}) {
			return
		}
		for _, c := range l.record.Cycles {
			if c.Value.Plan != nil && slices.ContainsFunc(c.Value.Plan.AgreedWith, theirs) || c.Value.Review != nil && slices.ContainsFunc(c.Value.Review.Present, theirs) {
				return
			}
		}
		l.find(docOf(l.record.Learner), "characteristics.cared_for", "the learner is in care, but nothing here shows that the virtual school or the social worker is involved",
			"add the social worker (sendctl people add ID --name NAME --role social-worker), invite them, and log it: sendctl contact "+l.record.ID)
	},
}
