package rules

import (
	"slices"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// What the rules of requests have in common. Time limits are counted by pkg/gate alone,
// as `due` counts them.

// sentRequests are the learner's requests that were sent, with all that followed on each.
func (l *look) sentRequests() []gate.Life {
	if len(l.record.Requests) == 0 {
		return nil
	}
	return slices.DeleteFunc(gate.Lives(l.folder, l.record), func(x gate.Life) bool {
		return !x.Sent() || x.Request.Doc == nil || x.Kind.ID == ""
	})
}

// undecidedRequests are those on which something is still to be decided. What became of the
// others is history, and no fault of today.
func (l *look) undecidedRequests() []gate.Life {
	if !l.here() {
		return nil
	}
	return slices.DeleteFunc(l.sentRequests(), func(x gate.Life) bool { return !x.Open() })
}

// owesGrounds reports whether the setting owes this request its grounds: the family's own
// needs none, and where a reason stands in it for what is missing, that is enough.
func (l *look) owesGrounds(x gate.Life) bool {
	q := x.Request.Value
	return q.Because == "" && !gate.ByRight(x.Kind, l.record, q.AskedBy, q.Opened)
}

// asksFor gives the first check of a kind of request that fits; ok is false where the
// pathway does not ask for it.
func (l *look) asksFor(kind pathway.Request, fits func(pathway.Check) bool) (pathway.Check, bool) {
	for _, id := range slices.Concat(kind.Gate, kind.Evidence) {
		if c, ok := l.folder.Pathway.Value.Check(id); ok && fits(c) {
			return c, true
		}
	}
	return pathway.Check{}, false
}

// saidMissing reports whether the request itself says that an item was missing: that it
// went all the same without a reason is what the rule gate finds.
func saidMissing(q learner.Request, item string) bool {
	return slices.ContainsFunc(q.Readiness, func(x learner.Readiness) bool { return x.Item == item && x.State == string(gate.Missing) })
}

// limitBegan is where a time limit is counted from: the letter or decision that says so, else
// the request itself.
func limitBegan(x gate.Life, limit gate.Limit) (d doc, at string) {
	for _, f := range x.Letters {
		if f.Value.What == limit.Event && f.Value.Date == limit.From && f.Doc != nil {
			return docOf(f), "date"
		}
	}
	if limit.Event == pathway.ImpactBy || limit.Event == pathway.GrantTo {
		if d, v, ok := grantOf(x); ok {
			if !v.ImpactBy.IsZero() {
				return d, "impact_by"
			}
			return d, "grants.to"
		}
	}
	return docOf(x.Request), "sent"
}

// grantOf is the decision whose grant holds: the latest that has one.
func grantOf(x gate.Life) (d doc, v learner.Decision, ok bool) {
	for _, f := range slices.Backward(x.Decisions) {
		if f.Value.Grants != nil && f.Doc != nil {
			return docOf(f), f.Value, true
		}
	}
	return d, v, false
}

// decidedOn is the day from which a decision counts: that on which people were told of it,
// else the panel's.
func decidedOn(v learner.Decision) date.Date {
	if v.Notified.IsZero() {
		return v.Panel
	}
	return v.Notified
}

// monthsAfter is the same day so many months later; where that month is too short, one
// of the next, so that nothing falls due too early.
func monthsAfter(d date.Date, months int) date.Date {
	return date.New(d.Year(), d.Month()+time.Month(months), d.Day())
}
