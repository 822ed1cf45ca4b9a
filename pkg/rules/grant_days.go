package rules

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/gate"
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

// grantTopUp: while the money runs, the census asks for it. Other money than a grant of the
// record has a line of its own, and with an EHC plan it goes on: neither is told of.
var grantTopUp = Rule{
	Name: "grant-top-up", ID: "SEN1110", Severity: diag.Warning, Also: []diag.Severity{diag.Advice},
	About:  "While a grant runs, learner.yaml shows top-up funding for the census; afterwards it still shows when it ran, and that it has ended.",
	Source: "School census: top-up funding indicator",
	check: func(l *look) {
		if !l.here() {
			return
		}
		who := l.record.Learner
		var grants []doc
		var spans []date.Span
		for _, x := range l.sentRequests() {
			d, v, ok := grantOf(x)
			if !ok || !x.Kind.Money || v.Grants.From.IsZero() {
				continue
			}
			if grants, spans = append(grants, d), append(spans, date.Span{From: v.Grants.From, To: v.Grants.To}); !l.reached(v.Grants.From) {
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
		l.topUpBeyond(grants, spans)
	},
}

// topUpBeyond tells of a line of top-up money that began with a grant and goes on after it,
// or that began before the first, with a census in between.
func (l *look) topUpBeyond(grants []doc, spans []date.Span) {
	who := l.record.Learner
	lines := who.Value.TopUp
	if len(spans) == 0 || len(lines) == 0 || !slices.IsSortedFunc(lines, func(a, b learner.DatedFlag) int { return a.From.Compare(b.From) }) {
		return
	}
	first, last := 0, -1
	for i, s := range spans {
		if s.From.Before(spans[first].From) {
			first = i
		}
		if s.To.IsZero() {
			return // nobody knows when it ends; grant-days asks
		}
		if l.past(s.To) && (last < 0 || s.To.After(spans[last].To)) {
			last = i
		}
	}
	edit := " (sendctl edit " + l.record.ID + " learner.yaml)"
	codes := who.Value.SENProvision
	if at, applies := l.flagNow(lines); applies && last >= 0 && !lines[at].From.After(spans[last].To) && l.code() != ehcPlan {
		l.find(docOf(who), indexed("top_up[].applies", at), "the grant has ended, but top_up shows no end, so the census still counts it",
			"add a line for the day after the last day of the grant with applies: false; if other money began then, a line from that day with applies: true"+edit,
			related(grants[last], "grants.to", "the last day of the grant"))
	}
	for i, f := range lines {
		begun, granted := gate.Begun(l.record), spans[first].From
		if !f.Applies || !f.From.Before(granted) || i+1 < len(lines) && !lines[i+1].From.After(granted) {
			continue
		}
		if begun.IsZero() || begun.After(f.From) || codeOn(codes, f.From) == ehcPlan || !censusBetween(f.From, granted.AddDays(-1)) {
			return
		}
		l.add(diag.Advice, docOf(who), indexed("top_up[].from", i), "top-up funding begins here before the grant does, and a census lies between the two",
			"if no other money was paid then, write the first day of the grant"+edit)
		l.out[len(l.out)-1].Related = []diag.Related{related(grants[first], "grants.from", "the first day of the grant")}
		return
	}
}

// censusBetween reports whether there was a census on one of the days.
func censusBetween(from, to date.Date) bool {
	for year := from.Year(); year <= to.Year(); year++ {
		for _, day := range date.CensusDays(year) {
			if !day.Before(from) && !day.After(to) {
				return true
			}
		}
	}
	return false
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
