package rules

import (
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// Where a learner stands on the day, and who is the family: what the rules of what is
// owed have in common. `due` and `next` (pkg/report) see it the same way.

// stage is the learner's stage as the pathway has it; its zero value where it has none.
func (l *look) stage() pathway.Stage {
	s, _ := l.folder.Pathway.Value.Stage(l.record.Learner.Value.Stage)
	return s
}

// here reports whether the learner is at the setting: nothing is owed to one who has
// left, and of one whose learner.yaml cannot be read nobody knows. A file that is judged
// alone is judged as one of somebody who is.
func (l *look) here() bool {
	s, ok := l.folder.Pathway.Value.Stage(l.record.Learner.Value.Stage)
	return (l.lone || l.record.Learner.Doc != nil) && !(ok && s.Away())
}

// tells reports whether the record can be asked what was done for a learner who is here.
// While a file cannot be read that may say so, nothing is missed: that was told.
func (l *look) tells() bool {
	r := l.record
	return l.here() && !unread(r.Contacts) && !unread(r.Readings) && !unread(r.Passport) && !unread(r.Profile) &&
		!slices.ContainsFunc(r.Cycles, unread) && !slices.ContainsFunc(r.Moves, unread) && !slices.ContainsFunc(r.Requests, unread)
}

// newHere reports whether the record was made of a list so lately, or came so lately from
// another setting, that what the papers here hold may not be in it yet.
func (l *look) newHere() bool {
	since := l.record.Learner.Value.KeptSince
	for _, f := range l.record.Arrivals {
		if day := f.Value.Date; day.After(since) {
			since = day
		}
	}
	return !since.IsZero() && !l.reached(since.AddDays(l.limit("new-record-days")))
}

func unread[T any](f recordfile.File[T]) bool { return f.Path != "" && f.Doc == nil }

const (
	noSupport  = "N"
	senSupport = "K"
	ehcPlan    = "E"
)

// spell is the time since which a learner has had SEN support, and where it says so.
type spell struct {
	from  date.Date
	at    int       // in sen_provision
	since date.Date // from when on there was none; zero where the learner came with support
}

// supported gives the spell of SEN support, with or without an EHC plan, that runs on
// the day; ok is false where none does.
func (l *look) supported() (s spell, ok bool) {
	for i, c := range l.record.Learner.Value.SENProvision {
		switch {
		case !l.reached(c.From):
		case c.Code == noSupport:
			s, ok = spell{since: c.From}, false
		case !ok:
			s.from, s.at, ok = c.From, i, true
			if joined := l.record.Learner.Value.Joined; s.since.IsZero() && !joined.IsZero() && joined.Before(c.From) {
				s.since = joined // it began here, and nobody wrote down that there was none before
			}
		}
	}
	return s, ok
}

// lookedBack reports whether SEN support began before anything else that the record
// tells: who decided it, and who was told, stands in the papers from before.
func (l *look) lookedBack(s spell) bool {
	begun := gate.Begun(l.record)
	return begun.IsZero() || begun.After(s.from)
}

// beginning is the move that began a spell, and whether its gate says that something was
// not there: then the move has its reason, or the rule gate asks for one.
func (l *look) beginning(s spell) (m learner.Move, d doc, open, ok bool) {
	for _, x := range l.record.Moved() {
		if v := x.Fixed; v.SENProvision != noSupport && !v.Date.Before(s.since) && !v.Date.After(s.from) {
			open = slices.ContainsFunc(v.Gate, func(g learner.GateCheck) bool { return !g.Met })
			return v, docOf(x.File), open, true
		}
	}
	return m, d, false, false
}

// code is the census code in force on the day, "" where there is none.
func (l *look) code() string {
	code, _ := l.codeNow()
	return code
}

// open is the cycle that has no review yet; ok is false where there is none.
func (l *look) open() (c learner.Cycle, d doc, ok bool) {
	file := l.record.OpenCycle()
	if file == nil {
		return c, d, false
	}
	return l.corrected(*file), docOf(*file), true
}

// corrected gives a cycle as its corrections put it right. To lay one over a file costs as
// much as to read that: so it is done once for all rules.
func (l *look) corrected(f recordfile.File[learner.Cycle]) learner.Cycle {
	if len(l.record.Corrections) == 0 {
		return f.Value
	}
	c, ok := l.known.corrected[f.Path]
	if !ok {
		c, _ = l.record.Corrected(f)
		if l.known.corrected == nil {
			l.known.corrected = map[string]learner.Cycle{}
		}
		l.known.corrected[f.Path] = c
	}
	return c
}

// dated is corrected for whoever asks only for the days of a cycle, and whether its review
// was the annual one. Most of what is put right is a result, and is not laid over the file
// for that.
func (l *look) dated(f recordfile.File[learner.Cycle]) learner.Cycle {
	for _, x := range l.record.Corrections {
		at := x.Value.Path
		switch key := at[strings.LastIndexByte(at, '.')+1:]; key {
		case "date", "opened", "noticed", "starts", "due", "review_on", "annual":
			if x.Value.Corrects == f.Value.ID {
				return l.corrected(f)
			}
		}
	}
	return f.Value
}

// planned is the open cycle where it has a plan.
func (l *look) planned() (c learner.Cycle, d doc, ok bool) {
	c, d, ok = l.open()
	return c, d, ok && c.Plan != nil
}

// allReviewed are the cycles that were reviewed, in the order of their reviews.
func (l *look) allReviewed() []recordfile.File[learner.Cycle] {
	if l.known.reviewed == nil {
		l.known.reviewed = l.record.Reviewed()
	}
	return l.known.reviewed
}

// reviewed is the cycle that was reviewed last: the review that holds until the next.
func (l *look) reviewed() (c learner.Cycle, d doc, ok bool) {
	all := l.allReviewed()
	if len(all) == 0 {
		return c, d, false
	}
	last := all[len(all)-1]
	c = l.corrected(last)
	return c, docOf(last), last.Doc != nil && c.Review != nil
}

// supportStage reports whether a stage is one of SEN support.
func (l *look) supportStage(id string) bool {
	s, _ := l.folder.Pathway.Value.Stage(id)
	return s.SENProvision == senSupport || s.SENProvision == ehcPlan
}

// concernStage reports whether cycles are held at a stage before SEN support.
func (l *look) concernStage(id string) bool {
	s, ok := l.folder.Pathway.Value.Stage(id)
	return ok && s.Cycles && s.SENProvision == noSupport
}

// stageSince is the day of the last move to the learner's stage, else that of joining.
func (l *look) stageSince() date.Date {
	is := l.record.Learner.Value
	if m, _, ok := l.lastMoved(); ok && m.To == is.Stage {
		return m.Date
	}
	return is.Joined
}

// lastMoved is the last move, as it was put right.
func (l *look) lastMoved() (m learner.Move, d doc, ok bool) {
	all := l.record.Moved()
	if len(all) == 0 {
		return m, d, false
	}
	last := all[len(all)-1]
	return last.Fixed, docOf(last.File), true
}

func (l *look) isFamily(id string) bool {
	return slices.ContainsFunc(l.record.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == id && id != "" })
}

