package gate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Life is one request with everything that followed on it, oldest first.
type Life struct {
	Request   recordfile.File[learner.Request]
	Kind      pathway.Request // its kind, as the pathway has it
	Letters   []recordfile.File[learner.Letter]
	Decisions []recordfile.File[learner.Decision]
	Impacts   []recordfile.File[learner.Impact]
}

// Lives are a learner's requests, oldest first, each file as its corrections put
// it right: the Doc of a file stays what was sealed.
func Lives(f *folder.Folder, r *folder.Record) []Life {
	var out []Life
	for _, q := range corrected(r, r.Requests) {
		l := Life{Request: q}
		l.Kind, _ = f.Pathway.Value.Request(q.Value.Kind)
		// A file without an id is a broken one: nothing follows on it, and what names
		// no request does not follow on it either.
		if id := q.Value.ID; id != "" {
			l.Letters = following(r, r.Letters, func(v learner.Letter) bool { return v.Request == id })
			l.Decisions = following(r, r.Decisions, func(v learner.Decision) bool { return v.Request == id })
			l.Impacts = following(r, r.Impacts, func(v learner.Impact) bool { return v.Request == id })
		}
		inOrder(l.Letters, func(v learner.Letter) date.Date { return v.Date })
		inOrder(l.Decisions, decided)
		inOrder(l.Impacts, func(v learner.Impact) date.Date { return v.Date })
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b Life) int { return began(a).Compare(began(b)) })
	return out
}

func corrected[T any](r *folder.Record, files []recordfile.File[T]) []recordfile.File[T] {
	out := slices.Clone(files)
	for i := range out {
		out[i].Value, _ = folder.Corrected(r, out[i])
	}
	return out
}

func following[T any](r *folder.Record, files []recordfile.File[T], follows func(T) bool) []recordfile.File[T] {
	return slices.DeleteFunc(corrected(r, files), func(x recordfile.File[T]) bool { return !follows(x.Value) })
}

func inOrder[T any](files []recordfile.File[T], day func(T) date.Date) {
	slices.SortStableFunc(files, func(a, b recordfile.File[T]) int {
		return cmp.Or(day(a.Value).Compare(day(b.Value)), strings.Compare(a.Path, b.Path))
	})
}

func began(l Life) date.Date {
	if v := l.Request.Value; v.Opened.IsZero() {
		return v.Sent
	}
	return l.Request.Value.Opened
}

// decided is the day a decision counts from: that on which people were told of
// it, or, while that is not known, the panel's.
func decided(d learner.Decision) date.Date {
	if d.Notified.IsZero() {
		return d.Panel
	}
	return d.Notified
}

// Sent reports whether the request has been sent.
func (l Life) Sent() bool { return !l.Request.Value.Sent.IsZero() }

// Result is the code of the latest decision, "" while there is none.
func (l Life) Result() string {
	if n := len(l.Decisions); n > 0 {
		return l.Decisions[n-1].Value.Result
	}
	return ""
}

// Open reports whether something is still to be decided: there is no decision, or
// the latest is not one that ends a request of this kind. Money granted may run
// on after a request is no longer open: see GrantRuns.
func (l Life) Open() bool {
	return len(l.Decisions) == 0 || !l.Kind.Ended(l.Result())
}

// Grant is what was granted, or nil. A later grant takes the place of an earlier one.
func (l Life) Grant() *learner.Grant {
	for _, d := range slices.Backward(l.Decisions) {
		if d.Value.Grants != nil {
			return d.Value.Grants
		}
	}
	return nil
}

// GrantRuns reports whether what was granted runs on that day. A grant without a
// last day runs on.
func (l Life) GrantRuns(on date.Date) bool {
	g := l.Grant()
	return g != nil && !g.From.After(on) && (g.To.IsZero() || !g.To.Before(on))
}

// Limit is one time limit of a request.
type Limit struct {
	Clock pathway.Clock
	Event string    // what it is counted from
	From  date.Date // the day of that
	// Assumed says that From is the day of sending, since the first of the events
	// that the clock names is not known yet.
	Assumed bool
	Due     date.Date
	Met     date.Date // the day it ended; zero while it runs
}

// Over reports whether the limit has passed on that day, or was met too late.
func (l Limit) Over(on date.Date) bool {
	if !l.Met.IsZero() {
		return l.Met.After(l.Due)
	}
	return on.After(l.Due)
}

// Limits are the time limits that have begun, in the pathway's order. One whose
// events have not happened yet is left out: advice nobody asked for is not owed.
func (l Life) Limits() []Limit {
	var out []Limit
	for _, c := range l.Kind.Clock {
		days, ok := c.Days.Int()
		if !ok {
			continue
		}
		for i, event := range c.From {
			from := l.day(event)
			if from.IsZero() {
				continue
			}
			x := Limit{Clock: c, Event: event, From: from, Assumed: event == pathway.Sent && i > 0, Due: from.AddDays(days)}
			for _, end := range c.Until {
				if met := l.day(end); !met.IsZero() && (x.Met.IsZero() || met.Before(x.Met)) {
					x.Met = met
				}
			}
			out = append(out, x)
			break
		}
	}
	return out
}

// day is the first day on which an event happened, or zero.
func (l Life) day(event string) date.Date {
	var first date.Date
	take := func(d date.Date) {
		if !d.IsZero() && (first.IsZero() || d.Before(first)) {
			first = d
		}
	}
	switch event {
	case pathway.Sent:
		take(l.Request.Value.Sent)
	case pathway.ImpactBy:
		for _, x := range slices.Backward(l.Decisions) { // a later decision's day takes the place of an earlier one's
			if !x.Value.ImpactBy.IsZero() {
				take(x.Value.ImpactBy)
				break
			}
		}
	case pathway.GrantFrom, pathway.GrantTo:
		if g := l.Grant(); g != nil && event == pathway.GrantFrom {
			take(g.From)
		} else if g != nil {
			take(g.To)
		}
	case pathway.ImpactSaid:
		for _, x := range l.Impacts {
			take(x.Value.Date)
		}
	default:
		for _, x := range l.Letters {
			if x.Value.What == event {
				take(x.Value.Date)
			}
		}
		for _, x := range l.Decisions {
			if x.Value.Result == event {
				take(decided(x.Value))
			}
		}
	}
	return first
}

// requestsSettled asks that no request is under way and nothing granted still runs:
// support should not end beside them unnoticed.
func requestsSettled(s *sight, _ pathway.Check) answer {
	a := answer{state: Present, found: "none is under way"}
	var running []string
	for _, l := range Lives(s.folder, s.record) {
		words := string(l.Kind.Words)
		switch q := l.Request.Value; {
		case q.Opened.After(s.on()):
			continue
		case l.GrantRuns(s.on()) && !l.Grant().To.IsZero():
			running = append(running, words+" runs until "+l.Grant().To.Short())
		case l.GrantRuns(s.on()):
			running = append(running, words+" runs")
		case l.Open():
			running = append(running, words+" is under way")
		default:
			continue
		}
		a.state, a.cites = Missing, cite(a.cites, l.Request.Value.ID)
	}
	if len(running) > 0 {
		a.found = strings.Join(running, "; ")
	}
	return a
}
