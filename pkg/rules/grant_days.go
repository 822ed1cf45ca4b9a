package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// grantDays: money for a time has a first and a last day.
var grantDays = Rule{
	Name: "grant-days", ID: "SEN1109", Severity: diag.Warning,
	About:  "A grant for a limited time has a first and a last day.",
	Source: "School census: top-up funding on the census day; the conditions of short-term funding",
	check: func(l *look) {
		if !l.here() {
			return
		}
		for _, x := range l.sentRequests() {
			if d, v, ok := grantOf(x); ok && x.Kind.Money && len(x.Impacts) == 0 {
				id := l.record.ID + " " + shown(v.ID)
				if v.Grants.From.IsZero() {
					l.find(d, "grants", "this grant has no first day", "add it: sendctl correct "+id+" grants.from")
				}
				if v.Grants.To.IsZero() {
					l.find(d, "grants", "this grant has no last day, so nobody sees when it ends", "add it: sendctl correct "+id+" grants.to")
				}
			}
		}
	},
}

// grantTopUp: while the money runs, the census asks for it.
var grantTopUp = Rule{
	Name: "grant-top-up", ID: "SEN1110", Severity: diag.Warning,
	About:  "While a grant runs, learner.yaml shows top-up funding for the census; afterwards it still shows when it ran.",
	Source: "School census: top-up funding indicator",
	check: func(l *look) {
		if !l.here() {
			return
		}
		who := l.record.Learner
		for _, x := range l.sentRequests() {
			_, v, ok := grantOf(x)
			if !ok || !x.Kind.Money || v.Grants.From.IsZero() || !l.reached(v.Grants.From) {
				continue
			}
			if l.past(v.Grants.To) {
				if !v.Grants.To.Before(who.Value.Joined) && !topUpIn(who.Value.TopUp, v.Grants.From, v.Grants.To) {
					l.find(docOf(who), topUpAt(who.Value), "money was granted for this learner, but top_up does not show it, so past censuses cannot be explained",
						"add both lines: the first day of the grant with applies: true, the day after its last with applies: false (sendctl edit "+l.record.ID+" learner.yaml)")
				}
				continue
			}
			shows := false
			for _, f := range who.Value.TopUp {
				if l.reached(f.From) {
					shows = f.Applies
				}
			}
			if !shows {
				l.find(docOf(who), topUpAt(who.Value), "a grant for this learner is running, but top_up does not show it for the census",
					"add an entry to top_up from the first day of the grant: sendctl edit "+l.record.ID+" learner.yaml")
			}
			return
		}
	},
}

// topUpIn reports whether top-up funding applied on some day of a time.
func topUpIn(flags []learner.DatedFlag, from, to date.Date) bool {
	applied := false
	for _, f := range flags {
		if f.From.After(to) {
			break
		}
		if f.From.After(from) && applied || !f.From.Before(from) && f.Applies {
			return true
		}
		applied = f.Applies
	}
	return applied
}

// topUpAt is where learner.yaml says so, or where it would.
func topUpAt(is learner.Learner) string {
	if len(is.TopUp) == 0 {
		return "stage"
	}
	return "top_up"
}

// impactLate: what the money changed is said before it ends, or by the day that the
// panel set.
var impactLate = Rule{
	Name: "impact-late", ID: "SEN1111", Severity: diag.Warning,
	About:  "What short-term money changed is recorded by the panel's date, or before the money ends.",
	Source: "The conditions of short-term funding",
	check: func(l *look) {
		message, hint := "the date for saying what this money changed has passed", "look at the outcomes with the learner and the family, and record it: sendctl request "+l.record.ID+" impact"
		for _, x := range l.sentRequests() {
			counted := false
			for _, limit := range x.Limits() {
				if limit.Clock.Owes == authorityOwes || !slices.Contains(limit.Clock.Until, pathway.ImpactSaid) || !limit.Met.IsZero() {
					continue
				}
				counted = true
				if l.past(limit.Due) {
					d, at := limitBegan(x, limit)
					l.find(d, at, message, hint)
				}
			}
			if d, v, ok := grantOf(x); ok && !counted && len(x.Impacts) == 0 && l.past(v.Grants.To) {
				l.find(d, "grants.to", message, hint)
			}
		}
	},
}
