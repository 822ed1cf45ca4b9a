package gate

import (
	"slices"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/pathway"
)

// The codes of closed lists that a test must know the meaning of.
const (
	aboutReview = "review"
	howMeeting  = "meeting"
)

// talks are the contacts with the family about one of the check's codes, since
// things stand as they do now.
func (s *sight) talks(c pathway.Check) []learner.ContactEntry {
	since := s.lately()
	var out []learner.ContactEntry
	for _, e := range s.contacts {
		if !e.Date.Before(since) && wanted(c, e.About) && s.withFamily(e) {
			out = append(out, e)
		}
	}
	return out
}

func talked(list []learner.ContactEntry) answer {
	var last date.Date
	a := answer{state: Present}
	for _, e := range list {
		a.cites = cite(a.cites, e.ID)
		if e.Date.After(last) {
			last = e.Date
		}
	}
	a.found = counted(len(list), "contact", "contacts") + ", the last on " + last.Short()
	return a
}

// contactAbout asks for a contact with the family. A review that they were at, or
// are heard in, is one about a review: nobody has to write that down twice.
func contactAbout(s *sight, c pathway.Check) answer {
	if list := s.talks(c); len(list) > 0 {
		return talked(list)
	}
	if last := s.last(); last != nil && wanted(c, aboutReview) && !last.Review.Date.Before(s.lately()) && s.tookPart(*last) {
		return answer{state: Present, found: "with the review of " + last.Review.Date.Short(), cites: cite(nil, last.ID)}
	}
	return answer{state: Missing}
}

// tookPart reports whether the family was at the review, or is heard in it.
func (s *sight) tookPart(c learner.Cycle) bool {
	return slices.ContainsFunc(c.Review.Present, s.family) ||
		slices.ContainsFunc(c.Review.ParentsSay, func(v learner.ParentVoice) bool { return Said(v.Words) })
}

// earlyDiscussion asks for a talk with the family, at any time, of which they
// have a note; without the note it counts half.
func earlyDiscussion(s *sight, c pathway.Check) answer {
	var all, noted []learner.ContactEntry
	for _, e := range s.contacts {
		if !wanted(c, e.About) || !s.withFamily(e) {
			continue
		}
		all = append(all, e)
		if e.CopyGiven {
			noted = append(noted, e)
		}
	}
	switch {
	case len(noted) > 0:
		a := talked(noted)
		a.found = "a talk, with a copy given, on " + noted[0].Date.Short()
		return a
	case len(all) > 0:
		a := talked(all)
		a.state, a.found = Partial, a.found+"; no copy given"
		return a
	}
	return answer{state: Missing}
}

// contactMeetings counts the days in the last year on which the family was met,
// at a meeting or a review.
func contactMeetings(s *sight, c pathway.Check) answer {
	on := s.on()
	since := on.AddDays(-365)
	days := map[date.Date]bool{}
	var cites []string
	for _, e := range s.contacts {
		if e.How == howMeeting && s.withFamily(e) && e.Date.After(since) {
			days[e.Date], cites = true, cite(cites, e.ID)
		}
	}
	for _, x := range s.reviewed {
		if x.Review.Date.After(since) && slices.ContainsFunc(x.Review.Present, s.family) {
			days[x.Review.Date], cites = true, cite(cites, x.ID)
		}
	}
	least := max(1, s.least(c, 1))
	return answer{state: enough(len(days), least), found: outOf(len(days), least) + " meetings in the last year", cites: cites}
}

// parentsReviewed asks whether the family was at, or is heard in, each of the two
// latest reviews.
func parentsReviewed(s *sight, c pathway.Check) answer {
	var with []learner.Cycle
	list := s.latest(max(1, s.least(c, 2)))
	for _, x := range list {
		if s.tookPart(x) {
			with = append(with, x)
		}
	}
	if len(list) == 0 {
		return answer{state: Missing, found: "no review yet"}
	}
	return answer{state: all(len(with), len(list)), found: outOf(len(with), len(list)) + " reviews with the family", cites: idsOf(with)}
}

// parentsTold asks whether the family knows of this move: by the contacts the
// move names, by one that is written with it, or by one in the log since things
// stand as they do now. A reason why not is kept, and tells nobody: it counts half.
// So does telling the parents alone of somebody who is over compulsory school age.
func parentsTold(s *sight, c pathway.Check) answer {
	var named []learner.ContactEntry
	m := s.ask.Move
	if m != nil {
		for _, e := range s.contacts {
			if e.ID != "" && slices.Contains(m.Told, e.ID) && s.withFamily(e) {
				named = append(named, e)
			}
		}
	}
	var others []learner.ContactEntry
	for _, told := range [][]learner.ContactEntry{named, s.talks(c)} {
		if s.ofAge() {
			others = append(others, told...)
			told = slices.DeleteFunc(slices.Clone(told), func(e learner.ContactEntry) bool { return !withLearner(e) })
		}
		if len(told) > 0 {
			return talked(told)
		}
	}
	switch {
	case len(others) > 0:
		a := talked(others)
		a.state, a.found = Partial, themself+" is not told yet"
		return a
	case m != nil && Said(m.NotTold):
		return answer{state: Partial, found: "not told yet, and why is written down"}
	}
	return answer{state: Missing, found: "not told yet"}
}

// themself is the learner who is over compulsory school age, where somebody else
// knows, agrees or is told in their place.
const themself = "the young person themself"
