package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
)

// paper is what the rules of a passport and of a profile have in common.
type paper struct {
	doc          doc
	kind, words  string
	with, shared []string
	agreed       []learner.SignedBy
	version      learner.Number
	made, review date.Date
}

// papers are the passport and the profile that are there and can be read.
func papers(r *folder.Record) []paper {
	var out []paper
	if p, v := r.Passport, r.Passport.Value; p.Doc != nil {
		out = append(out, paper{docOf(p), "passport", "passport", v.With, v.SharedWith, v.Agreed, v.Version, v.Made, v.ReviewOn})
	}
	if p, v := r.Profile, r.Profile.Value; p.Doc != nil {
		out = append(out, paper{docOf(p), "profile", "one-page profile", v.With, v.SharedWith, v.Agreed, v.Version, v.Made, v.ReviewOn})
	}
	return out
}

// makers are those who made or agreed it.
func (p paper) makers() []string {
	out := slices.Clone(p.with)
	for _, a := range p.agreed {
		out = append(out, a.Who)
	}
	return out
}

// watchedInstead reports whether a child was under five on a day, and what they said or
// showed stands in the latest cycle: a three-year-old takes part by being watched.
func (l *look) watchedInstead(day date.Date) bool {
	born, n := l.record.Identity.Value.Born, len(l.record.Cycles)
	return !born.IsZero() && n > 0 && day.Before(monthsAfter(born, 5*12)) && l.record.Cycles[n-1].Value.Assess != nil && learnerHeard(l.record.Cycles[n-1].Value.Assess.LearnerSays)
}

// familyOutOfReach reports whether the latest cycle says why the family was not asked:
// a passport and a profile have no place for such a reason.
func (l *look) familyOutOfReach() bool {
	n := len(l.record.Cycles)
	return n > 0 && l.record.Cycles[n-1].Value.Assess != nil && l.outOfReach(l.record.Cycles[n-1].Value.Assess.ParentsSay)
}

// documentAlone leaves drafts alone: those are still being made.
var documentAlone = Rule{
	Name: "document-alone", ID: "SEN708", Severity: diag.Warning,
	About:  "A passport or profile is made together with the learner and the family.",
	Source: "Code of Practice, chapters 1 and 6; Northumberland graduated approach, 2018",
	check: func(l *look) {
		for _, p := range papers(l.record) {
			if len(p.agreed) == 0 || !l.tells() {
				continue
			}
			makers := p.makers()
			learnerIn, familyIn := slices.Contains(makers, learnerID) || l.watchedInstead(p.made), l.withFamily(makers) || !l.parentsAsked(p.made) || l.familyOutOfReach()
			hint := "go through it together, and agree a new version: sendctl " + p.kind + " " + l.record.ID
			switch {
			case !learnerIn && !familyIn:
				l.find(p.doc, "agreed", "this "+p.words+" was made without the learner and without the family", hint)
			case !learnerIn:
				l.find(p.doc, "agreed", "this "+p.words+" was made without the learner", hint)
			case !familyIn:
				l.find(p.doc, "agreed", "this "+p.words+" was made without the family", hint)
			}
		}
	},
}