func (l *look) withFamily(who []string) bool { return slices.ContainsFunc(who, l.isFamily) }

// ofAgeFrom is the first day on which the learner is over compulsory school age; zero
// where the birth date is not known.
func (l *look) ofAgeFrom() date.Date { return gate.OfAgeFrom(l.record.Identity.Value.Born) }

// heldWith reports whether a contact was with those who are told and asked: the family,
// and the learner themself once over compulsory school age.
func (l *look) heldWith(e learner.ContactEntry) bool {
	return l.withFamily(e.With) || slices.Contains(e.With, learnerID) && gate.OfAge(l.record, e.Date)
}

// talkedSince reports whether those were spoken with since a day, about one of the codes.
func (l *look) talkedSince(day date.Date, about ...string) bool {
	return slices.ContainsFunc(l.record.Contacts.Value.Contacts, func(e learner.ContactEntry) bool {
		return !e.Date.Before(day) && slices.Contains(about, e.About) && l.heldWith(e)
	})
}

// afterSchoolDays reports whether more than n school days have gone by since a day.
func (l *look) afterSchoolDays(since date.Date, n int) bool {
	if since.IsZero() || !l.past(shortest(since, n)) {
		return false
	}
	if day, ok := l.schoolDay(since, n); ok {
		return l.past(day)
	}
	return l.past(longest(since, n))
}

// shortest is the first day on which n school days can have gone by: since is a Sunday,
// and there is no holiday. It costs nothing to ask for, and mostly answers.
func shortest(since date.Date, n int) date.Date { return since.AddDays(n + 2*((n-1)/5)) }

// longest is a day on which n school days have gone by wherever the holidays lie: none
// is longer than seven weeks, and no other week has fewer than half its days.
func longest(since date.Date, n int) date.Date { return since.AddDays(7*7 + 2*7*((n+4)/5)) }

// schoolDay is the n-th school day after a day; ok is false where the setting's terms
// do not reach from the one to the other.
func (l *look) schoolDay(since date.Date, n int) (day date.Date, ok bool) {
	var terms, holidays []date.Span
	first, end := date.Date{}, longest(since, n)
	for _, t := range l.folder.Setting.Value.Terms {
		if first.IsZero() || t.From.Before(first) {
			first = t.From
		}
		if t.To.Before(since) || t.From.After(end) {
			continue // of no matter here, and there may be many
		}
		terms = append(terms, date.Span{From: t.From, To: t.To})
		if len(t.HalfTerm) == 2 {
			holidays = append(holidays, date.Span{From: t.HalfTerm[0], To: t.HalfTerm[1]})
		}
	}
	if len(terms) == 0 || since.Before(first) {
		return date.Date{}, false
	}
	day, ok = since.AfterSchoolDays(n, terms, holidays)
	return day, ok && !day.After(end) // or a year was left out of the terms
}

// policy is a threshold that the setting decided for itself, or the pathway's.
func policy(f *folder.Folder, name string) (int, bool) {
	n, _ := gate.Least(f, name)
	return n.Int()
}

// parentsAsked reports whether there are parents whose view counts on a day.
func (l *look) parentsAsked(on date.Date) bool {
	return len(l.record.Learner.Value.Family) > 0 && !gate.OfAge(l.record, on)
}
