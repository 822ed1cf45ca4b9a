package gate

import (
	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
)

// Begun is the earliest day of which a record tells anything that was done: a cycle, a
// talk, a move, a piece of advice, a passport or profile. It is zero where there is
// nothing yet. What lies before that day stands in papers older than the record: a code
// and a day of joining are looked back on when the record is made, and are not counted.
func Begun(r *folder.Record) date.Date {
	var first date.Date
	take := func(day date.Date) {
		if !day.IsZero() && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	for _, c := range r.Cycles {
		take(c.Value.Opened)
	}
	for _, e := range r.Contacts.Value.Contacts {
		take(e.Date)
	}
	for _, m := range r.Moves {
		take(m.Value.Date)
	}
	for _, a := range r.Advice {
		take(a.Value.Date)
	}
	take(r.Passport.Value.Made)
	take(r.Profile.Value.Made)
	return first
}

// MetOn reports whether those who are told and asked were there on a day: one of the
// family, or over compulsory school age the learner alone too.
func MetOn(r *folder.Record, day date.Date, with []string) bool {
	for _, id := range with {
		if id == learnerID && OfAge(r, day) {
			return true
		}
		for _, m := range r.Learner.Value.Family {
			if m.ID == id && id != "" {
				return true
			}
		}
	}
	return false
}
