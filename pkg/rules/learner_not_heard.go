package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
)

// learnerNotHeard takes a reason for an answer: a learner may be too young, or may not
// want to say anything. A cycle without an assess part is told of already.
var learnerNotHeard = Rule{
	Name: "learner-not-heard", ID: "SEN701", Severity: diag.Warning,
	About:  "Every plan rests on what the learner said or showed, or says why they were not asked.",
	Source: "Children and Families Act 2014, section 19; Code of Practice, chapters 1 and 6",
	check: func(l *look) {
		c, d, ok := l.planned()
		if ok && c.Assess != nil && !learnerHeard(c.Assess.LearnerSays) {
			l.find(d, thereOr(d, "assess.learner_says", "assess"), "this plan was made without the learner's own view, and nothing says why",
				"ask or watch, in whatever way suits them, and write assess.learner_says: words and how, or not_sought (sendctl edit "+l.record.ID+")")
		}
	},
}

func learnerHeard(said []learner.LearnerVoice) bool {
	return slices.ContainsFunc(said, func(v learner.LearnerVoice) bool { return gate.Said(v.Words) || gate.Said(v.NotSought) })
}

func parentsHeard(said []learner.ParentVoice) bool {
	return slices.ContainsFunc(said, func(v learner.ParentVoice) bool { return gate.Said(v.Words) || gate.Said(v.NotSought) })
}

// thereOr is the path of a key that is there, be it empty, or else of what should hold it.
// What is told of an empty key is told once so: see onceTold.
func thereOr(d doc, key, otherwise string) string {
	if d.node(key) != nil {
		return key
	}
	return otherwise
}
