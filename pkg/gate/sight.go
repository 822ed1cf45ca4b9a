package gate

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// sight is a record as a gate sees it: corrected, in order, and up to the day of
// the decision.
type sight struct {
	folder *folder.Folder
	record *folder.Record
	ask    Ask

	reviewed []learner.Cycle // oldest review first
	open     *learner.Cycle  // without a review, or reviewed only after the day
	contacts []learner.ContactEntry
	moved    date.Date // the day of the last move, or zero
}

// answer is what one test says.
type answer struct {
	state State
	found string
	cites []string
}

func see(f *folder.Folder, r *folder.Record, a Ask) *sight {
	s := &sight{folder: f, record: r, ask: a}
	for _, file := range r.Cycles {
		if file.Doc == nil && file.Value.ID == "" {
			continue // unreadable: it shows nothing
		}
		c, _ := r.Corrected(file)
		switch {
		case c.Review != nil && s.by(c.Review.Date):
			s.reviewed = append(s.reviewed, c)
		case c.Review != nil && s.by(c.Opened):
			c.Review = nil
			s.open = &c
		case c.Review == nil && s.by(c.Opened):
			s.open = &c
		}
	}
	slices.SortStableFunc(s.reviewed, func(a, b learner.Cycle) int { return a.Review.Date.Compare(b.Review.Date) })
	for i, e := range slices.Concat(r.Contacts.Value.Contacts, a.Log) {
		if i >= len(r.Contacts.Value.Contacts) && e.Date.IsZero() {
			e.Date = a.On // the act that adds it has no other day
		}
		if s.by(e.Date) {
			s.contacts = append(s.contacts, e)
		}
	}
	for _, m := range corrected(r, r.Moves) {
		if d := m.Value.Date; s.by(d) && d.After(s.moved) {
			s.moved = d
		}
	}
	return s
}

// by reports whether a day is not after that of the decision.
func (s *sight) by(d date.Date) bool { return s.ask.On.IsZero() || !d.After(s.ask.On) }

// on is the day of the decision; where none is given, the last day of which the
// record speaks.
func (s *sight) on() date.Date {
	on := s.ask.On
	if !on.IsZero() {
		return on
	}
	take := func(d date.Date) {
		if d.After(on) {
			on = d
		}
	}
	for _, c := range s.reviewed {
		take(c.Review.Date)
	}
	if s.open != nil {
		take(s.open.Opened)
	}
	for _, e := range s.contacts {
		take(e.Date)
	}
	take(s.moved)
	return on
}

// last is the latest reviewed cycle, or nil.
func (s *sight) last() *learner.Cycle {
	if n := len(s.reviewed); n > 0 {
		return &s.reviewed[n-1]
	}
	return nil
}

// latest are the n latest reviewed cycles, oldest first.
func (s *sight) latest(n int) []learner.Cycle {
	return s.reviewed[max(0, len(s.reviewed)-max(n, 0)):]
}

// recent are the open cycle and the last reviewed one, newest first.
func (s *sight) recent() []*learner.Cycle {
	var out []*learner.Cycle
	if s.open != nil {
		out = append(out, s.open)
	}
	if c := s.last(); c != nil {
		out = append(out, c)
	}
	return out
}

// planned is the open cycle where it has a plan, or else the last reviewed one
// with a plan, or nil.
func (s *sight) planned() *learner.Cycle {
	for _, c := range s.recent() {
		if c.Plan != nil {
			return c
		}
	}
	return nil
}

// lately is the day from which a talk counts as one about how things stand now:
// that of the last move, or of the opening of the last cycle, whichever is later.
func (s *sight) lately() date.Date {
	since := s.moved
	if c := s.last(); c != nil && c.Opened.After(since) {
		since = c.Opened
	}
	return since
}

// family reports whether an id is one of those who are told and asked: the
// family, and the learner once over compulsory school age (Children and Families
// Act 2014, section 83).
func (s *sight) family(id string) bool {
	if id == learnerID {
		return s.ofAge()
	}
	return slices.ContainsFunc(s.record.Learner.Value.Family, func(m learner.FamilyMember) bool { return m.ID == id && id != "" })
}

const learnerID = "learner" // reserved: the learner as a speaker or someone present

// ofAge is OfAge on the day: after the last Friday in June of the school year in
// which they become sixteen.
func (s *sight) ofAge() bool { return OfAge(s.record, s.on()) }

// OfAge reports whether a learner is over compulsory school age on a day, so that
// the rights of their parents are their own (Children and Families Act 2014,
// section 83). It is false where the birth date is not known.
func OfAge(r *folder.Record, on date.Date) bool {
	from := OfAgeFrom(r.Identity.Value.Born)
	return !from.IsZero() && !on.Before(from)
}

// OfAgeFrom is the first day on which somebody born on a day is over compulsory school
// age: the one after the last Friday in June. It is zero where the birth date is not known.
func OfAgeFrom(born date.Date) date.Date {
	if born.IsZero() {
		return date.Date{}
	}
	end := date.New(born.SchoolYear()+17, time.June, 30)
	sinceFriday := (end.At(0, 0).Weekday() - time.Friday + 7) % 7
	return end.AddDays(1 - int(sinceFriday))
}

// withLearner reports whether the learner themself was there.
func withLearner(e learner.ContactEntry) bool { return slices.Contains(e.With, learnerID) }

func (s *sight) withFamily(e learner.ContactEntry) bool { return slices.ContainsFunc(e.With, s.family) }

// outside reports whether an adult is of another organisation than the setting.
// While people.yaml cannot be read, everybody's word is taken.
func (s *sight) outside(id string) bool {
	if s.folder.People.Doc == nil && len(s.folder.People.Value.People) == 0 {
		return true
	}
	p, ok := s.folder.PersonIn(s.record, id)
	return ok && p.Organisation != ""
}

func (s *sight) role(id string) string {
	p, _ := s.folder.PersonIn(s.record, id)
	return p.Role
}

// least is how many a check looks for: its own number, or that of the threshold
// it names, or usual.
func (s *sight) least(c pathway.Check, usual int) int {
	if n, ok := c.AtLeast.Int(); ok {
		return n
	}
	if c.Least != "" {
		if v, ok := Least(s.folder, c.Least); ok {
			if n, ok := v.Int(); ok {
				return n
			}
		}
	}
	return usual
}

// enough is the state of having n of what least are looked for.
func enough(n, least int) State {
	switch {
	case n >= least:
		return Present
	case n > 0:
		return Partial
	}
	return Missing
}

// all is the state of n out of of, where every one is looked for.
func all(n, of int) State {
	if of == 0 {
		return Missing
	}
	return enough(n, of)
}

// wanted reports whether a code is among those a check looks for; a check that
// names none looks for any.
func wanted(c pathway.Check, code string) bool { return len(c.Of) == 0 || slices.Contains(c.Of, code) }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// outOf is "1 of 2".
func outOf(n, of int) string { return strconv.Itoa(n) + " of " + strconv.Itoa(of) }

// codes joins codes for a phrase. What is no code may be anybody's words, and is
// left out.
func codes(list []string) string {
	var out []string
	for _, c := range list {
		if c != "" && len(c) <= 48 && strings.Trim(c, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return strings.Join(out, ", ")
}

// idsOf are the ids of cycles, each once and none empty.
func idsOf(cycles []learner.Cycle) []string {
	var out []string
	for _, c := range cycles {
		out = cite(out, c.ID)
	}
	return out
}

// cite adds an id that is not there yet.
func cite(list []string, id string) []string {
	if id == "" || slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}
